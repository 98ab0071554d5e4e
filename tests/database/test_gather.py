"""Gather: one call for all who ask at the same moment, and nobody waits for ever."""

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from holdfast.database import Call, Gather
from holdfast.errors import InvalidInput


class Calls:
    """In the place of a database: notes what it is asked, and answers when it is let."""

    def __init__(self):
        self.asked = []
        self.go = asyncio.Event()
        self.go.set()
        self.short = 0

    async def run(self, call):
        items = call.args["items"]
        self.asked.append(items)
        await self.go.wait()
        if "bad" in items:
            raise InvalidInput("bad")
        return [f"<{item}>" for item in items][self.short :]


def asking(items):
    """The operation that answers all of them."""
    return Call("f", {"items": list(items)}, read=lambda rows: rows)


async def test_who_comes_together_goes_together():
    """A moment's questions are one call; those that come while it flies are the next."""
    calls = Calls()
    gather = Gather(calls, asking)
    assert await asyncio.gather(*(gather.ask(n) for n in range(3))) == ["<0>", "<1>", "<2>"]
    assert calls.asked == [[0, 1, 2]]


async def test_one_that_is_refused_is_alone_with_it():
    """The others of its batch get their answers."""
    gather = Gather(Calls(), asking)
    answers = await asyncio.gather(
        *(gather.ask(item) for item in ("a", "bad", "b")), return_exceptions=True
    )
    assert (answers[0], answers[2]) == ("<a>", "<b>")
    assert isinstance(answers[1], InvalidInput)


async def test_who_has_given_up_is_not_asked_for():
    """A question that was cancelled while it waited goes nowhere."""
    calls = Calls()
    calls.go.clear()
    gather = Gather(calls, asking)
    first = asyncio.create_task(gather.ask("first"))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    second, third = (asyncio.create_task(gather.ask(item)) for item in ("second", "third"))
    await asyncio.sleep(0)
    second.cancel()
    calls.go.set()
    assert await asyncio.gather(first, third) == ["<first>", "<third>"]
    assert calls.asked == [["first"], ["third"]]


async def test_too_few_answers_are_an_error_of_everybody():
    """Nobody waits for an answer that does not come."""
    calls = Calls()
    calls.short = 1
    gather = Gather(calls, asking)
    answers = await asyncio.gather(gather.ask(1), gather.ask(2), return_exceptions=True)
    assert [type(answer) for answer in answers] == [ValueError, ValueError]


def test_each_event_loop_has_its_own_flights():
    """A flight of one thread's loop keeps nobody waiting in another one."""
    begun, go = threading.Event(), threading.Event()

    class Holding(Calls):
        async def run(self, call):
            if call.args["items"] == ["held"]:
                begun.set()
                await asyncio.to_thread(go.wait, 60)
            return await super().run(call)

    gather = Gather(Holding(), asking)

    async def other():
        async with asyncio.timeout(60):
            return await gather.ask("other")

    with ThreadPoolExecutor(1) as threads:
        held = threads.submit(asyncio.run, gather.ask("held"))
        try:
            assert begun.wait(60)
            assert asyncio.run(other()) == "<other>"
        finally:
            go.set()
        assert held.result(60) == "<held>"


@pytest.mark.parametrize("in_flight", [1, 2])
async def test_no_more_at_a_time_than_may_be(in_flight):
    """So many calls fly at a time; the rest waits and goes in one."""
    calls = Calls()
    calls.go.clear()
    gather = Gather(calls, asking, most=2, in_flight=in_flight)
    tasks = [asyncio.create_task(gather.ask(n)) for n in range(6)]
    for _ in range(5):
        await asyncio.sleep(0)
    assert len(calls.asked) == in_flight
    calls.go.set()
    assert await asyncio.gather(*tasks) == [f"<{n}>" for n in range(6)]
    assert calls.asked == [[0, 1], [2, 3], [4, 5]]
