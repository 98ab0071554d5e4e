"""Cancel an email, send it at another time, or send it again."""

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

import typer

from holdfast.channel import Services
from holdfast.channels.email import change, store
from holdfast.command import Command, Note, person
from holdfast.errors import InvalidInput
from holdfast.options import Who, Why

EmailId = Annotated[
    str,
    typer.Argument(metavar="ID", help="Its first or last six digits will do; or its Message-ID."),
]


async def named_email(services: Services, text: str) -> UUID:
    """The email that a person means. Raises InvalidInput, UnknownJob."""
    try:
        return UUID(text.strip())
    except ValueError:
        return await services.database.run(store.named(text.replace("\x00", "\ufffd")))


async def cancel_email(
    services: Services, email_id: EmailId, why: Why = None, who: Who = None
) -> Note:
    """Cancel an email that waits: it is not sent any more.

    One that is being sent at this moment cannot be called back; that is an error, and nothing is
    changed.
    """
    found = await named_email(services, email_id)
    left = await services.database.run(change.cancel(found, person(who), why))
    text = f"{found} is cancelled"
    if left.delivered:
        text += f"; {left.delivered} recipients had it already, {left.pending} will not get it"
    data = {
        "id": str(found),
        "state": "cancelled",
        "delivered": left.delivered,
        "pending": left.pending,
    }
    return Note(text, data)


async def reschedule_email(
    services: Services,
    email_id: EmailId,
    send_at: Annotated[
        str, typer.Argument(metavar="TIME", help="Such as 2027-01-31T14:30Z (UTC), or: now.")
    ],
    why: Why = None,
    who: Who = None,
) -> Note:
    """Let an email that waits be sent at another time."""
    found = await named_email(services, email_id)
    at = None if send_at == "now" else moment("TIME", send_at)
    moved = await services.database.run(change.reschedule(found, at, person(who), why))
    text = f"{found} is sent from {moved.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ} on"
    return Note(text, {"id": str(found), "send_at": moved.isoformat()})


def moment(what: str, text: str | None) -> datetime | None:
    """The time; UTC unless it says otherwise. Raises InvalidInput."""
    try:
        found = datetime.fromisoformat(text) if text is not None else None
    except ValueError:
        raise InvalidInput(f"{what}: a time looks like 2027-01-31T14:30Z") from None
    return found.replace(tzinfo=UTC) if found is not None and not found.tzinfo else found


async def resend_email(
    services: Services,
    email_id: EmailId,
    to: Annotated[
        list[str] | None,
        typer.Option(
            "--to", metavar="ADDRESS", help="To this address alone; give it once for each."
        ),
    ] = None,
    key: Annotated[
        str | None,
        typer.Option("--idempotency-key", metavar="KEY", help="The same key again sends nothing."),
    ] = None,
    why: Why = None,
    who: Who = None,
) -> Note:
    """Send an email again, as a new one: the same bytes with a Message-ID and Date of its own."""
    found = await named_email(services, email_id)
    receipt = await change.resent(
        services.database, found, person(who), to=to, why=why, idempotency_key=key
    )
    what = "was sent again before, with the same key:" if receipt.duplicate else "sent again as"
    data = {"id": str(receipt.id), "duplicate": receipt.duplicate, "copy_of": str(found)}
    return Note(f"{what} {receipt.id}", data)


COMMANDS = (
    Command("email", "resend", resend_email),
    Command("email", "cancel", cancel_email),
    Command("email", "reschedule", reschedule_email),
)
