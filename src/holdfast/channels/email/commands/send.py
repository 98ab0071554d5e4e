"""Send an email from the command line."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from holdfast.channel import Services
from holdfast.channels.email.attachment import Attachment
from holdfast.channels.email.commands.change import moment
from holdfast.channels.email.commands.templates import Locale, Values, values_of
from holdfast.channels.email.message import Email, send
from holdfast.channels.email.templates import find
from holdfast.command import Command, Note
from holdfast.errors import InvalidInput

_SUCH_AS = "such as 2027-01-31T14:30Z. UTC unless it says otherwise."


async def send_email(
    services: Services,
    to: Annotated[
        list[str],
        typer.Option("--to", metavar="ADDRESS", help="A recipient; give it once for each."),
    ],
    subject: Annotated[
        str | None, typer.Option("--subject", metavar="TEXT", help="One line.")
    ] = None,
    text: Annotated[
        str | None, typer.Option("--text", metavar="TEXT", help="The plain text.")
    ] = None,
    html: Annotated[str | None, typer.Option("--html", metavar="HTML", help="The HTML.")] = None,
    sender: Annotated[
        str | None,
        typer.Option("--from", metavar="ADDRESS", help="The sender; default HOLDFAST_EMAIL_FROM."),
    ] = None,
    cc: Annotated[
        list[str] | None, typer.Option("--cc", metavar="ADDRESS", help="As --to.")
    ] = None,
    bcc: Annotated[
        list[str] | None, typer.Option("--bcc", metavar="ADDRESS", help="As --to, unseen.")
    ] = None,
    attach: Annotated[
        list[Path] | None,
        typer.Option("--attach", metavar="FILE", help="A file; give it once for each."),
    ] = None,
    template: Annotated[
        str | None,
        typer.Option("--template", metavar="NAME", help="A template, instead of text and HTML."),
    ] = None,
    values: Values = None,
    locale: Locale = None,
    reply_to: Annotated[
        list[str] | None,
        typer.Option("--reply-to", metavar="ADDRESS", help="Where answers go; as --to."),
    ] = None,
    header: Annotated[
        list[str] | None,
        typer.Option(
            "--header", metavar="HEADER", help='Such as "X-Order: 7"; give it once for each.'
        ),
    ] = None,
    tag: Annotated[
        list[str] | None,
        typer.Option("--tag", metavar="TAG", help="A word to find it by; once for each."),
    ] = None,
    metadata: Annotated[
        str | None,
        typer.Option("--metadata", metavar="JSON", help="A JSON object that is kept with it."),
    ] = None,
    tenant: Annotated[
        str | None, typer.Option("--tenant", metavar="NAME", help="Whose it is.")
    ] = None,
    priority: Annotated[
        int, typer.Option("--priority", metavar="0-9", help="0 first to 9 last.")
    ] = 5,
    send_at: Annotated[
        str | None, typer.Option("--send-at", metavar="TIME", help=f"Not before; {_SUCH_AS}")
    ] = None,
    expires_at: Annotated[
        str | None, typer.Option("--expires-at", metavar="TIME", help=f"Not after; {_SUCH_AS}")
    ] = None,
    on_unknown: Annotated[
        Literal["resend", "hold", "verify"] | None,
        typer.Option(
            "--on-unknown",
            metavar="RULE",
            help="If nobody knows whether it was taken: resend, hold or verify. Without it "
            "as its queue says.",
        ),
    ] = None,
    unsubscribe: Annotated[
        str | None,
        typer.Option(
            "--unsubscribe",
            metavar="LIST",
            help="A list to unsubscribe from by a link; * is all lists.",
        ),
    ] = None,
    key: Annotated[
        str | None,
        typer.Option("--idempotency-key", metavar="KEY", help="The same key again sends nothing."),
    ] = None,
) -> Note:
    """Queue an email."""
    email = Email(
        to=to, subject=subject, text=text, html=html, sender=sender, cc=cc or (), bcc=bcc or (),
        template=await find(services.database, template) if template is not None else None,
        values=values_of(values), locale=locale, idempotency_key=key, reply_to=reply_to or (),
        attachments=[Attachment.from_path(path) for path in attach or ()],
        headers=_headers(header or ()), tags=tag or (), metadata=_object(metadata), tenant=tenant,
        priority=priority, send_at=moment("--send-at", send_at),
        expires_at=moment("--expires-at", expires_at), on_unknown=on_unknown,
        unsubscribe=True if unsubscribe == "*" else unsubscribe or False,
    )  # fmt: skip
    receipt = await services.database.run(send(email))
    what = "was queued before, with the same key:" if receipt.duplicate else "queued as"
    return Note(f"{what} {receipt.id}", {"id": str(receipt.id), "duplicate": receipt.duplicate})


def _headers(given: Sequence[str]) -> dict[str, str]:
    found = {}
    for line in given:
        name, colon, value = line.partition(":")
        if not colon or name in found:
            raise InvalidInput(f"--header: {line!r} is not Name: value, or its name comes twice")
        found[name] = value
    return found


def _object(text: str | None) -> dict[str, Any]:
    try:
        found = json.loads(text) if text is not None else {}
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise InvalidInput("--metadata: a JSON object is needed")
    return found


COMMANDS = (Command("email", "send", send_email),)
