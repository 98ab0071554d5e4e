"""Connections: wires for coroutines, a pool for threads, one for listening.

With a DSN we use that server. Without one the embedded server of the data folder is started, shared
with every other process that works on the same folder, and started again if it was killed: each
failure to connect asks it to heal before the next try.

Behind a pooler (PgBouncer in transaction mode) a session is not ours for longer than a transaction.
We keep nothing in one: no session lock, no setting, and there no prepared statement either, nor do
we send a statement behind another one.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any, TypeVar

import psycopg
from psycopg_pool import AsyncConnectionPool

from holdfast import log
from holdfast.database.call import Call
from holdfast.database.embedded import EmbeddedServer
from holdfast.database.per_loop import PerLoop
from holdfast.database.session import (
    CONNECT_TIMEOUT_S,
    CONNECTION,
    FAILURES,
    WRITES,
    Sessions,
    is_cut_off,
    is_read_only,
)
from holdfast.database.theirs import hidden, shown
from holdfast.database.thread_connections import ThreadConnections
from holdfast.database.translate import translate
from holdfast.database.waiting import patiently
from holdfast.database.wires import OURS, Wires
from holdfast.errors import ConfigError

T = TypeVar("T")
_DATABASE_UNAVAILABLE = log.Event(
    "database.unavailable",
    logging.WARNING,
    "No call reaches the database until it is back.",
    schema=str,
)

_DATABASE_BACK = log.Event(
    "database.back", logging.INFO, "Calls reach the database again.", schema=str
)

STANDBY = "this server is a standby"
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
        patience_s: so long an answer is waited for, and as long as the call may take.
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
        self.embedded = None if dsn else EmbeddedServer(data)
        self._dsn = dsn
        self._size = size
        self._patience_s = patience_s
        self._progress = progress
        self._sessions = Sessions()
        self._threads = ThreadConnections(self.dsn, self._sessions, size)
        self._opened = PerLoop(self._opening)
        self._closing: set[asyncio.Future[None]] = set()
        self._away = False
        self._rooms = PerLoop(partial(asyncio.Semaphore, max(1, size // 2)))

    def dsn(self) -> str:
        """Where the server is; starts or heals the embedded one. May take seconds; use a thread."""
        if self.embedded is not None:
            self._dsn = self.embedded.ensure(progress=self._progress)
        if self._dsn is None:
            raise ConfigError("no database: set HOLDFAST_DATABASE_URL")
        return self._dsn

    @property
    def pooled(self) -> bool:
        """True once a connection was found to go through a pooler."""
        return self._sessions.pooled

    @property
    def isolation(self) -> str:
        """What transactions have that do not ask for another isolation."""
        return self._sessions.isolation

    # ---------------------------------------------------------------- coroutines

    async def run(self, call: Call[T], *, behind: bool = False) -> T:
        """Run the operation in a transaction of its own; returns after its commit.

        Args:
            call: what to run.
            behind: it may be sent behind another one like it that has no answer yet. They share a
                connection and its fate, and the server runs one after the other without a pause.
                Not through a pooler.

        Raises:
            DatabaseUnavailable: no connection could be had, or it broke, or gave no answer; then
                the commit may have happened.
            HoldfastError: as the operation says.
        """
        wires = None
        try:
            wires = await self._wires()
            wire = await wires.take(behind=behind)
            try:
                rows = await wire.ask(
                    call.sql(self.schema, "numeric"), [*call.args.values()],
                    self._patience_s + call.takes_s,
                )  # fmt: skip
            finally:
                await wires.give(wire)
        except FAILURES as error:
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
        except FAILURES as error:
            raise await self._failed(error, wires) from error
        try:
            yield wire.connection
        except psycopg.Error as error:
            if is_cut_off(error) and not wire.connection.closed:
                raise
            raise await self._failed(error, wires) from error
        finally:
            await wires.put_back(wire)

    async def why_read_only(self) -> str:
        """Why nothing can be stored here, though it can be read: a standby, or a setting; or "".

        Who is told so has new connections with his next call, as if he had tried to write.
        """
        async with self.connection() as connection:
            cursor = await connection.execute(WRITES)
            standby, read_only = await cursor.fetchone() or (False, "off")
        if not standby and read_only == "off":
            return ""
        (await self._wires()).renewal.want()
        return STANDBY if standby else "transactions are read-only by default"

    async def _failed(self, error: Exception, wires: Wires | None) -> Exception:
        """Our error for it; if the server is out of reach, the next call begins afresh."""
        ours = translate(error)
        if wires is not None and is_cut_off(error):
            await self._drop_wires(wires)
        elif wires is not None and is_read_only(error):
            wires.renewal.want()
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
        await (await self._connected(dsn)).close()

        async def configure(connection: psycopg.AsyncConnection[Any]) -> None:
            await wires.made(connection)
            await self._sessions.begin(connection)

        pool = AsyncConnectionPool(
            dsn, min_size=1, max_size=self._size, timeout=CONNECT_TIMEOUT_S,
            reconnect_timeout=CONNECT_TIMEOUT_S, kwargs=CONNECTION, open=False,
            configure=configure, name=f"{OURS}{next(_NUMBERS)}",
        )  # fmt: skip
        wires = Wires(pool, self._size)
        try:
            await pool.open(wait=True, timeout=CONNECT_TIMEOUT_S)  # else it makes two for the first
        except BaseException:
            await wires.close(timeout_s=0)
            raise
        if self._away:
            self._away = False
            _DATABASE_BACK(schema=self.schema)
        return wires

    async def _drop_wires(self, wires: Wires) -> None:
        """Every connection may be dead; the next call begins with fresh ones, if none did yet."""
        opened = self._opened.known()
        if opened is not None and _is_open(opened) and opened.result() is wires:
            self._forget(opened)
            self._away = True
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
            return await self._connected(dsn)
        except (psycopg.Error, OSError) as error:
            raise translate(error) from error

    async def _connected(self, dsn: str) -> psycopg.AsyncConnection[Any]:
        connection = await psycopg.AsyncConnection.connect(dsn, **CONNECTION)
        try:
            await self._sessions.begin(connection)
        except BaseException:
            await connection.close()
            raise
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

        What the block itself does wrong in it stays the driver's error, as it would be anywhere.

        Raises:
            DatabaseUnavailable: no connection could be had, or the outcome of the commit is
                unknown.
        """
        with shown():
            async with self.connection() as connection, connection.transaction():
                with hidden():
                    yield connection

    @contextmanager
    def transaction_sync(self) -> Iterator[psycopg.Connection[Any]]:
        """The same for threads."""
        with (
            shown(),
            self._threads.one() as connection,
            connection.transaction(),
            hidden(),
        ):
            yield connection

    # ---------------------------------------------------------------- threads

    def run_sync(self, call: Call[T]) -> T:
        """As `run`, for code without an event loop."""
        seconds = self._patience_s + call.takes_s
        with self._threads.one() as connection, patiently(connection, seconds):
            rows = connection.execute(call.sql(self.schema), list(call.args.values())).fetchall()
        return call.read(rows)

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
        self._threads.close()
        if self.embedded is not None:
            self.embedded.release()


def _is_open(opening: asyncio.Task[Wires]) -> bool:
    return (
        opening.done() and not opening.cancelled() and opening.exception() is None
        and opening.result().is_open
    )  # fmt: skip


def _can_be_made(schema: str) -> bool:
    plain = schema.isidentifier() and schema.islower() and len(schema) <= _LONGEST_SCHEMA
    return plain and not schema.startswith("pg_")


_NUMBERS = count()
