"""Whom the embedded server runs as, and how that account reaches its files.

An ordinary user's server runs as that user. Postgres refuses to run as root, so root's server runs
as the account that owns the data, or else as one that every system has. That account may not be
able to walk to where root works (/root/project is closed to it), and root's folders are not ours to
open up. So the server is given the data folder as an open file, /proc/self/fd/N, which needs no
walk; `server_programs` does the same for the programs.

Processes of the same service account can get at the server's files. Whoever shares a machine with
people he does not trust runs holdfast as an ordinary user, not as root.
"""

import os
import pwd
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from holdfast.errors import ConfigError

SERVICE_ACCOUNTS = ("postgres", "nobody")
_OPEN_FILES = Path("/proc/self/fd")


@dataclass(frozen=True)
class Way:
    """A folder as the server names it, and the open files that the name needs."""

    path: str
    files: tuple[int, ...] = ()


@dataclass(frozen=True)
class ServerAccount:
    """The account of the server's processes; `switched` when it is not our own."""

    uid: int
    gid: int
    switched: bool

    def process_options(self, *, files: tuple[int, ...] = ()) -> dict[str, Any]:
        """How a process of the server is started: as its account, with nothing of ours open."""
        options: dict[str, Any] = {
            "stdin": subprocess.DEVNULL,
            "pass_fds": files,
            "start_new_session": True,  # the terminal's Ctrl-C is for us, not for the database
            "cwd": "/",
            "env": {"LC_ALL": "C", "PATH": os.defpath},  # no PG*, LD_* of the caller
            "umask": 0o077,
        }
        if self.switched:
            options |= {"user": self.uid, "group": self.gid, "extra_groups": []}
        return options

    def give(self, folder: Path) -> None:
        """Make the account own a folder with all that is in it."""
        if not self.switched:
            return
        for place, _, names in os.walk(folder):
            for path in (place, *(os.path.join(place, name) for name in names)):  # noqa: PTH118
                os.chown(path, self.uid, self.gid, follow_symlinks=False)

    @contextmanager
    def way_into(self, folder: Path) -> Iterator[Way]:
        """Name a folder so that the account gets into it, whatever its parents allow."""
        if not self.switched or self._can_enter(folder):
            yield Way(str(folder))
            return
        if not _OPEN_FILES.is_dir():
            raise ConfigError(
                f"root's database server runs as {account_name(self.uid)}, which cannot reach"
                f" {folder}. Run as an ordinary user, or put the data folder where others may"
                f" walk to (for example below /var/lib)."
            )
        opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            yield Way(str(_OPEN_FILES / str(opened)), (opened,))
        finally:
            os.close(opened)

    def _can_enter(self, folder: Path) -> bool:
        walk = ["/bin/sh", "-c", 'cd "$1"', "sh", str(folder)]
        options = self.process_options() | {"stderr": subprocess.DEVNULL}
        return subprocess.run(walk, check=False, **options).returncode == 0  # noqa: S603


def server_account(cluster: Path) -> ServerAccount:
    """Choose the account: ourselves, or for root whoever owns the data, or a service account."""
    owner = (cluster if cluster.exists() else cluster.parent).stat()
    me = os.geteuid()
    if me != 0:
        if cluster.exists() and owner.st_uid != me:
            raise ConfigError(
                f"{cluster} belongs to {account_name(owner.st_uid)}: only that account or root can"
                f" start it, and this process runs as {account_name(me)}."
            )
        return ServerAccount(me, os.getegid(), switched=False)
    if owner.st_uid != 0:
        return ServerAccount(owner.st_uid, owner.st_gid, switched=True)
    for name in SERVICE_ACCOUNTS:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return ServerAccount(entry.pw_uid, entry.pw_gid, switched=True)
    raise ConfigError(
        "Postgres does not run as root, and there is no account to run it as (looked for"
        f" {' and '.join(SERVICE_ACCOUNTS)}). Run as an ordinary user, or set"
        " HOLDFAST_DATABASE_URL to a server of yours."
    )


def allowed_users(data: Path) -> list[str]:
    """Name the accounts that may connect: root, ourselves, and whoever owns the data folder."""
    return sorted({account_name(uid) for uid in (0, os.geteuid(), data.stat().st_uid)})


def account_name(uid: int) -> str:
    """Return the account's name, or its number when it has none."""
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)
