"""The embedded server is not to be killed for good, whoever of it or its users is."""

import os
import signal
import subprocess
import threading
from contextlib import suppress

import psycopg
import pytest
from tests.database.servers import (
    ROOT,
    kill_postmaster,
    process,
    query,
    run,
)
from tests.until import until

from holdfast.database import startup
from holdfast.database.cluster import let_in
from holdfast.database.embedded import EmbeddedServer
from holdfast.database.server_account import server_account
from holdfast.database.server_programs import find_programs
from holdfast.errors import DatabaseUnavailable


@pytest.mark.parametrize("guard", ["server.lock", "shared memory"])
def test_postmaster_killed(made, open_server, guard):
    """Kill -9 of the postmaster under load: the next call heals it, and what was committed stays.

    One connection is idle and one busy in a loop that never looks up: its process outlives the
    postmaster and must not keep the new one from starting, nor write beside it. That is guarded
    twice: if our lock file was deleted, Postgres itself refuses while the old memory is in use.
    """
    server, said = open_server(made), []
    url = server.ensure()
    run(url, "CREATE TABLE IF NOT EXISTS killed (n int)")
    run(url, "TRUNCATE killed")
    if guard == "shared memory":
        (made / "server.lock").unlink()
    log = made / "postgres.log"
    logged = len(log.read_text())
    busy = psycopg.connect(url, autocommit=True)
    busy.execute("INSERT INTO killed VALUES (1)")
    looping = threading.Thread(target=_loop, args=(busy,))
    looping.start()
    until(lambda: query(url, "SELECT count(*) FROM pg_stat_activity WHERE query ~ '^DO'") == "1")
    with psycopg.connect(url):
        kill_postmaster(server)
    assert query(server.ensure(said.append), "SELECT n FROM killed") == "1"
    assert said == ["recovering after a crash"]
    in_log = "still in use" in log.read_text()[logged:]
    assert in_log == (guard == "shared memory")
    looping.join(60)
    busy.close()


def _loop(connection: psycopg.Connection) -> None:
    with suppress(psycopg.OperationalError):
        connection.execute("DO 'BEGIN LOOP END LOOP; END'")


def test_a_frozen_server_is_said(made, open_server, monkeypatch):
    """One that takes connections and does not answer is an error in seconds, not a long silence."""
    server = open_server(made)
    server.ensure()
    monkeypatch.setattr(startup, "_ANSWER_SECONDS", 2)  # psycopg's least
    os.kill(server.postmaster_pid, signal.SIGSTOP)
    try:
        with pytest.raises(DatabaseUnavailable, match="does not answer within 2 s"):
            EmbeddedServer(made).ensure()
    finally:
        os.kill(server.postmaster_pid, signal.SIGCONT)


def test_killed_while_recovering(made, open_server, monkeypatch):
    """A server that is killed again while it comes up is started again, not given up."""
    server = open_server(made)
    spawn = server._postmaster.spawn

    def spawn_and_kill(*arguments) -> int:
        logged = spawn(*arguments)
        until(lambda: server.postmaster_pid is not None)
        kill_postmaster(server)
        monkeypatch.undo()
        return logged

    monkeypatch.setattr(server._postmaster, "spawn", spawn_and_kill)
    assert query(server.ensure(), "SELECT 1") == "1"


def test_process_number_reused(made, open_server):
    """Lock files left by a killed server are stale even if their process number lives again."""
    server = open_server(made)
    server.ensure()
    kill_postmaster(server)
    cluster = made / "postgres"
    foreign = subprocess.Popen(["sleep", "60"], user=cluster.stat().st_uid if ROOT else None)
    try:
        for name in ("postmaster.pid", ".s.PGSQL.5432.lock"):
            lines = (cluster / name).read_text().splitlines()
            (cluster / name).write_text("\n".join([str(foreign.pid), *lines[1:]]) + "\n")
        assert query(server.ensure(), "SELECT 1") == "1"
        assert foreign.poll() is None
    finally:
        foreign.kill()
        foreign.wait()


def test_starter_killed_while_creating(place, open_server):
    """A creation that was killed half-way is done again, and its remains are not mistaken."""
    data = place / "half"
    starter = process(EmbeddedServer(data).ensure)
    until(lambda: any(data.glob("postgres.new-*/base/1")))
    starter.kill()
    starter.join()
    assert not (data / "postgres").exists()
    assert query(open_server(data).ensure(), "SELECT 1") == "1"


def test_starter_killed_while_starting(made, open_server):
    """A server whose starter was killed goes on coming up, and the next user takes it over."""

    def start_and_die() -> None:
        server = EmbeddedServer(made)
        spawn = server._postmaster.spawn

        def spawn_and_die(*arguments) -> None:
            spawn(*arguments)
            os.kill(os.getpid(), signal.SIGKILL)

        server._postmaster.spawn = spawn_and_die
        server.ensure()

    starter = process(start_and_die)
    starter.join()
    assert starter.exitcode == -signal.SIGKILL
    assert query(open_server(made).ensure(), "SELECT 1") == "1"


def test_who_may_connect_is_always_there_to_read(tmp_path):
    """A server that comes up while another user prepares its start never reads half of a file."""
    account = server_account(tmp_path)
    programs = find_programs(None, account)
    let_in(tmp_path, programs, account)
    files = [tmp_path / name for name in ("pg_hba.conf", "pg_ident.conf")]
    whole = [file.read_text() for file in files]
    preparing = process(lambda: [let_in(tmp_path, programs, account) for _ in range(100)])
    while preparing.is_alive():
        assert [file.read_text() for file in files] == whole
    preparing.join()
    assert preparing.exitcode == 0
