"""What many ask at the same moment becomes one call.

While one call is on its way, whoever comes meanwhile waits for the next one and goes with it. A
lone caller waits for nobody. Each gets what the call says about its own item, after the commit.
"""

import asyncio
from collections.abc import Callable, Sequence
from functools import partial
from typing import Generic

from holdfast.database.call import Call
from holdfast.database.connect import Database
from holdfast.database.flight import Answer, Item, fly
from holdfast.database.per_loop import PerLoop


class Gather(Generic[Item, Answer]):
    """Gathers what is asked; `call` makes the operation that answers all of it. Per event loop."""

    def __init__(
        self, database: Database, call: Callable[[Sequence[Item]], Call[Sequence[Answer]]],
        most: int = 100, in_flight: int = 1,
    ) -> None:  # fmt: skip
        self._lines = PerLoop(partial(_Line[Item, Answer], database, call, most, in_flight))

    async def ask(self, item: Item) -> Answer:
        """What the database says about one item.

        Raises:
            DatabaseUnavailable: nobody knows; also whether it was written.
            HoldfastError: this item is refused.
        """
        return await self._lines.here().ask(item)


class _Line(Generic[Item, Answer]):
    """Those who wait in one event loop."""

    def __init__(
        self, database: Database, call: Callable[[Sequence[Item]], Call[Sequence[Answer]]],
        most: int, in_flight: int,
    ) -> None:  # fmt: skip
        self._database = database
        self._call = call
        self._most = most
        self._free = in_flight
        self._waiting: list[tuple[Item, asyncio.Future[Answer]]] = []
        self._tasks: set[asyncio.Task[None]] = set()

    async def ask(self, item: Item) -> Answer:
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[Answer] = loop.create_future()
        self._waiting.append((item, answer))
        if self._free and len(self._waiting) == 1:
            loop.call_soon(self._take_off)  # those who come in this very moment still go with it
        return await answer

    def _take_off(self) -> None:
        while self._free:
            # who has given up is not asked for
            self._waiting = [one for one in self._waiting if not one[1].done()]
            if not self._waiting:
                return
            batch, self._waiting = self._waiting[: self._most], self._waiting[self._most :]
            self._free -= 1
            task = asyncio.get_running_loop().create_task(fly(batch, self._ask))
            self._tasks.add(task)
            task.add_done_callback(self._landed)

    def _landed(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled():
            task.exception()  # who waited was told
        self._free += 1
        self._take_off()

    async def _ask(self, items: Sequence[Item]) -> Sequence[Answer]:
        return await self._database.run(self._call(items))
