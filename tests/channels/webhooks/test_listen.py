"""holdfast webhooks listen and tail, as a person types them, against a running server."""

import json

import pytest
from aiohttp import web
from tests.serving import other_side

from holdfast.database import Database
from holdfast.errors import DatabaseUnavailable


def readable(sql, count):
    """Whether so many can be read by cursor: other tests on this server may hold that up."""
    found = sql.execute("select count(*) from webhook_after(p_limit => 1000)").fetchone()
    return found == (count,)


@pytest.fixture
async def local():
    """An application here: its address, what came, and what it is to answer; then 200."""
    came, answers = [], []

    async def take(request):
        body = await request.json()
        came.append(body["id"])
        return web.Response(status=answers.pop(0) if answers else 200)

    application = web.Application()
    application.router.add_post("/in", take)
    async with other_side(application) as address:
        yield f"{address}/in", came, answers


async def test_a_listener_misses_nothing_while_it_sleeps(
    holdfast, hf, sender, sql, eventually, local
):
    """`webhooks listen` brings every event in order, over a stop and a target that failed."""
    url, came, answers = local
    listen = ("webhooks", "listen", "--forward", url, "--name", "laptop", "--once")
    for number in range(3):
        await sender.post(sender.event(number))
    await eventually(lambda: readable(sql, 3))
    code, out, complaints = await holdfast(*listen, "--from", "beginning")
    assert code == 0 and came == ["evt_0", "evt_1", "evt_2"], (out, complaints)
    for number in range(3, 6):
        await sender.post(sender.event(number))
    answers.extend([500, 200])
    await eventually(lambda: readable(sql, 6))
    code, out, complaints = await holdfast(*listen)
    assert came[3:] == ["evt_3", "evt_3", "evt_4", "evt_5"], (out, complaints)
    assert '"event_id": "evt_5"' in out


async def test_what_a_listener_cannot_sign_does_not_end_it(
    holdfast, hf, sender, sql, eventually, local
):
    """With --sign-with, events of SendGrid and of plain SQL come as they came, and the next too."""
    url, came, _ = local
    for scheme in ("sendgrid", "none"):
        one = json.dumps([{"source": scheme, "event_id": scheme, "scheme": scheme}])
        body = json.dumps({"id": scheme}).encode()
        sql.execute("select webhook_receive_many(%s, %s)", [one, [body]])
    await sender.post(sender.event())
    await eventually(lambda: readable(sql, 3))
    listen = ("webhooks", "listen", "--forward", url, "--from", "beginning", "--once")
    code, _, complaints = await holdfast(*listen, "--sign-with", "whsec_mine")
    assert code == 0 and came == ["sendgrid", "none", "evt_1"]
    assert complaints.count("with its own signature") == 2
    assert (await holdfast(*listen, "--sign-with", " "))[0] == 1


async def test_listeners_with_other_filters_do_not_pass_over_each_others_events(
    holdfast, hf, sender, sql, eventually, local
):
    """Two that listen on one machine, each to its source or type, get all of theirs."""
    url, came, _ = local
    paid = ("webhooks", "listen", "--forward", url, "--type", "invoice.*", "--once")
    made = ("webhooks", "listen", "--forward", url, "--type", "user.*", "--once")
    await holdfast(*paid)
    await holdfast(*made)
    for number, kind in enumerate(["invoice.paid", "user.made", "invoice.void"]):
        await sender.post(sender.event(number, type=kind))
    await eventually(lambda: readable(sql, 3))
    await holdfast(*made)
    await holdfast(*paid)
    assert came == ["evt_1", "evt_0", "evt_2"]


async def test_a_listener_looks_through_what_it_does_not_want_once(
    holdfast, hf, sender, sql, eventually, local
):
    """What another type is is behind a listener's place, and not looked through at each look."""
    url, came, _ = local
    made = ("webhooks", "listen", "--forward", url, "--type", "user.*", "--once")
    await holdfast(*made, "--from", "beginning")
    for number in range(3):
        await sender.post(sender.event(number))
    await eventually(lambda: readable(sql, 3))
    await holdfast(*made)
    places = "select event from webhook_cursors where name like 'listen:%user%'"
    newest = sql.execute("select max(id::text)::uuid from webhook_events").fetchone()
    assert sql.execute(places).fetchone() == newest and came == []
    await sender.post(sender.event(4, type="user.made"))
    await eventually(lambda: readable(sql, 4))
    await holdfast(*made)
    assert came == ["evt_4"]


async def test_a_listener_misses_nothing_after_a_move_to_another_server(
    holdfast, hf, sender, sql, eventually, local
):
    """Restored into servers that count from lower on, a listener goes on, in order."""
    url, came, _ = local
    listen = ("webhooks", "listen", "--forward", url, "--once")
    later = "(xact::text::bigint + 1000000)::text::xid8"  # what the other server counted
    for number, kept in enumerate([True, True, False, True]):
        await sender.post(sender.event(number))
        if number:
            await sender.post(sender.event(-number))
        await eventually(lambda: readable(sql, sql.execute(
            "select count(*) from webhook_events").fetchone()[0]))  # fmt: skip
        code, _, complaints = await holdfast(*listen, *([] if number else ["--from", "beginning"]))
        assert code == 0, complaints
        sql.execute(f"update webhook_events set xact = {later}")
        sql.execute(f"update webhook_cursors set xact = {later}")
        if not kept:  # they were old
            sql.execute("delete from webhook_events")
    assert came == ["evt_0", "evt_1", "evt_-1", "evt_2", "evt_-2", "evt_3", "evt_-3"]
    assert (await holdfast(*listen))[0] == 0 and len(came) == 7
    latest = "select max(xact) from webhook_events"
    assert sql.execute("select xact from webhook_end()").fetchone() == (
        sql.execute(latest).fetchone()
    )


async def test_a_listener_waits_for_a_database_that_is_away(
    holdfast, hf, sender, sql, eventually, local, monkeypatch
):
    """A database that goes away while somebody listens ends nothing, not even at the first look."""
    url, came, _ = local
    await sender.post(sender.event(1))
    await eventually(lambda: readable(sql, 1))
    asked, run = [], Database.run

    async def away(self, call):
        if call.function == "webhook_after":
            asked.append(call)
            if len(asked) == 1:
                raise DatabaseUnavailable("server closed the connection")
        return await run(self, call)

    monkeypatch.setattr(Database, "run", away)
    monkeypatch.setattr("holdfast.channels.webhooks.commands.listen._AWAY_S", 0)
    code, out, _ = await holdfast(
        "webhooks", "listen", "--forward", url, "--from", "beginning", "--once"
    )
    assert code == 0 and came == ["evt_1"] and "the database is away" in out


async def test_tail_shows_what_came(holdfast_process, hf, sender):
    """`webhooks tail`, a process of its own, shows the last events; without following it ends."""
    for number in range(3):
        await sender.post(sender.event(number))
    code, out, complaints = await holdfast_process("webhooks", "tail", "-n", "2", "--no-follow")
    lines = [json.loads(line) for line in out.splitlines() if line]
    assert code == 0 and [line["event_id"] for line in lines] == ["evt_1", "evt_2"], complaints


async def test_tail_begins_with_what_is_asked_for(holdfast, hf, sender):
    """The last events that `webhooks tail` begins with are those of its source and its type."""
    for number, kind in enumerate(["invoice.paid", "user.made", "user.gone"]):
        await sender.post(sender.event(number, type=kind))
    tail = ("webhooks", "tail", "-n", "1", "--no-follow")
    code, out, complaints = await holdfast(*tail, "--type", "invoice.*", "--source", "stripe")
    assert code == 0 and json.loads(out.splitlines()[0])["event_id"] == "evt_0", complaints
    code, out, complaints = await holdfast(*tail, "--source", "github")
    assert code == 0 and "evt_" not in out, complaints
