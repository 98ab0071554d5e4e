"""What a worker holds when the breaker of its queue opens is given back and not tried."""

import asyncio

import pytest

from holdfast import Retry
from holdfast.engine import queues
from holdfast.engine.limits import pause_breaker, resume_breaker, set_breaker


@pytest.fixture
async def relayed(hf):
    """A queue whose breaker opens at the third result, if all have failed."""
    await hf.prepare()
    await hf.run(set_breaker("relay", {"minimum": 3, "failure_rate": 1, "open_for": "1 hour"}))
    await hf.run(
        queues.create_queue(
            "relayed",
            {"breaker": "relay", "concurrency": 1, "batch": 50, "max_attempts": 9,
             "retry_base": "1 hour"},
        )
    )  # fmt: skip
    return hf


def attempts(sql):
    """How many jobs of each state have used how many attempts."""
    return sql.execute(
        "select state, attempts, count(*) from jobs group by 1, 2 order by 1, 2"
    ).fetchall()


@pytest.mark.parametrize("how", ["said", "raised"])
async def test_jobs_at_hand_are_not_tried_when_the_breaker_opens(
    relayed, work, sql, eventually, how
):
    """Three tries open it; the seventeen that the worker held are ready with every attempt."""
    tried = []

    @relayed.task(name="send", queue="relayed")
    async def send():
        tried.append(1)
        if how == "raised":
            raise ConnectionRefusedError("nobody is there")
        return Retry("503", outage=True)

    await relayed.send_many([send.job() for _ in range(20)])
    async with work():
        await eventually(lambda: attempts(sql) == [("ready", 0, 17), ("ready", 1, 3)])
        state = sql.execute("select state from breaker_list()").fetchone()
    assert (len(tried), state) == (3, ("open",))
    assert sql.execute("select count(*) from attempts where outcome = 'retry'").fetchone() == (3,)
    assert sql.execute("select count(*) from audit()").fetchone() == (0,)


async def test_what_was_being_claimed_when_it_opened_is_not_tried(
    relayed, work, sql, eventually, monkeypatch
):
    """Jobs of a claim that was on its way when the breaker opened go back, as those at hand do."""
    await relayed.run(set_breaker("relay", {"minimum": 1}))
    await relayed.run(queues.set_queue("relayed", {"concurrency": 2}, "ann"))
    run, tried = relayed.services.database.run, []
    claimed, opened = asyncio.Event(), asyncio.Event()

    async def on_its_way(call, **how):
        answer = await run(call, **how)
        if call.function == "claim" and answer and tried:
            claimed.set()
            await opened.wait()
        if call.function == "breaker_of_queue":
            opened.set()
        return answer

    monkeypatch.setattr(relayed.services.database, "run", on_its_way)

    @relayed.task(name="send", queue="relayed")
    async def send():
        tried.append(1)
        await claimed.wait()
        return Retry("503", outage=True)

    await relayed.send(send.job())
    async with work():
        await eventually(lambda: tried)
        await relayed.send(send.job())
        await eventually(lambda: attempts(sql) == [("ready", 0, 1), ("ready", 1, 1)])
    assert len(tried) == 1


async def test_a_bug_of_ours_is_no_outage(relayed, sql):
    """A handler that raises anything else has its jobs tried, and the breaker stays closed."""

    @relayed.task(name="send", queue="relayed")
    async def send():
        raise KeyError("ours")

    await relayed.send_many([send.job() for _ in range(5)])
    await relayed.worker().once(10)
    assert attempts(sql) == [("ready", 1, 5)]
    assert sql.execute("select state from breaker_list()").fetchone() == ("closed",)


async def test_jobs_at_hand_go_on_when_the_breaker_stays_closed(relayed, work, sql, eventually):
    """An outage that opens nothing holds nobody up."""
    tried = []

    @relayed.task(name="send", queue="relayed")
    async def send():
        tried.append(1)
        return Retry("503", outage=True) if len(tried) == 1 else None

    await relayed.send_many([send.job() for _ in range(20)])
    async with work():
        await eventually(lambda: attempts(sql) == [("done", 1, 19), ("ready", 1, 1)])


async def test_what_another_has_opened_is_learnt_with_the_next_claim(
    relayed, work, sql, eventually
):
    """A job that runs ends; those behind it wait in the queue, not in the worker's hands."""
    tried, go = [], asyncio.Event()

    @relayed.task(name="send", queue="relayed")
    async def send():
        tried.append(1)
        await go.wait()

    await relayed.send_many([send.job() for _ in range(20)])
    async with work():
        await eventually(lambda: tried)
        await relayed.run(pause_breaker("relay", "ann", "they move house", None))
        await relayed.send_many([send.job() for _ in range(100)])
        await eventually(lambda: attempts(sql) == [("leased", 1, 1), ("ready", 0, 119)])
        go.set()
        await eventually(lambda: attempts(sql) == [("done", 1, 1), ("ready", 0, 119)])
        await relayed.run(resume_breaker("relay", "ann", None))
        await eventually(lambda: attempts(sql) == [("done", 1, 120)])
