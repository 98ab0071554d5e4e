"""A worker: one loop per queue, one heartbeat for all its jobs, maintenance, a graceful stop.

Any number of workers may run anywhere. None of them leads; what a dead one leaves behind, the
others find by the lease that ran out. A worker that cannot reach the database stops what it has
begun before its leases run out by its own clock, so that nobody does the same work meanwhile.
"""

import asyncio
import logging
import os
import platform
import secrets
import time
from collections.abc import Sequence
from contextlib import suppress
from typing import Any
from uuid import UUID

from holdfast import log
from holdfast.all_channels import connect_handlers, declarations, named
from holdfast.channel import Services
from holdfast.database import within
from holdfast.engine import jobs, maintenance, queues
from holdfast.engine.model import ClaimedJob
from holdfast.errors import ConfigError, DatabaseUnavailable, HoldfastError
from holdfast.worker.loop import Leased, QueueLoop
from holdfast.worker.settle import Settler
from holdfast.worker.upkeep import EVERY_S, keep_time, look_after
from holdfast.worker.wake import Wake

_WORKER_STARTED = log.Event(
    "worker.started", logging.INFO, "A worker begins.", worker=str, queues=list
)
_QUEUE_DIFFERS = log.Event(
    "queue.differs",
    logging.WARNING,
    "The queue was made before with another policy than the code has, and that one holds: "
    "holdfast queues set.",
    queue=str,
    differs=str,
)
_WORKER_STOPPED = log.Event("worker.stopped", logging.INFO, "A worker has ended.", worker=str)
_JOB_LEASE_LOST = log.Event(
    "job.lease_lost",
    logging.WARNING,
    "The lease ended while the job ran, or a person ended it; it was stopped.",
    job_id=str,
)
_WORKER_LEFT_IN_A_HURRY = log.Event(
    "worker.left_in_a_hurry",
    logging.WARNING,
    "Not everything could be given back; leases will end by themselves.",
    error=str,
)
_WORKER_HEARTBEAT_FAILED = log.Event(
    "worker.heartbeat_failed",
    logging.WARNING,
    "The leases could not be made longer; jobs are dropped when theirs end.",
    error=str,
)
_LAST_CLAIM_S = 2.0
_HURRY_S = 1.0
_AGAIN_S = 2.0
_MISSED = 2  # heartbeats; after one alone it may be about to end
_DEAF_S = 1.0  # after a notification: who sends them in a flood costs a heartbeat a second
_LEAST_HEARTBEAT_S = 2.0  # however short the leases are
_MOST_HEARTBEAT_S = 15.0  # however long: who is silent for a minute counts as gone


class Worker:
    """Works on the queues that the registered handlers name, or on those given.

    Args:
        services: the database and what this process can handle.
        only: work on these queues alone.
        grace_s: how long `stop` lets running jobs finish before it gives them back.
    """

    def __init__(
        self, services: Services, *, only: Sequence[str] | None = None, grace_s: float = 20.0
    ) -> None:
        self.name = f"{platform.node()}:{os.getpid()}:{secrets.token_hex(3)}"
        self._services = services
        self._database = services.database
        self._only = list(only) if only else None
        self._grace_s = grace_s
        self._leased: dict[UUID, Leased] = {}
        self._loops: dict[str, QueueLoop] = {}
        self._unbegun: list[ClaimedJob] = []
        self._stop = asyncio.Event()
        self._cut_short: asyncio.CancelledError | None = None
        self._doubtful: set[UUID] = set()
        self._look = asyncio.Event()
        self._wake = Wake(self._database, self._cancelled)
        self._settler = Settler(self._database, self._out_of_our_hands)

    async def run(self) -> None:
        """Work until `stop` is called; then finish or give back what was begun, and sign off."""
        await self._prepare()
        settling = asyncio.create_task(self._settler.run())
        claiming = [asyncio.create_task(loop.run()) for loop in self._loops.values()]
        tasks = [
            *claiming,
            asyncio.create_task(self._wake.run()),
            asyncio.create_task(self._beat()),
            asyncio.create_task(self._maintain()),
            asyncio.create_task(keep_time(self._services)),
        ]
        stopped = asyncio.create_task(self._stop.wait())
        try:
            finished, _ = await asyncio.wait(
                [*tasks, settling, stopped], return_when=asyncio.FIRST_COMPLETED
            )
            for task in finished - {stopped}:
                task.result()
        finally:
            # a claim that is on its way brings jobs, which are given back with the others
            await self._wind_up(claiming, tasks, settling, stopped)

    def stop(self) -> None:
        """Claim and begin nothing more, and let `run` come to its end."""
        for loop in self._loops.values():
            self._unbegun += loop.stop()
        self._stop.set()

    async def once(self, batch: int) -> int:
        """Handle what is due now, at most `batch` jobs of each queue, and return how many."""
        await self._prepare()
        settling = asyncio.create_task(self._settler.run())
        beating = asyncio.create_task(self._beat())
        handling = asyncio.create_task(self._handle(batch))
        try:
            finished, _ = await asyncio.wait(
                [handling, settling, beating], return_when=asyncio.FIRST_COMPLETED
            )
            for task in finished - {handling}:
                task.result()
            taken = await handling
            self._settler.close()
            await settling  # nobody is told of work whose results are not stored
            return taken
        finally:
            await self._wind_up([handling], [beating, handling], settling)

    async def _handle(self, batch: int) -> int:
        await look_after(self._services)
        taken = 0
        for loop in self._loops.values():
            left = batch
            while left > 0 and not self._stop.is_set() and (found := await loop.claim(left)):
                taken += found
                left -= found
        if self._stop.is_set():
            return taken  # what was not begun is given back
        for loop in self._loops.values():
            await loop.through()
        return taken

    async def until_idle(self) -> int:
        """Handle everything that is due, and what becomes due meanwhile; returns how many."""
        total = 0
        while found := await self._fresh().once(1000):
            total += found
        return total

    # ---------------------------------------------------------------- inside

    def _fresh(self) -> "Worker":
        return Worker(self._services, only=self._only, grace_s=self._grace_s)

    async def _prepare(self) -> None:
        connect_handlers(self._services)
        for call in declarations(self._services):
            with named(call):
                await self._database.run(call)
        await self._compare()
        names = self._only or list(self._services.registry.queues())
        if not names:
            raise ConfigError(
                "nothing to work on: no handler is registered. Name your app with --app module:hf"
            )
        for name in names:
            loop = QueueLoop(
                name, self._database, self._services.registry, self.name, self._wake,
                self._settler, self._leased,
            )  # fmt: skip
            await loop.refresh_limits()
            self._loops[name] = loop
        await self._say_alive()
        _WORKER_STARTED(worker=self.name, queues=names)

    async def _compare(self) -> None:
        """What an operator has set stays; whoever changes the code in vain should know."""
        for queue, wanted in self._services.registry.queues().items():
            if not wanted:
                continue
            call = queues.apart(queue, wanted)
            with named(call):
                apart = await self._database.run(call)
            told = [f"{key} is {its['from']}, not {its['to']}" for key, its in apart.items()]
            if told:
                _QUEUE_DIFFERS(queue=queue, differs=", ".join(told))

    async def _say_alive(self) -> None:
        """One statement for all our jobs; those that are found to be no longer ours are dropped."""
        asked_at = time.monotonic()
        doubtful, self._doubtful = self._doubtful, set()
        pairs = [(leased.job.id, leased.job.claim_token) for leased in self._leased.values()]
        still = await self._database.run(
            maintenance.heartbeat(self.name, list(self._loops), platform.node(), os.getpid(), pairs)
        )
        missing = []
        for job_id, token in pairs:
            leased = self._leased.get(job_id)
            if leased is None or leased.job.claim_token != token:
                continue
            if job_id in still:
                leased.deadline = asked_at + self._loops[leased.job.queue].limits.lease_s
                leased.missed = 0
                continue
            leased.missed += 1
            if leased.missed >= _MISSED or job_id in doubtful:
                missing.append(leased)
        if missing:
            await self._stop_what_is_gone(missing)

    async def _stop_what_is_gone(self, missing: Sequence[Leased]) -> None:
        """Stop those that are gone. One that is only locked is ours: its transaction may end it."""
        pairs = [(leased.job.id, leased.job.claim_token) for leased in missing]
        still = await self._database.run(maintenance.still_leased(pairs))
        for leased in missing:
            ended = leased.task is not None and leased.task.done()
            ours = self._leased.get(leased.job.id) is leased
            if ours and not ended and leased.job.id not in still:
                self._lose(leased)

    async def _beat(self) -> None:
        """Heartbeats; one that hangs does not keep us from looking at our own clock."""
        deaf_s = 0.0
        while True:
            leases_s = [loop.limits.lease_s for loop in self._loops.values()]
            pause_s = min(min(leases_s) / 4, _MOST_HEARTBEAT_S)
            with suppress(TimeoutError):
                async with asyncio.timeout(pause_s):
                    await asyncio.sleep(deaf_s)
                    await self._look.wait()
            deaf_s = _DEAF_S if self._look.is_set() else 0.0
            self._look.clear()
            saying = asyncio.create_task(
                within(max(pause_s, _LEAST_HEARTBEAT_S), self._say_alive())
            )
            try:
                while not (await asyncio.wait([saying], timeout=pause_s / 4))[0]:
                    self._fence()
                saying.result()
            except DatabaseUnavailable as error:
                _WORKER_HEARTBEAT_FAILED(error=str(error))
            finally:
                saying.cancel()
            self._fence()

    def _fence(self) -> None:
        """Stop what would outlive its lease: the heartbeats did not get through."""
        now = time.monotonic()
        for leased in list(self._leased.values()):
            loop = self._loops[leased.job.queue]
            if leased.deadline - now < loop.limits.lease_s / 4:
                self._lose(leased)

    def _cancelled(self, job_id: str) -> None:
        """A person may have ended it: the heartbeat looks, at once. Anybody can notify us."""
        with suppress(ValueError):
            ended = UUID(job_id)
            if ended in self._leased:
                self._doubtful.add(ended)
                self._look.set()

    def _lose(self, leased: Leased) -> None:
        _JOB_LEASE_LOST(job_id=str(leased.job.id))
        self._loops[leased.job.queue].drop(leased)

    async def _maintain(self) -> None:
        while True:
            await look_after(self._services)
            await asyncio.sleep(EVERY_S)

    def _out_of_our_hands(self, job_id: UUID) -> None:
        leased = self._leased.pop(job_id, None)
        if leased is not None:
            self._loops[leased.job.queue].settled(leased)

    async def _wind_up(
        self,
        last: Sequence[asyncio.Task[Any]],
        tasks: Sequence[asyncio.Task[Any]],
        settling: asyncio.Task[None],
        *others: asyncio.Task[Any],
    ) -> None:
        self.stop()
        await self._wait(last, _LAST_CLAIM_S)
        running = [leased.task for leased in self._leased.values() if leased.task is not None]
        if running:
            await self._wait(running, self._grace_s)
            for task in running:
                if not task.cancelling():
                    task.cancel()
            await self._wait(running, 1)
        await _end({*tasks, *others})
        self._settler.close()
        await self._wait([settling], self._patience_s)
        if settling.cancelled():  # by the end of the event loop, with all its tasks
            settling = asyncio.create_task(self._settler.run())
            await self._wait([settling], self._patience_s)
        settling.cancel()
        self.stop()  # a claim that came late
        await self._leave([(job.id, job.claim_token) for job in self._unbegun])
        if settling.done() and not settling.cancelled():
            settling.result()
        if self._cut_short is not None:
            raise self._cut_short

    async def _wait(self, tasks: Sequence[asyncio.Task[Any]], timeout_s: float) -> None:
        """Until they are done; told to end meanwhile, as by a second Ctrl-C, we give back first."""
        try:
            await asyncio.wait(tasks, timeout=min(timeout_s, self._patience_s))
        except asyncio.CancelledError as error:
            self._cut_short = error

    @property
    def _patience_s(self) -> float:
        if self._cut_short is not None:
            return _HURRY_S
        return max(_LAST_CLAIM_S, self._grace_s)

    async def _leave(self, unbegun: list[tuple[UUID, str]]) -> None:
        patience_s = self._patience_s
        try:
            if unbegun:
                giving = self._database.run(jobs.release(unbegun, "the worker stopped"))
                await within(patience_s, giving)
            await within(patience_s, self._database.run(maintenance.sign_off(self.name)))
        except HoldfastError as error:
            _WORKER_LEFT_IN_A_HURRY(error=str(error))
        _WORKER_STOPPED(worker=self.name)


async def _end(tasks: set[asyncio.Task[Any]]) -> None:
    """Cancel them, and again who has not heard it: `asyncio.wait_for` may lose it before 3.12."""
    while tasks:
        for task in tasks:
            task.cancel()
        done, tasks = await asyncio.wait(tasks, timeout=_AGAIN_S)
        await asyncio.gather(*done, return_exceptions=True)  # else asyncio logs what nobody reads
