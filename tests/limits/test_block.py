"""A slot or a breaker that is kept, such as in a module, and entered as often as one likes."""

import asyncio
import threading
from contextlib import AsyncExitStack

import pytest

from holdfast import ConfigError, RateLimited
from holdfast.engine.limits import breaker_list


async def test_a_slot_is_entered_again(hf):
    """The same slot object takes a slot each time, one after the other and by several at once."""
    expo = hf.slot("expo", 2, timeout=30)
    for _ in range(3):
        async with expo:
            pass
    inside = asyncio.Barrier(2)

    async def one():
        async with expo:
            await inside.wait()  # both are in

    await asyncio.gather(one(), one())
    async with expo, expo:
        with pytest.raises(RateLimited):
            async with expo:
                pytest.fail("there are two")
    async with expo, expo:
        pass


async def test_a_slot_is_waited_for(hf):
    """With `wait`, whoever comes while all are taken enters as soon as one has come free."""

    async def one(wait):
        async with hf.slot("expo", 1, timeout=30, wait=wait):
            return "entered"

    async with hf.slot("expo", 1, timeout=30):
        waiting = asyncio.create_task(one(60))
        with pytest.raises(RateLimited):
            await one(0.01)
        assert not waiting.done()
    assert await waiting == "entered"
    with pytest.raises(ConfigError, match="wait is a number"):
        hf.slot("expo", 1, wait=-1)


async def test_each_try_has_its_own_result(hf):
    """Of two that are in the same breaker object at once, one fails and the other works."""
    relay = hf.breaker("relay", timeout=30)
    both = asyncio.Barrier(2)

    async def attempt(error):
        async with relay:
            await both.wait()
            if error:
                raise error

    results = await asyncio.gather(
        attempt(None), attempt(ConnectionError()), return_exceptions=True
    )
    assert [type(result) for result in results] == [type(None), ConnectionError]
    ((good, bad),) = [(b["successes"], b["failures"]) for b in await hf.run(breaker_list())]
    assert (good, bad) == (1, 1)


async def test_another_task_may_leave_it(hf):
    """A stack that is closed by another task than that which entered it gives the slot back."""
    expo = hf.slot("expo", 1, timeout=30)
    stack = AsyncExitStack()
    await asyncio.create_task(stack.enter_async_context(expo))
    await stack.aclose()
    async with expo:
        pass


async def test_threads_share_one(hf):
    """Plain functions in threads enter the same slot object at the same time."""
    expo = hf.slot("expo", 2, timeout=30)
    both = threading.Barrier(2, timeout=30)

    def one():
        with expo:
            both.wait()

    await asyncio.gather(asyncio.to_thread(one), asyncio.to_thread(one))
    async with expo, expo:
        pass
