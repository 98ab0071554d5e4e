"""What is said behind a message that has no answer yet: faster, and nobody pays for it."""

import asyncio
import random
from dataclasses import replace

import pytest
from tests.channels.email.clerk import BUSY, CROWDED, GONE, REFUSED, SPAM
from tests.channels.email.letters import envelope
from tests.until import turns

from holdfast.channels.email.providers.provider import freely
from holdfast.channels.email.providers.smtp import pool
from holdfast.channels.email.roster import Slot
from holdfast.policy.verdict import Dead, Delivered, Retry, Snooze, Unknown

OK = Delivered("250 2.0.0 Ok")


def _letter(to, do="take", sender="me@example.com", size=0):
    raw = f"Do: {do}\r\nSubject: x\r\n\r\nHello\r\n".encode() + b"long\r\n" * size
    return replace(envelope(f"{to}@example.com", raw=raw), sender=sender)


async def _deliver(provider, *letter, may_go=freely):
    [outcome] = await provider.deliver(_letter(*letter), may_go)
    return outcome.verdict


@pytest.fixture(autouse=True)
def _patient(monkeypatch):
    """Nobody leaves the one before him because this machine stood still for a moment."""
    monkeypatch.setattr(pool, "_PATIENCE_S", 10)


@pytest.fixture
async def waiting(clerk, smtp, eventually):
    """A server that waits with its answer to the first message, and the provider; both busy."""

    async def begin(options="?connections=1", **how):
        server = await clerk(**how)
        provider = smtp(server.url(options))
        first = asyncio.create_task(_deliver(provider, "ann", "wait"))
        await eventually(lambda: server.waiting)
        return server, provider, first

    return begin


@pytest.fixture
def heard(eventually):
    """Begin a delivery, and wait until its envelope is at the server, behind the first message."""

    async def begin(server, provider, *letter, **how):
        task = asyncio.create_task(_deliver(provider, *letter, **how))
        readers = range(server.connections)
        await eventually(lambda: any(server.heard(n).endswith(b"DATA\r\n") for n in readers))
        return task

    return begin


async def test_the_next_envelope_does_not_wait_for_an_answer(waiting, heard, eventually, later):
    """While a message waits for its answer the next envelope is there: one round trip for each."""
    server, provider, first = await waiting()
    second = await heard(server, provider, "ben")
    assert b"RCPT TO:<ben@example.com>" in server.heard() and not server.got
    server.go.set()
    assert await asyncio.gather(first, second) == [OK, OK]
    assert server.connections == 1 and server.got == ["ann@example.com", "ben@example.com"]
    server.go.clear()
    await later(11)
    third = asyncio.create_task(_deliver(provider, "cleo", "wait"))
    await eventually(lambda: server.waiting == 2)
    fourth = await heard(server, provider, "dan")
    server.go.set()
    assert await asyncio.gather(third, fourth) == [OK, OK]


async def test_everyone_has_the_answer_that_is_his(clerk, smtp):
    """A thousand of all kinds, some stopped, on three connections: each has its own outcome."""
    server, chance = await clerk(), random.Random(11)
    provider = smtp(server.url("?connections=3&messages=40"))
    kinds = {
        ("ok", "take"): OK,
        ("gone", "take"): Dead(GONE),
        ("busy", "take"): Retry(BUSY),
        ("no", "refuse"): Dead(REFUSED),
        ("bye", "goodbye"): OK,
        ("lost", "hang-up"): Unknown,
    }
    drawn = chance.choices(list(kinds), weights=(60, 10, 10, 10, 5, 5), k=1000)
    tasks = [
        asyncio.create_task(_deliver(provider, f"{name}{n}", do))
        for n, (name, do) in enumerate(drawn)
    ]
    stopped = sorted(chance.sample(range(1000), 50))
    for n in stopped:
        await turns(chance.randrange(20))
        tasks[n].cancel()
    found = await asyncio.gather(*tasks, return_exceptions=True)
    wrong = [
        (kind, verdict)
        for n, (kind, verdict) in enumerate(zip(drawn, found, strict=True))
        if n not in stopped and verdict != kinds[kind] and type(verdict) is not kinds[kind]
    ]
    sent = {f"{name}{n}@example.com" for n, (name, _) in enumerate(drawn) if found[n] == OK}
    doubted = {
        f"{name}{n}@example.com"
        for n, (name, _) in enumerate(drawn)
        if isinstance(found[n], Unknown)
    }
    assert wrong == [] and len(set(server.got)) == len(server.got)
    assert sent <= set(server.got) <= sent | doubted
    left = provider._pool
    assert not (left._in_use or left._at_dot or left._behind or left._line)
    await provider.close()


async def test_a_doubt_about_one_is_none_about_the_next(waiting, heard, monkeypatch):
    """Where a server leaves without an answer that message is in doubt; the one behind it goes."""
    monkeypatch.setattr(pool, "_PATIENCE_S", 1000)
    server, provider, first = await waiting()
    second = await heard(server, provider, "ben")
    server.readers[0]._transport.abort()
    assert isinstance(await first, Unknown) and await second == OK
    assert server.got == ["ben@example.com"] and server.connections == 2


async def test_who_does_not_wait_any_more_is_not_sent(waiting, heard):
    """Stopped behind another one it is not sent, and the one before it has its answer."""
    server, provider, first = await waiting()
    second = await heard(server, provider, "ben")
    second.cancel()
    await asyncio.wait([second])
    third = asyncio.create_task(_deliver(provider, "cleo"))
    await turns()
    server.go.set()
    assert second.cancelled() and await asyncio.gather(first, third) == [OK, OK]
    assert server.got == ["ann@example.com", "cleo@example.com"] and server.connections == 2


@pytest.mark.parametrize("size", [0, 20_000], ids=["behind", "in line"])
@pytest.mark.parametrize("when", ["before", "after"])
async def test_who_is_stopped_as_his_turn_comes(waiting, monkeypatch, size, when):
    """Whoever gives up in the moment of his turn keeps nobody from his, and is not sent."""
    server, provider, first = await waiting()
    second = asyncio.create_task(_deliver(provider, "ben", "take", "me@example.com", size))
    third = asyncio.create_task(_deliver(provider, "cleo", "take", "me@example.com", 20_000))
    await turns()
    step = "_put" if size else "_pass_on"
    real = getattr(provider._pool, step)

    def stopped(session):
        if when == "before":
            second.cancel()
        real(session)
        second.cancel()

    monkeypatch.setattr(provider._pool, step, stopped)
    server.go.set()
    assert await asyncio.gather(first, third) == [OK, OK]
    assert second.cancelled() and server.got == ["ann@example.com", "cleo@example.com"]


async def test_behind_what_takes_long_nobody_waits(waiting, heard, eventually, later):
    """Where the answer to one takes long, the one behind it takes another session that is free."""
    server, provider, first = await waiting("?connections=2")
    free = asyncio.Event()
    other = asyncio.create_task(_deliver(provider, "zoe", may_go=free.wait))
    await eventually(lambda: server.connections == 2)
    second = await heard(server, provider, "ben")
    free.set()
    assert await other == OK and not second.done()
    await later(11)
    assert await second == OK and not first.done()
    server.go.set()
    assert await first == OK
    assert server.got == ["zoe@example.com", "ben@example.com", "ann@example.com"]
    assert server.connections == 2


async def test_who_was_behind_what_takes_long_is_first_in_line(waiting, heard, eventually, later):
    """He is served before those in line, and for a while nobody says his envelope early."""
    server, provider, first = await waiting("?connections=2")
    free = asyncio.Event()
    other = asyncio.create_task(_deliver(provider, "zoe", may_go=free.wait))
    await eventually(lambda: server.connections == 2)
    second = await heard(server, provider, "ben")
    third = asyncio.create_task(_deliver(provider, "cleo", "wait", "me@example.com", 20_000))
    await turns()
    await later(11)
    free.set()
    assert await asyncio.gather(other, second) == [OK, OK]
    await eventually(lambda: server.waiting == 2)
    fourth = asyncio.create_task(_deliver(provider, "dan"))
    await turns()
    assert server.heard(1) == b"" and server.got == ["zoe@example.com", "ben@example.com"]
    server.go.set()
    assert await asyncio.gather(first, third, fourth) == [OK] * 3


async def test_what_goes_wrong_behind_another_is_ones_own(clerk, smtp, monkeypatch):
    """Who cannot say his envelope is told so, and not the one whose connection it is."""
    server = await clerk()
    provider = smtp(server.url("?connections=1"))

    def broken(*_):
        raise RuntimeError("no key")

    monkeypatch.setattr(provider, "_say_behind", broken)
    both = (_deliver(provider, "ann"), _deliver(provider, "ben"))
    first, second = await asyncio.gather(*both, return_exceptions=True)
    assert first == OK and isinstance(second, RuntimeError)
    assert server.got == ["ann@example.com"] and not provider._pool._in_use
    await provider.close()


async def test_only_three_in_a_row_are_too_many(clerk, smtp):
    """A server that mostly understands what is said early is spoken to so."""
    pool = smtp((await clerk()).url())._pool
    for well in (False, False, True, False, False):
        pool.rode(well=well)
    assert pool._alone_until < 0
    pool.rode(well=False)
    assert pool._alone_until > 0


async def test_only_its_envelope_is_said(waiting, heard):
    """Behind another one it waits until it may go, as everywhere."""
    server, provider, first = await waiting()
    may = asyncio.Event()
    second = await heard(server, provider, "ben", may_go=may.wait)
    server.go.set()
    assert await first == OK
    await turns()
    assert server.got == ["ann@example.com"] and server.heard() == b""
    may.set()
    assert await second == OK


@pytest.mark.parametrize(
    ("options", "size"), [("", 20_000), ("&messages=1", 0)], ids=["long", "last"]
)
async def test_what_waits_for_a_session_of_its_own(waiting, options, size):
    """A long message, whose making takes time, and one that a session has no place for."""
    server, provider, first = await waiting(f"?connections=1{options}")
    second = asyncio.create_task(_deliver(provider, "ben", "take", "me@example.com", size))
    await turns()
    assert server.heard() == b""
    server.go.set()
    assert await asyncio.gather(first, second) == [OK, OK]
    assert server.connections == (2 if options else 1)


async def test_a_sender_that_is_refused_is_asked_once_more(waiting, heard):
    """What is refused behind another message is asked on its own session, and then believed."""
    server, provider, first = await waiting()
    second = await heard(server, provider, "ben", "take", "bad@example.com")
    third = asyncio.create_task(_deliver(provider, "cleo"))
    await turns()
    server.go.set()
    assert await asyncio.gather(first, second, third) == [OK, Dead(SPAM), OK]
    assert server.connections == 2


async def test_messages_that_are_refused_count_as_well(clerk, smtp):
    """After eight in a row the connection is renewed, as after so many recipients."""
    server = await clerk()
    provider = smtp(server.url("?connections=1"))
    found = [await _deliver(provider, "ann", "refuse") for _ in range(9)]
    assert found == [Dead(REFUSED)] * 9 and server.connections == 2
    await provider.close()


async def test_refused_senders_slow_nobody_down(waiting, heard, eventually):
    """What is refused again was understood: others go on to say their envelopes early."""
    server, provider, first = await waiting()
    for n in range(1, 5):
        bad = await heard(server, provider, "ben", "take", "bad@example.com")
        server.go.set()
        assert await asyncio.gather(first, bad) == [OK, Dead(SPAM)]
        server.go.clear()
        first = asyncio.create_task(_deliver(provider, "ann", "wait"))
        await eventually(lambda many=n + 1: server.waiting == many)
    server.go.set()
    assert await first == OK


@pytest.mark.parametrize(
    ("messages", "takes", "do", "opened"),
    [(100, 99, "take", 1), (1, 99, "take", 9), (100, 1, "take", 9),
     (100, 99, "goodbye", 9), (100, 99, "yes", 9)],
)  # fmt: skip
async def test_what_goes_in_parts_keeps_its_connection(clerk, smtp, messages, takes, do, opened):
    """Who is at the next part holds a slot: whoever waits for one does not have his connection."""
    server, slots = await clerk(most=1, takes=takes), asyncio.Semaphore(1)
    provider = smtp(server.url(f"?connections=1&messages={messages}"))
    three = [f"{name}@example.com" for name in ("ann", "ben", "cleo")]

    async def attempt():
        slot = Slot(slots)
        letter = replace(_letter("all", do), recipients=(*three,))
        outcomes = await provider.deliver(letter, slot.take)
        slot.give_back()
        return [outcome.verdict for outcome in outcomes]

    assert await asyncio.gather(*(attempt() for _ in range(3))) == [[OK] * 3] * 3
    assert server.got == three * 3 and server.connections == opened
    assert not provider._pool._in_use
    await provider.close()


async def test_a_part_that_gets_no_connection_of_its_own(clerk, smtp):
    """Where the server takes none in the place of the one that is gone, another one carries it."""
    server = await clerk(most=1)
    provider = smtp(server.url("?connections=2"))
    await asyncio.gather(_deliver(provider, "zoe"), _deliver(provider, "yan"))
    server.full = True
    letter = replace(_letter("", "goodbye"), recipients=("ann@example.com", "ben@example.com"))
    async with asyncio.timeout(60):
        assert [o.verdict for o in await provider.deliver(letter)] == [OK, OK]
    assert server.connections == 3 and server.got[2:] == [*letter.recipients]
    await provider.close()


@pytest.mark.parametrize("messages", [1, 100])
async def test_parts_for_which_there_is_no_time(clerk, smtp, eventually, later, messages):
    """Where the time is over after a part, its connection is there for others, if it was opened."""
    server = await clerk(most=1)
    provider = smtp(server.url(f"?connections=1&messages={messages}"))
    letter = replace(_letter("", "wait"), recipients=("ann@example.com", "ben@example.com"))
    task = asyncio.create_task(provider.deliver(letter))
    await eventually(lambda: server.waiting)
    await later(31)
    server.go.set()
    assert [o.verdict for o in await task] == [OK, Snooze(CROWDED[4:])]
    assert not provider._pool._in_use and provider._pool.was_refused() == (messages > 1)
    assert await _deliver(provider, "cleo") == OK
    await provider.close()


async def test_nobody_is_overtaken_for_ever(waiting):
    """Who says nothing early has the next connection that comes free, before those after him."""
    server, provider, first = await waiting()
    long = asyncio.create_task(_deliver(provider, "ben", "take", "me@example.com", 20_000))
    await turns()
    after = [asyncio.create_task(_deliver(provider, f"c{n}")) for n in range(3)]
    await turns()
    server.go.set()
    assert await asyncio.gather(first, long, *after) == [OK] * 5
    assert server.got[:2] == ["ann@example.com", "ben@example.com"] and server.connections == 1


async def test_who_comes_later_is_served_later(waiting, later):
    """Once the server may take more connections again, those in line have them before others."""
    server, provider, first = await waiting("?connections=3")
    assert provider._pool.was_refused()
    letters = ("ben", "cleo")
    second, third = (_deliver(provider, to, "take", "me@example.com", 20_000) for to in letters)
    second = asyncio.create_task(second)
    await turns()
    await later(11)
    assert await asyncio.gather(second, third) == [OK, OK] and server.connections == 3
    server.go.set()
    assert await first == OK
    await provider.close()


@pytest.mark.parametrize("more", ["yes", "no"])
async def test_an_answer_too_many_is_not_the_next_ones(clerk, smtp, more):
    """A server that answers a message twice makes no dead letter of the one behind it."""
    server = await clerk()
    provider = smtp(server.url("?connections=1"))
    found = await asyncio.gather(*(_deliver(provider, f"ann{n}", more) for n in range(20)))
    assert found == [OK] * 20 and len(set(server.got)) == len(server.got) == 20
    await provider.close()


async def test_an_answer_too_many_is_not_about_recipients(clerk, smtp):
    """Where all that is said is one too late, a refused sender is no news about recipients."""
    server = await clerk()
    provider = smtp(server.url("?connections=1"))
    letter = replace(_letter("", sender="bad@x.com"), recipients=("ann@x.com", "ben@x.com"))
    first, refused = await asyncio.gather(
        _deliver(provider, "zoe", "yes"), provider.deliver(letter)
    )
    assert first == OK and server.connections == 2
    assert [(o.verdict, o.personal) for o in refused] == [(Dead(SPAM), False)] * 2
    await provider.close()


async def test_a_server_that_does_not_hear_it(waiting, heard, eventually, later):
    """Where the server forgets it, it is said again, and for a while nothing is said so early."""
    server, provider, first = await waiting("?connections=3", deaf=True)
    firsts = [first, *(asyncio.create_task(_deliver(provider, f"b{n}", "wait")) for n in (1, 2))]
    await eventually(lambda: server.waiting == 3)
    behind = [asyncio.create_task(_deliver(provider, f"c{n}")) for n in range(3)]
    await eventually(lambda: all(server.heard(n).endswith(b"DATA\r\n") for n in range(3)))
    server.go.set()
    assert await asyncio.gather(*firsts) == [OK] * 3
    await later(31)
    assert (
        await asyncio.gather(*behind) == [OK] * 3 and len(set(server.got)) == len(server.got) == 6
    )
    server.go.clear()
    again = [asyncio.create_task(_deliver(provider, f"d{n}", "wait")) for n in range(6)]
    await eventually(lambda: server.waiting == 6)
    await turns()
    assert not any(server.heard(n) for n in range(server.connections))
    server.go.set()
    assert await asyncio.gather(*again) == [OK] * 6
    await provider.close()
