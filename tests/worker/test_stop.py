"""A worker that is told to stop: what runs comes to its end or goes back."""

import asyncio
from dataclasses import replace

import psycopg

from holdfast.worker import Worker, service


async def test_a_stop_lets_jobs_finish_and_gives_back_the_rest(hf, work, sql, eventually):
    """Stopping waits for what runs; what was only claimed goes back without an attempt."""
    go = asyncio.Event()
    began = []

    @hf.task(queue="narrow", concurrency=1, batch=10)
    async def slow():
        began.append(1)
        await go.wait()

    async with work() as worker:
        await eventually(
            lambda: sql.execute("select 1 from queues where name = 'narrow'").fetchone()
        )
        await hf.send_many([slow.job() for _ in range(3)])
        await eventually(lambda: began)
        worker.stop()
        go.set()
    rows = sql.execute("select state, attempts from jobs order by state").fetchall()
    assert rows == [("done", 1), ("ready", 0), ("ready", 0)]
    assert sql.execute("select count(*) from audit()").fetchone() == (0,)


async def test_a_stop_is_said_again_to_who_did_not_hear_it(hf, work, monkeypatch):
    """A part of the worker that loses its cancellation does not keep the process from ending."""
    heard = []

    async def deaf(*_):
        while len(heard) < 2:
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                heard.append(1)

    @hf.task
    async def never(): ...

    monkeypatch.setattr(service, "keep_time", deaf)
    monkeypatch.setattr(service, "_AGAIN_S", 0.01)
    async with work():
        await asyncio.sleep(0)
    assert len(heard) == 2


class _SlowAnswers:
    """The database; but the answer of a claim, which is committed, comes when `answer` is set."""

    def __init__(self, database):
        self._database = database
        self.answer = asyncio.Event()

    def __getattr__(self, name):
        return getattr(self._database, name)

    async def run(self, call, **how):
        result = await self._database.run(call, **how)
        if call.function == "claim" and result:
            await self.answer.wait()
        return result


async def test_a_stop_gives_back_what_a_claim_on_its_way_brings(hf, sql, eventually):
    """They are due again when the worker has ended: no attempt used, no lease left to run out."""
    began = []

    @hf.task
    async def never():
        began.append(1)

    await hf.send_many([never.job() for _ in range(3)])
    slow = _SlowAnswers(hf.services.database)
    worker = Worker(replace(hf.services, database=slow), grace_s=5)
    running = asyncio.create_task(worker.run())
    await eventually(lambda: sql.execute("select count(*) from leased_jobs").fetchone() == (3,))
    worker.stop()
    for _ in range(100):  # it is on its way out by now, or has left without them
        await asyncio.sleep(0)
    slow.answer.set()
    await running
    rows = sql.execute("select state, attempts from jobs").fetchall()
    assert (rows, began) == ([("ready", 0)] * 3, [])


async def test_a_stop_gives_back_what_does_not_end(hf, work, sql, eventually):
    """A handler that outlasts the grace is ended, and its job is due again with no attempt used."""
    began = asyncio.Event()

    @hf.task
    async def endless():
        began.set()
        await asyncio.Event().wait()

    async with work(grace_s=0.05):
        receipt = await hf.send(endless.job())
        await began.wait()
    row = sql.execute("select state, attempts, deferrals from jobs where id = %s", [receipt.id])
    assert row.fetchone() == ("ready", 0, 1)


async def test_a_second_ctrl_c_gives_back_as_well(hf, sql):
    """Who is told to end while it waits for what runs waits no longer, and keeps no lease."""
    began = asyncio.Event()

    @hf.task
    async def endless():
        began.set()
        await asyncio.Event().wait()

    receipt = await hf.send(endless.job())
    working = asyncio.create_task(hf.work())
    await began.wait()
    for _ in range(2):
        working.cancel()
        for _ in range(20):  # it has met that one
            await asyncio.sleep(0)
    await asyncio.wait([working])
    assert working.cancelled()
    row = sql.execute("select state, attempts from jobs where id = %s", [receipt.id])
    assert row.fetchone() == ("ready", 0)


async def test_once_handles_a_batch_and_leaves(hf, sql):
    """For cron: `once(batch)` handles what is due, at most so many, and comes back."""

    @hf.task
    async def count(n: int): ...

    await hf.send_many([count.job(n) for n in range(7)])
    assert await hf.worker().once(5) == 5
    assert await hf.worker().once(5) == 2
    assert sql.execute("select count(*) from jobs where state = 'done'").fetchone() == (7,)


async def test_a_heartbeat_that_hangs_keeps_nobody_from_stopping(hf, work, sql, dsn, eventually):
    """When no heartbeat gets through, not even an error, a job is stopped before its lease ends."""
    began, ended = asyncio.Event(), asyncio.Event()

    @hf.task(queue="fenced", lease="0.6 s")
    async def endless():
        began.set()
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    async with work(grace_s=0):
        await hf.send(endless.job())
        await began.wait()
        with psycopg.connect(dsn) as other:
            other.execute("lock table holdfast.workers in access exclusive mode")
            await asyncio.wait_for(ended.wait(), 60)
            other.rollback()
