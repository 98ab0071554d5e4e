"""Connections: wires for coroutines, a pool for threads, one for listening.

With a DSN we use that server. Without one the embedded server of the data folder is started, shared
with every other process that works on the same folder, and started again if it was killed: each
failure to connect asks it to heal before the next try.

Behind a pooler (PgBouncer in transaction mode) a session is not ours for longer than a transaction.
We keep nothing in one: no session lock, no setting, and there no prepared statement either.
"""

import asyncio
import atexit
import logging
import os
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any, TypeVar
from weakref import WeakSet

import psycopg
from psycopg_pool import AsyncConnectionPool, ConnectionPool, PoolClosed, PoolTimeout

from holdfast import log
from holdfast.database.call import Call
from holdfast.database.embedded import EmbeddedServer
from holdfast.database.per_loop import PerLoop
from holdfast.database.translate import translate
from holdfast.database.wires import BUSY_S, OURS, Wires, busy
from holdfast.errors import ConfigError

T = TypeVar("T")
_DATABASE_UNAVAILABLE = log.Event(
    "database.unavailable",
    logging.WARNING,
    "No call reaches the database until it is back.",
    schema=str,
)

CONNECT_TIMEOUT_S = 3
"""How long one attempt to connect may take, and the pool's own wait for a connection."""
PATIENCE_S = 60.0
"""How long a call is waited for before its connection is taken for dead."""
_LONGEST_SCHEMA = 40


class Database:
    """One Postgres and the schema in it.

    Args:
        dsn: where the server is; None starts the embedded one in `data`.
        data: the folder of the embedded server.
        schema: the schema that holdfast is installed in.
        size: at most so many connections for coroutines, and as many for threads.
        patience_s: so long a coroutine waits for an answer, and as long as the call may take.
        progress: told in a few words what a slow start is doing.
    """

    def __init__(
        self,
        dsn: str | None,
        *,
        data: Path = Path(".holdfast"),
        schema: str = "holdfast",
        size: int = 10,
        patience_s: float = PATIENCE_S,
        progress: Callable[[str], None] | None = None,
    ) -> None:
        if not _can_be_made(schema):
            raise ConfigError(
                f"schema {schema!r}: use 1 to 40 of a-z, 0-9 and _, beginning with a letter, and"
                " not with pg_, which is Postgres's own"
            )
        self.schema = schema
        self.pooled = False  # true once a connection was found to go through a pooler
        self.isolation = "read committed"  # what transactions have that do not ask for another
        self.embedded = None if dsn else EmbeddedServer(data)
        self._dsn = dsn
        self._size = size
        self._patience_s = patience_s
        self._progress = progress
        self._pool: ConnectionPool[Any] | None = None
        self._opened = PerLoop(self._opening)
        self._closing: set[asyncio.Future[None]] = set()
        self._lock = threading.Lock()
        self._turns = threading.BoundedSemaphore(size)
        self._rooms = PerLoop(partial(asyncio.Semaphore, max(1, size // 2)))
        _ALL.add(self)

    def dsn(self) -> str:
        """Where the server is; starts or heals the embedded one. May take seconds; use a thread."""
        if self.embedded is not None:
            self._dsn = self.embedded.ensure(progress=self._progress)
        if self._dsn is None:
            raise ConfigError("no database: set HOLDFAST_DATABASE_URL")
        return self._dsn

    # ---------------------------------------------------------------- coroutines

    async def run(self, call: Call[T]) -> T:
        """Run the operation in a transaction of its own; returns after its commit.

        Raises:
            DatabaseUnavailable: no connection could be had, or it broke, or gave no answer; then
                the commit may have happened.
            HoldfastError: as the operation says.
        """
        wires = None
        try:
            wires = await self._wires()
            wire = await wires.take()
            try:
                rows = await wire.ask(
                    call.sql(self.schema, "numeric"), [*call.args.values()],
                    self._patience_s + call.takes_s,
                )  # fmt: skip
            finally:
                await wires.give(wire)
        except _FAILURES as error:
            raise await self._failed(error, wires) from error
        return call.read(rows)

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[psycopg.AsyncConnection[Any]]:
        """A connection in autocommit mode; its errors are ours instead of the driver's.

        What the block raises for other reasons passes as it is: an application that does not
        answer, or another database, is not ours that is gone.
        """
        wires = None
        try:
            wires = await self._wires()
            wire = await wires.lend()
        except _FAILURES as error:
            raise await self._failed(error, wires) from error
        try:
            yield wire.connection
        except psycopg.Error as error:
            if _is_cut_off(error) and not wire.connection.closed:
                raise
            raise await self._failed(error, wires) from error
        finally:
            await wires.put_back(wire)

    async def _failed(self, error: Exception, wires: Wires | None) -> Exception:
        """Our error for it; if the server is out of reach, the next call begins afresh."""
        ours = translate(error)
        if wires is not None and _is_cut_off(error):
            await self._drop_wires(wires)
        return ours

    async def _wires(self) -> Wires:
        """Those of this event loop; whoever comes while they are opened waits for the same ones."""
        opening = self._opened.here()
        if opening.done():
            if _is_open(opening):
                return opening.result()
            self._forget(opening)  # somebody cancelled it, or its keeper, and the loop goes on
            opening = self._opened.here()
        try:
            return await asyncio.shield(opening)
        except Exception:
            self._forget(opening)
            raise

    def _opening(self) -> asyncio.Task[Wires]:
        return asyncio.get_running_loop().create_task(self._open_wires())

    async def _open_wires(self) -> Wires:
        dsn = await asyncio.to_thread(self.dsn)
        # A pool goes on trying in silence; asked directly, a dead server says so at once.
        probe = await psycopg.AsyncConnection.connect(dsn, **_CONNECTION)
        await self._look_async(probe)
        await probe.close()

        async def configure(connection: psycopg.AsyncConnection[Any]) -> None:
            await wires.made(connection)
            await self._look_async(connection)

        pool = AsyncConnectionPool(
            dsn, min_size=1, max_size=self._size, timeout=CONNECT_TIMEOUT_S,
            reconnect_timeout=CONNECT_TIMEOUT_S, kwargs=_CONNECTION, open=False,
            configure=configure, name=f"{OURS}{next(_NUMBERS)}",
        )  # fmt: skip
        wires = Wires(pool, self._size)
        try:
            await pool.open(wait=True, timeout=CONNECT_TIMEOUT_S)  # else it makes two for the first
        except BaseException:
            await wires.close(timeout_s=0)
            raise
        return wires

    async def _drop_wires(self, wires: Wires) -> None:
        """Every connection may be dead; the next call begins with fresh ones, if none did yet."""
        opened = self._opened.known()
        if opened is not None and _is_open(opened) and opened.result() is wires:
            self._forget(opened)
            _DATABASE_UNAVAILABLE(schema=self.schema)
            # who is cancelled half-way would leave a pool that nobody owns
            closing = asyncio.ensure_future(wires.close(timeout_s=0))
            self._closing.add(closing)
            closing.add_done_callback(self._closing.discard)
            await asyncio.shield(closing)

    def _forget(self, opened: asyncio.Task[Wires]) -> None:
        if self._opened.known() is opened:
            self._opened.forget()

    async def listen(self) -> psycopg.AsyncConnection[Any]:
        """A connection of its own, outside of the pool; the caller closes it."""
        try:
            dsn = await asyncio.to_thread(self.dsn)
            connection = await psycopg.AsyncConnection.connect(dsn, **_CONNECTION)
            await self._look_async(connection)
        except (psycopg.Error, OSError) as error:
            raise translate(error) from error
        return connection

    # ---------------------------------------------------------------- transactions

    def room(self) -> asyncio.Semaphore:
        """Taken for as long as somebody else's code keeps a connection: half of them at most.

        The other half stays for claims, verdicts and heartbeats, so that handlers that wait for a
        connection cannot keep those from ending that have one.
        """
        return self._rooms.here()

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[psycopg.AsyncConnection[Any]]:
        """A connection in a transaction that is committed at the end, or rolled back by an error.

        Raises:
            DatabaseUnavailable: no connection could be had, or the outcome of the commit is
                unknown.
        """
        async with self.connection() as connection, connection.transaction():
            yield connection

    @contextmanager
    def transaction_sync(self) -> Iterator[psycopg.Connection[Any]]:
        """The same for threads."""
        with self._sync_connection() as connection, connection.transaction():
            yield connection

    # ---------------------------------------------------------------- threads

    def run_sync(self, call: Call[T]) -> T:
        """The same for code without an event loop."""
        with self._sync_connection() as connection:
            rows = connection.execute(call.sql(self.schema), list(call.args.values())).fetchall()
        return call.read(rows)

    @contextmanager
    def _sync_connection(self) -> Iterator[psycopg.Connection[Any]]:
        """One of the threads' connections; our errors. Whoever finds all of them lent waits."""
        if not self._turns.acquire(timeout=BUSY_S):
            raise busy(self._size)
        pool = None
        try:
            try:
                pool = self._sync_pool()
                connection = pool.getconn()
            except _FAILURES as error:
                raise self._failed_sync(error, pool) from error
            try:
                yield connection
            except psycopg.Error as error:
                if _is_cut_off(error) and not connection.closed:
                    raise
                raise self._failed_sync(error, pool) from error
            finally:
                pool.putconn(connection)
        finally:
            self._turns.release()

    def _failed_sync(self, error: Exception, pool: ConnectionPool[Any] | None) -> Exception:
        ours = translate(error)
        if _is_cut_off(error):
            self._drop_sync_pool(pool)
        return ours

    def _sync_pool(self) -> ConnectionPool[Any]:
        with self._lock:
            if self._pool is None:
                self._pool = ConnectionPool(
                    self.dsn(), min_size=1, max_size=self._size, timeout=CONNECT_TIMEOUT_S,
                    reconnect_timeout=CONNECT_TIMEOUT_S, kwargs=_CONNECTION, open=True,
                    configure=self._look,
                )  # fmt: skip
                # later its threads cannot be ended, and are waited for in vain (Python 3.13)
                atexit.register(self._close_sync_pool)
            return self._pool

    def _close_sync_pool(self) -> None:
        atexit.unregister(self._close_sync_pool)
        self._drop_sync_pool(self._pool)

    def _drop_sync_pool(self, pool: ConnectionPool[Any] | None) -> None:
        """Close it, unless another thread did and has opened a new one."""
        with self._lock:
            if pool is None or self._pool is not pool:
                return
            self._pool = None
        pool.close(timeout=2)

    # ---------------------------------------------------------------- poolers

    async def _look_async(self, connection: psycopg.AsyncConnection[Any]) -> None:
        row = await (await connection.execute(_WHO)).fetchone()
        if self._settle_in(connection, row):
            await connection.execute(_SETTLE_IN)

    def _look(self, connection: psycopg.Connection[Any]) -> None:
        if self._settle_in(connection, connection.execute(_WHO).fetchone()):
            connection.execute(_SETTLE_IN)

    def _settle_in(self, connection: psycopg.BaseConnection[Any], row: Any) -> bool:
        """Whether the session, if it is ours, is set in another way than we need.

        A pooler answers a connect with a process number of its own invention.
        """
        self.pooled = row[0] != connection.info.backend_pid
        self.isolation = row[1]
        if self.pooled:
            connection.prepare_threshold = None  # the next statement may meet another session
        return row[1:] != _AS_WE_NEED and not self.pooled

    # ---------------------------------------------------------------- the end

    async def leave(self) -> None:
        """Close what this event loop opened."""
        self._rooms.forget()
        opened = self._opened.forget()
        if opened is not None and not opened.cancel() and opened.exception() is None:
            await opened.result().close(timeout_s=5)

    async def close(self) -> None:
        """Close what this event loop opened, then what threads opened, and let the server go."""
        await self.leave()
        await asyncio.to_thread(self.close_sync)

    def close_sync(self) -> None:
        """Close the connections of threads, and let the embedded server go."""
        self._close_sync_pool()
        if self.embedded is not None:
            self.embedded.release()

    def _begin_anew(self) -> None:
        """In a forked child: two processes on one connection would read each other's answers."""
        _OF_THE_PARENT.append(self._pool)
        self._pool = None
        self._lock = threading.Lock()
        self._turns = threading.BoundedSemaphore(self._size)


def _is_open(opening: asyncio.Task[Wires]) -> bool:
    return (
        opening.done() and not opening.cancelled() and opening.exception() is None
        and opening.result().is_open
    )  # fmt: skip


def _can_be_made(schema: str) -> bool:
    plain = schema.isidentifier() and schema.islower() and len(schema) <= _LONGEST_SCHEMA
    return plain and not schema.startswith("pg_")


def _is_cut_off(error: Exception) -> bool:
    """Whether the server is out of reach, so that other connections are likely dead as well."""
    sqlstate = str(getattr(error, "sqlstate", None) or "")
    if sqlstate:
        return sqlstate.startswith(("08", "57P"))  # 57014, cancelled, is only that statement
    return isinstance(error, psycopg.OperationalError | PoolTimeout | PoolClosed | OSError)


_ALL: WeakSet[Database] = WeakSet()
_NUMBERS = count()
_OF_THE_PARENT: list[object] = []  # kept, since what is thrown away is closed


def _begin_anew_in_child() -> None:
    for database in list(_ALL):
        database._begin_anew()  # noqa: SLF001  this module's own class


os.register_at_fork(after_in_child=_begin_anew_in_child)

_FAILURES = (psycopg.Error, PoolTimeout, PoolClosed, OSError, UnicodeEncodeError)
_WHO = (
    "select pg_backend_pid(), current_setting('default_transaction_isolation'),"
    " current_setting('standard_conforming_strings'), current_setting('intervalstyle')"
)
_AS_WE_NEED = ("read committed", "on", "postgres")
_SETTLE_IN = (
    "set default_transaction_isolation = 'read committed';"
    " set standard_conforming_strings = on; set intervalstyle = 'postgres'"
)
"""Whoever waits for a row has to see it as it is then, not as it was when he began to wait; what
functions hold is read as it was written; and a duration is one text wherever it is shown."""
_CONNECTION: dict[str, Any] = {
    "autocommit": True,
    "connect_timeout": CONNECT_TIMEOUT_S,
    "application_name": "holdfast",
    "client_encoding": "utf8",  # whatever the environment or the role would have
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,
}
