"""Leases: units that are taken at once, handed out here, and given back."""

import asyncio

import pytest


@pytest.fixture
def asked(hf, monkeypatch):
    """What the database was asked."""
    functions: list[str] = []
    run = hf.services.database.run
    monkeypatch.setattr(
        hf.services.database, "run", lambda call: (functions.append(call.function), run(call))[1]
    )
    return functions


@pytest.fixture
def left(hf):
    """How many units the database has left of "hot", after what is on its way."""
    plain = hf.limit("hot", quota=1000, per=10**7, timeout=30)

    async def look():
        return (await plain.check("k", cost=0)).remaining

    return look


async def test_they_are_handed_out_here_and_the_rest_comes_back(hf, left, later, eventually):
    """A hundred units are taken at once; what is not used in time is given back by itself."""
    limit = hf.limit("hot", quota=1000, per=10**7, lease=100, lease_for=60, timeout=30)
    for _ in range(30):
        assert (await limit.check("k")).allowed
    assert await left() == 900
    await later(120)

    async def returned():
        return await left() == 970

    await eventually(returned)
    [leases] = limit._leases
    assert leases._held == {}
    assert (await limit.check("k")).allowed
    assert await left() == 870
    await limit.close()
    assert await left() == 969


async def test_they_never_grant_more_than_there_is(hf):
    """Two processes with leases of one limit hand out its quota and no more."""
    limits = [hf.limit("hot", quota=50, per=10**7, lease=20, timeout=30) for _ in range(2)]
    allowed = 0
    for n in range(120):
        allowed += (await limits[n % 2].check("k")).allowed
    assert allowed == 50


async def test_who_comes_together_takes_from_one_lease(hf, left):
    """Nobody is refused while this process holds what he asks for."""
    limit = hf.limit("hot", quota=1000, per=10**7, lease=100, timeout=30)
    decisions = await asyncio.gather(*(limit.check("k") for _ in range(250)))
    assert sum(d.allowed for d in decisions) == 250
    await limit.close()
    assert await left() == 750


async def test_a_lease_is_renewed_before_it_is_used_up(hf, left, eventually):
    """Nobody waits for the database while units are plentiful."""
    limit = hf.limit("hot", quota=1000, per=10**7, lease=100, lease_for=60, timeout=30)
    assert [(await limit.check("k")).remaining for _ in range(75)] == [*range(99, 24, -1)]

    async def renewed():
        return await left() == 825

    await eventually(renewed)


async def test_the_last_units_go_to_who_asks(hf):
    """A cost above the lease, or above what is left of it, is filled up from the database."""
    limit = hf.limit("hot", quota=100, per=3600, lease=90, lease_for=60, timeout=30)
    assert (await limit.check("k")).allowed
    assert (await limit.check("k", 95)).allowed
    refused = await limit.check("k", 5)
    assert (refused.allowed, refused.limits[0].remaining) == (False, 0)
    assert 5 < refused.retry_after <= 36
    assert [bool(await limit.check("k", 4)), bool(await limit.check("k"))] == [True, False]
    assert (await limit.check("k", 101)).retry_after is None


async def test_who_gives_up_leaves_the_lease_to_the_others(hf, left):
    """A caller that is cancelled while a lease is taken loses neither the units nor the others."""
    limit = hf.limit("hot", quota=1000, per=10**7, lease=100, timeout=30)
    await hf.prepare()
    asking = [asyncio.create_task(limit.check("k")) for _ in range(3)]
    await asyncio.sleep(0)
    asking[0].cancel()
    assert [(await task).allowed for task in asking[1:]] == [True, True]
    await limit.close()
    assert await left() == 998


async def test_an_attack_on_a_leased_limit_costs_the_database_nothing(hf, asked):
    """While not one unit is left a refusal is remembered, until a unit is back or given back."""
    limit = hf.limit("hot", quota=10, per=3600, lease=4, timeout=30)
    assert [bool(await limit.check("k")) for _ in range(11)] == [True] * 10 + [False]
    asked.clear()
    refused = [await limit.check("k") for _ in range(50)]
    assert not any(refused) and asked == []
    assert all(0 < decision.retry_after <= 360 for decision in refused)
    await limit.refund("k", 2)
    assert [bool(await limit.check("k")) for _ in range(3)] == [True, True, False]
    assert (await limit.check("other")).allowed


async def test_units_that_come_back_end_the_refusal(hf):
    """A limit with fast units lets who waits as long as it says through."""
    limit = hf.limit("hot", quota=20, per=1, burst=1, lease=4, timeout=30)
    allowed = 0
    async with asyncio.timeout(20):
        while allowed < 5:
            decision = await limit.check("k")
            allowed += decision.allowed
            await asyncio.sleep(decision.retry_after or 0)
