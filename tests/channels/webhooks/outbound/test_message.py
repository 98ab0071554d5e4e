"""A message that is sent: to whom it goes, what its id stands for, what is refused."""

import asyncio
import json
from datetime import datetime

import pytest
from standardwebhooks import Webhook as Official
from tests.channels.webhooks.outbound.conftest import KEY, jobs

from holdfast import InvalidInput, Webhook


async def test_a_message_goes_to_each_endpoint_that_wants_it(hf, sql, target, endpoint):
    """`hf.send(Webhook(...))` delivers to the tenant's endpoints whose patterns want the type."""
    await hf.prepare()
    endpoint("ann", target.url, tenant="ann", patterns=["order.*"])
    endpoint("ann-all", target.url + "2", tenant="ann")
    endpoint("bob", target.url + "3", tenant="bob")
    receipt = await hf.send(Webhook(type="order.paid", data={"n": 1}, tenant="ann", id="msg_1"))
    await hf.send(Webhook(type="user.made", tenant="ann"))
    again = await hf.send(Webhook(type="order.paid", data={"n": 1}, tenant="ann", id="msg_1"))
    assert again.duplicate and again.id == receipt.id
    await hf.work(until_idle=True)
    paths = sorted(path for path, _, _ in target.requests)
    assert paths == ["/in", "/in2", "/in2"]
    _, headers, body = next(r for r in target.requests if r[0] == "/in")
    assert json.loads(body)["data"] == {"n": 1}
    assert headers["webhook-id"] == "msg_1" and headers["Holdfast-Attempt"] == "1"
    Official(KEY).verify(body, {k.lower(): v for k, v in headers.items()})


async def test_an_id_has_one_effect_also_at_the_same_time(hf, sql, target, endpoint):
    """Of many that send the same id at the same time one is the first; nobody gets an error."""
    await hf.prepare()
    endpoint("ann", target.url)
    message = Webhook(type="order.paid", data={"n": 1, "m": [2]}, id="order-7")
    receipts = await asyncio.gather(*(hf.send(message) for _ in range(12)))
    assert sorted(r.duplicate for r in receipts) == [False] + [True] * 11
    assert len({r.id for r in receipts}) == 1
    await hf.work(until_idle=True)
    assert len(target.requests) == 1


async def test_an_id_is_the_tenants_own(hf, sql, target, endpoint):
    """Two tenants may have the same id; each gets what was sent to it."""
    await hf.prepare()
    for tenant in ("ann", "bob"):
        endpoint(tenant, target.url, tenant=tenant)
        receipt = await hf.send(Webhook(type="a", data=tenant, tenant=tenant, id="order-7"))
        assert not receipt.duplicate
    await hf.work(until_idle=True)
    assert sorted(json.loads(body)["data"] for body in target.bodies) == ["ann", "bob"]


async def test_another_message_under_a_known_id_is_refused(hf, sql, endpoint):
    """What differs in type, data or endpoint is told of; the order of keys and the time is not."""
    await hf.prepare()
    endpoint("ann", "http://127.0.0.1:9/")
    sent = await hf.send(Webhook(type="a", data={"x": 1, "y": 2}, id="7"))
    again = await hf.send(Webhook(type="a", data={"y": 2, "x": 1}, id="7"))
    assert again.duplicate and again.id == sent.id
    for other in (
        Webhook(type="b", data={"x": 1, "y": 2}, id="7"), Webhook(type="a", data={"x": 2}, id="7"),
        Webhook(type="a", data={"x": 1, "y": 2}, id="7", endpoint="ann"),
    ):  # fmt: skip
        with pytest.raises(InvalidInput, match='something else was sent with the id "7"'):
            await hf.send(other)
    assert sql.execute("select count(*) from webhook_messages").fetchone() == (1,)
    assert len(jobs(sql)) == 1


async def test_who_may_only_send_sends(hf, sql, endpoint):
    """The role of senders is enough to send a message, to send it again, and to be refused."""
    import psycopg

    await hf.prepare()
    endpoint("ann", "http://127.0.0.1:9/")
    send = "select duplicate from webhook_send('7', %s, %s)"
    sql.execute("set role holdfast_enqueue")
    assert sql.execute(send, ["a", b'{"n": 1, "timestamp": 1}']).fetchone() == (False,)
    assert sql.execute(send, ["a", b'{"timestamp": 2, "n": 1}']).fetchone() == (True,)
    for other in (b'{"n": 2}', b"no json", b"[]"):
        with pytest.raises(psycopg.Error, match="something else was sent"):
            sql.execute(send, ["a", other])
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        sql.execute("update webhook_messages set body = ''")
    sql.execute("reset role")
    assert len(jobs(sql)) == 1


@pytest.mark.parametrize("wrong", ["", " a", "a ", "a\nb", "a\tb", "\u00e4", "a" * 201])
async def test_an_id_is_one_that_the_receiver_can_verify(hf, wrong):
    """An id that would not arrive as the header that was signed is refused when it is sent."""
    await hf.prepare()
    with pytest.raises(InvalidInput, match="ASCII"):
        await hf.send(Webhook(type="a", id=wrong))
    assert not (await hf.send(Webhook(type="a", id="paid: order 7/b.c"))).duplicate


@pytest.mark.parametrize(
    "wrong",
    [{"type": 5}, {"type": None}, {"tenant": 7}, {"id": 7}, {"timestamp": "2026-01-01"},
     {"timestamp": datetime.fromisoformat("2026-01-01")},
     {"timestamp": datetime.fromisoformat("9999-12-31T23:59:59-14:00")},
     {"timestamp": datetime.fromisoformat("0001-01-01T00:00:00+14:00")}],
)  # fmt: skip
async def test_what_is_no_text_and_no_moment_is_refused(hf, wrong):
    """A type, tenant or id that is no text, and a time without a zone, are refused in words."""
    await hf.prepare()
    with pytest.raises(InvalidInput, match="of a webhook is a"):
        await hf.send(Webhook(**{"type": "a", **wrong}))


async def test_what_is_sent_in_a_transaction_goes_with_it(hf, sql, target, endpoint, dsn):
    """With `using=` a message is sent if and only if the caller's transaction commits."""
    import psycopg

    await hf.prepare()
    endpoint("ann", target.url)
    with psycopg.connect(dsn) as connection:
        hf.sync.send(Webhook(type="a"), using=connection)
        connection.rollback()
        hf.sync.send(Webhook(type="b"), using=connection)
    await hf.work(until_idle=True)
    assert [json.loads(body)["type"] for body in target.bodies] == ["b"]


async def test_a_message_that_can_not_be_sent_is_refused(hf, sql):
    """What is no JSON, too large or of no type is refused before anything is stored."""
    await hf.prepare()
    for wrong in (
        Webhook(type="a", data=float("nan")), Webhook(type="a", data="x" * 1_100_000),
        Webhook(type=""), Webhook(type="a", id="x" * 201),
    ):  # fmt: skip
        with pytest.raises(InvalidInput):
            await hf.send(wrong)
    assert sql.execute("select count(*) from webhook_messages").fetchone() == (0,)
