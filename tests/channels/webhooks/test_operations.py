"""Webhooks by the JSON API: what came in is looked at, released, handled again; some are sent."""

import base64
from uuid import uuid4

import pytest
from psycopg.conninfo import make_conninfo

from holdfast.channels.webhooks.commands import listen, sources
from holdfast.channels.webhooks.secrets import seal
from holdfast.client import connect

SECRETS = ("whsec_of_the_environment_7", "whsec_that_is_sealed_9", "hunter2secret")


@pytest.fixture
async def event(hf, sender, announced, work, eventually, sql):
    """An event that was handled; its id, and what was handled so far."""
    handled = []

    @hf.on("stripe", "invoice.*")
    async def book(event):
        handled.append(event.event_id)

    await announced()
    posted = (await sender.post(sender.event())).json()
    async with work():
        await eventually(lambda: handled)
        await eventually(
            lambda: sql.execute("select count(*) from finished_jobs").fetchone() == (1,)
        )
    return posted["id"], handled


async def test_what_came_in_is_seen(asks, event):
    """An event is found by our id and by theirs, with its jobs; the list can be narrowed."""
    ours, _ = event
    _, listed = await asks("reader")("GET", "/webhooks?source=stripe&type=invoice.*")
    assert [row["id"] for row in listed] == [ours]
    assert (await asks("reader")("GET", "/webhooks?held=true"))[1] == []
    for name in (ours, "evt_1"):
        status, shown = await asks("reader")("GET", f"/webhooks/{name}")
        assert (status, shown["event_id"]) == (200, "evt_1")
        assert [job["state"] for job in shown["jobs"]] == ["done"]


async def test_events_come_by_pages(asks, pages, event, sender):
    """Each page leads to the next one, with the same filter, until all have come."""
    for number in range(2, 6):
        await sender.post(sender.event(id=f"evt_{number}"))
    paged = await pages("/webhooks?type=invoice.*&limit=2")
    assert [row["event_id"] for page in paged for row in page] == [
        f"evt_{n}" for n in (5, 4, 3, 2, 1)
    ]


async def test_another_ones_id_is_no_disguise(asks, event, sender):
    """An event whose sender calls it by the id of another one is not taken for that one."""
    ours, _ = event
    await sender.post(sender.event(id=ours))
    assert (await asks()("GET", f"/webhooks/{ours}"))[1]["event_id"] == "evt_1"
    for part in (ours[:8], ours[-8:], ours.replace("-", "")[:31]):
        assert (await asks()("POST", f"/webhooks/{part}/replay"))[0] in {404, 422}


async def test_an_event_is_handled_again(asks, event, work, eventually, sql):
    """New jobs for the handlers named, or for all that want it; on record with who and why."""
    ours, handled = event
    status, told = await asks()("POST", f"/webhooks/{ours}/replay", {"why": "a bug was mended"})
    assert (status, told["replayed"]) == (200, 1)
    status, told = await asks()("POST", f"/webhooks/{ours}/replay", {"handlers": ["unknown"]})
    assert status == 422 and "unknown" in str(told)
    assert (await asks("reader")("POST", f"/webhooks/{ours}/replay"))[0] == 403
    async with work():
        await eventually(lambda: len(handled) == 2)
    who, why = sql.execute("select who, why from operations order by at limit 1").fetchone()
    assert (who, why) == ("api:oncall", "a bug was mended")


@pytest.fixture
def _live_alone(monkeypatch):
    monkeypatch.setenv("HOLDFAST_SOURCE_STRIPE_LIVEMODE", "true")


@pytest.mark.usefixtures("_live_alone")
async def test_a_held_event_is_let_go(asks, hf, sender, announced):
    """An event of the wrong kind waits for a person, who lets it go by the API."""

    @hf.on("stripe", "invoice.*")
    async def book(event):
        pass

    await announced()
    ours = (await sender.post(sender.event())).json()["id"]
    _, listed = await asks()("GET", "/webhooks?held=true")
    assert [row["id"] for row in listed] == [ours]
    status, told = await asks()("POST", f"/webhooks/{ours}/release", {"why": "a test of ours"})
    assert (status, told) == (200, {"id": ours, "jobs": 1})
    assert (await asks()("POST", f"/webhooks/{ours}/release"))[0] in {409, 422}


@pytest.fixture
def two_sources(monkeypatch, sql):
    """One in the environment, one in the database with a sealed secret and one in a variable."""
    monkeypatch.setenv("HOLDFAST_SECRET_KEY", base64.b64encode(b"0" * 32).decode())
    monkeypatch.setenv("HOLDFAST_SOURCE_STRIPE_SECRETS", SECRETS[0])
    sql.execute(
        'select webhook_set_source(\'shop\', \'{"scheme": "standardwebhooks", '
        '"public_url": "https://me:hunter2secret@shop.example/in"}\', \'ann\')'
    )
    for reference in (seal(SECRETS[1], "source:shop"), "env:SHOP_SECRET"):
        sql.execute("select webhook_add_secret('source:shop', %s, 'ann')", [reference])


async def test_sources_are_seen_without_their_secrets(asks, two_sources):
    """Who may send is listed with what is wrong; of a secret there is where it is, not what."""
    status, listed = await asks("reader")("GET", "/webhooks/sources")
    assert status == 200
    found = {row["name"]: row for row in listed}
    assert set(found) == {"shop", "stripe"}
    assert (found["stripe"]["defined_in"], found["stripe"]["secrets"]) == ("environment", 1)
    assert "SHOP_SECRET is not set" in found["shop"]["trouble"]
    status, shown = await asks("reader")("GET", "/webhooks/sources/shop")
    assert (status, shown["scheme"]) == (200, "standardwebhooks")
    assert shown["public_url"] == "https://…@shop.example/in"
    assert {one["reference"] for one in shown["secrets"]} == {"sealed:…", "env:SHOP_SECRET"}
    _, other = await asks("reader")("GET", "/webhooks/sources/stripe")
    assert other["tolerance"] == 300
    assert not any(secret in f"{listed}{shown}{other}" for secret in SECRETS)


async def test_who_may_only_read_sees_the_sources(dsn, sql, two_sources):
    """The role of readers lists and shows sources, and tails, but for secrets of the database."""
    role = f"reader_{uuid4().hex[:8]}"
    sql.execute(f"create role {role} login in role holdfast_read")
    reader = connect(make_conninfo(dsn, user=role))
    try:
        listed = await sources.show_list(reader.services)
        found = {row[0]: row[3:] for row in listed.rows}
        assert found["stripe"] == [1, "", None] and found["shop"][0] is None
        assert "does not see" in found["shop"][1]
        told = await sources.show(reader.services, "shop")
        assert told.fields["signed"] and "does not see" in told.fields["secrets"]
        await listen.tail(reader.services, follow=False)
    finally:
        await reader.close()
        sql.execute(f"drop role {role}")


async def test_an_unknown_source_is_told(asks):
    """A name that nobody knows is 404 with those there are; who only sends sees none of them."""
    status, told = await asks("reader")("GET", "/webhooks/sources/strip")
    assert (status, "known: " in told["error"], "stripe" in told["error"]) == (404, True, True)
    for path in ("/webhooks/sources", "/webhooks/sources/stripe"):
        status, told = await asks("shop")("GET", path)
        assert (status, told["error"].endswith("needs read")) == (403, True)


async def test_a_message_is_sent_to_endpoints(asks, sql):
    """202 comes after the commit, with a delivery for each endpoint; the id makes it safe."""
    sql.execute("select webhook_add_endpoint('ann', '{\"url\": \"https://a.example/\"}', 'ann')")
    message = {"type": "order.paid", "data": {"order": 7}, "id": "msg_order_7"}
    status, sent = await asks("shop")("POST", "/endpoints/send", message)
    assert (status, sent["duplicate"]) == (202, False)
    again = await asks("shop")("POST", "/endpoints/send", message)
    assert again == (202, {**sent, "duplicate": True})
    assert sql.execute("select count(*) from jobs where kind = 'webhook:deliver'").fetchone() == (
        1,
    )
