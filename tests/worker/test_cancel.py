"""A job that a person cancels while it runs."""

import asyncio
import threading
import time

import psycopg
import pytest
from tests.worker.told import state_of

from holdfast import is_stopped
from holdfast.engine import jobs, maintenance
from holdfast.worker import service
from holdfast.worker.wake import Wake


@pytest.mark.parametrize("job", ["endless", "export"])
async def test_who_cancels_a_job_stops_it_at_once(
    hf, sql, work, eventually, monkeypatch, caplog, job
):
    """Cancelling stops the handler as soon as its worker is notified, and no job of its batch.

    A notification alone stops none: who may only read, or is a stranger here, can notify, too. A
    flood of them costs a heartbeat now and then, and none is told the claim token.
    """
    caplog.set_level("INFO", "holdfast")
    monkeypatch.setattr(service, "_DEAF_S", 0.1)
    heartbeat, beats = maintenance.heartbeat, []
    monkeypatch.setattr(maintenance, "heartbeat", lambda *a: beats.append(1) or heartbeat(*a))
    began, others, stopped = threading.Event(), [], threading.Event()

    @hf.task
    async def endless():
        began.set()
        try:
            await asyncio.Event().wait()
        finally:
            stopped.set()

    @hf.task
    def export():
        began.set()
        for _ in range(20_000):
            if is_stopped():
                stopped.set()
                return
            stopped.wait(0.001)

    @hf.task
    async def other():
        others.append(1)
        await eventually(stopped.is_set)

    async with work():
        tasks = [{"endless": endless, "export": export}[job], other]
        receipt, kept = await hf.send_many([task.job() for task in tasks])  # claimed as one batch
        await eventually(lambda: began.is_set() and others)
        running = "select lease_until from leased_jobs where id = %s"
        until = sql.execute(running, [kept.id]).fetchone()
        beats.clear()
        since = time.monotonic()
        for said in (kept.id, receipt.id, "by a stranger", *[kept.id] * 50):
            sql.execute("select pg_notify('holdfast_wake', %s)", [f"cancelled {said}"])
            await asyncio.sleep(0.001)
        await eventually(lambda: sql.execute(running, [kept.id]).fetchone() > until)
        assert len(beats) <= 2 + (time.monotonic() - since) / 0.1
        sql.execute("listen holdfast_wake")
        await hf.run(jobs.cancel(receipt.id, "ann", "not needed"))
        assert await asyncio.to_thread(stopped.wait, 10)
        await eventually(lambda: state_of(sql, kept.id) == "done")
    told = {heard.payload for heard in sql.notifies(timeout=0.01)}
    assert {one for one in told if "cancelled" in one} == {f"cancelled {receipt.id}"}
    assert "worker.not_listening" not in [record.msg for record in caplog.records]
    assert (state_of(sql, receipt.id), others) == ("cancelled", [1])


async def test_a_cancelled_job_is_stopped(hf, work, sql, later, eventually, monkeypatch):
    """Unheard, it ends a handler in half a minute, however long its lease; not one locked."""

    async def deaf(wake):
        wake.hears = False
        await asyncio.Event().wait()

    monkeypatch.setattr(Wake, "_listen", deaf)
    began, over = [], asyncio.Event()
    ended = {"first": asyncio.Event(), "locked": asyncio.Event()}

    @hf.task(queue="stoppable", lease="1 day")
    async def endless(name):
        began.append(name)
        try:
            await over.wait()
        finally:
            ended[name].set()

    async with work(queues=["stoppable"]):
        receipt, locked = [await hf.send(endless.job(name)) for name in ended]
        await eventually(lambda: len(began) == 2)
        await hf.run(jobs.cancel(receipt.id, "ann", "not needed"))
        seen = "select max(seen_at) from workers where seen_at > %s"
        with psycopg.connect(sql.info.dsn) as other:
            other.execute("select from holdfast.leased_jobs where id = %s for update", [locked.id])
            for _ in range(2):
                await later(0)
                assert not ended["first"].is_set()  # of what is missed once nothing is known
                heard = sql.execute(seen, ["-infinity"]).fetchone()
                await later(15)
                await eventually(lambda heard=heard: sql.execute(seen, heard).fetchone()[0])
            await asyncio.wait_for(ended["first"].wait(), 60)
        assert not ended["locked"].is_set()
        over.set()
    assert state_of(sql, receipt.id) == "cancelled"
