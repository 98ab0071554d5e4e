"""So many at once: `async with hf.slot("expo", 6):`, whoever asks and wherever it runs."""

import asyncio
import random
import threading
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from holdfast.database import Call
from holdfast.engine.limits import Slot, extend_slot, release_slot, take_slot
from holdfast.errors import DatabaseUnavailable, HoldfastError, RateLimited
from holdfast.limits.limit import OnError
from holdfast.limits.patience import Patience

_FIRST_PAUSE_S = 0.02
_LONGEST_PAUSE_S = 0.5


class Held:
    """How many blocks of each key this process is in, by all of its threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: Counter[str] = Counter()

    def enter(self, key: str, most: int | None = None) -> bool:
        """One more, unless there are as many as may be."""
        with self._lock:
            if most is not None and self._counts[key] >= most:
                return False
            self._counts[key] += 1
            return True

    def leave(self, key: str) -> None:
        """One less; of what nobody is in nothing is kept."""
        with self._lock:
            self._counts[key] -= 1
            if not self._counts[key]:
                del self._counts[key]


@dataclass(frozen=True, slots=True)
class Wish:
    """Which slot, and how it is asked for."""

    key: str
    slots: int
    lease_s: float
    holder: str
    timeout_s: float
    on_error: OnError
    wait_s: float

    @property
    def lease(self) -> timedelta:
        """As the database takes it."""
        return timedelta(seconds=self.lease_s)


@asynccontextmanager
async def slot(patience: Patience, held: Held, wish: Wish) -> AsyncIterator[None]:
    """One of the slots, kept for as long as the block runs.

    It is extended three times a lease; if that fails and the lease runs out, somebody else may have
    it, as with every lease.

    Raises:
        RateLimited: all are taken, and `wait_s` is over; `retry_after` is when the first one would
            run out.
        DatabaseUnavailable: there was no answer in time, and `on_error` is deny; a slot that was
            taken is given back.
    """
    mine = await _waited(patience, held, wish)
    keeping = asyncio.create_task(_keep(patience, wish, mine)) if mine is not None else None
    try:
        yield
    finally:
        held.leave(wish.key)
        if keeping is not None and mine is not None:
            keeping.cancel()
            with suppress(HoldfastError):  # else it runs out by itself
                await patience.ask(release_slot(wish.key, mine), wish.timeout_s)


async def _waited(patience: Patience, held: Held, wish: Wish) -> UUID | None:
    """What `_entered` says, asked again for as long as there is time to wait."""
    until, pause_s = time.monotonic() + wish.wait_s, _FIRST_PAUSE_S
    while True:
        try:
            return await _entered(patience, held, wish)
        except RateLimited:
            left_s = until - time.monotonic()
            if left_s <= 0:
                raise
        await asyncio.sleep(min(left_s, pause_s * random.uniform(0.5, 1.0)))  # noqa: S311  no secret
        pause_s = min(2 * pause_s, _LONGEST_PAUSE_S)


async def _entered(patience: Patience, held: Held, wish: Wish) -> UUID | None:
    mine = await _taken(patience, wish)
    if not held.enter(wish.key, wish.slots if mine is None and wish.on_error == "local" else None):
        raise RateLimited(f"all {wish.slots} slots of {wish.key} are taken in this process", 1.0)
    return mine


async def _taken(patience: Patience, wish: Wish) -> UUID | None:
    """The slot; None where the database did not answer, and `on_error` lets it pass."""

    def returned(late: Slot) -> Call[bool] | None:
        return release_slot(wish.key, late.slot) if late.slot is not None else None

    asking = take_slot(wish.key, wish.slots, wish.lease, wish.holder)
    try:
        taken = await patience.ask(asking, wish.timeout_s, returned)
    except DatabaseUnavailable as error:
        patience.unanswered("slot", wish.on_error, error)  # not its key: that may be somebody
        if wish.on_error == "deny":
            raise
        return None
    if taken.slot is None:
        raise RateLimited(f"all {wish.slots} slots of {wish.key} are taken", taken.retry_after)
    return taken.slot


async def _keep(patience: Patience, wish: Wish, mine: UUID) -> None:
    while True:
        await asyncio.sleep(wish.lease_s / 3)
        with suppress(HoldfastError):  # the next one may get through
            await patience.ask(extend_slot(wish.key, mine, wish.lease), wish.lease_s / 3)
