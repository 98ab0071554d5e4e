"""What Amazon SES reports through SNS, by event publishing or by notifications of an identity.

docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-contents.html and
notification-contents.html. The body is SNS's envelope, or with raw delivery the event itself. One
event may be about several recipients; an open or a click of an email to several names nobody.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from holdfast.channels.email.feedback import reading
from holdfast.channels.email.feedback.feedback import Feedback, Kind

# The kind, the object with its particulars, and the list in there of whom it is about.
_EVENTS: Final[Mapping[str, tuple[Kind, str, str]]] = {
    "Bounce": ("bounced", "bounce", "bouncedRecipients"),
    "Complaint": ("complained", "complaint", "complainedRecipients"),
    "Delivery": ("delivered", "delivery", "recipients"),
    "DeliveryDelay": ("delayed", "deliveryDelay", "delayedRecipients"),
    "Reject": ("rejected", "reject", ""),
    "Rendering Failure": ("rejected", "failure", ""),
    "Open": ("opened", "open", ""),
    "Click": ("clicked", "click", ""),
    "Subscription": ("unsubscribed", "subscription", ""),
}
_NOT_TRIED: Final = {"Suppressed", "OnAccountSuppressionList", "UnsubscribedRecipient"}


def read(body: bytes, headers: reading.Headers) -> Sequence[Feedback]:  # noqa: ARG001
    """One report for each recipient of the event. Raises as `reading.each`."""
    found = reading.mapping(reading.document(body), "the report")
    sns_id = ""
    if "Message" in found and "Type" in found:
        sns_id = reading.text(found, "MessageId")
        if found["Type"] != "Notification" or not str(found["Message"]).lstrip().startswith("{"):
            return ()  # SNS about its own subscription, or SES about the topic
        found = reading.mapping(reading.document(str(found["Message"]).encode()), "Message")
    name = reading.text(found, "eventType") or reading.text(found, "notificationType")
    if name not in _EVENTS:
        return ()
    kind, key, listed = _EVENTS[name]
    about = reading.mapping(found.get(key), key)
    if name == "Subscription" and not _left(about):
        return ()
    mail = reading.mapping(found.get("mail"), "mail")
    recipients = about.get(listed) if listed else mail.get("destination")
    if not isinstance(recipients, list) or (kind in {"opened", "clicked"} and len(recipients) > 1):
        return ()
    own = reading.text(about, "feedbackId") or sns_id
    return reading.each(
        list(enumerate(recipients)),
        lambda one: _one(kind, about, mail, one[1], own or reading.identity(str(found)), one[0]),
    )


def _one(
    kind: Kind, about: Mapping[str, Any], mail: Mapping[str, Any], recipient: Any, own: str,
    place: int,
) -> Feedback:  # fmt: skip
    who = recipient if isinstance(recipient, Mapping) else {"emailAddress": recipient}
    said = reading.text(who, "diagnosticCode"), reading.text(about, "smtpResponse")
    status = reading.code(*said, reading.text(who, "status"))
    permanent = False
    if kind == "bounced":
        kind, permanent = _bounce(about)
    subtype = reading.text(about, "complaintSubType")
    if kind == "complained" and subtype in _NOT_TRIED:
        kind = "rejected"
    return Feedback(
        own if place == 0 else f"{own}.{place}",
        kind,
        reading.address(who, "emailAddress"),
        reading.moment(reading.text(about, "timestamp"), reading.text(mail, "timestamp")),
        _message_id(mail),
        reading.text(mail, "messageId") or None,
        status,
        reading.words(
            *said,
            reading.text(about, "reason"),
            reading.text(about, "errorMessage"),
            reading.text(about, "complaintFeedbackType"),
            reading.text(about, "delayType"),
            reading.text(about, "bounceSubType"),
        ),
        dead_mailbox=kind == "bounced" and reading.is_gone(status, permanent=permanent),
    )


def _bounce(about: Mapping[str, Any]) -> tuple[Kind, bool]:
    """What kind of bounce it is, and whether for ever."""
    if reading.text(about, "bounceSubType") in _NOT_TRIED:
        return "rejected", False
    permanent = reading.text(about, "bounceType") == "Permanent"
    return ("bounced", True) if permanent else ("soft_bounced", False)


def _left(about: Mapping[str, Any]) -> bool:
    now = about.get("newTopicPreferences")
    return isinstance(now, Mapping) and now.get("unsubscribeAll") is True


def _message_id(mail: Mapping[str, Any]) -> str | None:
    """Our Message-ID, if the report has the headers that we sent."""
    headers = mail.get("headers")
    for header in headers if isinstance(headers, list) else []:
        if reading.text(header, "name").lower() == "message-id":
            return reading.message_id(reading.text(header, "value"))
    return None
