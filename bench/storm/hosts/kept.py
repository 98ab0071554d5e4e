"""A process that is kept running, and as whom."""

import os
import pwd
import subprocess
from pathlib import Path
from signal import SIGINT, Signals
from typing import Any


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
