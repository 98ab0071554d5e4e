"""Rate limits as an application holds them: asked, awaited, or put around a function.

A limit never takes down what it guards: if the database does not answer within 50 ms, `on_error`
says what becomes of the request.
"""

import asyncio
import functools
import math
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple, ParamSpec, TypeVar, cast

from holdfast.database import PerLoop
from holdfast.engine.limits import Answer, Check, Mode
from holdfast.errors import ConfigError, DatabaseUnavailable, InvalidInput, RateLimited
from holdfast.functions import is_async, is_async_generator
from holdfast.limits.asking import Asking
from holdfast.limits.leases import Leases
from holdfast.policy import rate_headers
from holdfast.policy.gcra import Quota

P = ParamSpec("P")
R = TypeVar("R")
T = TypeVar("T")
OnError = Literal["allow", "deny", "local"]
MOST = 1_000_000_000
_STRICTER = ("allow", "local", "deny")
_DAY_S = 86_400


class Decision(NamedTuple):
    """Whether it may happen now.

    Attributes:
        allowed: it may, and it is charged.
        limits: what each limit said; empty if nobody counted.
        degraded: the database did not answer in time; `on_error` decided.
    """

    allowed: bool
    limits: tuple[Answer, ...] = ()
    degraded: bool = False

    def __bool__(self) -> bool:
        return self.allowed

    @property
    def remaining(self) -> int:
        """Units left in the tightest limit."""
        return min((answer.remaining for answer in self.limits), default=0)

    @property
    def retry_after(self) -> float | None:
        """Seconds until it may be asked again with hope; 0 if allowed, None if it never will."""
        waits = [answer.retry_after for answer in self.limits]
        if self.allowed or not waits:
            return 0.0 if self.allowed else 1.0
        return None if None in waits else max(cast("list[float]", waits))

    def headers(self) -> dict[str, str]:
        """`RateLimit`, `RateLimit-Policy` and, if refused, `Retry-After`."""
        told = [answer.told() for answer in self.limits]
        return rate_headers.headers(told, allowed=self.allowed) if told else {}

    def problem(self) -> dict[str, Any]:
        """The body of a 429, as problem+json; of a 503, where nobody could count."""
        if self.limits:
            return rate_headers.problem([answer.told() for answer in self.limits])
        return rate_headers.unanswered()


@dataclass(slots=True, eq=False)
class Limit:
    """One limit, or several that are charged together (`burst & daily`).

    Made by `hf.limit(...)`. A key tells whose units they are; each name and key has its own.
    """

    _asking: Asking
    names: tuple[str, ...]
    quotas: tuple[Quota, ...]
    on_error: OnError = "allow"
    timeout_s: float = 0.05
    lease: int = 0
    lease_for_s: float = 1.0
    clock: Callable[[], float] = time.monotonic
    _leases: PerLoop[Leases] = field(init=False)

    def __post_init__(self) -> None:
        self._leases = PerLoop(self._made_leases)
        if self.on_error not in _STRICTER:
            raise ConfigError(f"on_error is allow, deny or local, not {self.on_error!r}")
        if len(set(self.names)) < len(self.names):
            raise ConfigError(f"limits that are asked together need names: {', '.join(self.names)}")
        if self.lease and len(self.quotas) > 1:
            raise ConfigError("a lease is taken from one limit, not from several together")
        if type(self.lease) is not int or not 0 <= self.lease <= MOST:
            raise ConfigError(f"lease is 0 to {MOST} units, not {self.lease!r}")
        for named, seconds in (("timeout", self.timeout_s), ("lease_for", self.lease_for_s)):
            if type(seconds) not in {int, float} or not 0 < seconds <= _DAY_S:
                raise ConfigError(f"{named} is above 0 and at most a day, not {seconds!r} s")

    def __and__(self, other: "Limit") -> "Limit":
        """Both limits for the same key, all or none charged, in one call.

        The shorter timeout holds, and the stricter `on_error` (deny, then local, then allow).

        Raises:
            ConfigError: one has a lease, or both have the same name.
        """
        return Limit(
            self._asking, self.names + other.names, self.quotas + other.quotas,
            max(self.on_error, other.on_error, key=_STRICTER.index),
            min(self.timeout_s, other.timeout_s), self.lease or other.lease, clock=self.clock,
        )  # fmt: skip

    # ---------------------------------------------------------------- asking

    async def check(self, key: str = "", cost: int = 1) -> Decision:
        """Charge `cost` units to the key, if there are as many; 0 only looks.

        Raises:
            InvalidInput: the key or the cost is out of range (500 characters, 10⁹ units).
        """
        _refuse_cost(cost)
        if self.lease and cost:
            leases = self._leases.known()
            answer = leases.at_hand(key, cost) if leases is not None else None
            if answer is not None:
                return Decision(True, (answer,))
            if cost <= self.quotas[0].most:
                return await self._renewed(key, cost)
        return await self._ask(self._check(key, cost))

    async def acquire(self, key: str = "", cost: int = 1) -> Decision:
        """As `check`. Raises RateLimited, with `retry_after`, where that is refused."""
        return _or_raise(await self.check(key, cost), self.names, self.on_error)

    async def refund(self, key: str = "", cost: int = 1) -> None:
        """Give back units that were charged and not used."""
        _refuse_cost(cost)
        await self._ask(self._check(key, cost, "refund"))

    def check_sync(self, key: str = "", cost: int = 1) -> Decision:
        """As `check`, for code without an event loop."""
        return self._asking.run_aside(self.check(key, cost))

    def acquire_sync(self, key: str = "", cost: int = 1) -> Decision:
        """As `acquire`, for code without an event loop."""
        return _or_raise(self.check_sync(key, cost), self.names, self.on_error)

    def refund_sync(self, key: str = "", cost: int = 1) -> None:
        """As `refund`, for code without an event loop."""
        self._asking.run_aside(self.refund(key, cost))

    def guard(
        self, key: Callable[..., str] | str = "", cost: int = 1
    ) -> Callable[[Callable[P, R]], Callable[P, R]]:
        """Put it before a function: `@limit.guard(key=lambda user: user.id)`.

        `key` is a text, or gets the function's arguments. A refused call raises RateLimited.

        Raises (when put there):
            ConfigError: it is no function, or an asynchronous generator, whose event loop would
                have to wait.
        """

        def around(function: Callable[P, R]) -> Callable[P, R]:
            if not callable(function):  # also what a bare @limit.guard took, and is called now
                raise ConfigError("a limit is put around a function, as in @limit.guard(key=…)")
            if is_async_generator(function):
                raise ConfigError("an asynchronous generator asks inside: await limit.acquire(…)")

            def named(*args: Any, **kwargs: Any) -> str:
                return key if isinstance(key, str) else key(*args, **kwargs)

            if is_async(function):

                @functools.wraps(function)
                async def awaited(*args: P.args, **kwargs: P.kwargs) -> Any:
                    await self.acquire(named(*args, **kwargs), cost)
                    return await cast("Awaitable[Any]", function(*args, **kwargs))

                return cast("Callable[P, R]", awaited)

            @functools.wraps(function)
            def called(*args: P.args, **kwargs: P.kwargs) -> R:
                self.acquire_sync(named(*args, **kwargs), cost)
                return function(*args, **kwargs)

            return called

        return around

    def __call__(self, function: Callable[P, R]) -> Callable[P, R]:
        """Put it before a function whose calls all count together: `@hf.limit(…)`, `@limit`."""
        return self.guard()(function)

    async def close(self) -> None:
        """Give back what is left of the leases of this event loop."""
        leases = self._leases.forget()
        if leases is not None:
            await leases.close()

    # ---------------------------------------------------------------- inside

    def _check(self, key: str, cost: int, mode: Mode = "charge") -> Check:
        keys = tuple(f"{name}:{key}" if key else name for name in self.names)
        return Check(keys, self.quotas, cost, mode)

    async def _ask(self, check: Check) -> Decision:
        try:
            return _decision(await self._asking.ask(check, self.timeout_s))
        except (TimeoutError, DatabaseUnavailable) as error:
            return self._without_database(check, error)

    async def _renewed(self, key: str, cost: int) -> Decision:
        try:
            async with asyncio.timeout(self.timeout_s + self._asking.start_s()):
                return _decision([await self._leases.here().take(key, cost)])
        except (TimeoutError, DatabaseUnavailable) as error:
            return self._without_database(self._check(key, cost), error)

    def _made_leases(self) -> Leases:
        return Leases(self._one, self.quotas[0], self.lease, self.lease_for_s)

    async def _one(self, key: str, cost: int, mode: Mode) -> Answer:
        [answer] = await self._asking.ask(self._check(key, cost, mode))
        return answer

    def _without_database(self, check: Check, error: Exception) -> Decision:
        self._asking.unanswered(f"limit {' & '.join(self.names)}", self.on_error, error)
        if self.on_error != "local":
            return Decision(self.on_error == "allow", degraded=True)
        answers = self._asking.local.ask(check, round(self.clock() * 1e9))
        return _decision(answers)._replace(degraded=True)


def _refuse_cost(cost: int) -> None:
    if type(cost) is not int or not 0 <= cost <= MOST:
        raise InvalidInput(f"cost is 0 to {MOST}, not {cost!r}")


def _decision(answers: Sequence[Answer]) -> Decision:
    return Decision(all(answer.allowed for answer in answers), tuple(answers))


def _or_raise(decision: Decision, names: Sequence[str], on_error: OnError) -> Decision:
    if decision.allowed:
        return decision
    refusing = [a.key for a in decision.limits if not a.allowed] or list(names)
    wait = decision.retry_after
    never = [a for a in decision.limits if a.retry_after is None]
    if decision.degraded and on_error == "deny":
        raise RateLimited(
            f"the limit {', '.join(names)} could not be asked: the database did not answer in "
            "time, and on_error is deny",
            wait,
        )
    if never or wait is None:
        most = ", ".join(f"{a.key} ({a.burst})" for a in never)
        raise RateLimited(f"so many units never pass at once: the burst of {most} is less", wait)
    told = f"in {math.ceil(wait * 10) / 10:g} s"
    raise RateLimited(f"the limit {', '.join(refusing)} is used up; again {told}", wait)
