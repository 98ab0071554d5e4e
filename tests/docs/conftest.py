"""The pages and their blocks; and how each kind of block is run.

A fenced block of `python`, `sql` or `sh` is run as it stands, all blocks of a page one after the
other. A `text` block right behind a `sh` block is what it must print. A comment before a block says
what is special:

    <!-- docs: not run: why -->         it is only for reading
    <!-- docs: in the background -->    it goes on running while the page goes on

What stands for a reader's world is made here: a database with two tables, pg_cron's one function,
the checkout's `.venv/bin`, free ports instead of the usual ones.
"""

import ast
import asyncio
import contextlib
import fcntl
import inspect
import os
import pty
import re
import select
import shlex
import signal
import struct
import subprocess
import sys
import termios
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest
from tests.serving import free_port

ROOT = Path(__file__).parents[2]
NOT_OURS = ("docs/reference/", "docs/decisions/", "docs/performance.md")
FENCE = re.compile(
    r"(?:<!-- docs: (?P<mark>[^\n]*?) -->\n)?^```(?P<language>\w+)(?: file=(?P<file>\S+))?\n"
    r"(?P<text>.*?)^```$(?P<rest>\n(?:\n?)```text\n(?P<output>.*?)^```$)?",
    re.MULTILINE | re.DOTALL,
)
READY = {"make up": ("smtp", "http", "worker.started"), "serve": ("http",),
         "work": ("worker.started",), "warehouse": ("is open",)}  # fmt: skip
TIMEOUT = 60
WORLD = """
create table orders (id serial primary key, total integer, packed boolean);
create table parcels (order_id integer);
create schema cron;
create function cron.schedule(name text, schedule text, command text) returns bigint
language plpgsql as $$ begin execute command; return 1; end $$;
"""


@dataclass(frozen=True)
class Block:
    """One fenced block of a page."""

    line: int
    language: str
    mark: str
    file: str
    text: str
    output: str | None

    @property
    def is_run(self):
        return self.language in {"python", "sql", "sh"} and not self.mark.startswith("not run")


def pages():
    """Every page that is written by hand."""
    found = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]
    names = sorted(str(path.relative_to(ROOT)) for path in found)
    return [name for name in names if not name.startswith(NOT_OURS)]


def blocks(page):
    """The blocks of a page, in their order."""
    text = (ROOT / page).read_text(encoding="utf-8")
    return [
        Block(text.count("\n", 0, m.start("text")), m["language"], m["mark"] or "", m["file"] or "",
              m["text"], m["output"])
        for m in FENCE.finditer(text)
    ]  # fmt: skip


def pytest_generate_tests(metafunc):
    """A test of `page` is one test for each page."""
    if "page" in metafunc.fixturenames:
        metafunc.parametrize("page", pages())


@pytest.fixture
def root():
    """The checkout."""
    return ROOT


@pytest.fixture
def blocks_of():
    """The blocks of a page."""
    return blocks


@pytest.fixture
def world(dsn):
    """A database as the pages suppose it; roles that a page makes are taken away again."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        before = _roles(connection)
        connection.execute(WORLD)
        yield connection
        for role in _roles(connection) - before:
            connection.execute(f"drop role {role}")


def _roles(connection):
    return {row[0] for row in connection.execute("select rolname from pg_roles").fetchall()}


@pytest.fixture
def python(dsn, monkeypatch):
    """Runs a block of Python; the blocks of a page share their names."""
    monkeypatch.setenv("HOLDFAST_DATABASE_URL", dsn)
    monkeypatch.setenv("HOLDFAST_EMAIL_FROM", "shop@example.com")
    names = {"url": _url(dsn)}

    async def running(page, block):
        flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
        code = compile("\n" * block.line + block.text, page, "exec", flags)
        made = eval(code, names)
        if inspect.iscoroutine(made):
            await made
        for value in [v for v in names.values() if type(v).__name__ == "Holdfast"]:
            await value.close()
            value.sync.close()

    return running


def _url(dsn):
    """As a URL, which is how SQLAlchemy and asyncpg want it."""
    parts = psycopg.conninfo.conninfo_to_dict(dsn)
    host = quote(parts["host"], safe="/")
    return f"postgresql://{parts.get('user', '')}@/{parts['dbname']}?host={host}"


# ---------------------------------------------------------------- sh


@pytest.fixture
def shell(tmp_path, quick):
    """Opens a reader's terminal in a checkout: `shell(HOLDFAST_DATABASE_URL=…)`."""
    opened = []

    def opening(**settings):
        opened.append(Shell(tmp_path / "a checkout", quick, settings))
        return opened[-1]

    yield opening
    for each in opened:
        each.close()


class Shell:
    """Runs `sh` blocks, those in the background too, and compares what they print."""

    def __init__(self, folder, quick, settings):
        folder.mkdir(parents=True)
        for name in ("examples", "tests"):
            (folder / name).symlink_to(ROOT / name)
        self.folder = folder
        self.ports = {port: free_port() for port in ("8025", "1025", "8099")}
        self.replaced = {
            ".venv/bin/holdfast work": '"$PYTHON" -m holdfast work',
            ".venv/bin/holdfast serve": '"$PYTHON" -m holdfast serve',
            ".venv/bin/holdfast": f'"$PYTHON" {shlex.join(quick[1:])}',
            ".venv/bin/python": '"$PYTHON"',
            "webhooks send stripe": "webhooks send stripe --to http://127.0.0.1:8025/webhooks/stripe",
        }  # fmt: skip
        self._env = {
            **_bare(), "PYTHON": sys.executable, "TERM": "xterm-256color", "LC_ALL": "C.UTF-8",
            "HOLDFAST_SMTP_LISTEN": "127.0.0.1:1025", "WAREHOUSE_PORT": "8099",
            "HOLDFAST_HTTP": "127.0.0.1:8025", "WAREHOUSE_URL": "http://127.0.0.1:8099/parcels",
            **settings,
        }  # fmt: skip
        self._env = {name: self._on_our_ports(value) for name, value in self._env.items()}
        self._background = {}

    def run(self, block):
        """Run it to its end; what it prints must be what the page says."""
        if block.mark == "in the background":
            self.start(block)
            return
        code, printed = self._in_terminal(self._ours(block.text))
        assert code == 0, f"{block.text}\nended with {code}:\n{printed}"
        if block.output is not None:
            compare(self._on_our_ports(block.output), printed)

    def start(self, block):
        """Start it, after the one of the same kind was stopped, and wait until it is there."""
        kind = next(kind for kind in READY if kind in block.text)
        self.stop(kind)
        log = self.folder / f"{kind}.log"
        with log.open("wb") as output:
            self._background[kind] = subprocess.Popen(
                ["bash", "-ec", self._ours(block.text)], cwd=self.folder, env=self._env,
                stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True,
            )  # fmt: skip
        deadline = time.monotonic() + TIMEOUT
        while not all(re.search(word, log.read_text()) for word in map(_said, READY[kind])):
            assert self._background[kind].poll() is None, log.read_text()
            assert time.monotonic() < deadline, log.read_text()
            time.sleep(0.05)  # a look at a file, not a wait for time

    def stop(self, kind):
        """As Ctrl-C does."""
        process = self._background.pop(kind, None)
        if process is not None:
            os.killpg(process.pid, signal.SIGINT)
            process.wait(TIMEOUT)

    def close(self):
        for kind in list(self._background):
            with contextlib.suppress(ProcessLookupError, subprocess.TimeoutExpired):
                self.stop(kind)

    def _ours(self, text):
        text = re.sub(r'make up(?: ARGS="([^"]*)")?', r'"$PYTHON" -m holdfast up \1', text)
        for theirs, ours in self.replaced.items():
            text = text.replace(theirs, ours)
        return self._on_our_ports(text)

    def _on_our_ports(self, text):
        for usual, free in self.ports.items():
            text = re.sub(rf"\b{usual}\b", str(free), text)
        return text

    def _in_terminal(self, text):
        """In a terminal of a hundred columns; the exit code, and what was on the screen."""
        ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 100, 0, 0))
        process = subprocess.Popen(
            ["bash", "-eo", "pipefail", "-c", text], cwd=self.folder, env=self._env,
            stdin=subprocess.DEVNULL, stdout=theirs, stderr=theirs,
        )  # fmt: skip
        os.close(theirs)
        printed, deadline = b"", time.monotonic() + TIMEOUT
        while time.monotonic() < deadline:
            if select.select([ours], [], [], 0.5)[0]:
                try:
                    printed += os.read(ours, 65536)
                except OSError:  # how Linux says that nobody writes any more
                    break
        os.close(ours)
        process.kill() if time.monotonic() >= deadline else None
        return process.wait(TIMEOUT), re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", printed.decode())


def _bare():
    """The environment without settings and terminal of the person who runs the tests."""
    theirs = ("HOLDFAST_", "COLUMNS", "LINES")
    return {name: value for name, value in os.environ.items() if not name.startswith(theirs)}


def _said(word):
    return rf'"on": "{word}"' if word in {"http", "smtp"} else re.escape(word)


def compare(wanted, printed):
    """Line by line, in order; `…` stands for anything, and ids and times may be others."""
    printed = printed.replace("\r", "")
    place = 0
    for wish in wanted.splitlines():
        if wish.strip() == "…":
            continue
        found = re.compile(rf"^\s*{_pattern(wish)}$", re.MULTILINE).search(printed, place)
        assert found, f"not printed, or not in this order:\n{wish}\nprinted was:\n{printed}"
        place = found.end()


def _pattern(line):
    hexadecimal = r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
    made = ""
    for piece in re.split(r"([0-9a-f-]{36}|\d+ s ago|…|\s+)", line.strip()):
        if re.fullmatch(hexadecimal, piece):
            made += hexadecimal
        elif re.fullmatch(r"\d+ s ago", piece):
            made += r"(\d+ (s|min) ago|now)"
        elif piece == "…":
            made += ".*"
        else:
            made += r"\s*" if piece.isspace() else re.escape(piece)
    return made


@pytest.fixture
def at_rest():
    """Wait until no job of a database is due, runs or waits for its next attempt."""

    async def waiting(dsn):
        async with asyncio.timeout(TIMEOUT):
            async with await psycopg.AsyncConnection.connect(dsn, autocommit=True) as connection:
                while True:
                    cursor = await connection.execute(
                        "select from holdfast.jobs where state in ('ready', 'leased') limit 1"
                    )
                    if await cursor.fetchone() is None:
                        return
                    await asyncio.sleep(0.05)

    return waiting
