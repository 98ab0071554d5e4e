"""`python -m bench.large`: what a claim costs beside a million ready and ten million finished jobs.

Claims and settles in batches by one plain session, so that it is the SQL that is measured, and the
memory of a worker that has a million jobs before it. Its own server, in a folder that goes with it.
"""

import argparse
import asyncio
import json
import os
import sys
import time
from pathlib import Path
from statistics import median

import psycopg

from bench.ground import Sizes, ground
from bench.works import QUEUE
from holdfast import Holdfast

BATCH = 500
MEASURED = 20_000
FILL = """
    select count(*) from holdfast.enqueue_many((
      select jsonb_agg(jsonb_build_object('queue', %s::text, 'kind', 'task:noop', 'payload',
             jsonb_build_object('n', n, 'to', 'ann@example.com', 'template', 'welcome')))
      from generate_series(1, %s::integer) n))
"""
FINISHED = """
    insert into holdfast.finished_jobs (id, queue, kind, payload, priority, attempts, crashes,
      deferrals, enqueued_at, run_at, state, finished_at)
    select gen_random_uuid(), %s, 'task:noop', '{"n": 1, "to": "ann@example.com"}', 5, 1, 0, 0,
           now(), now(), 'done', now() - n * interval '1 millisecond'
    from generate_series(1, %s::integer) n
"""


async def main(arguments: argparse.Namespace) -> int:
    """Measure and print; returns the exit code."""
    with ground(Sizes()) as server:
        async with server.holdfast() as hf, await server.connection() as session:
            await hf.prepare()
            await session.execute("select holdfast.create_queue(%s)", [QUEUE])
            alone = await _rate(session, fill=MEASURED)
            _say("alone", alone, alone)
            await _memory(hf, session, arguments.ready)
            _say(f"beside {arguments.ready:,} ready", await _rate(session), alone)
            await session.execute("truncate holdfast.ready_jobs")
            await session.execute(FINISHED, [QUEUE, arguments.finished])
            await session.execute("analyze holdfast.finished_jobs")
            kept = await _rate(session, fill=MEASURED)
            _say(f"beside {arguments.finished:,} finished", kept, alone)
    return 0


def _say(where: str, rate: float, alone: float) -> None:
    print(f"{where:32} {rate:10,.0f} jobs/s  {rate / alone:5.2f} of alone", flush=True)


async def _rate(session: psycopg.AsyncConnection[object], fill: int = 0) -> float:
    """Claim and settle so many, after a CHECKPOINT; the median of three, in jobs per second."""
    return median([await _once(session, fill) for _ in range(3)])


async def _once(session: psycopg.AsyncConnection[object], fill: int) -> float:
    if fill:
        await session.execute(FILL, [QUEUE, fill])
    await session.execute("checkpoint")
    claim = "select id::text, claim_token::text from holdfast.claim(%s, %s, 'bench')"
    handled, began = 0, time.perf_counter()
    while handled < MEASURED:
        rows = await (await session.execute(claim, [QUEUE, BATCH])).fetchall()
        results = [{"id": r[0], "token": r[1], "verdict": "delivered"} for r in rows]  # type: ignore[index]
        await session.execute("select count(*) from holdfast.settle(%s)", [json.dumps(results)])
        handled += len(rows)
    return handled / (time.perf_counter() - began)


async def _memory(hf: Holdfast, session: psycopg.AsyncConnection[object], ready: int) -> None:
    """How much memory a worker has at the start and after some of a million jobs."""
    for _ in range(ready // 50_000):
        await session.execute(FILL, [QUEUE, 50_000])
    seen, marks = 0, [1, 10_000, 50_000, 100_000]
    reached: list[tuple[int, float]] = []
    over = asyncio.Event()

    async def noop(n: int, to: str, template: str) -> None:  # noqa: ARG001  a job has more than it needs
        nonlocal seen
        seen += 1
        if seen in marks:
            reached.append((seen, _resident_mb()))
        if seen == marks[-1]:
            over.set()

    hf.task(name="noop", queue=QUEUE)(noop)
    worker = hf.worker()
    working = asyncio.create_task(worker.run())
    await over.wait()
    worker.stop()
    await working
    told = ", ".join(f"{mb:.1f} MB after {n:,}" for n, mb in reached)
    print(f"memory of a worker with {ready:,} ready: {told}", flush=True)


def _resident_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m bench.large", description=__doc__)
    parser.add_argument("--ready", type=int, default=1_000_000)
    parser.add_argument("--finished", type=int, default=10_000_000)
    sys.exit(asyncio.run(main(parser.parse_args())))
