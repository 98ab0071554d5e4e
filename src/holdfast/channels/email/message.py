"""The message: what an application says, and the bytes it becomes.

`render` makes the bytes once, when the email is sent, and they never change: Date and Message-ID
are fixed here, so every attempt and every provider sends the same, and a duplicate can be told. Bcc
is in the envelope only. What can be wrong with an email is found out here, by the one who sends it.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import EmailMessage
from typing import Any
from uuid import uuid4

from holdfast.channels.email import unsubscribe
from holdfast.channels.email.address import Mailbox, mailbox, mailboxes
from holdfast.channels.email.header import Folding, check_headers, check_line
from holdfast.channels.email.settings import EmailSettings
from holdfast.channels.email.store import Rendered, store
from holdfast.database import Call
from holdfast.engine.model import Receipt
from holdfast.errors import InvalidInput
from holdfast.settings import read

LARGEST = 25 * 1024 * 1024
MOST_RECIPIENTS = 1000
_LONGEST_SUBJECT = 500
_MESSAGE_ID = re.compile(r"<[!-;=?A-~]{1,200}@[!-;=?A-~]{1,200}>")
# 7bit: text beyond ASCII is encoded, so that it passes through servers of any age unchanged.
_POLICY = Folding(linesep="\r\n", cte_type="7bit")


@dataclass(frozen=True, slots=True, kw_only=True)
class Email:
    """An email to be sent: `await hf.send(Email(to="ann@example.com", subject="Hi", text="…"))`.

    Attributes:
        to: one address, or a sequence with one address in each entry; "Ann <ann@…>" is fine.
        subject: one line, at most 500 characters.
        text: the plain text.
        html: the HTML; with both, the reader's program chooses.
        sender: who it is from; default HOLDFAST_EMAIL_FROM.
        cc: as `to`.
        bcc: as `to`; these get it and nobody sees them.
        reply_to: where answers go.
        headers: further headers, such as List-Unsubscribe.
        tags: words to find it by; at most 50.
        metadata: whatever JSON object you want to find with it later; it is not sent.
        tenant: whose it is, for fairness and limits.
        priority: 0 first to 9 last.
        send_at: not before (aware).
        expires_at: not after (aware): a login code is better lost than late.
        idempotency_key: the same key again returns the first email and sends nothing.
        message_id: made from the sender's domain unless given.
        unsubscribe: True, or the name of a list: one-click unsubscribing (RFC 8058) in the headers,
            and nothing is sent to whoever has used it. One recipient then.
    """

    to: str | Sequence[str] = ()
    subject: str
    text: str | None = None
    html: str | None = None
    sender: str | None = None
    cc: str | Sequence[str] = ()
    bcc: str | Sequence[str] = ()
    reply_to: str | Sequence[str] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    tags: Sequence[str] = ()
    metadata: Mapping[str, Any] = field(default_factory=dict)
    tenant: str | None = None
    priority: int = 5
    send_at: datetime | None = None
    expires_at: datetime | None = None
    idempotency_key: str | None = None
    message_id: str | None = None
    unsubscribe: bool | str = False


def render(email: Email, *, now: datetime | None = None) -> Rendered:
    """The bytes that every attempt will send.

    Raises:
        InvalidInput: the email can not be sent as it is; the message names the field and says why.
    """
    sender = mailbox("sender", _sender(email))
    fields = {name: mailboxes(name, getattr(email, name)) for name in ("to", "cc", "bcc")}
    recipients = tuple(dict.fromkeys(m.address for boxes in fields.values() for m in boxes))
    if not recipients:
        raise InvalidInput("to: nobody is to get this; give at least one address in to, cc or bcc")
    if len(recipients) > MOST_RECIPIENTS:
        raise InvalidInput(f"to: {len(recipients)} recipients; at most {MOST_RECIPIENTS} share one")
    message_id = _message_id(email.message_id, sender)
    message = _body(email)
    _add(message, "From", [sender])
    _add(message, "Reply-To", mailboxes("reply_to", email.reply_to))
    _add(message, "To", fields["to"])
    _add(message, "Cc", fields["cc"])
    message["Subject"] = subject = _subject(email.subject)
    message["Date"] = now or datetime.now(UTC)
    message["Message-ID"] = message_id
    given = check_headers(email.headers)
    offered = unsubscribe.headers(email.unsubscribe, recipients, email.tenant, message_id, given)
    for name, value in [*given, *offered.items()]:
        message[name] = value
    raw = _bytes(message, utf8=not all(m.local.isascii() for m in _shown(sender, fields)))
    return Rendered(sender.address, recipients, message_id, subject, raw)


def send(email: Email) -> Call[Receipt]:
    """The operation that stores the email, to be run on our connection or the caller's.

    Raises:
        InvalidInput: the email can not be sent as it is; nothing was stored.
    """
    return store(render(email), _options(email))


def _options(email: Email) -> dict[str, Any]:
    if isinstance(email.tags, str) or not isinstance(email.tags, Sequence):
        raise InvalidInput("tags: a sequence of texts is needed")
    if not isinstance(email.metadata, Mapping):
        raise InvalidInput("metadata: a mapping is needed")
    options: dict[str, Any] = {
        "source": "send",
        "tags": [*email.tags, *unsubscribe.tags(email.unsubscribe)],
        "metadata": dict(email.metadata),
        "priority": email.priority,
        "tenant": email.tenant,
        "run_at": _moment("send_at", email.send_at),
        "expires_at": _moment("expires_at", email.expires_at),
        "dedupe_key": email.idempotency_key,
        # the keys of one customer must not swallow the mail of another
        "dedupe_scope": email.tenant if email.idempotency_key is not None else None,
    }
    return {name: value for name, value in options.items() if value is not None}


def _moment(what: str, moment: object) -> str | None:
    if moment is None:
        return None
    if not isinstance(moment, datetime) or moment.utcoffset() is None:
        raise InvalidInput(f"{what}: a datetime with its time zone is needed")
    return moment.isoformat()


def _sender(email: Email) -> str:
    sender = email.sender if email.sender is not None else read(EmailSettings).email_from
    if sender is None:
        raise InvalidInput("sender: who is it from? Give sender=, or set HOLDFAST_EMAIL_FROM")
    return sender


def _subject(subject: object) -> str:
    text = " ".join(check_line("subject", subject).split())
    if len(text) > _LONGEST_SUBJECT:
        raise InvalidInput(f"subject: at most {_LONGEST_SUBJECT} characters, not {len(text)}")
    return text


def _message_id(given: object, sender: Mailbox) -> str:
    if given is None:
        return f"<{uuid4()}@{sender.domain}>"
    if not isinstance(given, str) or not _MESSAGE_ID.fullmatch(given):
        raise InvalidInput("message_id: <something@domain> in printable ASCII, without spaces")
    return given


def _body(email: Email) -> EmailMessage:
    text, html = _content("text", email.text), _content("html", email.html)
    message = EmailMessage(policy=_POLICY)
    if text is not None:
        message.set_content(text)
        if html is not None:
            message.add_alternative(html, subtype="html")
    elif html is not None:
        message.set_content(html, subtype="html")
    else:
        raise InvalidInput("text: the email has no body; give text, html or both")
    return message


def _content(what: str, content: object) -> str | None:
    if content is None:
        return None
    if not isinstance(content, str):
        raise InvalidInput(f"{what}: text is needed, not {type(content).__name__}")
    if len(content) > LARGEST:
        raise InvalidInput(f"{what}: at most {LARGEST} characters")
    if "\x00" in content:
        raise InvalidInput(f"{what}: the character U+0000 can not be sent by email")
    try:
        content.encode()
    except UnicodeEncodeError:
        raise InvalidInput(f"{what}: half of a surrogate pair is no valid Unicode") from None
    return content


def _add(message: EmailMessage, name: str, boxes: Sequence[Mailbox]) -> None:
    if boxes:
        message[name] = [box.in_header() for box in boxes]


def _shown(sender: Mailbox, fields: Mapping[str, Sequence[Mailbox]]) -> list[Mailbox]:
    return [sender, *fields["to"], *fields["cc"]]


def _bytes(message: EmailMessage, *, utf8: bool) -> bytes:
    raw = message.as_bytes(policy=_POLICY.clone(utf8=utf8))
    if len(raw) > LARGEST:
        raise InvalidInput(
            f"the message has {len(raw)} bytes; at most {LARGEST} (25 MiB) are taken"
        )
    return raw
