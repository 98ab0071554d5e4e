"""`hf.limit`: asked, awaited, put around a function; together, leased, and without a database."""

import asyncio
import math
import threading

import pytest
from tests.limits.away import asking

from holdfast import ConfigError, RateLimited
from holdfast.client import connect
from holdfast.database import Call
from holdfast.engine.limiter import Limiter
from holdfast.engine.limits import Check, check_many
from holdfast.errors import InvalidInput
from holdfast.policy.gcra import Quota

TWO = {"quota": 2, "per": 3600}


class Counted:
    """The database, and how many calls went to it."""

    def __init__(self, database):
        self._database = database
        self.calls = []

    async def run(self, call: Call):
        self.calls.append(call)
        return await self._database.run(call)


async def test_so_many_pass(hf):
    """Two pass, the third is told when to come again, and headers say the same."""
    limit = hf.limit("login", **TWO, timeout=30)
    first, second, third = [await limit.check("ann") for _ in range(3)]
    assert (first.allowed, first.remaining, second.remaining, third.allowed) == (True, 1, 0, False)
    assert 1700 < third.retry_after <= 1800
    assert third.headers()["RateLimit-Policy"] == '"login";q=2;w=3600'
    assert 1700 < int(third.headers()["Retry-After"]) <= 1800
    assert third.problem()["violated-policies"] == ["login"]
    assert (await limit.check("bob")).allowed


async def test_acquire_raises(hf):
    """A refusal is an error that says what is used up and how long to wait."""
    limit = hf.limit("login", **TWO, timeout=30)
    await limit.acquire("ann", cost=2)
    with pytest.raises(RateLimited, match=r"login:ann is used up; again in 1800 s") as caught:
        await limit.acquire("ann")
    assert 1700 < caught.value.retry_after <= 1800
    with pytest.raises(RateLimited, match=r"never pass at once: the burst of login:bob \(2\)"):
        await limit.acquire("bob", cost=3)


async def test_all_processes_share_it(hf, dsn):
    """What one process uses up is used up for the others."""
    await hf.limit("shared", **TWO, timeout=30).acquire("k", cost=2)
    other = connect(dsn)
    assert not (await other.limit("shared", **TWO, timeout=30).check("k")).allowed
    await other.close()


async def test_threads_ask_too(hf):
    """Code without an event loop uses up the same limit by `check_sync`."""
    limit = hf.limit("login", **TWO, timeout=30)
    seen = []
    thread = threading.Thread(
        target=lambda: seen.extend(limit.check_sync("ann").allowed for _ in range(3))
    )
    thread.start()
    await asyncio.to_thread(thread.join)
    assert seen == [True, True, False]


async def test_around_a_function(hf):
    """A guarded function runs as often as the limit says, coroutine or not."""
    limit = hf.limit("call", **TWO, timeout=30)

    @limit.guard(key=lambda name: name)
    async def awaited(name):
        return name.upper()

    @limit.guard(key="plain")
    def called(n):
        return n + 1

    class Called:
        async def __call__(self, name):
            return name.lower()

    assert await limit.guard(key=lambda name: name)(Called())("ANN") == "ann"
    assert [await awaited("ann"), await awaited("ann")] == ["ANN", "ANN"]
    with pytest.raises(RateLimited):
        await awaited("ann")
    assert await asyncio.to_thread(called, 1) == 2

    @hf.limit("sms", **TWO, timeout=30)
    async def sms():
        return "sent"

    assert [await sms(), await sms()] == ["sent", "sent"]
    with pytest.raises(RateLimited, match="the limit sms is used up"):
        await sms()


def test_what_is_no_function_is_not_guarded(hf):
    """A decorator that was written without its parentheses does not swallow the calls."""
    limit = hf.limit("call", **TWO)

    async def stream():
        yield 1

    @limit.guard
    def bare(name): ...

    for mistake in (lambda: bare("ann"), lambda: hf.breaker(bare), lambda: limit(stream)):
        with pytest.raises(ConfigError, match=r"put around a function|@hf.breaker|asks inside"):
            mistake()


async def test_two_limits_in_one(hf):
    """With &, both are charged or none."""
    burst, daily = (
        hf.limit("burst", quota=1, per=60, timeout=30),
        hf.limit("daily", **TWO, timeout=30),
    )
    both = burst & daily
    assert (await both.check("ann")).allowed
    refused = await both.check("ann")
    assert [answer.allowed for answer in refused.limits] == [False, True]
    assert (await daily.check("ann", cost=0)).remaining == 1
    assert refused.headers()["RateLimit-Policy"] == '"burst";q=1;w=60, "daily";q=2;w=3600'


async def test_sixteen_at_once_share_few_calls(hf):
    """Callers of one key go together, the first come are the first served."""
    await hf.prepare()
    counted = Counted(hf.services.database)
    limiter = Limiter(counted)
    check = Check(("k",), (Quota(10, 3600),))
    answers = await asyncio.gather(*(limiter.ask(check) for _ in range(40)))
    allowed = [answer[0].allowed for answer in answers]
    assert allowed == [True] * 10 + [False] * 30
    assert sorted(a[0].remaining for a in answers if a[0].allowed) == list(range(10))
    assert len(counted.calls) <= 4


async def test_a_refusal_is_remembered_for_seconds(hf, clock):
    """Who was refused is not asked for again, for five seconds or until the time that was named."""
    await hf.prepare()
    counted = Counted(hf.services.database)
    limiter = Limiter(counted, clock)
    check = Check(("k",), (Quota(1, 60),))
    assert (await limiter.ask(check))[0].allowed
    first = (await limiter.ask(check))[0]
    clock.now += 4
    again = (await limiter.ask(check))[0]
    assert (again.allowed, len(counted.calls)) == (False, 2)
    assert again.retry_after == pytest.approx(first.retry_after - 4)
    clock.now += 2
    await limiter.ask(check)
    assert len(counted.calls) == 3


async def test_one_bad_check_does_not_spoil_the_others(hf):
    """Who asks with a key that is too long gets the error, the others their answers."""
    await hf.prepare()
    limiter = Limiter(hf.services.database)
    good, bad = Check(("k",), (Quota(9, 60),)), Check(("k" * 501,), (Quota(9, 60),))
    answers = await asyncio.gather(
        *(limiter.ask(check) for check in (good, bad, good, bad)), return_exceptions=True
    )
    assert [isinstance(a, InvalidInput) for a in answers] == [False, True, False, True]


async def test_a_refund_ends_a_refusal(hf):
    """What was given back can be taken again at once, also where the refusal is remembered."""
    limit = hf.limit("login", quota=1, per=3600, timeout=30)
    assert [bool(await limit.check("ann")) for _ in range(2)] == [True, False]
    await limit.refund("ann")
    assert [bool(await limit.check("ann")) for _ in range(2)] == [True, False]
    await asyncio.to_thread(limit.refund_sync, "ann")
    assert (await limit.check("ann")).allowed


async def test_who_does_not_wait_any_more_is_not_charged(hf, eventually, gated):
    """What was asked for by callers that are gone is neither asked for nor kept."""
    await hf.prepare()
    held = gated(hf.services.database)
    limiter = Limiter(held)
    check, other = Check(("k",), (Quota(100, 3600),)), Check(("k",), (Quota(100, 3600),), cost=5)
    asking = [asyncio.create_task(limiter.ask(check)) for _ in range(40)]
    asking += [asyncio.create_task(limiter.ask(other)) for _ in range(4)]
    await asyncio.sleep(0)
    for task in asking:
        task.cancel()
    await asyncio.wait(asking)
    assert len(limiter._waiting) == 0
    held.let(10)
    await eventually(lambda: not limiter._tasks)
    peek = Check(("k",), (Quota(100, 3600),), cost=0)
    assert (await limiter.ask(peek))[0].remaining == 100


async def test_each_waits_until_his_own_time_is_over(hf, eventually, gated, later):
    """Who waits is told when his time is over, not before; what comes then is given back."""
    await hf.prepare()
    held = gated(hf.services.database)
    limiter, now = Limiter(held), asyncio.get_running_loop().time()
    check = Check(("k",), (Quota(100, 3600),))
    times = [40.0, 20.0, math.inf, 60.0]
    asking = [asyncio.create_task(limiter.ask(check, now + time)) for time in times]
    await eventually(lambda: held.asked)
    for over in (1, 0, 3):
        await later(20)
        assert [task.done() for task in asking] == [time <= times[over] for time in times]
        assert isinstance(asking[over].exception(), TimeoutError)
    held.let(10)
    assert (await asking[2])[0].allowed
    await eventually(lambda: not limiter._tasks)
    peek = Check(("k",), (Quota(100, 3600),), cost=0)
    assert (await limiter.ask(peek, now + 1000))[0].remaining == 99
    assert not limiter._deadlines._until


async def test_who_still_waits_gets_what_the_others_left(hf, eventually, gated):
    """Of those that go together, who is gone takes nothing away from who is there."""
    await hf.prepare()
    held = gated(hf.services.database)
    limiter = Limiter(held)
    check = Check(("k",), (Quota(2, 3600),))
    before = [
        asyncio.create_task(limiter.ask(Check((key,), (Quota(2, 3600),)))) for key in ("a", "b")
    ]
    asking = [asyncio.create_task(limiter.ask(check)) for _ in range(6)]
    await eventually(lambda: held.asked == 2)
    held.let(2)
    await asyncio.wait(before)
    await eventually(lambda: held.asked == 3)
    for task in asking[:4]:
        task.cancel()
    held.let(10)
    assert [(await task)[0].allowed for task in asking[4:]] == [True, True]


async def test_a_limit_that_is_made_anew_at_each_call_is_the_same_one(hf):
    """`await hf.limit(…).check(…)` in a handler: what it leased or counted here is known still."""

    def limit(name, **how):
        return hf.limit(name, **TWO, timeout=0.01, **how)

    hf._asking = await asking(hf)
    both = [bool(await (limit("a") & limit("b", on_error="local")).check("k")) for _ in range(3)]
    assert both == [True, True, False]
    assert not await limit("b", on_error="local").check("k")
    assert limit("leased", lease=2) is limit("leased", lease=2)


@pytest.mark.parametrize("bad", [
    {"slots": 0}, {"slots": "3"}, {"lease": 0}, {"lease": 86_401}, {"timeout": -1}, {"wait": -1},
])  # fmt: skip
def test_a_slot_that_makes_no_sense_is_refused_where_it_is_made(hf, bad):
    """Also a lease of more than a day, which would run out before it is made longer."""
    with pytest.raises(ConfigError):
        hf.slot("expo", **{"slots": 1, **bad})


@pytest.mark.parametrize("bad", [
    {"quota": 0}, {"quota": "5"}, {"quota": 1.5}, {"quota": True}, {"per": -1}, {"per": "1 minute"},
    {"per": float("nan")}, {"burst": -1}, {"burst": 0}, {"burst": "5"}, {"on_error": "hope"},
    {"timeout": -1}, {"timeout": "1 s"}, {"lease": -3}, {"lease": 0.5},
    {"lease": 5, "lease_for": 0},
])  # fmt: skip
def test_a_limit_that_makes_no_sense_is_refused_where_it_is_made(hf, bad):
    """The error names the limit, not a line in the database or of Python's."""
    with pytest.raises(ConfigError):
        hf.limit("login", **{**TWO, **bad})


@pytest.mark.parametrize("name", ["", "x" * 201, 7])
def test_a_limit_has_a_name(hf, name):
    """A name is 1 to 200 characters, since it is part of each key; any other is refused at once."""
    with pytest.raises(ConfigError, match="1 to 200 characters"):
        hf.limit(name, **TWO)


def test_two_limits_have_two_names(hf):
    """Of one name they would be charged to the same units; the same limit may be made again."""
    login = hf.limit("login", **TWO)
    again = hf.limit("login", quota=2, per=3600.0, burst=2, on_error="deny")
    assert (again.quotas, again.on_error) == (login.quotas, "deny")
    with pytest.raises(ConfigError, match="'login' is 2 per 3600 s already, with a burst of 2"):
        hf.limit("login", quota=100, per=86400)
    with pytest.raises(ConfigError, match="with a burst of 2, durable=False: what differs"):
        hf.limit("login", **TWO, durable=True)
    with pytest.raises(ConfigError, match="need names: login, login"):
        login & login


def test_of_two_limits_the_stricter_holds(hf):
    """With &, nothing that was said of one of them is dropped in silence."""
    one = hf.limit("one", **TWO, on_error="allow", timeout=0.5)
    both = one & hf.limit("other", **TWO, on_error="deny")
    assert (both.on_error, both.timeout_s) == ("deny", 0.05)
    with pytest.raises(ConfigError, match="a lease is taken from one limit"):
        one & hf.limit("leased", **TWO, lease=10)


@pytest.mark.parametrize("cost", [-1, 1.5, "1", True, 10**9 + 1])
@pytest.mark.parametrize("lease", [0, 10])
async def test_a_cost_is_a_whole_number(hf, cost, lease):
    """What cannot be charged is refused, and not asked."""
    with pytest.raises(InvalidInput, match="cost is 0 to 1000000000"):
        await hf.limit("login", **TWO, lease=lease).check("ann", cost)


async def test_a_key_that_is_too_long_is_refused(hf):
    """Bad input is told, also where failures of the database are not."""
    with pytest.raises(InvalidInput, match="500 characters"):
        await hf.limit("login", **TWO, timeout=30).check("k" * 600)


async def test_it_is_never_asked_inside_of_a_transaction(hf):
    """The operation itself refuses: its row would stay locked until the commit."""
    await hf.prepare()
    async with hf.services.database.connection() as connection, connection.transaction():
        await connection.execute("select pg_current_xact_id()")
        with pytest.raises(InvalidInput, match="transaction of its own"):
            await hf.run(check_many([Check(("k",), (Quota(1, 1),))]), using=connection)


# ---------------------------------------------------------------- slots


async def test_so_many_at_once(hf):
    """The third of two waits outside, until one comes out."""
    async with hf.slot("expo", 2, timeout=30), hf.slot("expo", 2, timeout=30):
        with pytest.raises(RateLimited, match="all 2 slots of expo are taken") as caught:
            async with hf.slot("expo", 2, timeout=30):
                pass
        assert caught.value.retry_after > 20
    async with hf.slot("expo", 2, timeout=30):
        pass
