"""Who sends too much, or only mistakes: what he is answered, and what is kept of it."""

import asyncio
import socket

import aiohttp

from holdfast.api import build, server
from holdfast.channels.webhooks.ingress import Ingress
from holdfast.client import connect


async def test_more_than_a_source_may_send_is_429(hf, sending, secret, sql, monkeypatch):
    """Over its rate a source is told when to come again; other sources are not affected."""
    monkeypatch.setenv("HOLDFAST_SOURCE_STRIPE_RATE", "1")
    monkeypatch.setenv("HOLDFAST_SOURCE_OTHER_SCHEME", "stripe")
    monkeypatch.setenv("HOLDFAST_SOURCE_OTHER_SECRETS", secret)
    await hf.prepare()
    async with sending(hf) as sender:
        flood = [sender.post(sender.event(n)) for n in range(50)]
        answers = await asyncio.gather(*flood)
        other = await sender.post(sender.event(1), source="other")
    refused = [a for a in answers if a.status_code == 429]
    assert len(refused) >= 30 and {a.headers["Retry-After"] for a in refused} == {"1"}
    assert other.status_code == 200
    taken = sum(a.status_code == 200 for a in answers)
    assert taken + len(refused) == 50
    assert sql.execute(
        "select count(*) from webhook_events where source = 'stripe'"
    ).fetchone() == (taken,)


async def test_a_body_that_is_too_large_is_told_to_us(sender, sql, eventually):
    """Events that are missing for their size are among the refusals, with what to do about it."""
    large = b" " * 2_000_000
    for _ in range(2):
        assert (await sender.post(large, headers={})).status_code == 413
    assert (await sender.post(large, headers={}, source="nobody")).status_code == 413
    told = "select source, reason, count::int, latest from webhook_refusal_list()"
    await eventually(lambda: sum(row[2] for row in sql.execute(told)) == 2)
    ((source, reason, _, latest),) = sql.execute(told).fetchall()
    assert (source, reason) == ("stripe", "too_large")
    assert "1048576 bytes" in latest and "max_body=" in latest


async def test_whose_secret_it_is_signed_with_is_told(
    hf, sending, secret, sql, monkeypatch, eventually
):
    """A request that is signed with the secret of another source is told with its name."""
    monkeypatch.setenv("HOLDFAST_SOURCE_OTHER_SCHEME", "stripe")
    monkeypatch.setenv("HOLDFAST_SOURCE_OTHER_SECRETS", "whsec_other")
    await hf.prepare()
    async with sending(hf) as sender:
        assert (await sender.post(sender.event(), secret="whsec_other")).status_code == 400
        told = "select latest from webhook_refusal_list()"
        await eventually(lambda: sql.execute(told).fetchall())
    ((latest,),) = sql.execute(told).fetchall()
    assert "SECRETS#1 of the source other. " in latest and "whsec" not in latest


async def test_a_flood_at_two_servers_keeps_no_other_source_waiting(
    hf, sending, secret, dsn, sql, monkeypatch
):
    """While one source floods two servers, an event of another one is answered among the first."""
    monkeypatch.setenv("HOLDFAST_SOURCE_OTHER_SCHEME", "stripe")
    monkeypatch.setenv("HOLDFAST_SOURCE_OTHER_SECRETS", secret)
    await hf.prepare()
    second = connect(dsn)
    async with sending(hf) as one_server, sending(second) as other_server:
        servers = (one_server, other_server)
        flood = [asyncio.create_task(servers[n % 2].post(one_server.event(n))) for n in range(800)]
        async with aiohttp.ClientSession() as client:  # with connections of its own
            for server in servers:
                other = type(server)(server.address, client, "other")
                answer = await other.post(other.event(server is one_server))
                assert answer.status_code == 200
        through = sum(task.done() for task in flood)
        answers = await asyncio.gather(*flood)
    await second.close()
    assert through < 600, through
    taken = sum(a.status_code == 200 for a in answers)
    assert {a.status_code for a in answers} <= {200, 429} and taken > 0
    assert sql.execute(
        "select count(*) from webhook_events where source = 'stripe'"
    ).fetchone() == (taken,)


async def test_names_of_no_source_leave_nothing_in_memory(sender, caplog):
    """Who asks for any name is told of no other one; the process keeps and logs little of it."""
    answer = await sender.post(b"{}", source="x" * 5000, headers={})
    assert answer.status_code == 404
    told = [await sender.post(b"{}", source=f"nobody-{n}", headers={}) for n in range(150)]
    assert {(t.status_code, t.content) for t in told} == {(404, b'{"error": "no such source"}')}
    logged = [r for r in caplog.records if "webhook.unknown_source" in r.getMessage()]
    assert 0 < len(logged) < 150 and "stripe" in str(logged[0].__dict__)
    ingress = Ingress()
    for number in range(1000):
        assert ingress.wait_s(f"nobody-{number}", None) is None
        ingress.begin(f"source-{number}")
        ingress.end(f"source-{number}")
    assert not ingress._waiting


async def test_who_only_errs_is_no_longer_listened_to(sender, sql):
    """An address whose requests do not verify gets 400, and after a hundred of them 429."""
    bad = {"Stripe-Signature": "t=1,v1=00"}
    codes = []
    while codes[-1:] != [429] and len(codes) < 1000:  # a slow machine is allowed some more
        codes.append((await sender.post(b"{}", headers=bad)).status_code)
    assert codes[:100] == [400] * 100 and codes[-1] == 429
    assert sql.execute("select count(*) from webhook_events").fetchone() == (0,)
    # somebody else may have the same address, behind a proxy: what verifies is taken all the same
    assert (await sender.post(sender.event())).status_code == 200


async def test_who_comes_by_a_unix_socket_is_told_apart(dsn, secret, monkeypatch, tmp_path):
    """Behind a proxy that is trusted by its socket one address that errs is not all of them."""
    monkeypatch.setenv("HOLDFAST_TRUSTED_PROXIES", "unix")
    hf = connect(dsn)
    await hf.prepare()
    listening = socket.socket(socket.AF_UNIX)
    listening.bind(path := str(tmp_path / "s"))
    listening.listen()
    running = server(build(hf.services))
    task = asyncio.create_task(running.serve([listening]))
    async with aiohttp.ClientSession(connector=aiohttp.UnixConnector(path)) as client:

        async def post(asked_for):
            headers = {"Stripe-Signature": "t=1,v1=00", "X-Forwarded-For": asked_for}
            async with client.post("http://x/webhooks/stripe", headers=headers) as answer:
                return answer.status

        assert [await post("203.0.113.9") for _ in range(130)][-1] == 429
        assert await post("203.0.113.10") == 400
    running.should_exit = True
    await task
    await hf.close()


async def test_refusals_are_counted_and_sampled_and_nothing_else_is_kept(sender, sql, eventually):
    """Of a refused request there are a count and a sample without its content, after a moment."""
    body = sender.event(1, secret_of_somebody="4111111111111111")
    await sender.post(body, secret="whsec_wrong")
    await sender.post(body, headers={})
    row = await eventually(
        lambda: sql.execute(
            "select source, reason, count from webhook_refusals order by reason"
        ).fetchall()
    )
    assert row == [("stripe", "bad_signature", 1), ("stripe", "missing_header", 1)]
    samples = sql.execute("select to_jsonb(s)::text from webhook_refusal_samples s").fetchall()
    assert len(samples) == 2
    assert not any("4111111111111111" in text or "whsec" in text for (text,) in samples)
