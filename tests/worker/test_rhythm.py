"""The rhythm of a worker's claims, by a clock of our own."""

import asyncio
from collections import Counter

import pytest

from holdfast.database import Database
from holdfast.worker import loop, service
from holdfast.worker.rhythm import BREATH_S, Breath, Due, Pace
from holdfast.worker.wake import POLLS_S, Wake


@pytest.fixture
def clock():
    """A clock that stands still until it is told: `clock.now`."""

    class Clock:
        now = 100.0

        def __call__(self):
            return self.now

    return Clock()


def claims(clock, breath, gap, count, was_filled=False):
    """The waits of so many claims, each `gap` seconds after the one before it began."""
    waits = []
    for _ in range(count):
        waits.append(breath.needed(was_filled=was_filled))
        clock.now += waits[-1]
        breath.claims()
        clock.now += gap
    return waits


def test_a_job_that_comes_alone_waits_for_nothing(clock):
    """Claims at some distance from each other go at once, however many there are."""
    assert claims(clock, Breath(clock), BREATH_S * 1.1, 50) == [0.0] * 50


def test_jobs_that_come_quickly_are_taken_together(clock):
    """After a few claims on each other's heels one is made every ten milliseconds, no more."""
    waits = claims(clock, Breath(clock), 0.002, 10)
    assert waits[:3] == [0.0] * 3
    assert waits[3:] == [pytest.approx(BREATH_S - 0.002)] * 7


def test_a_backlog_is_worked_off_without_a_breath(clock):
    """While each claim brings all that it asked for, the next one goes at once."""
    assert claims(clock, Breath(clock), 0.002, 50, was_filled=True) == [0.0] * 50


def test_after_a_pause_it_is_alone_again(clock):
    """The first job after a quiet moment goes at once."""
    breath = Breath(clock)
    claims(clock, breath, 0.002, 10)
    clock.now += 0.02
    assert breath.needed(was_filled=False) == 0.0


def test_what_is_due_is_believed_for_a_moment(clock):
    """Within it, the wait ends when something is due or when it has to be asked again."""
    due = Due(clock)
    assert due.known() is None
    assert due.told(0.05) == 0.05
    clock.now += 0.02
    assert due.known() == pytest.approx(0.03)
    assert due.told(None) == float("inf")
    assert due.known() == pytest.approx(0.2)
    clock.now += 0.15
    assert due.known() == pytest.approx(0.05)
    clock.now += 0.1
    assert due.known() is None


async def test_a_worker_keeps_the_rhythm(hf, work, monkeypatch, eventually):
    """It asks before each claim whether to take breath, and seldom what is due next."""
    asked, calls = [], Counter()

    class Listening(Breath):
        def needed(self, *, was_filled):
            asked.append(was_filled)
            return super().needed(was_filled=was_filled)

    run = Database.run

    async def counting(database, call, **how):
        calls[call.function] += 1
        return await run(database, call, **how)

    monkeypatch.setattr(loop, "Breath", Listening)
    monkeypatch.setattr(Database, "run", counting)
    handled = []

    @hf.task(name="quick")
    async def quick(n):
        handled.append(n)

    await hf.prepare()
    async with work():
        for n in range(40):
            await hf.send(quick.job(n))
            await eventually(lambda n=n: len(handled) == n + 1)
    assert len(asked) >= calls["claim"] >= 20
    assert calls["next_due"] <= calls["claim"] // 2, calls


def test_what_goes_on_coming_is_brisk_until_it_stops(clock):
    """After ten claims on each other's heels nobody needs to call us; after five in vain again."""
    breath = Breath(clock)
    claims(clock, breath, 0.002, 10)
    assert not breath.brisk
    claims(clock, breath, 0.002, 1)
    assert breath.brisk
    for jobs in (0, 0, 0, 0, 1, 0, 0, 0, 0):
        breath.brought(jobs)
        assert breath.brisk
    breath.brought(0)
    assert not breath.brisk


async def test_who_is_brisk_is_not_notified(hf, sql, work, eventually):
    """While jobs go on coming, no enqueue has to notify the worker; after a pause, one does."""
    handled = []

    @hf.task(name="quick")
    async def quick(n):
        handled.append(n)

    def idle():
        found = "select count(*) from idle_workers where queue = 'default' and until > now()"
        return sql.execute(found).fetchone()[0]

    await hf.prepare()
    async with work():
        await eventually(idle)
        for n in range(5000):
            await hf.send(quick.job(n))
            if not idle():
                break
        assert not idle()
        await eventually(idle)
        await hf.send(quick.job(-1))
        await eventually(lambda: handled[-1] == -1)


async def test_who_can_not_be_called_looks_again_soon_after_a_job(
    hf, work, monkeypatch, eventually
):
    """Behind a pooler the polls grow to a second, and begin anew with each job that is found."""
    pauses, handled = [], []

    class Deaf(Wake):
        def __init__(self, *given):
            super().__init__(*given)
            self.hears = False

        async def run(self):
            await asyncio.Event().wait()

        async def wait(self, queue, timeout_s):
            if queue == "default":
                pauses.append(timeout_s)
            return await super().wait(queue, min(timeout_s, 0.02))

    @hf.task(name="one")
    async def one():
        handled.append(len(pauses))

    monkeypatch.setattr(service, "Wake", Deaf)
    await hf.prepare()
    async with work():
        await eventually(lambda: POLLS_S[-1] in pauses)
        await hf.send(one.job())
        await eventually(lambda: handled and len(pauses) > handled[0] + 2)
    assert POLLS_S[0] in pauses[handled[0] :]


def test_at_hand_is_what_a_moment_takes(clock):
    """Ahead of the slots a worker has jobs for a few milliseconds, and none before it knows."""
    pace = Pace(clock)
    assert pace.ahead(50) == 0
    for _ in range(3):  # ten slots, fifteen milliseconds a job
        for _ in range(67):
            pace.ended(0.015)
        clock.now += 0.1
        pace.claims()
    assert pace.ahead(10) == 3
    for _ in range(40):  # a hundredth of that, but it is the processor that is the limit
        for _ in range(30):
            pace.ended(0.000_15)
        clock.now += 0.01
        pace.claims()
    assert 110 < pace.ahead(10) <= 120
    clock.now += 2
    pace.claims()
    assert pace.ahead(10) == 0


async def test_what_has_not_begun_is_left_to_others(hf, work, sql, eventually):
    """While its slots are busy with jobs of unknown length a worker holds no others."""
    gate = asyncio.Event()

    @hf.task(queue="slow", concurrency=3)
    async def wait():
        await gate.wait()

    await hf.send_many([wait.job() for _ in range(100)])
    leased = "select count(*) from leased_jobs"
    async with work():
        await eventually(lambda: sql.execute(leased).fetchone()[0] > 0)
        assert sql.execute(leased).fetchone() == (3,)
        gate.set()
        done = "select count(*) from finished_jobs"
        await eventually(lambda: sql.execute(done).fetchone() == (100,))
