"""A provider that is busy, refuses, or answers something else; and who is told."""

import asyncio
from datetime import timedelta

import pytest
from aiohttp import web
from tests.channels.webhooks.reconcile.lists import NOW, open_alerts

from holdfast.channels.webhooks.reconcile.ask import Busy
from holdfast.errors import ConfigError


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
    """Whatever bytes its text has, and also if it never ends, it is said that they refuse."""

    async def endless():
        while True:
            yield b"x" * 65_536

    for body in (b"\xff\xfe", endless()):
        provider.failures = [web.Response(body=body, status=400)]
        with pytest.raises(ConfigError, match="refuses with 400"):
            await run()


@pytest.mark.parametrize("address", ["api.stripe.com", "http://", "ftp://127.0.0.1"])
async def test_an_address_that_is_none_is_said(sql, provider, run, address):
    """What `--api` has to be is said when it is something else."""
    provider.url = address
    with pytest.raises(ConfigError, match="--api"):
        await run()
