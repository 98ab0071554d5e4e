"""The provider's list against the inbox, over real sockets: missing, known, twice, changing."""

import contextlib
import json
import sys
from datetime import timedelta

import pytest
from aiohttp import web
from tests.channels.webhooks.reconcile.lists import NOW, stored

from holdfast.errors import ConfigError, InvalidInput


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
            program=(sys.executable, "-c", run), STRIPE_API_KEY="sk_test",
        )  # fmt: skip
        assert code == 0, complaints
        peaks.append(int(complaints.rpartition("peak ")[2]))
        provider.events = newest
    assert sql.execute("select count(*) from webhook_events").fetchone() == (10_000,)
    assert json.loads(out)["seen"] > 9_000
    assert peaks[1] - peaks[0] < 20_000, peaks  # KiB; the bodies alone are 22 MB
