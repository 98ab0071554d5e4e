"""Two workers in two processes share a queue."""

import os
import subprocess
import sys

import pytest

APP = """
import os
import holdfast
hf = holdfast.connect()
DIARY = os.open(os.environ["DIARY"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)

@hf.task(name="note", queue="shared", batch=1000, concurrency=200, max_crashes=100)
async def note(n):
    os.write(DIARY, b"%d\\n" % n)
"""


@pytest.fixture(params=[20_000, pytest.param(100_000, marks=pytest.mark.slow)])
def jobs(request):
    """How many jobs there are."""
    return request.param


@pytest.fixture
def workers(tmp_path, dsn):
    """Start two workers; whatever still runs at the end is ended."""
    (tmp_path / "shared_app.py").write_text(APP)
    diary = tmp_path / "diary"
    diary.touch()
    command = [sys.executable, "-m", "holdfast", "work", "--app", "shared_app:hf"]
    started = [
        subprocess.Popen(
            [*command, "--database-url", dsn], cwd=tmp_path, stderr=subprocess.DEVNULL,
            env={**os.environ, "DIARY": str(diary)},
        )
        for _ in range(2)
    ]  # fmt: skip
    yield started, diary
    for process in started:
        process.kill()
        process.wait(60)


async def _fill(sql, jobs, eventually):
    """Both workers are there before the first job is: one alone could be through too soon."""
    sql.execute("select create_queue('shared', '{\"max_crashes\": 100}')")
    there = "select count(*) from workers where 'shared' = any (queues)"
    await eventually(lambda: sql.execute(there).fetchone() == (2,), within=60)
    sql.execute(
        "select count(*) from enqueue_many((select jsonb_agg(jsonb_build_object('queue', 'shared',"
        " 'kind', 'task:note', 'payload', jsonb_build_object('n', n)))"
        " from generate_series(1, %s::integer) n))",
        [jobs],
    )


async def test_each_job_once(workers, jobs, hf, sql, eventually):
    """Thousands of jobs, two processes: each is handled exactly once, and both took part."""
    await hf.prepare()
    await _fill(sql, jobs, eventually)
    done = "select count(*) from finished_jobs where state = 'done'"
    await eventually(lambda: sql.execute(done).fetchone() == (jobs,), within=120)
    handled = [int(line) for line in workers[1].read_text().split()]
    assert sorted(handled) == list(range(1, jobs + 1))
    shares = sql.execute("select count(*) from finished_jobs group by worker").fetchall()
    assert len(shares) == 2
    assert sql.execute("select max(attempts), max(crashes) from finished_jobs").fetchone() == (1, 0)


async def test_none_is_lost_when_one_is_killed(workers, jobs, hf, sql, eventually):
    """Kill -9 half-way: every job is done; one that ran twice was in the hands of the dead one."""
    await hf.prepare()
    await _fill(sql, jobs, eventually)
    started, diary = workers
    await eventually(lambda: diary.stat().st_size > jobs, within=60)
    started[0].kill()
    started[0].wait(60)
    sql.execute(
        "update leased_jobs set lease_until = clock() where worker like %s",
        [f"%:{started[0].pid}:%"],
    )
    done = "select count(*) from finished_jobs where state = 'done'"
    await eventually(lambda: sql.execute(done).fetchone() == (jobs,), within=120)
    handled = [int(line) for line in diary.read_text().split()]
    assert set(handled) == set(range(1, jobs + 1))
    lost = "select (payload ->> 'n')::integer from finished_jobs where crashes > 0"
    again = {row[0] for row in sql.execute(lost)}
    seen, repeated = set(), set()
    for n in handled:
        (repeated if n in seen else seen).add(n)
    assert repeated <= again
    assert len(again) <= 2200
