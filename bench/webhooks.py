"""Webhooks: what it costs to store an event before saying so, and how soon it is handled."""

import asyncio
import json
import random
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from bench.ground import Ground
from bench.meter import Meter, Sample
from bench.posts import at_rate, back_to_back, posts
from bench.quantiles import quantile

LINES = 32
RATE = 200.0
SMALL, LARGE = 2_000, 60_000


@asynccontextmanager
async def _process(module: str, *arguments: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """A process of the bench that ends when its standard input does."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", f"bench.{module}", *arguments,
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, limit=2**24,
    )  # fmt: skip
    assert process.stdin is not None
    try:
        yield process
    finally:
        process.stdin.close()
        await process.wait()


async def _line(process: asyncio.subprocess.Process) -> bytes:
    assert process.stdout is not None
    return await process.stdout.readline()


@asynccontextmanager
async def serving(ground: Ground, *, floor: bool) -> AsyncIterator[int]:
    """The server as a process of its own; its port."""
    async with _process("webhook_server", ground.url, *(["--floor"] if floor else [])) as process:
        yield int(await _line(process))


async def ack(ground: Ground, *, floor: bool, size: int = SMALL) -> Sample:
    """As many as go through, over 32 connections."""
    count = ground.sizes.webhooks
    async with serving(ground, floor=floor) as port:
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
    """At 200 a second for some seconds, while a worker handles what came.

    The server and the worker are processes of their own, as `holdfast up` has them: what the sender
    waits for is not this process's own work.
    """
    count = ground.sizes.webhooks_at_rate
    async with AsyncExitStack() as stack:
        working = None
        if not floor:
            working = await stack.enter_async_context(_process("webhook_worker", ground.url))
            await _line(working)
        port = await stack.enter_async_context(serving(ground, floor=floor))
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
            handled = await _handled(ground, working, count + 100)
            lags = [max(handled[f"evt_{n}"] - answered[n], 0.0) for n in range(count)]
            found["webhook_handler_p95"] = meter.sample(quantile(lags, 0.95) * 1000, count)
    return found


async def _handled(
    ground: Ground, working: asyncio.subprocess.Process, count: int
) -> dict[str, float]:
    """When each event reached its handler, once the database has settled the last job."""
    done = "select count(*) from holdfast.finished_jobs"
    async with asyncio.timeout(30), await ground.connection() as connection:
        while await (await connection.execute(done)).fetchone() != (count,):  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    assert working.stdin is not None
    working.stdin.close()
    noted: dict[str, float] = json.loads(await _line(working))
    return noted
