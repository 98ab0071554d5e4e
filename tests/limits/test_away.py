"""Limits, breakers and slots while the database does not answer, and asked from threads."""

import asyncio
import socket
import threading
from datetime import timedelta

import pytest
from psycopg.conninfo import make_conninfo
from tests.between import Between

from holdfast import BreakerOpen, RateLimited
from holdfast.client import connect
from holdfast.database import Call
from holdfast.engine.limits import pause_breaker, take_slot
from holdfast.errors import ConfigError, DatabaseUnavailable
from holdfast.limits.patience import Patience


@pytest.fixture
async def between(dsn):
    """A network between us and the server."""
    async with Between(dsn) as network:
        yield network


@pytest.fixture
async def far(dsn, between):
    """An application on the other side of that network."""
    opened = connect(make_conninfo(dsn, **between.there))
    yield opened
    await opened.close()


def _aside():
    """The threads in which those without an event loop ask."""
    return {thread for thread in threading.enumerate() if thread.name == "holdfast-aside"}


async def test_threads_wait_no_longer_than_coroutines(far, between):
    """A plain function that is guarded gets what on_error says, when the database hangs."""
    before = _aside()
    patient = far.limit("page", quota=9, per=60, on_error="deny", timeout=30)
    assert (await asyncio.to_thread(patient.check_sync, "ann")).allowed
    limit = far.limit("login", quota=9, per=60, on_error="deny", timeout=0.05)

    @limit.guard()
    def guarded():
        pytest.fail("it was called")

    between.freeze(new_ones=True)
    async with asyncio.timeout(20):
        decisions = [await asyncio.to_thread(limit.check_sync, "ann") for _ in range(5)]
        assert [(d.allowed, d.degraded) for d in decisions] == [(False, True)] * 5
        with pytest.raises(RateLimited):
            await asyncio.to_thread(guarded)
    between.cut()
    assert len(_aside() - before) == 1


async def test_a_process_that_begins_waits_once(dsn):
    """Where the server takes connections and says nothing, no request waits for more than a bit."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        host, port = silent.getsockname()
        far = connect(make_conninfo(dsn, host=host, port=port))
        limit = far.limit("login", quota=9, per=60)
        async with asyncio.timeout(18):  # a second at the start, then 50 ms each
            decisions = [await limit.check("ann") for _ in range(20)]
        assert all(d.allowed and d.degraded for d in decisions)
    await far.close()


async def test_a_breaker_passes_when_the_database_hangs(far, between, caplog):
    """What is put around a payment does not take it down, and says so; nothing waits twice."""
    async with far.breaker("relay"):
        pass
    between.freeze()
    far._breakers["relay"]._closed_until = 0.0
    passed = []
    async with asyncio.timeout(20):
        for _ in range(50):
            async with far.breaker("relay") as one:
                one.failed("HTTP 503")
                passed.append(one)
    assert len(passed) == 50
    told = [(r.guard, r.decided) for r in caplog.records if r.msg == "limit.unanswered"]
    assert told == [("breaker relay", "allow")]


async def test_a_slot_is_refused_when_the_database_hangs(far, between, caplog):
    """Nobody knows whether one is free, and that is said soon, also in the log."""
    async with far.slot("expo", 1, timeout=30):
        pass
    between.freeze()
    async with asyncio.timeout(20):
        with pytest.raises(DatabaseUnavailable, match=r"no answer within 0.05 s"):
            async with far.slot("expo", 1, timeout=0.05):
                pytest.fail("it was entered")
    told = [(r.guard, r.decided) for r in caplog.records if r.msg == "limit.unanswered"]
    assert told == [("slot", "deny")]


async def test_a_slot_can_let_pass_when_the_database_hangs(far, between):
    """With on_error=allow the block runs; with local as many run as there are, in this process."""
    local = {"timeout": 30, "on_error": "local"}
    async with far.slot("expo", 3, timeout=30), far.slot("expo", 3, **local):
        between.freeze()
        local["timeout"] = 0.05
        async with asyncio.timeout(20):
            async with far.slot("expo", 1, timeout=0.05, on_error="allow"):
                pass
            async with far.slot("expo", 3, **local), far.slot("other", 1, **local):
                with pytest.raises(RateLimited, match="in this process"):
                    async with far.slot("expo", 3, **local):
                        pytest.fail("it was entered")
            async with far.slot("expo", 3, **local):
                pass
    assert not far._in_slots._counts
    with pytest.raises(ConfigError, match="allow, deny or local"):
        far.slot("expo", 1, on_error="pass")


async def test_who_was_away_is_not_asked_by_everybody(hf, clock, eventually, gated):
    """After an answer that did not come nobody asks for a second, then one does."""
    await hf.prepare()
    gate = gated(hf.services.database)
    patience = Patience(gate, clock=clock)

    async def ask():
        with pytest.raises(DatabaseUnavailable):
            await patience.ask(Call("clock"), 0.01)

    for _ in range(5):
        await ask()
    assert gate.asked == 1
    clock.now += 1
    await asyncio.gather(*(ask() for _ in range(5)))
    assert gate.asked == 2
    gate.let(10)
    await eventually(lambda: not patience._asking)
    assert await patience.ask(Call("clock"), 60)


async def test_a_slot_that_nobody_waited_for_is_given_back(hf, sql, eventually, gated):
    """An answer that comes too late takes nothing away from others."""
    await hf.prepare()
    gate = gated(hf.services.database)
    hf._for_slots = Patience(gate)
    with pytest.raises(DatabaseUnavailable):
        async with hf.slot("expo", 1, timeout=0.01):
            pytest.fail("it was entered")
    gate.let(10)
    await eventually(lambda: not hf._for_slots._asking)
    assert gate.asked == 2
    taken = await hf.run(take_slot("expo", 1, timedelta(minutes=1), "ann"))
    assert taken.slot is not None


async def test_threads_have_breakers_slots_and_refunds(hf, eventually):
    """Code without an event loop enters the same blocks with `with`, and gives back units."""
    before = _aside()
    limit = hf.limit("login", quota=1, per=3600, timeout=30)

    def plain():
        assert [limit.check_sync("ann").allowed for _ in range(2)] == [True, False]
        limit.refund_sync("ann")
        assert limit.check_sync("ann").allowed
        one, other = hf.slot("expo", 1, timeout=30), hf.slot("expo", 1, timeout=30)
        with one, pytest.raises(RateLimited), other:
            pytest.fail("it was entered")
        with hf.breaker("relay", timeout=30) as passed:
            passed.worked()

    await asyncio.to_thread(plain)
    await hf.run(pause_breaker("relay", "ann", None, None))

    def entering():
        hf._breakers["relay"]._closed_until = 0.0
        with hf.breaker("relay", timeout=30):
            pytest.fail("it passed")

    with pytest.raises(BreakerOpen):
        await asyncio.to_thread(entering)
    await asyncio.to_thread(hf._hand_in_sync)
    await eventually(lambda: _aside() <= before)


async def test_blocks_are_put_around_functions_as_they_are(hf):
    """As a decorator a slot or a breaker leaves a plain function plain, and a coroutine one."""
    ran = []

    @hf.slot("expo", 1, timeout=30)
    @hf.breaker("relay", timeout=30)
    def plain(what):
        ran.append(what)
        with pytest.raises(RateLimited), hf.slot("expo", 1, timeout=30):
            pytest.fail("it was entered")
        return what

    @hf.breaker("relay", timeout=30)
    async def awaited(what):
        ran.append(what)
        return what

    assert [await asyncio.to_thread(plain, n) for n in (1, 2)] == [1, 2]
    assert [await awaited(n) for n in (3, 4)] == [3, 4]
    assert ran == [1, 2, 3, 4]
    with pytest.raises(TypeError, match="nobody awaited it"):
        await asyncio.to_thread(hf.slot("wrapped", 1, timeout=5)(lambda: awaited(5)))
    with pytest.raises(ConfigError, match="before it runs"):

        @hf.slot("expo", 1)
        def generator():
            yield
