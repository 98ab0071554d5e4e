"""Stand-alone enqueues share commits.

While one statement is on its way to the disk, whoever enqueues meanwhile waits for the next one and
goes with it: one INSERT, one commit, one notification for all. Each caller is answered after the
COMMIT that holds its job, so nothing is less durable; a lone caller waits for nobody.

A quick server would stand still while sixteen callers are told and say what they want next. So
there they go in two flights, one said behind the other on one connection: while one is stored, the
other is filled. It costs the server more, since half of what a flight costs is the same for any
size; one that takes its time, or is far away, is asked once for all of them. So is one behind a
pooler, where nothing can be said behind another.
"""

import asyncio
import time
from collections.abc import Callable, Sequence
from functools import partial

from holdfast.database import Database, fly
from holdfast.engine import jobs
from holdfast.engine.model import Job, Receipt
from holdfast.engine.service_time import ServiceTime

_MOST = 1000
_IN_FLIGHT = 2  # one on its way to the disk, one being written
_WORTH_SPLITTING = 32
_WORTH_SPLITTING_QUICKLY = 8  # fewer are stored while the next ones are still being told
_Waiting = tuple[Job, "asyncio.Future[Receipt]"]


class Coalescer:
    """Gathers the enqueues of one event loop.

    Args:
        database: where they are stored.
        clock: seconds that only go forward, in fine steps; the loop's own may stand for a turn.
    """

    def __init__(self, database: Database, clock: Callable[[], float] = time.perf_counter) -> None:
        self._database = database
        self._clock = clock
        self._loop = asyncio.get_running_loop()
        self._waiting: list[_Waiting] = []
        self._in_flight = 0
        self._largest = 0
        self._in_haste = False
        self._looking = False
        self._service_time = ServiceTime()
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
            return await self._database.run(jobs.enqueue(job), behind=not job.is_special)
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
        quick = self._service_time.is_quick and not self._database.pooled
        if self._in_flight:
            if 2 * count >= self._largest and (quick or not self._in_haste):
                self._take_off(count, behind=quick)
            return
        parts = 2 if count >= (_WORTH_SPLITTING_QUICKLY if quick else _WORTH_SPLITTING) else 1
        self._in_haste = parts > 1 and count < _WORTH_SPLITTING
        for _ in range(parts):
            self._take_off(-(-count // parts), behind=quick)

    def _take_off(self, count: int, *, behind: bool) -> None:
        count = min(count, _MOST)
        batch, self._waiting = self._waiting[:count], self._waiting[count:]
        self._in_flight += 1
        self._largest = count
        task = self._loop.create_task(self._fly(batch, behind))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _landed(self) -> None:
        """All who were on this flight have gone on, and have said what they want next."""
        self._in_flight -= 1
        self._look()

    async def _fly(self, batch: Sequence[_Waiting], behind: bool) -> None:
        try:
            await fly(batch, partial(self._store, behind))
        finally:
            self._loop.call_soon(self._landed)

    async def _store(self, behind: bool, batch: Sequence[Job]) -> Sequence[Receipt]:
        call = jobs.enqueue_many(batch)
        took_off_at = self._clock()
        self._service_time.took_off(took_off_at)
        try:
            return await self._database.run(call, behind=behind)
        finally:
            self._service_time.landed(self._clock(), took_off_at)
