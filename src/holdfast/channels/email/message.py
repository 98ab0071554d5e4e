"""The message: what an application says, and the bytes it becomes.

`render` makes the bytes once, when the email is sent, and they never change: Date and Message-ID
are fixed here, so every attempt and every provider sends the same, and a duplicate can be told. Bcc
is in the envelope only. What can be wrong with an email is found out here, by the one who sends it.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.message import EmailMessage
from typing import Any, Literal
from uuid import uuid4

from holdfast.channels.email import options, unsubscribe
from holdfast.channels.email.address import Mailbox, mailbox, mailboxes
from holdfast.channels.email.attachment import Attachment, check_attachments
from holdfast.channels.email.header import Folding, Kinds, check_headers, check_line
from holdfast.channels.email.parts import Body
from holdfast.channels.email.plain import plain
from holdfast.channels.email.settings import EmailSettings
from holdfast.channels.email.store import Rendered, store
from holdfast.channels.email.templates import Said, Template, from_folder
from holdfast.database import Call
from holdfast.engine.model import Receipt
from holdfast.errors import InvalidInput
from holdfast.settings import read

LARGEST = 25 * 1024 * 1024
MOST_RECIPIENTS = 1000
_LONGEST_SUBJECT = 500
_LONG_HTML, _LONG_TEXT, _MANY = 16_384, 262_144, 100
_MESSAGE_ID = re.compile(r"<[!-;=?A-~]{1,200}@[!-;=?A-~]{1,200}>")
# 7bit: text beyond ASCII is encoded, so that it passes through servers of any age unchanged.
_POLICY = Folding(linesep="\r\n", cte_type="7bit", header_factory=Kinds())


@dataclass(frozen=True, slots=True, kw_only=True)
class Email:
    """An email to be sent: `await hf.send(Email(to="ann@example.com", subject="Hi", text="…"))`.

    Attributes:
        to: one address, or a sequence with one address in each entry; "Ann <ann@…>" is fine.
        subject: one line, at most 500 characters; from the template unless given.
        text: the plain text; made from the HTML if not given.
        html: the HTML; with both, the reader's program chooses.
        template: the name of a template in the folder HOLDFAST_EMAIL_TEMPLATES, or a Template from
            elsewhere; it is rendered when the email is sent, and never again.
        values: what the template shows: texts, numbers, dates, lists and mappings.
        locale: in which language, such as de-AT; then de, then the default are tried.
        inline_css: write the styles of the template's HTML into its elements (needs holdfast[css]).
        sender: who it is from; default HOLDFAST_EMAIL_FROM.
        cc: as `to`.
        bcc: as `to`; these get it and nobody sees them.
        reply_to: where answers go.
        attachments: files, and images that the HTML shows; in all at most 25 MiB in base64.
        headers: further headers, such as List-Unsubscribe.
        tags: words to find it by; at most 50.
        metadata: whatever JSON object you want to find with it later; it is not sent.
        tenant: whose it is, for fairness and limits.
        priority: 0 first to 9 last.
        send_at: not before (aware).
        expires_at: not after (aware): a login code is better lost than late.
        on_unknown: what becomes of it if it is not known whether a server has taken it: resend
            (better twice than never), hold (ask a person) or verify; default the queue's policy.
        idempotency_key: the same key again returns the first email and sends nothing; with another
            sender, subject or other recipients it is refused: that is another email.
        message_id: made from the sender's domain unless given.
        unsubscribe: True, or the name of a list: one-click unsubscribing (RFC 8058) in the headers,
            and nothing is sent to whoever has used it. One recipient then. A template has the same
            link as `unsubscribe_url`.
    """

    to: str | Sequence[str] = ()
    subject: str | None = None
    text: str | None = None
    html: str | None = None
    template: str | Template | None = None
    values: Mapping[str, Any] = field(default_factory=dict)
    locale: str | None = None
    inline_css: bool = False
    sender: str | None = None
    cc: str | Sequence[str] = ()
    bcc: str | Sequence[str] = ()
    reply_to: str | Sequence[str] = ()
    attachments: Sequence[Attachment] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    tags: Sequence[str] = ()
    metadata: Mapping[str, Any] = field(default_factory=dict)
    tenant: str | None = None
    priority: int = 5
    send_at: datetime | None = None
    expires_at: datetime | None = None
    on_unknown: Literal["resend", "hold", "verify"] | None = None
    idempotency_key: str | None = None
    message_id: str | None = None
    unsubscribe: bool | str = False


def render(email: Email, *, now: datetime | None = None) -> Rendered:
    """The bytes that every attempt will send.

    Raises:
        InvalidInput: the email cannot be sent as it is; the message names the field and says why.
    """
    sender = mailbox("sender", _sender(email))
    _count(email)
    fields = {name: mailboxes(name, getattr(email, name)) for name in ("to", "cc", "bcc")}
    recipients = tuple(dict.fromkeys(m.address for boxes in fields.values() for m in boxes))
    if not recipients:
        raise InvalidInput("to: nobody is to get this; give at least one address in to, cc or bcc")
    if len(recipients) > MOST_RECIPIENTS:
        raise InvalidInput(f"to: {len(recipients)} recipients; at most {MOST_RECIPIENTS} share one")
    message_id = _message_id(email.message_id, sender)
    given = check_headers(email.headers)
    offered = unsubscribe.headers(email.unsubscribe, recipients, email.tenant, message_id, given)
    email = _said(email, offered.get("List-Unsubscribe", "").strip("<>"))
    body = _body(email)
    message = body.message
    _add(message, "From", [sender])
    _add(message, "Reply-To", mailboxes("reply_to", email.reply_to))
    _add(message, "To", fields["to"])
    _add(message, "Cc", fields["cc"])
    message["Subject"] = subject = _subject(email.subject)
    message["Date"] = now or datetime.now(UTC)
    message["Message-ID"] = message_id
    for name, value in [*given, *offered.items()]:
        message[name] = value
    raw, files = body.cut(
        _bytes(message, utf8=not all(m.local.isascii() for m in _shown(sender, fields)))
    )
    rendered = Rendered(sender.address, recipients, message_id, subject, raw, files)
    if rendered.size > LARGEST:
        raise InvalidInput(
            f"the message has {rendered.size} bytes; at most {LARGEST} (25 MiB) are taken"
        )
    return rendered


def takes_long(email: Email) -> bool:
    """Whether to make its bytes takes hundredths of a second: HTML is read tag by tag."""
    html = email.html if isinstance(email.html, str) and email.text is None else ""
    copies = (email.to, email.cc, email.bcc)
    bodies = [body for body in (email.text, email.html) if isinstance(body, str)]
    return (
        email.template is not None
        or bool(email.attachments)
        or len(html) > _LONG_HTML
        or sum(map(len, bodies)) > _LONG_TEXT
        or any(len(to) > _MANY for to in copies if isinstance(to, list | tuple))
    )


def preview(
    template: str | Template,
    values: Mapping[str, Any],
    *,
    locale: str | None = None,
    inline_css: bool = False,
) -> Said:
    """What a template would say; nothing is sent. Raises as `Template.say`."""
    found = from_folder(template) if isinstance(template, str) else template
    if not isinstance(found, Template):
        raise InvalidInput("template: the name of one, or a Template, is needed")
    return found.say(values, locale, inline_css=inline_css)


def send(email: Email) -> Call[Receipt]:
    """The operation that stores the email, to be run on our connection or the caller's.

    Raises:
        InvalidInput: the email cannot be sent as it is, or (when run) its key was used for
            another one; nothing was stored.
    """
    return store(render(email), _options(email))


def _said(email: Email, link: str) -> Email:
    """The email with what its template says; it may show the link to unsubscribe."""
    if email.template is None:
        if email.values or email.locale is not None or email.inline_css:
            raise InvalidInput("template: values, locale and inline_css belong to one; name it")
        return email
    if email.text is not None or email.html is not None:
        raise InvalidInput("template: it has the text and the html; give a template or these")
    values = email.values
    if link and isinstance(values, Mapping):
        values = {"unsubscribe_url": link, **values}
    said = preview(email.template, values, locale=email.locale, inline_css=email.inline_css)
    subject = said.subject if email.subject is None else email.subject
    return replace(
        email, subject=subject, text=said.text, html=said.html,
        template=None, values={}, locale=None, inline_css=False,
    )  # fmt: skip


def _options(email: Email) -> dict[str, Any]:
    send_at, expires_at = options.times(email.send_at, email.expires_at)
    key, tenant = options.idempotency_key(email.idempotency_key), options.tenant(email.tenant)
    found: dict[str, Any] = {
        "source": "send",
        "tags": [*options.tags(email.tags), *unsubscribe.tags(email.unsubscribe)],
        "metadata": options.metadata(email.metadata),
        "priority": options.priority(email.priority),
        "tenant": tenant,
        "run_at": send_at,
        "expires_at": expires_at,
        "on_unknown": options.on_unknown(email.on_unknown),
        "dedupe_key": key,
        # the keys of one customer must not swallow the mail of another
        "dedupe_scope": tenant if key is not None else None,
    }
    return {name: value for name, value in found.items() if value is not None}


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


def _body(email: Email) -> Body:
    text, html = _content("text", email.text), _content("html", email.html)
    if text is None and html is None:
        raise InvalidInput("text: the email has no body; give text, html or both")
    if text is None and (made := plain(html or "")).strip():
        text = made  # of nothing but a picture there is none
    return Body(text, html, check_attachments(email.attachments, html), _POLICY)


def _content(what: str, content: object) -> str | None:
    if content is None:
        return None
    if not isinstance(content, str):
        raise InvalidInput(f"{what}: text is needed, not {type(content).__name__}")
    if len(content) > LARGEST:
        raise InvalidInput(f"{what}: at most {LARGEST} characters")
    if "\x00" in content:
        raise InvalidInput(f"{what}: the character U+0000 cannot be sent by email")
    try:
        content.encode()
    except UnicodeEncodeError:
        raise InvalidInput(f"{what}: half of a surrogate pair is no valid Unicode") from None
    return content


def _count(email: Email) -> None:
    """Before each of them is looked at."""
    for name in ("to", "cc", "bcc", "reply_to"):
        given = getattr(email, name)
        if isinstance(given, list | tuple) and len(given) > MOST_RECIPIENTS:
            raise InvalidInput(f"{name}: {len(given)} addresses; at most {MOST_RECIPIENTS}")


def _add(message: EmailMessage, name: str, boxes: Sequence[Mailbox]) -> None:
    if boxes:
        message[name] = [box.in_header() for box in boxes]


def _shown(sender: Mailbox, fields: Mapping[str, Sequence[Mailbox]]) -> list[Mailbox]:
    return [sender, *fields["to"], *fields["cc"]]


def _bytes(message: EmailMessage, *, utf8: bool) -> bytes:
    return message.as_bytes(policy=_POLICY.clone(utf8=utf8))
