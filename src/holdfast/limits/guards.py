"""What an application asks before it does something: limits, slots and breakers."""

import asyncio
import math
import platform
from abc import ABC, abstractmethod
from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypeVar, get_args

from holdfast.database import Database
from holdfast.errors import ConfigError, HoldfastError
from holdfast.limits.asking import Asking
from holdfast.limits.block import Block
from holdfast.limits.breaker import Breaker, Failures, Passed
from holdfast.limits.limit import Limit, OnError
from holdfast.limits.patience import Patience
from holdfast.limits.slot import Held, Wish, slot
from holdfast.policy.gcra import Quota
from holdfast.policy.retryable import are_exceptions

T = TypeVar("T")
_MOST = 10_000
_MOST_SLOTS = 1_000_000
_DAY_S = 86_400


def _known(made: dict[Any, T], name: object, new: Callable[[], T]) -> T:
    """The one of that name, for all threads; `new` if there is none.

    Names may come from outside. The oldest goes; who asks by it just now has it still.
    """
    if name in made:
        with suppress(KeyError):  # it went just now
            return made[name]
    found = made.setdefault(name, new())
    while len(made) > _MOST:
        with suppress(RuntimeError):  # another thread has made one
            made.pop(next(iter(made)), None)
    return found


class Guards(ABC):
    """The half of a Holdfast that says "not now". Their state is in the database, for everybody."""

    def __init__(self, database: Database) -> None:
        self._guarded = database
        self._asking = Asking(database, self.prepare, self._leave)
        self._quotas: dict[str, Quota] = {}
        self._limits: dict[tuple[object, ...], Limit] = {}
        self._breakers: dict[str, Breaker] = {}
        self._for_breakers = Patience(database, self._asking.start)
        self._for_slots = Patience(database, self._asking.start)
        self._in_slots = Held()

    @abstractmethod
    async def prepare(self) -> None:
        """Find the schema."""

    def limit(
        self, name: str, *, quota: int, per: float, burst: int | None = None,
        durable: bool = False, on_error: OnError = "allow", timeout: float = 0.05,
        lease: int = 0, lease_for: float = 1.0,
    ) -> Limit:  # fmt: skip
        """A rate limit: `hf.limit("login", quota=5, per=60)`, the same for all processes.

        It can be kept, or asked for again at each call by the same words.

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
            ConfigError: a value is out of its range, or there is another limit of that name: both
                would be charged to the same units.
        """
        try:
            made = Quota(quota, per, quota if burst is None else burst, name, durable)
        except ValueError as error:
            raise ConfigError(f"limit {name!r}: {error}") from None
        limit = Limit(self._asking, (name,), (made,), on_error, timeout, lease, lease_for)
        known = _known(self._quotas, name, lambda: made)
        if known != made:
            it_is = "" if known.durable == durable else f", durable={known.durable}"
            raise ConfigError(
                f"limit {name!r} is {known.quota} per {known.per:g} s already, with a burst of "
                f"{known.most}{it_is}: what differs needs a name of its own"
            )
        asked = (made, on_error, timeout, lease, lease_for)
        return _known(self._limits, asked, lambda: limit)

    def slot(
        self, key: str, slots: int, *, lease: float = 60.0, holder: str | None = None,
        timeout: float = 1.0, on_error: OnError = "deny", wait: float = 0.0,
    ) -> Block[None]:  # fmt: skip
        """At most this many at once, in all processes: `async with hf.slot("expo", 6):`, or `with`.

        Raises RateLimited when entered while all are taken, and still are after `wait` seconds.

        Args:
            key: what the slots are of.
            slots: how many there are.
            lease: a slot whose holder died comes free after so many seconds.
            holder: who, for people to read; this host unless given.
            timeout: seconds that the database is waited for.
            on_error: what becomes of the block if the database does not answer by then: deny
                (DatabaseUnavailable), allow, or local (as many as there are in this process).
            wait: seconds in which it is asked again and again, first soon, then twice a second;
                nobody has a place in a line.

        Raises:
            ConfigError: a value is out of its range.
        """
        if not isinstance(key, str):
            raise ConfigError(f"slot: a key is a text, not {key!r}")
        if on_error not in get_args(OnError):
            raise ConfigError(f"on_error is allow, deny or local, not {on_error!r}")
        if type(slots) is not int or not 1 <= slots <= _MOST_SLOTS:
            raise ConfigError(f"slots is 1 to {_MOST_SLOTS}, not {slots!r}")
        for named, seconds in (("lease", lease), ("timeout", timeout)):
            if type(seconds) not in {int, float} or not 0 < seconds <= _DAY_S:
                raise ConfigError(f"{named} is above 0 and at most a day, not {seconds!r} s")
        if type(wait) not in {int, float} or not 0 <= wait < math.inf:
            raise ConfigError(f"wait is a number of seconds, 0 or more, not {wait!r}")
        wish = Wish(key, slots, lease, holder or platform.node(), timeout, on_error, wait)
        return Block(lambda: slot(self._for_slots, self._in_slots, wish), self._asking.aside)

    def breaker(
        self, name: str, *, failures: Failures | None = None, timeout: float = 0.05
    ) -> Block[Passed]:
        """Ask before, tell after: `async with hf.breaker("smtp:relay"):`, or `with`.

        Raises BreakerOpen when entered while the destination is down or paused. If the database
        does not answer in `timeout` seconds, it passes.

        Args:
            name: the destination; everybody who names it shares the breaker.
            failures: the exceptions that speak about the destination. Unless given: connection
                errors, timeouts and failures of DNS, also those of the usual HTTP clients.
            timeout: seconds, before the block and after it.

        Raises:
            ConfigError: `failures` are no classes of exceptions, or the name is no text of 1 to
                200 characters.
        """
        if not isinstance(name, str):  # also what a bare @hf.breaker took
            raise ConfigError(f'a breaker has a name, as in @hf.breaker("relay"), not {name!r}')
        if not 1 <= len(name) <= 200 or "\0" in name:  # noqa: PLR2004  the range is the message
            raise ConfigError(f"breaker {name!r}: a name is 1 to 200 characters, without NUL")
        if failures is not None and not are_exceptions(failures):
            raise ConfigError(f"breaker {name!r}: failures are classes of exceptions, in a tuple")
        breaker = _known(
            self._breakers, name, lambda: Breaker(self._guarded, name, self._for_breakers)
        )
        return Block(lambda: breaker.attempt(failures, timeout), self._asking.aside)

    # ---------------------------------------------------------------- the end

    async def _hand_in(self) -> None:
        """Give back and tell what this process holds back; closing must not fail for it."""
        await self._hand_in_here()
        await asyncio.to_thread(self._hand_in_sync)

    def _hand_in_sync(self) -> None:
        """The same for what threads asked."""
        self._asking.aside.close()

    async def _hand_in_here(self) -> None:
        with suppress(HoldfastError):
            for limit in list(self._limits.values()):
                await limit.close()
            for breaker in list(self._breakers.values()):
                await breaker.flush()
        self._asking.forget()

    async def _leave(self) -> None:
        await self._hand_in_here()
        await self._guarded.leave()
