"""What a worker does for everybody, every few seconds."""

import asyncio
from json import dumps

import psycopg

from holdfast.worker.upkeep import look_after


async def _waits_for_a_lock(sql):
    async with asyncio.timeout(10):
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
