"""Endpoints: made in one piece, changed, stopped, let go, taken away."""

import asyncio
import base64
import json

import psycopg
import pytest
from standardwebhooks import Webhook as Official
from tests.channels.webhooks.outbound.conftest import jobs

from holdfast import InvalidInput, Webhook
from holdfast.channels.webhooks.outbound import endpoint as endpoints
from holdfast.channels.webhooks.outbound.given import checked_url

SEAL = base64.b64encode(b"0" * 32).decode()


@pytest.fixture(autouse=True)
def _sealing(monkeypatch):
    monkeypatch.setenv("HOLDFAST_SECRET_KEY", SEAL)
    monkeypatch.setenv("HOLDFAST_WEBHOOKS_ALLOW_NETWORKS", "127.0.0.0/8")


async def test_an_application_makes_endpoints_of_its_customers(hf, target, dsn):
    """`endpoint.add` is part of your transaction; what it returns verifies what is delivered."""
    await hf.prepare()
    async with await psycopg.AsyncConnection.connect(dsn) as connection:
        made = await hf.run(
            endpoints.add("ann", target.url, tenant="ann", types=["order.*"]), using=connection
        )
        await hf.send(Webhook(type="order.paid", tenant="ann"), using=connection)
    await hf.work(until_idle=True)
    rotated = await hf.run(endpoints.rotate(made.id, "ann", overlap="1 hour"))
    await hf.run(endpoints.change("ann", {"headers": {"X-Region": "eu"}}))
    await hf.send(Webhook(type="order.paid", tenant="ann"))
    await hf.work(until_idle=True)
    for secret, (_, headers, body) in (
        (made.secret, target.requests[0]), (made.secret, target.requests[1]),
        (rotated.secret, target.requests[1]),
    ):  # fmt: skip
        Official(secret).verify(body, {k.lower(): v for k, v in headers.items()})
    assert target.requests[1][1]["X-Region"] == "eu"
    assert await hf.run(endpoints.set_state("ann", "paused")) == 0
    assert await hf.run(endpoints.remove("ann")) == 0


async def test_two_who_change_an_endpoint_both_do(hf, sql, dsn, eventually):
    """What a change does not name stays, also what somebody else changes at the same time."""
    await hf.run(endpoints.add("ann", "https://old.example/in", headers={"X-Old": "1"}))
    async with await psycopg.AsyncConnection.connect(dsn) as connection:
        moved = {"url": "https://new.example/in", "headers": {"X-New": "1"}}
        await hf.run(endpoints.change("ann", moved), using=connection)
        other = asyncio.create_task(hf.run(endpoints.change("ann", {"timeout": "30 s"})))
        waits = "select count(*) from pg_locks where not granted"
        await eventually(lambda: sql.execute(waits).fetchone() == (1,))
    await other
    stands = sql.execute("select url, timeout::text, headers from webhook_endpoints").fetchone()
    assert stands == ("https://new.example/in", "00:00:30", {"X-Old": "1", "X-New": "1"})


async def test_a_name_is_taken_once_also_at_the_same_time(hf, dsn, sql, eventually):
    """Of two who make an endpoint of one name the second is told that there is one."""
    await hf.prepare()
    async with await psycopg.AsyncConnection.connect(dsn) as connection:
        await hf.run(endpoints.add("ann", "https://one.example/in"), using=connection)
        other = asyncio.create_task(hf.run(endpoints.add("ann", "https://two.example/in")))
        waits = "select count(*) from pg_locks where not granted"
        await eventually(lambda: sql.execute(waits).fetchone() == (1,))
    with pytest.raises(InvalidInput, match='there is an endpoint "ann" already'):
        await other


async def test_one_type_is_one_and_not_its_letters(hf, sql):
    """`types="order.*"` is that type; letter by letter it had `*`, and the customer everything."""
    await hf.prepare()
    await hf.run(endpoints.add("ann", "https://ann.example/in", types="order.*"))
    await hf.run(endpoints.add("bob", "https://bob.example/in"))
    await hf.run(endpoints.change("bob", {"patterns": "invoice.*"}))
    kept = sql.execute("select name, patterns from webhook_endpoints order by 1").fetchall()
    assert kept == [("ann", ["order.*"]), ("bob", ["invoice.*"])]


async def test_an_endpoint_is_never_there_without_its_secret(hf, sql):
    """An endpoint and its first secret are one: what cannot be had leaves nothing behind."""
    await hf.prepare()
    await hf.run(endpoints.add("ann", "https://ann.example/in"))
    with pytest.raises(psycopg.Error, match="a secret is a reference"):
        sql.execute(
            "select webhook_add_endpoint('bob', "
            '\'{"url": "https://b.example", "secret": "literal"}\', \'x\')'
        )
    names = "select name, (select count(*) from webhook_secrets) from webhook_endpoints"
    assert sql.execute(names).fetchall() == [("ann", 1)]


@pytest.mark.parametrize(
    ("name", "more", "says"),
    [
        ("Ann Smith", {}, "the name of an endpoint"),
        ("ann", {"types": [""]}, "not blank"),
        ("ann", {"types": []}, "not blank"),
        ("ann", {"url": "https://x.example/" + "a" * 2000}, "2000"),
        ("ann", {"timeout_s": 1000}, "5 minutes"),
    ],
)
async def test_what_can_not_work_is_refused_in_words(hf, name, more, says):
    """A name, an address, types or a time that cannot be are refused with what is allowed."""
    await hf.prepare()
    url = more.pop("url", "https://ann.example/in")
    with pytest.raises(InvalidInput, match=says):
        await hf.run(endpoints.add(name, url, **more))


@pytest.mark.parametrize(
    "url", ["https://a..b/", "http://127.0.0.1:1\\@b.example/", "ftp://a/", "http:///x"]
)
def test_an_address_that_nobody_can_call_is_not_taken(url):
    """What could not be posted to when it is delivered is refused when it is said."""
    with pytest.raises(InvalidInput):
        checked_url(url)


async def test_a_password_in_an_address_is_not_shown(hf, sql, holdfast):
    """The name and password in an endpoint's address are in no list, no record and no answer."""
    await hf.prepare()
    for command in (
        ("add", "ann", "https://ann:geheim@ann.example/in?a=@b"),
        ("set", "ann", "url=https://ann:geheim@new.example/in?a=@b"), ("list",), ("show", "ann"),
    ):  # fmt: skip
        code, out, complaints = await holdfast("endpoints", *command, "--json")
        assert code == 0 and "geheim" not in out + complaints, command
    assert "https://…@new.example/in?a=@b" in out
    recorded = sql.execute("select coalesce(string_agg(o::text, ''), '') from operations o")
    assert "geheim" not in recorded.fetchone()[0]


async def test_a_forward_logs_in_as_its_address_says(hf, sql, target):
    """Where the address has credentials they are sent, not those that came with the event."""
    await hf.prepare()
    url = target.url.replace("//", "//me:pw@")
    await hf.run(endpoints.add("app", url, source="shop"))
    headers = json.dumps([["Authorization", "[hidden]"], ["X-A", "1"]])
    receive = "select webhook_receive('shop', 'e1', 'a', null, null, false, %s, %s)"
    sql.execute(receive, [b"{}", headers])
    await hf.work(until_idle=True)
    ((_, got, _),) = target.requests
    assert got["Authorization"] == "Basic bWU6cHc=" and got["X-A"] == "1"


async def test_nothing_stays_held_behind_an_endpoint_that_is_enabled(hf, sql, target):
    """What is held just after its endpoint was enabled goes on; what a person holds stays.

    Also what a process of the release before held, which does not name the endpoint.
    """
    await hf.prepare()
    await hf.run(endpoints.add("ann", target.url))
    await hf.run(endpoints.set_state("ann", "paused", why="night"))
    held = ("its endpoint ann is paused: night", "its endpoint is paused: night", "bo asks")
    for _ in held:
        await hf.send(Webhook(type="a"))
    claimed = sql.execute("select id, claim_token from claim('webhooks-out', 10)").fetchall()
    assert await hf.run(endpoints.set_state("ann", "enabled")) == 0
    for (job, token), because in zip(claimed, held, strict=True):
        verdict = [{"id": str(job), "token": str(token), "verdict": "hold"}]
        verdict[0]["because"] = because
        sql.execute("select * from settle(%s::jsonb)", [json.dumps(verdict)])
    assert [state for state, _, _ in jobs(sql)] == ["held"] * 3
    sql.execute("select webhook_upkeep_step()")
    await hf.work(until_idle=True)
    assert sorted(state for state, _, _ in jobs(sql)) == ["done", "done", "held"]


async def test_what_waits_is_counted_for_each_endpoint(hf, sql):
    """Ready, postponed, held and dead: of each endpoint its own, in the list and in a page."""
    await hf.prepare()
    for name in ("ann", "ben", "cy"):
        await hf.run(endpoints.add(name, "http://127.0.0.1:9/", tenant=name))
    for name, verdicts in (("ann", ["dead", "hold", "retry"]), ("ben", ["hold", "hold"])):
        for verdict in verdicts:
            await hf.send(Webhook(type="a", tenant=name))
            sql.execute(
                """select settle(jsonb_build_array(jsonb_build_object(
                    'id', id, 'token', claim_token, 'verdict', %s::text)))
                from claim('webhooks-out', 1, 'w')""",
                [verdict],
            )
    for name in ("ann", "ben"):
        await hf.send(Webhook(type="a", tenant=name))
    counts = [("ann", 2, 1, 1), ("ben", 1, 2, 0), ("cy", 0, 0, 0)]
    for rows in ("webhook_endpoint_list()", """webhook_endpoint_page('{"after": "a"}', 9)"""):
        found = sql.execute(f"select name, waiting, held, dead from {rows}").fetchall()
        assert found == counts
    found = sql.execute("""select held from webhook_endpoint_page('{"name": "ben"}')""").fetchall()
    assert found == [(2,)]


async def test_what_was_held_for_long_has_its_retries(hf, sql, target):
    """A delivery that was held for longer than its queue's max_age is no dead letter for that."""
    await hf.prepare()
    await hf.run(endpoints.add("ann", target.url))
    await hf.run(endpoints.set_state("ann", "paused", why="night"))
    await hf.send(Webhook(type="a"))
    await hf.work(until_idle=True)
    sql.execute("select set_config('holdfast.now', (clock() + interval '6 days')::text, false)")
    sql.execute("select webhook_set_endpoint_state('ann', 'enabled', 'ann')")
    sql.execute(
        """select settle(jsonb_build_array(jsonb_build_object(
            'id', id, 'token', claim_token, 'verdict', 'retry', 'because', 'HTTP 503')))
        from claim('webhooks-out', 1, 'w')"""
    )
    assert [state for state, _, _ in jobs(sql)] == ["ready"]


async def test_a_new_address_is_tried_at_once(hf, sql, target):
    """What a breaker has learned of the old address, or before it was enabled, is forgotten."""
    await hf.prepare()
    await hf.run(endpoints.add("ann", "http://127.0.0.1:9/"))
    for again in (
        endpoints.change("ann", {"url": target.url}), endpoints.set_state("ann", "enabled"),
    ):  # fmt: skip
        sql.execute("select pause_breaker('endpoint:ann', 'ann', 'it is down')")
        await hf.run(again)
        closed = "select opened_at is null from breakers where name = 'endpoint:ann'"
        assert sql.execute(closed).fetchone() == (True,)
        await hf.send(Webhook(type="a"))
        await hf.work(until_idle=True)
    assert len(target.requests) == 2


async def test_show_tells_why_nothing_is_sent(hf, sql, holdfast):
    """`endpoints show` has the breaker: whether it is open, until when, because of what."""
    await hf.prepare()
    await hf.run(endpoints.add("ann", "http://127.0.0.1:9/"))
    _, out, _ = await holdfast("endpoints", "show", "ann", "--json")
    assert json.loads(out)["breaker"] == "closed"
    sql.execute("select pause_breaker('endpoint:ann', 'ann', 'it is down')")
    _, out, _ = await holdfast("endpoints", "show", "ann", "--json")
    shown = json.loads(out)
    assert shown["breaker"] == "paused" and "it is down" in shown["breaker_because"]


async def test_what_is_taken_away_leaves_nothing_to_look_at(hf, sql, target):
    """With an endpoint go its alert and its breaker; what ends meanwhile is no reason to refuse."""
    await hf.prepare()
    await hf.run(endpoints.add("ann", target.url))
    for _ in range(3):
        await hf.send(Webhook(type="a"))
    sql.execute(
        "select webhook_stop_endpoint(e, 'paused', 'it fails') from webhook_endpoints e; "
        "select pause_breaker('endpoint:ann', 'ann', 'it is down')"
    )
    assert await hf.run(endpoints.remove("ann", cancel=True)) == 3
    assert sql.execute("select count(*) from alerts where cleared_at is null").fetchone() == (0,)
    assert sql.execute("select count(*) from breakers where opened_at is not null").fetchone() == (
        0,
    )
    (job,) = sql.execute("select id from jobs where queue = 'webhooks-out' limit 1").fetchone()
    assert sql.execute("select webhook_cancel(%s, 'bo')", [job]).fetchone() == (False,)


async def test_a_message_of_one_tenant_goes_to_no_other(hf, target):
    """A message that names a tenant and another one's endpoint is refused."""
    await hf.prepare()
    await hf.run(endpoints.add("ann", target.url, tenant="ann"))
    with pytest.raises(InvalidInput, match='none of the tenant "bob"'):
        await hf.send(Webhook(type="a", tenant="bob", endpoint="ann"))
    await hf.send(Webhook(type="a", tenant="ann", endpoint="ann"))
    await hf.send(Webhook(type="a", endpoint="ann"))


async def test_what_was_not_sent_closes_no_breaker(hf, sql):
    """A half-open breaker is closed by an answer, and not by what could not be sent."""
    await hf.prepare()
    await hf.run(endpoints.add("ann", "http://2130706433/"))
    sql.execute(
        "select set_breaker('endpoint:ann'); update breakers set opened_at = clock() - interval "
        "'1 minute', open_until = clock() - interval '1 second', openings = 1"
    )
    await hf.send(Webhook(type="a"))
    await hf.work(until_idle=True)
    ((state, _, because),) = jobs(sql)
    assert state == "dead" and "not sent" in because
    assert sql.execute("select state from breaker_list()").fetchone() == ("half open",)


async def test_removing_an_endpoint_loses_nothing_by_accident(hf, sql, target, endpoint):
    """An endpoint for which something waits is not removed unless that is to be cancelled.

    Nothing of it is left then, nor of its breaker; what is told of it later, by those who are on
    their way still, is not held against the next of its name.
    """
    await hf.prepare()
    endpoint("ann", target.url)
    sql.execute("select tell_breaker('endpoint:ann', 0, 1)")
    await hf.send(Webhook(type="a"))
    with pytest.raises(psycopg.Error, match="1 deliveries wait"):
        sql.execute("select webhook_remove_endpoint('ann', false, 'ann')")
    assert sql.execute("select webhook_remove_endpoint('ann', true, 'ann')").fetchone() == (1,)
    assert [state for state, *_ in jobs(sql)] == ["cancelled"]
    assert sql.execute("select * from breaker_list()").fetchall() == []
    assert sql.execute("select tell_breaker('endpoint:ann', 0, 20)").fetchone() == (True,)
    endpoint("ann", target.url)
    assert sql.execute("select admitted from ask_breaker('endpoint:ann')").fetchone() == (True,)
