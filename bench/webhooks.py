"""Webhooks: what it costs to store an event before saying so, and how soon it is handled."""

import asyncio
import random
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bench.ground import Ground
from bench.meter import Meter, Sample
from bench.posts import KIND, at_rate, back_to_back, posts
from bench.quantiles import quantile

LINES = 32
RATE = 200.0
SMALL, LARGE = 2_000, 60_000


@asynccontextmanager
async def serving(ground: Ground, *, floor: bool) -> AsyncIterator[tuple[int, int]]:
    """The server as a process of its own; its port and its process."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bench.webhook_server", ground.url, *(["--floor"] if floor else []),
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stdin is not None and process.stdout is not None  # noqa: PT018
    try:
        line = await process.stdout.readline()
        yield int(line), process.pid
    finally:
        process.stdin.close()
        await process.wait()


async def ack(ground: Ground, *, floor: bool, size: int = SMALL) -> Sample:
    """As many as go through, over 32 connections."""
    count = ground.sizes.webhooks
    async with serving(ground, floor=floor) as (port, _):
        await back_to_back(port, posts(200, size, 10**9), LINES)
        requests = posts(count, size)
        with Meter(ground.postmaster) as meter:
            took = await back_to_back(port, requests, LINES)
    await _check(ground, 0 if floor else count + 200)
    return meter.sample(count / took, count)


async def _check(ground: Ground, events: int) -> None:
    async with await ground.connection() as connection:
        found = await (
            await connection.execute("select count(*) from holdfast.webhook_events")
        ).fetchone()
    if found != (events,):
        raise RuntimeError(f"{found} events are stored, expected {events}")


async def at_200(ground: Ground, *, floor: bool) -> dict[str, Sample]:
    """At 200 a second for some seconds, while a worker handles what came."""
    count = ground.sizes.webhooks_at_rate
    handled: dict[str, float] = {}
    async with serving(ground, floor=floor) as (port, _), ground.holdfast() as hf:

        @hf.on("stripe", KIND)
        async def handle(event: object) -> None:
            handled[event.event_id] = time.monotonic()  # type: ignore[attr-defined]

        worker = hf.worker()
        working = None if floor else asyncio.create_task(worker.run())
        await asyncio.sleep(0.5)
        await back_to_back(port, posts(100, SMALL, 10**9), 4)
        with Meter(ground.postmaster) as meter:
            waits, answered = await at_rate(
                port, posts(count, SMALL), RATE, LINES, random.Random(1)
            )
        found = {
            f"webhook_ack_{name}": meter.sample(quantile(waits, share) * 1000, count)
            for name, share in (("p50", 0.50), ("p95", 0.95), ("p99", 0.99))
        }
        if working is not None:
            async with asyncio.timeout(30):
                while len(handled) < count + 100:  # noqa: ASYNC110  nobody tells us
                    await asyncio.sleep(0.01)
            worker.stop()
            await working
            lags = [max(handled[f"evt_{n}"] - answered[n], 0.0) for n in range(count)]
            found["webhook_handler_p95"] = meter.sample(quantile(lags, 0.95) * 1000, count)
    return found
