"""Retry in process: a call that may fail for a moment is made again, with care.

    @holdfast.retry(on=ConnectionError, attempts=5)
    async def fetch(): ...

For what takes seconds. What must survive a restart is a job (see `Holdfast.task`).

The waits have their jitter after the cap, so that callers who failed together do not come back
together; a Retry-After of the other side is heard; a budget keeps retries from becoming the outage.
One state machine decides; two small drivers, for coroutines and for plain functions, only wait.
"""

import asyncio
import functools
import logging
import random
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, ParamSpec, Self, TypeVar, cast

from holdfast import log
from holdfast.errors import ConfigError
from holdfast.functions import is_async, is_generator, name_of, refuse_unawaited
from holdfast.policy.backoff import Backoff, wished
from holdfast.policy.retryable import On, are_exceptions, retry_after_of, wanted

P = ParamSpec("P")
R = TypeVar("R")
_RETRY_SCHEDULED = log.Event(
    "retry.scheduled",
    logging.INFO,
    "A call failed and is tried again.",
    retry_name=str,
    attempt=int,
    wait_s=float,
    error=str,
)


@dataclass(frozen=True, slots=True)
class Scheduled:
    """A retry that is about to be waited for; what hooks are told."""

    name: str
    attempt: int
    wait_s: float
    error: Exception


Hook = Callable[[Scheduled], None]
_hooks: list[Hook] = []


def on_retry(hook: Hook) -> Hook:
    """Be told of every retry of this process. A hook that raises is ignored."""
    _hooks.append(hook)
    return hook


class Budget:
    """How many retries a process may spend on one destination (as gRPC throttles them, A6).

    Each call that works earns `ratio` of a token, each failure costs one. With half of the tokens
    gone nothing is retried: an outage does not get the traffic of its retries on top.

    Args:
        tokens: the most there can be; at least 1.
        ratio: earned by each success, above 0.
    """

    def __init__(self, tokens: float = 10.0, ratio: float = 0.1) -> None:
        if tokens < 1 or ratio <= 0:
            raise ConfigError("a budget has at least 1 token, and a ratio above 0")
        self._most = tokens
        self._ratio = ratio
        self._tokens = tokens
        self._lock = threading.Lock()

    def spend(self) -> bool:
        """A call failed; True if it may be retried."""
        with self._lock:
            self._tokens = max(0.0, self._tokens - 1)
            return self._tokens > self._most / 2

    def earn(self) -> None:
        """A call worked."""
        with self._lock:
            self._tokens = min(self._most, self._tokens + self._ratio)


@dataclass(frozen=True, slots=True)
class Mode:
    """How this process retries: for tests, without waiting; or not at all."""

    waits: bool = True
    attempts: int | None = None


_mode = Mode()


@contextmanager
def without_waiting(attempts: int = 1) -> Iterator[None]:
    """For tests: nobody waits, and nothing is tried more often than this."""
    global _mode  # noqa: PLW0603  a switch for the whole process is what it is
    before, _mode = _mode, Mode(waits=False, attempts=attempts)
    try:
        yield
    finally:
        _mode = before


@dataclass(frozen=True, slots=True)
class Rules:
    """What is retried, how often and how long.

    Attributes:
        on: the exceptions that are worth another try: types, or a function of the exception that
            says yes, no (also None) or how many seconds to wait. What a task group raises is, if
            all of its exceptions are of these types.
        attempts: at most so many calls in all.
        total_s: no call begins, and no wait ends, later than this after the first began.
        backoff: the waits; jitter comes after the cap.
        longest_s: the most that a Retry-After can ask for; beyond it we give up.
        budget: shared by the calls to one destination.
        name: in logs and hooks.
        clock, sleep, chance: time and chance, for tests.
    """

    on: On
    attempts: int = 5
    total_s: float = 45.0
    backoff: Backoff = field(default_factory=lambda: Backoff(0.1, 2.0, 5.0, 0.5))
    longest_s: float = 60.0
    budget: Budget | None = None
    name: str = ""
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], Any] | None = None
    chance: Callable[[], float] = random.random

    def __post_init__(self) -> None:
        on, numbers = self.on, {int, float}
        plain = callable(on) and not isinstance(on, type) and not is_async(on)
        rules = {
            "on is an exception class, a tuple of them, or a plain function of the exception": (
                are_exceptions(on) or plain
            ),
            "attempts is a whole number, 1 or more": (
                type(self.attempts) is int and self.attempts >= 1
            ),
            "total_s is a number above 0": type(self.total_s) in numbers and self.total_s > 0,
            "longest_s is a number, 0 or more": (
                type(self.longest_s) in numbers and self.longest_s >= 0
            ),
            "backoff is a Backoff": isinstance(self.backoff, Backoff),
            "budget is a Budget": isinstance(self.budget, Budget | None),
            "name is a text": isinstance(self.name, str),
            "clock, sleep and chance are functions": (
                all(map(callable, (self.clock, self.sleep or time.sleep, self.chance)))
            ),
        }
        for rule, holds in rules.items():
            if not holds:
                raise ConfigError(f"retry: {rule}")


class Trial:
    """One call and its retries: told of each failure, it says how long to wait or gives up."""

    def __init__(self, rules: Rules) -> None:
        self._rules = rules
        self._began = rules.clock()
        self.attempt = 1

    def worked(self) -> None:
        """The call came back."""
        if self._rules.budget is not None:
            self._rules.budget.earn()

    def failed(self, error: BaseException) -> float | None:
        """Seconds to wait before the next attempt, or None to give up."""
        rules = self._rules
        asked = wanted(rules.on, error)
        if asked is None or not isinstance(error, Exception):
            return None
        within = rules.budget is None or rules.budget.spend()
        most = rules.attempts if _mode.attempts is None else min(rules.attempts, _mode.attempts)
        if not within or self.attempt >= most:
            return None
        wish = asked if asked > 0 else retry_after_of(error, datetime.now(UTC))
        own = rules.backoff.delay(self.attempt, rules.chance())
        if wish is not None and wish > rules.longest_s:
            return None
        wait = own if wish is None else wished(wish, own, rules.longest_s, rules.chance())
        if rules.clock() - self._began + wait > rules.total_s:
            return None
        _tell(Scheduled(rules.name, self.attempt, wait, error))
        self.attempt += 1
        return wait if _mode.waits else 0.0


class Attempt:
    """One attempt as a block; a failure that will be retried does not leave it."""

    def __init__(self, trial: Trial) -> None:
        self._trial = trial
        self.number = trial.attempt
        self.wait_s: float | None = None
        self.over = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _: type[BaseException] | None, error: BaseException | None, __: TracebackType | None
    ) -> bool:
        if error is None:
            self._trial.worked()
            self.over = True
            return False
        self.wait_s = self._trial.failed(error)
        self.over = self.wait_s is None
        return not self.over


class Retrying:
    """The attempts of one block: `for attempt in retrying(on=OSError): with attempt: ...`."""

    def __init__(self, rules: Rules) -> None:
        self._rules = rules

    def __iter__(self) -> Iterator[Attempt]:
        trial = Trial(self._rules)
        while True:
            attempt = Attempt(trial)
            yield attempt
            if attempt.over or attempt.wait_s is None:
                return
            if attempt.wait_s:
                (self._rules.sleep or time.sleep)(attempt.wait_s)

    def __aiter__(self) -> AsyncIterator[Attempt]:
        return _Attempts(self._rules)


class _Attempts:
    """Those of one call. A generator that is left in the middle costs its event loop a task."""

    def __init__(self, rules: Rules) -> None:
        self._rules = rules
        self._trial = Trial(rules)
        self._last: Attempt | None = None

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Attempt:
        last = self._last
        if last is not None:
            if last.over or last.wait_s is None:
                raise StopAsyncIteration
            if last.wait_s:
                await (self._rules.sleep or asyncio.sleep)(last.wait_s)
        self._last = Attempt(self._trial)
        return self._last


def retrying(on: On, **rules: Any) -> Retrying:
    """A block that is tried again, with `for` or `async for`; the arguments are those of Rules."""
    return Retrying(_rules(on, "", rules))


def retry(on: On, **rules: Any) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """A function, plain or coroutine, that is tried again; the arguments are those of Rules.

    The last exception is raised when no attempt, no time and no budget is left. What cancels or
    interrupts is never retried.

    Raises:
        ConfigError: the function is a generator, or an argument cannot be used.

    Raises (when called):
        TypeError: a plain function returned a coroutine, of which nothing would be tried again.
    """
    checked = _rules(on, "", rules)

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        if not callable(function):  # also what was decorated with a bare @retry, and is called now
            raise ConfigError("retry: say on what, as in @retry(on=ConnectionError)")
        if is_generator(function):
            raise ConfigError("a generator cannot be retried: what it has given is given")
        name = checked.name or name_of(function)
        retried = Retrying(replace(checked, name=name))
        if is_async(function):

            @functools.wraps(function)
            async def awaited(*args: P.args, **kwargs: P.kwargs) -> Any:
                async for attempt in retried:
                    with attempt:
                        return await cast("Awaitable[Any]", function(*args, **kwargs))
                return None  # not reached: the last attempt returns or raises

            return cast("Callable[P, R]", awaited)

        @functools.wraps(function)
        def called(*args: P.args, **kwargs: P.kwargs) -> Any:
            for attempt in retried:
                with attempt:
                    result = function(*args, **kwargs)
                    break
            refuse_unawaited(result)
            return result

        return cast("Callable[P, R]", called)

    return decorate


def _rules(on: On, name: str, given: Mapping[str, Any]) -> Rules:
    try:
        return Rules(on, **{"name": name, **given})
    except TypeError as error:
        raise ConfigError(f"retry: {error}") from None


def _tell(scheduled: Scheduled) -> None:
    _RETRY_SCHEDULED(
        retry_name=scheduled.name, attempt=scheduled.attempt, wait_s=round(scheduled.wait_s, 3),
        error=type(scheduled.error).__name__,
    )  # fmt: skip
    for hook in _hooks:
        with suppress(Exception):
            hook(scheduled)
