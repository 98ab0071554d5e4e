"""What tests stand on: a real Postgres, and a migrated database of its own for each test.

Each test process has a server of its own per version, so that no test waits for the transactions
of another one. A template database is migrated once and cloned for each test. The servers are set
as `holdfast up` sets them, without autovacuum; where there is memory to spare their files are in
it. Tests in folders and files named in ALL run on the embedded Postgres 18 and on whatever older
one the machine has server programs of, from 15 on.
"""

import asyncio
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from hypothesis import HealthCheck, settings
from tests.databases import Databases
from tests.until import turns

from holdfast.client import Holdfast, connect
from holdfast.database import Database
from holdfast.database.embedded import EmbeddedServer

pytest_plugins = ["tests.asking", "tests.hangs"]

# On a CI machine the generated examples are the same for the same code; elsewhere they search on.
settings.register_profile(
    "house",
    max_examples=50,
    deadline=None,
    derandomize=bool(os.environ.get("CI")),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
settings.load_profile("house")

# Nobody is met here whom the machine's 140 authorities vouch for, and to read them takes 25 ms for
# each TLS context; one that vouches for nobody does it as well.
os.environ["SSL_CERT_FILE"] = str(Path(__file__).parent / "samples" / "tls" / "stranger.pem")

# Who starts the tests in the background has the kernel ignore Ctrl-C in all that they start.
signal.signal(signal.SIGINT, signal.default_int_handler)

ALL = ("engine", "test_sql.py", "test_facade.py")
OLDER = {  # as Debian installs them
    found.parts[4]: found.parent
    for found in sorted(Path("/usr/lib/postgresql").glob("1[567]/bin/postgres"))
}
MEMORY = Path("/dev/shm")  # each process makes a folder of its own there
ENOUGH = 4 << 30
QUICK = Path(__file__).with_name("quick.py")


def pytest_generate_tests(metafunc):
    """Choose the versions that a test runs on by the folder it is in."""
    if "server" not in metafunc.fixturenames:
        return
    everywhere = any(part in ALL for part in metafunc.definition.path.parts)
    versions = ["18", *OLDER] if everywhere else ["18"]
    metafunc.parametrize("server", versions, indirect=True, scope="session")


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch):
    """No setting of the person who runs the tests is known, nor a secret of another test."""
    monkeypatch.setattr("holdfast.redaction._known", [])
    for name in [name for name in os.environ if name.startswith("HOLDFAST_")]:
        monkeypatch.delenv(name)


@pytest.fixture(scope="session")
def fast_folder() -> Iterator[Path]:
    """A folder in memory, or on disk where there is little of it; gone afterwards."""
    in_memory = MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ENOUGH
    for left in MEMORY.glob("holdfast-tests-*") if in_memory else ():
        if not Path("/proc", left.name.split("-")[2]).exists():  # its tests were killed
            shutil.rmtree(left, ignore_errors=True)
    folder = tempfile.mkdtemp(
        prefix=f"holdfast-tests-{os.getpid()}-", dir=MEMORY if in_memory else None
    )
    yield Path(folder)
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def tmp_path(fast_folder) -> Iterator[Path]:
    """A folder for one test, in memory too."""
    folder = Path(tempfile.mkdtemp(dir=fast_folder))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def quick() -> Iterator[list[str]]:
    """How to call `holdfast` without its start: forked from a process that has imported it."""
    folder = tempfile.mkdtemp(prefix="hf")  # short: the path of a socket has a hundred characters
    command, path = [sys.executable, "-S", str(QUICK)], f"{folder}/socket"
    server = subprocess.Popen([sys.executable, str(QUICK), "serve", path], stdout=subprocess.PIPE)
    assert server.stdout is not None
    with server.stdout as said:
        said.readline()
        yield [*command, path]
    server.kill()
    server.wait()
    shutil.rmtree(folder)


@pytest.fixture
async def later(monkeypatch):
    """Moves the event loop's clock on."""
    loop = asyncio.get_running_loop()
    real, ahead = loop.time, [0.0]
    monkeypatch.setattr(loop, "time", lambda: real() + ahead[0])

    async def pass_by(seconds: float) -> None:
        await asyncio.sleep(0.05)  # what was said has arrived, who was to begin has begun
        await turns()  # even where this process stood still all the while
        ahead[0] += seconds
        await asyncio.sleep(0.01)
        await turns()

    return pass_by


@pytest.fixture(scope="session")
def _servers(fast_folder) -> Iterator[dict[str, EmbeddedServer]]:
    """By version; until the end, since pytest leaves `server` each time the version changes."""
    started: dict[str, EmbeddedServer] = {}
    yield started
    for embedded in started.values():
        embedded.release()


@pytest.fixture(scope="session")
def server(request, fast_folder, _servers) -> str:
    """The address of a running server of the version asked for."""
    version = request.param
    if version not in _servers:
        folder = fast_folder / f"postgres {version}"
        _servers[version] = EmbeddedServer(folder, binaries=OLDER.get(version))
        _keep_calm(_servers[version].ensure())
    return _servers[version].ensure()


def _keep_calm(server: str) -> None:
    """Statistics, and so plans, change when a test says so, and not in the middle of one."""
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute("alter system set autovacuum = off")
        admin.execute("select pg_reload_conf()")


@pytest.fixture(scope="session")
def _opened_databases() -> Iterator[dict[str, Databases]]:
    opened: dict[str, Databases] = {}
    yield opened
    for databases in opened.values():
        databases.close()


@pytest.fixture
def databases(server, _opened_databases) -> Databases:
    """Those of the server."""
    if server not in _opened_databases:
        _opened_databases[server] = Databases(server)
    return _opened_databases[server]


@pytest.fixture
def dsn(databases) -> Iterator[str]:
    """A database of its own, migrated, empty; gone after the test."""
    with databases.one() as address:
        yield address


@pytest.fixture
def sql(dsn) -> Iterator[psycopg.Connection]:
    """A plain session, as anybody with psql has one; autocommit, our schema on its path."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("set search_path to holdfast, public")
        yield connection


@pytest.fixture
async def database(dsn):
    """The database as holdfast itself uses it."""
    opened = Database(dsn)
    yield opened
    await opened.close()


@pytest.fixture
async def hf(dsn):
    """An application's holdfast object."""
    opened = connect(dsn)
    yield opened
    await opened.close()


@pytest.fixture
def work(hf: Holdfast):
    """Give a worker that runs for the time of a block, as an async context."""
    return lambda **options: _Working(hf, **options)


class _Working:
    def __init__(self, hf: Holdfast, **options):
        self._worker = hf.worker(**{"grace_s": 5, **options})

    async def __aenter__(self):
        self._task = asyncio.create_task(self._worker.run())
        return self._worker

    async def __aexit__(self, *_):
        self._worker.stop()
        await self._task


@pytest.fixture
def eventually():
    """Wait until a condition holds, and fail with what was last seen if it never does."""

    async def waiting(condition, within: float = 60.0):
        seen = None
        try:
            async with asyncio.timeout(within):
                while True:
                    seen = condition()
                    if asyncio.iscoroutine(seen):
                        seen = await seen
                    if seen:
                        return seen
                    await asyncio.sleep(0.01)
        except TimeoutError:
            pytest.fail(f"did not happen within {within} s; last seen: {seen!r}")

    return waiting
