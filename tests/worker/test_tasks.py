"""Functions as jobs: whatever Python can call is called as it was meant, or is refused."""

import asyncio
import functools
import re
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from tests.worker.told import because

from holdfast import (
    ConfigError,
    Dead,
    Delivered,
    InvalidInput,
    RateLimited,
    Retry,
    Snooze,
    is_stopped,
)
from holdfast.attempt import attempt
from holdfast.channel import Handler, Registry
from holdfast.engine.model import ClaimedJob
from holdfast.threads import awaitable


@pytest.fixture
def calls():
    """What the tasks of a test were called with."""
    return []


def plainly_wrapped(function):
    """A decorator as most people write it: a plain function around a coroutine."""

    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        return function(*args, **kwargs)

    return wrapper


async def test_every_kind_of_parameter(hf, calls):
    """Positional, starred and free arguments come to the function as they were given."""

    @hf.task
    async def total(*numbers):
        calls.append(numbers)

    @hf.task
    async def move(parcel, /, to="home", *, fast=False):
        calls.append((parcel, to, fast))

    @hf.task
    def note(text, **more):
        calls.append((text, more))

    @hf.task
    def mixed(first, second=2, *rest, **more):
        calls.append((first, second, rest, more))

    for job in (
        total.job(1, 2), total.job(), move.job(7), move.job(7, "work", fast=True),
        note.job("a", tone="b", more="c"), note.job(text="a"), mixed.job(1),
        mixed.job(1, 3, 4, x=5),
    ):  # fmt: skip
        await hf.send(job)
        assert await hf.work(until_idle=True) == 1
    assert calls == [
        (1, 2), (), (7, "home", False), (7, "work", True),
        ("a", {"tone": "b", "more": "c"}), ("a", {}), (1, 2, (), {}), (1, 3, (4,), {"x": 5}),
    ]  # fmt: skip


def test_a_name_that_is_given_twice(hf):
    """A positional argument and a free one of the same name could not be told apart: refused."""

    @hf.task
    def note(text, /, **more):
        pass

    with pytest.raises(InvalidInput, match="text was given twice"):
        note.job("a", text="b")


async def test_a_transaction_beside_free_arguments(hf, calls):
    """`tx` behind a star is given beside them; before it an argument would take its place."""

    @hf.task
    async def book(*rows, tx):
        await tx.execute("select 1")
        calls.append(rows)

    await hf.send(book.job(1, 2))
    await hf.work(until_idle=True)
    assert calls == [(1, 2)]

    with pytest.raises(ConfigError, match=r"put tx behind the \*"):

        @hf.task
        async def wrong(tx, *rows):
            pass


@pytest.mark.parametrize("starred", [False, True])
async def test_an_argument_that_is_no_longer_known(hf, sql, starred):
    """A job of an older version, with an argument that the function has lost, fails and says so."""

    async def now(a):
        pass

    async def now_starred(a, *more):
        pass

    task = hf.task(now_starred if starred else now)
    await hf.send(replace(task.job(1), payload={"a": 1, "b": 2}))
    await hf.work(until_idle=True)
    assert "unexpected keyword argument 'b'" in because(sql)


@pytest.mark.parametrize("takes_tx", [False, True])
async def test_a_wrapped_coroutine_runs(hf, sql, calls, takes_tx):
    """A plain wrapper around a coroutine is awaited, also inside of its job's transaction."""

    async def book(name):
        calls.append(name)

    async def book_within(name, tx):
        await tx.execute("select 1")
        calls.append(name)

    task = hf.task(plainly_wrapped(book_within if takes_tx else book))
    await hf.send(task.job("ann"))
    assert await hf.work(until_idle=True) == 1
    assert calls == ["ann"]
    assert sql.execute("select state from jobs").fetchall() == [("done",)]


@pytest.mark.parametrize("takes_tx", [False, True])
async def test_an_object_that_is_a_coroutine(hf, calls, takes_tx):
    """An object whose call is a coroutine is awaited as well."""

    class Book:
        async def __call__(self, name):
            calls.append(name)

    class BookWithin:
        async def __call__(self, name, tx):
            await tx.execute("select 1")
            calls.append(name)

    task = hf.task(BookWithin() if takes_tx else Book())
    await hf.send(task.job("ann"))
    await hf.work(until_idle=True)
    assert calls == ["ann"]


@pytest.mark.parametrize("takes_tx", [False, True])
@pytest.mark.parametrize("plain", [False, True])
async def test_what_nobody_awaited_is_not_done(hf, sql, calls, takes_tx, plain):
    """A handler that returns a coroutine without awaiting it has done nothing: a failed attempt."""

    async def really():
        calls.append("ran")

    async def forgets():
        return really()

    async def forgets_within(tx):
        return really()

    def lambda_within(tx):
        return really()

    function = lambda_within if plain else forgets_within
    task = hf.task(function if takes_tx else forgets)
    await hf.send(task.job())
    await hf.work(until_idle=True)
    assert (calls, sql.execute("select state from jobs").fetchall()) == ([], [("ready",)])
    assert "nobody awaited it; nothing of it has run" in because(sql)


async def test_a_method_is_a_task_with_its_object(hf, calls):
    """The method of an object runs; one of no object is refused, for nobody could give it one."""

    class Reports:
        def nightly(self, name):
            calls.append(name)

    await hf.send(hf.task(Reports().nightly).job("ann"))
    await hf.work(until_idle=True)
    assert calls == ["ann"]
    with pytest.raises(ConfigError, match="a method needs its object"):
        hf.task(name="other")(Reports.nightly)


@pytest.mark.parametrize("register", ["task", "on", "alert"])
def test_a_generator_is_refused(hf, register):
    """A generator would end as done with nothing run; it is refused where it is declared."""

    async def pages(event):
        yield event

    def lines(event):
        yield event

    put = {"task": hf.task, "on": hf.on("stripe"), "alert": hf.on_alert}[register]
    for function in (pages, lines):
        with pytest.raises(ConfigError, match="is a generator: called, it would run nothing"):
            put(function)


async def test_a_returned_generator_is_not_done(hf, sql):
    """A generator that comes out of a wrapper is a failed attempt: nothing of it has run."""

    def lines(name):
        yield name

    await hf.send(hf.task(plainly_wrapped(lines)).job("ann"))
    await hf.work(until_idle=True)
    assert "a generator was returned; nothing of it has run" in because(sql)


async def test_a_moment_to_come_again_is_kept():
    """A handler that snoozes until a moment has named a time."""
    verdict, registry = Snooze("closed", until=datetime(2030, 1, 1, tzinfo=UTC)), Registry()

    async def later(_job):
        return verdict

    registry.add(Handler("k", "default", later))
    job = ClaimedJob(uuid4(), "k", {}, 1, *[None] * 4, 0, "token", "default")
    assert await attempt(job, registry) == verdict


@pytest.mark.parametrize("takes_tx", [False, True])
@pytest.mark.parametrize("verdict", [Retry, Dead])
async def test_a_class_is_no_verdict(hf, sql, takes_tx, verdict):
    """`return Retry` instead of `Retry()` is a failed attempt, not a job that is done."""

    async def late():
        return verdict

    async def late_within(tx):
        return verdict

    await hf.send(hf.task(late_within if takes_tx else late).job())
    await hf.work(until_idle=True)
    assert f"return {verdict.__name__}(...)" in because(sql)


async def test_a_result_that_is_no_verdict_is_said_once(hf, caplog, sql):
    """A function that returns a number is done, and its kind is warned of once, not at each job."""

    @hf.task(name="counts once")
    def counts():
        return 5

    await hf.send_many([counts.job(), counts.job(), counts.job()])
    await hf.work(until_idle=True)
    assert [r.getMessage() for r in caplog.records].count("job.odd_result") == 1
    assert sql.execute("select distinct state from jobs").fetchall() == [("done",)]


async def test_a_verdict_that_is_odd_costs_nobody_the_worker(hf, sql):
    """A reason that is no text is stored as text; a wait that is none fails only its attempt."""

    @hf.task(queue="odd", max_attempts=1)
    def answer(how):
        return {
            "dead": lambda: Dead(KeyError("order")),
            "done": lambda: Delivered({"id": 7}),
            "wait": lambda: Retry(60),
            "never": lambda: _raise(RateLimited("used up", float("inf"))),
            "rude": lambda: _raise(_Rude("no")),
        }[how]()

    await hf.send_many([answer.job(how) for how in ("dead", "done", "wait", "never", "rude")])
    assert await hf.work(until_idle=True) == 5
    told = sql.execute("select state, because from jobs order by id").fetchall()
    assert [state for state, _ in told] == ["dead", "done", "dead", "dead", "dead"]
    assert told[0][1] == "KeyError: 'order'"
    assert "a wait is Retry(after=…) (test_tasks.py:" in told[2][1]
    assert re.match(r"RateLimited: used up \(test_tasks.py:\d+\); .* after=inf is no", told[3][1])

    assert re.match(r"_Rude: no \(test_tasks.py:\d+\); ZeroDivisionError: ", told[4][1])


class _Rude(Exception):
    @property
    def reason(self):
        return 1 / 0


def _raise(error):
    raise error


@pytest.mark.parametrize(
    "given",
    [
        {"run_at": datetime.now(UTC).replace(tzinfo=None)},
        {"expires_at": "tomorrow"},
        {"run_at": timedelta(1)},
    ],
)
async def test_a_time_of_a_job_has_its_zone(hf, given):
    """A time without a zone, which the server would read in its own, is refused; so is no time."""
    task = hf.task(print)
    with pytest.raises(InvalidInput, match="datetime with its time zone is needed"):
        await hf.send(task.job(1).options(**given))


def test_a_job_may_be_due_some_time_from_now(hf):
    """`run_in` is a time from now, in any form; what is none, or no field of a job, is said."""
    job = hf.task(print).job(1)
    for given in (timedelta(hours=1), 3600, "1 h", "60 minutes"):
        wait = job.options(run_in=given, priority=1).run_at - datetime.now(UTC)
        assert timedelta(minutes=59) < wait <= timedelta(hours=1)
    for given in ("soon", float("nan"), 1e300, [], "9999999 w"):
        with pytest.raises(InvalidInput, match="run_in: a timedelta, seconds, or text"):
            job.options(run_in=given)
    with pytest.raises(InvalidInput, match="run_in or run_at, not both"):
        job.options(run_in="1 h", run_at=datetime.now(UTC))
    with pytest.raises(InvalidInput, match=r"no delay, max_attempts; there are run_in, .*queue's"):
        job.options(max_attempts=3, delay=5)


def test_a_schedule_of_what_is_no_job_is_said_where_it_is_written(hf):
    """A task in the place of its job is an error that shows how a job is made."""
    with pytest.raises(ConfigError, match=r"task\.job\(\.\.\.\), not a Task"):
        hf.schedule("nightly", hf.task(print), every="1 h")


@pytest.mark.parametrize("how", ["plain", "to_thread"])
async def test_what_runs_in_a_thread_may_ask_whether_it_is_stopped(how):
    """A plain handler, or what a coroutine runs in a thread, can ask whether its time is over."""
    began, left, answers = threading.Event(), threading.Event(), []

    def endless():
        answers.append(is_stopped())
        began.set()
        for _ in range(20_000):
            if is_stopped():
                break
            left.wait(0.001)
        answers.append(is_stopped())
        left.set()

    in_a_thread = (
        awaitable(endless) if how == "plain" else functools.partial(asyncio.to_thread, endless)
    )
    registry = Registry()
    registry.add(Handler("k", "default", lambda _job: in_a_thread()))
    job = ClaimedJob(uuid4(), "k", {}, 1, *[None] * 4, 0, "token", "default")
    trying = asyncio.create_task(attempt(job, registry))
    assert await asyncio.to_thread(began.wait, 60)
    trying.cancel()
    assert await asyncio.to_thread(left.wait, 60)
    assert answers == [False, True]
    assert not is_stopped()
