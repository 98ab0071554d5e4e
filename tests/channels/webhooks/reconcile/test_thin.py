"""Stripe's thin events: matched, ordered and found missing as snapshots are."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from aiohttp import web
from tests.serving import other_side

NOW = datetime.now(UTC).replace(microsecond=0)


def thin(number, object_id="in_1", **more):
    """As Stripe posts it, and has it in its list."""
    at = (NOW - timedelta(minutes=number)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    return {
        "id": f"evt_thin_{number}", "object": "v2.core.event", "type": "v1.invoice.paid",
        "created": at, "livemode": False,
        "related_object": {"id": object_id, "type": "invoice", "url": f"/v1/invoices/{object_id}"},
        **more,
    }  # fmt: skip


@pytest.fixture
async def provider():
    """Stripe's list of thin events, two on a page; its address, what it has and was asked."""

    class Provider:
        events, asked, elsewhere = [], [], ""

    made = Provider()

    async def listed(request):
        made.asked.append((request.path_qs, request.headers))
        start = int(request.query.get("page", 0))
        page = made.events[start : start + 2]
        following = f"{made.elsewhere}/v2/core/events?page={start + 2}"
        more = start + 2 < len(made.events)
        return web.json_response({"data": page, "next_page_url": following if more else None})

    application = web.Application()
    application.router.add_get("/v2/core/events", listed)
    async with other_side(application) as made.url:
        yield made


@pytest.fixture
def reconcile(holdfast, provider):
    """Look through that list as a person does."""

    async def running(*options):
        return await holdfast(
            "webhooks", "reconcile", "stripe", "--thin", "--key", "env:KEY", "--api", provider.url,
            *options, KEY="sk_test",
        )  # fmt: skip

    return running


async def test_thin_events_have_handlers_and_an_order(hf, sender, sql, announced):
    """A thin event finds the handlers of its type, in the line of the object that it is about."""

    @hf.on("stripe", "v1.invoice.*", name="book", ordering="object")
    async def book(event): ...

    await announced()
    for number in (2, 1):
        await sender.post(json.dumps(thin(number)).encode())
    await sender.post(json.dumps(thin(3, "in_2", context="acct_1")).encode())
    keys = sql.execute("select ordering_key, tenant from jobs order by id").fetchall()
    assert keys[0] == keys[1] == ("webhook:book  in_1", None)
    assert keys[2] == ("webhook:book acct_1 in_2", "acct_1")
    created = sql.execute("select created from webhook_events order by id").fetchone()
    assert created == (int((NOW - timedelta(minutes=2)).timestamp()),)


async def test_a_thin_invoice_has_the_deadline_of_the_other(hf, sender, sql, announced):
    """What Stripe does an hour after `invoice.created` it does after the thin event, too."""

    @hf.on("stripe", "v1.invoice.created")
    async def book(event): ...

    await announced()
    await sender.post(json.dumps(thin(1, type="v1.invoice.created")).encode())
    (due,) = sql.execute("select due_at - clock() from webhook_deadlines").fetchone()
    assert timedelta(minutes=58) < due <= timedelta(hours=1)


async def test_missing_thin_events_are_stored(hf, sender, sql, announced, provider, reconcile):
    """`reconcile stripe --thin` goes through their list page by page; those posted are known."""

    @hf.on("stripe", "v1.*")
    async def book(event): ...

    await announced()
    whose = {2: {"context": "acct_1"}}
    provider.events = [thin(number, **whose.get(number, {})) for number in range(5)]
    for number in (2, 4):
        await sender.post(json.dumps(provider.events[number]).encode())
    code, out, complaints = await reconcile("--type", "v1.invoice.paid", "--json")
    assert code == 0, complaints
    report = json.loads(out)
    assert (report["seen"], report["known"], report["stored"]) == (5, 2, 3)
    found = sql.execute("select event_id, via, cardinality(jobs) from webhook_events").fetchall()
    assert sorted(found) == [(f"evt_thin_{n}", "http" if n in {2, 4} else "reconcile", 1)
                             for n in range(5)]  # fmt: skip
    query, headers = provider.asked[0]
    assert "types%5B0%5D=v1.invoice.paid" in query or "types[0]=v1.invoice.paid" in query
    assert headers["Authorization"] == "Bearer sk_test" and headers["Stripe-Version"]
    _, out, _ = await reconcile("--type", "v1.invoice.paid", "--json")
    assert json.loads(out)["known"] == 5


async def test_the_key_is_sent_to_nobody_else(provider, reconcile, hf, secret):
    """A page that names another host for the next one ends the run."""
    await hf.prepare()
    provider.events, provider.elsewhere = [thin(n) for n in range(5)], "http://127.0.0.1:9"
    code, _, complaints = await reconcile()
    assert code == 3 and "elsewhere" in complaints


async def test_thin_types_are_named_whole(reconcile, hf, secret):
    """That list knows no `*`: it is said, and nothing is asked."""
    await hf.prepare()
    code, _, complaints = await reconcile("--type", "v1.*")
    assert code == 1 and "without *" in complaints
