"""Circuit breakers as an application holds them: `async with hf.breaker("smtp:relay"):`.

The state is in the database, the same for all workers. While a breaker is closed, what it said is
believed for a moment and results are told in sums, so that a busy sender asks once a second.
"""

import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from holdfast.database import Call, Database
from holdfast.engine.limits import Pass, ask_breaker, return_probe, tell_breaker
from holdfast.errors import BreakerOpen, DatabaseUnavailable, message_of
from holdfast.limits.patience import Patience
from holdfast.policy.outages import is_outage
from holdfast.policy.retryable import retry_after_of

Failures = type[BaseException] | tuple[type[BaseException], ...]
_BELIEVED_S = 1.0
_STALE_S = 5.0
"""Successes that were not told for so long say nothing about now."""
_TIMEOUT_S = 5.0  # a worker would rather know


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

    def failed(self, because: object = None, after: float | None = None) -> None:
        """The destination failed; `because` is a text or the error, `after` its Retry-After.

        Raises:
            TypeError: `after` is no number of seconds.
        """
        if after is not None and not isinstance(after, int | float):
            raise TypeError(f"failed: after={after!r} is not a number of seconds")
        if isinstance(because, Exception):
            because = f"{type(because).__name__}: {message_of(because)}"
        self.because = None if because is None else message_of(because).replace("\0", "")
        self.outcome, self.after = "bad", after


class Breaker:
    """One destination's breaker. If the database is away or silent, everything passes."""

    def __init__(
        self, database: Database, name: str, patience: Patience | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:  # fmt: skip
        self.name = name
        self._patience = patience or Patience(database)
        self._clock = clock
        self._closed_until = float("-inf")
        self._told_at = float("-inf")
        self._good = 0
        self._good_at = float("-inf")

    @asynccontextmanager
    async def attempt(
        self, failures: Failures | None = None, timeout_s: float = _TIMEOUT_S
    ) -> AsyncIterator[Passed]:
        """One try.

        Args:
            failures: what speaks about the destination, if not what `is_outage` says.
            timeout_s: the database is waited for so long, before the block and after it.

        Raises:
            BreakerOpen: nothing passes now; `retry_after` says when to ask again.
        """
        passed = Passed(await self._ask(timeout_s))
        try:
            yield passed
        except BaseException as error:
            if passed.outcome is None and _speaks(failures, error):
                passed.failed(type(error).__name__, retry_after_of(error, datetime.now(UTC)))
            await self._tell(passed, timeout_s)
            raise
        if passed.outcome is None:
            passed.worked()
        await self._tell(passed, timeout_s)

    async def flush(self, timeout_s: float = _TIMEOUT_S) -> None:
        """Tell what was counted until now."""
        good, self._good = self._good, 0
        if good:
            self._told_at = self._clock()
            await self._patience.ask(tell_breaker(self.name, good, 0), timeout_s)

    # ---------------------------------------------------------------- inside

    async def _ask(self, timeout_s: float) -> UUID | None:
        if self._clock() < self._closed_until:
            return None
        try:
            answer: Pass = await self._patience.ask(
                ask_breaker(self.name), timeout_s, self._returned
            )
        except DatabaseUnavailable as error:
            self._patience.unanswered(f"breaker {self.name}", "allow", error)
            return None
        if not answer.admitted:
            raise BreakerOpen(f"{self.name} is not asked: {answer.because}", answer.retry_after)
        if answer.probe is None:
            self._closed_until = self._clock() + _BELIEVED_S
        return answer.probe

    def _returned(self, answer: Pass) -> Call[None] | None:
        """A probe that nobody waited for."""
        return return_probe(self.name, answer.probe) if answer.probe is not None else None

    async def _tell(self, passed: Passed, timeout_s: float) -> None:
        try:
            if passed.outcome is None:
                if passed.probe is not None:
                    await self._patience.ask(return_probe(self.name, passed.probe), timeout_s)
            elif passed.outcome == "good" and passed.probe is None:
                self._drop_stale()
                self._good += 1
                self._good_at = self._clock()
                if self._clock() - self._told_at >= _BELIEVED_S:
                    await self.flush(timeout_s)
            else:
                await self._tell_at_once(passed, timeout_s)
        except DatabaseUnavailable:
            pass  # what could not be counted is not worth an error of its own

    def _drop_stale(self) -> None:
        if self._clock() - self._good_at > _STALE_S:
            self._good = 0

    async def _tell_at_once(self, passed: Passed, timeout_s: float) -> None:
        self._drop_stale()
        good, self._good = self._good, 0
        bad = int(passed.outcome == "bad")
        told = tell_breaker(
            self.name, good + 1 - bad, bad, passed.probe, passed.after, passed.because
        )
        if await self._patience.ask(told, timeout_s):
            self._closed_until = float("-inf")


def _speaks(failures: Failures | None, error: BaseException) -> bool:
    """Whether it is one of the failures, or what a task group wraps is."""
    if failures is None:
        try:
            return is_outage(error)
        except Exception:  # noqa: BLE001  it is anybody's class, and is about to be raised
            return False
    if isinstance(error, BaseExceptionGroup):
        return error.subgroup(failures) is not None
    return isinstance(error, failures)
