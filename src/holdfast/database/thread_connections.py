"""The connections of threads: the driver's pool, opened when the first of them asks."""

import atexit
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from weakref import WeakSet

import psycopg
from psycopg_pool import ConnectionPool, PoolClosed, PoolTimeout

from holdfast.database.session import (
    CONNECT_TIMEOUT_S,
    CONNECTION,
    FAILURES,
    Renewal,
    Sessions,
    is_cut_off,
    is_read_only,
)
from holdfast.database.translate import translate
from holdfast.database.wires import BUSY_S, busy

_OF_THE_PARENT: list[object] = []  # kept, since what is thrown away is closed


class ThreadConnections:
    """Lends them, at most `size` at a time; `dsn` says where the server is."""

    def __init__(self, dsn: Callable[[], str], sessions: Sessions, size: int) -> None:
        self._dsn = dsn
        self._sessions = sessions
        self._size = size
        self._pool: ConnectionPool[Any] | None = None
        self._lock = threading.Lock()
        self._turns = threading.BoundedSemaphore(size)
        self._renewal = Renewal()
        _ALL.add(self)

    @contextmanager
    def one(self) -> Iterator[psycopg.Connection[Any]]:
        """One of them; our errors instead of the driver's. Whoever finds all of them lent waits."""
        if not self._turns.acquire(timeout=BUSY_S):
            raise busy(self._size)
        pool = None
        try:
            try:
                pool = self._opened()
                while (connection := self._taken(pool)) is None:
                    pool = self._opened()
            except FAILURES as error:
                raise self._failed(error, pool) from error
            try:
                yield connection
            except psycopg.Error as error:
                if is_cut_off(error) and not connection.closed:
                    raise
                raise self._failed(error, pool) from error
            finally:
                pool.putconn(connection)
        finally:
            self._turns.release()

    def close(self) -> None:
        """Close them; whoever asks after that has new ones."""
        atexit.unregister(self.close)
        self._drop(self._pool, timeout_s=2)

    def _begin_anew(self) -> None:
        """In a forked child: two processes on one connection would read each other's answers."""
        _OF_THE_PARENT.append(self._pool)
        self._pool = None
        self._lock = threading.Lock()
        self._turns = threading.BoundedSemaphore(self._size)

    def _failed(self, error: Exception, pool: ConnectionPool[Any] | None) -> Exception:
        ours = translate(error)
        if is_cut_off(error):
            self._drop(pool, timeout_s=0.1)  # its threads may be at a server that does not answer
        elif is_read_only(error):
            self._renewal.want()
        return ours

    def _opened(self) -> ConnectionPool[Any]:
        if self._pool is None:
            self._reach()
        with self._lock:
            if self._pool is None:
                self._pool = ConnectionPool(
                    self._dsn(), min_size=1, max_size=self._size, timeout=CONNECT_TIMEOUT_S,
                    reconnect_timeout=CONNECT_TIMEOUT_S, kwargs=CONNECTION, open=True,
                    configure=self._sessions.begin_sync,
                )  # fmt: skip
                # later its threads cannot be ended, and are waited for in vain (Python 3.13)
                atexit.register(self.close)
            elif self._renewal.is_due(time.monotonic()):
                self._pool.drain()
            return self._pool

    def _taken(self, pool: ConnectionPool[Any]) -> psycopg.Connection[Any] | None:
        """One of its connections; None if that was ended, or another thread gave the pool up."""
        try:
            connection: psycopg.Connection[Any] = pool.getconn()
        except PoolClosed:
            return None
        except PoolTimeout:
            self._reach()
            raise
        try:
            _hear(connection)
        except psycopg.Error:
            pool.putconn(connection)  # which is thrown away
            self._reach()
            return None
        return connection

    def _reach(self) -> None:
        """A pool goes on trying in silence; asked directly, a dead server says so at once."""
        psycopg.connect(self._dsn(), **CONNECTION).close()

    def _drop(self, pool: ConnectionPool[Any] | None, *, timeout_s: float) -> None:
        """Close it, unless another thread did and has opened a new one."""
        with self._lock:
            if pool is None or self._pool is not pool:
                return
            self._pool = None
        pool.close(timeout=timeout_s)


def _hear(connection: psycopg.Connection[Any]) -> None:
    """Raise if it was ended while nobody used it: what it was told meanwhile is there to be read.

    The first look reads why it was ended, the second one that it is.
    """
    connection.pgconn.consume_input()
    connection.pgconn.is_busy()
    connection.pgconn.consume_input()


_ALL: WeakSet[ThreadConnections] = WeakSet()


def _begin_anew_in_child() -> None:
    for one in list(_ALL):
        one._begin_anew()  # noqa: SLF001  this module's own class


os.register_at_fork(after_in_child=_begin_anew_in_child)
