"""After an outage: is the breaker of the queue still closed?

A worker holds more jobs than it runs. When an attempt says that the destination failed, the queue's
breaker may open, and what it holds must not be tried then. So nothing begins until that result has
been settled, which is what opens a breaker, and the breaker has been asked.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any


class Doubt:
    """Which results have to be settled before anything begins.

    Args:
        ask: called when all of them are; asks the breaker and obeys it.
        resume: called when that is done.
    """

    def __init__(self, ask: Callable[[], Awaitable[None]], resume: Callable[[], None]) -> None:
        self._ask = ask
        self._resume = resume
        self._unsettled: set[Any] = set()
        self._asking: asyncio.Task[None] | None = None
        self._again = False
        self.resolved = 0
        """How many doubts there were: whoever claimed meanwhile has to ask by himself."""

    def __bool__(self) -> bool:
        return bool(self._unsettled) or self._asking is not None

    def add(self, job: Any) -> None:
        """Its attempt met an outage, and nobody knows of it yet."""
        self._unsettled.add(job)

    def settled(self, job: Any) -> None:
        """Its result is in the database, or will never be."""
        if job not in self._unsettled:
            return
        self._unsettled.discard(job)
        if self._asking is not None:
            self._again = True
        elif not self._unsettled:
            self._asking = asyncio.get_running_loop().create_task(self._resolve())

    def end(self) -> None:
        """The worker stops; nothing begins any more."""
        if self._asking is not None:
            self._asking.cancel()

    async def _resolve(self) -> None:
        try:
            while True:
                self._again = False
                await self._ask()
                if not self._again:
                    break
        finally:
            self._asking = None
            self.resolved += 1
        self._resume()
