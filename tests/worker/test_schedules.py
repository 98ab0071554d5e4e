"""Schedules of an application: told by its worker, ticked by whoever looks."""

import asyncio

import pytest

from holdfast import InvalidInput, Job, connect
from holdfast.engine import maintenance, schedules
from holdfast.worker import service


async def test_a_worker_tells_its_schedules_and_handles_their_jobs(hf, sql):
    """A scheduled task runs at its tick, with its arguments and the moment."""
    seen = []

    @hf.task(name="report")
    def report(kind, tick=None):
        seen.append((kind, tick))

    @hf.task(name="plain")
    def plain():
        seen.append(("plain", None))

    hf.schedule("nightly", report.job("sales"), every="1 hour")
    hf.schedule("plain", plain.job(), cron="@hourly")
    await hf.worker().once(10)
    listed = {row["name"]: row["kind"] for row in await hf.run(schedules.schedule_list())}
    assert (listed, seen) == ({"nightly": "task:report", "plain": "task:plain"}, [])
    sql.execute("update schedules set next_at = next_at - interval '1 hour'")
    assert (await hf.run(maintenance.maintain()))["ticked"] == 2
    await hf.work(until_idle=True)
    ticks = dict(seen)
    assert ticks.keys() == {"sales", "plain"}
    assert ticks["sales"][:2] == "20"


async def test_a_worker_takes_a_tick_between_two_rounds_of_its_upkeep(
    hf, sql, work, eventually, monkeypatch
):
    """A tick is taken when it is due, however long the next round of the upkeep is away."""
    monkeypatch.setattr(service, "EVERY_S", 3600)
    ran = asyncio.Event()

    @hf.task(name="report")
    async def report(tick=None):
        ran.set()

    hf.schedule("nightly", report.job(), every="1 hour")
    await hf.announce()
    sql.execute("update schedules set next_at = clock() + interval '0.4 s'")
    async with work():
        await eventually(ran.is_set)


async def test_a_schedule_and_its_queue_are_there_before_any_worker(hf, sql):
    """Announced, they can be seen and paused by whoever has psql; a second time changes nothing."""

    @hf.task(name="report", queue="reports", max_attempts=3)
    def report(): ...

    hf.schedule("nightly", report.job(), every="1 hour")
    hf.schedule("sweep", Job(queue="elsewhere", kind="sweep"), every="1 hour")
    for _ in range(2):
        await hf.announce()
        rows = sql.execute(
            "select name, max_attempts, paused_by from queues"
            " where name in ('reports', 'elsewhere') order by 1"
        ).fetchall()
        paused = rows[1][2]
        assert rows == [("elsewhere", 8, None), ("reports", 3, paused)]
        sql.execute("select pause_queue('reports', 'ann'), pause_schedule('nightly', 'ann')")
    assert paused == "ann"
    listed = sql.execute("select name, queue, paused_by from schedule_list() order by 1").fetchall()
    assert listed == [("nightly", "reports", "ann"), ("sweep", "elsewhere", None)]


def test_announcing_needs_no_event_loop(hf, sql):
    """`hf.sync.announce()` does the same, for a deploy script."""
    hf.schedule("sweep", Job(queue="elsewhere", kind="sweep"), cron="@hourly")
    hf.sync.announce()
    hf.sync.close()
    assert sql.execute("select 1 from queues where name = 'elsewhere'").fetchone() == (1,)


async def test_what_cannot_be_announced_is_named(hf, sql, dsn):
    """A policy, deadline or rhythm that nobody can read is refused with whose it is."""

    def report(event=None): ...

    for declare, whose in (
        (lambda hf: hf.task(queue="reports", timeout="long")(report), "queue 'reports': .*long"),
        (lambda hf: hf.on("stripe", deadline="soon")(report), "handler .*report .*soon"),
        (lambda hf: hf.on("stripe", deadline="-1 s")(report), "handler .*report .*-1 s"),
        (lambda hf: hf.schedule("n", Job(kind="a"), every="often"), "schedule 'n': .*often"),
        (lambda hf: hf.schedule("n", Job(kind="a"), cron="61 * * * *"), "schedule 'n': .*61"),
    ):
        async with connect(dsn) as one:
            declare(one)
            with pytest.raises(InvalidInput, match=whose):
                await one.announce()
            if "reports" in whose:  # also if it is there, and only compared
                sql.execute("select create_queue('reports')")
            with pytest.raises(InvalidInput, match=whose):
                await one.worker().once(1)


async def test_a_worker_makes_the_queue_of_a_schedule_that_another_serves(hf, sql):
    """It can begin, and the jobs wait for whoever serves that queue."""

    @hf.task
    def here(): ...

    hf.schedule("sweep", Job(queue="elsewhere", kind="sweep"), every="1 hour")
    await hf.worker().once(1)
    assert sql.execute("select 1 from queues where name = 'elsewhere'").fetchone() == (1,)
