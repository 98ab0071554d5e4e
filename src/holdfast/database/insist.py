"""How long the database is waited for: longer for what has happened already, else not for ever."""

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


async def within(seconds: float, asking: Awaitable[T]) -> T:
    """The answer, if it comes in time: a connection may hang though its other side is well.

    Raises:
        DatabaseUnavailable: it did not; what was asked may have happened. Its connection is closed.
    """
    try:
        async with asyncio.timeout(seconds):
            return await asking
    except TimeoutError:
        raise DatabaseUnavailable(f"no answer within {seconds:g} s; it may have happened") from None
