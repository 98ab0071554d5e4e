"""What a provider posts to /webhooks/<provider> reaches the email it is about."""

import dataclasses
import json
import logging
from datetime import datetime

import pytest

from holdfast import all_channels, channel
from holdfast.channels.email import CHANNEL
from holdfast.channels.email.feedback.feedback import (
    DEAD_MAILBOX_CODES,
    Feedback,
    is_dead_mailbox,
)
from holdfast.channels.email.feedback.hear import hears
from holdfast.channels.email.message import Email, send


def read(body, _headers):
    """A provider that posts what Feedback says, as JSON."""
    return [
        Feedback(**{**report, "at": datetime.fromisoformat(report["at"])})
        for report in json.loads(body)
    ]


@pytest.fixture
def resend(monkeypatch, hf):
    """A provider named `resend` whose reports can be read, and one whose cannot."""
    monkeypatch.setenv("HOLDFAST_EMAIL_PROVIDER_RESEND", "resend://key@api.example.com")
    monkeypatch.setenv("HOLDFAST_EMAIL_PROVIDER_RELAY", "smtp://relay.example.com")
    with_reader = dataclasses.replace(CHANNEL, hears=lambda s: hears(s, {"resend": read}))
    channels = {**channel.load(), "email": with_reader}
    monkeypatch.setattr(all_channels, "load", lambda: channels)
    return hf


@pytest.fixture
async def arrives(resend, sql):
    """An event of the webhooks channel is stored for a source, as after its verification."""
    await resend.prepare()
    all_channels.connect_handlers(resend.services)
    for call in all_channels.announcements(resend.services):
        await resend.run(call)
    counted = iter(range(1000))

    def arriving(body, source="resend"):
        sql.execute(
            "select * from webhook_receive(%s, %s, 'x', null, null, null, %s)",
            [source, f"evt_{next(counted)}", body],
        )

    return arriving


def body(*events):
    """As the provider posts it."""
    return json.dumps(events).encode()


async def test_reports_reach_their_email(resend, arrives, desk, sql):
    """Stored, shown at the recipient, suppressed: by the job of the event, and once."""
    email = Email(to="ann@example.com", subject="Hi", text="x", sender="me@example.com")
    await resend.run(send(email))
    sql.execute("update emails set message_id = '<1@example.com>'")
    bounce = desk.event("bounced", code="5.1.1", because="no <ann@example.com> here")
    arrives(body(desk.event("delivered"), bounce))
    arrives(body(bounce))
    arrives(b"[]", source="relay")
    await resend.work(until_idle=True, queues=["webhooks"])
    states = sql.execute("select kind, state from jobs where queue = 'webhooks'").fetchall()
    assert states == [("webhook:email:resend", "done")] * 2
    assert desk.news()["ann@example.com"][0] == "bounced"
    assert desk.suppressed("ann@example.com") == ["ann@example.com"]
    assert desk.one("select because from email_events where kind = 'bounced'")[0] == (
        "no <a***@example.com> here"
    )


async def test_a_provider_that_mail_goes_to_by_smtp_is_heard(hf, monkeypatch, desk, sql):
    """By its name: with nothing but the address of a relay, its complaints suppress."""
    monkeypatch.setenv("HOLDFAST_SMTP_URL", "smtp://smtp.postmarkapp.com")
    await hf.prepare()
    all_channels.connect_handlers(hf.services)
    for call in all_channels.announcements(hf.services):
        await hf.run(call)
    complaint = {
        "RecordType": "SpamComplaint", "ID": 42, "MessageID": "pm-1", "Email": "ann@example.com",
        "BouncedAt": "2026-11-25T08:00:00Z",
    }  # fmt: skip
    sql.execute(
        "select * from webhook_receive('postmark', 'evt_1', 'x', null, null, null, %s)",
        [json.dumps(complaint).encode()],
    )
    await hf.work(until_idle=True, queues=["webhooks"])
    assert desk.suppressed("ann@example.com") == ["ann@example.com"]


def test_a_name_of_ours_is_heard_by_its_scheme(hf, monkeypatch):
    """A provider may have any name; one with a known name that is a relay is heard as known."""
    monkeypatch.setenv("HOLDFAST_EMAIL_PROVIDER_MAIN", "resend://key@api.example.com")
    monkeypatch.setenv("HOLDFAST_EMAIL_PROVIDER_SES", "smtp://email-smtp.example.com")
    monkeypatch.setenv("HOLDFAST_EMAIL_PROVIDER_RELAY", "smtp://relay.example.com")
    heard = {hearing.name for hearing in hears(hf.services)}
    assert heard == {"brevo", "mailgun", "postmark", "resend", "sendgrid", "ses", "main"}


async def test_what_can_not_be_read_is_a_dead_letter(resend, arrives, desk, sql):
    """A body that is no report ends at once, with the reason; it can be replayed when mended."""
    arrives(b"nonsense")
    arrives(body({**desk.event("opened"), "at": "2026-11-25T08:00:00"}))
    await resend.work(until_idle=True, queues=["webhooks"])
    errors = sorted(row[0] for row in sql.execute("select error from dead_letters").fetchall())
    start = "resend: this is no report of theirs: "
    assert errors[0].startswith(start + "Expecting value")
    assert errors[1] == start + "the moment of a report has no time zone"


async def test_a_batch_that_can_be_read_in_part_is_heard(hf, desk, sql):
    """The complaint beside an event that nobody can read suppresses, and an alert tells of that."""
    await hf.prepare()
    all_channels.connect_handlers(hf.services)
    for call in all_channels.announcements(hf.services):
        await hf.run(call)
    event = {"timestamp": 1764064800, "sg_event_id": "1", "event": "spamreport"}
    batch = [{**event, "email": "nobody"}, {**event, "email": "ann@example.com"}]
    sql.execute(
        "select * from webhook_receive('sendgrid', 'evt_1', 'x', null, null, null, %s)",
        [json.dumps(batch).encode()],
    )
    await hf.work(until_idle=True, queues=["webhooks"])
    assert desk.suppressed("ann@example.com") == ["ann@example.com"]
    [(key, text)] = sql.execute("select key, text from alert_list()").fetchall()
    assert key == "email.feedback:sendgrid"
    assert text.startswith("1 of the events in a batch of sendgrid cannot be read: email ")


async def test_it_is_all_or_nothing_with_the_job(resend, arrives, desk, sql):
    """When the job cannot be ended, nothing of its reports is there; the next attempt has it."""
    sql.execute("select set_queue('webhooks', %s)", ['{"retry_base": "0 s", "retry_jitter": 0}'])
    sql.execute("alter table email_suppressions add constraint no check (reason <> 'complained')")
    arrives(body(desk.event("opened"), desk.event("complained")))
    await resend.worker(queues=["webhooks"]).once(1)
    assert desk.one("select count(*) from email_events")[0] == 0
    sql.execute("alter table email_suppressions drop constraint no")
    await resend.work(until_idle=True, queues=["webhooks"])
    assert desk.one("select count(*) from email_events")[0] == 2
    assert desk.suppressed("ann@example.com")


async def test_nothing_of_it_is_logged(resend, arrives, desk, caplog):
    """Neither an address nor a body is in a record of the log, whatever the report says."""
    caplog.set_level(logging.DEBUG)
    arrives(body(desk.event("bounced", "canary@example.com", because="canary in a mine")))
    arrives(b'[{"address": "canary@example.com"}]')
    arrives(b"canary@example.com")
    await resend.work(until_idle=True, queues=["webhooks"])
    said = [str(record.__dict__) for record in caplog.records if record.name.startswith("holdfast")]
    assert any("email.feedback" in text for text in said)
    assert not [text for text in said if "canary" in text]


def test_dead_mailbox_codes_are_those_of_the_database(desk):
    """Python and SQL mean the same codes."""
    codes = [f"5.{a}.{b}" for a in (1, 2, 4, 7) for b in range(12)]
    for code in codes:
        in_sql = desk.one("select email_is_dead_mailbox(%s)", code)[0]
        assert in_sql == is_dead_mailbox(code) == (code in DEAD_MAILBOX_CODES)
    assert not is_dead_mailbox(None)
