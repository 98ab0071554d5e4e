"""The worker on a real database: claim, handle, settle."""

import asyncio
import gc
import sys
from contextlib import suppress

import pytest
from tests.worker.told import state_of

from holdfast import Dead, Delivered, Job, Snooze, connect
from holdfast import attempt as attempting
from holdfast.engine import jobs, queues
from holdfast.errors import ConfigError
from holdfast.worker import loop

QUICK = {"retry_base": "0.02 s", "retry_cap": "0.05 s", "max_attempts": 3}


async def test_a_job_is_handled_and_done(hf, work, sql, eventually):
    """A sent job runs with the arguments it was sent with, and ends as done."""
    seen = []

    @hf.task
    async def greet(name: str, times: int = 1):
        seen.append((name, times))

    async with work():
        receipt = await hf.send(greet.job("Ann", times=2))
        await eventually(lambda: state_of(sql, receipt.id) == "done")
    assert seen == [("Ann", 2)]


async def test_an_exception_is_a_failed_attempt(hf, work, sql, eventually):
    """A handler that fails twice and then works is done after three attempts, each one recorded."""
    tries = []

    @hf.task(queue="flaky", **QUICK)
    async def flaky():
        tries.append(1)
        if len(tries) < 3:
            raise ValueError(f"not yet {len(tries)}")

    async with work():
        receipt = await hf.send(flaky.job())
        await eventually(lambda: state_of(sql, receipt.id) == "done")
    rows = sql.execute(
        "select attempt, outcome, because from job_attempts where job_id = %s order by attempt",
        [receipt.id],
    ).fetchall()
    assert [(row[0], row[1]) for row in rows] == [(1, "retry"), (2, "retry"), (3, "done")]
    assert "ValueError: not yet 1 (test_worker.py:" in rows[0][2]


async def test_an_exit_is_a_failed_attempt(hf, work, sql, eventually):
    """`sys.exit()` in a handler ends that attempt and not the worker, which has other jobs."""
    tries = []

    @hf.task(queue="leaving", **QUICK)
    async def leaving():
        tries.append(1)
        if len(tries) == 1:
            raise SystemExit(3)

    async with work():
        receipt = await hf.send(leaving.job())
        await eventually(lambda: state_of(sql, receipt.id) == "done")
    assert len(tries) == 2


async def test_the_last_failed_attempt_makes_a_dead_letter(hf, work, sql, eventually):
    """After max_attempts a job is a dead letter with reason and history; replayed, it runs."""
    broken = True

    @hf.task(queue="breaks", **QUICK)
    async def breaks():
        if broken:
            raise RuntimeError("the other side is gone")

    async with work():
        receipt = await hf.send(breaks.job())
        await eventually(lambda: state_of(sql, receipt.id) == "dead")
        reason, history = sql.execute("select reason, history from dead_letters").fetchone()
        assert reason == "exhausted" and len(history) == 3
        broken = False
        await hf.run(jobs.explain(receipt.id))
        sql.execute("select replay(%s, 'ann', 'mended')", [receipt.id])
        await eventually(lambda: state_of(sql, receipt.id) == "done")


async def test_verdicts_are_obeyed(hf, work, sql, eventually):
    """Dead ends a job, Snooze costs no attempt but time, Delivered keeps its note."""

    @hf.task(name="refuse")
    async def refuse():
        return Dead("it never will")

    @hf.task(name="later")
    async def later():
        return Snooze("not now")

    @hf.task(name="fine")
    def fine():
        return Delivered("as ordered")

    async with work():
        refused, put_off, delivered = [await hf.send(t.job()) for t in (refuse, later, fine)]
        await eventually(lambda: state_of(sql, refused.id) == "dead")
        await eventually(lambda: state_of(sql, delivered.id) == "done")
        await eventually(
            lambda: (
                sql.execute(
                    "select attempts, deferrals, run_at > enqueued_at + interval '59 s'"
                    " from deferred_jobs where id = %s",
                    [put_off.id],
                ).fetchone()
                == (0, 1, True)
            )
        )
    note = sql.execute("select because from jobs where id = %s", [delivered.id]).fetchone()[0]
    assert note == "as ordered"


async def test_an_attempt_ends_with_its_time(hf, work, sql, eventually):
    """A handler that hangs is ended by the queue's timeout and counts as a failed attempt."""

    @hf.task(queue="hangs", timeout="0.1 s", max_attempts=1)
    async def hangs():
        await asyncio.Event().wait()

    async with work():
        receipt = await hf.send(hangs.job())
        await eventually(lambda: state_of(sql, receipt.id) == "dead")
    assert sql.execute("select error from dead_letters").fetchone()[0] == "timed out after 0.1 s"


async def test_what_a_handler_does_when_its_time_is_over_is_not_cut_short(
    hf, work, sql, eventually, monkeypatch
):
    """It is cancelled once: neither other jobs that begin nor a lost lease cut that short."""
    monkeypatch.setattr(loop, "_AGAIN_S", 1000)
    over, go, stored = asyncio.Event(), asyncio.Event(), []

    @hf.task(queue="hangs", timeout="0.1 s", max_attempts=1)
    async def hangs(long):
        try:
            await (asyncio.Event().wait() if long else asyncio.sleep(0))
        finally:
            if long:
                over.set()
                await go.wait()
                stored.append("what came of it")

    async with work() as worker:
        long = await hf.send(hangs.job(True))
        await over.wait()
        other = await hf.send(hangs.job(False))
        await eventually(lambda: state_of(sql, other.id) in {"done", "dead"})
        worker._lose(worker._leased[long.id])
        await asyncio.sleep(0)
        go.set()
    assert stored == ["what came of it"]


async def test_who_goes_on_though_his_time_is_over_is_told_again(
    hf, work, sql, eventually, monkeypatch
):
    """A handler that lost its cancellation is told again until it ends, and not any longer."""
    monkeypatch.setattr(loop, "_AGAIN_S", 0.01)

    @hf.task(queue="deaf", timeout="0.1 s", max_attempts=1, concurrency=1)
    async def deaf():
        with suppress(asyncio.CancelledError):
            await asyncio.Event().wait()
        await asyncio.Event().wait()

    async with work():
        receipt = await hf.send(deaf.job())
        await eventually(lambda: state_of(sql, receipt.id) == "dead")
        timers = asyncio.get_running_loop()._scheduled
        await eventually(lambda: not any("QueueLoop._cancel" in repr(timer) for timer in timers))
    assert sql.execute("select error from dead_letters").fetchone()[0] == "timed out after 0.1 s"


async def test_an_unknown_kind_is_visible(hf, work, sql, eventually, monkeypatch):
    """A job that no handler here knows waits for another worker, without using an attempt.

    If none comes for two minutes it is retried, and ends as a dead letter that says so.
    """
    monkeypatch.setattr(attempting, "_ELSEWHERE_S", 0.0)

    @hf.task(queue="mixed", **QUICK)
    async def known(): ...

    async with work():
        await hf.prepare()
        await eventually(
            lambda: sql.execute("select 1 from queues where name = 'mixed'").fetchone()
        )
        receipt = await hf.send(Job(queue="mixed", kind="task:gone"))
        await eventually(lambda: state_of(sql, receipt.id) == "dead")
    counted = "select error, attempts, deferrals from dead_letters"
    error, attempts, deferrals = sql.execute(counted).fetchone()
    assert "no handler for 'task:gone'" in error
    assert (attempts, deferrals) == (QUICK["max_attempts"], 24)


async def test_a_policy_that_is_not_obeyed_is_said(hf, dsn, work, caplog):
    """A queue that exists keeps its policy; a worker whose code has another one says so."""

    @hf.task(queue="kept", max_running=3, retry_base="5 s")
    async def first(): ...

    async with work():
        pass
    assert not [r for r in caplog.records if r.getMessage() == "queue.differs"]
    deployed = connect(dsn)

    @deployed.task(queue="kept", max_running=7, retry_base="5 seconds")
    async def second(): ...

    await deployed.worker().once(1)
    [warned] = [r for r in caplog.records if r.getMessage() == "queue.differs"]
    assert (warned.queue, warned.differs) == ("kept", "max_running is 3, not 7")
    await deployed.close()


async def test_the_lease_is_kept_while_a_handler_runs(hf, work, sql, eventually, later):
    """A job that runs longer than its lease is not given to anybody else."""
    go = asyncio.Event()
    runs = []

    @hf.task(queue="long", lease="40 s")
    async def long():
        runs.append(1)
        await go.wait()

    async with work():
        receipt = await hf.send(long.job())
        await eventually(lambda: runs)
        until = "select lease_until from leased_jobs"
        nearer = "update leased_jobs set lease_until = clock() + interval '30 s'"
        nearer += " returning lease_until"
        for _ in range(4):
            ends = sql.execute(nearer).fetchone()
            await later(10)
            await eventually(lambda ends=ends: sql.execute(until).fetchone() > ends)
        go.set()
        await eventually(lambda: state_of(sql, receipt.id) == "done")
    assert runs == [1]


async def test_a_paused_queue_waits(hf, work, sql, eventually):
    """Nothing is claimed from a paused queue; resumed, it goes on."""

    @hf.task
    async def waits(): ...

    await hf.prepare()
    await hf.run(queues.pause("default", "ann", "incident"))
    async with work():
        receipt = await hf.send(waits.job())
        why = await hf.run(jobs.explain(receipt.id))
        assert why["rule"] == "paused" and "ann: incident" in why["because"]
        await hf.run(queues.resume("default", "ann"))
        await eventually(lambda: state_of(sql, receipt.id) == "done")


async def test_two_workers_share_without_doubling(hf, dsn, work, sql, eventually):
    """Two workers on one queue handle each job exactly once."""
    seen = []

    @hf.task
    async def note(n: int):
        seen.append(n)

    await hf.send_many([note.job(n) for n in range(500)])
    async with work(), work():
        await eventually(lambda: len(seen) >= 500)
        await eventually(
            lambda: sql.execute("select count(*) from finished_jobs").fetchone() == (500,)
        )
    assert sorted(seen) == list(range(500))


async def test_a_worker_without_handlers_says_so(hf, work):
    """A worker that has nothing to work on refuses, with the way out."""
    worker = hf.worker(queues=["nowhere"])
    with pytest.raises(Exception, match="nowhere"):
        await worker.run()


async def test_policy_needs_a_queue_of_its_own(hf):
    """A policy given to a shared queue would change nothing, so it is refused."""
    with pytest.raises(ConfigError, match="queue="):
        hf.task(max_attempts=2)(lambda: None)


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"que": "a"}, r"did you mean queue\?"),
        ({"tries": 1}, "known: name, queue, max_attempts"),
        ({"max_retries": 3}, r"did you mean max_attempts\?"),
        (
            {"priority": 1},
            r"a job that is sent may have it: .*\.options\(priority=",
        ),
    ],
)
async def test_an_option_that_is_none_is_refused(hf, sql, options, says):
    """A misspelt option of a task is told where it is written, with what it may be."""
    with pytest.raises(ConfigError, match=f"unknown option {next(iter(options))}; {says}"):
        hf.task(**options)
    ((columns,),) = sql.execute("select to_jsonb(queue_policy('default'))").fetchall()
    apart = {"name", "created_at", "paused_at", "paused_by", "paused_until", "paused_why"}
    assert columns.keys() - apart == set(queues.POLICY)


@pytest.mark.skipif(sys.version_info < (3, 12), reason="no tasks are eager before 3.12")
async def test_eager_tasks_are_worked_one_after_the_other(hf, sql):
    """In an event loop that begins tasks at once, a full batch is done all the same."""
    done = []

    @hf.task
    async def quick(n):
        done.append(n)

    asyncio.get_running_loop().set_task_factory(asyncio.eager_task_factory)
    await hf.send_many([quick.job(n) for n in range(1000)])
    assert await hf.work(until_idle=True) == 1000
    assert sorted(done) == list(range(1000))
    assert sql.execute("select distinct state from jobs").fetchall() == [("done",)]


async def test_nothing_is_left_of_what_has_worked(hf):
    """Who works again and again in one process keeps nothing, however long an attempt may take."""

    @hf.task(queue="long", timeout="1 d")
    async def quick(): ...

    await hf.send(quick.job())
    assert await hf.work(until_idle=True) == 1
    gc.collect()
    left = [one for one in gc.get_objects() if type(one) is loop.QueueLoop]
    assert not [one for one in left if one.queue == "long"]
