"""`hf.breaker`: asked before, told after; and what a job makes of it."""

import resource
import socket
import sys
import urllib.error
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from email.message import Message

import aiohttp
import httpx
import pytest

from holdfast import BreakerOpen, ConfigError, Job
from holdfast.engine.limits import (
    breaker_list,
    pause_breaker,
    resume_breaker,
    set_breaker,
    tell_breaker,
)
from holdfast.errors import InvalidInput
from holdfast.limits.breaker import Breaker
from holdfast.policy.outages import is_outage


async def _state(hf):
    return [(b["state"], b["successes"], b["failures"]) for b in await hf.run(breaker_list())]


async def _fail(hf, error=ConnectionError, **options):
    with pytest.raises(error):
        async with hf.breaker("relay", timeout=30, **options):
            raise error("refused")


@pytest.fixture
async def relay(hf):
    """A breaker that opens at the fourth result, if half of them failed."""
    await hf.run(set_breaker("relay", {"minimum": 4, "open_for": "100 ms", "open_cap": "1 hour"}))
    return hf


async def test_outages_open_it(relay):
    """After enough connection errors nothing passes, and it says why."""
    await relay.run(set_breaker("relay", {"open_for": "1 minute"}))
    for _ in range(4):
        await _fail(relay)
    with pytest.raises(BreakerOpen, match="relay is not asked: ConnectionError") as caught:
        async with relay.breaker("relay", timeout=30):
            pytest.fail("it passed")
    assert caught.value.retry_after > 0


async def test_other_errors_say_nothing(relay):
    """A bug of ours is no outage of theirs, nor is an error that cannot be looked at."""

    class RudeError(Exception):
        @property
        def reason(self):
            raise LookupError

    for error in (KeyError, RudeError) * 5:
        await _fail(relay, error=error)
    assert await _state(relay) == [] or await _state(relay) == [("closed", 0, 0)]


async def test_failures_can_be_named(relay):
    """What counts as an outage is the user's to say, by exception, of a task group, or by word."""
    await _fail(relay, error=KeyError, failures=(KeyError,))
    for _ in range(2):
        with pytest.raises(ExceptionGroup):
            async with relay.breaker("relay", timeout=30, failures=(KeyError,)):
                raise ExceptionGroup("tasks", [ValueError(), KeyError()])
    error = urllib.error.HTTPError("http://there", 503, "later", {"Retry-After": "3600"}, None)
    with pytest.raises(urllib.error.HTTPError):
        async with relay.breaker("relay", timeout=30, failures=urllib.error.HTTPError):
            raise error
    [(state, *_)] = await _state(relay)
    assert state == "open"
    with pytest.raises(BreakerOpen) as caught:
        async with relay.breaker("relay", timeout=30):
            pass
    assert caught.value.retry_after >= 3590


@pytest.mark.parametrize("client", [httpx.AsyncClient, aiohttp.ClientSession])
async def test_what_the_usual_clients_raise_counts(relay, client):
    """A refused connection is an outage, whichever client meets it."""
    async with client() as http:
        for _ in range(3):
            with pytest.raises((httpx.ConnectError, aiohttp.ClientConnectorError)):
                async with relay.breaker("relay", timeout=30):
                    await http.get("http://127.0.0.1:1/")
    assert await _state(relay) == [("closed", 0, 3)]


def _named(package, *names):
    """An exception with that family tree, as a library has it that need not be installed."""
    cls = Exception
    for name in names:
        cls = type(name, (cls,), {"__module__": f"{package}.exceptions"})
    return cls("no")


@pytest.mark.parametrize(("error", "is_one"), [
    (socket.gaierror(-2, "Name or service not known"), True),
    (urllib.error.URLError(ConnectionRefusedError(111, "refused")), True),
    (urllib.error.HTTPError("http://here", 404, "Not Found", Message(), None), False),
    (httpx.ReadTimeout("slow"), True),
    (httpx.PoolTimeout("all in use"), False),
    (httpx.UnsupportedProtocol("ftp"), False),
    (httpx.InvalidURL("here"), False),
    (aiohttp.ServerDisconnectedError(), True),
    (aiohttp.InvalidURL("here"), False),
    (_named("requests", "RequestException", "ConnectionError", "SSLError"), True),
    (_named("requests", "RequestException", "Timeout", "ReadTimeout"), True),
    (_named("requests", "RequestException", "InvalidURL"), False),
    (_named("urllib3", "HTTPError", "NewConnectionError", "NameResolutionError"), True),
    (_named("urllib3", "HTTPError", "LocationParseError"), False),
    (_named("urllib3", "HTTPError", "PoolError", "EmptyPoolError"), False),
    (_named("mine", "ConnectionError"), False),
    (OSError(28, "no space"), False),
    (ExceptionGroup("tasks", [KeyError(), ExceptionGroup("more", [ConnectionError()])]), True),
    (ExceptionGroup("tasks", [KeyError()]), False),
])  # fmt: skip
def test_what_speaks_about_the_destination(error, is_one):
    """Whoever was not reached, or was silent, is away; what is our own mistake says nothing."""
    assert is_outage(error) is is_one


@pytest.fixture
def no_files():
    """A context in which this process can open no further file."""

    @contextmanager
    def without():
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (0, hard))
        try:
            yield
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))

    return without


@pytest.mark.parametrize("client", [httpx.AsyncClient, aiohttp.ClientSession])
async def test_what_we_ran_out_of_ourselves_is_no_outage(client, no_files):
    """A process without a free file tells the fleet nothing about the other side."""
    refused = (httpx.ConnectError, aiohttp.ClientConnectorError)
    async with client() as http:
        with pytest.raises(refused):  # what it imports is imported
            await http.get("http://127.0.0.1:1/")
        with no_files(), pytest.raises(refused) as caught:
            await http.get("http://127.0.0.1:1/")
    assert not is_outage(caught.value)


async def test_each_use_names_its_own_failures(relay):
    """What one caller counts is not forced upon another one of the same breaker."""
    await _fail(relay)
    await _fail(relay, error=KeyError, failures=KeyError)
    await _fail(relay, error=KeyError)
    await _fail(relay, failures=(KeyError,))
    assert await _state(relay) == [("closed", 0, 2)]


@pytest.mark.parametrize("bad", [[], [KeyError], "KeyError", (1,), int])
def test_failures_are_classes_of_exceptions(hf, bad):
    """A mistake is an error where it is written, not when something fails."""
    with pytest.raises(ConfigError, match="failures are classes of exceptions"):
        hf.breaker("relay", failures=bad)


@pytest.mark.parametrize(("good", "bad"), [(-5, -3), (0, -1), (None, 1), (1, None)])
async def test_results_are_counted_from_zero_on(relay, good, bad):
    """Nobody can tell a breaker numbers that make no sense."""
    with pytest.raises(InvalidInput, match="0 and above"):
        await relay.run(tell_breaker("relay", good, bad))


async def test_one_try_closes_it(relay, eventually):
    """When the open time is over the first try finds out, and all may pass again."""
    for _ in range(4):
        await _fail(relay)

    async def passes():
        try:
            async with relay.breaker("relay", timeout=30):
                return True
        except BreakerOpen:
            return False

    await eventually(passes)
    assert [state for state, *_ in await _state(relay)] == ["closed"]


async def test_successes_are_told_in_sums(relay):
    """A busy sender tells the database once in a while, and what is left when it closes."""
    for _ in range(50):
        async with relay.breaker("relay", timeout=30):
            pass
    [(_, told, _)] = await _state(relay)
    assert told < 50
    await relay._hand_in()
    assert await _state(relay) == [("closed", 50, 0)]


async def test_what_worked_long_ago_does_not_hide_an_outage(relay, clock):
    """Successes that were not told when they were are not counted beside the failures of now."""
    breaker = Breaker(relay.services.database, "relay", clock=clock)
    for _ in range(50):
        async with breaker.attempt():
            pass
    clock.now += 600
    for _ in range(3):
        with pytest.raises(ConnectionError):
            async with breaker.attempt():
                raise ConnectionError
    assert [state for state, *_ in await _state(relay)] != ["closed"]


async def test_a_failure_may_be_told_with_its_error(relay):
    """What cannot be stored is not behind the block's own work: it is made a text, or refused."""

    class RudeError(Exception):
        def __str__(self):
            raise LookupError

    await relay.run(set_breaker("relay", {"minimum": 1}))
    async with relay.breaker("relay", timeout=30) as passed:
        with pytest.raises(TypeError, match="not a number of seconds"):
            passed.failed("later", after=timedelta(hours=1))
        passed.failed(RudeError())
        assert passed.because == "RudeError: its message cannot be told"
        passed.failed(OSError("no\0pe \udce9 password=canary"), after=3600)
    with pytest.raises(BreakerOpen, match=r"OSError: nope \?") as refused:
        await _fail(relay)
    assert "canary" not in str(refused.value)
    with pytest.raises(InvalidInput, match="a value cannot be stored: cannot adapt type"):
        await relay.slot("relay", 1, holder=object(), timeout=30).__aenter__()


async def test_destinations_without_end_do_not_fill_the_memory(hf, monkeypatch):
    """A breaker, or a limit, for each host there is: a process holds the latest ten thousand."""
    monkeypatch.setattr("holdfast.limits.guards._MOST", 10)
    for n in range(30):
        hf.breaker(f"host:{n}")
        hf.limit(f"host:{n}", quota=1, per=1)
    assert list(hf._breakers) == list(hf._quotas) == [f"host:{n}" for n in range(20, 30)]
    assert len(hf._limits) == 10


def test_what_a_name_stood_for_is_forgotten_as_a_whole(hf, monkeypatch):
    """A limit whose name went may be made with another policy, and has that one then."""
    monkeypatch.setattr("holdfast.limits.guards._MOST", 2)
    hf.limit("a", quota=1, per=1)
    hf.limit("b", quota=1, per=1)
    hf.limit("a", quota=1, per=1, on_error="deny")
    hf.limit("c", quota=1, per=1)
    assert hf.limit("a", quota=7, per=1, on_error="deny").quotas[0].quota == 7


def test_threads_make_breakers_and_limits_at_the_same_time(hf, monkeypatch):
    """More names than are kept, from several threads: each has what it asked for."""
    monkeypatch.setattr("holdfast.limits.guards._MOST", 4)

    def make(first):
        for n in range(3000):
            hf.breaker(f"host:{(7 * n + first) % 50}")

    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(6) as threads:
            list(threads.map(make, range(6)))
    finally:
        sys.setswitchinterval(before)
    assert len(hf._breakers) <= 4


def test_a_breaker_has_a_name(hf):
    """One that could not be stored is refused where it is made, not behind work that is done."""
    for name in ("", "x" * 201, "a\0b", None, 7):
        with pytest.raises(ConfigError, match=r"a breaker has a name|1 to 200 characters"):
            hf.breaker(name)
    with pytest.raises(ConfigError, match="a key is a text"):
        hf.slot(None, 1)


async def test_paused_by_hand(relay):
    """A pause is the same breaker, opened by a person."""
    await relay.run(pause_breaker("relay", "ann", "they move house", None))
    with pytest.raises(BreakerOpen, match="paused by ann: they move house") as caught:
        async with relay.breaker("relay", timeout=30):
            pass
    assert caught.value.retry_after is None
    await relay.run(resume_breaker("relay", "ann", None))
    async with relay.breaker("relay", timeout=30):
        pass


async def test_a_job_that_meets_it_waits_with_all_its_attempts(relay, sql):
    """An open breaker inside of a handler snoozes the job; no attempt is used."""

    @relay.task(name="send")
    async def send():
        async with relay.breaker("relay", timeout=30):
            pass

    await relay.run(pause_breaker("relay", "ann", None, None))
    receipt = await relay.send(send.job())
    await relay.worker().once(10)
    row = sql.execute(
        "select state, attempts, deferrals, because from jobs where id = %s", [receipt.id]
    ).fetchone()
    assert row == ("ready", 0, 1, "relay is not asked: paused by ann")
    assert isinstance(send.job(), Job)
