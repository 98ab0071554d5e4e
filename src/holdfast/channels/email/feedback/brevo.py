"""What Brevo reports: developers.brevo.com/docs/transactional-webhooks.

One event a time, or with `batched` up to 500 in a list; none has an id of its own (`id` is that of
the webhook). Our Message-ID comes back in X-Mailin-custom, where we put it; `message-id` is
Brevo's. ts_epoch is in milliseconds and UTC; the other times are in the time zone of the account.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from holdfast.channels.email.feedback import reading
from holdfast.channels.email.feedback.feedback import Feedback, Kind

_KINDS: Final[Mapping[str, Kind]] = {
    "delivered": "delivered",
    "deferred": "delayed",
    "soft_bounce": "soft_bounced",
    "hard_bounce": "bounced",
    "invalid_email": "bounced",
    "blocked": "rejected",
    "error": "rejected",
    "spam": "complained",
    "complaint": "complained",
    "unsubscribe": "unsubscribed",
    "unsubscribed": "unsubscribed",
    "opened": "opened",
    "unique_opened": "opened",
    "click": "clicked",
}


def read(body: bytes, headers: reading.Headers) -> Sequence[Feedback]:  # noqa: ARG001
    """The events that say something of an email. Raises as `reading.each`."""
    found = reading.document(body)
    return reading.each(found if isinstance(found, list) else [found], _event)


def _event(found: Any) -> Feedback | None:
    event = reading.mapping(found, "the event")
    name = reading.text(event, "event")
    kind = _KINDS.get(name)
    if kind is None:
        return None
    times = [reading.text(event, time) for time in ("ts_epoch", "ts_event", "ts", "date")]
    box = reading.address(event, "email")
    reason = reading.text(event, "reason")
    status = reading.code(reason)
    sent_as = reading.text(event, "message-id")
    return Feedback(
        reading.identity(name, sent_as, box, *times, reading.text(event, "link")),
        kind,
        box,
        reading.moment(*times),
        reading.message_id(reading.text(event, "X-Mailin-custom")),
        sent_as or None,
        status,
        reading.words(reason),
        dead_mailbox=kind == "bounced" and reading.is_gone(status, permanent=True),
    )
