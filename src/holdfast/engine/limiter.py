"""Checks of rate limits share calls.

While one call is on its way, whoever asks the same meanwhile goes with the next one, so that none
is overtaken; a lone caller waits for nobody. Callers that ask the same for one unit become one
entry that takes as many units as there are callers, and what is granted goes to who came first. A
refusal is remembered until the moment it names, but for a few seconds at most and not beyond a
refund, so that an attack costs the database nothing. Whoever no longer waits is not charged.
"""

import asyncio
import math
import time
from collections.abc import Callable, Coroutine, Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any, NamedTuple

from holdfast.database import Database
from holdfast.engine.deadlines import Deadlines
from holdfast.engine.limits import Answer, Check, check_many
from holdfast.errors import HoldfastError, InvalidInput

_MOST = 500  # entries in one call
_REMEMBERED = 10_000
_REMEMBERED_S = 5.0  # another process may have given something back
_IN_FLIGHT = 2

Answers = list[Answer]
Waiting = tuple[Check, asyncio.Future[Answers]]


class Refusal(NamedTuple):
    """What was answered, and when by our own clock."""

    answers: Answers
    at: float
    until: float


class Limiter:
    """Asks for the callers of one event loop.

    Args:
        database: where the limits are.
        clock: seconds that only go forward.
    """

    def __init__(self, database: Database, clock: Callable[[], float] = time.monotonic) -> None:
        self._database = database
        self._clock = clock
        self._waiting: dict[asyncio.Future[Answers], Check] = {}
        self._deadlines = Deadlines()
        self._in_flight = 0
        self._asked: set[Check] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._refused: dict[Check, Refusal] = {}
        self._refunded: dict[str, float] = {}

    async def ask(self, check: Check, until: float = math.inf) -> Answers:
        """The answer of each limit of the check.

        Raises as `check_many`, if cut off, and TimeoutError if it is not there `until`, by the
        loop's time; what is granted later is given back.
        """
        known = self._remembered(check)
        if known is not None:
            return known
        answer: asyncio.Future[Answers] = asyncio.get_running_loop().create_future()
        self._waiting[answer] = check
        if until < math.inf:
            self._deadlines.add(answer, until)
        if self._in_flight < _IN_FLIGHT and check not in self._asked:
            self._take_off()
        try:
            return await answer
        finally:
            self._waiting.pop(answer, None)
            self._deadlines.discard(answer)

    def forget(self, keys: Iterable[str]) -> None:
        """Something was given back: no refusal of these keys is remembered any more."""
        for key in keys:
            self._refunded.pop(key, None)
            _make_room(self._refunded)
            self._refunded[key] = self._clock()

    # ---------------------------------------------------------------- inside

    def _remembered(self, check: Check) -> Answers | None:
        refusal = self._refused.get(check)
        if refusal is None:
            return None
        now = self._clock()
        refunded = max(self._refunded.get(key, -math.inf) for key in check.keys)
        if now >= refusal.until or refunded >= refusal.at:
            del self._refused[check]
            return None
        return [_later(answer, now - refusal.at) for answer in refusal.answers]

    def _remember(self, check: Check, answers: Answers) -> None:
        if check.mode == "up_to" and not answers[0].granted:
            answers = [_refused(a) for a in answers]  # not even one is left
        waits = [a.retry_after for a in answers if not a.allowed]
        if check.mode not in {"charge", "up_to"} or not waits or answers[0].granted:
            return
        _make_room(self._refused)
        wait = max(_REMEMBERED_S if wait is None else wait for wait in waits)
        now = self._clock()
        self._refused[check] = Refusal(answers, now, now + min(wait, _REMEMBERED_S))

    def _take_off(self) -> None:
        entries: dict[Check, list[asyncio.Future[Answers]]] = {}
        apart: list[Waiting] = []
        batch = [
            (check, answer) for answer, check in self._waiting.items()
            if check not in self._asked and not answer.done()
        ][:_MOST]  # fmt: skip
        if not batch:
            return
        for _, answer in batch:
            del self._waiting[answer]
        asked = {check for check, _ in batch}
        self._asked |= asked
        for check, answer in batch:
            if check.cost == 1 and check.mode == "charge":
                entries.setdefault(check, []).append(answer)
            else:
                apart.append((check, answer))
        self._in_flight += 1
        self._spawn(self._fly(entries, apart)).add_done_callback(lambda _: self._landed(asked))

    def _spawn(self, work: Coroutine[Any, Any, None]) -> "asyncio.Task[None]":
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    def _landed(self, asked: set[Check]) -> None:
        self._in_flight -= 1
        self._asked -= asked
        if self._waiting:
            self._take_off()

    async def _fly(
        self, entries: dict[Check, list[asyncio.Future[Answers]]], apart: Sequence[Waiting]
    ) -> None:
        asked = [_together(check, len(callers)) for check, callers in entries.items()]
        asked += [check for check, _ in apart]
        everybody = [f for callers in entries.values() for f in callers] + [f for _, f in apart]
        try:
            found = await self._database.run(check_many(asked))
        except InvalidInput as error:
            await self._each(entries, apart, error)
        except BaseException as error:
            for answer in everybody:
                _fail(answer, error)
            if not isinstance(error, HoldfastError):
                raise
        else:
            for (check, callers), answers in zip(entries.items(), found, strict=False):
                self._hand_out(check, callers, answers)
            for (check, answer), answers in zip(apart, found[len(entries) :], strict=True):
                self._remember(check, answers)
                if answer.done():
                    self._take_back(check, answers[0].granted)
                _give(answer, answers)

    async def _each(
        self, entries: dict[Check, list[asyncio.Future[Answers]]], apart: Sequence[Waiting],
        error: InvalidInput,
    ) -> None:  # fmt: skip
        """One of them is refused; the others must not suffer for it."""
        if len(entries) + len(apart) == 1:
            for answer in [f for callers in entries.values() for f in callers] or [apart[0][1]]:
                _fail(answer, error)
            return
        for check, callers in entries.items():
            await self._fly({check: callers}, [])
        for one in apart:
            await self._fly({}, [one])

    def _hand_out(
        self, check: Check, callers: Sequence[asyncio.Future[Answers]], answers: Answers
    ) -> None:
        granted = answers[0].granted if len(callers) > 1 else int(all(a.allowed for a in answers))
        there = [answer for answer in callers if not answer.done()]
        self._take_back(check, granted - len(there))
        for place, answer in enumerate(there):
            if place < granted:
                behind = granted - place - 1
                _give(answer, [_granted(a, behind) for a in answers])
            else:
                refused = [_refused(a) for a in answers] if len(callers) > 1 else answers
                self._remember(check, refused)
                _give(answer, refused)

    def _take_back(self, check: Check, units: int) -> None:
        """They were charged to callers that are gone."""
        if units > 0:
            self._spawn(self._refund(replace(check, cost=units, mode="refund")))

    async def _refund(self, check: Check) -> None:
        with suppress(HoldfastError):
            await self.ask(check)


def _make_room(remembered: dict[Any, Any]) -> None:
    if len(remembered) >= _REMEMBERED:
        for oldest in list(remembered)[: _REMEMBERED // 10]:
            del remembered[oldest]


def _together(check: Check, callers: int) -> Check:
    if callers == 1:
        return check
    return Check(check.keys, check.quotas, callers, "up_to")


def _granted(answer: Answer, behind: int) -> Answer:
    return answer._replace(
        allowed=True, granted=1, remaining=answer.remaining + behind, retry_after=0.0
    )


def _refused(answer: Answer) -> Answer:
    """For one unit, after all that was granted: a limit with units left did not refuse."""
    if answer.remaining > 0:
        return answer._replace(allowed=True, granted=0, retry_after=0.0)
    unit = answer.per / answer.quota
    wait = max(answer.reset_after - (answer.burst - 1) * unit, 1e-6)
    return answer._replace(allowed=False, granted=0, retry_after=wait)


def _later(answer: Answer, elapsed: float) -> Answer:
    """What is remembered, some time on."""
    wait = answer.retry_after and max(answer.retry_after - elapsed, 0.0)
    return answer._replace(retry_after=wait, reset_after=max(answer.reset_after - elapsed, 0.0))


def _give(answer: asyncio.Future[Answers], answers: Answers) -> None:
    if not answer.done():
        answer.set_result(answers)


def _fail(answer: asyncio.Future[Answers], error: BaseException) -> None:
    if not answer.done():
        answer.set_exception(error)
