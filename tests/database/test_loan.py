"""A connection in a thread that is ended from outside."""

import os
import resource
import socket
from pathlib import Path

import psycopg
import pytest

from holdfast.database import Loan


def test_whoever_ends_a_session_ends_nobody_elses(dsn):
    """The session is ended, and not what has the number of its descriptor since it was closed."""
    loan = Loan()
    mine, theirs = socket.socketpair()
    with mine, theirs, psycopg.connect(dsn) as connection:
        with loan.of(connection):
            of_driver = connection.fileno()
            kept = os.dup(of_driver)
            os.dup2(theirs.fileno(), of_driver)  # as if closed, and taken by another thread at once
            loan.end()
            os.dup2(kept, of_driver)
            os.close(kept)
        mine.sendall(b"hello")
        assert theirs.recv(5) == b"hello"
        with pytest.raises(psycopg.OperationalError):
            connection.execute("select 1")


def test_a_session_is_ended_where_no_file_can_be_opened(dsn):
    """Out of descriptors, a process still works and ends what hangs; no loan keeps one."""
    loan = Loan()
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with psycopg.connect(dsn) as connection:
        before = len(list(Path("/dev/fd").iterdir()))
        for _ in range(9):
            with Loan().of(connection):
                pass
        assert len(list(Path("/dev/fd").iterdir())) < before + 9
        with loan.of(connection):
            resource.setrlimit(resource.RLIMIT_NOFILE, (1, hard))
            try:
                loan.end()
                with Loan().of(connection) as works:
                    assert works is None
            finally:
                resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        with pytest.raises(psycopg.OperationalError):
            connection.execute("select 1")
