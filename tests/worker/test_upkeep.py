"""What a worker does for everybody, every few seconds."""

import asyncio
from contextlib import suppress
from datetime import timedelta
from json import dumps

import psycopg

from holdfast.engine import maintenance
from holdfast.worker.upkeep import keep_time, look_after


async def _waits_for_a_lock(sql):
    async with asyncio.timeout(60):
        blocked = False
        while not blocked:
            await asyncio.sleep(0.005)
            (blocked,) = sql.execute(
                "select exists (select from pg_stat_activity where wait_event_type = 'Lock'"
                " and datname = current_database())"
            ).fetchone()


async def test_a_part_of_the_upkeep_keeps_no_ordering_key_for_the_next(hf, sql, dsn):
    """While a later part waits for somebody, the ticks before it are there and keep nobody."""
    job = {"queue": "default", "kind": "tick", "ordering_key": "b"}
    sql.execute("select set_schedule('due', %s)", [dumps({"every": "1 hour", "job": job})])
    sql.execute("update schedules set next_at = next_at - interval '1 hour'")
    async with await psycopg.AsyncConnection.connect(dsn) as other:
        await other.execute("lock table holdfast.workers in exclusive mode")
        round_ = asyncio.create_task(look_after(hf.services))
        await _waits_for_a_lock(sql)
        ticked = sql.execute(
            "select count(*) from jobs where kind = 'tick' and exists"
            " (select from ordering_keys where key = 'b' for update nowait)"
        ).fetchone()
        await other.rollback()
        await round_
    assert ticked == (1,)


async def test_ticks_are_taken_when_they_are_due(hf, sql):
    """A worker takes each tick of a schedule of every second at its time, not five at once."""
    job = {"queue": "default", "kind": "tick"}
    sql.execute("select set_schedule('brisk', %s)", [dumps({"every": "1 second", "job": job})])
    sql.execute("update schedules set next_at = next_at - interval '1 minute'")
    slept = []

    async def sleep(seconds):
        slept.append(seconds)
        if len(slept) > 4:
            raise asyncio.CancelledError
        sql.execute(
            "update schedules set next_at = next_at - %(by)s, created_at = created_at - %(by)s",
            {"by": timedelta(seconds=seconds)},
        )

    with suppress(asyncio.CancelledError):
        await keep_time(hf.services, sleep)
    assert sql.execute("select count(*) from jobs where kind = 'tick'").fetchone() == (4,)
    for column, within_s, is_due in (
        ("retry_at", 30, 0),
        ("retry_at", 90, 1),
        ("paused_at", 90, 0),
    ):
        sql.execute(f"update schedules set {column} = clock() + interval '1 minute'")
        due_s = await hf.run(maintenance.next_tick_in(timedelta(seconds=within_s)))
        assert 30 < due_s <= 60 if is_due else due_s is None
    assert max(slept) < 2 and min(slept) >= 0.2
