"""The processes of the storm: `holdfast up`, what it starts, and its Postgres; found by /proc."""

import asyncio
import base64
import contextlib
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import psycopg

from bench.storm.hosts import Host, free_port

HERE = Path(__file__).parents[2]
SECRET = "whsec_storm"
FORWARD_SECRET = "whsec_" + base64.b64encode(b"storm" * 6).decode()
TABLES = """
    create schema storm;
    create table storm.effects (
      id bigint generated always as identity primary key, what text not null, ref text not null,
      pid integer, at timestamptz not null default clock_timestamp());
    create table storm.orders (n integer primary key);
"""


def command_line(pid: int) -> list[str]:
    """What the process was started with; nothing if it is gone or a zombie."""
    try:
        said = Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return []
    return [part.decode(errors="replace") for part in said.split(b"\0") if part]


def children_of(pid: int) -> list[int]:
    """The processes that a process has started and that it has not buried."""
    found: list[int] = []
    with contextlib.suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            found += map(int, (task / "children").read_text().split())
    return found


class System:
    """One `holdfast up` on ports and a folder of its own; it may be started again and again.

    Without a host the server is the embedded one, else the host's. `api` is the URL of the second
    provider of email.
    """

    def __init__(
        self, folder: Path, mail_port: int, hook_port: int, api: str, host: Host | None = None
    ) -> None:  # fmt: skip
        self.folder = folder
        self.host = host
        self.data = folder / "data"
        self.diary = folder / "diary"
        self.http, self.smtp = free_port(), free_port()
        self.hook_port = hook_port
        self.environment = {
            **os.environ,
            "STORM_DIARY": str(self.diary),
            "STORM_FORWARD": FORWARD_SECRET,
            "HOLDFAST_DATA": str(self.data),
            "HOLDFAST_SOURCE_STRIPE_SECRETS": SECRET,
            "HOLDFAST_SMTP_URL": f"smtp://127.0.0.1:{mail_port}?connections=5&timeout=5&dot=2",
            "HOLDFAST_EMAIL_PROVIDER_API": api,
        }
        if host is not None:
            self.environment["HOLDFAST_DATABASE_URL"] = host.address
        self.log = (folder / "up.log").open("ab")
        self.process: subprocess.Popen[bytes] | None = None
        self.second: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where its Postgres is; the same as long as the folder is."""
        if self.host is not None:
            return self.host.url
        return f"postgresql://holdfast@/holdfast?host={self.data / 'postgres'}&port=5432"

    def start(self) -> None:
        """Begin; does not wait until it serves."""
        self.process = subprocess.Popen(
            [sys.executable, "-m", "holdfast", "up", "--plain", "--app", "bench.storm.app:hf",
             "--http", f"127.0.0.1:{self.http}", "--smtp", f"127.0.0.1:{self.smtp}"],
            cwd=HERE, env=self.environment, stdin=subprocess.DEVNULL, stdout=self.log,
            stderr=self.log,
        )  # fmt: skip

    def keep_second(self) -> None:
        """A worker of another host, so to speak: it takes what a frozen or dead one leaves."""
        more = self.host.workers_environment() if self.host else {}
        if self.second is None or self.second.poll() is not None:
            self.second = subprocess.Popen(
                [sys.executable, "-m", "holdfast", "work", "--app", "bench.storm.app:hf"],
                cwd=HERE, env=self.environment | more, stdin=subprocess.DEVNULL, stdout=self.log,
                stderr=self.log,
            )  # fmt: skip

    def say(self, what: str) -> None:
        """A line in the log of `up`, so that it tells what was done to it."""
        os.write(self.log.fileno(), f"---- storm: {what}\n".encode())

    def command(self, *words: str) -> str:
        """Run `holdfast …` and return what it said. Raises CalledProcessError."""
        return subprocess.run(
            [sys.executable, "-m", "holdfast", *words], cwd=HERE, env=self.environment,
            capture_output=True, text=True, check=True, timeout=60,
        ).stdout  # fmt: skip

    # ---------------------------------------------------------------- who is who

    @property
    def up(self) -> int:
        """The process number of `up`, 0 if it does not run."""
        return self.process.pid if self.process and self.process.poll() is None else 0

    def child(self, name: str) -> int:
        """The process of `serve` or `work` that the present `up` has started, or 0."""
        for pid in children_of(self.up) if self.up else []:
            words = command_line(pid)
            if name in words and "holdfast" in words:
                return pid
        return 0

    def worker(self, how: float) -> int:
        """One of the two workers, or 0."""
        second = self.second.pid if self.second and self.second.poll() is None else 0
        return second if second and how < 0.5 else self.child("work")

    def postmaster(self) -> int:
        """The server's process, or 0; made sure of by its command line, for numbers come again."""
        if self.host is not None:
            return self.host.server.kept.pid
        with contextlib.suppress(OSError, ValueError, IndexError):
            pid = int((self.data / "postgres" / "postmaster.pid").read_text().split()[0])
            if f"holdfast.data={self.data}" in command_line(pid):
                return pid
        return 0

    def backends(self, *, of_clients: bool) -> list[int]:
        """Processes of the server: those that serve a connection, or all the others."""
        postmaster = self.postmaster()
        return [
            pid for pid in (children_of(postmaster) if postmaster else [])
            if (words := command_line(pid))
            and words[0].startswith("postgres: ")
            and ("[local]" in words[0] or "127.0.0.1(" in words[0]) == of_clients
        ]  # fmt: skip

    def left(self) -> dict[int, str]:
        """Whatever still runs that was started for this folder."""
        found = {}
        marks = (str(self.folder).encode(), f"postgres: {self.folder}".encode())
        for entry in Path("/proc").iterdir():
            if not entry.name.isdigit() or int(entry.name) == os.getpid():
                continue
            with contextlib.suppress(OSError):
                about = (entry / "cmdline").read_bytes() + (entry / "environ").read_bytes()
                about += bytes((entry / "cwd").readlink())
                if any(mark in about for mark in marks):
                    found[int(entry.name)] = " ".join(command_line(int(entry.name)))[:120]
        return found

    # ---------------------------------------------------------------- its state

    async def until_ready(self, within_s: float = 90) -> None:
        """Wait until it takes webhooks. Raises TimeoutError."""
        async with asyncio.timeout(within_s):
            while not await self.is_ready():  # noqa: ASYNC110
                await asyncio.sleep(0.2)

    async def is_ready(self) -> bool:
        """Whether /readyz says 200."""
        try:
            async with asyncio.timeout(3):
                reader, writer = await asyncio.open_connection("127.0.0.1", self.http)
                writer.write(b"GET /readyz HTTP/1.1\r\nHost: storm\r\nConnection: close\r\n\r\n")
                head = await reader.readline()
                writer.close()
        except (OSError, TimeoutError):
            return False
        return b" 200 " in head

    def ask(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """The rows of a query, on a connection of its own. Raises psycopg.Error."""
        with psycopg.connect(self.url, autocommit=True, connect_timeout=3) as connection:
            connection.execute("set search_path to holdfast, storm, public")
            cursor = connection.execute(query, values)
            return cursor.fetchall() if cursor.description else []

    def settle_in(self, disk_ms: float) -> None:
        """The tables of the handlers, the forward, and the short leases of what it came with.

        A disk that takes its time makes the moment of a commit long enough to be hit.
        """
        self.ask(f"alter system set commit_delay = {int(disk_ms * 1000)}")
        self.ask("alter system set commit_siblings = 0")
        self.ask("select pg_reload_conf()")
        self.ask(TABLES)
        short = '{"lease": "3 s", "timeout": "20 s", "retry_base": "0.3 s", "retry_cap": "2 s", '
        short += '"max_attempts": 300, "max_crashes": 100, "batch": 40, "concurrency": 10}'
        for queue in ("email", "webhooks", "webhooks-out"):
            self.ask("select set_queue(%s, %s)", queue, short)
        for breaker in ("endpoint:app", "email:smtp", "email:api"):
            self.ask(
                "select set_breaker(%s, %s)", breaker, '{"open_for": "1 s", "open_cap": "2 s"}'
            )
        hook = f"http://127.0.0.1:{self.hook_port}/hook"
        self.command("endpoints", "add", "app", hook, "--source", "stripe", "--timeout", "3",
                     "--secret", "env:STORM_FORWARD")  # fmt: skip

    def stop_second(self) -> int | None:
        """SIGTERM; its exit status, None if it did not end."""
        if self.second is None or self.second.poll() is not None:
            return 0
        self.second.terminate()
        try:
            return self.second.wait(60)
        except subprocess.TimeoutExpired:
            return None

    def stop(self) -> int | None:
        """Ctrl-C; its exit status, None if it did not end."""
        if self.process is None:
            return 0
        self.process.send_signal(signal.SIGINT)
        try:
            return self.process.wait(60)
        except subprocess.TimeoutExpired:
            return None
