"""The connections of one event loop: the driver's pool, and the wires that were just in use.

To take a connection out of the pool and to put it back costs as much as a short statement. So the
last few stay out as wires. They go back when there are more of them than are used at a time, when
somebody waits for one, and now and then, so that the pool can renew them.

Whoever finds all of them lent waits in line. So if the pool has none within its own few seconds,
it is the server that gives none, and not we who are busy.
"""

import asyncio
import logging
from collections import deque
from contextlib import suppress
from typing import Any
from weakref import WeakKeyDictionary, WeakSet

import psycopg
from psycopg import pq
from psycopg_pool import AsyncConnectionPool, PoolClosed

from holdfast.database.session import Renewal
from holdfast.database.wire import GIVEN_UP, Plans, Wire
from holdfast.errors import DatabaseUnavailable

BUSY_S = 30.0
"""How long a call waits while every connection is in use."""
_LOOK_EVERY_S = 1.0
_KEPT = 4
_BEHIND = 2
_KEPT_FOR_S = 300.0
OURS = "holdfast-"
"""How the names of pools begin, and so those of their tasks; and the keepers' name."""
_WISHES_S = 30.0
_LAST_S = 2.0
_MOMENT_S = 0.01
_LAST_MOMENTS = 200


def _is_told(record: logging.LogRecord) -> bool:
    """A connect that was cancelled is no error of connecting, nor is what we closed one of ours."""
    args = record.args if isinstance(record.args, tuple) else ()
    return not any(
        isinstance(one, asyncio.CancelledError)
        or (isinstance(one, psycopg.AsyncConnection) and one in GIVEN_UP)
        for one in args
    )


logging.getLogger("psycopg.pool").addFilter(_is_told)


def busy(size: int) -> DatabaseUnavailable:
    """What is told to whom no connection came free; the server may be well."""
    return DatabaseUnavailable(
        f"all {size} connections of this process were in use for {BUSY_S:.0f} s: it asks for more "
        "than the database does, or somebody keeps transactions open"
    )


async def _end(connection: psycopg.AsyncConnection[Any]) -> None:
    for _ in range(_LAST_MOMENTS):
        if connection.info.transaction_status != pq.TransactionStatus.ACTIVE:
            break
        await asyncio.sleep(_MOMENT_S)  # what it is asked was cancelled, too
    await connection.close()


class Wires:
    """Lends wires, each to one user at a time, and at most `size` of them.

    Attributes:
        renewal: when the connections are made anew, though the server is there.

    Args:
        pool: where the connections come from; it tells `made` of each new one.
        size: how many it gives.
    """

    def __init__(self, pool: AsyncConnectionPool[Any], size: int) -> None:
        self.renewal = Renewal()
        self._pool = pool
        self._made: WeakSet[psycopg.AsyncConnection[Any]] = WeakSet()
        self._ended = False
        self._size = self._free = size
        self._line: deque[asyncio.Future[None]] = deque()
        self._idle: list[Wire] = []
        self._plans: WeakKeyDictionary[psycopg.AsyncConnection[Any], Plans] = WeakKeyDictionary()
        self._asking: set[Wire] = set()
        self._behind: Wire | None = None
        self._watch: asyncio.TimerHandle | None = None
        self._waiting = 0
        self._open = True
        self._loop = asyncio.get_running_loop()
        self._closed = self._loop.create_future()
        self._keeper = self._loop.create_task(self._keep(), name=f"{OURS}keeper")

    @property
    def is_open(self) -> bool:
        """Whether they can be taken."""
        return self._open

    async def made(self, connection: psycopg.AsyncConnection[Any]) -> None:
        """One more; closed at once, if the event loop is about to end."""
        if self._ended:
            await connection.close()
            raise asyncio.CancelledError
        self._made.add(connection)

    async def take(self, *, behind: bool = False) -> Wire:
        """A wire that works as far as we know; `give` it back.

        Args:
            behind: it may be one on which another who said so waits for his answer, if that leads
                to a session of ours.

        Raises:
            DatabaseUnavailable: all were in use for half a minute.
            PoolTimeout: the server gives no connection.
            PoolClosed: `close` was called.
        """
        if self.renewal.is_wanted and self.renewal.is_due(self._loop.time()):
            await self._renew()
        line = self._behind
        if (
            behind and line is not None and line.users < _BEHIND and self._is_to_stay(line)
            and not self._line and not self._waiting  # who waits for one would wait for ever
        ):  # fmt: skip
            line.users += 1
            return line
        if self._free:
            self._free -= 1
        else:
            await self._wait_in_line()
        try:
            wire = await self._wire()
        except BaseException:
            self._next_in_line()
            raise
        wire.users = 1
        if behind and wire.is_direct:
            self._behind = wire
        self._asking.add(wire)
        if self._watch is None:
            self._watch = self._loop.call_later(_LOOK_EVERY_S, self._look)
        return wire

    def _is_to_stay(self, wire: Wire) -> bool:
        return self._open and wire.is_sound and wire.until > self._loop.time()

    def _look(self) -> None:
        now = self._loop.time()
        for wire in self._asking:
            wire.look(now)
        again = self._asking and self._loop.call_later(_LOOK_EVERY_S, self._look)
        self._watch = again or None

    async def _renew(self) -> None:
        """None of these connections is lent again; whoever uses one may end what he does."""
        for wire in self._asking:
            wire.until = self._loop.time()
        while self._idle:
            await self._put_back(self._idle.pop())
        await self._pool.drain()

    async def _wire(self) -> Wire:
        while self._idle:
            wire = self._idle.pop()
            if wire.is_sound:
                return wire
            await self._put_back(wire)
        connection = await self._connection()
        plans = self._plans.setdefault(connection, {})
        return Wire(connection, plans, self._loop.time() + _KEPT_FOR_S)

    async def _connection(self) -> psycopg.AsyncConnection[Any]:
        """One of the pool's; `wait_for` loses a cancellation as it comes, before Python 3.12."""
        task = asyncio.current_task()
        before = task.cancelling() if task is not None else 0
        self._waiting += 1
        try:
            connection: psycopg.AsyncConnection[Any] = await self._pool.getconn()
        finally:
            self._waiting -= 1
        if task is not None and task.cancelling() > before:
            await asyncio.shield(self._pool.putconn(connection))
            raise asyncio.CancelledError
        return connection

    async def _wait_in_line(self) -> None:
        turn = self._loop.create_future()
        self._line.append(turn)
        try:
            async with asyncio.timeout(BUSY_S):
                await turn
        except BaseException as error:
            if turn.done() and not turn.cancelled() and turn.exception() is None:
                self._next_in_line()  # it was our turn in this very moment
            if isinstance(error, TimeoutError):
                raise busy(self._size) from None
            raise

    def _next_in_line(self) -> None:
        while self._line:
            turn = self._line.popleft()
            if not turn.done():
                turn.set_result(None)
                return
        self._free += 1

    async def give(self, wire: Wire) -> None:
        """It is free again, once all who have it say so."""
        wire.users -= 1
        if wire.users:
            return
        if self._behind is wire:
            self._behind = None
        self._asking.discard(wire)
        if (
            self._is_to_stay(wire) and not self._waiting
            and (self._line or len(self._idle) < _KEPT)
        ):  # fmt: skip
            self._idle.append(wire)
            self._next_in_line()
        else:
            await self.put_back(wire)

    async def lend(self) -> Wire:
        """One as `take`, whose connection is for whatever the driver can do; `put_back` it."""
        wire = await self.take()
        self._asking.discard(wire)
        wire.unwatch()
        return wire

    async def put_back(self, wire: Wire) -> None:
        """Into the pool; what was left open on it is undone."""
        try:
            await self._put_back(wire)
        finally:
            self._next_in_line()

    async def close(self, timeout_s: float) -> None:
        """Close those that are idle, and the others as they come back; who waits in line fails."""
        self._open = False
        if not self._closed.done():
            self._closed.set_result(None)
        for turn in self._line:
            if not turn.done():
                turn.set_exception(PoolClosed("the connections were given up"))
        self._line.clear()
        while self._idle:
            await self._put_back(self._idle.pop())
        await self._pool.close(timeout=timeout_s)

    async def _keep(self) -> None:
        """Close them when the event loop ends and nobody has.

        It cancels what still runs and waits for that. The pool takes a cancelled connect for a
        failed one and tries again, so it would wait for ever.
        """
        try:
            await self._closed
        except asyncio.CancelledError:
            await self._last_wishes()
            with suppress(asyncio.CancelledError):  # those who work for the pool were, too
                await self.close(_LAST_S)
            self._ended = True
            for connection in list(self._made):
                await _end(connection)

    async def _last_wishes(self) -> None:
        """What was cancelled with us may have something to say on its way out.

        Whoever was not may be the one that cancelled us, and waits for us.
        """
        until = self._loop.time() + _WISHES_S
        while self._loop.time() < until:
            others = [
                task
                for task in asyncio.all_tasks()
                if task.cancelling() and not task.get_name().startswith(OURS)
            ]
            if not others:
                return
            await asyncio.wait(others, timeout=until - self._loop.time())

    async def _put_back(self, wire: Wire) -> None:
        wire.unwatch()
        if not wire.is_silent:  # somebody was cancelled who was behind another, or before him
            GIVEN_UP.add(wire.connection)
            await wire.connection.close()
        # who is cancelled half-way would leave the pool one connection short for good
        await asyncio.shield(self._pool.putconn(wire.connection))
