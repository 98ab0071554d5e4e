"""Processes share the embedded server, and it is a good guest of the machine."""

import os
import signal
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from tests.database.servers import (
    FORK,
    another_user,
    process,
    program,
    query,
    run,
)

from holdfast.database.embedded import EmbeddedServer


def test_two_processes_share(made, open_server):
    """Users share one server; whoever leaves does not stop it for the others; the last one does."""
    server = open_server(made)
    server.ensure()
    pid = server.postmaster_pid
    other, pipe = another_user(made)
    assert pipe.recv() == pid
    server.release()
    server.release()
    assert server.postmaster_pid == pid
    pipe.send("leave")
    other.join()
    assert server.postmaster_pid is None


def test_killed_user_leaves_no_lock(made, open_server):
    """A user that was killed with -9 does not count as one any more."""
    other, pipe = another_user(made)
    pid = pipe.recv()
    server = open_server(made)
    server.ensure()
    other.kill()
    other.join()
    assert server.postmaster_pid == pid
    server.release()
    assert server.postmaster_pid is None


def test_all_at_once_on_a_new_folder(place, open_server):
    """Threads and processes that begin together on a new folder get one and the same server."""
    data = place / "together"
    others = [another_user(data) for _ in range(3)]
    server = open_server(data)
    with ThreadPoolExecutor(4) as threads:
        urls = set(threads.map(lambda _: server.ensure(), range(4)))
    assert len(urls) == 1
    assert {pipe.recv() for _, pipe in others} == {server.postmaster_pid}
    for other, pipe in others:
        pipe.send("leave")
        other.join()


def test_starts_and_stops_do_not_cross(made, open_server):
    """Processes that come and go as they like always get a server that works; none stays over."""
    server = open_server(made)
    run(server.ensure(), "CREATE TABLE visits (n int)")
    server.release()

    def visit() -> None:
        visitor = EmbeddedServer(made)
        for n in range(3):
            run(visitor.ensure(), f"INSERT INTO visits VALUES ({n})")
            visitor.release()

    visitors = [process(visit) for _ in range(3)]
    for visitor in visitors:
        visitor.join()
    assert [visitor.exitcode for visitor in visitors] == [0, 0, 0]
    assert server.postmaster_pid is None
    assert query(server.ensure(), "SELECT count(*) FROM visits") == "9"


def test_forked_child_is_no_user(made, open_server):
    """A forked child that ends does not stop its parent's server, nor does it keep it running.

    And a program that just ends has left like one that says so.
    """
    code = """
        server.ensure()
        if os.fork() == 0:
            sys.exit()
        os.wait()
        print(server.postmaster_pid is not None)
        sleeper = os.fork()
        if sleeper == 0:
            signal.pause()
        server.release()
        print(server.postmaster_pid is None)
        server.ensure()
        os.kill(sleeper, signal.SIGKILL)
        """
    assert program(code, made) == "True\nTrue\n"
    assert open_server(made).postmaster_pid is None


def test_forked_child_of_a_killed_user(made, open_server):
    """A forked child does not keep its killed parent's lock: the next to leave stops the server."""
    here, there = FORK.Pipe()

    def use_fork_and_die() -> None:
        EmbeddedServer(made).ensure()
        there.send(process(signal.pause).pid)
        os.kill(os.getpid(), signal.SIGKILL)

    process(use_fork_and_die).join()
    child = here.recv()
    try:
        server = open_server(made)
        server.ensure()
        server.release()
        assert server.postmaster_pid is None
    finally:
        os.kill(child, signal.SIGKILL)


def test_forked_child_can_become_a_user(made, open_server):
    """A forked child that asks for the server itself keeps it when its parent leaves."""
    server = open_server(made)
    server.ensure()
    here, there = FORK.Pipe()

    def use_too() -> None:
        server.ensure()
        there.send("joined")
        there.recv()
        server.release()

    child = process(use_too)
    assert here.recv() == "joined"
    server.release()
    assert server.postmaster_pid is not None
    here.send("leave")
    child.join()
    assert server.postmaster_pid is None


def test_output_is_not_kept_open(made, open_server):
    """A program's output ends with the program, though its server goes on; Ctrl-C is not for it."""
    printed = program("print(server.ensure(), flush=True); os._exit(0)", made)
    server = open_server(made)
    assert printed.strip() == server.ensure()
    assert server.postmaster_pid is not None
    assert os.getsid(server.postmaster_pid) != os.getsid(0)


def test_log_is_bounded_and_discreet(made, open_server):
    """A big log is put aside at the next start, and no row or parameter value is written to it."""
    log = made / "postgres.log"
    with log.open("ab") as file:
        file.truncate(11 * 1024 * 1024)
    url = open_server(made).ensure()
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE TEMP TABLE t (n text CHECK (n <> 'my-secret'))")
        with pytest.raises(psycopg.errors.CheckViolation):
            connection.execute("INSERT INTO t VALUES (%s)", ["my-secret"])
    aside = made / "postgres.log.1"
    assert aside.stat().st_size == 11 * 1024 * 1024
    aside.unlink()  # the folder is other tests' as well
    assert "violates check constraint" in log.read_text()
    assert "my-secret" not in log.read_text()
