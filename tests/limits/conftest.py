"""Limits as an application holds them, on a real database."""

import asyncio

import pytest


@pytest.fixture
def clock():
    """A clock that goes when it is told to: `clock.now += 1`."""

    class Clock:
        now = 1000.0

        def __call__(self) -> float:
            return self.now

    return Clock()


class Gate:
    """The database, reached by as many calls as are let through."""

    def __init__(self, database):
        self._database = database
        self._through = asyncio.Semaphore(0)
        self.asked = 0

    def let(self, calls):
        for _ in range(calls):
            self._through.release()

    async def run(self, call):
        self.asked += 1
        await self._through.acquire()
        return await self._database.run(call)


@pytest.fixture
def gated():
    """Puts a gate before a database: `gated(database).let(1)`."""
    return Gate
