"""Retry in process: what is tried again, how long is waited, and when it is given up."""

import asyncio
import logging
import math
import re
import urllib.error
from contextlib import suppress
from datetime import timedelta
from email.message import Message
from types import SimpleNamespace
from unittest.mock import AsyncMock, Mock

import pytest
from hypothesis import given
from hypothesis import strategies as st

import holdfast
from holdfast import ConfigError, RateLimited
from holdfast.policy.backoff import Backoff
from holdfast.retry import Budget, Rules, Trial, on_retry, retry, retrying, without_waiting


class Time:
    """A clock that goes only while somebody sleeps."""

    def __init__(self):
        self.now = 0.0
        self.waits = []

    def __call__(self):
        return self.now

    def sleep(self, seconds):
        self.waits.append(seconds)
        self.now += seconds

    async def asleep(self, seconds):
        self.sleep(seconds)


class Call:
    """Fails so many times, then works."""

    def __init__(self, failures, error=ConnectionError):
        self.left, self.error, self.calls = failures, error, 0

    def __call__(self):
        self.calls += 1
        if self.left:
            self.left -= 1
            raise self.error("no")
        return "yes"


@pytest.fixture
def clock():
    """A clock that goes only while somebody sleeps."""
    return Time()


@pytest.fixture
def rules(clock):
    """Rules without chance, on that clock."""
    return {"on": ConnectionError, "clock": clock, "sleep": clock.sleep, "chance": lambda: 0.5}


def test_a_call_is_made_again_until_it_works(clock, rules):
    """The waits grow, and the result is that of the call that worked."""
    call = Call(3)
    assert retry(**rules)(call)() == "yes"
    assert (call.calls, clock.waits) == (4, pytest.approx([0.1, 0.2, 0.4]))


async def test_a_coroutine_too(clock, rules):
    """A coroutine is tried again by the same rules, with the same waits, as a plain function."""
    call = Call(2)

    @retry(**{**rules, "sleep": clock.asleep})
    async def fetch(a, *, b):
        return call(), a, b

    assert await fetch(1, b=2) == ("yes", 1, 2)
    assert fetch.__name__ == "fetch"
    assert clock.waits == pytest.approx([0.1, 0.2])


async def test_blocks(clock, rules):
    """A block in a loop is tried again, with for or async for."""
    call = Call(1)
    for attempt in retrying(**rules):
        with attempt:
            result = call()
    assert (result, attempt.number) == ("yes", 2)
    call = Call(1)
    async for attempt in retrying(**{**rules, "sleep": clock.asleep}):
        with attempt:
            result = call()
    assert (result, attempt.number) == ("yes", 2)


async def test_a_call_that_works_costs_no_task():
    """A coroutine that is retried leaves nothing to its event loop, as one that is not."""
    made = []

    def counted(loop, coroutine, **options):
        made.append(coroutine)
        return asyncio.Task(coroutine, loop=loop, **options)

    @retry(on=OSError)
    async def fetch():
        return 1

    asyncio.get_running_loop().set_task_factory(counted)
    assert [await fetch() for _ in range(5)] == [1] * 5
    await asyncio.sleep(0)
    assert made == []


def test_the_last_error_is_raised(rules):
    """When no attempt is left the error itself comes out, not one of ours."""
    call = Call(99)
    with pytest.raises(ConnectionError, match="no"):
        retry(**rules, attempts=3)(call)()
    assert call.calls == 3


def test_no_later_than_the_total_time(clock, rules):
    """No wait ends after the total time; the attempts that are left do not matter."""
    call = Call(99)
    with pytest.raises(ConnectionError):
        retry(**rules, attempts=99, total_s=10, backoff=Backoff(4, 1, 4, 0))(call)()
    assert (call.calls, clock.now) == (3, 8)


@pytest.mark.parametrize(
    "error", [ValueError, asyncio.CancelledError, KeyboardInterrupt, SystemExit]
)
def test_what_was_not_named_is_not_retried(rules, error):
    """Other errors come out at once; what cancels or interrupts always does."""
    call = Call(1, error)
    on = (ConnectionError, BaseException) if error is not ValueError else ConnectionError
    with pytest.raises(error):
        retry(**{**rules, "on": on})(call)()
    assert call.calls == 1


def test_a_function_decides(clock, rules):
    """A predicate says yes, no, or for how long."""
    call = Call(2, RuntimeError)
    assert retry(**{**rules, "on": lambda e: 3.0 if "no" in str(e) else False})(call)() == "yes"
    assert clock.waits == pytest.approx([3.15, 3.15])
    with pytest.raises(RuntimeError):
        retry(**{**rules, "on": lambda _: False})(Call(1, RuntimeError))()


@pytest.mark.parametrize(
    ("header", "date", "wait"),
    [
        ("2", None, 2.1),
        ("Tue, 01 Jan 2030 00:00:05 GMT", "Tue, 01 Jan 2030 00:00:00 GMT", 5.25),
        ("soon", None, 0.1),
        ("0", None, 0.105),
    ],
)
def test_the_other_sides_wish_is_heard(clock, rules, header, date, wait):
    """Retry-After in both its forms, from the response that the exception carries."""
    error = ConnectionError("busy")
    headers = {"Retry-After": header} | ({"Date": date} if date else {})
    error.response = SimpleNamespace(headers=headers)

    def call():
        if not clock.waits:
            raise error
        return "yes"

    assert retry(**rules)(call)() == "yes"
    assert clock.waits == pytest.approx([wait])


def test_urllib_is_heard_too(clock, rules):
    """The headers of the standard library's errors are no mapping, and are read all the same."""
    headers = Message()
    headers["Retry-After"] = "3"
    error = urllib.error.HTTPError("http://here", 503, "busy", headers, None)

    def call():
        if not clock.waits:
            raise error
        return "yes"

    assert retry(**{**rules, "on": urllib.error.HTTPError})(call)() == "yes"
    assert clock.waits == pytest.approx([3.15])


def test_a_limit_and_a_breaker_say_when(clock, rules):
    """Around `acquire` or a breaker, the wait is the one that they name, not a guess of ours."""

    def call():
        if not clock.waits:
            raise RateLimited("slowly", 3.0)
        return "yes"

    assert retry(**{**rules, "on": RateLimited})(call)() == "yes"
    assert clock.waits == pytest.approx([3.15])


class Rude(Exception):
    @property
    def retry_after(self):
        raise RuntimeError("look away")


@pytest.mark.parametrize("odd", [
    {"retry_after": -5}, {"retry_after": 10**400}, {"retry_after": math.nan}, {"retry_after": "1h"},
    {"retry_after": timedelta(1)}, {"response": Mock()}, {"response": AsyncMock()},
    {"headers": {"Retry-After": None}}, {"headers": dict}, None,
])  # fmt: skip
@pytest.mark.filterwarnings("ignore:coroutine")
def test_what_names_no_wait_is_retried_as_ever(clock, rules, odd):
    """An attribute that means something else, or cannot be read, does not hide what happened."""
    error = Rude("no") if odd is None else ConnectionError("no")
    vars(error).update(odd or {})
    call = Call(9, lambda _: error)
    with pytest.raises(type(error), match=r"^no$"):
        retry(**{**rules, "on": type(error), "attempts": 2})(call)()
    assert (call.calls, clock.waits) == (2, pytest.approx([0.1]))


def test_a_bare_decorator_is_told_what_it_lacks():
    """`@retry` without arguments does not swallow the call: it says how it is written."""

    @retry
    def fetch(url): ...

    with pytest.raises(ConfigError, match="@retry"):
        fetch("https://bank")


def test_a_function_that_says_nothing_says_no(rules):
    """Who falls through to the end of a predicate gets the error that happened."""

    def on(error):
        if isinstance(error, OSError):
            return True
        return None

    call = Call(1, ValueError)
    with pytest.raises(ValueError, match="no"):
        retry(**{**rules, "on": on})(call)()
    assert call.calls == 1
    assert retry(**{**rules, "on": lambda e: re.search("n", str(e))})(Call(1, KeyError))() == "yes"


async def test_an_object_that_is_called_like_a_coroutine(clock, rules):
    """An async `__call__` is awaited and retried."""

    class Fetch:
        def __init__(self):
            self.call = Call(2)

        async def __call__(self, a):
            return self.call(), a

    assert await retry(**{**rules, "sleep": clock.asleep})(Fetch())(1) == ("yes", 1)
    assert len(clock.waits) == 2


def test_a_wish_that_is_too_long_is_an_end(clock, rules):
    """Nobody is kept for an hour in a process: the error comes out, for a queue to handle."""
    error = ConnectionError("busy")
    error.response = SimpleNamespace(headers={"retry-after": "3600"})
    calls = []

    def call():
        calls.append(1)
        raise error

    with pytest.raises(ConnectionError):
        retry(**rules)(call)()
    assert (len(calls), clock.waits) == (1, [])


@given(st.floats(0, 1), st.integers(5, 40))
def test_waits_differ_at_the_cap(chance, attempt):
    """The jitter comes after the cap: those who failed together do not return together."""
    trial = Trial(Rules(ValueError, attempts=99, total_s=1e9, chance=lambda: chance))
    trial.attempt = attempt + 10
    assert trial.failed(ValueError()) == pytest.approx(5 * (0.5 + chance))


def test_a_budget_stops_retries_in_an_outage(rules):
    """With half of it gone nothing is retried, and what works earns it back."""
    budget = Budget(tokens=10, ratio=0.5)
    calls = []
    for _ in range(20):
        call = Call(99)
        with pytest.raises(ConnectionError):
            retry(**rules, budget=budget, attempts=3)(call)()
        calls.append(call.calls)
    assert (calls[0], calls[1], set(calls[2:])) == (3, 2, {1})
    for _ in range(20):
        retry(**rules, budget=budget)(Call(0))()
    assert retry(**rules, budget=budget)(Call(1))() == "yes"


def test_hooks_are_told_and_can_not_do_harm(rules, caplog):
    """Each retry is logged by a stable name and told to hooks; one that raises is ignored."""
    told = []
    on_retry(told.append)
    on_retry(lambda _: 1 / 0)
    caplog.set_level(logging.INFO, "holdfast.retry")
    retry(**rules, name="bank")(Call(1))()
    assert [(t.name, t.attempt, t.wait_s) for t in told] == [("bank", 1, pytest.approx(0.1))]
    (record,) = caplog.records
    assert (record.message, record.retry_name, record.error) == (
        "retry.scheduled", "bank", "ConnectionError",
    )  # fmt: skip


def test_tests_do_not_wait(clock, rules):
    """Under without_waiting nothing sleeps, and attempts are as few as asked for."""
    with without_waiting(attempts=2):
        call = Call(99)
        with pytest.raises(ConnectionError):
            retry(**rules)(call)()
    assert (call.calls, clock.waits) == (2, [])


async def _says_later(_error):
    return True


@pytest.mark.parametrize("bad", [
    {"attempts": 0}, {"attempts": 2.5}, {"attempts": "3"}, {"total_s": 0}, {"total_s": "1 m"},
    {"longest_s": -1}, {"atempts": 3}, {"backoff": "x"}, {"backoff": 2}, {"budget": 3},
    {"name": 7}, {"sleep": 1}, {"clock": None}, {"on": [OSError]}, {"on": "OSError"}, {"on": int},
    {"on": (OSError, "x")}, {"on": None}, {"on": OSError()}, {"on": _says_later},
])  # fmt: skip
def test_rules_that_make_no_sense_are_refused(bad):
    """A mistake in the rules is an error where they are written, for functions and blocks."""
    with pytest.raises(ConfigError):
        retry(**{"on": OSError, **bad})(print)
    with pytest.raises(ConfigError):
        retrying(**{"on": OSError, **bad})


def test_generators_are_refused():
    """What a generator has given cannot be taken back."""

    def numbers():
        yield 1

    with pytest.raises(ConfigError, match="generator"):
        retry(on=OSError)(numbers)


def test_a_coroutine_that_nobody_awaited_is_said():
    """A plain wrapper around a coroutine would not be tried again: a TypeError, not silence."""

    async def fetch():
        raise OSError

    @retry(on=Exception)
    def wrapper():
        return fetch()

    with pytest.raises(TypeError, match="nobody awaited it"):
        wrapper()


@pytest.mark.parametrize(("other", "waits"), [(ConnectionError, 1), (KeyError, 0)])
def test_what_a_task_group_wraps_is_seen(clock, rules, other, waits):
    """A group of what is retried is retried, and its longest Retry-After is heard."""
    busy = ConnectionError("busy")
    busy.headers = {"Retry-After": "7"}
    soon = ConnectionError("soon")
    soon.headers = {"Retry-After": "3"}
    tasks = [ExceptionGroup("deeper", [busy, soon]), other()]
    with suppress(ExceptionGroup):
        retry(**rules)(Call(1, lambda _: ExceptionGroup("tasks", tasks)))()
    assert [wait >= 7 for wait in clock.waits] == [True] * waits


def test_it_is_on_the_face():
    """`holdfast.retry` is the decorator."""
    assert holdfast.retry is retry
