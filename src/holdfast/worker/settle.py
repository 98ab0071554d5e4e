"""Verdicts go back to the queue in batches, back to back: whatever has come is sent, nobody waits.

A result is kept until the database has taken it, or its lease is over and a few tries have failed;
a database that is down for a moment costs nothing but time. What comes too late is recorded as late
there: a process that was frozen finds its connections dead at first, and reports after all.
"""

import asyncio
import logging
import time
from collections.abc import Callable
from typing import NamedTuple, Protocol
from uuid import UUID

from holdfast import log
from holdfast.attempt import tell
from holdfast.database import Database, within
from holdfast.engine import jobs
from holdfast.engine.model import ClaimedJob
from holdfast.errors import DatabaseUnavailable, HoldfastError
from holdfast.policy.verdict import Retry, Settled, Verdict

_JOB_UNSETTLEABLE = log.Event(
    "job.unsettleable",
    logging.ERROR,
    "A result could not be stored as it is; the attempt counts as failed.",
    job_id=str,
    error=str,
)
_JOB_RESULT_LOST = log.Event(
    "job.result_lost",
    logging.ERROR,
    "The database was away until the lease ended; the job runs again.",
    job_id=str,
)
_BATCH = 1000
_ANSWER_WITHIN_S = 30.0
_PAUSES_S = (0.1, 0.2, 0.5, 1.0)
_TRIES = 3


class Lease(Protocol):
    """How long a job is ours, by our own clock; a heartbeat moves it."""

    deadline: float


class Result(NamedTuple):
    """A verdict on its way; of no use when the lease is over."""

    job: ClaimedJob
    verdict: Verdict
    lease: Lease


class Settler:
    """Collects results and settles them; `done` is told which jobs are out of our hands."""

    def __init__(self, database: Database, done: Callable[[UUID], None]) -> None:
        self._database = database
        self._done = done
        self._waiting: list[Result] = []
        self._arrived = asyncio.Event()
        self._closing = False

    def put(self, result: Result) -> None:
        """Hand a result over; returns at once."""
        if isinstance(result.verdict, Settled):
            self._done(result.job.id)
            return
        self._waiting.append(result)
        self._arrived.set()

    async def run(self) -> None:
        """Settle until `close` was called and nothing is left."""
        while self._waiting or not self._closing:
            if not self._waiting:
                self._arrived.clear()
                await self._arrived.wait()
                continue
            batch = self._waiting[:_BATCH]
            del self._waiting[:_BATCH]
            await self._settle(batch)

    def close(self) -> None:
        """Nothing more will come; `run` ends when it is through."""
        self._closing = True
        self._arrived.set()

    async def _settle(self, batch: list[Result]) -> None:
        failures = 0
        while batch:
            try:
                await self._send(batch)
            except DatabaseUnavailable:
                await asyncio.sleep(_PAUSES_S[min(failures, len(_PAUSES_S) - 1)])
                failures += 1
                if failures >= _TRIES:
                    batch = self._still_ours(batch)
            else:
                return

    async def _send(self, batch: list[Result]) -> None:
        try:
            results = [(r.job.id, r.job.claim_token, r.verdict) for r in batch]
            settling = self._database.run(jobs.settle(results, only_news=True))
            settled = await within(_ANSWER_WITHIN_S, settling)  # said twice, it is late or accepted
        except DatabaseUnavailable:
            raise
        except HoldfastError as error:
            await self._one_by_one(batch, error)
            return
        given = {r.job.id: r.job for r in batch} if settled else {}
        for answer in settled:
            tell(answer, given[answer.id])
        for result in batch:
            self._done(result.job.id)

    async def _one_by_one(self, batch: list[Result], error: HoldfastError) -> None:
        """One result that cannot be stored must not keep the others unsettled."""
        if len(batch) > 1:
            for result in batch:
                await self._send([result])
            return
        job = batch[0].job
        _JOB_UNSETTLEABLE(job_id=str(job.id), error=str(error))
        plain = Retry(f"its result could not be stored: {error}")
        for answer in await self._database.run(
            jobs.settle([(job.id, job.claim_token, plain)], only_news=True)
        ):
            tell(answer, job)
        self._done(job.id)

    def _still_ours(self, batch: list[Result]) -> list[Result]:
        now = time.monotonic()
        for result in batch:
            if result.lease.deadline <= now:
                _JOB_RESULT_LOST(job_id=str(result.job.id))
                self._done(result.job.id)
        return [result for result in batch if result.lease.deadline > now]
