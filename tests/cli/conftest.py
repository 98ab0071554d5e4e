"""The real command line, in a process of its own; and one in a terminal of its own.

The process is forked from one that has imported everything (`tests/quick.py`), since each command
would spend a second and more on that.
"""

import contextlib
import json
import os
import pty
import select
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile

import pytest
from tests.quick import asked

TIMEOUT = 60


@dataclass
class Ran:
    """What came of a command."""

    code: int
    out: str
    err: str

    @property
    def json(self):
        return json.loads(self.out)


def environment(**settings):
    """Ours without the settings of the person who runs the tests."""
    dropped = ("HOLDFAST_", "COLUMNS", "TERM", "NO_COLOR", "FORCE_COLOR")
    kept = {name: v for name, v in os.environ.items() if not name.startswith(dropped)}
    return kept | {"LC_ALL": "C.UTF-8"} | settings


@pytest.fixture
def run(tmp_path, quick):
    """`run("queues", "list")` on no database in particular; settings are keywords."""

    def running(*arguments, **settings):
        given = [os.fsdecode(argument) for argument in arguments]
        with Path(os.devnull).open() as none, TemporaryFile() as out, TemporaryFile() as err:
            terminal = [file.fileno() for file in (none, out, err)]
            with asked(quick[-1], given, tmp_path, environment(**settings), terminal) as command:
                code = command[1]()
            out.seek(0), err.seek(0)
            return Ran(code, out.read().decode(), err.read().decode())

    return running


@pytest.fixture
def cli(run, dsn):
    """`cli("queues", "list")` on the test's own database."""
    return lambda *arguments, **settings: run(
        *arguments, **{"HOLDFAST_DATABASE_URL": dsn, **settings}
    )


@pytest.fixture
def terminal(tmp_path, dsn, quick):
    """Run a command that believes a person looks at it, for the time of a `with` block."""

    def opening(*arguments, forked=True, **settings):
        command = quick if forked else [sys.executable, "-m", "holdfast"]
        env = environment(HOLDFAST_DATABASE_URL=dsn, **settings)
        return Terminal([*command, *arguments], tmp_path, env)

    return opening


class Terminal:
    """A command that believes that a person looks at it."""

    def __init__(self, command, folder, env):
        self._command = command
        self._options = {"cwd": folder, "env": {"TERM": "xterm-256color", "COLUMNS": "80"} | env}
        self.seen = b""
        self.code = None

    def __enter__(self):
        self._ours, theirs = pty.openpty()
        self._process = subprocess.Popen(
            self._command, stdin=theirs, stdout=theirs, stderr=theirs,
            start_new_session=True, **self._options,
        )  # fmt: skip
        os.close(theirs)
        return self

    def __exit__(self, *_):
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()
        os.close(self._ours)

    def type(self, text):
        os.write(self._ours, text.encode())

    @property
    def pid(self):
        return self._process.pid

    def interrupt(self):
        os.kill(self._process.pid, signal.SIGINT)

    def wait_for(self, text):
        """Read until the text is on the screen."""
        assert self._read(lambda: text in self.text), self.text

    def end(self):
        """Read to the end; the exit code."""
        assert self._read(lambda: False) is False, "it does not end"
        self.code = self._process.wait(TIMEOUT)
        return self.code

    @property
    def text(self):
        return self.seen.decode("utf-8", "replace")

    def _read(self, enough):
        """True as soon as it is enough, False at the end of the output, None if that takes long."""
        deadline = time.monotonic() + TIMEOUT
        while time.monotonic() < deadline:
            if enough():
                return True
            if not select.select([self._ours], [], [], 1)[0]:
                continue
            piece = b""
            with contextlib.suppress(OSError):  # how Linux says that nobody writes any more
                piece = os.read(self._ours, 65536)
            if not piece:
                return False
            self.seen += piece
        return None


HOSTILE = "[red]not markup[/red] \x1b]0;owned\x07 \x9b31m \u202egnp.exe\nsecond line"


@pytest.fixture
def enqueue(sql):
    """`enqueue("welcome", 3)`: so many jobs of a kind; returns their ids, oldest first."""

    def enqueuing(kind, count=1, queue="default", **options):
        items = [
            {"queue": queue, "kind": kind, "payload": {"n": n}, **options} for n in range(count)
        ]
        rows = sql.execute(
            "select id from enqueue_many(%s) order by ordinal", [json.dumps(items)]
        ).fetchall()
        return [str(row[0]) for row in rows]

    return enqueuing


@pytest.fixture
def settle(sql):
    """`settle("dead", "because")`: claim all that is due of a queue, and settle it so."""

    def settling(verdict, because="", queue="default", **more):
        claimed = sql.execute("select id, claim_token from claim(%s)", [queue]).fetchall()
        results = [
            {"id": str(i), "token": str(token), "verdict": verdict, "because": because, **more}
            for i, token in claimed
        ]
        sql.execute("select * from settle(%s)", [json.dumps(results)])
        return [str(i) for i, _ in claimed]

    return settling
