"""What Resend reports: resend.com/docs/webhooks/event-types, signed as Svix does.

One event for each recipient, but it names all of `to` and not the one it is about. So an event of
an email to several is ascribed to the first, and never says that a mailbox is gone. What bounce
types mean: resend.com/docs/dashboard/emails/email-bounces.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from holdfast.channels.email.feedback import reading
from holdfast.channels.email.feedback.feedback import Feedback, Kind

_KINDS: Final[Mapping[str, Kind]] = {
    "email.delivered": "delivered",
    "email.delivery_delayed": "delayed",
    "email.bounced": "bounced",
    "email.complained": "complained",
    "email.opened": "opened",
    "email.clicked": "clicked",
    "email.failed": "rejected",
    "email.suppressed": "rejected",
}
_SAID: Final = ("bounce", "message"), ("failed", "reason"), ("suppressed", "message")
_NOT_TRIED: Final = {"Suppressed", "OnAccountSuppressionList"}


def read(body: bytes, headers: reading.Headers) -> Sequence[Feedback]:
    """The event, as a list of one. Raises ValueError if it is malformed."""
    event = reading.mapping(reading.document(body), "the event")
    kind = _KINDS.get(reading.text(event, "type"))
    if kind is None:
        return ()
    data = reading.mapping(event.get("data"), "data")
    to = data.get("to")
    boxes = to if isinstance(to, list) else [to]
    alone = len(boxes) == 1
    said = next((text for path in _SAID if (text := reading.text(data, *path))), "")
    diagnostic = reading.texts(data, "bounce", "diagnosticCode")
    status = reading.code(diagnostic, said)
    permanent = False
    if kind == "bounced":
        kind, permanent = _bounce(data, said)
    because = diagnostic or said  # the server's words before those about its kind of bounce
    return [
        Feedback(
            reading.header(headers, "svix-id") or reading.identity(body.decode("utf-8", "replace")),
            kind,
            reading.address({"to": boxes[0] if boxes else None}, "to"),
            reading.moment(reading.text(event, "created_at")),
            reading.message_id(reading.text(data, "message_id")),
            reading.text(data, "email_id") or None,
            status,
            reading.words(because if alone else f"one of {len(boxes)}: {because}"),
            dead_mailbox=alone
            and kind == "bounced"
            and reading.is_gone(status, permanent=permanent),
        )
    ]


def _bounce(data: Mapping[str, Any], said: str) -> tuple[Kind, bool]:
    """What kind of bounce it is, and whether for ever."""
    if reading.text(data, "bounce", "subType") in _NOT_TRIED or "suppressed sending" in said:
        return "rejected", False
    kind = reading.text(data, "bounce", "type") or "Permanent"
    return ("bounced", True) if kind == "Permanent" else ("soft_bounced", False)
