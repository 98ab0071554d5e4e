"""GitHub's list of deliveries, whose events are fetched one by one, or sent again."""

import hashlib
import hmac
import json
from datetime import timedelta

import pytest
from aiohttp import web
from tests.channels.webhooks.reconcile.lists import NOW, stored
from tests.serving import other_side

from holdfast.channels.webhooks.reconcile.ask import Busy
from holdfast.errors import ConfigError, InvalidInput


async def test_what_github_has_forgotten_of_a_delivery_is_not_made_up(sql, provider, look):
    """A delivery without its payload is missing and stays so: stored, it would hide the event."""
    provider.deliver(39)
    provider.deliveries[0]["request"] = {"headers": None, "payload": None}
    report = await look()
    assert (report.missing, report.stored) == (1, 0) and stored(sql) == {}


async def test_github_deliveries_are_found_by_their_guid(sql, provider, look):
    """Deliveries that we do not have are stored with their headers, each guid once."""
    for number in range(5):
        provider.deliveries.insert(
            0,
            {
                "id": number, "guid": f"guid-{number // 2}",
                "delivered_at": (NOW - timedelta(hours=10 - number)).isoformat(),
                "request": {
                    "headers": {
                        "X-GitHub-Event": "push", "X-GitHub-Delivery": f"guid-{number // 2}",
                    },
                    "payload": {"ref": "refs/heads/main", "repository": {"node_id": "R_1"}},
                },
            },
        )  # fmt: skip
    report = await look()
    assert report.stored == 3
    rows = sql.execute("select event_id, event_type, object_id from webhook_events order by 1")
    assert rows.fetchall() == [(f"guid-{n}", "push", "R_1") for n in range(3)]


async def test_only_what_is_missing_costs_github_a_request(sql, provider, look):
    """What we have is not asked for again, one by one: GitHub counts requests."""
    for number in range(7):
        provider.deliver(number)
    assert (await look()).stored == 7
    provider.opened.clear()
    provider.deliver(39)
    provider.deliver(38)
    report = await look()
    assert (report.missing, report.stored, provider.opened) == (2, 2, [38, 39])
    assert report.types == {"push": 2}


async def test_a_delivery_that_went_meanwhile_ends_no_run(sql, provider, look):
    """What GitHub has deleted since it was listed is missing; all others are stored."""
    for number in range(4):
        provider.deliver(number)
    provider.pruned.add(1)
    report = await look()
    assert (report.missing, report.stored) == (4, 3)
    assert sql.execute("select count(*) from webhook_cursors").fetchone() == (1,)


async def test_used_up_requests_are_no_refusal_and_what_was_done_is_kept(sql, provider, look):
    """When GitHub's hour is used up the run ends as busy; the next one goes on from there."""
    for number in range(7):
        provider.deliver(number)
    provider.left = 5
    with pytest.raises(
        Busy, match=r"403: too many requests; 3 stored, .*the next run goes on"
    ) as e:
        await look()
    assert 0 < e.value.wait_s <= 1800 and len(stored(sql)) == 3
    assert sql.execute("select count(*) from webhook_cursors").fetchone() == (0,)
    provider.left, provider.opened = 8, []
    assert (await look()).stored == 4
    assert len(provider.opened) == 4 and len(stored(sql)) == 7


async def test_a_posted_event_of_an_installation_is_known(
    hf, sending, sql, provider, look, monkeypatch
):
    """An event of an App's installation is the same, whether posted or in the list."""
    monkeypatch.setenv("HOLDFAST_SOURCE_GITHUB_SECRETS", "hush")
    await hf.prepare()
    payload = {"installation": {"id": 77}, "repository": {"node_id": "R_1"}}
    headers, body = provider.deliver(1, payload, installation_id=77)
    provider.deliver(2, payload, installation_id=77)
    mac = hmac.new(b"hush", body, hashlib.sha256).hexdigest()
    async with sending(hf) as sender:
        signed = {**headers, "X-Hub-Signature-256": f"sha256={mac}"}
        await sender.post(body, source="github", headers=signed)
    report = await look("app")
    assert (report.known, report.stored, provider.opened) == (1, 1, [2])
    accounts = sql.execute("select distinct account from webhook_events").fetchall()
    assert accounts == [("77",)]


async def test_each_hook_has_its_own_cursor(sql, provider, look):
    """Of two hooks of one source the second is looked through as far back as the first was."""
    provider.deliver(1)
    provider.deliver(39)
    assert (await look()).stored == 2
    provider.deliveries = []
    provider.deliver(2)
    assert (await look("orgs/octo/hooks/8")).stored == 1
    for wrong in ("octo/kelp", "app/hook", "orgs/octo/8", "octo/kelp/hooks/7/deliveries"):
        with pytest.raises(InvalidInput, match="owner/repo/hooks/ID"):
            await look(wrong)


async def test_github_is_asked_to_send_again_what_is_missing(
    hf, sending, sql, provider, holdfast, monkeypatch
):
    """With --redeliver what is missing comes again by itself: its own bytes, which verify.

    What is gone meanwhile ends no run, but where nothing at all could be asked for it says so.
    """
    monkeypatch.setenv("HOLDFAST_SOURCE_GITHUB_SECRETS", "hush")
    monkeypatch.setenv("GITHUB_TOKEN", "ghp_x")
    await hf.prepare()
    for number in range(4):
        body = b'{ "number" : %d,\n "zen": "Keep it \\u0061wake" }' % number
        mac = hmac.new(b"hush", body, hashlib.sha256).hexdigest()
        headers = {
            "X-GitHub-Event": "push", "X-GitHub-Delivery": f"guid-{number}",
            "X-Hub-Signature-256": f"sha256={mac}",
        }  # fmt: skip
        delivery = {
            "id": number, "guid": f"guid-{number}", "bytes": body,
            "delivered_at": (NOW - timedelta(hours=10 - number)).isoformat(),
            "request": {"headers": headers, "payload": json.loads(body)},
        }  # fmt: skip
        provider.deliveries.insert(0, delivery)
    ask = (
        "webhooks", "reconcile", "github", "--key", "env:GITHUB_TOKEN", "--api", provider.url,
        "--hook", "octo/kelp/hooks/7", "--json", "--redeliver",
    )  # fmt: skip
    async with sending(hf) as sender:

        async def post(body, headers):
            answer = await sender.post(body, source="github", headers=headers)
            assert answer.status_code == 200

        await post(provider.deliveries[2]["bytes"], provider.deliveries[2]["request"]["headers"])
        for asked in ([], [3, 2, 0]):  # it is asked, and nothing comes: the cursor stays
            code, out, complaints = await holdfast(*ask, *(["--dry-run"] if not asked else []))
            assert code == 0, complaints
            assert provider.asked == asked
        provider.asked = []
        for gone, code in (({3}, 0), ({0, 2, 3}, 3)):  # all: so is a key told that may only read
            provider.pruned = gone
            answer = await holdfast(*ask)
            assert (answer[0], "404" in answer[2]) == (code, code == 3)
            assert provider.asked == [2, 0]
        assert sql.execute("select count(*) from webhook_cursors").fetchone() == (0,)
        assert sql.execute("select count(*) from webhook_events").fetchone() == (1,)
        provider.post, provider.asked, provider.pruned = post, [], set()
        code, out, _ = await holdfast(*ask)
        assert json.loads(out)["asked_for_again"] == 3 and provider.asked == [3, 2, 0]
        code, out, _ = await holdfast(*ask)
        assert json.loads(out)["missing"] == 0
    rows = sql.execute("select body, via, verified_by from webhook_events order by event_id")
    assert [(bytes(b), via, by) for b, via, by in rows] == [
        (d["bytes"], "http", "env:HOLDFAST_SOURCE_GITHUB_SECRETS#1")
        for d in reversed(provider.deliveries)
    ]
    code, _, complaints = await holdfast("webhooks", "reconcile", "stripe", "--redeliver")
    assert code == 1 and "cannot be asked" in complaints


async def test_the_token_is_sent_to_nobody_else(sql, provider, look):
    """A page that names another host for the next one ends the run, and that host hears nothing."""
    for number in range(3):
        provider.deliver(number)
    async with other_side(web.Application()) as stranger:
        provider.elsewhere = f"{stranger}/deliveries"
        with pytest.raises(ConfigError, match="next page is elsewhere"):
            await look()
    assert len(stored(sql)) == 2
