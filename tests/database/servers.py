"""Real servers and real processes: what the tests of the embedded one do with them."""

import multiprocessing
import os
import pwd
import signal
import subprocess
import sys
import textwrap
from collections.abc import Callable
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path

import psycopg
import pytest
from tests.until import until

from holdfast.database.embedded import EmbeddedServer

ROOT = os.geteuid() == 0
POSTGRES_15 = Path("/usr/lib/postgresql/15/bin")
FORK = multiprocessing.get_context("fork")  # a new interpreter would take half a second

only_root = pytest.mark.skipif(not ROOT, reason="switching accounts takes root")


def process(work: Callable[..., object], *arguments: object) -> BaseProcess:
    """A started process of its own, which ends without saying good-bye, as one that is killed."""
    started = FORK.Process(target=work, args=arguments)
    started.start()
    return started


def another_user(data: Path) -> tuple[BaseProcess, Connection]:
    """A process that uses the server, sends its process number, and leaves when told to."""
    here, there = FORK.Pipe()
    return process(_use, data, there), here


def _use(data: Path, pipe: Connection) -> None:
    server = EmbeddedServer(data)
    server.ensure()
    pipe.send(server.postmaster_pid)
    pipe.recv()
    server.release()


def program(code: str, data: Path) -> str:
    """What a program prints that has `server` for the data folder."""
    head = """
        import os, signal, sys
        from pathlib import Path
        from holdfast.database.embedded import EmbeddedServer
        server = EmbeddedServer(Path(sys.argv[1]))
        """
    command = [sys.executable, "-c", textwrap.dedent(head) + textwrap.dedent(code), str(data)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=True).stdout


def done_by(account: str, work: Callable[[], object]) -> str:
    """What a function returns or raises in a process of another account."""
    here, there = FORK.Pipe()

    def change_and_work() -> None:
        try:
            entry = pwd.getpwnam(account)
            os.setgroups([])
            os.setgid(entry.pw_gid)
            os.setuid(entry.pw_uid)
            there.send(str(work()))
        except Exception as error:  # noqa: BLE001  it ends a process of its own; sent, the test sees it
            there.send(repr(error))

    process(change_and_work).join()
    return str(here.recv())


def query(url: str, statement: str) -> str:
    """The first value that a statement returns, on a connection of its own."""
    with psycopg.connect(url, autocommit=True) as connection:
        row = connection.execute(statement).fetchone()
    return "" if row is None else str(row[0])


def run(url: str, statement: str) -> None:
    """A statement, committed."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement)


def kill_postmaster(server: EmbeddedServer) -> None:
    """Kill -9, and wait until nobody answers."""
    pid = server.postmaster_pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    until(lambda: server.postmaster_pid is None)
