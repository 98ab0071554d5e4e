"""The embedded database: a Postgres server in the data folder, there when somebody needs it.

Whoever calls `ensure()` becomes a user of the folder and gets an address that works. The first user
starts the server, later ones (threads, processes) share it, and the last to leave stops it. Any of
them, and the server, may be killed at any moment: the locks die with their processes, and the next
`ensure()` heals what it finds.

Three lock files make that so. `users.lock` is shared by every user: whoever can have it alone is
the last. `start.lock` is held alone while a server is started or stopped, so that the two never
cross. `server.lock` is inherited by all processes of the server: it tells dead from alive.
"""

import atexit
import errno
import logging
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from weakref import WeakSet

from holdfast import log
from holdfast.database.file_lock import FileLock
from holdfast.database.postmaster import Postmaster
from holdfast.database.startup import DATABASE, Startup
from holdfast.errors import ConfigError, DatabaseUnavailable, HoldfastError

_START_SECONDS = 600.0  # somebody else's start may have a long log to replay
_LEAVE_SECONDS = 60.0  # whoever is at it is a user, too, and leaves after us
_FULL = (errno.ENOSPC, errno.EDQUOT)

_EMBEDDED_LEFT_RUNNING = log.Event(
    "embedded.left_running",
    logging.WARNING,
    "The embedded server could not be stopped; the next start takes it over.",
    reason=str,
)


def _silent(_: str) -> None:
    """Show nothing."""


class EmbeddedServer:
    """The Postgres server of one data folder, as one of its users sees it."""

    def __init__(self, data: Path, *, binaries: Path | None = None) -> None:
        self._data = Path(os.path.realpath(data))
        self._postmaster = Postmaster(self._data / "postgres", self._data / "postgres.log")
        self._startup = Startup(self._data, self._postmaster, binaries)
        self._use: FileLock | None = None
        self._one_thread = threading.Lock()
        _SERVERS.add(self)

    @property
    def postmaster_pid(self) -> int | None:
        """The process number of the server, if one answers and can be seen from here."""
        return self._postmaster.listener() or None

    def ensure(self, progress: Callable[[str], None] | None = None) -> str:
        """Return the address of a running server, after starting or healing it if need be.

        Cheap when all is well, so it is called again whenever a connection fails. A server that
        recovers by itself from the crash of one of its processes counts as well: connect again.

        Raises:
            ConfigError: somebody has to change something; the message says what.
            DatabaseUnavailable: it did not start; the message has what the server said.
        """
        with self._one_thread:
            try:
                if self._use is None or not self._postmaster.ready():
                    self._join(progress or _silent)
            except OSError as error:
                raise _explained(error, self._data) from error
            return self._postmaster.url(DATABASE)

    def release(self) -> None:
        """Stop being a user; the last one stops the server and waits until it is gone."""
        with self._one_thread:
            use, self._use = self._use, None
            if use is None:
                return
            atexit.unregister(self.release)
            try:
                with self._turn(_LEAVE_SECONDS), FileLock(self._data / "users.lock") as users:
                    use.close()
                    if users.try_alone():
                        self._startup.bring_down()
            except (OSError, HoldfastError) as error:
                _EMBEDDED_LEFT_RUNNING(reason=str(error))
            finally:
                use.close()

    def _join(self, say: Callable[[str], None]) -> None:
        """Become a user, unless no server can be had."""
        if "\n" in str(self._data):
            raise ConfigError(f"{str(self._data)!r}: a data folder cannot have a line break.")
        # The server's account has to walk through root's; the cluster in it is closed by itself.
        mode = 0o711 if os.geteuid() == 0 else 0o700
        self._data.mkdir(mode=mode, parents=True, exist_ok=True)
        with self._turn(_START_SECONDS, say):
            use = self._use or FileLock(self._data / "users.lock")
            try:
                use.share()
                self._startup.bring_up(say)
            except BaseException:
                if self._use is None:
                    use.close()
                raise
            if self._use is None:
                self._use = use
                atexit.register(self.release)

    @contextmanager
    def _turn(self, seconds: float, say: Callable[[str], None] = _silent) -> Iterator[None]:
        with FileLock(self._data / "start.lock") as turn:
            waiting = "waiting for another process to start or stop the database"
            if not turn.wait_alone(seconds, lambda: say(waiting)):
                raise DatabaseUnavailable(
                    f"another process has been starting or stopping the database in {self._data}"
                    f" for {seconds:.0f} s; see postgres.log there."
                )
            yield

    def _forget(self) -> None:
        """Begin anew in a forked child: it is no user until it asks for the server itself."""
        self._use = None
        self._one_thread = threading.Lock()
        atexit.unregister(self.release)


def _explained(error: OSError, data: Path) -> HoldfastError:
    if error.errno in _FULL:
        return DatabaseUnavailable(f"the disk of the data folder {data} is full: {error}")
    return ConfigError(
        f"the data folder {data} cannot be used: {error}. Choose another one, or run as the"
        " account that it belongs to."
    )


_SERVERS: WeakSet[EmbeddedServer] = WeakSet()


def _forget_in_child() -> None:
    for server in list(_SERVERS):
        server._forget()  # noqa: SLF001 this module's own class


os.register_at_fork(after_in_child=_forget_in_child)
