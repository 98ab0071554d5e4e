"""Units of a limit that were taken at once, to be handed out here.

A lease is topped up by one renewal at a time, which begins before its last units are gone: nobody
waits for it while units are plentiful. Whoever finds none takes from what the renewal brings. What
is left when its time is over goes back.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass

from holdfast.engine.limits import Answer, Mode
from holdfast.errors import HoldfastError
from holdfast.policy.gcra import Quota

_CLOSING_S = 1.0
Ask = Callable[[str, int, Mode], Awaitable[Answer]]
"""Ask the database for one limit: the key, how many units, and what to do with them."""


@dataclass(slots=True, eq=False)
class _Lease:
    units: int
    answer: Answer
    end: asyncio.TimerHandle
    renew_at: int
    """With how many units left it is renewed ahead; below 0 it is not."""


class Leases:
    """The leases of one limit in one event loop.

    Args:
        ask: how the database is reached.
        quota: the limit's.
        size: units to hold after each renewal, if there are as many.
        for_s: how long a lease lasts after it was renewed in full.
    """

    def __init__(self, ask: Ask, quota: Quota, size: int, for_s: float) -> None:
        self._ask = ask
        self._quota = quota
        self._size = size
        self._for_s = for_s
        self._held: dict[str, _Lease] = {}
        self._renewals: dict[str, asyncio.Task[tuple[Answer, bool]]] = {}
        self._returning: set[asyncio.Task[None]] = set()

    def at_hand(self, key: str, cost: int) -> Answer | None:
        """From what is held here, or None if that is too little."""
        lease = self._held.get(key)
        if lease is None or lease.units < cost:
            return None
        lease.units = left = lease.units - cost
        if left <= lease.renew_at:
            lease.renew_at = -1  # once: what cannot be renewed is not asked for at each unit
            self._renewal(key, 0)
        said = lease.answer
        return Answer(
            said.number, said.key, said.policy, True, cost, left, 0.0,
            said.reset_after, said.quota, said.per, said.burst,
        )  # fmt: skip

    async def take(self, key: str, cost: int) -> Answer:
        """From what is held here, or from the next renewal. Raises as `ask`."""
        while True:
            answer = self.at_hand(key, cost)
            if answer is not None:
                return answer
            # who gives up leaves the renewal to the others
            brought, in_full = await asyncio.shield(self._renewal(key, cost))
            if not in_full:
                return self.at_hand(key, cost) or self._refused(key, cost, brought)

    async def close(self) -> None:
        """Give back what is left."""
        if self._renewals:
            await asyncio.wait(self._renewals.values(), timeout=_CLOSING_S)
        for key in list(self._held):
            self._held[key].end.cancel()
            self._end(key)
        if self._returning:
            await asyncio.wait(self._returning, timeout=_CLOSING_S)

    # ---------------------------------------------------------------- inside

    def _renewal(self, key: str, cost: int) -> asyncio.Task[tuple[Answer, bool]]:
        renewal = self._renewals.get(key)
        if renewal is None:
            renewal = self._renewals[key] = asyncio.create_task(self._renew(key, cost))
            renewal.add_done_callback(lambda ended: self._renewed(key, ended))
        return renewal

    def _renewed(self, key: str, renewal: asyncio.Task[tuple[Answer, bool]]) -> None:
        del self._renewals[key]
        if not renewal.cancelled():
            renewal.exception()  # nobody may be left who wants to know

    async def _renew(self, key: str, cost: int) -> tuple[Answer, bool]:
        """What the database said, and whether that was all that was asked for."""
        held = self._held.get(key)
        wanted = max(self._size, cost) - (held.units if held else 0)
        answer = await self._ask(key, wanted, "up_to")
        in_full = answer.granted >= wanted
        lease = self._held.get(key)
        if answer.granted and (lease is None or in_full):
            kept = answer._replace(allowed=True, retry_after=0.0)
            units = lease.units if lease else 0
            if lease is not None:
                lease.end.cancel()
            self._hold(key, units + answer.granted, kept)
        elif lease is not None:
            lease.units += answer.granted  # not for longer: somebody else may wait for them
        return answer, in_full

    def _hold(self, key: str, units: int, answer: Answer) -> None:
        end = asyncio.get_running_loop().call_later(self._for_s, self._end, key)
        self._held[key] = _Lease(units, answer, end, self._size // 4 or -1)

    def _end(self, key: str) -> None:
        lease = self._held.pop(key)
        if lease.units:
            returning = asyncio.ensure_future(self._give_back(key, lease.units))
            self._returning.add(returning)
            returning.add_done_callback(self._returning.discard)

    async def _give_back(self, key: str, units: int) -> None:
        with suppress(HoldfastError):
            await self._ask(key, units, "refund")

    def _refused(self, key: str, cost: int, answer: Answer) -> Answer:
        held = self._held.get(key)
        lacking = cost - (held.units if held else 0)
        wait = self._quota.unit_s * max(lacking, 1)
        return answer._replace(allowed=False, granted=0, retry_after=wait)
