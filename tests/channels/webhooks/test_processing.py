"""What becomes of stored events: order, deadlines, batches, handlers in a transaction."""

import asyncio
import base64
import functools
import json
import time
from datetime import timedelta

import psycopg
import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from holdfast import ConfigError
from holdfast.channels.webhooks.schemes import SCHEMES, sign


def one(sql, statement, *args):
    """The first row."""
    return sql.execute(statement, args or None).fetchone()


async def test_events_of_one_object_run_in_their_order(
    hf, sender, sql, announced, work, eventually
):
    """Of a same-second shuffle each object's events are handled in arrival order, never at once."""
    seen, running = [], set()

    @hf.on("stripe", "*", ordering="object")
    async def handle(event):
        assert event.object_id not in running
        running.add(event.object_id)
        await asyncio.sleep(0)
        running.discard(event.object_id)
        seen.append((event.object_id, event.event_id))

    await announced()
    arrived = []
    for number in range(60):
        object_id = f"in_{number % 5}"
        answer = await sender.post(sender.event(number, object_id=object_id))
        arrived.append((object_id, f"evt_{number}"))
        assert answer.status_code == 200
    async with work():
        await eventually(lambda: len(seen) == 60)
    for number in range(5):
        mine = f"in_{number}"
        assert [e for e in seen if e[0] == mine] == [e for e in arrived if e[0] == mine]


async def test_a_batch_is_for_every_handler_of_a_type_in_it(
    hf, sending, sql, announced, holdfast, monkeypatch
):
    """A handler or a forward that wants the type of any event of a batch gets the batch, once."""
    key = ec.generate_private_key(ec.SECP256R1())
    public = key.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    monkeypatch.setenv("HOLDFAST_SOURCE_SENDGRID_SECRETS", base64.b64encode(public).decode())
    seen = []

    @hf.on("sendgrid", "bounce")
    async def bounced(event):
        seen.append((event.type, event.types, [part["event"] for part in event.data]))

    @hf.on("sendgrid", "o*n")
    async def opened(event):
        seen.append(event.types)

    await announced()
    endpoint = {"purpose": "forward", "source": "sendgrid", "url": "http://127.0.0.1:9/",
                "patterns": ["bou*"]}  # fmt: skip
    sql.execute("select webhook_add_endpoint('app', %s, 'ann')", [json.dumps(endpoint)])

    async def post(*types):
        body = json.dumps([{"event": name} for name in types]).encode()
        stamp = str(int(time.time()))
        signature = key.sign(stamp.encode() + body, ec.ECDSA(hashes.SHA256()))
        name = "X-Twilio-Email-Event-Webhook"
        headers = {
            f"{name}-Timestamp": stamp,
            f"{name}-Signature": base64.b64encode(signature).decode(),
        }
        async with sending(hf) as other:
            return (await other.post(body, source="sendgrid", headers=headers)).json()

    mixed = ("delivered", "bounce", "bounce", "dropped")
    told = [await post(*mixed), await post("open"), await post("delivered", "processed")]
    assert [answer["jobs"] for answer in told] == [3, 2, 1]  # the email channel hears it, too
    await hf.work(until_idle=True, queues=["webhooks"])
    assert sorted(seen, key=str) == [
        ("delivered", ("delivered", "bounce", "dropped"), list(mixed)), ("open",)]  # fmt: skip
    code, out, complaints = await holdfast("webhooks", "replay", "--type", "bounce", "--dry-run",
                                           "--json")  # fmt: skip
    assert code == 0 and json.loads(out)["matching"] == 1, complaints
    _, out, _ = await holdfast("webhooks", "list", "--type", "dropped", "--json")
    assert len(json.loads(out)) == 1
    assert one(sql, "select count(*) from webhook_after(p_type => 'bounce')")[0] <= 1


async def test_a_secret_that_is_sent_is_not_kept(
    hf, sending, sql, announced, holdfast, monkeypatch
):
    """The header that is the secret is masked in what is stored; a handler reads the rest."""
    monkeypatch.setenv("HOLDFAST_SOURCE_GITLAB_SECRETS", "a token of GitLab")
    monkeypatch.setenv("HOLDFAST_SOURCE_GITHUB_SECRETS", "a secret")
    seen = []

    @hf.on("*", "*")
    async def handle(event):
        seen.append((event.source, event.data, dict(event.headers).get("x-gitlab-token")))

    await announced()
    form = b"payload=%7B%22a%22%3A+1%7D"
    kind = ("Content-Type", "application/x-www-form-urlencoded")
    signed = sign(SCHEMES["github"], form, "a secret", timestamp=0, event_id="1", headers=[kind])
    async with sending(hf) as sender:
        told = [
            await sender.post(b"{}", source="gitlab", headers={"X-Gitlab-Token": secret})
            for secret in ("a token of GitLab", "another")
        ]
        told.append(await sender.post(form, source="github", headers=dict([kind, *signed])))
    assert [answer.status_code for answer in told] == [200, 400, 200]
    await hf.work(until_idle=True)
    assert sorted(seen) == [("github", {"a": 1}, None), ("gitlab", {}, "[hidden]")]
    code, out, complaints = await holdfast("webhooks", "verify", told[0].json()["id"])
    assert code == 1 and "the secret itself was sent" in out + complaints
    assert "a token" not in one(sql, "select string_agg(headers::text, '') from webhook_events")[0]


async def test_of_waiting_events_of_an_object_only_the_newest_runs(hf, sender, sql, announced):
    """With `ordering="latest"` older events of the object that wait are cancelled, visibly."""
    seen = []

    @hf.on("stripe", "*", ordering="latest")
    async def handle(event):
        seen.append((event.event_id, event.newer))

    await announced()
    for number in range(5):
        await sender.post(sender.event(number, object_id="in_1", created=1_700_000_000 + number))
    await hf.work(until_idle=True)
    assert seen == [("evt_4", False)]
    states = sql.execute("select state, count(*) from jobs group by 1 order by 1").fetchall()
    assert states == [("cancelled", 4), ("done", 1)]


async def test_a_handler_is_told_that_a_newer_event_has_come(hf, sender, announced):
    """`event.newer` is true where a later event of the object is stored, by the sender's clock."""
    seen = {}

    @hf.on("stripe", "*")
    async def handle(event):
        seen[event.event_id] = event.newer

    await announced()
    await sender.post(sender.event(2, created=1_700_000_005))
    await sender.post(sender.event(1, created=1_700_000_000))
    await sender.post(sender.event(3, object_id=None, created=1))
    await hf.work(until_idle=True)
    assert seen == {"evt_1": True, "evt_2": False, "evt_3": False}


async def test_a_deadline_is_noted_with_the_event(hf, sender, sql, announced):
    """A handler with a deadline has the moment of its alert and of its end from the arrival on."""

    @hf.on("stripe", "invoice.created", deadline="1 h")
    async def edit(event): ...

    await announced()
    await sender.post(sender.event(type="invoice.created"))
    await sender.post(sender.event(2, type="invoice.paid"))
    rows = sql.execute(
        "select extract(epoch from d.due_at - e.received_at)::integer,"
        " extract(epoch from d.alert_at - e.received_at)::integer"
        " from webhook_deadlines d join webhook_events e on e.id = d.event"
    ).fetchall()
    assert rows == [(3600, 1800)]


async def test_what_stripe_does_after_an_hour_has_a_deadline_unasked(hf, sender, sql, announced):
    """`invoice.created` of Stripe has an hour, for handlers and forwards; `deadline=` wins."""

    @hf.on("stripe", "invoice.*", name="unasked")
    async def unasked(event): ...

    @hf.on("stripe", "invoice.created", name="own", deadline=timedelta(minutes=10))
    async def own(event): ...

    await announced()
    forward = json.dumps({"url": "http://127.0.0.1:9/", "purpose": "forward", "source": "stripe"})
    sql.execute("select webhook_add_endpoint('app', %s, 'ann')", [forward])
    await sender.post(sender.event(type="invoice.created"))
    await sender.post(sender.event(2, type="invoice.paid"))
    rows = sql.execute(
        "select j.kind, extract(epoch from d.due_at - e.received_at)::integer, d.alert_at - "
        "e.received_at = (d.due_at - e.received_at) / 2 from webhook_deadlines d"
        " join webhook_events e on e.id = d.event join jobs j on j.id = d.job order by 1"
    ).fetchall()
    assert rows == [
        ("webhook:deliver", 3600, True), ("webhook:own", 600, True), ("webhook:unasked", 3600, True)
    ]  # fmt: skip


async def test_stripe_saying_that_events_are_lost_is_an_alert(hf, sender, sql):
    """Without any handler a person is told, once, that Stripe could not make some events."""
    kind = "v2.core.health.event_generation_failure.resolved"
    body = json.dumps({"id": "evt_1", "object": "v2.core.event", "type": kind}).encode()
    for _ in range(2):
        assert (await sender.post(body)).status_code == 200
    await sender.post(sender.event(2, type="v2.core.health.other"))
    alerts = sql.execute("select key, text, times from alerts").fetchall()
    assert [a[0] for a in alerts] == [f"webhooks.provider:stripe:{kind}"]
    assert "in no list" in alerts[0][1] and alerts[0][2] == 1


async def test_a_handler_in_its_transaction(hf, sender, sql, announced):
    """A handler with `tx` commits its writes together with its done mark, or neither."""
    sql.execute("create table public.access (invoice text)")

    @hf.on("stripe", "*", queue="tx", retry_base="0 s")
    async def grant(event, tx):
        await tx.execute("insert into public.access values (%s)", [event.object_id])
        if event.attempt == 1:
            raise RuntimeError("crashed half-way")

    await announced()
    await sender.post(sender.event())
    await hf.work(until_idle=True)
    assert sql.execute("select * from public.access").fetchall() == [("in_1",)]
    assert one(sql, "select state, attempts from jobs") == ("done", 2)


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"ordering": "strict"}, "none, object, latest"),
        ({"inline": True, "answer": True}, "runs inline anyway"),
        ({"max_attempts": 3}, "queue="),
        ({"orderin": "object"}, "unknown option orderin; did you mean ordering?"),
    ],
)
async def test_options_that_make_no_sense_are_refused(hf, options, says):
    """A wrong option of a handler is refused where it is written, with what would be right."""
    with pytest.raises(ConfigError, match=says):
        hf.on("stripe", "*", **options)(lambda event: None)


async def test_a_source_that_cannot_be_is_refused(hf):
    """A handler of a source that no source can be called is refused where it is written."""
    for wrong in ("Stri pe", "Stripe", "str*", "stripe/eu", "-a", "a" * 64):
        with pytest.raises(ConfigError, match="no source can be called"):
            hf.on(wrong, "*")(lambda event: None)
    for right in ("*", "stripe", "stripe.eu-1", "_eu"):
        hf.on(right, "*", name=right)(lambda event: None)


async def test_a_handler_that_cannot_be_given_an_event_is_refused(hf):
    """A function that no event could be handed to is refused where it is written.

    Of a wrapper it counts what that takes, not what it hands on.
    """
    for wrong in (lambda: None, lambda event, database: None, lambda tx, event: None):
        with pytest.raises(ConfigError, match=r"a handler is called as .*\(event"):
            hf.on("stripe", "*")(wrong)
    hf.on("stripe", "*")(lambda event, database=None, *, tx: None)
    hf.on("stripe", "*", name="wrapper")(
        functools.wraps(lambda event, database: None)(lambda event: None)
    )


async def test_a_reader_by_cursor_misses_nothing(sql, dsn, eventually):
    """`webhook_after` gives no event while one that was begun before it may still come."""
    receive = "select webhook_receive('stripe', %s, 'a', null, null, null, '{}')"
    after = "select event_id, xact::text, id from webhook_after(%s::text::xid8, %s)"
    with psycopg.connect(dsn) as slow:
        slow.execute("set search_path to holdfast")
        slow.execute(receive, ["slow"])
        sql.execute(receive, ["quick"])
        assert sql.execute(after, ["0", None]).fetchall() == []
        slow.commit()
    # transactions of other databases on this server are waited for as well
    await eventually(lambda: sql.execute(after, ["0", None]).fetchall())
    found = sql.execute(after, ["0", None]).fetchall()
    assert [row[0] for row in found] == ["slow", "quick"]
    assert sql.execute(after, [found[0][1], found[0][2]]).fetchall() == found[1:]


async def test_redeliveries_that_come_together_wait_in_a_row(sql, dsn, eventually):
    """Two batches with the same known events in other orders are both answered, and count each."""
    receive = "select ordinal, duplicate from webhook_receive_many(%s, %s) order by 1"

    def batch(*names):
        events = [{"source": "s", "scheme": "none", "event_id": name} for name in names]
        return [json.dumps(events), [b"{}"] * len(names)]

    def again(*names):
        with psycopg.connect(dsn, autocommit=True) as own:
            own.execute("set search_path to holdfast")
            return own.execute(receive, batch(*names)).fetchall()

    sql.execute(receive, batch("a", "b", "y", "z"))
    with psycopg.connect(dsn) as holder:
        holder.execute("set search_path to holdfast")
        holder.execute("select from webhook_keys where event_id in ('y', 'z') for update")
        both = [asyncio.create_task(asyncio.to_thread(again, *names))
                for names in (("a", "y", "b"), ("b", "z", "a"))]  # fmt: skip
        waiting = (
            "select count(*) from pg_stat_activity where datname = current_database() "
            "and wait_event_type = 'Lock'"
        )
        await eventually(lambda: sql.execute(waiting).fetchone() == (2,))
        holder.commit()
    assert [await task for task in both] == [[(1, True), (2, True), (3, True)]] * 2
    counts = "select event_id, redeliveries from webhook_keys order by 1"
    assert sql.execute(counts).fetchall() == [("a", 2), ("b", 2), ("y", 1), ("z", 1)]


def test_each_event_of_a_batch_has_its_own_jobs(sql):
    """Of events that are stored together each is answered with its jobs, and keeps their ids."""
    handlers = [
        {"kind": f"webhook:{n}", "name": n, "source": "s", "pattern": pattern, "queue": "webhooks"}
        for n, pattern in (("all", "*"), ("paid", "paid"))
    ]
    sql.execute("select webhook_register('default', %s)", [json.dumps(handlers)])
    events = [
        {"source": "s", "scheme": "none", "event_id": f"e{n}", "event_type": kind}
        for n, kind in enumerate(("paid", "open", "paid"))
    ]
    rows = sql.execute(
        "select id, jobs from webhook_receive_many(%s, %s) order by ordinal",
        [json.dumps(events), [b"1", b"2", b"3"]],
    ).fetchall()
    assert [[job["kind"] for job in jobs] for _, jobs in rows] == [
        ["webhook:all", "webhook:paid"], ["webhook:all"], ["webhook:all", "webhook:paid"],
    ]  # fmt: skip
    for event, jobs in rows:
        made = sql.execute(
            "select array_agg(id::text order by kind) from ready_jobs "
            "where payload ->> 'event' = %s",
            [str(event)],
        ).fetchone()[0]
        kept = sql.execute("select jobs from webhook_events where id = %s", [event]).fetchone()[0]
        assert [job["id"] for job in jobs] == made == [str(job) for job in kept]
