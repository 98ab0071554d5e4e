"""Paces: what is too fast for the other side is slowed down for all, and comes back slowly."""

import asyncio
import json

import psycopg
import pytest
from pydantic import SecretStr

from holdfast import Email, RateLimited
from holdfast.channels.email.paces import Paces, scopes_of, set_pace, too_fast
from holdfast.channels.email.providers.http import make
from holdfast.channels.email.providers.provider import Outcome
from holdfast.channels.email.providers.url import provider_url
from holdfast.errors import InvalidInput
from holdfast.policy.verdict import Delivered, Retry, Snooze

ANN = "ann@example.com"


def admit(sql, *scopes, cost=1):
    """Whether a message may go: None, or the seconds to wait."""
    asked = json.dumps([{"scopes": scopes, "cost": cost}])
    return sql.execute("select retry_after, scope from email_admit(%s)", [asked]).fetchone()


def at(sql, second):
    """Set the clock."""
    now = f"2030-01-01 12:{second // 60:02}:{second % 60:02}Z"
    sql.execute("select set_config('holdfast.now', %s, false)", [now])


def pace(sql, scope):
    """What a scope gets now."""
    found = sql.execute("select per_second from email_paced() where scope = %s", [scope]).fetchone()
    return found and round(found[0], 3)


def test_a_limited_scope_lets_so_many_through(sql):
    """With 2 a second two go at once, the third waits half a second; other scopes do not care."""
    at(sql, 0)
    sql.execute("select email_set_pace('domain:example.com', 2)")
    assert [admit(sql, "domain:example.com")[0] for _ in range(2)] == [None, None]
    after, scope = admit(sql, "provider:x", "domain:example.com")
    assert (round(after, 3), scope) == (0.5, "domain:example.com")
    assert admit(sql, "domain:other.example") == (None, None)
    at(sql, 1)
    assert admit(sql, "domain:example.com") == (None, None)


def test_all_scopes_are_charged_or_none(sql):
    """What a domain refuses costs the provider nothing."""
    at(sql, 0)
    sql.execute("select email_set_pace('provider:x', 1), email_set_pace('domain:example.com', 1)")
    assert admit(sql, "domain:example.com") == (None, None)
    assert admit(sql, "domain:example.com", "provider:x")[1] == "domain:example.com"
    assert admit(sql, "provider:x") == (None, None)


def test_slow_pace_and_many_recipients(sql):
    """A tenth of a message a second is one in ten; a message dearer than a second still goes."""
    at(sql, 0)
    sql.execute("select email_set_pace('provider:x', 0.1), email_set_pace('provider:y', 10)")
    assert admit(sql, "provider:x") == (None, None)
    assert round(admit(sql, "provider:x")[0], 1) == 10.0
    assert admit(sql, "provider:y", cost=50) == (None, None)
    assert round(admit(sql, "provider:y", cost=50)[0], 1) == 5.0


def test_many_messages_in_one_call(sql):
    """Each is answered in its place, also those that nothing limits."""
    at(sql, 0)
    sql.execute("select email_set_pace('provider:x', 1)")
    asked = json.dumps(
        [{"scopes": [s], "cost": 1} for s in ("provider:y", "provider:x", "provider:x")]
    )
    rows = sql.execute("select ordinality, retry_after is null from email_admit(%s)", [asked])
    assert rows.fetchall() == [(1, True), (2, True), (3, False)]


def test_halved_at_once_and_doubled_slowly(sql):
    """Too fast at 40 a second means 20, then 10; ten minutes later 20, and never above 40."""
    at(sql, 0)
    sql.execute("select email_set_pace('provider:x', 40)")
    sql.execute("select email_slow_down('provider:x', 60, 'too fast')")
    assert pace(sql, "provider:x") == 20
    sql.execute("select email_slow_down('provider:x', 60, 'said by what was under way')")
    assert pace(sql, "provider:x") == 20
    at(sql, 6)
    sql.execute("select email_slow_down('provider:x', 60, 'still too fast')")
    assert 10 <= pace(sql, "provider:x") < 10.2
    at(sql, 606)
    assert 20 <= pace(sql, "provider:x") < 20.4
    at(sql, 3599)
    assert pace(sql, "provider:x") == 40


def test_what_nobody_limited_is_forgotten_again(sql):
    """A first complaint halves what was observed; after forty minutes it is gone."""
    at(sql, 0)
    sql.execute("select email_slow_down('domain:example.com', 8, '4.7.28')")
    assert pace(sql, "domain:example.com") == 4
    at(sql, 2401)
    assert pace(sql, "domain:example.com") is None


@pytest.mark.parametrize(("scope", "least"), [("provider:x", 0.5), ("domain:x.com", 0.05)])
def test_what_is_learned_on_a_quiet_night_is_no_standstill(sql, scope, least):
    """However little was sent before a complaint, a provider gets one in two seconds."""
    for second in range(0, 60, 6):
        at(sql, second)
        sql.execute("select email_slow_down(%s, 0.1, 'too fast')", [scope])
    assert pace(sql, scope) == pytest.approx(least)


def test_a_limit_set_by_hand_clears_what_was_learned(sql):
    """Who sets or lifts a limit knows better; a worker that says its rate at its start does not."""
    at(sql, 0)
    sql.execute("select email_slow_down('provider:x', 2, '4.7.0 too fast')")
    sql.execute("select email_set_pace('provider:x', 100, p_keep_learned => true)")
    assert pace(sql, "provider:x") == 1
    sql.execute("select email_set_pace('provider:x', 100)")
    assert pace(sql, "provider:x") == 100
    sql.execute("select email_slow_down('provider:x', 2, '4.7.0 too fast')")
    sql.execute("select email_set_pace('provider:x', null)")
    assert pace(sql, "provider:x") is None
    assert admit(sql, "provider:x", cost=1000) == (None, None)


def test_a_scope_is_one_of_three(sql):
    """Anything else is refused, with what there is."""
    for scope, ceiling in (("gmail.com", 1), ("provider:", 1), (None, 1), ("provider:x", 0)):
        with pytest.raises(Exception, match="provider:<name>, domain:<name> or tenant:<name>"):
            sql.execute("select email_set_pace(%s, %s)", [scope, ceiling])


@pytest.mark.parametrize(
    ("code", "answer", "expected"),
    [
        (450, "4.2.1 The user is receiving mail too quickly", "domain:example.com"),
        (421, "4.7.28 unusual rate of unsolicited mail", "domain:example.com"),
        (454, "Throttling failure: Maximum sending rate exceeded.", "provider:ses"),
        (421, "4.7.0 too many connections", "provider:ses"),
        (429, "HTTP 429 Too Many Requests", "provider:ses"),
        (451, "4.3.0 greylisted, come again", None),
        (550, "5.1.1 no such user", None),
        (450, "4.2.1 mailbox disabled", None),
        (452, "4.2.2 <a***@b.example> Quota exceeded (mailbox for user is full)", None),
        (452, "Mailbox size limit exceeded", None),
        (452, "4.3.1 Insufficient storage, quota exceeded", None),
        (452, "4.5.3 Error: too many recipients", None),
        (452, "too many recipients", None),
        (421, "4.7.0 mx.example Error: too many errors", None),
        (421, "4.7.1 Too many invalid recipients", None),
        (451, "4.1.8 sender limit exceeded", None),
        (552, "5.2.2 Quota exceeded", None),
        (454, "Throttling failure: Daily message quota exceeded.", None),
        (429, "HTTP 429 Too Many Requests: daily_quota_exceeded You have reached it", None),
        (452, "too many recipients this hour", "provider:ses"),
        (451, "4.7.500 Server busy, rate limit exceeded for recipients", "provider:ses"),
        (450, "you send too much", "provider:ses"),
    ],
)  # fmt: skip
def test_who_says_that_it_is_too_fast(code, answer, expected):
    """Of a recipient's domain, of the provider, or of something else."""
    assert too_fast("ses", Outcome(ANN, Retry(answer), code, answer)) == expected


def test_scopes():
    """Provider, each domain once, and the tenant if there is one."""
    to = ["a@Example.com", "b@example.com", "c@other.example"]
    assert scopes_of("ses", to, "acme") == [
        "provider:ses", "domain:example.com", "domain:other.example", "tenant:acme",
    ]  # fmt: skip
    assert scopes_of("ses", to[:1], None) == ["provider:ses", "domain:example.com"]


async def test_a_worker_learns_and_keeps_it(database, sql):
    """After an answer that says too fast the next message has to wait, also for other workers."""
    now = 100.0
    first, second = (Paces(database, lambda: now) for _ in range(2))
    scopes = scopes_of("ses", [ANN], None)

    async def ten() -> None:
        for _ in range(10):
            await first.pass_through(scopes, 1)
            first.sent(scopes)

    await ten()
    now = 109.0  # twenty in ten seconds
    await ten()
    await first.heard("ses", [Outcome(ANN, Delivered("250 Ok"), 250, "Ok")])
    assert sql.execute("select count(*) from email_paces").fetchone() == (0,)
    await first.heard("ses", [Outcome(ANN, Snooze("454 rate"), 454, "4.7.0 rate exceeded")])
    assert pace(sql, "provider:ses") == 1.0
    await first.pass_through(scopes, 1)
    with pytest.raises(RateLimited, match="provider:ses") as refused:
        await first.pass_through(scopes, 1)
    assert 0 < refused.value.retry_after <= 1.1
    with pytest.raises(RateLimited):
        await second.pass_through(scopes, 1)


async def test_a_message_counts_once_and_with_amazon_by_recipient(post, script, smtp, sql):
    """With one a second an email to three leaves room for the next one after a second."""
    server = await script()
    await post.database.run(set_pace("provider:test", 1))
    mail = Email(to=[f"{n}@x.example" for n in range(3)], subject="x", text="x", sender=ANN)
    await post.send(mail)
    assert (await post.attempt(smtp(server.url())))[0][1] == "done"
    assert admit(sql, "provider:test")[0] <= 1
    assert smtp("smtp://email-smtp.eu-west-1.amazonaws.com").cost(3) == 3
    urls = {"ses": "ses://k:s@email.eu-west-1.amazonaws.com", "resend": "resend://k@x"}
    costs = {n: make(provider_url(n, SecretStr(u), "V", "")).cost(120) for n, u in urls.items()}
    assert costs == {"ses": 120, "resend": 3}


async def test_who_has_just_begun_is_not_slow(database, sql):
    """A worker that is told so in its first second halves the rate of that second."""
    now = 100.0
    paces = Paces(database, lambda: now)
    for _ in range(40):
        paces.sent(["provider:ses"])
    now = 101.0
    paces.sent(["provider:ses"])
    await paces.heard("ses", [Outcome(ANN, Snooze("429 slow down"), 429, "too many requests")])
    assert pace(sql, "provider:ses") == 41 / 2 / 2


async def test_a_pace_that_is_not_taken_keeps_nobody(database, dsn, later):
    """Who has an email is recorded though the database hangs when it is told of a pace."""
    with psycopg.connect(dsn) as other:
        other.execute("lock table holdfast.email_paces")
        outcome = Outcome(ANN, Snooze("429 slow down"), 429, "too many requests")
        telling = asyncio.create_task(Paces(database).heard("ses", [outcome]))
        await later(2.1)
        async with asyncio.timeout(2):
            await telling


async def test_an_email_waits_without_using_an_attempt(post, post_office, smtp, sql):
    """Beyond the pace of its tenant an email comes later, with its attempts untouched."""
    office = await post_office()
    await post.database.run(set_pace("domain:example.com", 0.001))
    provider = smtp(office.url())
    delivery = post.delivery(provider)
    for _ in range(2):
        await post.send_bytes(b"Subject: x\r\n\r\nx\r\n")
    states = [state for _, state in await post.attempt(delivery=delivery)]
    assert sorted(states) == ["done", "ready"] and len(office.messages) == 1
    assert sql.execute("select attempts from deferred_jobs").fetchall() == [(0,)]
    with pytest.raises(InvalidInput):
        await post.database.run(set_pace("nobody", 1))
