"""Plain handlers run in threads, so many at a time."""

import asyncio
import threading

import pytest
from tests.worker.told import state_of

from holdfast import is_stopped, threads
from holdfast.errors import Postponed


async def test_plain_functions_run_in_threads(hf, work, sql, eventually):
    """A blocking handler runs beside the event loop, so that others are not kept waiting."""
    release = threading.Event()
    seen = []

    @hf.task
    def blocks():
        seen.append(threading.current_thread() is not threading.main_thread())
        release.wait(60)

    @hf.task
    async def quick():
        seen.append("quick")

    async with work():
        first = await hf.send(blocks.job())
        await eventually(lambda: seen == [True])
        second = await hf.send(quick.job())
        await eventually(lambda: state_of(sql, second.id) == "done")
        release.set()
        await eventually(lambda: state_of(sql, first.id) == "done")


async def test_who_waits_for_a_thread_has_not_been_tried(hf, work, sql, eventually, monkeypatch):
    """Plain handlers that hang cost others their turn, and no attempt."""
    monkeypatch.setattr(threads, "MOST", 1)
    threads._threads.cache_clear()
    ended = threading.Event()

    @hf.task(name="hang", queue="plain", timeout="0.3 s", retry_base="1 h", retry_cap="1 h")
    def hang():
        ended.wait()

    @hf.task(name="quick", queue="plain")
    def quick():
        pass

    await hf.send(hang.job())
    await hf.send(quick.job())
    told = "select kind, attempts, because from jobs where because is not null order by kind"
    async with work():
        await eventually(lambda: len(sql.execute(told).fetchall()) == 2)
    threads._threads.cache_clear()
    ended.set()
    assert sql.execute(told).fetchall() == [
        ("task:hang", 1, "timed out after 0.3 s"),
        ("task:quick", 0, "no thread was free: 1 plain handlers run"),
    ]


def test_what_no_thread_could_be_started_for_is_not_run_behind_the_next_attempt(monkeypatch):
    """Where the machine gives no more threads a call is postponed; once it does, all is as before.

    Else it would run later beside its own next attempt, and each refusal cost one of the threads,
    or the memory of what was refused.
    """

    def refuse(_thread):
        raise RuntimeError("can't start new thread")

    handlers, ran = threads._Threads(), []
    monkeypatch.setattr(threads, "MOST", 1)
    with monkeypatch.context() as exhausted:
        exhausted.setattr(threading.Thread, "start", refuse)
        for _ in range(2):
            with pytest.raises(Postponed, match="can't start new thread"):
                handlers.submit(lambda: ran.append("refused"))
    assert handlers._waiting.empty()
    handlers.submit(lambda: ran.append("begun")).result(60)
    assert ran == ["begun"]


def test_there_are_no_more_threads_than_calls_at_a_time():
    """Another thread begins where all are busy, and not before: each may keep a connection."""
    handlers, over = threads._Threads(), threading.Event()
    for _ in range(300):
        quick = [handlers.submit(lambda: None) for _ in range(4)]
        assert [one.result(60) for one in quick] == [None] * 4
    assert handlers._count <= 4
    hanging = [handlers.submit(over.wait) for _ in range(4)]
    handlers.submit(lambda: None).result(60)
    assert handlers._count == 5
    over.set()
    assert all(one.result(60) for one in hanging)


async def test_a_plain_function_that_is_cut_off_may_ask(eventually):
    """Whoever gives it up, as a hook does that gives it less time, it can see that it is over."""
    begun, goes_on, told = threading.Event(), threading.Event(), []

    def plain():
        begun.set()
        goes_on.wait(60)
        told.append(is_stopped())

    waiting = asyncio.create_task(threads.awaitable(plain)())
    await eventually(begun.is_set)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    goes_on.set()
    await eventually(lambda: told == [True])
