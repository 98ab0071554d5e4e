"""From any program that speaks SMTP, through queue and worker, to another server."""

import asyncio
import smtplib

from holdfast import Email
from holdfast.channels.email.smtp_in.address import Address
from holdfast.channels.email.smtp_in.server import listening
from holdfast.engine import queues


async def test_smtplib_to_a_server_that_is_not_ready(
    hf, work, post_office, eventually, monkeypatch, sql
):
    """451 twice, then accepted: one message, the bytes as they came, the same Message-ID."""
    office = await post_office()
    office.answers["DATA"] = ["451 4.3.0 later", "451 4.3.0 later"]
    monkeypatch.setenv("HOLDFAST_SMTP_URL", office.url())
    await hf.run(queues.set_queue("email", {"retry_base": "0 s"}))
    content = b"Subject: Hi\r\nMessage-ID: <1@example.com>\r\nDate: x\r\n\r\n.\r\nHello\r\n"
    async with listening(hf.services.database, Address("127.0.0.1", 0)) as server:
        port = server.sockets[0].getsockname()[1]
        await asyncio.to_thread(submit, port, content)
    async with work():
        await eventually(lambda: office.messages)
        await eventually(lambda: state(sql) == ("done", 3))
    assert [message.content for message in office.seen] == [content] * 3
    assert len(office.messages) == 1


async def test_a_hanging_server_does_not_stop_the_others(
    hf, work, script, eventually, later, monkeypatch, sql
):
    """While one attempt hangs the next email goes out; then the first is tried again."""
    server = await script(connect=["hang"])
    monkeypatch.setenv("HOLDFAST_SMTP_URL", server.url())
    await hf.run(queues.set_queue("email", {"retry_base": "0 s"}))
    for subject in ("first", "second"):
        await hf.send(
            Email(to="a@example.com", subject=subject, text="Hi", sender="me@example.com")
        )
    async with work():
        await eventually(lambda: len(server.contents) == 1)
        await later(31)
        await eventually(lambda: waiting(sql))
        sql.execute("update deferred_jobs set run_at = clock()")
        sql.execute("select wake('{email}')")
        await eventually(lambda: state(sql, "where status <> 'done'") is None)
    assert len(server.contents) == 2
    [(outcome, because)] = sql.execute("select outcome, because from attempts").fetchall()
    assert outcome == "snooze"
    assert because.startswith("no answer to our connection within 30 s; ")
    assert "smtps:// instead of smtp://" in because  # a server with TLS from the start is as mute


async def test_sent_in_the_callers_transaction(hf, sql, dsn):
    """Rolled back with it: nothing; committed with it: queued."""
    sql.autocommit = False
    mail = Email(to="a@example.com", subject="Hi", text="Hi", sender="me@example.com")
    hf.sync.send(mail, using=sql)
    sql.rollback()
    receipt = hf.sync.send(mail, using=sql)
    sql.commit()
    assert sql.execute("select id from holdfast.emails").fetchall() == [(receipt.id,)]


def submit(port, content):
    """As any program sends mail."""
    with smtplib.SMTP("127.0.0.1", port, timeout=20) as client:
        client.sendmail("me@example.com", ["ann@example.com"], content)


def waiting(sql):
    """What waits for its time."""
    return sql.execute("select from deferred_jobs").fetchall()


def state(sql, rest=""):
    """How far an email is."""
    return sql.execute(f"select status, attempts from email_queue {rest}").fetchone()
