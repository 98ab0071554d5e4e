"""The trip of a job through a worker, one loop per queue.

Claim a batch as large as there is room; start one task per job while slots are free, the rest
waits in a short buffer; each task makes one attempt and hands its verdict to the settler. When a
slot gets free the next job starts at once, and when the buffer gets low the next batch is claimed,
so that the database and the handlers work at the same time. The buffer is work for a few
milliseconds and no more: what is in it is not there for others, and who comes now, a tenant beside
a flood or an urgent job, waits behind it.
"""

import asyncio
import contextvars
import time
from collections import deque
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from holdfast.attempt import attempt
from holdfast.channel import Registry
from holdfast.database import Database, within
from holdfast.engine import jobs, limits, maintenance, queues
from holdfast.engine.model import ClaimedJob
from holdfast.errors import DatabaseUnavailable
from holdfast.policy.verdict import Retry, Snooze, Verdict
from holdfast.worker.absence import Absence
from holdfast.worker.doubt import Doubt
from holdfast.worker.rhythm import Breath, Due, Pace
from holdfast.worker.settle import Result, Settler
from holdfast.worker.wake import POLLS_S, Wake

_IDLE_FOR = timedelta(seconds=60)
_LIMITS_FOR_S = 5.0
_ANSWER_WITHIN_S = 30.0
_OVERDUE_S = 0.02  # it is due, and a claim did not bring it: somebody else is about to
_AGAIN_S = 10.0
_BUSY_CLAIMS = 3  # so many full hands in a row, and we no longer ask to be notified


@dataclass(frozen=True, slots=True)
class Limits:
    """What the queue's policy allows this worker."""

    lease_s: float
    timeout_s: float
    batch: int
    concurrency: int
    limited: bool = False
    breaker: bool = False


@dataclass(slots=True, eq=False)
class Leased:
    """A job in our hands, and until when by our own clock; `missed`: heartbeats, in a row."""

    job: ClaimedJob
    deadline: float
    task: asyncio.Task[None] | None = None
    due: float = 0.0
    lost: bool = False
    missed: int = 0
    timed_out: bool = False
    ending: bool = False


class QueueLoop:
    """Works on one queue until it is stopped."""

    def __init__(
        self, queue: str, database: Database, registry: Registry, worker: str, wake: Wake,
        settler: Settler, leased: dict[UUID, Leased],
    ) -> None:  # fmt: skip
        self.queue = queue
        self.limits = Limits(60, 300, 500, 50)
        self._database = database
        self._registry = registry
        self._worker = worker
        self._wake = wake
        self._settler = settler
        self._leased = leased
        self._buffer: deque[Leased] = deque()
        self._running: dict[Leased, None] = {}  # the oldest first
        self._watching: asyncio.TimerHandle | None = None
        self._pace = Pace()
        self._beginning = False
        self._room = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        self._context = contextvars.copy_context()
        self._stopping = False
        self._told_idle_at = float("-inf")
        self._polls = 0
        self._claims_in_a_row = 0
        self._was_filled = False
        self._breath = Breath()
        self._due = Due()
        self._absence = Absence(queue)
        self._read_limits_at = float("-inf")
        self._doubt = Doubt(self._obey_breaker, self._go_on)

    async def run(self) -> None:
        """Claim and start until `stop`; survives a database that comes and goes."""
        while not self._stopping:
            try:
                want = self._want()
                if not want:
                    self._room.clear()
                    await self._room.wait()
                    continue
                if wait_s := self._breath.needed(was_filled=self._was_filled):
                    await asyncio.sleep(wait_s)
                self._breath.claims()
                self._pace.claims()
                self._wake.clear(self.queue)
                found = await self.claim(want)
                self._absence.over()
                self._breath.brought(found)
                if found and not self._wake.hears:
                    self._polls = 0  # nobody will call: the next one may come soon, too
                if self._breath.brisk:
                    continue
                if not found or (found < want and self._is_told()):
                    await self._rest(found)
            except DatabaseUnavailable as error:
                self._absence.met(error)
                await self._wake.wait(self.queue, 0.5)

    def stop(self) -> list[ClaimedJob]:
        """Claim nothing more; returns the jobs that were not begun."""
        self._stopping = True
        self._doubt.end()
        if self._watching is not None and not self._running:
            self._watching.cancel()  # it would keep us for as long as an attempt may take
        self._room.set()
        self._wake.ring(self.queue)
        left = [leased.job for leased in self._buffer]
        self._buffer.clear()
        for job in left:
            self._leased.pop(job.id, None)
        return left

    async def claim(self, limit: int) -> int:
        """Claim up to `limit` jobs and begin them; returns how many there were."""
        await self._tell_busy()
        if time.monotonic() - self._read_limits_at > _LIMITS_FOR_S:
            await self.refresh_limits()
        asked_at, waiting = time.monotonic(), bool(self._buffer)
        doubts = self._doubt.resolved
        claiming = self._database.run(jobs.claim(self.queue, limit, self._worker))
        claimed = await within(_ANSWER_WITHIN_S, claiming)
        for job in claimed:
            leased = Leased(job, asked_at + self.limits.lease_s)
            self._leased[job.id] = leased
            self._buffer.append(leased)
        self._was_filled = len(claimed) == limit
        if self._was_filled:
            self._claims_in_a_row += 1
        elif not claimed:
            self._claims_in_a_row = 0
        # another worker may have opened it; or we have, while these were on their way
        is_doubtful = (waiting and len(claimed) < limit) or self._doubt.resolved != doubts
        if self.limits.breaker and is_doubtful:
            await self._obey_breaker()
        self._begin()
        return len(claimed)

    async def refresh_limits(self) -> None:
        """Read the policy; it can change at any time. Raises UnknownQueue if there is none."""
        policy = await self._database.run(queues.limits(self.queue))
        self.limits = Limits(
            policy["lease"], policy["timeout"], int(policy["batch"]), int(policy["concurrency"]),
            bool(policy["limited"]), bool(policy["breaker"]),
        )  # fmt: skip
        self._read_limits_at = time.monotonic()

    def drop(self, leased: Leased) -> None:
        """The lease is lost: whatever is done about the job now is somebody else's to do."""
        leased.lost = True
        self._leased.pop(leased.job.id, None)
        if leased.task is not None:
            self._end(leased)
        else:
            self._buffer = deque(other for other in self._buffer if other is not leased)
        self._doubt.settled(leased)

    def settled(self, leased: Leased) -> None:
        """A job of ours has ended: where the queue limits how many run, there is room for one."""
        self._doubt.settled(leased)
        if self.limits.limited:
            self._wake.ring(self.queue)

    async def through(self) -> None:
        """Until everything that was claimed has run."""
        while self._running or self._buffer:
            self._room.clear()
            await self._room.wait()

    # ---------------------------------------------------------------- inside

    def _is_told(self) -> bool:
        """Whether we are notified of what comes: a claim that was not filled need not be repeated.

        Where the queue is limited, it may be the limit that left the rest.
        """
        told = time.monotonic() - self._told_idle_at < _IDLE_FOR.total_seconds() / 2
        return told and self._wake.hears and not self.limits.limited

    def _want(self) -> int:
        """How many jobs to claim now: for the free slots, and for what will be free soon."""
        ahead = min(self._pace.ahead(self.limits.concurrency), self.limits.batch)
        lacking = self.limits.concurrency - len(self._running) + ahead - len(self._buffer)
        if ahead and lacking < (ahead + 1) // 2 and self._running:
            return 0
        return max(0, min(lacking, self.limits.batch))

    def _begin(self) -> None:
        if self._beginning:
            return  # where tasks are eager, one that never waits is through before it has begun
        self._beginning = True
        try:
            self._begin_what_fits()
        finally:
            self._beginning = False
        if self._running and self._watching is None:
            self._watch()

    def _begin_what_fits(self) -> None:
        while self._buffer and len(self._running) < self.limits.concurrency:
            if self._stopping or self._doubt:
                break
            leased = self._buffer.popleft()
            now = time.monotonic()
            if leased.deadline - now < self.limits.lease_s / 4:
                # Too little is left of the lease to begin anything; it will be rescued.
                self._leased.pop(leased.job.id, None)
                continue
            leased.due = now + self.limits.timeout_s
            self._running[leased] = None
            # whoever begins it may be the task of another job, whose context variables stay its own
            leased.task = self._context.run(self._loop.create_task, self._handle(leased))

    def _watch(self) -> None:
        """End attempts that take too long; one timer for all, since all have the same time."""
        self._watching = None
        now = time.monotonic()
        for leased in self._running:
            if leased.due > now:
                self._watching = self._loop.call_later(leased.due - now, self._watch)
                return
            leased.timed_out = True
            self._end(leased)

    def _end(self, leased: Leased) -> None:
        """Cancel it once, for one reason or two: it may have something to store on its way out."""
        if not leased.ending:
            leased.ending = True
            self._cancel(leased)

    def _cancel(self, leased: Leased) -> None:
        """Later again, if it stays.

        `asyncio.wait_for` may lose a cancellation before Python 3.12, and a handler at all times.
        """
        if leased in self._running and leased.task is not None:
            leased.task.cancel()
            self._loop.call_later(_AGAIN_S, self._cancel, leased)

    async def _handle(self, leased: Leased) -> None:
        began = time.monotonic()
        try:
            verdict = await attempt(leased.job, self._registry)
        except asyncio.CancelledError:
            verdict = self._ended_early(leased)
        finally:
            del self._running[leased]
            self._pace.ended(time.monotonic() - began)
        if not leased.lost:
            if self.limits.breaker and getattr(verdict, "outage", False):
                self._doubt.add(leased)
            self._settler.put(Result(leased.job, verdict, leased))
        self._begin()
        self._room.set()

    async def _obey_breaker(self) -> None:
        """What was not begun goes back if the breaker does not let it pass; no attempt is used."""
        try:
            is_open, probe = await self._database.run(limits.breaker_of_queue(self.queue))
        except DatabaseUnavailable:
            return
        if not is_open or self._stopping:
            return
        kept = deque(leased for leased in self._buffer if leased.job.claim_token == probe)
        returned = [leased for leased in self._buffer if leased.job.claim_token != probe]
        self._buffer = kept
        await self._give_back(returned)

    async def _give_back(self, returned: list[Leased]) -> None:
        """They were not begun; if the database is away, they go with the next results."""
        because = "the breaker of the queue is open"
        leases = [(leased.job.id, leased.job.claim_token) for leased in returned]
        try:
            if leases:
                await self._database.run(jobs.release(leases, because))
        except DatabaseUnavailable:
            for leased in returned:
                self._settler.put(Result(leased.job, Snooze(because), leased))
            return
        for leased in returned:
            self._leased.pop(leased.job.id, None)
            self.settled(leased)

    def _go_on(self) -> None:
        self._begin()
        self._room.set()

    def _ended_early(self, leased: Leased) -> Verdict:
        if leased.timed_out:
            return Retry(f"timed out after {self.limits.timeout_s:g} s")
        if self._stopping or leased.lost:
            return Snooze("the worker stopped before the job was through")
        return Retry("the handler was cancelled from inside")

    async def _rest(self, found: int) -> None:
        """Nothing to do: say so, and wait for a notification, a due date or the next poll.

        The quick polls come only after we have said so for the first time; from then on whoever
        enqueues sees it and notifies us.
        """
        now = time.monotonic()
        if now - self._told_idle_at > _IDLE_FOR.total_seconds():
            self._polls = 0
        if now - self._told_idle_at > _IDLE_FOR.total_seconds() / 2:
            if self._wake.hears:
                await self._database.run(maintenance.set_idle(self._worker, self.queue, _IDLE_FOR))
            self._told_idle_at = now
        pause = POLLS_S[min(self._polls, len(POLLS_S) - 1)]
        self._polls += 1
        if pause > POLLS_S[1]:
            due_s = await self._due_in(found)
            pause = min(pause, max(due_s, 0.001) if due_s > 0 else _OVERDUE_S)
        await self._wake.wait(self.queue, pause)

    async def _due_in(self, found: int) -> float:
        """Seconds until there is reason to look again; asked anew where nothing was found."""
        known = self._due.known() if found and not self.limits.limited else None
        if known is not None:
            return known
        return self._due.told(await self._database.run(maintenance.next_due(self.queue)))

    async def _tell_busy(self) -> None:
        """Where we look again and again by ourselves, the others are spared the NOTIFY."""
        busy = self._claims_in_a_row >= _BUSY_CLAIMS or self._breath.brisk
        if busy and self._told_idle_at > 0:
            if self._wake.hears:
                await self._database.run(maintenance.set_idle(self._worker, self.queue, None))
            self._told_idle_at = float("-inf")
