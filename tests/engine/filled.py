"""A queue that was filled and drained, a second of the clock for each batch."""

import psycopg
import pytest
from tests.until import until

STEP = 1000  # marks.sql moves in steps of so many jobs


def fill(queue, count, **options):
    """So many jobs of the default queue, each of a kind of its own."""
    queue.run(
        "select from enqueue_many((select jsonb_agg(jsonb_build_object('queue', 'default', 'kind',"
        " 'n' || n) || %s) from generate_series(1, %s::integer) n))",
        psycopg.types.json.Jsonb(options),
        count,
    )


def others_are_done(queue):
    """Wait for transactions of other tests on this server: a mark waits for them, too."""
    running = "select count(*) from pg_snapshot_xip(pg_current_snapshot())"
    until(lambda: queue.one(running) == 0)


def drain(queue, count, second=0, batch=500, calm=True):
    """Claim and finish so many jobs, a second of the clock for each batch."""
    for n in range(count // batch):
        if calm:
            others_are_done(queue)
        queue.at(second + n + 1)
        jobs = queue.claim(limit=batch)
        assert len(jobs) == batch
        queue.settle(*(
            {"id": job.id, "token": job.claim_token, "verdict": "delivered"} for job in jobs
        ))  # fmt: skip


def move_past(queue, second, begin=1000):
    """Drain until the mark of what expires has passed a second of the clock."""
    passed = f"expired_from > '2030-01-01T12:00Z'::timestamptz + interval '{second} s'"
    for lap in range(10):
        fill(queue, 2 * STEP)
        drain(queue, 2 * STEP, second=begin + 100 * lap)
        if queue.one(f"select coalesce(bool_or({passed}), false) from ready_marks"):
            return
    pytest.fail("the mark does not move")
