"""After silence: the very same request while the provider knows it, or what the policy says."""

import json
from dataclasses import replace
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import SecretStr

from holdfast import Email
from holdfast.channels.email.providers.http import make
from holdfast.channels.email.providers.http.content import read
from holdfast.channels.email.providers.provider import Envelope
from holdfast.channels.email.providers.url import provider_url
from holdfast.channels.email.roster import Roster, entry
from holdfast.channels.email.send import Delivery
from holdfast.policy.verdict import Delivered, Hold, Snooze, Unknown

ANN, BOB, EVE = "ann@example.com", "bob@example.org", "eve@example.net"
KEYED = pytest.mark.parametrize("name", ["resend", "brevo"])


@pytest.fixture
def by(database, provider, apis):
    """The delivery by one provider."""
    return lambda name: Delivery(
        database, Roster([entry(name, provider(name, apis.port), database)])
    )


async def in_doubt(post, apis, delivery, rule="resend", to=(ANN, BOB), happens="taken, then drop"):
    """An email that the provider took without an answer."""
    apis.script.append(happens)
    mail = Email(to=to, subject="Hi", text="Hello\n", sender="me@example.com", on_unknown=rule)
    email_id = await post.send(mail)
    [(verdict, state)] = await post.attempt(delivery=delivery)
    assert isinstance(verdict, Unknown) and state == "ready"
    post.later()
    post.sql.execute("delete from breakers")
    return email_id


def keys(apis):
    """The key of each request, in order."""
    found = (
        headers.get("Idempotency-Key") or json.loads(body)["headers"]["idempotencyKey"]
        for headers, body in apis.requests
    )
    return list(found)


def reported(sql, address, kind="delivered"):
    """The provider reports on an address."""
    message_id = sql.execute("select message_id from emails").fetchone()[0]
    report = {"event_id": f"1 {address}", "kind": kind, "address": address,
              "at": "2026-01-01T00:00:00Z", "message_id": message_id}  # fmt: skip
    sql.execute("select email_feedback('test', %s)", [json.dumps([report])])


def suppressed(sql, address):
    """Somebody puts an address on the list."""
    entries = [{"address": address, "reason": "manual", "source": "test"}]
    sql.execute("select email_put_suppressions(%s, 'test')", [json.dumps(entries)])


def statuses(sql):
    """What became of each address."""
    return dict(sql.execute("select address, status from email_recipients").fetchall())


@KEYED
@pytest.mark.parametrize("rule", ["resend", "hold", "verify"])
async def test_a_report_does_not_change_the_request(post, apis, by, sql, name, rule):
    """One of two is reported delivered: what is asked again is the same, and it is sent once."""
    delivery = by(name)
    await in_doubt(post, apis, delivery, rule)
    reported(sql, ANN)
    [(verdict, state)] = await post.attempt(delivery=delivery)
    assert isinstance(verdict, Delivered) and state == "done"
    assert len(apis.taken) == 1 and len(apis.requests) == 2 and len(set(keys(apis))) == 1
    assert statuses(sql) == {ANN: "delivered", BOB: "delivered"}
    assert sql.execute("select count(*) from email_submissions").fetchone() == (0,)


@KEYED
async def test_who_gets_nothing_any_more_leaves_it_to_the_policy(post, apis, by, sql, name):
    """One of two is suppressed: the request cannot be the same, so `hold` waits for a person."""
    delivery = by(name)
    email_id = await in_doubt(post, apis, delivery, "hold")
    suppressed(sql, ANN)
    [(verdict, state)] = await post.attempt(delivery=delivery)
    assert isinstance(verdict, Hold) and state == "held" and len(apis.requests) == 1
    assert statuses(sql) == {ANN: "suppressed", BOB: "pending"}
    sql.execute("select unhold(%s, 'ann', 'asked the customer')", [email_id])
    await post.attempt(delivery=delivery)
    assert len(apis.taken) == 2 and statuses(sql)[BOB] == "delivered"


async def test_verify_waits_where_it_can_not_be_the_same(post, apis, by, sql):
    """With `verify` a report is waited for, and it ends the doubt."""
    delivery = by("brevo")
    await in_doubt(post, apis, delivery, "verify")
    suppressed(sql, ANN)
    [(verdict, _)] = await post.attempt(delivery=delivery)
    assert isinstance(verdict, Snooze) and len(apis.requests) == 1
    assert verdict.because.endswith("it was handed over, and nobody knows what became of it")
    reported(sql, BOB)
    post.later()
    await post.attempt(delivery=delivery)
    assert len(apis.requests) == 1 and statuses(sql)[BOB] == "delivered"


async def test_the_same_request_first_and_the_others_after_it(post, apis, by, sql):
    """Of 60 the second request is in doubt: it is made again as it was, nobody is sent it twice."""
    delivery = by("resend")
    to = [f"u{n:02}@example.com" for n in range(60)]
    refused = (422, {"name": "validation_error", "message": f"{to[3]} is no valid address in to"})
    apis.script.append(refused)
    await in_doubt(post, apis, delivery, "hold", to=to)
    for _ in range(2):
        await post.attempt(delivery=delivery)
        post.later()
    got = [
        address
        for form in apis.taken
        for key in ("to", "cc", "bcc")
        for address in form.get(key, [])
    ]
    assert sorted(got) == [a for a in to if a != to[3]]
    assert keys(apis)[1] == keys(apis)[2] and len(apis.taken) == 2
    assert statuses(sql)[to[3]] == "refused"


async def test_a_killed_worker_leaves_the_same_request(post, apis, by, sql):
    """Handed over for both and never answered, then one report: again for both, under one key."""
    delivery = by("resend")
    email_id = await post.send(
        Email(to=[ANN, BOB], subject="Hi", text="x", sender="me@example.com", on_unknown="hold")
    )
    sql.execute("select email_submit(array[%s, %s]::uuid[], '{resend,resend}', %s)",
                [email_id, email_id, [ANN, BOB]])  # fmt: skip
    reported(sql, ANN)
    [(_, state)] = await post.attempt(delivery=delivery)
    assert state == "done" and [sorted(form["to"]) for form in apis.taken] == [[ANN, BOB]]


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 12), st.integers(0, 7), st.randoms())
@KEYED
def test_a_part_alone_is_the_same_request(name, shown, hidden, chance):
    """However an email is divided, each part by itself is one request again, with the same key."""
    to = [f"u{n}@example.com" for n in range(shown + hidden)]
    lines = ",\r\n ".join(to[:shown]) or "nobody:;"
    raw = f"To: {lines}\r\nSubject: x\r\n\r\nx\r\n".encode()
    chance.shuffle(to)
    one = make(provider_url(name, SecretStr(f"{name}://k@127.0.0.1?plain=yes"), "V", ""))
    one.most_recipients = 5
    for part in one._shares(Envelope(UUID(int=7), "<1@x>", "me@x.example", tuple(to), raw)):
        in_order = tuple(a for a in to if a in part.recipients)
        [again] = one._shares(replace(part, recipients=in_order))
        assert one.build(again) == one.build(part)


def test_a_message_for_many_is_read_once():
    """However many requests an email becomes, its bytes are parsed for the first one only."""
    to = tuple(f"u{n}@example.com" for n in range(120))
    raw = f"To: {', '.join(to)}\r\nSubject: x\r\n\r\nx\r\n".encode()
    one = make(provider_url("resend", SecretStr("resend://k@127.0.0.1?plain=yes"), "V", ""))
    parts = one._shares(Envelope(UUID(int=7), "<1@x>", "me@x.example", to, raw))
    contents = [read(part) for part in parts]
    assert [len(content.to) for content in contents] == [50, 50, 20]
    assert len({id(content.attachments) for content in contents}) == 1


@KEYED
async def test_after_the_window_it_is_the_policy(post, apis, by, sql, name):
    """A provider that has forgotten the key would send it twice: `hold` waits for a person."""
    delivery = by(name)
    await in_doubt(post, apis, delivery, "hold")
    sql.execute("update email_submissions set first_at = first_at - interval '2 days'")
    [(verdict, _)] = await post.attempt(delivery=delivery)
    assert isinstance(verdict, Hold) and len(apis.requests) == 1


async def test_another_provider_knows_no_key(post, apis, by, sql):
    """The one that may have it is no longer in the list: another one's window protects nobody."""
    await in_doubt(post, apis, by("brevo"), "hold")
    [(verdict, _)] = await post.attempt(delivery=by("resend"))
    assert isinstance(verdict, Hold) and len(apis.requests) == 1
