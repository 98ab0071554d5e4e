"""Look at emails: the list, and one with all there is."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated, Any

import typer

from holdfast.channel import Services
from holdfast.channels.email import reading, store
from holdfast.channels.email.commands.change import EmailId, named_email
from holdfast.command import Command, Detail, Rows
from holdfast.options import Newest

_PREVIEW = 2000
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)?[+-]\d\d(?::\d\d)?")
_MOST_SHOWN = 3


async def list_emails(
    services: Services,
    state: Annotated[
        str | None,
        typer.Option(
            "--state",
            metavar="STATE",
            help="ready, leased, held, done, dead, cancelled or expired.",
        ),
    ] = None,
    tag: Annotated[str | None, typer.Option("--tag", metavar="TAG", help="With this tag.")] = None,
    tenant: Annotated[
        str | None, typer.Option("--tenant", metavar="NAME", help="Of this tenant.")
    ] = None,
    recipient: Annotated[
        str | None,
        typer.Option("--recipient", metavar="ADDRESS", help="To this address, among others."),
    ] = None,
    source: Annotated[
        str | None,
        typer.Option(
            "--source",
            metavar="NAME",
            help="The way it came: send, sql, smtp-in, smtplib, django or resend.",
        ),
    ] = None,
    message_id: Annotated[
        str | None, typer.Option("--message-id", metavar="ID", help="With this Message-ID.")
    ] = None,
    subject: Annotated[
        str | None, typer.Option("--subject", metavar="TEXT", help="Whose subject begins so.")
    ] = None,
    before: Annotated[
        str | None,
        typer.Option("--before", metavar="ID", help="Older than this one: the next page."),
    ] = None,
    limit: Newest = 50,
) -> Rows:
    """List the emails, the newest first.

    A rare combination of common filters is searched for in a million emails; an error then says how
    to go on.
    """
    wanted = {
        "state": state, "tag": tag, "tenant": tenant, "recipient": recipient, "source": source,
        "message_id": message_id, "subject": subject,
        "before": str(await named_email(services, before)) if before is not None else None,
    }  # fmt: skip
    rows = await services.database.run(store.listed(limit, wanted))
    return Rows(
        _LISTED,
        [
            (key, created_at, status, subject, _few(recipients or ()), *rest, sender)
            for key, created_at, status, sender, recipients, subject, *rest in rows
        ],
        empty="no emails. Send one: holdfast email send --to ann@example.com --subject Hi",
        more=f"there may be more: --before {rows[-1][0]}" if len(rows) == limit else "",
    )


async def show_email(services: Services, email_id: EmailId) -> Detail:
    """Show an email: what comes next, its recipients, its attempts and what it says."""
    email = await services.database.run(store.shown(await named_email(services, email_id)))
    message = reading.parsed(email.raw)
    about = {name: email.email[name] for name in _FIELDS if email.email[name] not in (None, [], {})}
    body = reading.body(message)
    if not email.email["captured"] and len(body) > _PREVIEW:
        body = f"{body[:_PREVIEW]}\n… {len(body) - _PREVIEW} characters more"
    about["next"] = _MOMENT.sub(
        lambda found: f"{_moment(found[0]):%Y-%m-%dT%H:%M:%SZ}", about["next"]
    )
    if "until" in about:
        about["until"] = _moment(about["until"])
    return Detail(
        {
            **about,
            "recipients": _table(email.recipients, _RECIPIENT),
            "timeline": _table(email.attempts, _ATTEMPT),
            "answers": _table(
                [{**a, **answer} for a in email.attempts for answer in a["answers"]], _ANSWER
            ),
            "attachments": Rows(("name", "type", "size"), reading.attached(message)),
            "headers": Rows(("name", "value"), reading.headers(message)),
            "body": body,
        },
        title=f"Email {email_id}",
    )


_LISTED = (
    "id", "created_at", "status", "subject", "recipients", "attempts", "last_error",
    "next_attempt_at", "sender",
)  # fmt: skip
_FIELDS = (
    "id", "status", "next", "rule", "until", "sender", "subject", "message_id", "copy_of", "copies",
    "attempts", "max_attempts", "last_error", "next_attempt_at", "expires_at", "on_unknown",
    "created_at", "sent_at", "source", "tenant", "priority", "tags", "metadata", "size", "captured",
)  # fmt: skip
_RECIPIENT = (
    "address", "status", "feedback", "code", "answer", "at", "feedback_at", "provider",
    "provider_message_id",
)  # fmt: skip
_ATTEMPT = ("attempt", "outcome", "because", "worker", "claimed_at", "settled_at", "next_at")
_ANSWER = ("attempt", "provider", "address", "status", "code", "answer")


def _moment(text: str) -> datetime:
    """A time as the database writes it."""
    return datetime.fromisoformat(text).astimezone(UTC)


def _few(addresses: Sequence[str]) -> str:
    """The first of them; `email show` has all."""
    shown = ", ".join(addresses[:_MOST_SHOWN])
    more = len(addresses) - _MOST_SHOWN
    return f"{shown} and {more} more" if more > 0 else shown


def _table(items: Any, columns: tuple[str, ...]) -> Rows:
    return Rows(columns, [[item[column] for column in columns] for item in items or ()])


COMMANDS = (
    Command("email", "list", list_emails),
    Command("email", "show", show_email),
)
