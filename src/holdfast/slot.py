"""So many at once: `async with hf.slot("expo", 6):`, whoever asks and wherever it runs."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta

from holdfast.database import Database
from holdfast.engine.limits import extend_slot, release_slot, take_slot
from holdfast.errors import HoldfastError, RateLimited


@asynccontextmanager
async def slot(
    database: Database, key: str, slots: int, lease_s: float, holder: str
) -> AsyncIterator[None]:
    """One of the slots, kept for as long as the block runs.

    It is extended three times a lease; if that fails and the lease runs out, somebody else may have
    it, as with every lease.

    Raises:
        RateLimited: all are taken; `retry_after` is when the first one would run out.
    """
    lease = timedelta(seconds=lease_s)
    taken = await database.run(take_slot(key, slots, lease, holder))
    mine = taken.slot
    if mine is None:
        raise RateLimited(f"all {slots} slots of {key} are taken", taken.retry_after)

    async def keep() -> None:
        while True:
            await asyncio.sleep(lease_s / 3)
            try:
                await database.run(extend_slot(key, mine, lease))
            except HoldfastError:
                continue  # the next one may get through

    keeping = asyncio.create_task(keep())
    try:
        yield
    finally:
        keeping.cancel()
        with suppress(HoldfastError):  # else it runs out by itself
            await database.run(release_slot(key, mine))
