"""What one sends: `hf.send(Webhook(type="order.paid", data={...}, tenant="ann"))`."""

import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from holdfast.database import Call, encode
from holdfast.engine.model import Receipt
from holdfast.errors import InvalidInput

_MOST_BYTES = 1_048_576


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """A message to the endpoints of a customer, as Standard Webhooks has it.

    Attributes:
        type: such as `invoice.paid`; endpoints choose by it.
        data: JSON; with the type and the time it makes the body, at most 1 MiB.
        tenant: the customer; the endpoints of this tenant get it. None: those of no tenant.
        endpoint: or only this one, by its name, whatever types it wants. With a tenant, too, it has
            to be that tenant's.
        id: the same id of a tenant again has no second effect, for thirty days; made up if not
            given. With another type, data or endpoint it is refused: that is another message. It
            is the header `webhook-id`, so it is ASCII, and not blank at an end.
        timestamp: when it happened (aware); now if not given.
    """

    type: str
    data: Any = field(default_factory=dict)
    tenant: str | None = None
    endpoint: str | None = None
    id: str | None = None
    timestamp: datetime | None = None


def send(webhook: Webhook) -> Call[Receipt]:
    """Store the message and a job for each endpoint that wants it, in one transaction.

    Raises:
        InvalidInput: it cannot be written as JSON, is larger than 1 MiB, or its id is that of
            another message.
        UnknownJob: there is no such endpoint.
    """
    _check(webhook)
    stamp = _stamp(webhook.timestamp or datetime.now(UTC))
    body = encode({"type": webhook.type, "timestamp": stamp, "data": webhook.data}).encode()
    if len(body) > _MOST_BYTES:
        raise InvalidInput("a webhook is at most 1 MiB; send a reference to what is larger")
    return Call(
        "webhook_send",
        {
            "p_message_id": f"msg_{secrets.token_hex(16)}" if webhook.id is None else webhook.id,
            "p_type": webhook.type,
            "p_body": body,
            "p_tenant": webhook.tenant,
            "p_endpoint": webhook.endpoint,
        },
        read=lambda rows: Receipt(rows[0][0], rows[0][1]),
        select="id, duplicate",
    )


def _stamp(moment: datetime) -> str:
    try:
        utc = moment.astimezone(UTC)
    except OverflowError:  # the last or the first day of all, in another zone
        raise InvalidInput(
            f"the timestamp of a webhook is a time that there is in UTC, too, not {moment}"
        ) from None
    return utc.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _check(webhook: Webhook) -> None:
    for name in ("type", "tenant", "endpoint", "id"):
        value = getattr(webhook, name)
        if not isinstance(value, str) and (value is not None or name == "type"):
            raise InvalidInput(f"the {name} of a webhook is a text, not {value!r:.100}")
    moment = webhook.timestamp
    if moment is not None and (not isinstance(moment, datetime) or moment.tzinfo is None):
        raise InvalidInput(
            f"the timestamp of a webhook is a datetime with a zone, not {moment!r:.100}; "
            "such as datetime.now(UTC)"
        )
