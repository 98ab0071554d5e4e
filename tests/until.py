"""Waiting for what another process, session or task does, by no clock of ours."""

import asyncio
import time
from collections.abc import Callable


def until(fact: Callable[[], object]) -> None:
    """Look until it is so, and fail if it does not come; it goes by no clock of ours."""
    deadline = time.monotonic() + 60
    while not fact():
        assert time.monotonic() < deadline
        time.sleep(0.01)  # leaves the processor to what is waited for


async def turns(count: int = 30) -> None:
    """So many turns of the event loop: all that is ready in this process comes to its end."""
    for _ in range(count):
        await asyncio.sleep(0)
