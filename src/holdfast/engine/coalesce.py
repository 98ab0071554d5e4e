"""Stand-alone enqueues share commits.

While one statement is on its way to the disk, whoever enqueues meanwhile waits for the next one and
goes with it: one INSERT, one commit, one notification for all. Each caller is answered after the
COMMIT that holds its job, so nothing is less durable; a lone caller waits for nobody.

Sixteen callers go together in one flight, since all of them are woken by the same landing. Two
flights of eight are no faster (they wait for each other's disk) and cost a third more.
"""

import asyncio
from collections.abc import Sequence

from holdfast.database import Database, fly
from holdfast.engine import jobs
from holdfast.engine.model import Job, Receipt

_MOST = 1000
_IN_FLIGHT = 2  # one on its way to the disk, one being written
_WORTH_SPLITTING = 32
_Waiting = tuple[Job, "asyncio.Future[Receipt]"]


class Coalescer:
    """Gathers the enqueues of one event loop."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._loop = asyncio.get_running_loop()
        self._waiting: list[_Waiting] = []
        self._in_flight = 0
        self._largest = 0
        self._looking = False
        self._tasks: set[asyncio.Task[None]] = set()

    async def enqueue(self, job: Job) -> Receipt:
        """Store the job; returns after the commit. Raises as `jobs.enqueue`."""
        if not self._in_flight:
            return await self._alone(job)
        if job.dedupe_key is not None or job.ordering_key is not None:
            # It may have to wait for another transaction; the others must not wait with it.
            return await self._database.run(jobs.enqueue(job))
        answer: asyncio.Future[Receipt] = self._loop.create_future()
        self._waiting.append((job, answer))
        self._look_soon()
        return await answer

    async def _alone(self, job: Job) -> Receipt:
        """Nobody else is on the way: no detour through a task, for the sake of the lone caller."""
        self._in_flight += 1
        self._largest = 1
        try:
            return await self._database.run(jobs.enqueue(job))
        finally:
            self._in_flight -= 1
            self._look_soon()

    def _look_soon(self) -> None:
        if self._waiting and not self._looking:
            self._looking = True
            self._loop.call_soon(self._look)

    def _look(self) -> None:
        """Flights of about the same size go furthest: a small one costs as much as a large one.

        So a few wait for the flight before them if that is a large one, and many share two flights.
        """
        self._looking = False
        count = len(self._waiting)
        if not count or self._in_flight == _IN_FLIGHT:
            return
        if self._in_flight:
            if 2 * count >= self._largest:
                self._take_off(count)
        elif count < _WORTH_SPLITTING:
            self._take_off(count)
        else:
            self._take_off(count - count // 2)
            self._take_off(count // 2)

    def _take_off(self, count: int) -> None:
        count = min(count, _MOST)
        batch, self._waiting = self._waiting[:count], self._waiting[count:]
        self._in_flight += 1
        self._largest = count
        task = self._loop.create_task(self._fly(batch))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _landed(self) -> None:
        """All who were on this flight have gone on, and have said what they want next."""
        self._in_flight -= 1
        self._look()

    async def _fly(self, batch: Sequence[_Waiting]) -> None:
        try:
            await fly(batch, self._store)
        finally:
            self._loop.call_soon(self._landed)

    async def _store(self, batch: Sequence[Job]) -> Sequence[Receipt]:
        return await self._database.run(jobs.enqueue_many(batch))
