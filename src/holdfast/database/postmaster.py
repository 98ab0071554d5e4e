"""The process of the embedded server: start it, knock at its socket, stop it.

Whether a server of the folder lives is never guessed from process numbers, which are reused. Every
process of a server inherits one locked file; while the lock is taken, something of it lives, and
when the lock is free all of it is gone, so its leftovers (postmaster.pid, the socket) are stale for
certain. Whether it serves is asked by connecting; the kernel then also tells its process number.
"""

import hashlib
import os
import signal
import socket
import stat
import struct
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

from holdfast.database.cluster import OWNER
from holdfast.database.file_lock import FileLock, open_private
from holdfast.database.server_account import ServerAccount
from holdfast.database.server_programs import Programs
from holdfast.errors import ConfigError

PORT = 5432  # no TCP: it is a part of the socket's file name
_SOCKET = f".s.PGSQL.{PORT}"
_LONGEST_SOCKET_PATH = 103  # of every system's limit the smallest
_SHORT_PLACE = Path("/tmp")  # noqa: S108 the same for all who share the data; owner and mode checked
_LOG_LIMIT = 10 * 1024 * 1024
_LOG_TAIL = 4000
_NOBODYS_PID = "2147483647"
_STATUS_LINE = 7
# Asked as the server's account, for in a container root may not look at others' processes.
_WHO_WORKS_IN = """
cd "$1" && for process in /proc/[0-9]*; do
    if [ "$process/cwd" -ef . ]; then echo "${process#/proc/}"; fi
done
"""


class Postmaster:
    """The server process of one cluster."""

    def __init__(self, cluster: Path, log: Path) -> None:
        self._cluster = cluster
        self._log = log
        self._pid_file = cluster / "postmaster.pid"
        self._socket_folder = _socket_folder(cluster)

    def url(self, database: str) -> str:
        """How to connect to it, for libpq and every driver that reads its URLs."""
        folder = quote(os.fsencode(self._socket_folder), safe="/")
        return f"postgresql://{OWNER}@/{database}?host={folder}&port={PORT}"

    def listener(self) -> int | None:
        """Knock: the process number of who answers, 0 if it cannot be seen from here."""
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as knock:
            knock.setblocking(False)
            try:
                knock.connect(str(self._socket_folder / _SOCKET))
            except (FileNotFoundError, ConnectionRefusedError):
                return None
            except BlockingIOError:  # it lives, but has many callers waiting
                return self._noted_pid()
            if sys.platform != "linux":
                return self._noted_pid()
            caller = knock.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
        pid: int = struct.unpack("3i", caller)[0]
        return pid

    def ready(self) -> bool:
        """Whether it answers and has finished starting."""
        return self.status() == "ready"

    def status(self) -> str | None:
        """What it says of itself while it answers: starting, ready, stopping."""
        if self.listener() is None:
            return None
        lines = self._noted()
        return lines[_STATUS_LINE].decode().strip() if len(lines) > _STATUS_LINE else "starting"

    def spawn(self, programs: Programs, account: ServerAccount, life: FileLock) -> int:
        """Start it as nobody's child, holding the lock that says it lives.

        Returns where in the log its own lines begin.
        """
        self._clear_leftovers()
        self._make_socket_folder(account)
        command = ["/bin/sh", "-c", '"$@" &', "sh", str(programs.folder / "postgres")]
        with account.way_into(self._cluster) as way:
            natural = self._socket_folder == self._cluster
            folder = way.path if natural else str(self._socket_folder)
            command += ["-D", way.path, "-p", str(PORT), "-c", "listen_addresses="]
            command += ["-c", "unix_socket_directories=" + _quoted(folder)]
            command += ["-c", f"holdfast.data={self._cluster.parent}"]  # for who reads `ps`
            log = self._open_log()
            try:
                begin = os.fstat(log).st_size
                files = (*way.files, life.fileno())
                options = account.process_options(files=files)
                subprocess.run(command, stdout=log, stderr=log, check=True, **options)  # noqa: S603
            finally:
                os.close(log)
        life.hand_over()
        return begin

    def stop(self, number: signal.Signals) -> bool:
        """Ask it to stop; False if there is none that could be asked."""
        pid = self.listener()
        if not pid:
            return False
        os.kill(pid, number)
        return True

    def tidy_up(self) -> None:
        """Remove the short folder of the socket after a clean stop."""
        if self._socket_folder != self._cluster and self._socket_folder.exists():
            self._socket_folder.rmdir()

    def end_orphans(self, account: ServerAccount) -> None:
        """End what a killed postmaster left behind and is too busy to notice its death."""
        with account.way_into(self._cluster) as way:
            search = ["/bin/sh", "-c", _WHO_WORKS_IN, "sh", way.path]
            options = account.process_options(files=way.files)
            found = subprocess.run(search, stdout=subprocess.PIPE, check=False, **options)  # noqa: S603
        alive = [int(pid) for pid in found.stdout.split()]
        if self._noted_pid() in alive:
            return
        for pid in alive:
            with suppress(ProcessLookupError):
                if _command_line(pid).startswith(b"postgres: "):
                    os.kill(pid, signal.SIGQUIT)

    def log_since(self, position: int) -> str:
        """Return what the server logged since then; the end of it."""
        if not self._log.exists():
            return ""
        with self._log.open("rb") as file:
            file.seek(max(position, self._log.stat().st_size - _LOG_TAIL))
            return file.read().decode(errors="replace")

    def _noted(self) -> list[bytes]:
        try:
            return self._pid_file.read_bytes().splitlines()
        except FileNotFoundError:
            return []

    def _noted_pid(self) -> int:
        lines = self._noted()
        return int(lines[0]) if lines and lines[0].isdigit() else 0

    def _clear_leftovers(self) -> None:
        """Take away what would stop a new server; called only when all of the old one is dead.

        Its process number may be another process's by now, so nobody's is put there. The file
        stays, for Postgres looks up the old shared memory by it, and makes sure itself.
        """
        lines = self._noted()
        if lines:
            lines[0] = _NOBODYS_PID.encode()
            with open(os.open(self._pid_file, os.O_WRONLY | os.O_NOFOLLOW), "wb") as file:  # noqa: PTH123
                file.write(b"\n".join(lines) + b"\n")
                file.truncate()
        for name in (_SOCKET, f"{_SOCKET}.lock"):
            (self._socket_folder / name).unlink(missing_ok=True)

    def _make_socket_folder(self, account: ServerAccount) -> None:
        folder = self._socket_folder
        if folder == self._cluster:
            return
        try:
            folder.mkdir(mode=0o700)
            account.give(folder)
        except FileExistsError:
            found = folder.lstat()
            ours = stat.S_ISDIR(found.st_mode) and found.st_uid == account.uid
            if not ours or found.st_mode & 0o077:
                raise ConfigError(
                    f"{folder} is somebody else's, and the data folder's own path is too long for"
                    " a socket in it. Use a data folder with a shorter path."
                ) from None

    def _open_log(self) -> int:
        if self._log.exists() and self._log.stat().st_size > _LOG_LIMIT:
            self._log.replace(self._log.with_suffix(".log.1"))
        return open_private(self._log, os.O_WRONLY | os.O_APPEND)


def _socket_folder(cluster: Path) -> Path:
    """The cluster's own folder, unless a socket's address cannot hold (or libpq splits) it."""
    path = os.fsencode(cluster / _SOCKET)
    if len(path) <= _LONGEST_SOCKET_PATH and b"," not in path:
        return cluster
    return _SHORT_PLACE / f"holdfast-{hashlib.sha256(os.fsencode(cluster)).hexdigest()[:20]}"


def _quoted(folder: str) -> str:
    return '"' + folder.replace('"', '""') + '"'


def _command_line(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""
