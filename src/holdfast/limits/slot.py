"""So many at once: `async with hf.slot("expo", 6):`, whoever asks and wherever it runs."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta

from holdfast.database import Call
from holdfast.engine.limits import Slot, extend_slot, release_slot, take_slot
from holdfast.errors import HoldfastError, RateLimited
from holdfast.limits.patience import Patience


@asynccontextmanager
async def slot(
    patience: Patience, key: str, slots: int, lease_s: float, holder: str, timeout_s: float
) -> AsyncIterator[None]:
    """One of the slots, kept for as long as the block runs.

    It is extended three times a lease; if that fails and the lease runs out, somebody else may have
    it, as with every lease.

    Raises:
        RateLimited: all are taken; `retry_after` is when the first one would run out.
        DatabaseUnavailable: there was no answer in time; a slot that was taken is given back.
    """
    lease = timedelta(seconds=lease_s)

    def returned(taken: Slot) -> Call[bool] | None:
        return release_slot(key, taken.slot) if taken.slot is not None else None

    taken = await patience.ask(take_slot(key, slots, lease, holder), timeout_s, returned)
    mine = taken.slot
    if mine is None:
        raise RateLimited(f"all {slots} slots of {key} are taken", taken.retry_after)

    async def keep() -> None:
        while True:
            await asyncio.sleep(lease_s / 3)
            try:
                await patience.ask(extend_slot(key, mine, lease), lease_s / 3)
            except HoldfastError:
                continue  # the next one may get through

    keeping = asyncio.create_task(keep())
    try:
        yield
    finally:
        keeping.cancel()
        with suppress(HoldfastError):  # else it runs out by itself
            await patience.ask(release_slot(key, mine), timeout_s)
