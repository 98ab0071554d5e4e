"""The same works by a peer, under the same rules: a job not accounted for ends the run."""

import asyncio
import random
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager

from bench.ground import Ground
from bench.meter import Meter, Sample
from bench.peers.peer import Client, Peer
from bench.quantiles import latencies

PATIENCE_S = 120.0
WARM_UP = 5
CYCLES = 5
"""As many drains in a row as our own `drain_old_snapshot` has."""


async def clear(ground: Ground, peer: Peer) -> None:
    """Begin each measurement alike: empty tables, and nothing left to be written to disk."""
    async with await ground.connection() as connection:
        await connection.execute(f"truncate {', '.join(peer.tables)} cascade")
        await connection.execute("checkpoint")


async def enqueue(ground: Ground, peer: Peer, callers: int, jobs: int) -> Sample:
    """`callers` at a time enqueue one job each, and their next after the answer."""
    each = jobs // callers

    async def send(client: Client, count: int) -> None:
        for n in range(count):
            await client.send(n)

    async with peer.connect(ground.url, callers) as client:
        await asyncio.gather(*(send(client, 10) for _ in range(callers)))
        await clear(ground, peer)
        with Meter(ground.postmaster) as meter:
            await asyncio.gather(*(send(client, each) for _ in range(callers)))
    await _expect(ground, f"select count(*) from {peer.live}", each * callers)
    return meter.rate(each * callers)


async def enqueue_bulk(ground: Ground, peer: Peer) -> Sample:
    """One call of its bulk interface."""
    jobs = ground.sizes.enqueue_bulk
    async with peer.connect(ground.url, 1) as client:
        await client.send_many(range(1))
        await clear(ground, peer)
        with Meter(ground.postmaster) as meter:
            await client.send_many(range(jobs))
    await _expect(ground, f"select count(*) from {peer.live}", jobs)
    return meter.rate(jobs)


async def drain(ground: Ground, peer: Peer) -> Sample:
    """One worker, from its start until the database has settled the last job."""
    async with peer.connect(ground.url, 1) as client:
        sample = await _cycle(ground, peer, client)
    await _check(ground, peer, peer.drained)
    return sample


async def drain_old_snapshot(ground: Ground, peer: Peer) -> Sample:
    """The fifth drain in a row, with an old snapshot open since before the first."""
    async with peer.connect(ground.url, 1) as client, await ground.connection() as reader:
        await reader.execute("begin isolation level repeatable read")
        await reader.execute(f"select count(*) from {peer.live}")
        for _ in range(CYCLES):
            sample = await _cycle(ground, peer, client)
    await _check(ground, peer, CYCLES * peer.drained)
    return sample


async def _cycle(ground: Ground, peer: Peer, client: Client) -> Sample:
    jobs = peer.drained
    seen, left, handled = bytearray(jobs), jobs, asyncio.Event()

    def handle(n: int) -> None:
        nonlocal left
        seen[n] += 1
        left -= 1
        if not left:
            handled.set()

    await client.send_many(range(jobs))
    await ground.look_over()
    async with await ground.connection() as watcher:
        with Meter(ground.postmaster) as meter:
            working = asyncio.create_task(client.work(handle))
            await _or_fail(working, handled)
            left_over = f"select from {peer.live} limit 1"
            while (await watcher.execute(left_over)).rowcount:  # noqa: ASYNC110  nobody tells us
                await asyncio.sleep(0.002)
        client.stop()
        await asyncio.wait_for(working, PATIENCE_S)
    if seen.count(1) != jobs:
        raise RuntimeError(f"{peer.name}: {jobs - seen.count(1)} jobs were not run exactly once")
    return meter.rate(jobs)


async def latency(ground: Ground, peer: Peer, chance: random.Random) -> dict[str, Sample]:
    """From before it is sent to the first line of the handler, one job every 30 to 60 ms."""
    started: asyncio.Queue[float] = asyncio.Queue()
    waits: list[float] = []

    async def one(client: Client, n: int) -> float:
        sent_at = time.perf_counter()
        await client.send(n)
        return await asyncio.wait_for(started.get(), PATIENCE_S) - sent_at

    async with AsyncExitStack() as opened:
        await opened.enter_async_context(_notified(ground, peer))
        client = await opened.enter_async_context(peer.connect(ground.url, 1))
        handle: Callable[[int], None] = lambda _: started.put_nowait(time.perf_counter())  # noqa: E731
        working = asyncio.create_task(client.work(handle))
        for n in range(WARM_UP):
            await one(client, n)
        with Meter(ground.postmaster) as meter:
            for n in range(ground.sizes.latency):
                await asyncio.sleep(chance.uniform(0.03, 0.06))
                waits.append(await one(client, n))
        client.stop()
        await asyncio.wait_for(working, PATIENCE_S)
    return latencies(waits, ground.sizes.latency, meter)


@asynccontextmanager
async def _notified(ground: Ground, peer: Peer) -> AsyncIterator[None]:
    if peer.notify is not None:
        await peer.notify(ground.url, True)
    try:
        yield
    finally:
        if peer.notify is not None:
            await peer.notify(ground.url, False)


async def _or_fail(working: "asyncio.Task[None]", handled: asyncio.Event) -> None:
    """Wait, but not for a worker that has come to its end."""
    waiting = asyncio.create_task(handled.wait())
    await asyncio.wait([working, waiting], timeout=PATIENCE_S, return_when=asyncio.FIRST_COMPLETED)
    if not handled.is_set():
        waiting.cancel()
        if working.done():
            working.result()
        raise RuntimeError("the worker did not handle every job in time")


async def _check(ground: Ground, peer: Peer, jobs: int) -> None:
    await _expect(ground, f"select count(*) from {peer.live}", 0)
    if peer.done is not None:
        await _expect(ground, peer.done, jobs)


async def _expect(ground: Ground, question: str, jobs: int) -> None:
    async with await ground.connection() as connection:
        found = await (await connection.execute(question)).fetchone()
    if found != (jobs,):
        raise RuntimeError(f"{question}: {found}, expected {jobs}")
