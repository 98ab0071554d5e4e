"""What a handler raises: a failed attempt that says where, and never the end of a worker."""

import asyncio
import json
import re
import signal
from concurrent.futures import ThreadPoolExecutor
from email.message import Message
from urllib.error import HTTPError
from uuid import uuid4

import pytest
from tests.worker.told import because

from holdfast import RateLimited, Retry
from holdfast.attempt import attempt
from holdfast.channel import Handler, Registry
from holdfast.engine.model import ClaimedJob


class Panic(BaseException):
    """As extensions in Rust raise it."""


class Mute(Exception):
    def __str__(self):
        raise RuntimeError


def raises(error):
    """A plain task that raises it."""

    def failing():
        raise error

    return failing


def raises_async(error):
    """A coroutine that raises it."""

    async def failing():
        raise error

    return failing


def in_a_loop_of_its_own(coroutine):
    """As processes do that are older than asyncio.run."""
    loop = asyncio.new_event_loop()
    try:
        loop.run_until_complete(coroutine)
    finally:
        loop.close()


@pytest.mark.parametrize("make", [raises, raises_async])
@pytest.mark.parametrize(
    "error",
    [StopIteration(), GeneratorExit(), Panic("at the disco"), Mute(), SystemExit(1),
     KeyboardInterrupt()],
    ids=lambda error: type(error).__name__,
)  # fmt: skip
async def test_whatever_is_raised_is_a_failed_attempt(hf, sql, make, error):
    """An attempt has a verdict, and says where, whatever its handler raises; no job is kept."""
    await hf.send(hf.task(make(error)).job())
    async with asyncio.timeout(60):
        assert await hf.work(until_idle=True) == 1
    assert type(error).__name__ in because(sql)
    # of a StopIteration in a coroutine Python itself tells no more than that
    assert "(test_raised.py:" in because(sql) or "coroutine raised" in because(sql)
    assert sql.execute("select state, attempts from jobs").fetchall() == [("ready", 1)]


@pytest.mark.parametrize("run", [asyncio.run, in_a_loop_of_its_own])
def test_ctrl_c_in_a_handler_ends_the_process(run):
    """Ctrl-C that meets a handler is no failure of it: it goes on to whoever runs the worker."""

    async def busy(_job):
        signal.raise_signal(signal.SIGINT)  # asyncio.run() ends the main task first, and
        signal.raise_signal(signal.SIGINT)  # raises with the second

    registry, job = Registry(), ClaimedJob(uuid4(), "k", {}, 1, *[None] * 4, 0, "token", "default")
    registry.add(Handler("k", "default", busy))
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with pytest.raises(KeyboardInterrupt):
            run(attempt(job, registry))
    finally:
        signal.signal(signal.SIGINT, before)


def test_no_ctrl_c_comes_to_a_worker_in_a_thread():
    """There it is the handler's own, whatever the first thread does with it: a failure of it."""

    async def odd(_job):
        raise KeyboardInterrupt

    registry, job = Registry(), ClaimedJob(uuid4(), "k", {}, 1, *[None] * 4, 0, "token", "default")
    registry.add(Handler("k", "default", odd))
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with ThreadPoolExecutor() as threads:
            verdict = threads.submit(asyncio.run, attempt(job, registry)).result(60)
    finally:
        signal.signal(signal.SIGINT, before)
    assert isinstance(verdict, Retry)


async def test_a_task_group_fails_for_what_failed_in_it(hf, sql):
    """What a task group wraps is told, not that it wraps something; a limit in it is no failure."""

    async def fail(error):
        raise error

    @hf.task
    async def both(limited):
        async with asyncio.TaskGroup() as group:
            group.create_task(fail(RateLimited("slowly", 30)))
            if not limited:
                group.create_task(fail(OSError("disk full")))

    await hf.send(both.job(limited=False))
    await hf.work(until_idle=True)
    assert "OSError: disk full" in because(sql)
    await hf.send(both.job(limited=True))
    await hf.work(until_idle=True)
    told = sql.execute("select deferrals, attempts from jobs order by id").fetchall()
    assert told == [(0, 1), (1, 0)]


async def test_what_the_other_side_asked_for_is_heard(hf, sql):
    """A handler may let the error of its HTTP client through: the job waits for its Retry-After."""

    @hf.task
    def post():
        headers = Message()
        headers["Retry-After"] = "1000"
        raise HTTPError("http://bank", 429, "Too Many Requests", headers, None)

    await hf.send(post.job())
    await hf.work(until_idle=True)
    [(wait, attempts)] = sql.execute(
        "select extract(epoch from run_at - clock()), attempts from jobs"
    ).fetchall()
    assert 990 < wait < 1101
    assert attempts == 1
    assert because(sql).endswith("; it asks to wait 1000 s")


async def test_where_an_error_is_from_is_a_line_of_the_handler(hf, sql):
    """An error that a library raises names the line of the handler that called it."""

    @hf.task
    def read(text):
        json.loads(text)

    await hf.send(read.job("{"))
    await hf.work(until_idle=True)
    assert re.search(r"JSONDecodeError: .* \(test_raised.py:\d+\)$", because(sql))
