"""Circuit breakers as an application holds them: `async with hf.breaker("smtp:relay"):`.

The state is in the database, the same for all workers. While a breaker is closed, what it said is
believed for a moment and results are told in sums, so that a busy sender asks once a second.
"""

import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from uuid import UUID

from holdfast.database import Database
from holdfast.engine.limits import Pass, ask_breaker, return_probe, tell_breaker
from holdfast.errors import BreakerOpen, DatabaseUnavailable

OUTAGES: tuple[type[BaseException], ...] = (ConnectionError, TimeoutError)
"""What speaks about the destination, unless `failures=` says otherwise."""
_BELIEVED_S = 1.0


@dataclass(slots=True)
class Passed:
    """A try that was let through; it may say by itself what became of it.

    Without a word, leaving the block is a success, one of the `failures` a failure, and any other
    exception says nothing about the destination.
    """

    probe: UUID | None = None
    outcome: str | None = None
    after: float | None = None
    because: str | None = None

    def worked(self) -> None:
        """The destination is there, whatever it said."""
        self.outcome = "good"

    def failed(self, because: str | None = None, after: float | None = None) -> None:
        """The destination failed; `after` is its Retry-After in seconds."""
        self.outcome, self.because, self.after = "bad", because, after


class Breaker:
    """One destination's breaker. If the database is away, everything passes."""

    def __init__(
        self, database: Database, name: str, failures: tuple[type[BaseException], ...] = OUTAGES,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:  # fmt: skip
        self.name = name
        self._database = database
        self._failures = failures
        self._clock = clock
        self._closed_until = float("-inf")
        self._told_at = float("-inf")
        self._good = 0

    @asynccontextmanager
    async def attempt(self) -> AsyncIterator[Passed]:
        """One try.

        Raises:
            BreakerOpen: nothing passes now; `retry_after` says when to ask again.
        """
        passed = Passed(await self._ask())
        try:
            yield passed
        except BaseException as error:
            if passed.outcome is None and isinstance(error, self._failures):
                passed.failed(type(error).__name__)
            await self._tell(passed)
            raise
        if passed.outcome is None:
            passed.worked()
        await self._tell(passed)

    async def flush(self) -> None:
        """Tell what was counted until now."""
        good, self._good = self._good, 0
        if good:
            self._told_at = self._clock()
            await self._database.run(tell_breaker(self.name, good, 0))

    # ---------------------------------------------------------------- inside

    async def _ask(self) -> UUID | None:
        if self._clock() < self._closed_until:
            return None
        try:
            answer: Pass = await self._database.run(ask_breaker(self.name))
        except DatabaseUnavailable:
            return None
        if not answer.admitted:
            raise BreakerOpen(f"{self.name} is not asked: {answer.because}", answer.retry_after)
        if answer.probe is None:
            self._closed_until = self._clock() + _BELIEVED_S
        return answer.probe

    async def _tell(self, passed: Passed) -> None:
        try:
            if passed.outcome is None:
                if passed.probe is not None:
                    await self._database.run(return_probe(self.name, passed.probe))
            elif passed.outcome == "good" and passed.probe is None:
                self._good += 1
                if self._clock() - self._told_at >= _BELIEVED_S:
                    await self.flush()
            else:
                await self._tell_at_once(passed)
        except DatabaseUnavailable:
            pass  # what could not be counted is not worth an error of its own

    async def _tell_at_once(self, passed: Passed) -> None:
        good, self._good = self._good, 0
        bad = int(passed.outcome == "bad")
        is_open = await self._database.run(
            tell_breaker(self.name, good + 1 - bad, bad, passed.probe, passed.after, passed.because)
        )
        if is_open:
            self._closed_until = float("-inf")
