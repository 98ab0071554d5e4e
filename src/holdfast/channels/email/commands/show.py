"""Look at emails: the list, and one with all there is."""

from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Annotated, Any

import typer

from holdfast.channel import Services
from holdfast.channels.email import store
from holdfast.channels.email.commands.change import EmailId, email_uuid
from holdfast.command import Command, Detail, Rows

_PREVIEW = 2000


async def list_emails(
    services: Services,
    state: Annotated[
        str | None,
        typer.Option("--state", help="ready, leased, held, done, dead, cancelled or expired."),
    ] = None,
    limit: Annotated[int, typer.Option("--limit", help="At most so many.", min=1)] = 50,
) -> Rows:
    """The emails, newest first."""
    columns = ("id", "created", "state", "from", "to", "subject", "attempts", "error", "next")
    rows = await services.database.run(store.listed(limit, state))
    return Rows(
        columns,
        [[*row[:4], ", ".join(row[4] or ()), *row[5:]] for row in rows],
        empty="no emails. Send one: holdfast email send --to ann@example.com --subject Hi",
        title="Emails",
    )


async def show_email(services: Services, email_id: EmailId) -> Detail:
    """One email: what comes next, its recipients, its attempts and what it says."""
    email = await services.database.run(store.shown(email_uuid(email_id)))
    message = message_from_bytes(email.raw, _class=EmailMessage, policy=default)
    about = {name: email.email[name] for name in _FIELDS if email.email[name] not in (None, [], {})}
    body = _body(message)
    if not email.email["captured"] and len(body) > _PREVIEW:
        body = f"{body[:_PREVIEW]}\n… {len(body) - _PREVIEW} characters more"
    return Detail(
        {
            **about,
            "recipients": _table(email.recipients, ("address", "status", "code", "answer", "at")),
            "timeline": Rows(
                (*_ATTEMPT, "answers"),
                [[attempt[name] for name in (*_ATTEMPT, "answers")] for attempt in email.attempts],
            ),
            "attachments": Rows(("name", "type", "size"), attached(message)),
            "headers": Rows(("name", "value"), _headers(message)),
            "body": body,
        },
        title=f"Email {email_id}",
    )


_FIELDS = (
    "id", "status", "next", "rule", "until", "sender", "subject", "message_id", "copy_of", "copies",
    "attempts", "max_attempts", "last_error", "next_attempt_at", "expires_at", "on_unknown",
    "created_at", "sent_at", "source", "tenant", "priority", "tags", "metadata", "size", "captured",
)  # fmt: skip
_ATTEMPT = ("attempt", "outcome", "because", "worker", "claimed_at", "settled_at", "next_at")


def attached(message: EmailMessage) -> list[tuple[str, str, int]]:
    """Name, type and size of what hangs on a message, whoever made it."""
    found = []
    for part in message.walk():
        try:
            name = part.get_filename()
            if name is None or part.is_multipart():
                continue
            payload = part.get_payload(decode=True)
        except (LookupError, ValueError, AttributeError, TypeError):
            continue
        size = len(payload) if isinstance(payload, bytes) else 0
        found.append((_one_line(name), part.get_content_type(), size))
    return found


def _table(items: Any, columns: tuple[str, ...]) -> Rows:
    return Rows(columns, [[item[column] for column in columns] for item in items or ()])


def _headers(message: EmailMessage) -> list[tuple[str, str]]:
    """As they stand in the bytes; a header that can not be parsed is shown raw."""
    return [(name, _one_line(value)) for name, value in message.raw_items()]


def _one_line(value: object) -> str:
    return " ".join(str(value).encode("utf-8", "replace").decode("utf-8").split())


def _body(message: EmailMessage) -> str:
    """The text, or else the HTML; whatever a stranger's message holds, something can be shown."""
    try:
        part = message.get_body(("plain", "html"))
        content = part.get_content() if part is not None else message.get_payload()
    except (LookupError, ValueError, AttributeError, TypeError):
        content = message.get_payload()
    text = content if isinstance(content, str) else str(content)
    return text.encode("utf-8", "replace").decode("utf-8")


COMMANDS = (
    Command("email", "list", list_emails),
    Command("email", "show", show_email),
)
