"""Cancel until submitted, and send again as a new email that is linked with the first."""

import email
import email.policy
import json
from datetime import UTC, datetime, timedelta
from uuid import UUID

import psycopg
import pytest

from holdfast import Attachment, Email, InvalidInput, NotReplayable, UnknownJob
from holdfast.channels.email import cancel, reschedule, resend
from holdfast.channels.email.commands.change import cancel_email, reschedule_email, resend_email
from holdfast.channels.email.commands.show import show_email
from holdfast.engine import jobs
from holdfast.policy.verdict import Retry

PLAIN = {"to": "ann@example.com", "subject": "Grüße", "text": "Hello", "sender": "me@example.com"}


def parsed(raw):
    """As a mail program reads it."""
    return email.message_from_bytes(raw, policy=email.policy.default)


async def test_cancelled_is_never_sent(post, services, smtp, post_office):
    """An email that waits is ended at once, with who and why; a second time there is nothing."""
    office = await post_office()
    email_id = await post.send(Email(**PLAIN))
    note = await cancel_email(services, str(email_id), why="wrong price", who="bo")
    assert note.data == {"id": str(email_id), "state": "cancelled", "delivered": 0, "pending": 1}
    assert await post.attempt(smtp(office.url())) == [] and office.messages == []
    shown = (await show_email(services, str(email_id))).fields
    assert shown["status"] == "cancelled" and "bo: wrong price" in shown["next"]
    with pytest.raises(NotReplayable, match="cancelled already"):
        await post.database.run(cancel(email_id, "bo"))
    with pytest.raises(UnknownJob):
        await cancel_email(services, "00000000-0000-0000-0000-000000000000")
    with pytest.raises(InvalidInput):
        await cancel_email(services, "nonsense")


async def test_it_is_sent_at_another_time(post, services, smtp, post_office, sql):
    """Later or sooner, until it is submitted; with who and why, and never after it expires."""
    office = await post_office()
    day = datetime(2098, 1, 1, tzinfo=UTC)
    waits = Email(**PLAIN, send_at=day, expires_at=day + timedelta(days=9))
    email_id = await post.send(waits)
    later = await reschedule_email(services, str(email_id), "2098-01-05T01:30+01:00", who="bo")
    assert later.text == f"{email_id} is sent from 2098-01-05T00:30:00Z on"
    assert await post.attempt(smtp(office.url())) == []
    with pytest.raises(InvalidInput, match="expires at 2098-01-10"):
        await post.database.run(reschedule(email_id, day + timedelta(days=9), "bo"))
    for wrong in ("soon", "10000-01-01"):
        with pytest.raises(InvalidInput, match="TIME"):
            await reschedule_email(services, str(email_id), wrong)
    with pytest.raises(InvalidInput, match="time zone"):
        reschedule(email_id, day.replace(tzinfo=None), "bo")
    shown = (await show_email(services, str(email_id))).fields
    assert shown["next_attempt_at"].startswith("2098-01-05T00:30")
    await reschedule_email(services, str(email_id), "now", why="it is urgent", who="bo")
    assert [state for _, state in await post.attempt(smtp(office.url()))] == ["done"]
    assert len(office.messages) == 1
    with pytest.raises(NotReplayable, match="done already: there is nothing to reschedule"):
        await post.database.run(reschedule(email_id, day, "bo"))
    with pytest.raises(UnknownJob):
        await post.database.run(reschedule(UUID(int=7), day, "bo"))
    done = "select who, why from operations where action = 'reschedule' order by id"
    assert sql.execute(done).fetchall() == [("bo", None), ("bo", "it is urgent")]


async def test_what_is_put_off_has_its_retries_then(post, database, sql, script, smtp):
    """An email that failed and is put off beyond max_age is not given up at its next failure."""
    server = await script(RCPT=["451 4.3.0 later"] * 3)
    email_id = await post.send(Email(**PLAIN))
    assert [state for _, state in await post.attempt(smtp(server.url()))] == ["ready"]
    [(now,)] = sql.execute("select clock()").fetchall()
    day = now + timedelta(days=9)
    await database.run(reschedule(email_id, day, "bo"))
    sql.execute("select set_config('holdfast.now', %s, false)", [str(day)])
    [job] = sql.execute("select id, claim_token from claim('email', 1, 'test')").fetchall()
    assert sql.execute("select is_old from email_load(%s)", [[email_id]]).fetchone() == (False,)
    settle = "select state from settle(jsonb_build_array(jsonb_build_object('id', %s::uuid, 'token'"
    settled = sql.execute(f"{settle}, %s::uuid, 'verdict', 'retry', 'because', 'x')))", job)
    assert settled.fetchone() == ("ready",)


async def test_a_retry_is_sent_at_another_time_unless_in_doubt(post, database, sql):
    """After a failure too; not while it is being sent, held, or nobody knows who has it."""
    email_id = await post.send(Email(**PLAIN))
    day = datetime(2098, 1, 1, tzinfo=UTC)

    async def refused(match):
        with pytest.raises(NotReplayable, match=match):
            await database.run(reschedule(email_id, day, "bo"))

    [job] = await database.run(jobs.claim("email", None, "test"))
    await refused("being sent right now")
    await database.run(jobs.settle([(job.id, job.claim_token, Retry("450 later"))]))
    assert await database.run(reschedule(email_id, day, "bo")) == day
    held = (await database.run(jobs.explain(email_id)))["state"]
    assert held == "ready"
    sql.execute("insert into email_submissions values (%s, 'smtp', clock(), clock())", [email_id])
    await refused("may have been taken already")
    sql.execute("delete from email_submissions")
    sql.execute("select hold(%s, 'bo')", [email_id])
    await refused("is held")
    assert sql.execute("select count(*) from jobs").fetchone() == (1,)


async def test_what_is_being_sent_can_not_be_called_back(post, database):
    """It says so and changes nothing: the attempt is settled as if nobody had asked."""
    email_id = await post.send(Email(**PLAIN))
    [job] = await database.run(jobs.claim("email", None, "test"))
    with pytest.raises(NotReplayable, match="being sent right now"):
        await database.run(cancel(email_id, "bo"))
    from holdfast import Delivered

    settled = await database.run(jobs.settle([(job.id, job.claim_token, Delivered())]))
    assert settled[0].state == "done"


async def test_what_some_have_is_said(post, services, smtp, post_office):
    """Cancelled between two attempts: who had it keeps it, the others do not get it."""
    office = await post_office()
    office.answers["ben@example.com"] = ["450 4.2.1 later"]
    email_id = await post.send(Email(**PLAIN | {"to": ["ann@example.com", "ben@example.com"]}))
    await post.attempt(smtp(office.url()))
    note = await cancel_email(services, str(email_id))
    assert "1 recipients had it already, 1 will not" in note.text
    assert await post.attempt(smtp(office.url())) == []


async def test_sent_again(post, services, sql, smtp, post_office):
    """A new email with the same content, attachments included; both know of each other."""
    office = await post_office()
    content = bytes(range(256)) * 100
    first = await post.send(
        Email(**PLAIN, bcc=["eve@example.com"], tenant="t", tags=["a"], metadata={"k": 1},
              attachments=[Attachment("a.bin", content)], on_unknown="hold")
    )  # fmt: skip
    with pytest.raises(NotReplayable, match="on its way"):
        await post.database.run(resend(first, "bo"))
    await post.attempt(smtp(office.url()))
    note = await resend_email(services, str(first), who="bo", key="again")
    again = await resend_email(services, str(first), who="bo", key="again")
    assert again.data["duplicate"] and again.data["id"] == note.data["id"] != str(first)
    await post.attempt(smtp(office.url()))
    old, new = (parsed(message.content) for message in office.messages)
    assert office.messages[1].recipients == ["ann@example.com", "eve@example.com"]
    assert new["Message-ID"] != old["Message-ID"] and new["References"] == old["Message-ID"]
    for name in ("Subject", "From", "To"):
        assert new[name] == old[name]
    assert [part.get_content() for part in new.iter_attachments()] == [content]
    assert new.get_body().get_content() == old.get_body().get_content()
    ours = (await show_email(services, str(first))).fields
    copy = (await show_email(services, note.data["id"])).fields
    assert ours["copies"] == [note.data["id"]] and copy["copy_of"] == str(first)
    assert (copy["tenant"], copy["tags"], copy["metadata"]) == ("t", ["a"], {"k": 1})
    assert (copy["on_unknown"], copy["source"]) == ("hold", "resend")
    assert sql.execute("select count(*) from email_files").fetchone() == (1,)


async def test_sent_to_somebody_else(post, services, smtp, post_office):
    """--to sends it to others alone, also while it is still on its way to the first."""
    office = await post_office()
    first = await post.send(Email(**PLAIN))
    await resend_email(services, str(first), to=["Cy <cy@example.com>"])
    await post.attempt(smtp(office.url()))
    assert [m.recipients for m in office.messages] == [["ann@example.com"], ["cy@example.com"]]
    assert parsed(office.messages[1].content)["To"] == "ann@example.com"
    with pytest.raises(InvalidInput, match="one address"):
        await resend_email(services, str(first), to=["a@x.com, b@x.com"])


HEADS = [
    b"Subject: x\r\nMESSAGE-ID:\r\n <1@example.com>\r\nDate: old\r\n\r\nMessage-ID: body\r\n",
    b"Message-Id: <1@example.com>\nReferences: <a@b>\n <c@d>\nX: \\\\ \xff\x00\n\nbody \\ \xff\x00",
    b"Date: old",
    b"\r\n\r\nbody",
    b"References: <a@b>\r\nMessage-ID: <1@example.com>\r\nMessage-ID: <2@example.com>\r\n\r\n",
]


@pytest.mark.parametrize("raw", HEADS)
def test_only_the_identity_changes(sql, raw):
    """Message-ID and Date are new and there once, References tells the old; else nothing moves."""
    (again,) = sql.execute(
        "select email_raw_again(%s, '<1@example.com>', '<2@x>', '2030-01-01T00:00:00Z')", [raw]
    ).fetchone()
    head, _, body = again.replace(b"\r\n", b"\n").partition(b"\n\n")
    old_head, _, old_body = raw.replace(b"\r\n", b"\n").partition(b"\n\n")
    assert body == old_body
    message = parsed(again)
    assert message.get_all("Message-ID") == ["<2@x>"]
    assert message.get_all("Date") == ["Tue, 01 Jan 2030 00:00:00 +0000"]
    assert message["References"].split()[-1] == "<1@example.com>"
    kept = [line for line in old_head.split(b"\n") if line.startswith((b"Subject", b"X"))]
    assert all(line in head.split(b"\n") for line in kept)
    assert (b"<a@b>" in head) == (b"<a@b>" in old_head)


BAD = ["[]", '{"nonsense": 1}', '{"to": "ann@example.com"}', '{"to": ["ann"]}', '{"to": []}',
       '{"priority": 10}', '{"to": ["ann@example.com\\nRCPT TO:<eve@x.com>"]}',
       '{"message_id": "<1 2>"}', '{"unsubscribe": "https://x/\\nX: y"}']  # fmt: skip


async def test_sent_again_with_psql(post, sql):
    """Options are checked, and whoever may only enqueue may not resend."""
    first = await post.send(Email(**PLAIN))
    await post.attempt()
    for options in BAD:
        with pytest.raises(psycopg.Error) as raised:
            sql.execute("select email_resend(%s, %s)", [first, options])
        assert raised.value.sqlstate == "JQ005", options
    sql.execute("set role holdfast_enqueue")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        sql.execute("select email_resend(%s)", [first])
    sql.execute("set role holdfast_operate")
    options = json.dumps({"run_at": "2999-01-01", "who": "bo"})
    (copy,) = sql.execute("select id from email_resend(%s, %s)", [first, options]).fetchone()
    assert sql.execute("select copy_of from emails where id = %s", [copy]).fetchone() == (first,)
    assert sql.execute("select email_cancel(%s, 'bo')", [copy]).fetchone()


async def test_the_timeline_has_the_answers(post, services, smtp, post_office):
    """Each attempt shows what the server said about each address in it, and what comes next."""
    office = await post_office()
    office.answers["ben@example.com"] = ["450 4.2.1 later", "550 5.1.1 nobody"]
    email_id = await post.send(Email(**PLAIN | {"to": ["ann@example.com", "ben@example.com"]}))
    await post.attempt(smtp(office.url()))
    shown = (await show_email(services, str(email_id))).fields
    assert shown["status"] == "ready" and "later" in shown["timeline"].rows[0][2]
    await post.attempt(smtp(office.url()))
    shown = (await show_email(services, str(email_id))).fields
    attempt, _, *answer = shown["answers"].columns
    assert [attempt, *answer] == ["attempt", "address", "status", "code", "answer"]
    assert [(row[0], *row[2:5]) for row in shown["answers"].rows] == [
        (1, "ann@example.com", "delivered", 250), (1, "ben@example.com", "retry", 450),
        (2, "ben@example.com", "refused", 550),
    ]  # fmt: skip
    assert shown["status"] == "dead" and "550" in shown["next"]


async def test_held_says_why(post, services, sql):
    """A held email tells who is to do something, and why."""
    email_id = await post.send(Email(**PLAIN))
    sql.execute("select hold(%s, 'bo', 'ask the customer')", [email_id])
    shown = (await show_email(services, str(email_id))).fields
    assert shown["status"] == "held" and "ask the customer" in shown["next"]
