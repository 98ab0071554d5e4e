"""What Mailgun reports.

documentation.mailgun.com/docs/mailgun/user-manual/webhooks/webhook-payloads. One event a time, in
`event-data`. A failure of severity "temporary" is still being tried; a permanent one whose reason
begins with "suppress" was not tried at all. The id of an event is unique within a day, so its time
belongs to it.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from holdfast.channels.email.feedback import reading
from holdfast.channels.email.feedback.feedback import Feedback, Kind

_KINDS: Final[Mapping[str, Kind]] = {
    "delivered": "delivered",
    "failed": "bounced",
    "rejected": "rejected",
    "complained": "complained",
    "unsubscribed": "unsubscribed",
    "opened": "opened",
    "clicked": "clicked",
}


def read(body: bytes, headers: reading.Headers) -> Sequence[Feedback]:  # noqa: ARG001
    """The event, as a list of one. Raises ValueError if it is malformed."""
    report = reading.mapping(reading.document(body), "the report")
    event = reading.mapping(report.get("event-data"), "event-data")
    kind = _KINDS.get(reading.text(event, "event"))
    if kind is None:
        return ()
    reason = reading.text(event, "reason")
    if kind == "bounced" and reading.text(event, "severity") == "temporary":
        kind = "delayed"
    elif kind == "bounced" and reason.startswith("suppress"):
        kind = "rejected"
    said = reading.text(event, "delivery-status", "message")
    further = reading.text(event, "delivery-status", "description")
    status = reading.code(reading.text(event, "delivery-status", "enhanced-code"), said, further)
    sent_as = reading.message_id(reading.text(event, "message", "headers", "message-id"))
    path = ("recipient",) if event.get("recipient") else ("message", "headers", "to")
    time = reading.text(event, "timestamp")
    own = reading.text(event, "id")
    box = reading.address(event, *path)
    return [
        Feedback(
            f"{own}-{time}" if own else reading.identity(kind, box, time, sent_as or ""),
            kind,
            box,
            reading.moment(time),
            sent_as,
            sent_as,
            status,
            reading.words(said, further, reading.text(event, "reject", "reason"), reason),
            dead_mailbox=kind == "bounced" and reading.is_gone(status, permanent=False),
        )
    ]
