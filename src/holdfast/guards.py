"""What an application asks before it does something: limits, slots and breakers."""

import asyncio
import platform
from abc import ABC, abstractmethod
from contextlib import AbstractAsyncContextManager, suppress
from typing import TypeVar

from holdfast.breaker import OUTAGES, Breaker, Passed
from holdfast.database import Call, Database
from holdfast.engine.limiter import Limiter
from holdfast.engine.limits import Answer, Check
from holdfast.errors import ConfigError, HoldfastError
from holdfast.limit import Limit, OnError
from holdfast.policy.gcra import Quota
from holdfast.slot import slot

T = TypeVar("T")


class Guards(ABC):
    """The half of a Holdfast that says "not now". Their state is in the database, for everybody."""

    def __init__(self, database: Database) -> None:
        self._guarded = database
        self._limiters: dict[asyncio.AbstractEventLoop, Limiter] = {}
        self._limits: list[Limit] = []
        self._breakers: dict[str, Breaker] = {}

    @abstractmethod
    async def prepare(self) -> None:
        """Find the schema."""

    @abstractmethod
    def prepare_sync(self) -> None:
        """The same for threads."""

    def limit(
        self, name: str, *, quota: int, per: float, burst: int | None = None,
        durable: bool = False, on_error: OnError = "allow", timeout: float = 0.05,
        lease: int = 0, lease_for: float = 1.0,
    ) -> Limit:  # fmt: skip
        """A rate limit: `hf.limit("login", quota=5, per=60)`, the same for all processes.

        Args:
            name: its name; with the key it is asked for, whose units are counted.
            quota: units per period, 1 to 1 000 000 000.
            per: the period in seconds, 0.001 to 31 622 400.
            burst: units at the same moment; the quota unless given (up to twice the quota can
                then pass within one period: a full burst and what comes back meanwhile).
            durable: remembered over a crash of the server; a tenth of the speed.
            on_error: what becomes of a request if the database does not answer in `timeout`
                seconds: allow, deny, or local (counted in this process alone).
            timeout: seconds.
            lease: take so many units at once and hand them out here, for `lease_for` seconds;
                what is left is given back. For limits that are asked very often.
            lease_for: seconds.

        Raises:
            ConfigError: a value is out of its range.
        """
        try:
            quotas = (Quota(quota, per, burst or 0, name, durable),)
        except ValueError as error:
            raise ConfigError(f"limit {name!r}: {error}") from None
        limit = Limit(self, (name,), quotas, on_error, timeout, lease, lease_for)
        self._limits.append(limit)
        return limit

    def slot(
        self, key: str, slots: int, *, lease: float = 60.0, holder: str | None = None
    ) -> AbstractAsyncContextManager[None]:
        """At most so many at once, in all processes: `async with hf.slot("expo", 6):`.

        Raises RateLimited when entered while all are taken. `lease` is in seconds.
        """
        return slot(self._guarded, key, slots, lease, holder or platform.node())

    def breaker(
        self, name: str, *, failures: tuple[type[BaseException], ...] = OUTAGES
    ) -> AbstractAsyncContextManager[Passed]:
        """Ask before, tell after: `async with hf.breaker("smtp:relay"):`.

        Raises BreakerOpen when entered while the destination is down or paused. `failures` are the
        exceptions that speak about the destination: connection errors and timeouts, unless given.
        """
        if name not in self._breakers:
            self._breakers[name] = Breaker(self._guarded, name, failures)
        return self._breakers[name].attempt()

    # ---------------------------------------------------------------- for limits

    async def ready(self) -> None:
        """The database is there; a limit waits for that without a timeout, once."""
        await self.prepare()

    async def ask(self, check: Check) -> list[Answer]:
        """Ask together with whoever else asks at this moment in this event loop."""
        loop = asyncio.get_running_loop()
        if loop not in self._limiters:
            self._limiters[loop] = Limiter(self._guarded)
        return await self._limiters[loop].ask(check)

    def ask_sync(self, call: Call[T]) -> T:
        """Ask alone, from a thread."""
        self.prepare_sync()
        return self._guarded.run_sync(call)

    async def hand_in(self) -> None:
        """Give back and tell what this process holds back; closing must not fail for it."""
        with suppress(HoldfastError):
            for limit in self._limits:
                await limit.close()
            for breaker in self._breakers.values():
                await breaker.flush()
        self._limiters.pop(asyncio.get_running_loop(), None)
