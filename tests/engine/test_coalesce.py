"""Stand-alone enqueues share commits: who goes together, who behind whom, and who alone."""

import asyncio
import itertools

import pytest

from holdfast import Job
from holdfast.engine.coalesce import Coalescer
from holdfast.engine.service_time import ServiceTime


class Known:
    """A service time that is quick or not, whatever this machine does."""

    def __init__(self, *, quick):
        self.is_quick = quick

    def took_off(self, now):
        """It is known already."""

    def landed(self, now, took_off_at):
        """It is known already."""


def turns(*, server, ours, flights=60):
    """What is known after flights that take the server and us so long, one after the other."""
    known, now = ServiceTime(), 100.0
    for _ in range(flights):
        known.took_off(now)
        known.landed(now + server, now)
        now += server + ours
    return known


@pytest.mark.parametrize(
    ("takes", "ours", "quick"),
    [
        (0.55e-3, 0.15e-3, True),  # sixteen callers together, a commit that takes no time
        (0.17e-3, 0.08e-3, True),  # the same in halves
        (0.25e-3, 0.03e-3, False),  # a few callers
        (2.3e-3, 0.15e-3, False),  # a commit that waits for a disk, or the server is far away
        (2.3e-3, 60.0, True),  # nobody wanted anything meanwhile
        (0.3e-3, 0.0, False),
    ],
)
def test_a_server_is_quick_if_it_would_wait_for_us(takes, ours, quick):
    """Flights are parted where to fill one takes us a fifth of what it takes to store it."""
    assert turns(server=takes, ours=ours).is_quick is quick


def test_nothing_is_known_of_a_server_that_was_not_asked():
    """It is not taken for quick before the first answer."""
    known = ServiceTime()
    assert not known.is_quick
    known.took_off(7.0)
    assert not known.is_quick


def test_a_server_that_becomes_slow_is_noticed():
    """Ten flights later it is asked once for all again; and one slow answer alone says nothing."""
    known = turns(server=0.4e-3, ours=0.2e-3)
    known.took_off(200.0)
    known.landed(200.0005, 200.0)
    assert known.is_quick
    now = 300.0
    for _ in range(10):
        known.landed(now + 2.3e-3, now)
        now += 2.6e-3
        known.took_off(now)
    assert not known.is_quick


async def test_who_waits_for_a_key_keeps_nobody(database, another, eventually):
    """A job whose dedupe key another transaction holds waits alone, though it was the first."""
    coalescer, watcher, holder = Coalescer(database), another(), another()
    coalescer._service_time = Known(quick=True)
    with holder.connection.transaction():
        holder.run("select enqueue('default', 'k', '{}', '{\"dedupe_key\": \"taken\"}')")
        waiting = asyncio.create_task(coalescer.enqueue(Job(kind="k", dedupe_key="taken")))
        blocked = "select 1 from pg_stat_activity where wait_event_type = 'Lock'"
        await eventually(lambda: watcher.all(blocked))
        plain = [coalescer.enqueue(Job(kind="plain")) for _ in range(20)]
        assert len({receipt.id for receipt in await asyncio.gather(*plain)}) == 20
        assert not waiting.done()
    assert (await waiting).duplicate


@pytest.mark.parametrize("pooled", [True, False])
@pytest.mark.parametrize("quick", [True, False])
async def test_flights_go_behind_each_other_where_the_server_is_quick(
    database, queue, monkeypatch, quick, pooled
):
    """Sixteen that send at once share one connection there, in halves, and one flight elsewhere.

    So they do behind a pooler, where nothing can be said behind another.
    """
    database._sessions.pooled = pooled
    coalescer = Coalescer(database)
    coalescer._service_time = Known(quick=quick)
    run, flown = database.run, []

    async def watched(call, *, behind=False):
        flown.append((str(call.args.get("p_payloads", "")).count("{"), behind))
        return await run(call, behind=behind)

    monkeypatch.setattr(database, "run", watched)
    coalescer._in_flight = 1  # all of them find somebody on his way, so nobody goes alone
    sending = [asyncio.create_task(coalescer.enqueue(Job(kind="k"))) for _ in range(16)]
    await asyncio.sleep(0)
    coalescer._in_flight = 0
    assert len({receipt.id for receipt in await asyncio.gather(*sending)}) == 16
    assert flown == ([(8, True)] * 2 if quick and not pooled else [(16, False)])
    assert queue.one("select count(*) from ready_jobs") == 16


async def test_halves_come_together_again(database, queue, monkeypatch):
    """A server that becomes slow is asked once for all, by those who went in halves before."""
    coalescer = Coalescer(database)
    coalescer._service_time = Known(quick=True)
    run, flown = database.run, []

    async def watched(call, *, behind=False):
        flown.append((str(call.args.get("p_payloads", "")).count("{"), behind))
        if len(flown) == 8:
            coalescer._service_time = Known(quick=False)
        return await run(call, behind=behind)

    async def send():
        for _ in range(8):
            await coalescer.enqueue(Job(kind="k"))

    monkeypatch.setattr(database, "run", watched)
    coalescer._in_flight = 1
    sending = [asyncio.create_task(send()) for _ in range(16)]
    await asyncio.sleep(0)
    coalescer._in_flight = 0
    await asyncio.gather(*sending)
    assert flown[:8] == [(8, True)] * 8
    assert flown[-4:-1] == [(16, False)] * 3  # one half may have been a flight ahead
    assert queue.one("select count(*) from ready_jobs") == 16 * 8


async def test_turns_are_read_from_a_clock_of_fine_steps(database, queue):
    """A loop whose own time stands for a turn, as uvloop's does, makes no server look slow."""
    for step, quick in ((1e-3, True), (0.0, False)):
        steps = itertools.count()
        coalescer = Coalescer(database, clock=lambda step=step, steps=steps: next(steps) * step)
        for _ in range(6):
            await asyncio.gather(*(coalescer.enqueue(Job(kind="k")) for _ in range(2)))
        assert coalescer._service_time.is_quick is quick
    assert queue.one("select count(*) from ready_jobs") == 24
