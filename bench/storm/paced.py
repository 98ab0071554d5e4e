"""Handlers that come by the clock, and those of queues that let only so many run."""

import asyncio
import os
import random
from typing import Any, Final

from bench.storm.base import EFFECT, SHORT, hf, write_down
from holdfast import Task


@hf.task(queue="clock", **SHORT)
async def ticked(name: str, tick: str | None = None, tx: Any = None) -> None:
    """A tick, written down once if it is done."""
    await tx.execute(EFFECT, ["ticked", f"{name}@{tick}", os.getpid()])


for catch_up in ("all", "one", "none"):
    hf.schedule(f"storm-{catch_up}", ticked.job(catch_up), every="1 s", catch_up=catch_up)


async def _busy(queue: str, n: int) -> None:
    """For a while; the diary says from when to when."""
    write_down(f"begin:{queue}", str(n))
    await asyncio.sleep(random.uniform(0, 0.6))
    write_down(f"end:{queue}", str(n))


@hf.task(queue="few", max_running=2, **SHORT)
async def few(n: int) -> None:
    """Two at once, whoever works."""
    await _busy("few", n)


@hf.task(queue="each", max_running_per_tenant=1, **SHORT)
async def each(n: int) -> None:
    """One at once of each tenant."""
    await _busy("each", n)


@hf.task(queue="pairs", max_running_per_key=2, **SHORT)
async def pairs(n: int) -> None:
    """Two at once of each ordering key."""
    await _busy("pairs", n)


QUOTA, BURST = 4, 2


@hf.task(queue="slow", rate_quota=QUOTA, rate_burst=BURST, **SHORT)
async def slow(n: int) -> None:
    """So many a second."""
    write_down("begin:slow", str(n))


LIMITED: Final[dict[str, Task[[int]]]] = {"few": few, "each": each, "pairs": pairs, "slow": slow}
