"""Hooks around each attempt, and the job that a handler can ask for."""

import asyncio
import contextvars
from contextlib import suppress
from uuid import uuid4

import pytest

from holdfast import ConfigError, Dead, Delivered, Hold, Retry, Snooze, current_job
from holdfast.attempt import attempt
from holdfast.channel import Handler, Registry
from holdfast.engine.model import ClaimedJob

A_JOB = ClaimedJob(uuid4(), "k", {}, 1, *[None] * 4, 0, "token", "default")
tenant = contextvars.ContextVar("tenant", default=None)


@pytest.fixture
def handled():
    """How often the handler ran."""
    return []


@pytest.fixture
def tried(handled):
    """The verdict on one attempt at a job within hooks, whose handler returns or raises this."""

    async def run(result, *hooks):
        async def handler(_job):
            handled.append(1)
            await asyncio.sleep(0)
            if isinstance(result, BaseException):
                raise result
            return result

        registry = Registry()
        registry.add(Handler("k", "default", handler))
        registry.hooks.extend(hooks)
        return await attempt(A_JOB, registry)

    return run


async def test_a_hook_is_around_every_attempt(hf, sql):
    """A hook sees the job and what became of it; what it sets is there in coroutine and thread."""
    told = []

    @hf.around
    async def outer(job, proceed):
        tenant.set(job.tenant)
        told.append(("before", job.attempt))
        told.append(await proceed())

    @hf.around
    async def inner(_job, proceed):
        told.append("inner")
        return await proceed()

    @hf.task
    async def ship(order):
        told.append((order, tenant.get(), current_job().id))
        return Delivered("shipped")

    @hf.task
    def bill(order, tx):
        tx.execute("select 1")
        told.append((order, tenant.get(), current_job().id))

    shipped = await hf.send(ship.job(7).options(tenant="ann"))
    await hf.work(until_idle=True)
    billed = await hf.send(bill.job(8).options(tenant="bob"))
    await hf.work(until_idle=True)
    assert told[:4] == [("before", 1), "inner", (7, "ann", shipped.id), Delivered("shipped")]
    assert told[4:7] == [("before", 1), "inner", (8, "bob", billed.id)]
    assert sql.execute("select state, because from jobs order by id").fetchall() == [
        ("done", "shipped"), ("done", None),
    ]  # fmt: skip


async def test_what_is_set_for_one_job_is_not_there_for_the_next(hf, work, eventually):
    """A context variable that a hook or handler sets is gone with its job: no tenant has another's.

    Also where the job begins as the one before it ends, in a worker as much as in `work`.
    """
    told = []

    @hf.task(queue="one", concurrency=1)
    async def ship(order):
        told.append((order, tenant.get()))
        tenant.set(order)

    tenant.set("of the process")
    jobs = [ship.job(order) for order in range(4)]
    await hf.send_many(jobs)
    await hf.work(until_idle=True)
    async with work():
        await hf.send_many(jobs)
        await eventually(lambda: len(told) == 8)
    assert told == [(order, "of the process") for order in range(4)] * 2


async def forgets(_job, proceed):
    """Returns nothing of what it got."""
    await proceed()


async def swallows(_job, proceed):
    """Says that all is well."""
    with suppress(BaseException):
        await proceed()
    return Delivered()


async def fails(_job, proceed):
    """Cannot write its metric afterwards."""
    try:
        await proceed()
    finally:
        raise ConnectionError("no metrics")


async def is_cut_off(_job, proceed):
    """Is cancelled when the handler is through."""
    try:
        await proceed()
    finally:
        raise asyncio.CancelledError


async def disagrees(_job, proceed):
    """Has an opinion of its own when the handler is through."""
    with suppress(BaseException):
        await proceed()
    return Dead("the hook's")


async def looks_away(_job, proceed):
    """Leaves before the handler is through."""
    looks_away.task = asyncio.create_task(proceed())
    await asyncio.sleep(0)


async def has_a_task_group(_job, proceed):
    """Raises a group of what the handler raised."""
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(proceed())


@pytest.mark.parametrize(
    "hook", [forgets, swallows, disagrees, fails, is_cut_off, looks_away, has_a_task_group]
)
async def test_what_the_handler_said_holds(tried, handled, caplog, hook):
    """A careless or failing hook makes no job done that was not, and none happen again that was.

    The log says which hook failed, and of none that passes on what the handler raised.
    """
    assert await tried(None, hook) == Delivered()
    assert await tried(Dead("never"), hook) == Dead("never")
    failed = await tried(ValueError("odd order"), hook)
    assert isinstance(failed, Retry)
    assert failed.because.startswith("ValueError: odd order (test_around.py:")
    assert len(handled) == 3
    told = [record.hook for record in caplog.records if record.msg == "job.hook_failed"]
    assert len(told) == (3 if hook in {fails, is_cut_off} else 0)


async def test_a_hook_may_keep_the_handler_from_running(tried, handled):
    """A hook that does not proceed decides by a verdict or an exception; by neither it fails."""

    async def not_now(_job, _proceed):
        return Hold("the tenant has not paid")

    async def breaks(_job, proceed):
        breaks.task = asyncio.create_task(proceed())
        raise ConnectionError("no tenants")

    async def forgets_it(_job, proceed):
        forgets_it.task = asyncio.create_task(proceed())

    assert await tried(None, not_now) == Hold("the tenant has not paid")
    assert "ConnectionError: no tenants" in (await tried(None, breaks)).because
    assert (
        "neither awaited proceed() nor returned a verdict"
        in (await tried(None, forgets_it)).because
    )
    await asyncio.gather(breaks.task, forgets_it.task, return_exceptions=True)
    assert not handled


async def test_a_hook_may_give_the_handler_less_time(tried):
    """A hook that ends the handler says what became of it; nothing that was cut off is done."""

    async def hurries(_job, proceed):
        await asyncio.wait_for(proceed(), 0)

    async def hides(_job, proceed):
        task = asyncio.create_task(proceed())
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.wait([task])

    async def comes_later(job, proceed):
        await hides(job, proceed)
        return Snooze("too slow", after=30)

    async def says_it_is_done(job, proceed):
        await hides(job, proceed)
        return Delivered()

    async def is_told_to_end(job, proceed):
        asyncio.current_task().cancel()
        with suppress(asyncio.CancelledError):
            await proceed()
        return Snooze("I come later")

    assert await tried(None, comes_later) == Snooze("too slow", after=30)
    assert "TimeoutError" in (await tried(None, hurries)).because
    for hook in (hides, says_it_is_done, is_told_to_end):
        with pytest.raises(asyncio.CancelledError):
            await tried(None, hook)


@pytest.mark.parametrize("end", ["waits", "leaves", "breaks"])
async def test_no_handler_goes_on_behind_its_attempt(end):
    """A handler in a task of its hook's own has ended before its attempt, also if the hook broke.

    It is told to end as often as the attempt is, and may put its things in order.
    """
    begun, stopped = asyncio.Event(), asyncio.Event()

    async def handler(_job):
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            with suppress(asyncio.CancelledError):
                await asyncio.Event().wait()
            await asyncio.sleep(0)
            stopped.set()

    async def hook(_job, proceed):
        hook.task = asyncio.create_task(proceed())
        await begun.wait()
        if end == "waits":
            await asyncio.wait([hook.task])
        elif end == "breaks":
            raise ConnectionError("no metrics")

    registry = Registry()
    registry.add(Handler("k", "default", handler))
    registry.hooks.append(hook)
    trying = asyncio.create_task(attempt(A_JOB, registry))
    await begun.wait()
    for _ in range(2):
        await asyncio.wait([trying], timeout=0.01)
        trying.cancel()
    async with asyncio.timeout(10):
        await asyncio.wait([trying])
    assert stopped.is_set()
    assert trying.cancelled() if end != "breaks" else "no metrics" in trying.result().because


async def test_what_a_handler_says_on_its_way_out_holds():
    """Who is told to end and says that it is done is done, in a task of its hook's own, too."""

    async def done(_job):
        with suppress(asyncio.CancelledError):
            await asyncio.Event().wait()
        return Delivered("just in time")

    async def breaks(_job, proceed):
        breaks.task = asyncio.create_task(proceed())
        await asyncio.sleep(0)
        raise ConnectionError("no metrics")

    registry = Registry()
    registry.add(Handler("k", "default", done))
    registry.hooks.append(breaks)
    assert await attempt(A_JOB, registry) == Delivered("just in time")


async def test_the_handler_runs_once(tried, handled):
    """A hook cannot run the handler again: that is what attempts are for."""

    async def twice(_job, proceed):
        await proceed()
        await proceed()

    assert await tried(None, twice) == Delivered()
    assert handled == [1]


def test_who_is_no_hook_or_in_no_job_is_told(hf):
    """A plain function is refused as a hook at once; current_job() outside of a job says so."""
    with pytest.raises(ConfigError, match="no async def hook"):
        hf.around(lambda job, proceed: None)
    with pytest.raises(LookupError, match="no job runs here"):
        current_job()
