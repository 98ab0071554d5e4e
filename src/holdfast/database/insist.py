"""What has happened already is written down, though the database may be away for a moment."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from holdfast.errors import DatabaseUnavailable

T = TypeVar("T")
PAUSES_S = (0.1, 0.3, 1.0, 2.0, 4.0, 8.0)


async def insist(store_it: Callable[[], Awaitable[T]]) -> T:
    """What `store_it` returns; it is asked again while the database is away, a quarter of a minute.

    Raises:
        DatabaseUnavailable: it is still away; or a commit had no answer, and it may be stored.
    """
    for pause_s in PAUSES_S:
        try:
            return await store_it()
        except DatabaseUnavailable:
            await asyncio.sleep(pause_s)
    return await store_it()
