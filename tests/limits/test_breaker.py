"""`hf.breaker`: asked before, told after; and what a job makes of it."""

import pytest

from holdfast import BreakerOpen, Job
from holdfast.engine.limits import breaker_list, pause_breaker, resume_breaker, set_breaker


async def _state(hf):
    return [(b["state"], b["successes"], b["failures"]) for b in await hf.run(breaker_list())]


async def _fail(hf, error=ConnectionError, **options):
    with pytest.raises(error):
        async with hf.breaker("relay", **options):
            raise error("refused")


@pytest.fixture
async def relay(hf):
    """A breaker that opens at the fourth result, if half of them failed."""
    await hf.run(set_breaker("relay", {"minimum": 4, "open_for": "100 ms", "open_cap": "1 hour"}))
    return hf


async def test_outages_open_it(relay):
    """After enough connection errors nothing passes, and it says why."""
    await relay.run(set_breaker("relay", {"open_for": "1 minute"}))
    for _ in range(4):
        await _fail(relay)
    with pytest.raises(BreakerOpen, match="relay is not asked: ConnectionError") as caught:
        async with relay.breaker("relay"):
            pytest.fail("it passed")
    assert caught.value.retry_after > 0


async def test_other_errors_say_nothing(relay):
    """A bug of ours is no outage of theirs."""
    for _ in range(10):
        await _fail(relay, error=KeyError)
    assert await _state(relay) == [] or await _state(relay) == [("closed", 0, 0)]


async def test_failures_can_be_named(relay):
    """What counts as an outage is the user's to say, by exception or by word."""
    for _ in range(3):
        await _fail(relay, error=KeyError, failures=(KeyError,))
    async with relay.breaker("relay") as passed:
        passed.failed("HTTP 503", after=3600)
    [(state, *_)] = await _state(relay)
    assert state == "open"
    with pytest.raises(BreakerOpen) as caught:
        async with relay.breaker("relay"):
            pass
    assert caught.value.retry_after >= 3590


async def test_one_try_closes_it(relay, eventually):
    """When the open time is over the first try finds out, and all may pass again."""
    for _ in range(4):
        await _fail(relay)

    async def passes():
        try:
            async with relay.breaker("relay"):
                return True
        except BreakerOpen:
            return False

    await eventually(passes)
    assert [state for state, *_ in await _state(relay)] == ["closed"]


async def test_successes_are_told_in_sums(relay):
    """A busy sender tells the database once in a while, and what is left when it closes."""
    for _ in range(50):
        async with relay.breaker("relay"):
            pass
    [(_, told, _)] = await _state(relay)
    assert told < 50
    await relay.hand_in()
    assert await _state(relay) == [("closed", 50, 0)]


async def test_paused_by_hand(relay):
    """A pause is the same breaker, opened by a person."""
    await relay.run(pause_breaker("relay", "ann", "they move house", None))
    with pytest.raises(BreakerOpen, match="paused by ann: they move house") as caught:
        async with relay.breaker("relay"):
            pass
    assert caught.value.retry_after is None
    await relay.run(resume_breaker("relay", "ann", None))
    async with relay.breaker("relay"):
        pass


async def test_a_job_that_meets_it_waits_with_all_its_attempts(relay, sql):
    """An open breaker inside of a handler snoozes the job; no attempt is used."""

    @relay.task(name="send")
    async def send():
        async with relay.breaker("relay"):
            pass

    await relay.run(pause_breaker("relay", "ann", None, None))
    receipt = await relay.send(send.job())
    await relay.worker().once(10)
    row = sql.execute(
        "select state, attempts, deferrals, because from jobs where id = %s", [receipt.id]
    ).fetchone()
    assert row == ("ready", 0, 1, "relay is not asked: paused by ann")
    assert isinstance(send.job(), Job)
