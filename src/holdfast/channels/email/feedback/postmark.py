"""What Postmark reports: postmarkapp.com/developer/webhooks/webhooks-overview.

One event a time. A bounce has a Type (postmarkapp.com/developer/api/bounce-api#bounce-types); a
transient one is still being tried. Only bounces have an id of their own.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from holdfast.channels.email.feedback import reading
from holdfast.channels.email.feedback.feedback import Feedback, Kind

_RECORDS: Final[Mapping[str, Kind]] = {
    "Delivery": "delivered",
    "Open": "opened",
    "Click": "clicked",
    "SpamComplaint": "complained",
    "Bounce": "bounced",
    "SubscriptionChange": "unsubscribed",
}
_BOUNCES: Final[Mapping[str, Kind]] = {
    "HardBounce": "bounced",
    "BadEmailAddress": "bounced",
    "Transient": "delayed",
    "SoftBounce": "soft_bounced",
    "DnsError": "soft_bounced",
    "Blocked": "soft_bounced",
    "DMARCPolicy": "soft_bounced",
    "VirusNotification": "soft_bounced",
    "Undeliverable": "soft_bounced",
    "SpamNotification": "rejected",
    "ManuallyDeactivated": "rejected",
    "Unconfirmed": "rejected",
    "SMTPApiError": "rejected",
    "TemplateRenderingFailed": "rejected",
    "SpamComplaint": "complained",
    "Unsubscribe": "unsubscribed",
}
_REASONS: Final[Mapping[str, Kind]] = {
    "HardBounce": "bounced",
    "SpamComplaint": "complained",
    "ManualSuppression": "unsubscribed",
}
_TIMES: Final = ("BouncedAt", "DeliveredAt", "ReceivedAt", "ChangedAt")
_GONE: Final = {"HardBounce", "BadEmailAddress"}


def read(body: bytes, headers: reading.Headers) -> Sequence[Feedback]:  # noqa: ARG001
    """The event, as a list of one. Raises ValueError if it is malformed."""
    event = reading.mapping(reading.document(body), "the event")
    record = reading.text(event, "RecordType")
    kind = _kind(record, event)
    if kind is None:
        return ()
    details, description = reading.text(event, "Details"), reading.text(event, "Description")
    status = reading.code(details, description)
    time = next((found for name in _TIMES if (found := reading.text(event, name))), "")
    box = reading.address(event, "Email" if "Email" in event else "Recipient")
    why = reading.text(event, "Type") or reading.text(event, "SuppressionReason")
    provider_id = reading.text(event, "MessageID")
    own = reading.text(event, "ID")
    return [
        Feedback(
            f"{record}-{own}" if own else reading.identity(record, provider_id, box, time, why),
            kind,
            box,
            reading.moment(time),
            None,
            provider_id or None,
            status,
            reading.words(details, description, why),
            dead_mailbox=kind == "bounced" and reading.is_gone(status, permanent=why in _GONE),
        )
    ]


def _kind(record: str, event: Mapping[str, Any]) -> Kind | None:
    if record == "Bounce":
        return _BOUNCES.get(reading.text(event, "Type"))
    if record == "SubscriptionChange":
        stopped = event.get("SuppressSending") is True
        return _REASONS.get(reading.text(event, "SuppressionReason")) if stopped else None
    return _RECORDS.get(record)
