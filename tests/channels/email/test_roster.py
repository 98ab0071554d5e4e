"""The list of providers: whom an email goes to, and when it goes to another one."""

import asyncio
from collections import Counter
from uuid import uuid4

import pytest

from holdfast import ConfigError, Email
from holdfast.channels.email.roster import Roster, entry, roster
from holdfast.channels.email.send import Delivery
from holdfast.channels.email.settings import EmailSettings
from holdfast.policy.verdict import Dead, Delivered, Hold, Retry, Snooze, Unknown
from holdfast.settings import read

MAIL = {"subject": "Hi", "text": "Hello\n", "sender": "me@example.com"}


@pytest.fixture
def listed(database, smtp):
    """The delivery by several servers, in tiers, with the names a, b, c."""

    def make(*servers, options="?dot=30"):
        return Delivery(
            database,
            Roster(
                [
                    entry(name, smtp(server.url(options)), database, tier=tier)
                    for tier, (name, server) in enumerate(zip("abc", servers, strict=False), 1)
                ]
            ),
        )

    return make


def variables(monkeypatch, **urls):
    """The list that the environment makes."""
    for name, url in urls.items():
        monkeypatch.setenv(f"HOLDFAST_EMAIL_PROVIDER_{name.upper()}", url)
    return roster(read(EmailSettings), None)


# ---------------------------------------------------------------- the list


def test_the_list_of_the_environment(monkeypatch):
    """Each variable is a provider by its name; HOLDFAST_SMTP_URL is one called smtp."""
    monkeypatch.setenv("HOLDFAST_SMTP_URL", "smtp://localhost")
    found = variables(
        monkeypatch, main="smtps://u:p@mail.example.com?weight=3&rate=14/s", dev="capture:?tier=2"
    )
    assert [(e.name, e.tier, e.weight, e.rate) for e in found] == [
        ("dev", 2, 1, None), ("main", 1, 3, 14.0), ("smtp", 1, 1, None),
    ]  # fmt: skip
    assert found.named("main") is found.entries[1] and found.named("gone") is None


@pytest.mark.parametrize(
    "url",
    [
        "carrier-pigeon://u:hunter2@x", "smtp://u:hunter2@x?tier=0", "smtp://u:hunter2@x?weight=x",
        "smtp://u:hunter2@x?rate=fast", "smtp://u:hunter2@x?rate=1/year", "smtp://u:hunter2@x?rate=0",
        "smtp://u:hunter2@x?colour=red", "capture://u:hunter2@x?y=1", "smtp://u:hunter2@x?connections=0",
    ],
)  # fmt: skip
def test_a_variable_that_can_not_be_used(monkeypatch, url):
    """The error names the variable and what is possible, never the password."""
    with pytest.raises(ConfigError, match="HOLDFAST_EMAIL_PROVIDER_MAIN: ") as raised:
        variables(monkeypatch, main=url)
    assert "hunter2" not in str(raised.value)


def test_one_name_twice(monkeypatch):
    """HOLDFAST_SMTP_URL is the provider smtp already."""
    monkeypatch.setenv("HOLDFAST_SMTP_URL", "smtp://localhost")
    with pytest.raises(ConfigError, match="the same name"):
        variables(monkeypatch, smtp="smtp://localhost")


@pytest.mark.parametrize(("text", "per_second"), [("14", 14), ("300/minute", 5), ("86400/day", 1)])
def test_rates(monkeypatch, text, per_second):
    """A rate is so many per second, minute, hour or day."""
    [only] = variables(monkeypatch, main=f"smtp://localhost?rate={text}")
    assert only.rate == per_second


async def test_the_rate_of_a_url_is_everybodys(monkeypatch, hf, work, eventually, sql):
    """What the URL says is told to the database when a worker begins, for all workers."""
    monkeypatch.setenv("HOLDFAST_EMAIL_PROVIDER_MAIN", "capture:?rate=14")
    async with work():
        await eventually(lambda: sql.execute("select scope, ceiling from email_paces").fetchall())
    assert sql.execute("select scope, ceiling from email_paces").fetchall() == [
        ("provider:main", 14)
    ]


def test_weights_and_tiers(monkeypatch):
    """By weight within a tier; the second tier comes last; the same email, the same order."""
    found = variables(
        monkeypatch, a="capture:?weight=3", b="capture:", c="capture:?tier=2&weight=100"
    )
    ids = [uuid4() for _ in range(2000)]
    first = Counter(found.order(email_id)[0].name for email_id in ids)
    assert 1380 < first["a"] < 1620 and first["a"] + first["b"] == 2000
    assert {found.order(email_id)[2].name for email_id in ids} == {"c"}
    assert [e.name for e in found.order(ids[0])] == [e.name for e in found.order(ids[0])]


# ---------------------------------------------------------------- to the next one


async def test_a_provider_out_of_order_is_passed_over(post, script, listed, sql):
    """A server that refuses us costs no attempt: the next one gets the email at once."""
    broken, good = await script(connect=["554 5.7.1 go away"] * 9), await script()
    await post.send(Email(to="ann@example.com", **MAIL))
    [(verdict, state)] = await post.attempt(delivery=listed(broken, good))
    assert (verdict, state) == (Delivered("250 2.0.0 Ok"), "done") and len(good.contents) == 1
    said = sql.execute("select provider, verdict from email_answers").fetchall()
    assert said == [("a", "elsewhere")]
    assert sql.execute("select provider from email_recipients").fetchone() == ("b",)


PAUSED = "554 Message rejected: Sending paused for this account. Please check the inbox"


@pytest.mark.parametrize("step", ["MAIL", "RCPT", "dot"])
async def test_a_paused_account_is_the_providers(post, script, listed, sql, step):
    """What a provider says of our account by SMTP lets the next one have the email, undamaged."""
    first, second = await script(**{step: [PAUSED]}), await script()
    await post.send(Email(to="ann@example.com", **MAIL))
    [(verdict, state)] = await post.attempt(delivery=listed(first, second))
    assert (verdict, state) == (Delivered("250 2.0.0 Ok"), "done") and len(second.contents) == 1


async def test_a_refused_address_goes_nowhere_else(post, script, listed):
    """What one server says of an address is believed."""
    first, second = await script(RCPT=["550 5.1.1 no such user"]), await script()
    await post.send(Email(to="ann@example.com", **MAIL))
    [(verdict, state)] = await post.attempt(delivery=listed(first, second))
    assert verdict == Dead("550 5.1.1 no such user") and state == "dead"
    assert second.connections == 0


@pytest.mark.parametrize("fault", ["drop", "hang"])
async def test_after_silence_no_other_provider_is_asked(
    post, script, listed, sql, out_of_patience, fault
):
    """What the first one may have is tried again with the first one, in all later attempts."""
    first, second = await script(dot=[fault, fault]), await script()
    await post.send(Email(to="ann@example.com", **MAIL))
    delivery = listed(first, second)
    for _ in range(2):
        [(verdict, _)] = await out_of_patience(first, post.attempt(delivery=delivery))
        assert isinstance(verdict, Unknown)
        post.later()
    assert sql.execute("select provider from email_submissions").fetchall() == [("a",)]
    assert (await post.attempt(delivery=delivery))[0][1] == "done"
    assert second.connections == 0 and len(first.contents) == 3 and len(set(first.contents)) == 1
    assert sql.execute("select count(*) from email_submissions").fetchone() == (0,)


async def test_a_doubt_outlives_an_attempt_that_says_nothing_of_it(post, script, listed, sql):
    """The first one may have it, and then is out of order: the second one is still not asked."""
    leaving = "421 4.3.2 leaving"
    first, second = await script(dot=["drop"], RCPT=["250 Ok", leaving, leaving]), await script()
    await post.send(Email(to="ann@example.com", **MAIL))
    delivery = listed(first, second)
    for _ in range(3):
        await post.attempt(delivery=delivery)
        assert sql.execute("select provider from email_submissions").fetchall() == [("a",)]
        post.later()
    assert second.connections == 0
    assert (await post.attempt(delivery=delivery))[0][1] == "done"
    assert len(first.contents) == 2 and len(set(first.contents)) == 1


async def test_a_worker_that_died_in_the_middle_leaves_a_doubt(post, script, listed, sql):
    """Handed over and never answered: the next attempt is by the same provider only."""
    first, second = await script(), await script()
    email_id = await post.send(Email(to="ann@example.com", **MAIL))
    sql.execute("select email_submit(array[%s]::uuid[], '{b}', '{ann@example.com}')", [email_id])
    assert (await post.attempt(delivery=listed(first, second)))[0][1] == "done"
    assert first.connections == 0 and len(second.contents) == 1


async def test_only_what_is_missing_goes_to_the_next(post, script, listed, sql):
    """Who has the email already is not sent it again by another provider."""
    first, second = await script(RCPT=["250 Ok", "421 4.3.2 leaving"]), await script()
    await post.send(Email(to=["ann@example.com", "ben@example.com"], **MAIL))
    [(verdict, state)] = await post.attempt(delivery=listed(first, second))
    assert isinstance(verdict, Delivered) and state == "done"
    assert [line for line in second.lines if line.startswith(b"RCPT")] == [
        b"RCPT TO:<ann@example.com>\r\n", b"RCPT TO:<ben@example.com>\r\n",
    ]  # fmt: skip


async def test_all_out_of_order(post, script, listed, sql):
    """If nobody can send it the email waits, without an attempt, and longer each time."""
    servers = [await script(connect=["421 4.3.2 not now"] * 20) for _ in range(2)]
    await post.send(Email(to="ann@example.com", **MAIL))
    delivery = listed(*servers)
    [(verdict, state)] = await post.attempt(delivery=delivery)
    assert isinstance(verdict, Snooze) and verdict.outage and state == "ready"
    assert sql.execute("select attempts, deferrals from deferred_jobs").fetchone() == (0, 1)


async def test_open_breakers_are_not_asked(post, script, listed, sql):
    """With every breaker open nothing is tried; the email waits until the first one may close."""
    servers = [await script(), await script()]
    for name in "ab":
        sql.execute("select pause_breaker(%s, 'test', 'maintenance')", [f"email:{name}"])
    await post.send(Email(to="ann@example.com", **MAIL))
    delivery = listed(*servers)
    [(verdict, state)] = await post.attempt(delivery=delivery)
    assert isinstance(verdict, Snooze) and "maintenance" in verdict.because and state == "ready"
    assert servers[0].connections == servers[1].connections == 0
    sql.execute("select resume_breaker('email:b', 'test')")
    post.later()
    assert (await post.attempt(delivery=delivery))[0][1] == "done"
    assert servers[0].connections == 0 and len(servers[1].contents) == 1


async def test_an_old_email_is_not_spared_for_ever(post, script, listed, sql):
    """Providers out of order for longer than the queue's max_age: a dead letter that says so."""
    server = await script(connect=["421 4.3.2 not now"] * 20)
    email_id = await post.send(Email(to="ann@example.com", **MAIL))
    sql.execute("update ready_jobs set enqueued_at = enqueued_at - interval '4 days'")
    [(verdict, state)] = await post.attempt(delivery=listed(server))
    assert isinstance(verdict, Retry) and state == "dead"
    reason = sql.execute("select reason from dead_letters where id = %s", [email_id]).fetchone()
    assert reason == ("too_old",)


async def test_what_a_person_held_is_not_old(post, script, listed, sql):
    """Providers out of order cost an email that a person held for days no attempt."""
    server = await script(connect=["421 4.3.2 not now"] * 20)
    email_id = await post.send(Email(to="ann@example.com", **MAIL))
    sql.execute("select hold(%s, 'bo')", [email_id])
    sql.execute("update deferred_jobs set held_at = clock() - interval '4 days',"
                " attempts = 1, enqueued_at = enqueued_at - interval '4 days'")  # fmt: skip
    sql.execute("select unhold(%s, 'bo')", [email_id])
    [(verdict, state)] = await post.attempt(delivery=listed(server))
    assert isinstance(verdict, Snooze) and state == "ready"


# ---------------------------------------------------------------- what nobody knows


async def held(post, script, listed, sql, rule):
    """An email of a rule of its own after silence; the server, the delivery, what was said."""
    server = await script(dot=["drop"])
    email_id = await post.send(Email(to="ann@example.com", **MAIL))
    sql.execute("update emails set on_unknown = %s where id = %s", [rule, email_id])
    delivery = listed(server)
    [said] = await post.attempt(delivery=delivery)
    return email_id, server, delivery, said


async def test_hold_waits_for_a_person(post, script, listed, sql):
    """It is sent again only when somebody lets it go on; and once only."""
    email_id, server, delivery, (verdict, state) = await held(post, script, listed, sql, "hold")
    assert isinstance(verdict, Hold) and state == "held" and "may have been" in verdict.because
    assert await post.attempt(delivery=delivery) == []
    sql.execute("select unhold(%s, 'ann', 'asked the customer')", [email_id])
    assert (await post.attempt(delivery=delivery))[0][1] == "done"
    assert len(server.contents) == 2 and server.contents[0] == server.contents[1]


async def test_who_is_killed_before_it_is_held_has_asked_nobody(post, script, listed, sql):
    """The doubt is recorded, and the job is not held yet: whoever has it next holds it."""
    email_id, server, delivery, _ = await held(post, script, listed, sql, "hold")
    sql.execute("update deferred_jobs set held_at = null where id = %s", [email_id])
    sql.execute("select unhold(%s, 'nobody')", [email_id])  # back, and no person had it
    assert (await post.attempt(delivery=delivery))[0][1] == "held"
    assert len(server.contents) == 1


async def test_resend_of_its_own_goes_before_the_queue(post, script, listed, sql):
    """A login code is better sent twice than never, whatever the queue says."""
    sql.execute("update queues set on_unknown = 'hold' where name = 'email'")
    _, _, delivery, (verdict, state) = await held(post, script, listed, sql, "resend")
    assert isinstance(verdict, Retry) and state == "ready"
    assert (await post.attempt(delivery=delivery))[0][1] == "done"


async def test_verify_waits_for_a_report_and_then_for_a_person(post, script, listed, sql):
    """For a quarter of an hour a report may come; then a person has to decide."""
    email_id, server, delivery, (verdict, state) = await held(post, script, listed, sql, "verify")
    assert isinstance(verdict, Snooze) and "report" in verdict.because and state == "ready"
    post.later()
    [(verdict, state)] = await post.attempt(delivery=delivery)
    assert isinstance(verdict, Snooze) and state == "ready"
    sql.execute("update email_submissions set first_at = first_at - interval '20 minutes'")
    post.later()
    [(verdict, state)] = await post.attempt(delivery=delivery)
    assert isinstance(verdict, Hold) and state == "held" and len(server.contents) == 1
    assert sql.execute("select id, state from email_doubts()").fetchall() == [(email_id, "held")]


async def test_hold_after_a_worker_died(post, script, listed, sql):
    """A worker killed while it sent: an email that must not go out twice waits for a person."""
    server = await script()
    email_id = await post.send(Email(to="ann@example.com", **MAIL))
    sql.execute("update emails set on_unknown = 'hold' where id = %s", [email_id])
    sql.execute("select email_submit(array[%s]::uuid[], '{a}', '{ann@example.com}')", [email_id])
    [(verdict, state)] = await post.attempt(delivery=listed(server))
    assert isinstance(verdict, Hold) and state == "held" and server.connections == 0


async def test_it_is_noted_before_the_final_dot(post, script, listed, sql, eventually):
    """What a server could have taken the database knows as given to it; what it could not, not."""
    server, other = await script(DATA=["hang"], dot=["hang"]), await script()
    providers = listed(server, other, options="")

    async def noted_when(reached):
        email_id = await post.send(Email(to="ann@example.com", **MAIL))
        running = asyncio.create_task(post.attempt(delivery=providers))
        await eventually(reached)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        noted = sql.execute("select email_id, provider from email_submissions").fetchall()
        return [(found == email_id, provider) for found, provider in noted]

    assert await noted_when(lambda: b"DATA\r\n" in server.lines) == []
    assert await noted_when(lambda: server.contents) == [(True, "a")]
