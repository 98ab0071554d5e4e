"""The provider's list against the inbox, over real sockets: missing, known, twice, changing."""

import asyncio
import contextlib
import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta

import aiohttp
import pytest
from aiohttp import web

from holdfast.channels.webhooks.reconcile import github, stripe
from holdfast.channels.webhooks.reconcile.ask import Busy
from holdfast.channels.webhooks.reconcile.reconcile import reconcile
from holdfast.channels.webhooks.settings import sources
from holdfast.errors import ConfigError, InvalidInput
from holdfast.retry import without_waiting

NOW = datetime.now(UTC)


class Provider:
    """Stripe's and GitHub's lists, as their pages say; `before_page` may change them under way."""

    def __init__(self):
        self.events = []  # newest first
        self.deliveries = []
        self.requests = 0
        self.failures = []
        self.before_page = lambda: None
        self.asked, self.post = [], None
        self.left, self.opened, self.queries = 10_000, [], []

    def add(self, number, at=None, **more):
        moment = at or NOW - timedelta(minutes=10_000 - number)
        event = {
            "id": f"evt_{number:05}", "object": "event", "type": "invoice.paid",
            "created": int(moment.timestamp()), "livemode": False,
            "data": {"object": {"id": f"in_{number}"}}, **more,
        }  # fmt: skip
        self.events.insert(0, event)
        return event

    async def stripe(self, request):
        self.requests += 1
        self.queries.append(request.query)
        self.before_page()
        if self.failures:
            return self.failures.pop(0)
        if request.headers.get("Authorization") != "Bearer sk_test":
            return web.json_response({"error": "no"}, status=401)
        since = int(request.query["created[gte]"])
        types = request.query.getall("types[]", [])
        listed = [e for e in self.events if e["created"] >= since]
        listed = [e for e in listed if not types or e["type"] in types]
        after = request.query.get("starting_after")
        if after:
            place = next((n for n, e in enumerate(listed) if e["id"] == after), None)
            older = [e for e in listed if e["id"] < after]  # it vanished: go on by its age
            listed = older if place is None else listed[place + 1 :]
        page = listed[: int(request.query["limit"])]
        return web.json_response({"data": page, "has_more": len(listed) > len(page)})

    async def list(self, request):
        if self._is_spent():
            return self._spent()
        if self.failures:
            return self.failures.pop(0)
        start = int(request.query.get("cursor", 0))
        page = self.deliveries[start : start + 2]
        headers = {}
        if start + 2 < len(self.deliveries):
            following = request.url.with_query({"cursor": str(start + 2)})
            headers["Link"] = f'<{following}>; rel="next"'
        told = ("id", "guid", "delivered_at", "event", "installation_id")
        brief = [{k: d.get(k) for k in told} for d in page]
        return web.json_response(brief, headers=headers)

    def _is_spent(self):
        self.left -= 1
        return self.left < 0

    def _spent(self):
        """As GitHub says that an hour's requests are used up."""
        reset = str(int(NOW.timestamp()) + 1800)
        headers = {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": reset}
        return web.json_response({"message": "API rate limit"}, status=403, headers=headers)

    def deliver(self, number, payload=None, **more):
        """GitHub has sent something: one more of its deliveries."""
        headers = {"X-GitHub-Event": "push", "X-GitHub-Delivery": f"guid-{number}"}
        body = payload or {"ref": "refs/heads/main", "repository": {"node_id": "R_1"}}
        delivery = {
            "id": number, "guid": f"guid-{number}", "event": "push",
            "delivered_at": (NOW - timedelta(hours=40) + timedelta(hours=number)).isoformat(),
            "request": {"headers": headers, "payload": body}, **more,
        }  # fmt: skip
        self.deliveries.insert(0, delivery)
        return headers, json.dumps(body).encode()

    async def again(self, request):
        """GitHub sends the delivery again: as it was, with its signature and guid."""
        wanted = int(request.match_info["id"])
        self.asked.append(wanted)
        found = next(d for d in self.deliveries if d["id"] == wanted)
        if self.post is not None:
            await self.post(found["bytes"], found["request"]["headers"])
        return web.json_response({}, status=202)

    async def one(self, request):
        if self._is_spent():
            return self._spent()
        wanted = int(request.match_info["id"])
        self.opened.append(wanted)
        found = next(d for d in self.deliveries if d["id"] == wanted)
        return web.json_response({k: v for k, v in found.items() if k != "bytes"})


@pytest.fixture
async def provider():
    """Running on loopback; its address is `provider.url`."""
    made = Provider()
    application = web.Application()
    application.router.add_get("/v1/events", made.stripe)
    for hook in ("/repos/octo/kelp/hooks/7", "/app/hook", "/orgs/octo/hooks/8"):
        application.router.add_get(f"{hook}/deliveries", made.list)
        application.router.add_get(f"{hook}/deliveries/{{id}}", made.one)
    again = "/repos/octo/kelp/hooks/7/deliveries/{id}/attempts"
    application.router.add_post(again, made.again)
    runner = web.AppRunner(application)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    made.url = f"http://127.0.0.1:{site._server.sockets[0].getsockname()[1]}"
    yield made
    await runner.cleanup()


@pytest.fixture
def run(hf, provider):
    """Reconcile Stripe's events once."""

    async def running(*, key="sk_test", dry_run=False, account="", now=NOW, types=()):
        await hf.prepare()
        async with aiohttp.ClientSession() as session:
            with without_waiting(attempts=4):
                return await reconcile(
                    hf.services.database, sources()["stripe"], account,
                    stripe.StripeEvents(session, key, account, provider.url, types),
                    horizon=stripe.HORIZON, dry_run=dry_run, advance=lambda _: None, now=now,
                )  # fmt: skip

    return running


@pytest.fixture
def look(hf, provider):
    """Reconcile GitHub's deliveries once."""

    async def looking(hook="octo/kelp/hooks/7", now=NOW):
        await hf.prepare()
        async with aiohttp.ClientSession() as session:
            pages = github.GitHubDeliveries(session, "ghp_x", hook, provider.url)
            with without_waiting(attempts=4):
                return await reconcile(
                    hf.services.database, sources()["github"], "", pages, horizon=github.HORIZON,
                    dry_run=False, advance=lambda _: None, now=now,
                )  # fmt: skip

    return looking


def stored(sql):
    """What is in the inbox: event ids and how they came."""
    return dict(sql.execute("select event_id, via from webhook_events").fetchall())


async def test_what_is_missing_is_stored_and_handled(hf, sender, sql, provider, run, announced):
    """Events that never reached us are stored, get their jobs, and are reported by type."""

    @hf.on("stripe", "*")
    async def handle(event): ...

    await announced()
    events = [provider.add(number) for number in range(250)]
    for number in range(0, 250, 10):
        await sender.post(json.dumps(events[number]).encode())
    report = await run()
    assert (report.seen, report.known, report.missing, report.stored) == (250, 25, 225, 225)
    assert report.types == {"invoice.paid": 225}
    assert len(stored(sql)) == 250 and sum(v == "reconcile" for v in stored(sql).values()) == 225
    assert sql.execute("select count(*) from jobs").fetchone() == (250,)
    assert sql.execute("select count(*) from alerts").fetchone() == (0,)


async def test_a_known_event_in_other_bytes_is_no_mismatch(sender, sql, provider, run):
    """The list has other bytes than the delivery had; a delivery after the list is no mismatch."""
    event = provider.add(1)
    await run()
    answer = await sender.post(json.dumps(event).encode())
    assert answer.json()["duplicate"] is True and "held" not in answer.json()
    assert sql.execute("select mismatches from webhook_keys").fetchone() == (0,)


async def test_it_goes_on_where_it_ended(sql, provider, run):
    """The second run looks only at what is newer than the first one's end, with an overlap."""
    for number in range(150):
        provider.add(number)
    await run()
    provider.requests = 0
    provider.add(9_999)
    late = provider.add(9_950, at=NOW - timedelta(minutes=9_900))
    report = await run()
    assert provider.requests == 1 and report.stored >= 1 and "evt_09999" in report.ids
    assert late["id"] not in stored(sql) or report.seen < 150


async def test_pages_that_change_under_way_lose_nothing(sql, provider, run):
    """Events that appear while we page, and one that vanishes, neither shift nor lose others."""
    for number in range(300):
        provider.add(number)
    new = iter(range(9_000, 9_010))

    def change():
        provider.add(next(new))
        if provider.requests == 2:
            provider.events = [e for e in provider.events if e["id"] != "evt_00200"]

    provider.before_page = change
    await run()
    provider.before_page = lambda: None
    await run()
    assert set(stored(sql)) >= {e["id"] for e in provider.events}


async def test_a_dry_run_stores_nothing(sql, provider, run):
    """A dry run reports what is missing, stores nothing and leaves the cursor where it is."""
    provider.add(1)
    report = await run(dry_run=True)
    assert (report.missing, report.stored, stored(sql)) == (1, 0, {})
    assert sql.execute("select count(*) from webhook_cursors").fetchone() == (0,)


async def test_a_provider_that_is_busy_is_asked_again(sql, provider, run):
    """429 with Retry-After and 500 are tried again; the page is not lost."""
    provider.add(1)
    provider.failures = [
        web.json_response({}, status=429, headers={"Retry-After": "3"}),
        web.json_response({}, status=500),
    ]
    assert (await run()).stored == 1


async def test_a_wrong_key_is_said_at_once(provider, run):
    """A refusal of the provider is an error that says what to look at."""
    with pytest.raises(ConfigError, match="Is the key right"):
        await run(key="sk_wrong")
    assert provider.requests == 1


async def test_a_stopped_run_has_lost_nothing(sql, provider, run):
    """Broken off after a page, the next run finds the rest: the cursor moves only at the end."""
    for number in range(250):
        provider.add(number)
    provider.failures = []

    def break_off():
        if provider.requests == 2:
            provider.failures = [web.json_response({}, status=403)]

    provider.before_page = break_off
    with pytest.raises(ConfigError):
        await run()
    assert len(stored(sql)) == 100
    provider.before_page = lambda: None
    assert (await run()).stored == 150 and len(stored(sql)) == 250


def open_alerts(sql):
    """The keys of what a person has to look at."""
    return {row[0] for row in sql.execute("select key from alerts where cleared_at is null")}


async def test_a_cursor_that_is_nearly_too_old_alerts(sql, provider, run):
    """When the last look is almost as old as the provider's memory, a person is told."""
    await run(now=NOW - timedelta(days=26))
    provider.failures = [web.json_response({}, status=403)]
    with pytest.raises(ConfigError):
        await run()
    late, failing = "webhooks.reconcile:stripe", "webhooks.reconcile.failing:stripe"
    assert open_alerts(sql) == {late, failing}
    await run(account="acct_1")  # another list: it says nothing of this one
    assert open_alerts(sql) == {late, failing}
    await run()
    assert open_alerts(sql) == set()


async def test_a_gap_that_nobody_can_look_through_stays_an_alert(sql, provider, run):
    """What came while nobody looked and was forgotten since is told, also after a good look."""
    await run(now=NOW - timedelta(days=40))
    await run()
    assert open_alerts(sql) == {"webhooks.reconcile.gap:stripe"}
    (text,) = sql.execute("select text from alerts where cleared_at is null").fetchone()
    gap = f"from {NOW - timedelta(days=40):%Y-%m-%d} to {NOW - timedelta(days=30):%Y-%m-%d}"
    assert f"was not compared {gap}" in text and "after 30 days" in text


async def test_an_account_without_events_alarms_nobody(sql, provider, run):
    """It is the last look that counts, not the last event: an account may be quiet for long."""
    provider.add(1, at=NOW - timedelta(days=60))
    await run(now=NOW - timedelta(days=60))
    for days in (40, 20, 0):
        await run(now=NOW - timedelta(days=days))
    assert open_alerts(sql) == set()


async def test_what_a_provider_keeps_for_three_days_is_late_after_two_and_a_half(
    sql, provider, look
):
    """How old a look may be is by what the provider keeps: GitHub forgets after three days."""
    await look(now=NOW - timedelta(hours=61))
    provider.left = 0
    with pytest.raises(Busy):
        await look()
    name = "github:octo/kelp/hooks/7"
    assert open_alerts(sql) == {f"webhooks.reconcile:{name}", f"webhooks.reconcile.failing:{name}"}


async def test_events_that_had_not_come_in_are_an_alert(sql, provider, run):
    """At a later look what is older than an hour and was not here is told; the first tells none."""
    provider.add(1)
    await run()
    provider.add(2, at=NOW - timedelta(minutes=30))
    assert (await run()).stored == 1 and open_alerts(sql) == set()
    provider.add(3, at=NOW - timedelta(minutes=59))
    assert (await run(now=NOW + timedelta(minutes=10))).stored == 1
    assert open_alerts(sql) == {"webhooks.reconcile.missing:stripe"}


async def test_a_secondary_limit_is_no_refusal(sql, provider, look):
    """GitHub may say only in words that it is too much: then a minute is waited, and it goes on."""
    provider.deliver(39)
    said = "You have exceeded a secondary rate limit. Please wait a few minutes."
    provider.failures = [web.json_response({"message": said}, status=403)]
    assert (await look()).stored == 1
    provider.failures = [web.json_response({"message": said}, status=403) for _ in range(4)]
    with pytest.raises(Busy) as busy:
        await look()
    assert busy.value.wait_s == 60


@pytest.mark.parametrize("page", ["<html>maintenance</html>", "[" * 100_000])
async def test_a_page_that_is_no_json_is_asked_for_again(sql, provider, run, page):
    """What stands before the provider and answers for it is no refusal, and no traceback."""
    provider.add(1)
    provider.failures = [web.Response(text=page)]
    assert (await run()).stored == 1
    provider.failures = [web.Response(text=page) for _ in range(4)]
    with pytest.raises(Busy, match="no JSON"):
        await run()


@pytest.mark.parametrize("page", [None, [], {}, {"data": [{"type": "a"}]}, {"data": 7}])
async def test_an_answer_that_is_no_list_is_said(provider, run, page):
    """An address that answers something else than a list of events is an error that names it."""
    provider.failures = [web.json_response(page)]
    with pytest.raises(ConfigError, match="something else than its list"):
        await run()


async def test_a_provider_that_is_not_there_is_busy(hf, provider, run):
    """Nobody at the address: the run ends and says so; with --every it is asked again."""
    provider.url = "http://127.0.0.1:9"
    with pytest.raises(Busy, match="does not answer"):
        await run()


async def test_what_answers_without_http_is_busy(sql, provider, run):
    """Bytes that are no HTTP, as of another server at the address: said, and an alert."""

    async def greet(_, writer):
        writer.write(b"220 mail.example ESMTP\r\n")
        writer.close()

    async with await asyncio.start_server(greet, "127.0.0.1", 0) as other:
        provider.url = f"http://127.0.0.1:{other.sockets[0].getsockname()[1]}"
        with pytest.raises(Busy, match=r"does not answer: .*220 mail"):
            await run()
    assert open_alerts(sql) == {"webhooks.reconcile.failing:stripe"}


async def test_a_refusal_in_other_letters_is_a_refusal(provider, run):
    """Whatever bytes its text has, it is said that the provider refuses."""
    page = web.Response(body=b"\xff\xfe", status=400, content_type="text/html", charset="utf-8")
    provider.failures = [page]
    with pytest.raises(ConfigError, match="refuses with 400"):
        await run()


@pytest.mark.parametrize("address", ["api.stripe.com", "http://", "ftp://127.0.0.1"])
async def test_an_address_that_is_none_is_said(sql, provider, run, address):
    """What `--api` has to be is said when it is something else."""
    provider.url = address
    with pytest.raises(ConfigError, match="--api"):
        await run()


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


async def test_stripe_is_asked_for_the_types_that_the_endpoint_gets(sql, provider, run):
    """With types only those are looked for and stored; a type that is added is looked for, too."""
    for number, kind in enumerate(["invoice.paid", "balance.available", "charge.failed"] * 2):
        provider.add(number, type=kind)
    report = await run(types=["invoice.paid"])
    assert report.types == {"invoice.paid": 2}
    report = await run(types=["invoice.paid", "charge.failed"])
    assert report.types == {"charge.failed": 2} and report.known == 2
    assert provider.queries[-1].getall("types[]") == ["invoice.paid", "charge.failed"]
    await run(types=["invoice.*"])
    assert provider.queries[-1]["type"] == "invoice.*" and "types[]" not in provider.queries[-1]
    for wrong in (["a.*", "b"], [f"a.{number}" for number in range(21)]):
        with pytest.raises(InvalidInput, match="Stripe looks for"):
            await run(types=wrong)


async def test_github_is_asked_to_send_again_what_is_missing(
    hf, sending, sql, provider, holdfast, monkeypatch
):
    """With --redeliver what is missing comes again by itself: its own bytes, which verify."""
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
        assert sql.execute("select count(*) from webhook_cursors").fetchone() == (0,)
        assert sql.execute("select count(*) from webhook_events").fetchone() == (1,)
        provider.post, provider.asked = post, []
        code, out, _ = await holdfast(*ask)
        assert json.loads(out)["asked for again"] == 3 and provider.asked == [3, 2, 0]
        code, out, _ = await holdfast(*ask)
        assert json.loads(out)["missing"] == 0
    rows = sql.execute("select body, via, verified_by from webhook_events order by event_id")
    assert [(bytes(b), via, by) for b, via, by in rows] == [
        (d["bytes"], "http", "env:HOLDFAST_SOURCE_GITHUB_SECRETS#1")
        for d in reversed(provider.deliveries)
    ]
    code, _, complaints = await holdfast("webhooks", "reconcile", "stripe", "--redeliver")
    assert code == 1 and "can not be asked" in complaints


async def test_a_page_that_comes_in_pieces_is_read_whole(sql, provider, holdfast, monkeypatch):
    """A page larger than what the network brings at once is read to its end; a bar shows it."""
    seen = []

    @contextlib.contextmanager
    def meter(doing, total):
        seen.append((doing, total))
        yield seen.append

    monkeypatch.setattr("holdfast.cli.context.progress", meter)
    monkeypatch.setenv("STRIPE_API_KEY", "sk_test")
    for number in range(250):
        provider.add(number, filler="x" * 10_000)
    code, _, complaints = await holdfast("webhooks", "reconcile", "stripe", "--api", provider.url)
    assert code == 0, complaints
    assert len(stored(sql)) == 250
    assert seen == [("looking through events", None), 100, 100, 50]


@pytest.mark.slow
async def test_ten_thousand_events_in_little_memory(sql, provider, holdfast_process, dsn):
    """A list of ten thousand events is stored page by page; memory does not grow with it."""
    filler = "x" * 2000
    for number in range(10_000):
        provider.add(number, at=NOW - timedelta(minutes=20_000 - number), filler=filler)
    run = (
        "import resource, sys; from holdfast.cli.main import run\n"
        "try: run()\n"
        "finally: sys.stderr.write(f'peak {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss}')"
    )
    peaks = []
    for count in (500, 10_000):
        newest, provider.events = provider.events, provider.events[-count:]
        code, out, complaints = await holdfast_process(
            "webhooks", "reconcile", "stripe", "--api", provider.url, "--json",
            program=("-c", run), STRIPE_API_KEY="sk_test",
        )  # fmt: skip
        assert code == 0, complaints
        peaks.append(int(complaints.rpartition("peak ")[2]))
        provider.events = newest
    assert sql.execute("select count(*) from webhook_events").fetchone() == (10_000,)
    assert json.loads(out)["seen"] > 9_000
    assert peaks[1] - peaks[0] < 20_000, peaks  # KiB; the bodies alone are 22 MB
