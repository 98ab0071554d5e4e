"""What six providers report, in the shapes that they document, becomes one form."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.channels.email.feedback import brevo, mailgun, postmark, resend, sendgrid, ses
from holdfast.channels.email.feedback.feedback import Feedback, PartlyRead

MODULES = {"resend": resend, "postmark": postmark, "sendgrid": sendgrid, "ses": ses,
           "mailgun": mailgun, "brevo": brevo}  # fmt: skip
ANN, BOB = "ann@example.com", "bob@example.org"
AT = datetime(2026, 11, 25, 10, 0, tzinfo=UTC)
ISO = "2026-11-25T10:00:00Z"
EPOCH = int(AT.timestamp())
OURS = "<1@example.com>"


def resend_event(kind, to=(ANN,), **data):
    """As resend.com/docs/webhooks/emails has it."""
    return {"type": f"email.{kind}", "created_at": ISO,
            "data": {"created_at": "2026-11-25T09:59:00.000Z", "email_id": "re-1",
                     "from": "Shop <shop@example.com>", "to": list(to), "subject": "Your order",
                     **data}}  # fmt: skip


def postmark_event(record, **fields):
    """As postmarkapp.com/developer/webhooks has it."""
    return {"RecordType": record, "MessageID": "pm-1", "ServerID": 23, "MessageStream": "outbound",
            "Tag": "", "Metadata": {}, **fields}  # fmt: skip


def postmark_bounce(kind, code, details):
    """A bounce of that type."""
    return postmark_event("Bounce", ID=42, Type=kind, TypeCode=code, Name=kind, Email=ANN,
                          Details=details, Description="The server said no.", BouncedAt=ISO,
                          DumpAvailable=True, Inactive=True, CanActivate=True)  # fmt: skip


def sendgrid_event(event, **fields):
    """As the Event Webhook Reference has it."""
    return {"email": ANN, "timestamp": EPOCH, "smtp-id": OURS, "event": event,
            "category": ["orders"], "sg_event_id": f"sg-{event}",
            "sg_message_id": "14c5d75ce93.recvd-5f54b5d587-pczjm-1-5F57D9F4-7E.0",
            **fields}  # fmt: skip


def ses_event(kind, key, about, destination=(ANN,), name="eventType"):
    """As the examples of event publishing have it."""
    return {name: kind, key: about, "mail": {
        "timestamp": "2026-11-25T09:59:00.000Z", "source": "Shop <shop@example.com>",
        "messageId": "ses-1", "destination": list(destination), "headersTruncated": False,
        "headers": [{"name": "Subject", "value": "Hi"},
                    {"name": "Message-ID", "value": OURS}]}}  # fmt: skip


def ses_bounce(
    kind="Permanent", subtype="General", status="5.1.1", who=(ANN,), said=None, **more
):  # fmt: skip
    """A bounce for these recipients; `said` is what their server said."""
    recipients = [
        {"emailAddress": box, "action": "failed", "status": status,
         "diagnosticCode": f"smtp; {said or f'550 {status} {box} unknown'}"} for box in who
    ]  # fmt: skip
    about = {"bounceType": kind, "bounceSubType": subtype, "bouncedRecipients": recipients,
             "timestamp": ISO, "feedbackId": "fb-1"}  # fmt: skip
    return ses_event("Bounce", "bounce", about, who, **more)


def sns(message):
    """SNS's envelope around it."""
    return {"Type": "Notification", "MessageId": "sns-1", "TopicArn": "arn:aws:sns:x:1:ses",
            "Message": message if isinstance(message, str) else json.dumps(message),
            "Timestamp": ISO, "SignatureVersion": "2", "Signature": "…"}  # fmt: skip


def mailgun_event(event, **fields):
    """As the page of webhook payloads has it."""
    return {"signature": {"timestamp": str(EPOCH), "token": "t", "signature": "s"},
            "event-data": {"event": event, "id": "mg-1", "timestamp": EPOCH + 0.5,
                           "recipient": ANN, "message": {"headers": {
                               "message-id": "1@example.com", "to": ANN, "from": "s@example.com"}},
                           **fields}}  # fmt: skip


def brevo_event(event, **fields):
    """As the page of transactional webhooks has it."""
    return {"event": event, "email": ANN, "id": 26224, "date": "2026-11-25 11:00:00",
            "ts": EPOCH + 3600, "message-id": "<2026.1@smtp-relay.mailin.fr>",
            "ts_event": EPOCH + 3600, "ts_epoch": EPOCH * 1000, "subject": "Your order",
            "X-Mailin-custom": OURS, "sending_ip": "192.0.2.1", **fields}  # fmt: skip


CANNED = "The recipient's email provider sent a hard bounce message, but gave no reason"
UNKNOWN = "550 5.1.1 The email account that you tried to reach does not exist"
SPAM = "550 5.7.1 Our system has detected that this message is likely unsolicited"
# (provider, report, kind, code, whether the mailbox is gone)
CASES = [
    ("resend", resend_event("delivered"), "delivered", None, False),
    ("resend", resend_event("delivery_delayed"), "delayed", None, False),
    ("resend", resend_event("bounced", bounce={"type": "Permanent", "subType": "General",
     "message": "The recipient's email provider sent a hard bounce message."}), "bounced", None,
     True),
    ("resend", resend_event("bounced", bounce={"type": "Transient", "subType": "MailboxFull",
     "message": "The inbox was full."}), "soft_bounced", None, False),
    ("resend", resend_event("bounced", bounce={"type": "Permanent", "subType":
     "OnAccountSuppressionList", "message": "Resend has suppressed sending"}), "rejected", None,
     False),
    ("resend", resend_event("bounced", bounce={"type": "Permanent", "subType": "General",
     "message": SPAM}), "bounced", "5.7.1", False),
    ("resend", resend_event("bounced", bounce={"type": "Permanent", "subType": "General",
     "message": CANNED, "diagnosticCode": ["smtp; " + SPAM]}), "bounced", "5.7.1", False),
    ("resend", resend_event("bounced", bounce={"type": "Permanent", "subType": "General",
     "message": CANNED, "diagnosticCode": "smtp; " + UNKNOWN}), "bounced", "5.1.1", True),
    ("resend", resend_event("bounced", to=(ANN, BOB), bounce={"type": "Permanent", "subType":
     "General", "message": UNKNOWN}), "bounced", "5.1.1", False),
    ("resend", resend_event("complained"), "complained", None, False),
    ("resend", resend_event("suppressed"), "rejected", None, False),
    ("resend", resend_event("failed", failed={"reason": "reached_daily_quota"}), "rejected", None,
     False),
    ("resend", resend_event("opened"), "opened", None, False),
    ("resend", resend_event("clicked", click={"link": "https://x"}), "clicked", None, False),
    ("postmark", postmark_event("Delivery", Recipient=ANN, DeliveredAt=ISO, Details="OK"),
     "delivered", None, False),
    ("postmark", postmark_bounce("HardBounce", 1, UNKNOWN), "bounced", "5.1.1", True),
    ("postmark", postmark_bounce("HardBounce", 1, "no such thing"), "bounced", None, True),
    ("postmark", postmark_bounce("HardBounce", 1, SPAM), "bounced", "5.7.1", False),
    ("postmark", postmark_bounce("SoftBounce", 4096, "452 4.2.2 mailbox full"), "soft_bounced",
     "4.2.2", False),
    ("postmark", postmark_bounce("Transient", 2, "421 4.7.0 later"), "delayed", "4.7.0", False),
    ("postmark", postmark_bounce("Blocked", 100006, SPAM), "soft_bounced", "5.7.1", False),
    ("postmark", postmark_bounce("SpamNotification", 512, "spam"), "rejected", None, False),
    ("postmark", postmark_event("SpamComplaint", ID=43, Type="SpamComplaint", Email=ANN,
     BouncedAt=ISO), "complained", None, False),
    ("postmark", postmark_event("Open", Recipient=ANN, ReceivedAt=ISO, FirstOpen=True), "opened",
     None, False),
    ("postmark", postmark_event("Click", Recipient=ANN, ReceivedAt=ISO), "clicked", None, False),
    ("postmark", postmark_event("SubscriptionChange", Recipient=ANN, ChangedAt=ISO,
     SuppressSending=True, SuppressionReason="ManualSuppression"), "unsubscribed", None, False),
    ("postmark", postmark_event("SubscriptionChange", Recipient=ANN, ChangedAt=ISO,
     SuppressSending=True, SuppressionReason="HardBounce"), "bounced", None, True),
    ("ses", ses_bounce(), "bounced", "5.1.1", True),
    ("ses", sns(ses_bounce(name="notificationType")), "bounced", "5.1.1", True),
    ("ses", ses_bounce("Permanent", "General", "5.7.1"), "bounced", "5.7.1", False),
    ("ses", ses_bounce(status="5.0.0", said="550 5.7.509 Access denied, DMARC"), "bounced",
     "5.7.509", False),
    ("ses", ses_bounce(status="5.3.0", said=UNKNOWN), "bounced", "5.1.1", True),
    ("ses", ses_bounce(status="5.1.1", said="550 5.7.1 blocked"), "bounced", "5.7.1", False),
    ("ses", ses_bounce(status="5.0.0", said="550 5.0.0 gone (#5.1.1)"), "bounced", "5.1.1", True),
    ("ses", ses_bounce("Permanent", "NoEmail", ""), "bounced", None, True),
    ("ses", ses_bounce("Permanent", "OnAccountSuppressionList", "5.1.1"), "rejected", "5.1.1",
     False),
    ("ses", ses_bounce("Transient", "MailboxFull", "5.2.2"), "soft_bounced", "5.2.2", False),
    ("ses", ses_bounce("Undetermined", "Undetermined", ""), "soft_bounced", None, False),
    ("ses", ses_event("Complaint", "complaint", {"complainedRecipients": [{"emailAddress": ANN}],
     "timestamp": ISO, "feedbackId": "fb-2", "complaintFeedbackType": "abuse"}), "complained", None,
     False),
    ("ses", ses_event("Delivery", "delivery", {"timestamp": ISO, "recipients": [ANN],
     "smtpResponse": "250 2.6.0 ok"}), "delivered", "2.6.0", False),
    ("ses", ses_event("DeliveryDelay", "deliveryDelay", {"timestamp": ISO, "delayType":
     "SpamDetected", "delayedRecipients": [{"emailAddress": ANN, "status": "4.4.1"}]}), "delayed",
     "4.4.1", False),
    ("ses", ses_event("Reject", "reject", {"reason": "Bad content", "timestamp": ISO}), "rejected",
     None, False),
    ("ses", ses_event("Open", "open", {"timestamp": ISO}), "opened", None, False),
    ("ses", ses_event("Click", "click", {"timestamp": ISO, "link": "https://x"}), "clicked", None,
     False),
    ("ses", ses_event("Subscription", "subscription", {"timestamp": ISO, "newTopicPreferences":
     {"unsubscribeAll": True}}), "unsubscribed", None, False),
    ("mailgun", mailgun_event("delivered", **{"delivery-status": {"code": 250, "message": "OK"}}),
     "delivered", None, False),
    ("mailgun", mailgun_event("failed", severity="permanent", reason="bounce", **{
     "delivery-status": {"code": 550, "enhanced-code": "5.1.1", "message": "no such user"}}),
     "bounced", "5.1.1", True),
    ("mailgun", mailgun_event("failed", severity="permanent", reason="bounce", **{
     "delivery-status": {"code": 550, "message": SPAM}}), "bounced", "5.7.1", False),
    ("mailgun", mailgun_event("failed", severity="temporary", reason="greylisted", **{
     "delivery-status": {"code": 450, "message": "Greylisted"}}), "delayed", None, False),
    ("mailgun", mailgun_event("failed", severity="permanent", reason="suppress-bounce", **{
     "delivery-status": {"code": 605, "message": "Not delivering to previously bounced address"}}),
     "rejected", None, False),
    ("mailgun", mailgun_event("rejected", recipient=None, reject={"reason": "Sandbox"}),
     "rejected", None, False),
    ("mailgun", mailgun_event("complained"), "complained", None, False),
    ("mailgun", mailgun_event("unsubscribed"), "unsubscribed", None, False),
    ("mailgun", mailgun_event("opened"), "opened", None, False),
    ("mailgun", mailgun_event("clicked", url="https://x"), "clicked", None, False),
    ("brevo", brevo_event("delivered"), "delivered", None, False),
    ("brevo", brevo_event("hard_bounce", reason=" RecipientError: 550 5.5.0 unavailable"),
     "bounced", "5.5.0", True),
    ("brevo", brevo_event("hard_bounce", reason=SPAM), "bounced", "5.7.1", False),
    ("brevo", brevo_event("invalid_email"), "bounced", None, True),
    ("brevo", brevo_event("soft_bounce", reason="undefined Unable to find MX"), "soft_bounced",
     None, False),
    ("brevo", brevo_event("deferred", reason="421 4.7.0 later"), "delayed", "4.7.0", False),
    ("brevo", brevo_event("blocked", reason="blocked : due to blacklist user"), "rejected", None,
     False),
    ("brevo", brevo_event("spam"), "complained", None, False),
    ("brevo", brevo_event("unsubscribed"), "unsubscribed", None, False),
    ("brevo", brevo_event("unique_opened"), "opened", None, False),
    ("brevo", brevo_event("click", link="https://x"), "clicked", None, False),
    *(
        ("sendgrid", [sendgrid_event(event, **fields)], kind, code, gone)
        for event, fields, kind, code, gone in [
            ("delivered", {"response": "250 OK"}, "delivered", None, False),
            ("deferred", {"response": "400 4.2.2 full", "attempt": "5"}, "delayed", "4.2.2", False),
            ("bounce", {"type": "bounce", "status": "5.1.1", "reason": UNKNOWN}, "bounced", "5.1.1",
             True),
            ("bounce", {"type": "bounce", "status": "5.0.0", "reason": "500 unknown recipient",
             "bounce_classification": "Invalid Address"}, "bounced", "5.0.0", True),
            ("bounce", {"type": "bounce", "status": "5.0.0", "reason": "500 no"}, "bounced",
             "5.0.0", False),
            ("bounce", {"type": "blocked", "status": "5.7.1", "reason": SPAM}, "soft_bounced",
             "5.7.1", False),
            ("dropped", {"reason": "Bounced Address", "status": "5.0.0"}, "rejected", "5.0.0",
             False),
            ("spamreport", {}, "complained", None, False),
            ("group_unsubscribe", {"asm_group_id": 10}, "unsubscribed", None, False),
            ("open", {"useragent": "Mozilla"}, "opened", None, False),
            ("click", {"url": "https://x"}, "clicked", None, False),
        ]
    ),
]  # fmt: skip
IDS = {"resend": "re-1", "postmark": "pm-1", "sendgrid": "14c5d75ce93", "ses": "ses-1",
       "mailgun": OURS, "brevo": "<2026.1@smtp-relay.mailin.fr>"}  # fmt: skip
WITH_OURS = {"sendgrid", "ses", "mailgun", "brevo"}


def read(name, report, headers=(("svix-id", "msg_1"),)):
    """What the provider's reader makes of it."""
    return list(MODULES[name].read(json.dumps(report).encode(), headers))


@pytest.mark.parametrize(("name", "report", "kind", "code", "gone"), CASES)
def test_a_report_in_one_form(name, report, kind, code, gone):
    """Kind, address, time, ids, code, and whether nothing more may be sent there."""
    [found] = read(name, report)
    assert (found.kind, found.code, found.dead_mailbox) == (kind, code, gone)
    assert found.address == ANN
    assert abs((found.at - AT).total_seconds()) < 1 and found.at.tzinfo is not None
    assert found.provider_message_id == IDS[name]
    assert found.message_id == (OURS if name in WITH_OURS else None)
    assert found.event_id and ANN not in found.event_id
    assert "ann@" not in found.because
    assert read(name, report) == [found], "the same report has the same id"


def test_the_servers_words_are_kept():
    """Where Resend tells what the server said, that is the reason; else its own sentence."""
    bounce = {
        "type": "Permanent",
        "message": CANNED,
        "diagnosticCode": ["smtp; 550 5.7.1 a@b.c no"],
    }
    [found] = read("resend", resend_event("bounced", bounce=bounce))
    assert found.because == "smtp; 550 5.7.1 a***@b.c no"
    suppressed = {"message": CANNED, "type": "OnAccountSuppressionList"}
    [found] = read("resend", resend_event("suppressed", suppressed=suppressed))
    assert (found.kind, found.because) == ("rejected", CANNED)
    for other in ([], [7, None], {"a": 1}, None):
        [found] = read(
            "resend", resend_event("bounced", bounce={**bounce, "diagnosticCode": other})
        )
        assert found.because in {CANNED, "7"}


def test_two_reports_have_two_ids():
    """Reports that differ in what they say differ in their id, at each provider."""
    for name in MODULES:
        reports = [report for case, report, *_ in CASES if case == name]
        if name == "resend":  # by the header of each delivery
            ids = [read(name, r, [("Svix-Id", f"m{n}")])[0].event_id for n, r in enumerate(reports)]
        elif name in {"brevo", "sendgrid"}:
            ids = [found.event_id for report in reports for found in read(name, report)]
            kinds = {str((r[0] if name == "sendgrid" else r)["event"]) for r in reports}
            assert len(set(ids)) == len(kinds)
            continue
        else:
            continue
        assert len(set(ids)) == len(reports)
    bounce, later = postmark_bounce("HardBounce", 1, ""), postmark_bounce("HardBounce", 1, "")
    later["ID"] = 99
    assert read("postmark", bounce)[0].event_id != read("postmark", later)[0].event_id


def test_one_report_about_several():
    """SES names several in one event and SendGrid several events in one body: all are told."""
    found = read("ses", sns(ses_bounce(who=(ANN, BOB))))
    assert [one.address for one in found] == [ANN, BOB]
    assert len({one.event_id for one in found}) == 2
    many = [sendgrid_event("delivered"), sendgrid_event("processed"),
            sendgrid_event("open", email=BOB)]  # fmt: skip
    assert [(one.kind, one.address) for one in read("sendgrid", many)] == [
        ("delivered", ANN), ("opened", BOB)
    ]  # fmt: skip


def test_a_batch_of_brevo():
    """With `batched`, Brevo sends a list of events: each is a report."""
    found = read("brevo", [brevo_event("delivered"), brevo_event("request"), brevo_event("spam")])
    assert [one.kind for one in found] == ["delivered", "complained"]


@pytest.mark.parametrize("spoil", [{"email": "nobody"}, {"email": "a@" + "b" * 400}])
def test_one_that_can_not_be_read_does_not_cost_the_others(spoil):
    """Of a batch all that can be read is told, and how many cannot be, and why."""
    batches = {
        "sendgrid": [sendgrid_event("delivered"), sendgrid_event("bounce", **spoil),
                     sendgrid_event("spamreport", email=BOB)],
        "brevo": [brevo_event("delivered"), 7, brevo_event("spam", email=BOB)],
        "ses": sns(ses_bounce(who=(ANN, spoil["email"], BOB))),
    }  # fmt: skip
    for name, batch in batches.items():
        with pytest.raises(PartlyRead, match=r"address|JSON object") as caught:
            read(name, batch)
        assert [one.address for one in caught.value.reports] == [ANN, BOB], name
        assert caught.value.unread == 1


@pytest.mark.parametrize(
    ("name", "report"),
    [
        ("resend", resend_event("sent")),
        ("resend", {"type": "contact.created", "data": {}}),
        ("postmark", postmark_event("Inbound")),
        ("postmark", postmark_bounce("AutoResponder", 64, "")),
        ("postmark", postmark_event("SubscriptionChange", SuppressSending=False)),
        ("sendgrid", [sendgrid_event("processed"), sendgrid_event("group_resubscribe")]),
        ("sendgrid", []),
        ("ses", ses_event("Send", "send", {})),
        ("ses", ses_event("Open", "open", {"timestamp": ISO}, (ANN, BOB))),
        ("ses", sns("Successfully validated SNS topic for Amazon SES event publishing.")),
        ("ses", {**sns(""), "Type": "SubscriptionConfirmation", "Message": "You have chosen"}),
        ("mailgun", mailgun_event("accepted")),
        ("brevo", brevo_event("request")),
        ("brevo", brevo_event("proxy_open")),
    ],
)
def test_what_says_nothing_of_an_address(name, report):
    """Other events, and those that nobody can be named for, are no reports."""
    assert read(name, report) == []


@pytest.mark.parametrize("name", MODULES)
@pytest.mark.parametrize("body", [b"", b"\xff", b"7", b'"x"', b"null", b"[" * 100_000, b"[7]"])
def test_what_is_no_report(name, body):
    """A body that the provider would not send is an error with a reason."""
    with pytest.raises(ValueError, match=r"report|event|data|JSON"):
        MODULES[name].read(body, ())


LEAF = st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=8), st.floats())
ANY = st.recursive(LEAF, lambda inner: st.lists(inner, max_size=2) | st.dictionaries(
    st.text(max_size=8), inner, max_size=2))  # fmt: skip


def spoilt(draw, found):
    """The same with something else at some places."""
    if isinstance(found, dict):
        return {k: draw(ANY) if draw(st.integers(0, 9)) == 0 else spoilt(draw, v)
                for k, v in found.items()}  # fmt: skip
    return [spoilt(draw, one) for one in found] if isinstance(found, list) else found


@given(case=st.sampled_from(CASES), data=st.data())
def test_a_spoilt_report_is_read_or_refused(case, data):
    """Whatever stands at whatever place: reports, or a ValueError, and nothing else."""
    name, report, *_ = case
    try:
        found = read(name, spoilt(data.draw, report))
    except ValueError:
        return
    assert all(isinstance(one, Feedback) and "@" in one.address for one in found)
    assert "\\x00" not in repr(found)
