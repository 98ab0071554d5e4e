"""What a person is told of what was sent, and how it is sent again."""

import asyncio
import json
from uuid import uuid4

import psycopg
import pytest
from aiohttp import web
from psycopg.conninfo import make_conninfo
from tests.channels.webhooks.outbound.conftest import jobs

from holdfast import InvalidInput, Webhook
from holdfast.channels.webhooks.outbound import change
from holdfast.channels.webhooks.outbound import endpoint as endpoints
from holdfast.client import connect


async def test_what_was_answered_is_seen_with_what_was_sent(hf, sql, target, endpoint, holdfast):
    """`deliveries` shows of each attempt the type, the webhook-id, and how the answer begins."""
    await hf.prepare()
    endpoint("ann", target.url)
    target.script = [web.Response(status=400, text="no such order\nask Bo")]
    await hf.send(Webhook(type="order.paid", id="order-7"))
    await hf.work(until_idle=True)
    await hf.send(Webhook(type="user.made"))
    await hf.work(until_idle=True)
    _, out, complaints = await holdfast("endpoints", "deliveries", "ann", "--failed", "--json")
    (told,) = json.loads(out)
    assert told["answer"] == "no such order\nask Bo" and told["status"] == 400, complaints
    assert told["message_id"] == "order-7" and told["type"] == "order.paid"
    _, out, _ = await holdfast("endpoints", "deliveries", "--type", "user.*", "--since", "1h")
    assert "user.made" in out and "order.paid" not in out
    _, out, _ = await holdfast("endpoints", "deliveries", "--until", "1h", "--json")
    assert json.loads(out) == []


async def test_an_id_that_is_almost_an_identity_is_found(hf, sql):
    """A webhook-id of yours may be hexadecimal digits and dashes, and need not be a UUID."""
    await hf.prepare()
    given = "1-2345678123456781234567812345678"
    receipt = await hf.send(Webhook(type="a", id=given))
    found = "select webhook_message_find(%s)"
    assert sql.execute(found, [given]).fetchone() == (receipt.id,)
    assert sql.execute(found, [receipt.id.hex]).fetchone() == (receipt.id,)


async def test_a_message_stays_for_what_was_edited(hf, sql, target, endpoint):
    """The delivery that an edited replay made is shown with its message, and keeps it."""
    await hf.prepare()
    endpoint("ann", target.url)
    target.script = [web.Response(status=400)]
    receipt = await hf.send(Webhook(type="a"))
    await hf.work(until_idle=True)
    mistyped = """'{"message": "0-0"}'"""
    sql.execute(f"select enqueue('webhooks-out', 'webhook:out', {mistyped})")
    edit = """select id, replay(id, 'ann', 'ours', payload || '{"why": 1}') from dead_letters"""
    ((job, made),) = sql.execute(edit).fetchall()
    assert sql.execute("select webhook_follow_edits()").fetchone() == (1,)
    told = sql.execute("select webhook_message_show(%s)", [receipt.id]).fetchone()[0]
    states = {one["job"]: one["state"] for one in told["endpoints"]}
    assert states == {str(job): "cancelled", str(made): "ready"}
    ready = """select id, state from webhook_message_list('{"state": "ready"}')"""
    assert sql.execute(ready).fetchall() == [(receipt.id, "ready")]


@pytest.mark.parametrize(
    ("body", "shown"), [(b"\xff{}", "\\377{}"), (b"a\x00b", "a\\000b"), ("ä".encode(), "ä")]
)
def test_a_message_of_bytes_is_shown(sql, body, shown):
    """What SQL has sent is shown, also if it is no text."""
    sql.execute("select webhook_send('m', 'a', %s)", [body])
    show = "select webhook_message_show(id) ->> 'body' from webhook_messages"
    assert sql.execute(show).fetchone() == (shown,)


async def test_a_slow_answer_is_kept_as_a_whole(hf, target, endpoint, sql):
    """Of an answer that comes in pieces its beginning is kept, not only its first piece."""
    await hf.prepare()
    endpoint("ann", target.url)

    async def in_pieces(request):
        answer = web.StreamResponse(status=400)
        await answer.prepare(request)
        for piece in (b"the order ", b"is not ", b"known"):
            await answer.write(piece)
            for _ in range(100):  # who reads is in this loop, too
                await asyncio.sleep(0)
        await answer.write_eof()
        return answer

    target.script = [in_pieces]
    await hf.send(Webhook(type="a"))
    await hf.work(until_idle=True)
    assert sql.execute("select answer from webhook_deliveries").fetchall() == [
        ("the order is not known",)
    ]


async def test_a_message_is_found_by_what_the_customer_saw(hf, target, endpoint, holdfast):
    """`message` takes the webhook-id or what `send` returned: its body, endpoints and attempts."""
    await hf.prepare()
    endpoint("ann", target.url, tenant="ann")
    endpoint("ann-2", target.url + "2", tenant="ann")
    target.script = [web.Response(status=404, text="gone fishing")]
    receipt = await hf.send(Webhook(type="a", data={"n": 1}, tenant="ann"))
    await hf.work(until_idle=True)
    seen = target.requests[0][1]["webhook-id"]
    _, out, complaints = await holdfast("endpoints", "message", seen, "--json")
    shown = json.loads(out)
    assert shown["id"] == str(receipt.id) and '"n":1' in shown["body"], complaints
    assert sorted(one["state"] for one in shown["endpoints"]) == ["dead", "done"]
    assert sorted(one["answer"] for one in shown["attempts"]) == ["", "gone fishing"]
    _, again, _ = await holdfast("endpoints", "message", str(receipt.id), "--json")
    assert json.loads(again) == shown
    code, _, complaints = await holdfast("endpoints", "message", "msg_none")
    assert code == 1 and "endpoints messages" in complaints


async def test_a_message_of_thousands_is_shown_in_part(hf, sql, holdfast):
    """A hundred endpoints and attempts of a message are shown, and it says where all are."""
    await hf.prepare()
    sql.execute(
        """select count(webhook_add_endpoint('e' || n, '{"url": "https://ann.example"}', 'ann'))
        from generate_series(1, 105) n"""
    )
    await hf.send(Webhook(type="a", id="m1"))
    await hf.send(Webhook(type="a", id="m2"))
    sql.execute(
        """insert into webhook_deliveries (endpoint, subject, job, attempt, outcome,
                                           duration_ms, at)
        select g, m.id, g, n, 'retry', 1, clock() from webhook_messages m, unnest(m.jobs) g,
        generate_series(1, 2) n"""
    )
    code, out, complaints = await holdfast("endpoints", "message", "m1", "--json")
    assert code == 0, complaints
    shown = json.loads(out)
    assert (len(shown["endpoints"]), len(shown["attempts"])) == (100, 100)
    assert "messages --message m1" in shown["more_endpoints"]
    assert "deliveries --message m1" in shown["more_attempts"]
    for kind, count in (("messages", 105), ("deliveries", 210)):
        _, out, _ = await holdfast(
            "endpoints", kind, "--message", "m1", "--json", "--limit", "1000"
        )
        rows = json.loads(out)
        assert len(rows) == count and {row["message_id"] for row in rows} == {"m1"}


async def test_the_messages_and_how_they_stand(hf, sql, target, endpoint, holdfast):
    """`messages` has a row for each endpoint, also for what nobody wanted; by state, type, time."""
    await hf.prepare()
    endpoint("ann", target.url, tenant="ann")
    target.script = [web.Response(status=400)]
    await hf.send(Webhook(type="order.paid", tenant="ann", id="m1"))
    await hf.work(until_idle=True)
    await hf.send(Webhook(type="order.made", tenant="anne", id="m2"))
    sql.execute("select webhook_set_endpoint_state('ann', 'paused', 'bo')")
    await hf.send(Webhook(type="user.made", tenant="ann", id="m3"))
    await hf.work(until_idle=True)

    async def listed(*args):
        _, out, complaints = await holdfast("endpoints", "messages", *args, "--json")
        return [(m["message_id"], m["endpoint"], m["state"]) for m in json.loads(out or complaints)]

    everything = [("m3", "ann", "held"), ("m2", None, "nobody"), ("m1", "ann", "dead")]
    assert await listed() == everything
    assert await listed("ann") == [everything[0], everything[2]]
    assert await listed("--state", "nobody") == [everything[1]]
    assert await listed("ann", "--state", "held") == [everything[0]]
    assert await listed("--type", "order.*", "--tenant", "ann") == [everything[2]]
    assert await listed("--until", "1h") == []
    code, _, complaints = await holdfast("endpoints", "messages", "--since", "banana")
    assert code == 1 and "2h" in complaints


async def test_what_failed_at_an_endpoint_is_sent_again(hf, sql, target, endpoint, holdfast):
    """`recover` sends the dead letters of one endpoint again since a time, with the same ids."""
    await hf.prepare()
    for name in ("ann", "bob"):
        endpoint(name, f"{target.url}/{name}", tenant=name)
    target.script = [web.Response(status=400) for _ in range(3)]
    for tenant, id_ in (("ann", "old"), ("ann", "new"), ("bob", "other")):
        await hf.send(Webhook(type="a", tenant=tenant, id=id_))
    await hf.work(until_idle=True)
    sql.execute(
        "update dead_letters set died_at = died_at - interval '1 day' where payload ->> 'message' "
        "= (select id::text from webhook_messages where message_id = 'old')"
    )
    target.requests.clear()
    _, out, complaints = await holdfast("endpoints", "recover", "ann", "--since", "2h", "--dry-run")
    assert "1 that failed would be sent again" in out, complaints
    assert await hf.run(endpoints.recover("ann", "2h", "bo", dry_run=True)) == (1, 0)
    await holdfast("endpoints", "recover", "ann", "--since", "2h", "--why", "they mended it")
    await hf.work(until_idle=True)
    assert [headers["webhook-id"] for _, headers, _ in target.requests] == ["new"]
    assert sorted(state for state, _, _ in jobs(sql)) == ["dead", "dead", "done"]


async def test_what_an_endpoint_never_got_is_sent_to_it(hf, target, endpoint):
    """With `missing` an endpoint gets once what was sent before it was made, and that it wants."""
    await hf.prepare()
    for kind in ("order.paid", "user.made"):
        await hf.send(Webhook(type=kind, tenant="ann", id=kind))
    await hf.send(Webhook(type="order.paid", tenant="bob"))
    endpoint("ann", target.url, tenant="ann", patterns=["order.*"])
    call = endpoints.recover("ann", "1h", missing=True, dry_run=True)
    assert await hf.run(call) == (0, 1)
    assert await hf.run(endpoints.recover("ann", "1h", missing=True)) == (0, 1)
    assert await hf.run(endpoints.recover("ann", "1h", missing=True)) == (0, 0)
    await hf.work(until_idle=True)
    assert [headers["webhook-id"] for _, headers, _ in target.requests] == ["order.paid"]
    assert await hf.run(endpoints.recover("ann", "1h", missing=True)) == (0, 0)


async def test_what_two_send_again_is_sent_once(hf, sql, dsn, target, endpoint, eventually):
    """Whoever recovers what somebody else recovers at the same time waits, and finds nothing."""
    await hf.prepare()
    for number in range(3):
        await hf.send(Webhook(type="order.paid", tenant="ann", id=f"m{number}"))
    endpoint("ann", target.url, tenant="ann")
    async with await psycopg.AsyncConnection.connect(dsn) as connection:
        first = await hf.run(endpoints.recover("ann", "1h", missing=True), using=connection)
        other = asyncio.create_task(hf.run(endpoints.recover("ann", "1h", missing=True)))
        waits = "select count(*) from pg_locks where not granted"
        await eventually(lambda: sql.execute(waits).fetchone() == (1,))
    assert (first, await other) == ((0, 3), (0, 0))
    await hf.work(until_idle=True)
    assert len(target.requests) == 3


async def test_who_may_only_read_goes_from_page_to_page(hf, sql, target, endpoint):
    """The role of readers is enough for the lists of messages and deliveries, and their pages."""
    await hf.prepare()
    endpoint("ann", target.url)
    await hf.send(Webhook(type="a", id="m1"))
    await hf.send(Webhook(type="a", id="m2"))
    await hf.work(until_idle=True)
    sql.execute("set role holdfast_read")
    lists = {"webhook_message_list": "id || '/' || job", "webhook_attempt_list": "at || '/' || job"}
    for function, place in lists.items():
        (ended,) = sql.execute(f"select {place} from {function}('{{}}', 1)").fetchone()
        page = f"select count(*) from {function}(jsonb_build_object('before', %s::text))"
        assert sql.execute(page, [ended]).fetchone() == (1,)
    sql.execute("reset role")


async def test_who_may_only_read_sees_an_endpoint(hf, sql, dsn, target, endpoint):
    """The role of readers is shown an endpoint, but for its secrets."""
    await hf.prepare()
    endpoint("ann", target.url)
    role = f"reader_{uuid4().hex[:8]}"
    sql.execute(f"create role {role} login in role holdfast_read")
    reader = connect(make_conninfo(dsn, user=role))
    try:
        told = await change.show(reader.services, "ann")
        assert told.fields["name"] == "ann" and "does not see" in told.fields["secrets"]
    finally:
        await reader.close()
        sql.execute(f"drop role {role}")


async def test_a_forward_never_got_events(hf, target, endpoint):
    """What a forward missed are events: `recover` says with which command they come again."""
    await hf.prepare()
    endpoint("app", target.url, purpose="forward", source="stripe")
    assert await hf.run(endpoints.recover("app", "1h")) == (0, 0)
    with pytest.raises(InvalidInput, match="webhooks replay --source stripe"):
        await hf.run(endpoints.recover("app", "1h", missing=True))
