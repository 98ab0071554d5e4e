"""Makes .venv and installs one lock file and this package into it: `install.py run` or `dev`.

`install.py peers` does the same with .venv-peers, so that no test meets the queues of others.

An installation that finished leaves a record of what it was made from: this checkout's place, the
Python, the lock file and pyproject.toml. While the record holds there is nothing to do. If a file
changed, pip brings the environment up to date; if there is no record (the last installation was
stopped half-way) or the checkout or the Python moved, the environment is made anew.

Every wheel is checked against the hash in the lock file; nothing is built but this package itself,
with the build backend from the same lock file. One installation runs at a time: a second one waits
for the first and then finds its work done. Standard library only.
"""

import fcntl
import hashlib
import json
import os
import signal
import subprocess
import sys
import time
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

LOCKS = {kind: Path(f"requirements/{kind}.txt") for kind in ("run", "dev", "peers")}
ENVIRONMENT = Path(".venv-peers" if sys.argv[1:] == ["peers"] else ".venv")
RECORD = ENVIRONMENT / "holdfast-installed.json"

# What a user's shell or pip configuration may say about *where* packages come from is respected
# (index, proxy, certificates, cache); what would send them elsewhere or change the set is not.
DISTURBING = (
    *("PYTHONPATH", "PYTHONHOME", "PIP_PYTHON"),
    *("PIP_USER", "PIP_TARGET", "PIP_PREFIX", "PIP_ROOT", "PIP_DRY_RUN"),
    *("PIP_REQUIREMENT", "PIP_EDITABLE", "PIP_CONSTRAINT", "PIP_UPGRADE"),
    *("PIP_REQUIRE_HASHES", "PIP_NO_BINARY", "PIP_ONLY_BINARY"),
)

# How pip begins a line about a package that it was asked for.
EACH = ("Collecting ", "Processing ", "Ignoring ", "Requirement already satisfied: ")


class InstallationError(Exception):
    """A step did not finish; its own output above says why."""


def main() -> None:
    """Bring the environment up to date for the kind of work named by the one argument."""
    kind = sys.argv[1] if len(sys.argv) == 2 else ""  # noqa: PLR2004
    if kind not in LOCKS:
        sys.exit(f"usage: install.py {'|'.join(LOCKS)}")
    os.chdir(Path(__file__).resolve().parent.parent)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    try:
        if not is_installed(kind):
            with one_at_a_time() as lock:
                if not is_installed(kind):
                    install(kind, lock)
    except KeyboardInterrupt:
        sys.exit(128 + signal.SIGINT)
    except InstallationError as failure:
        sys.exit(f"holdfast: {failure}")
    except (OSError, ValueError) as failure:
        sys.exit(
            f"holdfast: cannot install into {ENVIRONMENT.absolute()}: {failure}."
            " If another user made it: work in a checkout of your own or remove it as that user.",
        )


def is_installed(kind: str) -> bool:
    """Whether a finished installation of this kind was made from exactly what is here now."""
    record = read_record()
    return record.get("place") == place() and record.get(kind) == fingerprint(kind)


def install(kind: str, lock: int) -> None:
    """Make or update the environment, then write the record."""
    started = time.monotonic()
    if read_record().get("place") == place():
        say(f"bringing {ENVIRONMENT} up to {LOCKS[kind]}, which is new to it or has changed")
        RECORD.unlink()
    else:
        say(f"making {ENVIRONMENT} with Python {sys.version.split()[0]}")
        RECORD.unlink(missing_ok=True)
        make_environment()
        say(f"installing {LOCKS[kind]} (the first time takes about half a minute)")
    counted = Counted(
        sum(line[0].isalnum() for line in LOCKS[kind].read_text().splitlines() if "==" in line)
    )
    wheels = ("--require-hashes", "--only-binary=:all:", "--requirement", str(LOCKS[kind]))
    pip(lock, counted, *wheels)
    say("installing holdfast itself")
    itself = ("--no-index", "--no-deps", "--no-build-isolation", "--quiet", "--editable", ".")
    pip(lock, counted, *itself)
    write_record(kind)
    say(f"installed in {time.monotonic() - started:.0f} s")


def make_environment() -> None:
    """Make an empty environment; whatever was there is removed."""
    # The standard library installs pip from a grandchild that would outlive this process and go on
    # writing, so a SIGTERM waits the few seconds that this takes.
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
    try:
        venv.EnvBuilder(clear=True, symlinks=True, with_pip=True).create(ENVIRONMENT)
    except subprocess.CalledProcessError as failure:
        reason = (failure.output or b"").decode(errors="replace").strip()
        raise InstallationError(
            f"{sys.executable} could not make {ENVIRONMENT}: {reason}"
        ) from failure
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})


class Counted:
    """What pip says, as one line that counts; all of it only if pip fails."""

    def __init__(self, total: int) -> None:
        self._total = total
        self._found = 0
        self._width = 0

    def hear(self, line: str) -> None:
        """One line of pip's."""
        if line.startswith(EACH):
            self._found += 1
            self._show(f"  {self._found} of {self._total} packages")
        elif line.startswith("Installing collected"):
            self._show(f"  writing {self._total} packages into {ENVIRONMENT}")

    def end(self) -> None:
        """Leave a clean line."""
        self._show("")

    def _show(self, text: str) -> None:
        if sys.stderr.isatty():
            print(
                f"\r{text:<{self._width}}",
                end="\r" if not text else "",
                file=sys.stderr,
                flush=True,
            )
            self._width = len(text)


def pip(lock: int, counted: Counted, *arguments: str) -> None:
    """Run `pip install`; it keeps the lock, so that a killed installer leaves no second writer."""
    environment = {name: value for name, value in os.environ.items() if name not in DISTURBING}
    command = [str(ENVIRONMENT / "bin/python"), "-m", "pip", "install", "--no-input", "--no-user"]
    command += ["--disable-pip-version-check", *arguments]
    said: list[str] = []
    with subprocess.Popen(
        command, env=environment, pass_fds=[lock], text=True, errors="replace",
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    ) as running:  # fmt: skip
        for line in running.stdout or ():
            said.append(line)
            counted.hear(line)
    counted.end()
    if status := running.returncode:
        print("".join(said), end="", file=sys.stderr, flush=True)
        raise InstallationError(
            f"pip ended with {status}, see above; nothing outside {ENVIRONMENT} was changed."
            " Run make again when the cause is gone.",
        )


@contextmanager
def one_at_a_time() -> Iterator[int]:
    """Hold the lock of this checkout; it is on this file, which no installation removes."""
    with Path(__file__).open("r+b") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("another installation is at work in this checkout: waiting for it")
            fcntl.flock(file, fcntl.LOCK_EX)
        yield file.fileno()


def place() -> list[str]:
    """What an environment cannot outlive: its own path and the Python it was made for."""
    return [str(Path.cwd()), f"python{sys.version_info.major}.{sys.version_info.minor}"]


def fingerprint(kind: str) -> str:
    """A digest of the files that an installation is made from."""
    digest = hashlib.sha256()
    for file in (LOCKS[kind], Path("pyproject.toml"), Path("requirements/install.py")):
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def read_record() -> dict[str, object]:
    """The last finished installation; empty if there is none or its Python is gone."""
    try:
        record = json.loads(RECORD.read_text())
    except (OSError, ValueError):
        return {}
    return record if isinstance(record, dict) and (ENVIRONMENT / "bin/python").exists() else {}


def write_record(kind: str) -> None:
    """Say what was installed. Everything that `run` needs is in `dev`, at the same versions."""
    kinds = ("run", "dev") if kind == "dev" else (kind,)
    record = {"place": place()} | {each: fingerprint(each) for each in kinds}
    unfinished = RECORD.with_suffix(".new")
    unfinished.write_text(json.dumps(record))
    unfinished.replace(RECORD)


def say(headline: str) -> None:
    """Print one line about a step before it starts."""
    print(f"holdfast: {headline}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
