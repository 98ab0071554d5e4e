"""What SendGrid reports: twilio.com/docs/sendgrid/for-developers/tracking-events/event.

An array of events, each with an sg_event_id. A bounce of type "blocked" is the receiver's refusal
of this message, and the mailbox lives. `smtp-id` is our Message-ID; what stands before the first
dot of sg_message_id is the id that was answered when the message was taken.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from holdfast.channels.email.feedback import reading
from holdfast.channels.email.feedback.feedback import Feedback, Kind

_KINDS: Final[Mapping[str, Kind]] = {
    "delivered": "delivered",
    "deferred": "delayed",
    "bounce": "bounced",
    "blocked": "soft_bounced",
    "dropped": "rejected",
    "spamreport": "complained",
    "unsubscribe": "unsubscribed",
    "group_unsubscribe": "unsubscribed",
    "open": "opened",
    "click": "clicked",
}


def read(body: bytes, headers: reading.Headers) -> Sequence[Feedback]:  # noqa: ARG001
    """The events that say something of an email. Raises as `reading.each`."""
    events = reading.document(body)
    if not isinstance(events, list):
        raise ValueError("the report is no array of events")  # noqa: TRY004
    return reading.each(events, _event)


def _event(found: Any) -> Feedback | None:
    event = reading.mapping(found, "an event")
    kind = _KINDS.get(reading.text(event, "event"))
    if kind is None:
        return None
    if kind == "bounced" and reading.text(event, "type") == "blocked":
        kind = "soft_bounced"
    said = reading.text(event, "reason"), reading.text(event, "response")
    status = reading.code(*said, reading.text(event, "status"))
    box = reading.address(event, "email")
    time = reading.text(event, "timestamp")
    sent_as = reading.text(event, "sg_message_id")
    invalid = reading.text(event, "bounce_classification") == "Invalid Address"
    return Feedback(
        reading.text(event, "sg_event_id") or reading.identity(kind, box, time, sent_as),
        kind,
        box,
        reading.moment(time),
        reading.message_id(reading.text(event, "smtp-id")),
        sent_as.partition(".")[0] or None,
        status,
        reading.words(*said),
        dead_mailbox=kind == "bounced" and reading.is_gone(status, permanent=invalid),
    )
