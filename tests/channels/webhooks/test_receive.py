"""Webhooks over real HTTP into a real database: what is answered, what is stored, what runs."""

import asyncio
import gzip
import json
import subprocess
import time
import zlib
from pathlib import Path

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.serving import serving

from holdfast.api import build
from holdfast.channels.webhooks.schemes import SCHEMES, sign
from holdfast.client import connect

SECRET = "whsec_test_secret_of_this_endpoint"
SAMPLES = Path(__file__).parents[2] / "samples" / "stripe"
INVOICE_PAID = (SAMPLES / "invoice.paid.json").read_bytes()
QUICK = {"retry_base": "0.02 s", "retry_cap": "0.05 s"}


@pytest.fixture
def _secret(monkeypatch):
    monkeypatch.setenv("HOLDFAST_SOURCE_STRIPE_SECRETS", f"whsec_next_one,{SECRET}")


@pytest.fixture
async def url(hf, _secret):
    """Where Stripe would post to."""
    await hf.prepare()
    async with serving(build(hf.services)) as open_port:
        yield f"http://127.0.0.1:{open_port}/webhooks/stripe"


def signed(body, secret=SECRET, *, at=None):
    """The headers that Stripe would send with the body."""
    return dict(
        sign(SCHEMES["stripe"], body, secret, timestamp=int(at or time.time()), event_id="")
    )


async def post(url, body, headers):
    """Post it as a sender would."""
    async with httpx.AsyncClient() as client:
        return await client.post(url, content=body, headers=headers)


def stored(sql):
    """How many events there are."""
    return sql.execute("select count(*) from webhook_events").fetchone()[0]


def _is_known(sql, handler):
    """Those of email are there before the application's."""
    names = sql.execute("select name from webhook_handlers").fetchall()
    return any(name.endswith(f".{handler}") for (name,) in names)


async def test_curl_posts_an_event_and_its_handler_runs_until_it_works(
    hf, url, work, sql, eventually, tmp_path
):
    """A signed event posted by curl is done after three attempts when its handler fails twice."""
    tries = []

    @hf.on("stripe", "invoice.*", queue="invoices", **QUICK)
    async def grant_access(event):
        tries.append((event.attempt, event.type, event.data["data"]["object"]["id"]))
        assert event.body == INVOICE_PAID
        if len(tries) < 3:
            raise ConnectionError("billing is away")

    async with work():
        await eventually(lambda: _is_known(sql, "grant_access"))
        headers = [f"-H{name}: {value}" for name, value in signed(INVOICE_PAID).items()]
        body = tmp_path / "body"
        body.write_bytes(INVOICE_PAID)
        curl = await asyncio.to_thread(
            subprocess.run,
            ["curl", "-sS", "-w", " %{http_code}", *headers, "--data-binary", f"@{body}", url],
            capture_output=True, text=True, check=True, timeout=30,
        )  # fmt: skip
        assert curl.stdout.endswith(" 200"), curl.stdout
        await eventually(
            lambda: sql.execute("select state from jobs").fetchone() == ("done",),
        )
    assert [attempt for attempt, _, _ in tries] == [1, 2, 3]
    outcomes = sql.execute("select outcome from job_attempts order by attempt").fetchall()
    assert outcomes == [("retry",), ("retry",), ("done",)]


async def test_the_same_event_has_one_effect(hf, url, work, sql, eventually):
    """An event posted ten times, five of them at once, is answered 200 each time and runs once."""
    runs = []

    @hf.on("stripe", "invoice.paid")
    async def once(event):
        runs.append(event.event_id)

    async with work():
        await eventually(lambda: _is_known(sql, "once"))
        together = [post(url, INVOICE_PAID, signed(INVOICE_PAID)) for _ in range(5)]
        answers = await asyncio.gather(*together)
        for _ in range(5):
            answers.append(await post(url, INVOICE_PAID, signed(INVOICE_PAID)))
        await eventually(lambda: sql.execute("select state from jobs").fetchone() == ("done",))
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert sum(not answer.json()["duplicate"] for answer in answers) == 1
    assert len(runs) == 1 and stored(sql) == 1
    assert sql.execute("select redeliveries, mismatches from webhook_keys").fetchone() == (9, 0)


@pytest.mark.parametrize(
    ("headers", "reason"),
    [
        ({}, "missing_header"),
        ({"Stripe-Signature": "t=1,v0=abc"}, "no_signature"),
        (signed(INVOICE_PAID, "whsec_of_somebody_else"), "bad_signature"),
        (signed(INVOICE_PAID + b" "), "bad_signature"),
        (signed(INVOICE_PAID, at=time.time() - 3600), "too_old"),
        (signed(INVOICE_PAID, at=time.time() + 3600), "too_new"),
    ],
)
async def test_what_does_not_verify_is_not_stored(url, sql, headers, reason):
    """A wrong, missing, stale or future signature is answered 400, and nothing is stored."""
    answer = await post(url, INVOICE_PAID, headers)
    assert answer.status_code == 400 and answer.json()["error"] == reason
    assert stored(sql) == 0
    assert sql.execute("select count(*) from webhook_keys").fetchone() == (0,)
    assert SECRET not in answer.text


async def test_any_active_secret_verifies(url, sql):
    """While a secret is rolled, events signed with the old and with the new one are accepted."""
    other = INVOICE_PAID.replace(b"evt_", b"evt_2", 1)
    assert (await post(url, INVOICE_PAID, signed(INVOICE_PAID))).status_code == 200
    assert (await post(url, other, signed(other, "whsec_next_one"))).status_code == 200
    rows = sql.execute("select verified_by from webhook_events order by id").fetchall()
    assert [row[0][-2:] for row in rows] == ["#2", "#1"]


async def test_each_handler_has_its_own_attempts(hf, url, work, sql, eventually):
    """One failing handler neither stops nor repeats the others of the same event."""
    runs = []

    @hf.on("stripe", "invoice.*", name="first")
    async def first(_event):
        runs.append("first")

    @hf.on("stripe", "invoice.paid", name="second", queue="second", **QUICK)
    async def second(_event):
        runs.append("second")
        if runs.count("second") < 3:
            raise ValueError

    @hf.on("stripe", "customer.*", name="unasked")
    async def unasked(_event):
        runs.append("unasked")

    async with work():
        mine = "select count(*) from webhook_handlers where kind not like 'webhook:email:%'"
        await eventually(lambda: sql.execute(mine).fetchone() == (3,))
        answer = await post(url, INVOICE_PAID, signed(INVOICE_PAID))
        assert answer.json()["jobs"] == 2
        await eventually(lambda: len(runs) == 4)
    assert sorted(runs) == ["first", "second", "second", "second"]


async def test_an_event_that_nobody_wants_is_kept(url, sql):
    """An event without a handler is stored and answered 200; it can be looked at."""
    answer = await post(url, INVOICE_PAID, signed(INVOICE_PAID))
    assert answer.status_code == 200 and answer.json()["jobs"] == 0
    body, states = sql.execute("select body, webhook_states(jobs) from webhook_events").fetchone()
    assert bytes(body) == INVOICE_PAID and states == "no handler"


async def test_unknown_sources_and_missing_secrets_differ(hf, sql, monkeypatch):
    """An unknown source is 404; a known one without a secret is our mistake: 500, to come again."""
    monkeypatch.delenv("HOLDFAST_SOURCE_STRIPE_SECRETS", raising=False)
    await hf.prepare()
    async with serving(build(hf.services)) as open_port:
        address = f"http://127.0.0.1:{open_port}"
        unknown = await post(f"{address}/webhooks/nobody", b"{}", {})
        unset = await post(f"{address}/webhooks/stripe", INVOICE_PAID, signed(INVOICE_PAID))
        get = await httpx.AsyncClient().get(f"{address}/webhooks/stripe")
    assert unknown.status_code == 404
    assert unset.status_code == 500
    assert "HOLDFAST_SOURCE_STRIPE_SECRETS" in unset.json()["detail"]
    assert get.status_code == 405
    assert stored(sql) == 0


async def test_a_body_that_is_too_large_is_refused_as_it_streams(url, sql):
    """Over one megabyte is 413, with a declared length as well as without one."""
    large = b" " * 2_000_000

    async def pieces():
        for _ in range(200):
            yield b" " * 10_000

    declared = await post(url, large, signed(large))
    async with httpx.AsyncClient() as client:
        chunked = await client.post(url, content=pieces(), headers=signed(large))
    assert (declared.status_code, chunked.status_code) == (413, 413)
    assert stored(sql) == 0


HOSTILE = [
    b"", b"\x00", b"\xff\xfe\xfd", b'{"id": "evt_\\u0000", "type": "a\\u0000b"}', b"NaN",
    b'{"id": NaN}', b"[" * 100_000, b'{"id": "\\ud800"}', b'{"id": ' + b"9" * 5000 + b"}",
    b'{"id": {"a": 1}, "type": [], "data": "x"}', b'{"id":"' + b"x" * 300_000 + b'"}',
    b'{"type": "%s; drop table x", "id": "a\'b"}', '{"id": "\u202eevt"}'.encode(),
]  # fmt: skip


@pytest.mark.parametrize("body", HOSTILE, ids=range(len(HOSTILE)))
async def test_a_verified_body_is_stored_whatever_it_is(url, sql, body):
    """Whatever was signed by the sender is stored byte for byte, even if it is no JSON at all."""
    answer = await post(url, body, signed(body))
    assert answer.status_code == 200, answer.text
    assert bytes(sql.execute("select body from webhook_events").fetchone()[0]) == body
    assert (await post(url, body, signed(body))).json()["duplicate"] is True


async def test_any_signed_bytes_are_stored(url, sql):
    """Random bytes, verified, are kept exactly; random signatures are 400 and never 500."""

    @settings(max_examples=20)
    @given(st.binary(max_size=3000))
    def accepted(body):
        answer = httpx.post(url, content=body, headers=signed(body))
        assert answer.status_code == 200
        found = sql.execute(
            "select body from webhook_events where id = %s", [answer.json()["id"]]
        ).fetchone()
        assert bytes(found[0]) == body

    header = st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=200)

    @settings(max_examples=20)
    @given(st.binary(max_size=300), header)
    def refused(body, signature):
        answer = httpx.post(url, content=body, headers={"Stripe-Signature": signature})
        assert answer.status_code == 400

    await asyncio.to_thread(accepted)
    await asyncio.to_thread(refused)


@pytest.mark.usefixtures("_secret")
async def test_a_database_that_can_not_be_reached_is_503(unused_tcp_port):
    """Without a database nothing is acknowledged: 503 with Retry-After, and readyz says so too."""
    hf = connect(f"postgresql://nobody@127.0.0.1:{unused_tcp_port}/none")
    async with serving(build(hf.services)) as open_port:
        address = f"http://127.0.0.1:{open_port}"
        answer = await post(f"{address}/webhooks/stripe", INVOICE_PAID, signed(INVOICE_PAID))
        ready = await httpx.AsyncClient().get(f"{address}/readyz")
        alive = await httpx.AsyncClient().get(f"{address}/healthz")
        page = await httpx.AsyncClient().get(f"{address}/")
    assert answer.status_code == 503 and answer.headers["Retry-After"] == "5"
    assert (ready.status_code, alive.status_code) == (503, 200)
    assert page.status_code == 200 and "does not answer" in page.text
    await hf.close()


async def test_an_event_that_comes_before_the_worker_waits_for_it(hf, url, work, sql, eventually):
    """Handlers that were registered once get their jobs even while no worker runs."""
    runs = []

    @hf.on("stripe", "invoice.paid")
    async def later(event):
        runs.append(json.loads(event.body)["id"])

    async with work():
        await eventually(lambda: _is_known(sql, "later"))
    answer = await post(url, INVOICE_PAID, signed(INVOICE_PAID))
    assert answer.json()["jobs"] == 1 and not runs
    assert await hf.work(until_idle=True) == 1
    assert len(runs) == 1


@pytest.mark.parametrize(
    ("pattern", "wanted", "unwanted"),
    [
        ("invoice.paid", "invoice.paid", "invoice.paid.x"),
        ("invoice.*", "invoice.paid", "invoicexpaid"),
        ("*", "anything at all", None),
        ("a_b%c\\d", "a_b%c\\d", "axbycd"),
        ("*.deleted", "customer.deleted", "customer.deleted.x"),
    ],
)
def test_patterns_mean_what_they_say(sql, pattern, wanted, unwanted):
    """A `*` stands for anything; every other character only for itself."""
    ask = "select webhook_wants(%s, %s)"
    assert sql.execute(ask, [pattern, wanted]).fetchone() == (True,)
    if unwanted:
        assert sql.execute(ask, [pattern, unwanted]).fetchone() == (False,)


@pytest.mark.parametrize("coding", ["gzip", "deflate"])
async def test_what_comes_compressed_is_stored_so_and_read(hf, sender, sql, announced, coding):
    """A signed body that its sender has compressed finds its handlers, and is kept as it came."""
    seen = []

    @hf.on("stripe", "invoice.paid")
    async def handle(event):
        seen.append((event.event_id, event.data["id"], event.body))

    await announced()
    body = (gzip if coding == "gzip" else zlib).compress(sender.event(7))
    signed = {"Stripe-Signature": sender.signature(body), "Content-Encoding": coding}
    assert (await sender.post(body, headers=signed)).json()["jobs"] == 1
    assert bytes(sql.execute("select body from webhook_events").fetchone()[0]) == body
    await hf.work(until_idle=True)
    assert seen == [("evt_7", "evt_7", body)]


@pytest.mark.parametrize(
    "body",
    [gzip.compress(b'{"type": "a"}' + b" " * 30_000_000), b"no gzip", gzip.compress(b"")[:9]],
    ids=["swells", "is none", "is cut off"],
)
async def test_what_can_not_be_read_as_said_is_kept_as_it_came(sender, sql, body):
    """A body that is made to swell, or is not what its header says, is stored and not unpacked."""
    signed = {"Stripe-Signature": sender.signature(body), "Content-Encoding": "gzip"}
    assert (await sender.post(body, headers=signed)).status_code == 200
    kept, kind = sql.execute("select body, event_type from webhook_events").fetchone()
    assert (bytes(kept), kind) == (body, None)
