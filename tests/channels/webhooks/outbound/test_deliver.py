"""One attempt, at real sockets that answer well, badly, late, never, or with garbage."""

import asyncio
import contextlib
import json
import ssl
from pathlib import Path

import pytest
from aiohttp import web
from standardwebhooks import Webhook as Official
from tests.channels.webhooks.outbound.conftest import KEY, jobs

from holdfast import Webhook
from holdfast.engine import alerts


async def test_a_failure_is_retried_with_the_same_bytes(hf, sql, target, endpoint):
    """After 500 and a broken connection the same bytes and id come again, newly signed."""
    await hf.prepare()
    endpoint("ann", target.url)

    async def hang_up(request):
        request.transport.abort()
        return web.Response()

    refused = web.Response(status=500, text="oops")
    refused.force_close()  # the next one is on a connection of its own
    target.script = [refused, hang_up]
    await hf.send(Webhook(type="a", data=[1]))
    await hf.work(until_idle=True)
    assert len(target.requests) == 3 and len(set(target.bodies)) == 1
    assert len({headers["webhook-id"] for _, headers, _ in target.requests}) == 1
    assert jobs(sql) == [("done", 3, "HTTP 200 OK")]
    log = sql.execute("select status, outcome, answer from webhook_deliveries order by id")
    assert log.fetchall() == [(500, "retry", "oops"), (None, "retry", ""), (200, "delivered", "")]


async def test_a_connection_that_was_closed_meanwhile_costs_no_attempt(hf, sql, target, endpoint):
    """If the other side has closed a kept connection, the delivery goes on a new one at once."""
    await hf.prepare()
    endpoint("ann", target.url)

    async def hang_up(request):
        request.transport.abort()
        return web.Response()

    await hf.send(Webhook(type="a"))
    await hf.work(until_idle=True)
    target.script = [hang_up]
    await hf.send(Webhook(type="a", data=[1]))
    await hf.work(until_idle=True)
    assert [state for state, _, _ in jobs(sql)] == ["done", "done"]
    assert [attempts for _, attempts, _ in jobs(sql)] == [1, 1]
    _, first, again = target.requests
    assert first[2] == again[2] and first[1]["webhook-id"] == again[1]["webhook-id"]


async def test_retry_after_is_heeded_and_costs_no_attempt(hf, sql, target, endpoint):
    """429 with Retry-After postpones the delivery for as long as asked, without an attempt."""
    await hf.prepare()
    endpoint("ann", target.url)
    target.script = [web.Response(status=429, headers={"Retry-After": "120"})]
    await hf.send(Webhook(type="a"))
    await hf.worker().once(10)
    state, attempts, waits = sql.execute(
        "select state, attempts, extract(epoch from run_at - now()) from jobs"
    ).fetchone()
    assert (state, attempts) == ("ready", 0) and 100 < waits < 140


async def test_a_refusal_is_a_dead_letter(hf, sql, target, endpoint):
    """400 and a redirect are final: a redirect is not followed, wherever it leads."""
    await hf.prepare()
    endpoint("ann", target.url)
    target.script = [
        web.Response(status=400),
        web.Response(status=302, headers={"Location": "http://169.254.169.254/latest"}),
        web.Response(status=307, headers={"Location": target.url + "/elsewhere"}),
    ]
    for _ in range(3):
        await hf.send(Webhook(type="a"))
        await hf.work(until_idle=True)
    assert [state for state, *_ in jobs(sql)] == ["dead"] * 3
    assert [path for path, *_ in target.requests] == ["/in"] * 3


async def test_gone_disables_the_endpoint_and_holds_what_waits(hf, sql, target, endpoint):
    """410 disables the endpoint, alerts, and holds its items; enabled, each is delivered once."""
    await hf.prepare()
    endpoint("ann", target.url)
    target.script = [web.Response(status=410)]
    for number in range(3):
        await hf.send(Webhook(type="a", data=number))
        await hf.work(until_idle=True)
    assert [(state, attempts) for state, attempts, _ in jobs(sql)] == [("held", 0)] * 3
    assert len(target.requests) == 1
    outcomes = sql.execute("select outcome from webhook_deliveries").fetchall()
    assert outcomes == [("hold",)]
    (alert,) = await hf.run(alerts.alert_list())
    assert alert["key"] == "webhooks.endpoint:ann" and "endpoints enable ann" in alert["text"]
    on = sql.execute("select webhook_set_endpoint_state('ann', 'enabled', 'ann')").fetchone()
    assert on == (3,)
    await hf.work(until_idle=True)
    assert sorted(json.loads(b)["data"] for b in target.bodies[1:]) == [0, 1, 2]
    assert await hf.run(alerts.alert_list()) == []


async def test_what_an_old_address_answers_is_not_the_new_ones(hf, sql, target, endpoint):
    """What an address that was changed meanwhile answers says nothing of the new one."""
    await hf.prepare()
    endpoint("ann", target.url, give_up_after="1 millisecond")
    sql.execute("update webhook_endpoints set failures = 99, failing_since = '2020-01-01'")

    async def change_and_say(status):
        sql.execute(
            "select webhook_set_endpoint('ann', %s, 'ann')",
            [json.dumps({"url": f"{target.url}/new/{len(target.requests)}"})],
        )
        return web.Response(status=status)

    target.script = [lambda _, said=said: change_and_say(said) for said in (410, 503, 200)]
    await hf.send(Webhook(type="a"))
    known = "select state, failures, failing_since from webhook_endpoints"
    for attempts in (0, 1):
        await hf.worker().once(1)
        assert jobs(sql)[0][:2] == ("ready", attempts)
        assert sql.execute(known).fetchone() == ("enabled", 0, None)
        sql.execute("update deferred_jobs set run_at = enqueued_at")
    await hf.work(until_idle=True)
    assert [path for path, *_ in target.requests] == ["/in", "/in/new/1", "/in/new/2"]
    assert jobs(sql)[0][0] == "done"
    assert sql.execute("select last_success_at from webhook_endpoints").fetchone() == (None,)


async def test_an_endpoint_that_only_fails_is_paused(hf, sql, target, endpoint):
    """When everything has failed for too long the endpoint is paused; its items are held."""
    await hf.prepare()
    endpoint("ann", target.url, give_up_after="1 millisecond")
    sql.execute("""select set_breaker('endpoint:ann', '{"minimum": 1000}')""")
    sql.execute("select set_queue('webhooks-out', '{\"max_attempts\": 100}')")
    target.script = [web.Response(status=503) for _ in range(50)]
    await hf.send(Webhook(type="a"))
    await hf.work(until_idle=True)
    assert len(target.requests) == 10
    assert sql.execute("select state, state_by from webhook_endpoints").fetchone() == (
        "paused", "holdfast",
    )  # fmt: skip
    assert [state for state, *_ in jobs(sql)] == ["held"]


async def test_an_open_breaker_postpones_without_an_attempt(hf, sql, target, endpoint):
    """While the endpoint's breaker is open nothing is posted and no attempt is used."""
    await hf.prepare()
    endpoint("ann", target.url)
    sql.execute("select pause_breaker('endpoint:ann', 'ann', 'maintenance')")
    await hf.send(Webhook(type="a"))
    await hf.worker().once(10)
    assert target.requests == [] and [(s, n) for s, n, _ in jobs(sql)] == [("ready", 0)]


async def test_a_rate_is_kept(hf, sql, target, endpoint, stands_still):
    """An endpoint's rate is the most it gets; the others wait without using an attempt."""
    await hf.prepare()
    endpoint("ann", target.url, rate_quota=3)
    for _ in range(10):
        await hf.send(Webhook(type="a"))
    await hf.worker().once(10)
    assert len(target.requests) == 3
    assert [attempts for state, attempts, _ in jobs(sql) if state == "ready"] == [0] * 7


async def test_a_dead_endpoint_does_not_delay_the_others(hf, sql, target, endpoint):
    """In the first claim each endpoint has its turn, however much waits for another one."""
    await hf.prepare()
    sql.execute("select set_queue('webhooks-out', '{\"batch\": 10}')")
    endpoint("dead", "http://127.0.0.1:9/", tenant="dead")
    endpoint("ann", target.url, tenant="ann")
    for _ in range(100):
        await hf.send(Webhook(type="a", tenant="dead"))
    await hf.send(Webhook(type="a", tenant="ann"))
    await hf.worker().once(10)
    assert len(target.requests) == 1


async def test_an_event_is_forwarded_as_it_came(hf, sender, sql, target, endpoint):
    """A forward gets the event's bytes and headers as they came, signed; by its id it is found."""
    endpoint("app", target.url, purpose="forward", source="stripe", patterns=["invoice.*"])
    body = sender.event()
    answer = await sender.post(body)
    await sender.post(sender.event(2, type="customer.created"))
    assert answer.json()["jobs"] == 1
    await hf.work(until_idle=True)
    ((_, headers, came),) = target.requests
    assert came == body
    assert {k.lower(): v for k, v in headers.items()}["stripe-signature"].startswith("t=")
    assert headers["Holdfast-Event"] == answer.json()["id"]
    Official(KEY).verify(came, {k.lower(): v for k, v in headers.items()})
    chosen = json.dumps({"message": headers["webhook-id"]})
    found = sql.execute("select endpoint, status from webhook_attempt_list(%s)", [chosen])
    assert found.fetchall() == [("app", 200)]


async def test_the_headers_of_an_event_go_on_as_they_came(hf, sql, target, endpoint):
    """All of one name go on in order, byte for byte; what no request can have stays behind."""
    await hf.prepare()
    endpoint("app", target.url, purpose="forward", source="stripe", headers={"X-ENV": "ours"})
    headers = [
        ["X-Dup", "a"], ["x-dup", "b"], ["X-Name", "caf\u00c3\u00a9"], ["X-Latin", "caf\u00e9"],
        ["X-Ctl", "a\u0001b"], ["X A", "b"], ["x-env", "theirs"], ["Content-Type", "text/plain"],
        ["Webhook-Id", "theirs"],
    ]  # fmt: skip
    statement = "select webhook_receive('stripe', 'evt_1', 'a', null, null, false, %s, %s)"
    sql.execute(statement, [b"{}", json.dumps(headers)])
    await hf.work(until_idle=True)
    (came,) = target.raw
    assert [v for n, v in came if n.lower() == b"x-dup"] == [b"a", b"b"]
    told = {n.lower(): v for n, v in came}
    assert told[b"x-name"] == b"caf\xc3\xa9" and told[b"content-type"] == b"text/plain"
    assert told[b"x-env"] == b"ours" and told[b"webhook-id"].startswith(b"msg_")
    assert not {b"x-latin", b"x-ctl", b"x a"} & {*told}
    assert len([n for n, _ in came if n.lower() in {b"x-env", b"webhook-id"}]) == 2


async def test_a_request_that_can_not_be_written_is_not_the_endpoints_fault(
    hf, sql, target, endpoint
):
    """What fails before anything is sent says nothing about the endpoint: its breaker is shut."""
    await hf.prepare()
    sql.execute("""select set_breaker('endpoint:ann', '{"minimum": 2}')""")
    made = endpoint("ann", target.url, headers={"X-Ctl": "a\u0001b"})
    await hf.send(Webhook(type="a"))
    await hf.work(until_idle=True)
    assert jobs(sql)[0][:2] == ("dead", 4) and jobs(sql)[0][2].startswith("not sent: ValueError")
    sql.execute("update webhook_endpoints set headers = '{}' where id = %s", [made])
    await hf.send(Webhook(type="a"))
    await hf.work(until_idle=True)
    assert len(target.requests) == 1


async def test_a_certificate_that_nobody_vouches_for_is_an_outage(hf, sql, endpoint):
    """An endpoint whose certificate is not good is told so in words, and opens its breaker."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(Path(__file__).parents[3] / "samples" / "tls" / "localhost.pem")
    server = await asyncio.start_server(
        lambda _, writer: writer.close(), "127.0.0.1", 0, ssl=context
    )
    port = server.sockets[0].getsockname()[1]
    await hf.prepare()
    sql.execute("""select set_breaker('endpoint:ann', '{"minimum": 2}')""")
    endpoint("ann", f"https://127.0.0.1:{port}/")
    await hf.send(Webhook(type="a"))
    await hf.worker().once(10)
    told = sql.execute("select outcome, because from webhook_deliveries").fetchone()
    assert told[0] == "retry"
    assert told[1].startswith(f"the certificate of 127.0.0.1:{port} is not accepted: "), told
    assert "(_ssl.c" not in told[1]
    assert sql.execute("select failures > 0 from breakers").fetchone() == (True,)
    server.close()


@pytest.mark.parametrize("how", ["silence", "garbage", "endless", "half", "reset"])
async def test_whatever_the_other_side_does_the_attempt_ends(hf, sql, endpoint, how):
    """A server that is silent, talks garbage or never ends costs one attempt and no more."""

    async def serve(reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        if how == "garbage":
            writer.write(b"\x00\xff hello\r\n\r\n")
        elif how == "half":
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc")
        elif how == "reset":
            writer.transport.abort()
        elif how == "endless":
            writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
            with contextlib.suppress(ConnectionError):
                for _ in range(1000):
                    writer.write(b"1000\r\n" + b"x" * 4096 + b"\r\n")
                    await writer.drain()
        if how != "silence":
            with contextlib.suppress(ConnectionError):
                await writer.drain()
            writer.close()
        else:
            await reader.read()
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    await hf.prepare()
    address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
    endpoint("ann", address, timeout="1 second" if how == "silence" else "20 seconds")
    sql.execute("""select set_queue('webhooks-out', '{"retry_base": "1 hour"}')""")
    await hf.send(Webhook(type="a"))
    async with asyncio.timeout(60):
        await hf.worker().once(10)
    ((state, attempts, because),) = jobs(sql)
    # a 200 that was seen is a 200, whatever becomes of its body
    assert (state, attempts) == ("done" if how in {"endless", "half"} else "ready", 1), because
    server.close()
