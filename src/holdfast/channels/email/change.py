"""What a person does to an email that is stored: cancel it, send it again.

Both are operations to be run: `await hf.run(cancel(receipt.id, "ann"))`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from holdfast.channels.email.address import mailboxes
from holdfast.database import Call, encode
from holdfast.engine.model import Receipt
from holdfast.errors import InvalidInput


@dataclass(frozen=True, slots=True)
class Cancelled:
    """What the cancelling could still do: how many have the email, and how many will not get it."""

    delivered: int
    pending: int


def cancel(email_id: UUID, who: str, why: str | None = None) -> Call[Cancelled]:
    """End an email that waits; what some recipients have already stays with them.

    Raises (when run):
        UnknownJob: there is no such email.
        NotReplayable: it is being sent right now, or has ended; nothing was changed.
    """
    return Call(
        "email_cancel",
        {"p_id": email_id, "p_who": who, "p_why": why},
        read=lambda rows: Cancelled(rows[0][0], rows[0][1]),
        select="delivered, pending",
    )


def resend(
    email_id: UUID,
    who: str,
    *,
    to: str | Sequence[str] | None = None,
    why: str | None = None,
    idempotency_key: str | None = None,
) -> Call[Receipt]:
    """Send the same again, as a new email that is linked with the first one.

    It has a Message-ID and a Date of its own, and the first Message-ID in References; the headers
    To and Cc stay as they were, also when it goes `to` others.

    Raises:
        InvalidInput: `to` is no address.
        (when run) UnknownJob: there is no such email.
        (when run) NotReplayable: it is still on its way to these recipients.
    """
    if to is not None and not to:
        raise InvalidInput("to: nobody is to get it; leave it out for those who had it")
    options: Mapping[str, Any] = {
        "who": who,
        "why": why,
        "to": [box.address for box in mailboxes("to", to)] if to is not None else None,
        "dedupe_key": idempotency_key,
    }
    given = {name: value for name, value in options.items() if value is not None}
    return Call(
        "email_resend",
        {"p_id": email_id, "p_options": encode(given)},
        read=lambda rows: Receipt(rows[0][0], rows[0][1]),
        select="id, duplicate",
    )
