"""Send an email from the command line."""

from pathlib import Path
from typing import Annotated

import typer

from holdfast.channel import Services
from holdfast.channels.email.attachment import Attachment
from holdfast.channels.email.commands.templates import Locale, Values, values_of
from holdfast.channels.email.message import Email, send
from holdfast.channels.email.templates import find
from holdfast.command import Command, Note


async def send_email(
    services: Services,
    to: Annotated[list[str], typer.Option("--to", help="A recipient; give it once for each.")],
    subject: Annotated[str | None, typer.Option("--subject", help="One line.")] = None,
    text: Annotated[str | None, typer.Option("--text", help="The plain text.")] = None,
    html: Annotated[str | None, typer.Option("--html", help="The HTML.")] = None,
    sender: Annotated[
        str | None, typer.Option("--from", help="The sender; default HOLDFAST_EMAIL_FROM.")
    ] = None,
    cc: Annotated[list[str] | None, typer.Option("--cc", help="As --to.")] = None,
    bcc: Annotated[list[str] | None, typer.Option("--bcc", help="As --to, unseen.")] = None,
    attach: Annotated[
        list[Path] | None, typer.Option("--attach", help="A file; give it once for each.")
    ] = None,
    template: Annotated[
        str | None, typer.Option("--template", help="A template, instead of text and HTML.")
    ] = None,
    values: Values = None,
    locale: Locale = None,
    key: Annotated[
        str | None, typer.Option("--idempotency-key", help="The same key again sends nothing.")
    ] = None,
) -> Note:
    """Queue an email."""
    email = Email(
        to=to, subject=subject, text=text, html=html, sender=sender, cc=cc or (), bcc=bcc or (),
        template=await find(services.database, template) if template is not None else None,
        values=values_of(values), locale=locale, idempotency_key=key,
        attachments=[Attachment.from_path(path) for path in attach or ()],
    )  # fmt: skip
    receipt = await services.database.run(send(email))
    what = "was queued before, with the same key:" if receipt.duplicate else "queued as"
    return Note(f"{what} {receipt.id}", {"id": str(receipt.id), "duplicate": receipt.duplicate})


COMMANDS = (Command("email", "send", send_email),)
