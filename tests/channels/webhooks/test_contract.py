"""What a sender is answered when things are not as they should be, row by row."""

import asyncio
import contextlib
import hashlib
import json

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from holdfast.channels.webhooks.schemes import SCHEMES, Secret, sign
from holdfast.channels.webhooks.source import Dated
from holdfast.client import connect
from holdfast.engine import alerts


def one(sql, statement, *args):
    """The first row."""
    return sql.execute(statement, args or None).fetchone()


async def test_a_test_event_at_a_live_source_is_held(
    hf, sending, secret, sql, announced, monkeypatch
):
    """Test instead of live is 200 and held: no handler runs until a person releases the event."""
    monkeypatch.setenv("HOLDFAST_SOURCE_STRIPE_LIVEMODE", "true")

    @hf.on("stripe", "*")
    async def handle(event): ...

    await announced()
    async with sending(hf) as sender:
        answer = await sender.post(sender.event(livemode=False))
    assert answer.status_code == 200 and answer.json()["held"] is True
    assert answer.json()["jobs"] == 0
    event = answer.json()["id"]
    assert "test event" in one(sql, "select held_why from webhook_events")[0]
    assert one(sql, "select webhook_release(%s, 'ann', 'we asked for it')", event) == (1,)
    assert await hf.work(until_idle=True) == 1
    with pytest.raises(psycopg.Error, match="not held"):
        sql.execute("select webhook_release(%s, 'ann')", [event])


async def test_another_account_is_held(hf, sending, secret, sql, monkeypatch):
    """An account that the source does not expect is 200 and held, redelivered or not."""
    monkeypatch.setenv("HOLDFAST_SOURCE_STRIPE_ACCOUNTS", "acct_ours,acct_also_ours")
    await hf.prepare()
    async with sending(hf) as sender:
        ours = await sender.post(sender.event(1, account="acct_ours"))
        other = await sender.post(sender.event(2, account="acct_strange"))
        once_more = await sender.post(sender.event(2, account="acct_strange"))
    assert [a.json().get("held") for a in (ours, other, once_more)] == [None, True, True]
    held = sql.execute("select account from webhook_events where held_why is not null").fetchall()
    assert held == [("acct_strange",)]


async def test_a_known_id_with_another_body_is_held_and_alerted(hf, sender, sql, announced):
    """The same id with other bytes is no redelivery: each is kept, once, held, and told of."""

    @hf.on("stripe", "*")
    async def handle(event): ...

    await announced()
    first = await sender.post(sender.event(1, object_id="in_1"))
    other = await sender.post(sender.event(1, object_id="in_2"))
    assert other.status_code == 200
    assert other.json() == {**other.json(), "duplicate": True, "held": True, "jobs": 0}
    assert other.json()["id"] == first.json()["id"]
    bodies = sql.execute("select held_why is not null, object_id from webhook_events order by id")
    assert bodies.fetchall() == [(False, "in_1"), (True, "in_2")]
    (alert,) = await hf.run(alerts.alert_list())
    assert alert["key"] == "webhooks.mismatch:stripe"
    assert one(sql, "select count(*) from jobs") == (1,)
    for _ in range(2):  # the second time each is known
        for number in range(10, 20):
            answer = await sender.post(sender.event(1, object_id=f"in_{number}"))
            assert answer.status_code == 200 and answer.json()["held"] is True
    kept = sql.execute("select object_id from webhook_events where held_why is not null").fetchall()
    assert sorted(kept) == [*((f"in_{number}",) for number in range(10, 20)), ("in_2",)]


async def test_a_signed_address_is_kept_with_what_was_posted_to_it(
    hf, sending, sql, holdfast, monkeypatch
):
    """Behind a proxy Twilio signs what it posts to, query and all; stored, it verifies again.

    A conference tells many things of one call: each is an event, and the same once more is none.
    """
    public = "https://us.example/hooks/twilio"
    setting = {
        "HOLDFAST_SOURCE_TWILIO_SECRETS": "token",
        "HOLDFAST_SOURCE_TWILIO_PUBLIC_URL": public,
    }
    for name, value in setting.items():
        monkeypatch.setenv(name, value)
    form = ("Content-Type", "application/x-www-form-urlencoded")
    calls = [(f"t{n}", f"CallSid=CA1&StatusCallbackEvent={n}".encode()) for n in ("join", "leave")]
    spoken = b'{"CallSid": "CA1", "text": "hello"}'
    query = f"?bodySHA256={hashlib.sha256(spoken).hexdigest()}&n=1"
    await hf.prepare()
    async with sending(hf) as sender:

        async def post(body, more, query=""):
            headers = dict(
                [*more, *sign(SCHEMES["twilio"], body, "token", timestamp=0, event_id="",
                              url=f"{public}{query}", headers=more)]
            )  # fmt: skip
            return await sender.post(body, source=f"twilio{query}", headers=headers)

        for token, body in [*calls, *calls]:
            await post(body, [form, ("I-Twilio-Idempotency-Token", token)])
        told = await post(spoken, [("Content-Type", "application/json")], query)
        assert told.status_code == 200, told
    stored = sql.execute(
        "select url, held_why, id::text from webhook_events order by id"
    ).fetchall()
    assert [row[:2] for row in stored] == [(public, None)] * 2 + [(f"{public}{query}", None)]
    for *_, event in stored:
        code, out, _ = await holdfast("webhooks", "verify", event, **setting)
        assert code == 0 and "verifies" in out


async def test_what_stripe_itself_changes_is_no_other_body(sender, sql):
    """`pending_webhooks` counts down between deliveries of one event: that is a redelivery."""
    await sender.post(sender.event(1, pending_webhooks=2))
    again = await sender.post(sender.event(1, pending_webhooks=1))
    assert again.json()["duplicate"] is True and "held" not in again.json()
    assert one(sql, "select redeliveries, mismatches from webhook_keys") == (1, 0)


async def test_a_redelivery_finds_the_handler_that_was_missing(hf, sender, sql, announced):
    """An event that came before there was a handler gets its job when it is sent again."""
    await sender.post(sender.event())
    assert one(sql, "select count(*) from jobs") == (0,)

    @hf.on("stripe", "*")
    async def handle(event): ...

    await announced()
    for _ in range(2):
        await sender.post(sender.event())
    assert one(sql, "select count(*), max(kind) from jobs")[0] == 1
    assert one(sql, "select cardinality(jobs) from webhook_events") == (1,)


@pytest.mark.parametrize("revive", [True, False])
async def test_a_resend_revives_what_died_where_the_source_says_so(
    hf, sender, sql, announced, revive
):
    """Sent again after its job died: replayed if the source says `revive`, else left to people."""
    tries = []

    @hf.on("stripe", "*")
    async def handle(event):
        from holdfast import Dead

        tries.append(event.attempt)
        return Dead("no") if len(tries) == 1 else None

    await announced()
    changes = json.dumps({"revive": revive})
    sql.execute("select webhook_set_source('stripe', %s, 'ann')", [changes])
    await sender.post(sender.event())
    await hf.work(until_idle=True)
    assert one(sql, "select state from jobs") == ("dead",)
    again = await sender.post(sender.event())
    assert again.status_code == 200 and again.json()["duplicate"] is True
    await hf.work(until_idle=True)
    assert one(sql, "select state from jobs") == ("done" if revive else "dead",)


async def test_a_commit_of_unknown_outcome_is_503_and_safe_to_send_again(dsn, sql, sending, secret):
    """The connection breaks after the server committed: 503, and sent again it is a duplicate."""
    async with cutting(dsn) as (through, cut):
        hf = connect(through)
        await hf.prepare()
        async with sending(hf) as sender:
            for number in (10, 11, 12):  # by then the statement is prepared, and is one message
                assert (await sender.post(sender.event(number))).status_code == 200
            cut.set()  # from now on the server's answers do not get through
            lost = await sender.post(sender.event(2))
            cut.clear()
            assert lost.status_code == 503 and lost.headers["Retry-After"] == "5"
            again = await sender.post(sender.event(2))
        assert again.status_code == 200 and again.json()["duplicate"] is True
        await hf.close()
    assert one(sql, "select count(*) from webhook_events") == (4,)


@contextlib.asynccontextmanager
async def cutting(dsn):
    """A way to the database on which the server's answers can be cut off."""
    parts = conninfo_to_dict(dsn)
    cut = asyncio.Event()

    async def join(reader, writer):
        where = f"{parts['host']}/.s.PGSQL.{parts.get('port', '5432')}"
        theirs, ours = await asyncio.open_unix_connection(where)
        with contextlib.suppress(ConnectionError):
            async with asyncio.TaskGroup() as group:
                group.create_task(_pump(reader, ours))
                group.create_task(_pump(theirs, writer, cut))
        for end in (ours, writer):
            end.close()

    server = await asyncio.start_server(join, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    try:
        yield make_conninfo(dsn, host="127.0.0.1", port=port), cut
    finally:
        server.close()


async def _pump(reader, writer, cut=None):
    while data := await reader.read(65_536):
        if cut is not None and cut.is_set():
            raise ConnectionResetError
        writer.write(data)
        await writer.drain()
    raise ConnectionResetError


@pytest.mark.parametrize("sqlstate", ["53100", "53300", "57P03", "40P01", "25006"])
async def test_a_server_that_can_not_write_is_503(sender, sql, sqlstate):
    """Disk full, no connections left, starting up, deadlock, read-only: 503, to come again."""
    sql.execute(f"""
        create or replace function id_of_batch(p_batch uuid, p_n bigint)
        returns uuid language plpgsql as
        $$ begin raise exception 'no' using errcode = '{sqlstate}'; end $$""")
    answer = await sender.post(sender.event())
    assert answer.status_code == 503 and answer.headers["Retry-After"] == "5"
    assert one(sql, "select count(*) from webhook_keys") == (0,)


async def test_a_database_that_hangs_is_503_before_the_sender_gives_up(sender, sql, dsn, later):
    """A commit that does not come in eight seconds is 503; the event may be stored, once."""
    assert (await sender.post(sender.event(0))).status_code == 200
    with psycopg.connect(dsn) as other:
        other.execute("lock table holdfast.webhook_keys in access exclusive mode")
        first = asyncio.create_task(sender.post(sender.event(1)))
        await later(4)
        second = asyncio.create_task(sender.post(sender.event(2)))
        await later(1)
        assert not first.done()
        await later(3.5)
        assert (await first).status_code == 503
        assert not second.done()  # each has its own eight seconds
        await later(6)
        assert (await second).status_code == 503
        other.rollback()
    for number in (1, 2):
        assert (await sender.post(sender.event(number))).status_code == 200
    assert one(sql, "select count(*) from webhook_events") == (3,)


async def test_sources_that_cannot_be_looked_at_are_503_in_time(sender, dsn, later, eventually):
    """What does not verify is looked into for eight seconds at most, then it is 503."""
    with psycopg.connect(dsn) as other:
        other.execute("lock table holdfast.webhook_sources in access exclusive mode")
        asking = asyncio.create_task(sender.post(b"{}", headers={}))
        await later(8)
        await eventually(asking.done)
        assert asking.result().status_code == 503 and asking.result().headers["Retry-After"] == "5"
        other.rollback()
    assert (await sender.post(b"{}", headers={})).status_code == 400


async def test_the_usual_causes_of_a_refusal_are_found(sender, sql, eventually):
    """Whoever looks at what was refused reads the cause; the sender does not."""
    old, new = _file("whsec_the_old_one"), _file("whsec_the_new_one")
    sql.execute("select webhook_set_source('stripe', '{}', 'ann')")
    add = "select webhook_add_secret('source:stripe', %s, 'ann', null, %s)"
    sql.execute(add, [f"file:{old}", None])
    sql.execute(add, [f"file:{new}", "0 seconds"])
    body = sender.event(1)
    rewritten = json.dumps(json.loads(body), indent=2).encode()
    for sent, secret, says in (
        (rewritten, "whsec_the_new_one", "wrote it anew"),
        (body, "whsec_the_old_one", "has it ended?"),
    ):
        signature = sender.signature(body, secret)
        answer = await sender.post(sent, headers={"Stripe-Signature": signature})
        assert answer.status_code == 400 and says not in answer.json()["detail"]
        (latest,) = await eventually(
            lambda says=says: sql.execute(
                "select latest from webhook_refusal_list() where latest like %s", [f"%{says}%"]
            ).fetchone()
        )
        assert "whsec_the" not in latest


async def test_a_secret_that_was_just_added_costs_no_valid_event(sender, sql):
    """A refusal is never from memory alone: an event signed with a secret of this moment is 200."""
    fresh = "whsec_of_this_moment"
    refused = await sender.post(sender.event(1), secret=fresh)
    assert refused.status_code == 400
    sql.execute("select webhook_set_source('stripe', '{}', 'ann')")
    sql.execute("select webhook_add_secret('source:stripe', 'file:' || %s, 'ann')", [_file(fresh)])
    taken = await sender.post(sender.event(1), secret=fresh)
    assert taken.status_code == 200


def _file(text):
    import tempfile

    with tempfile.NamedTemporaryFile("w", delete=False, suffix=".secret") as file:
        file.write(text)
    return file.name


async def test_a_secret_is_good_within_its_dates_only(sender, sql):
    """A secret verifies from its not-before on and until its end, not earlier and not later."""
    sql.execute("""select webhook_set_source('billing', '{"scheme": "stripe"}', 'ann')""")
    add = "select webhook_add_secret('source:billing', %s, 'ann', now() + %s::interval)"
    (early,) = one(sql, add, f"file:{_file('whsec_now')}", "-1 hour")
    sql.execute(add, [f"file:{_file('whsec_tomorrow')}", "1 day"])

    async def post(number, secret):
        answer = await sender.post(sender.event(number), secret=secret, source="billing")
        return answer.status_code

    assert [await post(1, "whsec_now"), await post(2, "whsec_tomorrow")] == [200, 400]
    sql.execute("select webhook_end_secret(%s, 'ann')", [early])
    await sender.post(b"{}", headers={}, source="billing")  # a refusal looks at the database anew
    assert await post(3, "whsec_now") == 500  # no secret is good now: our mistake, to come again
    dated = Dated(Secret("s", "whsec_x"), not_before=10.0, not_after=20.0)
    assert [dated.is_good(now) for now in (9.9, 10.0, 19.9, 20.0)] == [False, True, True, False]


async def test_a_secret_is_rolled_under_load_without_one_refusal(sender, sql, tmp_path):
    """While senders go from the old secret to the new one, every valid event is taken."""
    old, new = tmp_path / "old", tmp_path / "new"
    old.write_text("whsec_the_old_one\n")
    new.write_text("whsec_the_new_one\n")
    sql.execute("""select webhook_set_source('billing', '{"scheme": "stripe"}', 'ann')""")
    add = "select webhook_add_secret('source:billing', %s, 'ann', null, %s)"
    sql.execute(add, [f"file:{old}", None])
    secret_in_use = "whsec_the_old_one"
    codes = []

    async def send(number):
        answer = await sender.post(sender.event(number), secret=secret_in_use, source="billing")
        codes.append(answer.status_code)

    for number in range(300):
        if number == 100:
            sql.execute(add, [f"file:{new}", "1 hour"])
            secret_in_use = "whsec_the_new_one"
        if number % 10:
            await send(number)
        else:
            await asyncio.gather(*(send(number * 1000 + n) for n in range(20)))
    assert set(codes) == {200}
    used = sql.execute("select count(distinct verified_by) from webhook_events").fetchone()
    assert used == (2,)


async def test_a_storm_of_duplicates_has_each_effect_once(hf, sender, sql, announced):
    """A thousand concurrent posts of a hundred events: all are 200, each has one effect."""

    @hf.on("stripe", "*")
    async def handle(event): ...

    await announced()
    answers = await asyncio.gather(
        *(sender.post(sender.event(number % 100)) for number in range(1000))
    )
    assert {a.status_code for a in answers} <= {200, 429}
    again = [n for n, a in enumerate(answers) if a.status_code == 429]
    for number in again:
        assert (await sender.post(sender.event(number % 100))).status_code == 200
    assert one(sql, "select count(*) from webhook_events") == (100,)
    assert one(sql, "select count(*), count(distinct payload) from jobs") == (100, 100)
    assert one(sql, "select sum(redeliveries), sum(mismatches) from webhook_keys") == (900, 0)


async def test_one_bad_event_of_a_batch_does_not_harm_the_others(hf, sender, sql, announced):
    """Events that share a commit are answered each for itself: a bad one alone is 422."""

    @hf.on("stripe", "good")
    async def good(event): ...

    await announced()
    sql.execute(
        "insert into webhook_handlers values ('x', 'other', 'x', 'stripe', 'bad', 'nowhere', now())"
    )
    answers = await asyncio.gather(
        *(sender.post(sender.event(n, type="bad" if n == 7 else "good")) for n in range(20))
    )
    codes = [a.status_code for a in answers]
    assert codes[7] == 422 and codes[:7] + codes[8:] == [200] * 19
    assert one(sql, "select count(*) from webhook_events") == (19,)
