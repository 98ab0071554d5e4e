"""Where the database of a storm lives when `up` does not bring it: servers as others keep them.

A host has an address for the application, which is not always the server's own, and processes that
it starts again when they die, as systemd would. Its log and its clusters are in the storm's folder.
"""

import asyncio
import contextlib
import os
import pwd
import shutil
import socket
import subprocess
import threading
import time
from pathlib import Path
from signal import SIGINT, SIGKILL, Signals
from typing import Any

import psycopg

from holdfast.database.server_account import server_account
from holdfast.database.server_programs import find_programs

POSTGRES = Path("/usr/lib/postgresql")
_SETTINGS = """
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
max_connections = 200
timezone = 'UTC'
log_line_prefix = '%m [%p] '
"""
_READY_S = 60.0


def free_port() -> int:
    """A port of loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def programs_of(version: str | None, folder: Path) -> Path:
    """Debian's programs of that version, or those that the embedded server runs."""
    if version:
        return POSTGRES / version / "bin"
    return find_programs(None, server_account(folder)).folder


def account() -> dict[str, Any]:
    """How a server's process is started: not as root."""
    return {"user": "postgres", "group": "postgres", "extra_groups": []} if is_root() else {}


def is_root() -> bool:
    return os.geteuid() == 0


def open_folder(folder: Path) -> Path:
    """Make a folder that the server's account owns, and let it walk there."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.parent.chmod(0o755)
    folder.chmod(0o700)
    if is_root():
        owner = pwd.getpwnam("postgres")
        os.chown(folder, owner.pw_uid, owner.pw_gid)
    return folder


class Kept:
    """A process that is started again whenever it has ended, until it is let go."""

    def __init__(self, command: list[str], log: Path, **environment: str) -> None:
        self.process: subprocess.Popen[bytes] | None = None
        self.wanted = True
        self._command = command
        self._log = log
        self._environment = environment

    def keep(self) -> None:
        """Start it if it is wanted and does not run."""
        if self.wanted and (self.process is None or self.process.poll() is not None):
            with self._log.open("ab") as log:
                self.process = subprocess.Popen(
                    self._command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd="/",
                    env={"LC_ALL": "C", "PATH": os.defpath, **self._environment},
                    start_new_session=True, **account(),
                )  # fmt: skip

    @property
    def pid(self) -> int:
        """Its number, 0 if it does not run."""
        return self.process.pid if self.process and self.process.poll() is None else 0

    def signal(self, number: Signals) -> bool:
        """True if there was such a process."""
        if not self.pid:
            return False
        os.kill(self.pid, number)
        return True

    def end(self, number: Signals = SIGINT) -> None:
        """Let it go, and wait until it is gone."""
        self.wanted = False
        if self.signal(number) and self.process:
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait(10)


class Server:
    """A Postgres on a port of loopback, in `data`/postgres."""

    def __init__(self, data: Path, programs: Path, **environment: str) -> None:
        self.cluster = open_folder(data) / "postgres"
        self.port = free_port()
        self._data = data
        self._programs = programs
        self._environment = environment
        command = [str(programs / "postgres"), "-D", str(self.cluster), "-p", str(self.port)]
        command += ["-c", f"holdfast.data={data}"]  # what System.postmaster knows it by
        self.kept = Kept(command, data.parent / f"{data.name}.log", **environment)

    @property
    def url(self) -> str:
        """Its own address, past poolers and forwarders."""
        return f"postgresql://holdfast@127.0.0.1:{self.port}/holdfast"

    def make(self) -> None:
        """A new cluster with our database in it, running."""
        self.run("initdb", "-D", str(self.cluster), "--username", "holdfast", "--auth=trust",
                 "--encoding=UTF8", "--locale=C.UTF-8", "--data-checksums")  # fmt: skip
        with (self.cluster / "postgresql.conf").open("a") as settings:
            settings.write(_SETTINGS)
        with (self.cluster / "pg_hba.conf").open("a") as who:
            who.write("host replication all 127.0.0.1/32 trust\n")
        self.kept.keep()
        self.until_up("postgres")
        self.ask("create database holdfast", database="postgres")

    def run(self, program: str, *words: str) -> None:
        """One of its programs, to its end. Raises CalledProcessError."""
        subprocess.run(
            [str(self._programs / program), *words], check=True, capture_output=True, cwd="/",
            env={"LC_ALL": "C", "PATH": os.defpath}, timeout=120, **account(),
        )  # fmt: skip

    def until_up(self, database: str = "holdfast") -> None:
        """Wait until it answers. Raises psycopg.Error."""
        until = time.monotonic() + _READY_S
        while True:
            self.kept.keep()
            try:
                self.ask("select 1", database=database)
            except psycopg.Error:
                if time.monotonic() > until:
                    raise
                time.sleep(0.1)
            else:
                return

    def ask(self, query: str, *, database: str = "holdfast") -> list[tuple[Any, ...]]:
        """The rows of a query on a connection of its own. Raises psycopg.Error."""
        url = f"postgresql://holdfast@127.0.0.1:{self.port}/{database}"
        with psycopg.connect(url, autocommit=True, connect_timeout=3) as connection:
            cursor = connection.execute(query)
            return cursor.fetchall() if cursor.description else []

    def throw_away(self) -> None:
        """Remove its files; it has ended."""
        shutil.rmtree(self.cluster, ignore_errors=True)


class Host:
    """A server with nothing before it."""

    def __init__(self, folder: Path, version: str | None) -> None:
        self.folder = folder
        self.programs = programs_of(version, folder)
        self.server = Server(folder / "data", self.programs, **self.servers_environment())

    def servers_environment(self) -> dict[str, str]:
        """What the server's processes are started with."""
        return {}

    @property
    def url(self) -> str:
        """The server's own address, for who looks on."""
        return self.server.url

    @property
    def address(self) -> str:
        """What the application is given."""
        return self.url

    def workers_environment(self) -> dict[str, str]:
        """What the second worker has beside the others' environment."""
        return {}

    def begin(self) -> None:
        """Everything runs when this returns."""
        self.server.make()

    def keep(self) -> None:
        """Start again what has ended."""
        self.server.kept.keep()

    async def watch(self) -> None:
        """Keep it until cancelled."""
        while True:
            with contextlib.suppress(OSError):
                self.keep()
            await asyncio.sleep(0.3)

    def end(self) -> None:
        """Stop everything."""
        self.server.kept.end()


class Pooled(Host):
    """A server behind Debian's PgBouncer in transaction mode."""

    def __init__(self, folder: Path, version: str | None) -> None:
        super().__init__(folder, version)
        self._port = free_port()
        place = open_folder(folder / "pooler")
        config = place / "pgbouncer.ini"
        config.write_text(
            f"[databases]\n* = host=127.0.0.1 port={self.server.port} user=holdfast\n"
            f"[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {self._port}\n"
            "unix_socket_dir =\nauth_type = any\nadmin_users = holdfast\npool_mode = transaction\n"
            "default_pool_size = 20\nmax_client_conn = 300\nserver_login_retry = 1\n"
        )
        config.chmod(0o644)
        program = shutil.which("pgbouncer") or "/usr/sbin/pgbouncer"
        self.pooler = Kept([program, str(config)], folder / "pooler.log")

    @property
    def address(self) -> str:
        """What the application is given."""
        options = "sslmode=disable&gssencmode=disable"
        return f"postgresql://holdfast@127.0.0.1:{self._port}/holdfast?{options}"

    def begin(self) -> None:
        """Everything runs when this returns."""
        super().begin()
        self.pooler.keep()

    def keep(self) -> None:
        """Start again what has ended."""
        super().keep()
        self.pooler.keep()

    def end(self) -> None:
        """Stop everything."""
        self.pooler.end()
        super().end()

    def command(self, words: str) -> None:
        """Say it to its admin console. Raises psycopg.Error."""
        url = self.address.replace("/holdfast?", "/pgbouncer?")
        with psycopg.connect(url, autocommit=True, connect_timeout=3) as connection:
            connection.pgconn.exec_(words.encode())  # the console knows no other protocol


class Forwarder:
    """A port that leads to another one, which can change; then it cuts what was open."""

    def __init__(self, target: int) -> None:
        self.port = 0
        self._target = target
        self._open: set[asyncio.StreamWriter] = set()
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        threading.Thread(target=self._run, daemon=True).start()
        self._ready.wait(10)

    def lead_to(self, target: int) -> None:
        """From now on, and for who was connected not at all; 0: to nobody."""
        self._target = target
        self._loop.call_soon_threadsafe(self._cut)

    def _run(self) -> None:
        self._loop.run_until_complete(self._serve())

    async def _serve(self) -> None:
        server = await asyncio.start_server(self._lead, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        await server.serve_forever()

    def _cut(self) -> None:
        for writer in list(self._open):
            writer.transport.abort()

    async def _lead(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            there, to_there = await asyncio.open_connection("127.0.0.1", self._target or 1)
        except OSError:
            writer.transport.abort()
            return
        self._open |= {writer, to_there}
        await asyncio.gather(_pump(reader, to_there), _pump(there, writer))
        self._open -= {writer, to_there}


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    except OSError:
        pass
    finally:
        writer.close()


class Pair(Host):
    """A server and its standby, each commit on both; the address leads to the first of them."""

    def __init__(self, folder: Path, version: str | None) -> None:
        super().__init__(folder, version)
        self.standby: Server | None = None
        self.forwarder = Forwarder(self.server.port)
        self._number = 0

    @property
    def url(self) -> str:
        """Where the present server is, for who looks on."""
        return self.address

    @property
    def address(self) -> str:
        """What the application is given."""
        return f"postgresql://holdfast@127.0.0.1:{self.forwarder.port}/holdfast"

    def begin(self) -> None:
        """Everything runs when this returns."""
        super().begin()
        # before the copy is made, which is to ask for a standby, too, when it is promoted
        self.server.ask("alter system set synchronous_standby_names = '*'")
        self.server.ask("select pg_reload_conf()")
        self.add_standby()

    def add_standby(self) -> None:
        """A copy of the present server that follows it."""
        self._number += 1
        standby = Server(self.folder / f"standby{self._number}", self.programs)
        self.server.run(
            "pg_basebackup", "-D", str(standby.cluster), "-h", "127.0.0.1", "-p",
            str(self.server.port), "-U", "holdfast", "-R", "-X", "stream", "-c", "fast",
        )  # fmt: skip
        standby.kept.keep()
        standby.until_up()
        self.standby = standby

    def promote(self) -> None:
        """The first one dies, the standby takes its place, and gets a standby of its own."""
        old, new = self.server, self.standby
        if new is None:
            return
        self.standby = None
        old.kept.wanted = False
        with contextlib.suppress(OSError):
            old.kept.signal(SIGKILL)
        self.forwarder.lead_to(0)
        if old.kept.process:
            old.kept.process.wait(30)
        new.kept.wanted = True
        new.until_up()
        new.ask("select pg_promote(true, 60)")
        self.server = new
        self.forwarder.lead_to(new.port)
        self.add_standby()
        old.throw_away()

    def keep(self) -> None:
        """Start again what has ended."""
        super().keep()
        if self.standby:
            self.standby.kept.keep()

    def end(self) -> None:
        """Stop everything."""
        if self.standby:
            self.standby.kept.end()
        super().end()


class Jumping(Host):
    """A server whose clock can be set, and a worker whose clock can be set, by libfaketime."""

    LIBRARY = Path("/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1")

    def servers_environment(self) -> dict[str, str]:
        """A clock of its own."""
        return self._environment("server")

    def workers_environment(self) -> dict[str, str]:
        """A clock of its own."""
        return self._environment("worker")

    def _environment(self, whose: str) -> dict[str, str]:
        self.set_clock(whose, 0)
        return {
            "LD_PRELOAD": str(self.LIBRARY), "FAKETIME_TIMESTAMP_FILE": str(self._file(whose)),
            "FAKETIME_NO_CACHE": "1", "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "FAKETIME_DONT_RESET": "1",
        }  # fmt: skip

    def _file(self, whose: str) -> Path:
        return self.folder / f"{whose}.clock"

    def set_clock(self, whose: str, seconds: int) -> None:
        """So many seconds ahead of the true time."""
        place = self._file(whose)
        fresh = place.with_suffix(".new")
        fresh.write_text(f"{seconds:+d}s\n")
        fresh.chmod(0o644)
        fresh.replace(place)
