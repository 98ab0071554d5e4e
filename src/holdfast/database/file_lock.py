"""A lock on a file that lives exactly as long as its processes do.

The kernel drops a flock when the last process that holds the open file is gone, however it went, so
a kill -9 leaves nothing to clean up. Two things are said explicitly here because flock gets them
wrong for us: a forked child would keep its parent's locks alive (it closes them instead), and a
lock can be handed on purpose to a process that we start (the server holds one for as long as any of
its processes lives).
"""

import fcntl
import os
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self
from weakref import WeakSet

_POLL_SECONDS = 0.02


def open_private(path: Path, flags: int) -> int:
    """Open a file of the data folder for its owner only, also when root opens it first."""
    file = os.open(path, flags | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    if os.geteuid() == 0:
        folder = path.parent.stat()
        os.fchown(file, folder.st_uid, folder.st_gid)
    return file


class FileLock:
    """One open lock file; not locked until asked for, gone when closed."""

    def __init__(self, path: Path) -> None:
        self._file: int | None = open_private(path, os.O_RDWR)
        _OPEN.add(self)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def fileno(self) -> int:
        """Return the open file, for handing it to a process that is started."""
        if self._file is None:
            raise ValueError("this lock is closed")
        return self._file

    def share(self) -> None:
        """Hold it together with others; waits while somebody holds it alone."""
        fcntl.flock(self.fileno(), fcntl.LOCK_SH)

    def try_alone(self) -> bool:
        """Hold it alone if nobody else holds it."""
        try:
            fcntl.flock(self.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def wait_alone(self, seconds: float, waiting: Callable[[], None] | None = None) -> bool:
        """Hold it alone, after waiting for the others; False when they took too long."""
        deadline = time.monotonic() + seconds
        while not self.try_alone():
            if waiting is not None:
                waiting()
                waiting = None
            if time.monotonic() > deadline:
                return False
            time.sleep(_POLL_SECONDS)
        return True

    def close(self) -> None:
        """Unlock, also for a process that inherited the file, and close."""
        if self._file is not None:
            fcntl.flock(self._file, fcntl.LOCK_UN)
        self.hand_over()

    def hand_over(self) -> None:
        """Close without unlocking: the process that was given the file holds the lock from now."""
        file, self._file = self._file, None
        if file is not None:
            os.close(file)


_OPEN: WeakSet[FileLock] = WeakSet()


def _close_in_child() -> None:
    for lock in list(_OPEN):
        lock.hand_over()


os.register_at_fork(after_in_child=_close_in_child)
