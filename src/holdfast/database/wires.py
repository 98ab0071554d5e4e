"""The connections of one event loop: the driver's pool, and the wires that were just in use.

To take a connection out of the pool and to put it back costs as much as a short statement. So the
last few stay out as wires. They go back when there are more of them than are used at a time, when
somebody waits for one, and now and then, so that the pool can renew them.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from weakref import WeakKeyDictionary

import psycopg
from psycopg_pool import AsyncConnectionPool

from holdfast.database.wire import Plans, Wire

_KEPT = 4
_KEPT_FOR_S = 300.0


class Wires:
    """Lends wires, each to one user at a time."""

    def __init__(self, pool: AsyncConnectionPool[Any]) -> None:
        self._pool = pool
        self._idle: list[Wire] = []
        self._plans: WeakKeyDictionary[psycopg.AsyncConnection[Any], Plans] = WeakKeyDictionary()
        self._waiting = 0
        self._open = True
        self._loop = asyncio.get_running_loop()

    async def take(self) -> Wire:
        """A wire that works as far as we know; `give` it back.

        Raises:
            PoolTimeout: all are in use.
            PoolClosed: `close` was called.
        """
        while self._idle:
            wire = self._idle.pop()
            if wire.is_sound:
                return wire
            await self._put_back(wire)
        self._waiting += 1
        try:
            connection = await self._pool.getconn()
        finally:
            self._waiting -= 1
        plans = self._plans.setdefault(connection, {})
        return Wire(connection, plans, self._loop.time() + _KEPT_FOR_S)

    async def give(self, wire: Wire) -> None:
        """It is free again."""
        if (
            self._open and wire.is_sound and not self._waiting and len(self._idle) < _KEPT
            and wire.until > self._loop.time()
        ):  # fmt: skip
            self._idle.append(wire)
        else:
            await self._put_back(wire)

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[psycopg.AsyncConnection[Any]]:
        """The connection of a wire, for whatever the driver can do; what is left open is undone."""
        wire = await self.take()
        wire.unwatch()
        try:
            yield wire.connection
        finally:
            await self._put_back(wire)

    async def close(self, timeout_s: float) -> None:
        """Close those that are idle, and the others as they come back."""
        self._open = False
        while self._idle:
            await self._put_back(self._idle.pop())
        await self._pool.close(timeout=timeout_s)

    async def _put_back(self, wire: Wire) -> None:
        wire.unwatch()
        await self._pool.putconn(wire.connection)
