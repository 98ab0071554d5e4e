"""Limits that cannot ask: they decide as they were told, say so, and count in bounded memory."""

import pytest
from tests.limits.away import Away, Slow, asking

from holdfast import RateLimited
from holdfast.engine.limits import Check
from holdfast.errors import DatabaseUnavailable
from holdfast.limits.local import Local
from holdfast.limits.unanswered import Unanswered
from holdfast.policy.gcra import Quota

TWO = {"quota": 2, "per": 3600}


@pytest.mark.parametrize("trouble", [Away, Slow])
@pytest.mark.parametrize(("on_error", "seen"), [
    ("allow", [True, True, True]), ("deny", [False, False, False]), ("local", [True, True, False]),
])  # fmt: skip
async def test_without_a_database_the_limit_decides_as_it_was_told(
    hf, trouble, on_error, seen, caplog
):
    """A limiter that cannot ask takes nothing down, and says so: it lets pass, refuses, counts."""
    limit = hf.limit("login", **TWO, on_error=on_error, timeout=0.01)
    limit._asking = await asking(hf, trouble)
    decisions = [await limit.check("ann") for _ in range(3)]
    assert [d.allowed for d in decisions] == seen
    assert all(d.degraded for d in decisions)
    assert bool(decisions[0].headers()) == (on_error == "local")
    told = [(r.guard, r.decided, r.times) for r in caplog.records if r.msg == "limit.unanswered"]
    assert told == [("limit login", on_error, 1)]
    if not all(seen):
        said = "did not answer" if on_error == "deny" else "used up"
        with pytest.raises(RateLimited, match=said):
            await limit.acquire("ann")


async def test_a_refund_without_a_database_is_a_refund(hf):
    """What is counted here is given back here."""
    limit = hf.limit("login", quota=3, per=3600, on_error="local", timeout=0.01)
    limit._asking = await asking(hf)
    assert [bool(await limit.check("ann")) for _ in range(4)] == [True, True, True, False]
    await limit.refund("ann", 2)
    assert [bool(await limit.check("ann")) for _ in range(3)] == [True, True, False]


def test_what_is_not_answered_is_said_once_in_a_while(clock, caplog):
    """The log of an outage has a line for each limit in ten seconds, with how often it was."""
    unanswered = Unanswered(clock)
    for _ in range(3):
        unanswered("limit login", "allow", TimeoutError())
    unanswered("breaker relay", "allow", DatabaseUnavailable("gone"))
    clock.now += 10
    unanswered("limit login", "allow", TimeoutError())
    told = [(record.guard, record.times, record.error) for record in caplog.records]
    late = "no answer in time"
    assert told == [
        ("limit login", 1, late),
        ("breaker relay", 1, "gone"),
        ("limit login", 3, late),
    ]


def test_who_was_not_answered_is_not_remembered_without_end(monkeypatch):
    """An outage that meets a breaker for each host there is costs a bounded memory."""
    monkeypatch.setattr("holdfast.limits.unanswered._MOST", 10)
    unanswered = Unanswered()
    for n in range(60):
        unanswered(f"breaker host:{n // 2}", "allow", TimeoutError())
    assert len(unanswered._known) <= 10


def test_strangers_without_end_are_not_all_counted_here():
    """With on_error=local an outage costs a bounded memory, and strangers wash nobody out of it."""
    local, hour = Local(), Quota(2, 3600)
    flooder = Check(("ip:flooder",), (hour,), 2)
    assert local.ask(flooder, 0)[0].allowed
    for n in range(10_500):
        assert local.ask(Check((f"ip:{n}",), (hour,)), n)[0].allowed
    assert len(local._full_at) <= 10_000
    for known, wait in ((flooder, 3600), (Check(("ip:10499",), (hour,), 2), 1800)):
        [refused] = local.ask(known, 10_499)
        assert (refused.allowed, round(refused.retry_after)) == (False, wait)
