"""A connection in a thread that is ended from outside."""

import os
import socket

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
