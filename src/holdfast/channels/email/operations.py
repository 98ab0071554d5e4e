"""What can be asked about email by the JSON API: send, look, change, preview, suppress."""

import asyncio
import base64
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BeforeValidator, Field, PlainValidator, StrictBool, StrictInt, WithJsonSchema

from holdfast.channel import Services
from holdfast.channels.email import change, reading, store, suppressed
from holdfast.channels.email.address import used_ones
from holdfast.channels.email.attachment import MOST, Attachment
from holdfast.channels.email.change import Cancelled
from holdfast.channels.email.message import Email, preview, send
from holdfast.channels.email.templates import Said, find
from holdfast.engine.model import Receipt
from holdfast.errors import InvalidInput
from holdfast.operation import Body, Caller, Limit, Moment, Operation, Sent, Texts, Why

Addresses = str | Texts
Reason = Literal["manual", "bounced", "complained", "unsubscribed"]
_LISTED = (
    "id", "created_at", "status", "sender", "recipients", "subject", "attempts", "last_error",
    "next_attempt_at",
)  # fmt: skip


def _few(value: object) -> object:
    if isinstance(value, list) and len(value) > MOST:
        raise ValueError(f"at most {MOST} attachments, not {len(value)}")
    return value


def _decoded(value: object) -> bytes:
    if not isinstance(value, str):
        raise ValueError("text in base64 is needed")  # noqa: TRY004  what pydantic makes a 422 of
    return base64.b64decode(value, validate=True)


Base64 = Annotated[
    bytes,
    PlainValidator(_decoded),
    WithJsonSchema({"type": "string", "contentEncoding": "base64"}),
]
"""Bytes as text; pydantic's own type skips what is no base64, and the file would be another."""


class NewAttachment(Body):
    """A file, its content in base64; `inline` is its content-id if the HTML shows it."""

    name: str
    content: Base64
    type: str | None = None
    inline: str | None = None


class NewEmail(Body):
    """An email to be sent, as `Email` in Python; `template` names one, in the folder or stored."""

    to: Addresses = Field(default_factory=list)
    subject: str | None = None
    text: str | None = None
    html: str | None = None
    template: str | None = None
    values: dict[str, Any] = Field(default_factory=dict)
    locale: str | None = None
    inline_css: StrictBool = False
    sender: str | None = None
    cc: Addresses = Field(default_factory=list)
    bcc: Addresses = Field(default_factory=list)
    reply_to: Addresses = Field(default_factory=list)
    attachments: Annotated[list[NewAttachment], BeforeValidator(_few)] = Field(default_factory=list)
    headers: dict[str, Any] = Field(default_factory=dict)
    tags: Texts = Field(default_factory=list)
    metadata: dict[str, Any] = Field(default_factory=dict)
    tenant: str | None = None
    priority: StrictInt = 5
    send_at: Moment | None = None
    expires_at: Moment | None = None
    on_unknown: Literal["resend", "hold", "verify"] | None = None
    idempotency_key: str | None = None
    message_id: str | None = None
    unsubscribe: StrictBool | str = False


class Copy(Why):
    """To whom it goes again, if not to the same; the same key again sends nothing."""

    to: Addresses | None = None
    idempotency_key: str | None = None


class Moved(Why):
    """When it is to be sent instead; at once, if there is no time or it is over."""

    send_at: Moment | None = None


class Wanted(Body):
    """A template and what it is to show."""

    template: str
    values: dict[str, Any] = Field(default_factory=dict)
    locale: str | None = None
    inline_css: StrictBool = False


class Suppression(Why):
    """Who gets nothing more: one address or several; for ever, unless it ends.

    `list` is one of an unsubscription, * all of them; the other reasons hold for all mail.
    """

    address: Addresses
    reason: Reason = "manual"
    tenant: str | None = None
    list: str | None = None
    expires_at: Moment | None = None

    def entries(self) -> Sequence[dict[str, Any]]:
        """As the database takes them."""
        more = {
            "reason": self.reason, "tenant": self.tenant, "list": self.list, "detail": self.why,
            "source": "api", "expires_at": self.expires_at and self.expires_at.isoformat(),
        }  # fmt: skip
        return [{**more, "address": one} for one in used_ones("address", self.address)]


class Unsuppression(Why):
    """Which address; of which tenant, reason and list, if not of all that may go without a word."""

    address: str
    reason: Reason | None = None
    tenant: str | None = None
    list: str | None = None


async def send_email(services: Services, email: NewEmail) -> Sent:
    """Send an email. 202 comes after the commit; an `idempotency_key` makes it repeatable."""
    given = {**dict(email), "attachments": [Attachment(**dict(a)) for a in email.attachments]}
    if email.template is not None:
        given["template"] = await find(services.database, email.template)
    rendered = await asyncio.to_thread(send, Email(**given))  # a large one takes its time
    return _sent(await services.database.run(rendered))


async def list_emails(
    services: Services, state: str | None = None, tag: str | None = None,
    tenant: str | None = None, recipient: str | None = None, source: str | None = None,
    message_id: str | None = None, subject: str | None = None, before: UUID | None = None,
    limit: Limit = 50,
) -> list[dict[str, Any]]:  # fmt: skip
    """The emails, newest first.

    `state` is that of their job, `source` the way they came, `subject` how it begins, and `before`
    an id: the page after it. A rare combination of common filters is searched
    for in a million emails; an error then says how to go on.
    """
    wanted = {
        "state": state, "tag": tag, "tenant": tenant, "recipient": recipient, "source": source,
        "message_id": message_id, "subject": subject, "before": str(before) if before else None,
    }  # fmt: skip
    rows = await services.database.run(store.listed(limit, wanted))
    return [dict(zip(_LISTED, row, strict=True)) for row in rows]


async def show_email(services: Services, email_id: UUID) -> dict[str, Any]:
    """One email: what comes next, its recipients, each attempt and its answers, what it says."""
    shown = await services.database.run(store.shown(email_id))
    message = await asyncio.to_thread(reading.parsed, shown.raw)
    return {
        **shown.email,
        "recipients": shown.recipients,
        "timeline": shown.attempts,
        "attachments": [
            dict(zip(("name", "type", "size"), file, strict=True))
            for file in reading.attached(message)
        ],
        "headers": reading.headers(message),
        "body": reading.body(message),
    }


async def cancel_email(
    services: Services, email_id: UUID, caller: Caller, reason: Why | None = None
) -> Cancelled:
    """End an email that waits; what some recipients have already stays with them."""
    why = reason.why if reason is not None else None
    return await services.database.run(change.cancel(email_id, caller.name, why))


async def reschedule_email(
    services: Services, email_id: UUID, caller: Caller, moved: Moved
) -> dict[str, datetime]:
    """Let an email that waits be sent at another time."""
    call = change.reschedule(email_id, moved.send_at, caller.name, moved.why)
    return {"send_at": await services.database.run(call)}


async def resend_email(
    services: Services, email_id: UUID, caller: Caller, copy: Copy | None = None
) -> Sent:
    """Send the same again, as a new email that is linked with the first one."""
    how = copy or Copy()
    receipt = await change.resent(
        services.database, email_id, caller.name,
        to=how.to, why=how.why, idempotency_key=how.idempotency_key,
    )  # fmt: skip
    return _sent(receipt)


async def list_suppressions(
    services: Services, address: str | None = None, reason: Reason | None = None,
    tenant: str | None = None, list: str | None = None, limit: Limit = 50,  # noqa: A002
) -> Sequence[dict[str, Any]]:  # fmt: skip
    """Who gets no more mail and why, newest first, also what has ended."""
    wanted = {"address": address, "reason": reason, "tenant": tenant, "list": list}
    return await services.database.run(suppressed.listed(wanted, limit))


async def add_suppression(
    services: Services, suppression: Suppression, caller: Caller
) -> dict[str, int]:
    """Send nothing more to an address, also of what waits. `new`: so many were not on the list."""
    entries = suppression.entries()
    if not entries:
        raise InvalidInput("address: none is given; name one, or a list with one at least")
    call = suppressed.suppress(entries, caller.name, suppression.why)
    return {"new": await services.database.run(call)}


async def remove_suppression(
    services: Services, wanted: Unsuppression, caller: Caller
) -> dict[str, int]:
    """Take an address off the list; `remaining` still hold, and keep it from mail.

    Without a reason those that were bounced and manual go: that somebody complained or
    unsubscribed is taken back when it is named. What was left out before is not sent by itself.
    """
    found = await services.database.run(suppressed.unsuppress(
        wanted.address, caller.name, wanted.why, tenant=wanted.tenant, reason=wanted.reason,
        list_name=wanted.list,
    ))  # fmt: skip
    return {"removed": found.removed, "remaining": found.remaining}


async def preview_email(services: Services, wanted: Wanted) -> Said:
    """What a template says with these values; nothing is sent."""
    template = await find(services.database, wanted.template)
    return await asyncio.to_thread(
        preview, template, wanted.values, locale=wanted.locale, inline_css=wanted.inline_css
    )


def _sent(receipt: Receipt) -> Sent:
    return Sent(receipt.id, receipt.duplicate)


OPERATIONS = (
    Operation("send", "POST", "/emails", send_email, 202, 36 * 1024 * 1024),
    Operation("read", "GET", "/emails", list_emails, cursor=("before", "id")),
    Operation("send", "POST", "/emails/preview", preview_email, 200, 1_310_720),
    Operation("read", "GET", "/emails/suppressions", list_suppressions),
    Operation("operate", "POST", "/emails/suppressions", add_suppression, 201),
    Operation("operate", "POST", "/emails/suppressions/remove", remove_suppression),
    Operation("read", "GET", "/emails/{email_id}", show_email),
    Operation("operate", "POST", "/emails/{email_id}/cancel", cancel_email),
    Operation("operate", "POST", "/emails/{email_id}/reschedule", reschedule_email),
    Operation("operate", "POST", "/emails/{email_id}/resend", resend_email, 202),
)
