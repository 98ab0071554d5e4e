"""What we do: the same works through the public face, every job accounted for afterwards."""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable

from bench.floors import payload
from bench.ground import Ground, as_the_command_works
from bench.meter import Meter, Sample
from bench.quantiles import latencies
from holdfast import Holdfast, Job, Task
from holdfast.engine import queues, views

QUEUE = "bench"
POLICY = {"batch": 1000, "concurrency": 500}
"""The policy of the drained queue. The floor leases by the thousand, too."""
PATIENCE_S = 60.0
LEASED = "select from holdfast.leased_jobs limit 1"


def _task(hf: Holdfast, handle: Callable[[int], None]) -> Task[...]:
    async def noop(n: int, to: str, template: str) -> None:  # noqa: ARG001  a job has more than it needs
        handle(n)

    return hf.task(name="noop", queue=QUEUE, **POLICY)(noop)


def _jobs(task: Task[...], count: int) -> list[Job]:
    return [task.job(**payload(n)) for n in range(count)]


def _ignore(_: int) -> None:
    """Handle nothing: only the sending is measured."""


async def _make_queue(hf: Holdfast) -> None:
    await hf.run(queues.create_queue(QUEUE, POLICY))


async def _count(ground: Ground, table: str) -> int:
    async with await ground.connection() as connection:
        found = await (
            await connection.execute(f"select count(*) from holdfast.{table}")
        ).fetchone()
    return int(str(found[0])) if found else 0


async def enqueue(ground: Ground, callers: int, jobs: int) -> Sample:
    """`callers` at a time await `hf.send`, each one its next job after the answer to the last."""

    async def send(portion: list[Job]) -> None:
        for job in portion:
            await hf.send(job)

    async with ground.holdfast() as hf:
        await _make_queue(hf)
        ready = _jobs(_task(hf, _ignore), jobs // callers * callers)
        await asyncio.gather(*(send(ready[:10]) for _ in range(callers)))
        await ground.clear()
        with Meter(ground.postmaster) as meter:
            await asyncio.gather(*(send(ready[n::callers]) for n in range(callers)))
    await _expect(ground, "ready_jobs", len(ready))
    return meter.rate(len(ready))


async def enqueue_bulk(ground: Ground) -> Sample:
    """One `hf.send_many`: one array, one statement, a receipt for each job."""
    async with ground.holdfast() as hf:
        await _make_queue(hf)
        ready = _jobs(_task(hf, _ignore), ground.sizes.enqueue_bulk)
        await hf.send_many(ready[:1])
        await ground.clear()
        with Meter(ground.postmaster) as meter:
            receipts = await hf.send_many(ready)
    await _expect(ground, "ready_jobs", len({receipt.id for receipt in receipts}))
    return meter.rate(len(ready))


async def _expect(ground: Ground, table: str, jobs: int) -> None:
    if (found := await _count(ground, table)) != jobs:
        raise RuntimeError(f"{found} jobs in {table}, expected {jobs}")


async def drain(ground: Ground, work: Callable[[], None] | None = None) -> Sample:
    """A worker as anybody runs one, from its start until the database has settled the last job.

    Args:
        ground: where.
        work: what a handler does, beside noting that it was called; nothing if not given.
    """
    jobs = ground.sizes.drain
    seen, left, handled = bytearray(jobs), jobs, asyncio.Event()

    def handle(n: int) -> None:
        nonlocal left
        seen[n] += 1
        left -= 1
        if work is not None:
            work()
        if not left:
            handled.set()

    async with ground.holdfast() as hf, await ground.connection() as watcher:
        await _make_queue(hf)
        await hf.send_many(_jobs(_task(hf, handle), jobs))
        await ground.look_over()
        worker = hf.worker()
        with as_the_command_works(), Meter(ground.postmaster) as meter:
            working = asyncio.create_task(worker.run())
            await _or_fail(working, handled.wait())
            while (await watcher.execute(LEASED)).rowcount:  # noqa: ASYNC110  nobody tells us
                await asyncio.sleep(0.002)
        worker.stop()
        await working
        await _check_drain(ground, hf, seen)
    return meter.rate(jobs)


async def drain_old_snapshot(ground: Ground) -> Sample:
    """The same after four times as many jobs, with an old snapshot open since before the first."""
    jobs = ground.sizes.drain
    async with (
        ground.holdfast() as hf, await ground.connection() as watcher,
        await ground.connection() as reader,
    ):  # fmt: skip
        await _make_queue(hf)
        await reader.execute("begin isolation level repeatable read")
        await reader.execute("select count(*) from holdfast.queues")
        left, handled = 0, asyncio.Event()

        def handle(_: int) -> None:
            nonlocal left
            left -= 1
            if not left:
                handled.set()

        task = _task(hf, handle)
        for _ in range(5):
            left = jobs
            handled.clear()
            await hf.send_many(_jobs(task, jobs))
            worker = hf.worker()
            with as_the_command_works(), Meter(ground.postmaster) as meter:
                working = asyncio.create_task(worker.run())
                await _or_fail(working, handled.wait())
                while (await watcher.execute(LEASED)).rowcount:  # noqa: ASYNC110  nobody tells us
                    await asyncio.sleep(0.002)
            worker.stop()
            await working
    await _expect(ground, "finished_jobs where state = 'done'", 5 * jobs)
    return meter.rate(jobs)


async def limit(ground: Ground, quota: int = 10**9, lease: int = 0, times: int = 1) -> Sample:
    """Sixteen callers ask `hf.limit` for one key, each one again after its answer."""
    checks = ground.sizes.limit * times // 16
    async with ground.holdfast() as hf:
        asked = hf.limit("bench", quota=quota, per=3600.0, lease=lease, timeout=PATIENCE_S)

        async def ask(count: int) -> int:
            return sum([(await asked.check("k")).allowed for _ in range(count)])

        await asyncio.gather(*(ask(10) for _ in range(16)))
        with Meter(ground.postmaster) as meter:
            allowed = await asyncio.gather(*(ask(checks) for _ in range(16)))
        if quota > 1 and sum(allowed) != checks * 16:
            raise RuntimeError(f"{sum(allowed)} of {checks * 16} were allowed")
    return meter.rate(checks * 16)


async def _or_fail(working: "asyncio.Task[None]", waiting: Awaitable[object]) -> None:
    """Wait, but not for a worker that has come to its end."""
    waiter = asyncio.ensure_future(waiting)
    done, _ = await asyncio.wait(
        [working, waiter], timeout=PATIENCE_S, return_when=asyncio.FIRST_COMPLETED
    )
    if working in done:
        working.result()
    if waiter not in done:
        waiter.cancel()
        raise RuntimeError("the worker did not handle every job in time")


async def _check_drain(ground: Ground, hf: Holdfast, seen: bytearray) -> None:
    if seen.count(1) != len(seen):
        raise RuntimeError(f"{len(seen) - seen.count(1)} jobs were not handled exactly once")
    await _expect(ground, "ready_jobs", 0)
    await _expect(ground, "leased_jobs", 0)
    await _expect(ground, "finished_jobs where state = 'done'", len(seen))
    if violations := await hf.run(views.audit()):
        raise RuntimeError(f"the database is not in order: {violations[:3]}")


async def latency(ground: Ground, chance: random.Random) -> dict[str, Sample]:
    """From before `hf.send` to the first line of the handler, one job every 30 to 60 ms."""
    started: asyncio.Queue[float] = asyncio.Queue()
    waits: list[float] = []
    async with ground.holdfast() as hf:
        task = _task(hf, lambda _: started.put_nowait(time.perf_counter()))
        await _make_queue(hf)
        worker = hf.worker()
        working = asyncio.create_task(worker.run())
        for warm_up in range(5):
            await hf.send(task.job(**payload(warm_up)))
            await _or_fail(working, started.get())
        with Meter(ground.postmaster) as meter:
            for n in range(ground.sizes.latency):
                await asyncio.sleep(chance.uniform(0.03, 0.06))
                sent_at = time.perf_counter()
                await hf.send(task.job(**payload(n)))
                waits.append(await asyncio.wait_for(started.get(), PATIENCE_S) - sent_at)
        worker.stop()
        await working
    return latencies(waits, ground.sizes.latency, meter)
