"""What a person does to an email that is stored: cancel it, send it later or sooner, send it again.

All are operations to be run: `await hf.run(cancel(receipt.id, "ann"))`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from holdfast.channels.email.address import used_ones
from holdfast.channels.email.options import times
from holdfast.channels.email.unsubscribe import Link, url
from holdfast.database import Call, Database, encode
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


def reschedule(
    email_id: UUID, send_at: datetime | None, who: str, why: str | None = None
) -> Call[datetime]:
    """Let an email that waits be sent at another time; None or what is over: now.

    Raises:
        InvalidInput: the time has no zone, or (when run) the email expires before it.
        (when run) UnknownJob: there is no such email.
        (when run) NotReplayable: it is being sent right now, is held, has ended, or may have been
            taken already; nothing was changed.
    """
    at, _ = times(send_at, None)
    return Call(
        "email_reschedule",
        {"p_id": email_id, "p_at": at, "p_who": who, "p_why": why},
        read=lambda rows: rows[0][0],
    )


class Again(NamedTuple):
    """What an email would go under once more: its new Message-ID, and the list that it offers."""

    message_id: str
    list_name: str | None
    tenant: str


def resend(
    email_id: UUID,
    who: str,
    *,
    to: str | Sequence[str] | None = None,
    why: str | None = None,
    idempotency_key: str | None = None,
    again: Again | None = None,
) -> Call[Receipt]:
    """Send the same again, as a new email that is linked with the first one.

    It has a Message-ID and a Date of its own, and the first Message-ID in References; the headers
    To and Cc stay as they were, also when it goes `to` others. List-Unsubscribe does not: it would
    unsubscribe the first one. With `again` (see `resent`) one recipient has a link of their own.

    Raises:
        InvalidInput: `to` is no address.
        ConfigError: with `again`: what links are made of is not set.
        (when run) UnknownJob: there is no such email.
        (when run) NotReplayable: it is still on its way to these recipients.
    """
    if to is not None and not to:
        raise InvalidInput("to: nobody is to get it; leave it out for those who had it")
    options: dict[str, Any] = {
        "who": who,
        "why": why,
        "to": used_ones("to", to) if to is not None else None,
        "dedupe_key": idempotency_key,
    }
    if again is not None and again.list_name and len(options["to"] or ()) == 1:
        link = Link(options["to"][0], again.list_name, again.tenant, again.message_id)
        options |= {"message_id": again.message_id, "unsubscribe": url(link)}
    given = {name: value for name, value in options.items() if value is not None}
    return Call(
        "email_resend",
        {"p_id": email_id, "p_options": encode(given)},
        read=lambda rows: Receipt(rows[0][0], rows[0][1]),
        select="id, duplicate",
    )


async def resent(
    database: Database,
    email_id: UUID,
    who: str,
    *,
    to: str | Sequence[str] | None = None,
    why: str | None = None,
    idempotency_key: str | None = None,
) -> Receipt:
    """`resend`, done; one new recipient of an email of a list can unsubscribe as the first could.

    Raises as that.
    """
    again: Call[Again | None] = Call(
        "email_again",
        {"p_id": email_id},
        read=lambda rows: Again(*rows[0]) if rows else None,
        select="message_id, list, tenant",
    )
    found = None if to is None else await database.run(again)
    return await database.run(
        resend(email_id, who, to=to, why=why, idempotency_key=idempotency_key, again=found)
    )
