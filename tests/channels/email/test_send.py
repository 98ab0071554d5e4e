"""What becomes of an email, for every way in which a server can answer, or not."""

import asyncio
from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from holdfast import Email, InvalidInput
from holdfast.channels.email import store
from holdfast.channels.email.judge import judge, unrecorded
from holdfast.channels.email.providers.provider import Outcome
from holdfast.channels.email.roster import Roster, entry
from holdfast.channels.email.send import Delivery
from holdfast.channels.email.store import Handed, Said
from holdfast.engine import jobs, queues
from holdfast.policy.answers import FULL_AFTER
from holdfast.policy.verdict import Dead, Delivered, Retry, Settled, Snooze, Unknown

# more than two sockets hold between them
BIG = b"Subject: Hi\r\n\r\n" + (b"x" * 78 + b"\r\n") * 200_000
ANN, BEN, CLEO = "ann@example.com", "ben@example.com", "cleo@example.com"


def email(*to, **more):
    """An email to Ann, or to those named."""
    return Email(
        **{
            "to": to or (ANN,),
            "subject": "Hi",
            "text": "Hello\n",
            "sender": "me@example.com",
            **more,
        }
    )


def statuses(sql, email_id):
    """What became of each address."""
    rows = sql.execute(
        "select address, status from email_recipients where email_id = %s", [email_id]
    )
    return dict(rows.fetchall())


async def test_an_email_arrives_as_it_was_rendered(post, post_office, smtp, sql):
    """What a server gets is the stored bytes, from the sender, for the recipients, once."""
    office = await post_office()
    email_id = await post.send(email(ANN, bcc=BEN, text=".\n..dots\nÜber\n"))
    [(verdict, state)] = await post.attempt(smtp(office.url()))
    assert verdict == Delivered("250 2.0.0 Ok: queued as ABC") and state == "done"
    [message] = office.messages
    raw = sql.execute("select raw from emails where id = %s", [email_id]).fetchone()[0]
    assert message.content == raw and b"ben@" not in raw
    assert (message.sender, message.recipients) == ("me@example.com", [ANN, BEN])
    assert statuses(sql, email_id) == {ANN: "delivered", BEN: "delivered"}


async def test_no_line_of_a_message_can_end_it(post, script, smtp):
    """However lines end here, on the wire it is by CR LF, and a dot that begins one is doubled."""
    server = await script()
    await post.send_bytes(b"Subject: x\r\n\r\na\n.\nb\r.\rc\r\n.\r\nMAIL FROM:<eve@example.com>\n")
    assert (await post.attempt(smtp(server.url())))[0][1] == "done"
    lines = b"a\r\n..\r\nb\r\n..\r\nc\r\n..\r\nMAIL FROM:<eve@example.com>\r\n.\r\n"
    assert server.contents == [b"Subject: x\r\n\r\n" + lines]


async def test_451_twice_then_one_message(post, post_office, smtp):
    """A server that is not ready gets the same bytes again, and takes one message."""
    office = await post_office()
    office.answers["DATA"] = ["451 4.3.0 later", "451 4.3.0 later"]
    await post.send(email())
    states = [(await post.attempt(smtp(office.url())))[0][1] for _ in range(3)]
    assert states == ["ready", "ready", "done"]
    assert len(office.seen) == 3 and len(office.messages) == 1
    assert len({message.content for message in office.seen}) == 1
    assert b"Message-ID: <" in office.messages[0].content
    assert await post.attempt(smtp(office.url())) == []


async def test_550_is_dead_at_once(post, post_office, smtp, sql):
    """A refusal for ever is a dead letter after one attempt, and its reason names nobody."""
    office = await post_office()
    office.answers["DATA"] = ["550 5.1.1 <ann@example.com>: no such user"]
    email_id = await post.send(email())
    [(verdict, state)] = await post.attempt(smtp(office.url()))
    assert verdict == Dead("550 5.1.1 <a***@example.com>: no such user") and state == "dead"
    assert statuses(sql, email_id) == {ANN: "refused"}
    letter = sql.execute("select reason, error, attempts from dead_letters").fetchone()
    assert letter == ("refused", "550 5.1.1 <a***@example.com>: no such user", 1)


@pytest.mark.parametrize("fault", ["hang", "drop"])
async def test_a_server_that_fails_before_the_dot_is_tried_again(
    post, script, smtp, out_of_patience, fault
):
    """Silence or a broken connection before the dot is not unknown, and before MAIL it is free."""
    for step in ("connect", "EHLO", "MAIL", "RCPT", "DATA", "message"):
        server = await script(**{step: [fault]})
        await post.send_bytes(BIG if step == "message" else BIG[:50])
        attempt = post.attempt(smtp(server.url()))
        [(verdict, state)] = await out_of_patience(server, attempt)
        free = step in {"connect", "EHLO", "MAIL"}
        assert isinstance(verdict, Snooze if free else Retry) and state == "ready", step
        assert verdict.outage
        post.later()
        post.sql.execute("delete from breakers")
        [(verdict, state)] = await post.attempt(smtp(server.url()))
        assert state == "done" and len(server.contents) == 1, step


@pytest.mark.parametrize("fault", ["hang", "drop", "gibberish"])
async def test_no_answer_to_the_final_dot_is_unknown(
    post, script, smtp, sql, out_of_patience, fault
):
    """After the dot only an answer tells; without one the email is recorded as unknown."""
    server = await script(dot=[fault])
    await post.send(email())
    attempt = post.attempt(smtp(server.url("?dot=30")))
    [(verdict, state)] = await out_of_patience(server, attempt)
    assert isinstance(verdict, Unknown) and "may have been taken" in verdict.because
    assert state == "ready" and len(server.contents) == 1
    assert sql.execute("select outcome from attempts").fetchall() == [("unknown",)]
    assert (await post.attempt(smtp(server.url())))[0][1] == "done"
    assert server.contents[0] == server.contents[1]


async def test_unknown_is_held_where_the_queue_says_so(post, script, smtp):
    """With on_unknown = hold nothing is sent again before a person has decided."""
    await post.database.run(queues.set_queue("email", {"on_unknown": "hold"}))
    server = await script(dot=["drop"])
    await post.send(email())
    assert (await post.attempt(smtp(server.url())))[0][1] == "held"
    assert await post.attempt(smtp(server.url())) == []


async def test_cancelled_after_the_dot_is_unknown(post, script, smtp, eventually):
    """A worker that stops or runs out of time after the dot records that it may have happened."""
    server = await script(dot=["hang"])
    await post.send(email())
    [job] = await post.database.run(jobs.claim("email", 1, "test"))
    running = asyncio.create_task(post.delivery(smtp(server.url())).run(job))
    await eventually(lambda: server.contents)
    running.cancel()
    assert isinstance(await running, Unknown)


async def test_cancelled_before_the_dot_is_cancelled(post, script, smtp, eventually):
    """Before the dot nothing has happened, and stopping is just stopping."""
    server = await script(DATA=["hang"])
    await post.send(email())
    [job] = await post.database.run(jobs.claim("email", 1, "test"))
    running = asyncio.create_task(post.delivery(smtp(server.url())).run(job))
    await eventually(lambda: b"DATA\r\n" in server.lines)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running


async def test_each_recipient_has_its_own_outcome(post, post_office, smtp, sql):
    """Those who have it never get it again; the others are tried again; a refusal is not lost."""
    office = await post_office()
    office.answers |= {BEN: ["550 5.1.1 no such user"], CLEO: ["450 4.2.1 too fast"]}
    email_id = await post.send(email(ANN, BEN, CLEO))
    [(verdict, state)] = await post.attempt(smtp(office.url()))
    assert verdict == Retry("1 of 3 recipients: 450 4.2.1 too fast") and state == "ready"
    assert statuses(sql, email_id) == {ANN: "delivered", BEN: "refused", CLEO: "pending"}
    [(verdict, state)] = await post.attempt(smtp(office.url()))
    assert verdict == Dead("1 of 2 recipients: 550 5.1.1 no such user") and state == "dead"
    assert [message.recipients for message in office.messages] == [[ANN], [CLEO]]
    assert statuses(sql, email_id) == {ANN: "delivered", BEN: "refused", CLEO: "delivered"}


async def test_a_replay_is_for_those_who_were_refused(post, post_office, smtp, sql):
    """Replaying the dead letter asks again for the refused address, and for nobody else."""
    office = await post_office()
    office.answers |= {BEN: ["550 5.7.1 not from you"]}
    email_id = await post.send(email(ANN, BEN))
    assert (await post.attempt(smtp(office.url())))[0][1] == "dead"
    sql.execute("select replay(%s, 'a test')", [email_id])
    assert (await post.attempt(smtp(office.url())))[0][1] == "done"
    assert [message.recipients for message in office.messages] == [[ANN], [BEN]]


async def test_recorded_but_not_settled(post, post_office, smtp, sql):
    """A success is recorded and settled in one transaction: nothing can come between."""
    office = await post_office()
    await post.send(email())
    [job] = await post.database.run(jobs.claim("email", 1, "test"))
    await post.delivery(smtp(office.url())).run(job)
    assert await post.attempt(smtp(office.url())) == [] and len(office.messages) == 1
    assert sql.execute("select state from jobs").fetchall() == [("done",)]


async def test_a_refused_sender_is_refused_for_all(post, script, smtp):
    """A 5xx to MAIL is about the message: dead; and the next command is never sent."""
    server = await script(MAIL=["553 5.7.1 not your address"])
    await post.send(email(ANN, BEN))
    [(verdict, state)] = await post.attempt(smtp(server.url()))
    assert verdict == Dead("2 of 2 recipients: 553 5.7.1 not your address") and state == "dead"
    assert not [line for line in server.lines if line.startswith(b"RCPT")]


@pytest.mark.parametrize("step", ["connect", "EHLO"])
async def test_a_server_that_refuses_us_kills_no_message(post, script, smtp, step):
    """5xx before MAIL is about us; the email is tried again."""
    server = await script(**{step: ["554 5.7.1 go away"]})
    await post.send(email())
    [(verdict, state)] = await post.attempt(smtp(server.url()))
    assert (
        isinstance(verdict, Snooze) and "554 5.7.1 go away" in verdict.because and state == "ready"
    )


async def test_421_costs_no_attempt(post, script, smtp, sql):
    """A server that closes the connection has not judged the email."""
    server = await script(RCPT=["421 4.7.0 too many connections"])
    await post.send(email(ANN, BEN))
    [(verdict, _)] = await post.attempt(smtp(server.url()))
    assert isinstance(verdict, Snooze) and verdict.after
    assert sql.execute("select attempts, deferrals from deferred_jobs").fetchone() == (0, 1)


async def test_a_server_that_is_not_there(post, smtp):
    """A connection that is refused is tried again, with the reason."""
    await post.send(email())
    [(verdict, state)] = await post.attempt(smtp("smtp://127.0.0.1:1"))
    assert (
        isinstance(verdict, Snooze) and "connecting failed" in verdict.because and state == "ready"
    )


async def test_an_early_answer_in_the_middle_of_the_message(post, script, smtp):
    """A server that has had enough before the end is heard."""
    server = await script(message=["552 5.3.4 too much"])
    await post.send_bytes(BIG)
    [(verdict, state)] = await post.attempt(smtp(server.url()))
    assert verdict == Dead("552 5.3.4 too much") and state == "dead"


async def test_size_is_looked_at_before_the_message_is_sent(post, script, smtp):
    """What the server will not take by its own word is not sent to it."""
    server = await script(EHLO=["250-test\r\n250 SIZE 100"])
    await post.send(email())
    [(verdict, _)] = await post.attempt(smtp(server.url()))
    assert isinstance(verdict, Dead) and "takes 100" in verdict.because
    assert not [line for line in server.lines if line.startswith(b"MAIL")]


async def test_smtputf8_is_used_only_where_it_is_needed_and_offered(post, script, smtp):
    """An address beyond ASCII is dead where nobody takes it, and announced where somebody does."""
    server = await script(EHLO=["250 Ok", "250-test\r\n250 SMTPUTF8", "250-test\r\n250 SMTPUTF8"])
    await post.send(email("jörg@bücher.example"))
    [(verdict, _)] = await post.attempt(smtp(server.url()))
    assert isinstance(verdict, Dead) and "SMTPUTF8" in verdict.because
    await post.send(email("jörg@bücher.example"))
    await post.send(email("joe@bücher.example"))
    assert {state for _, state in await post.attempt(smtp(server.url()))} == {"done"}
    mails = [line for line in server.lines if line.startswith(b"MAIL")]
    assert sorted(b"SMTPUTF8" in line for line in mails) == [False, True]
    assert "RCPT TO:<jörg@xn--bcher-kva.example>\r\n".encode() in server.lines


async def test_what_is_announced_is_what_goes_out(post, script, smtp):
    """However lines end here, SIZE is that of the wire, and SMTPUTF8 is for headers alone.

    A size that is no number is none.
    """
    offers = "250-test\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250 SIZE "
    server = await script(EHLO=[offers + "²", offers + "9" * 5000])
    for _ in range(2):
        await post.send_bytes("Subject: Hi\n\nGrüße\n".encode())
        assert [state for _, state in await post.attempt(smtp(server.url()))] == ["done"]
    [size] = {len(content) - len(b".\r\n") for content in server.contents}
    mails = {line for line in server.lines if line.startswith(b"MAIL")}
    assert mails == {b"MAIL FROM:<me@example.com> SIZE=%d BODY=8BITMIME\r\n" % size}


async def test_capture_keeps_everything_here(post, sql):
    """Without a server nothing leaves, and the rows say so."""
    email_id = await post.send(email(ANN, BEN))
    [(verdict, state)] = await post.attempt()
    assert isinstance(verdict, Delivered) and state == "done"
    assert statuses(sql, email_id) == {ANN: "captured", BEN: "captured"}
    assert sql.execute("select captured, status from email_queue").fetchone() == (True, "done")


async def test_send_at_and_expires_at(post, sql):
    """An email waits for its time, and one whose time is over is never sent."""
    now = datetime.now(UTC)
    await post.send(email(send_at=now + timedelta(hours=1)))
    await post.send(email(expires_at=now + timedelta(hours=1)))
    sql.execute("update ready_jobs set expires_at = clock() where expires_at is not null")
    assert await post.attempt() == []
    states = sql.execute("select status from email_queue order by created_at").fetchall()
    assert states == [("ready",), ("expired",)]
    with pytest.raises(InvalidInput, match="expires_at has passed"):
        await post.send(email(expires_at=now - timedelta(hours=1)))


@pytest.mark.parametrize(
    ("looks", "lines"), [([0, 61], []), ([0, 59, 61], [b"EHLO", b"MAIL", b"RCPT", b"DATA"])]
)
async def test_what_expired_meanwhile_is_not_sent(post, script, smtp, sql, looks, lines):
    """Looked at before a server is asked, and again before it gets the message."""
    server = await script()
    await post.send(email(expires_at=datetime.now(UTC) + timedelta(seconds=60)))
    times = iter(looks)
    providers = Roster([entry("test", smtp(server.url()), post.database)])
    delivery = Delivery(post.database, providers, lambda: next(times))
    [(verdict, state)] = await post.attempt(delivery=delivery)
    assert isinstance(verdict, Snooze) and "expired" in verdict.because and state == "ready"
    assert server.contents == [] and [line[:4] for line in server.lines] == lines
    sql.execute("update ready_jobs set expires_at = clock()")
    assert await post.attempt(delivery=delivery) == []
    assert sql.execute("select status from email_queue").fetchone() == ("expired",)
    assert sql.execute("select count(*) from email_submissions").fetchone() == (0,)


async def test_a_job_without_an_email_is_dead(post, sql):
    """Somebody may enqueue nonsense; it ends, with a reason."""
    sql.execute("select enqueue('email', 'email')")
    [(verdict, state)] = await post.attempt()
    assert isinstance(verdict, Dead) and "no email" in verdict.because and state == "dead"


OUTCOMES = {
    "delivered": Outcome(ANN, Delivered("250 Ok")),
    "retry": Outcome(BEN, Retry("450 no", 60)),
    "snooze": Outcome(BEN, Snooze("421 no", 60)),
    "dead": Outcome(BEN, Dead("550 no")),
    "unknown": Outcome(BEN, Unknown("?")),
}


@pytest.mark.parametrize(
    ("names", "refusals", "expected"),
    [
        (["delivered"], [], Delivered("250 Ok")),
        (["delivered", "dead"], [], Dead("1 of 2 recipients: 550 no")),
        (["delivered", "retry", "dead"], [], Retry("1 of 3 recipients: 450 no", 60)),
        (["snooze", "dead"], [], Snooze("1 of 2 recipients: 421 no", 60)),
        (["retry", "snooze"], [], Retry("1 of 2 recipients: 450 no", 60)),
        (["retry", "unknown"], [], Unknown("1 of 2 recipients: ?")),
        (["delivered"], ["550 x"], Dead("1 of 2 recipients: 550 x")),
        ([], ["550 x"], Dead("550 x")),
        ([], [], Delivered()),
    ],
)
def test_the_verdict_on_the_whole(names, refusals, expected):
    """Delivered only if all have it; dead only if nobody can be tried again."""
    assert judge([OUTCOMES[name] for name in names], refusals, 15.0) == expected


FULL = Outcome(ANN, Retry("452 4.2.2 full", FULL_AFTER), personal=True)


@pytest.mark.parametrize(
    ("others", "after"),
    [
        ([], FULL_AFTER),
        ([FULL], FULL_AFTER),
        ([Outcome(BEN, Delivered("250 Ok"))], FULL_AFTER),
        ([Outcome(BEN, Retry("450 greylisted"), personal=True)], None),
        ([Outcome(BEN, Retry("503 busy", 60))], 60),
        ([Outcome(BEN, Retry("450 no"))], None),
    ],
)
def test_a_full_mailbox_keeps_nobody_else_waiting(others, after):
    """It is asked again in hours; if somebody else is to be asked earlier, all are."""
    verdict = judge([FULL, *others], [], 15.0)
    assert isinstance(verdict, Retry) and verdict.after == after


def test_what_can_not_be_recorded_is_unknown():
    """If some have it and the database does not know, a resend must not go unseen."""
    partly = [OUTCOMES["delivered"], OUTCOMES["retry"]]
    assert isinstance(unrecorded(partly, judge(partly, [], 1.0)), Unknown)
    assert unrecorded(partly[:1], judge(partly[:1], [], 1.0)) == Delivered("250 Ok")
    assert unrecorded(partly[1:], judge(partly[1:], [], 1.0)) == Retry("450 no", 60)


async def test_no_more_are_in_doubt_than_there_are_slots(post, script, smtp, sql, dsn, eventually):
    """With two connections at most two are unrecorded; meanwhile these carry the next envelopes."""
    server = await script()
    for _ in range(6):
        await post.send(email())
    delivery = post.delivery(smtp(server.url("?connections=2")))
    claimed = await post.database.run(jobs.claim("email", None, "test"))
    with psycopg.connect(dsn) as other:
        other.execute("lock table holdfast.finished_jobs")
        tasks = [asyncio.create_task(delivery.run(job)) for job in claimed]
        await eventually(lambda: sum(line.startswith(b"MAIL") for line in server.lines) == 4)
        assert len(server.contents) == 2 and server.connections == 2
        other.rollback()
    assert all(isinstance(verdict, Settled) for verdict in await asyncio.gather(*tasks))
    assert len(server.contents) == 6
    assert sql.execute("select count(*) from finished_jobs").fetchone() == (6,)


@pytest.mark.parametrize("with_all_tasks", [False, True])
async def test_who_has_it_is_stored_also_when_the_attempt_is_stopped(
    post, clerk, smtp, sql, dsn, eventually, with_all_tasks
):
    """What servers took while the database hangs is on record, once, before the next attempt."""
    server = await clerk()
    for to in ((ANN, "busy@example.com"), (ANN,), (BEN,)):
        await post.send(email(*to))
    delivery = post.delivery(smtp(server.url("?connections=3")))
    claimed = await post.database.run(jobs.claim("email", None, "test"))
    with psycopg.connect(dsn) as other:
        other.execute("lock table holdfast.finished_jobs, holdfast.email_answers")
        tasks = [asyncio.create_task(delivery.run(job)) for job in claimed]
        await eventually(lambda: len(delivery._storing) == 3)
        stopped = [
            task for task in asyncio.all_tasks() if task in tasks
            or (with_all_tasks and task.get_coro().__name__ in ("_insisted", "fly"))
        ]  # fmt: skip
        for task in stopped:
            task.cancel()
        await asyncio.wait(stopped)
        other.rollback()
    await delivery.close()
    assert sql.execute("select count(*) from finished_jobs").fetchone() == (2,)
    (told,) = sql.execute("select count(*) from email_answers").fetchone()
    assert told == 2 or (with_all_tasks and told)  # then nobody knows of the first try


async def test_a_late_word_leaves_the_next_attempt_in_doubt(post, sql):
    """An attempt that was overtaken says who has it; of what the next one sent it knows nothing."""
    await post.send(email(ANN, BEN))
    [first] = await post.database.run(jobs.claim("email", None, "first"))
    sql.execute("update leased_jobs set lease_until = clock()")
    sql.execute("select rescue()")
    [second] = await post.database.run(jobs.claim("email", None, "second"))
    await post.database.run(store.submit([Handed(second.id, "test", [ANN, BEN])]))
    outcomes = [OUTCOMES["delivered"], OUTCOMES["retry"]]
    for job, left in ((first, 1), (second, 0)):
        said = Said(job.id, job.claim_token, job.attempt, "test", outcomes, "retry")
        await post.database.run(store.record([said]))
        assert sql.execute("select count(*) from email_submissions").fetchone() == (left,)
        assert statuses(sql, job.id) == {ANN: "delivered", BEN: "pending"}
