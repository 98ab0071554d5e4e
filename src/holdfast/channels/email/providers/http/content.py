"""What a frozen message says, for APIs that want it as JSON and not as bytes.

The bytes stay the truth: the same bytes and the same recipients always give the same content, so an
attempt that is repeated under an idempotency key is the same request. The bytes may come from any
program (SMTP-in takes what it gets), so nothing in them may raise: what cannot be read as it is
meant is read as well as it can be, and what has no place in a form is kept as an attachment.
"""

import email
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message
from email.parser import BytesHeaderParser
from email.policy import compat32, default
from email.utils import formataddr, getaddresses
from mimetypes import MimeTypes
from typing import Any, Final, NamedTuple

from holdfast.channels.email.address import in_ascii
from holdfast.channels.email.providers.provider import Envelope

# What the standard library's parser raises on headers that nobody should write.
_PARSER_ERRORS: Final = (
    AttributeError, IndexError, KeyError, LookupError, TypeError, ValueError, MessageError,
)  # fmt: skip
_TYPES: Final = MimeTypes()  # its built-in table: what is installed on a machine changes nothing
_BREAKING: Final = {"Cc", "Zl", "Zp"}
_KIND: Final = re.compile(r"[!-.0-~]{1,80}/[!-.0-~]{1,80}")
_OWN_FIELDS: Final = {
    "from", "sender", "to", "cc", "bcc", "reply-to", "subject", "date", "message-id",
    "mime-version", "return-path", "received", "dkim-signature",
}  # fmt: skip


class Address(NamedTuple):
    """A name, which may be empty, and an address."""

    name: str
    address: str


@dataclass(frozen=True, slots=True)
class Attachment:
    """A part that is neither the text nor the HTML; `cid` is what the HTML calls it, if it does."""

    name: str
    type: str
    content: bytes
    cid: str | None = None
    inline: bool = False


@dataclass(frozen=True, slots=True)
class Content:
    """A message, split. `to`, `cc` and `bcc` hold those who are still to get it and nobody else."""

    sender: Address
    to: Sequence[Address]
    cc: Sequence[Address]
    bcc: Sequence[Address]
    reply_to: Sequence[Address]
    subject: str
    text: str | None
    html: str | None
    attachments: Sequence[Attachment]
    headers: Sequence[tuple[str, str]]


def read(envelope: Envelope) -> Content:
    """What the envelope's bytes say, for its recipients.

    A recipient that stands in To or Cc is in `to` or `cc`, with the name it has there; everybody
    else is in `bcc`.
    """
    open_ = {address.lower(): address for address in envelope.recipients}
    to, cc = (
        [
            Address(box.name, open_.pop(box.address.lower()))
            for box in boxes
            if box.address.lower() in open_
        ]
        for boxes in _named(envelope)
    )
    bcc = [Address("", address) for address in sorted(open_.values())]
    return replace(_whole(envelope), to=to, cc=cc, bcc=bcc)


def visible(envelope: Envelope) -> set[str]:
    """Who stands in To and Cc, in lower case."""
    return {box.address.lower() for boxes in _named(envelope) for box in boxes}


def addressed(content: Content) -> tuple[Sequence[Address], Sequence[Address], Sequence[Address]]:
    """`to`, `cc` and `bcc` for a form that has to have somebody in `to`.

    Of those who are hidden only one may be there then, or the others would see that one.
    """
    if content.to:
        return content.to, content.cc, content.bcc
    if content.cc:
        return content.cc[:1], content.cc[1:], content.bcc
    return content.bcc, (), ()


def mailbox(box: Address) -> str:
    """`Ann <ann@example.com>`, quoted or encoded as RFC 5322 and RFC 2047 have it."""
    if not box.name:
        return box.address
    # an address beyond ASCII is not ours to encode
    return f"{formataddr((box.name, 'x')).removesuffix('<x>')}<{box.address}>"


def _named(envelope: Envelope) -> tuple[Sequence[Address], Sequence[Address]]:
    """Who stands in To and in Cc; read once."""
    made: tuple[Sequence[Address], Sequence[Address]] | None = envelope.made.get("named")
    if made is None:
        head: Message
        try:
            head = BytesHeaderParser(policy=default).parsebytes(envelope.raw)
        except _PARSER_ERRORS:
            head = BytesHeaderParser(policy=compat32).parsebytes(envelope.raw)
        made = envelope.made["named"] = _addresses(head, "To"), _addresses(head, "Cc")
    return made


def _whole(envelope: Envelope) -> Content:
    """What the bytes say but for the recipients; read once."""
    made: Content | None = envelope.made.get("content")
    if made is None:
        try:
            made = _read(envelope, email.message_from_bytes(envelope.raw, policy=default))
        except _PARSER_ERRORS:  # the older parser understands less, and is never surprised
            made = _read(envelope, email.message_from_bytes(envelope.raw, policy=compat32))
        envelope.made["content"] = made
    return made


def _read(envelope: Envelope, message: Message) -> Content:
    sender = next(iter(_addresses(message, "From")), Address("", envelope.sender))
    parts = _Parts()
    parts.walk(message)
    return Content(
        sender,
        (),
        (),
        (),
        _addresses(message, "Reply-To"),
        _header(message, "Subject"),
        parts.text or (None if parts.html else " "),  # a form without any text is refused
        parts.html,
        parts.attachments,
        _further(message),
    )


class _Parts:
    """The parts of a message, each put where it belongs."""

    def __init__(self) -> None:
        self.text: str | None = None
        self.html: str | None = None
        self.attachments: list[Attachment] = []

    def walk(self, part: Message) -> None:
        """This part and all below it."""
        if part.get_content_maintype() == "multipart" and part.is_multipart():
            for below in part.get_payload():
                self.walk(below)  # type: ignore[arg-type]
        elif not self._is_body(part):
            self.attachments.append(_attachment(part, len(self.attachments) + 1))

    def _is_body(self, part: Message) -> bool:
        """Take the first plain text and the first HTML that are no attachments."""
        kind = part.get_content_type()
        if part.get_content_disposition() == "attachment" or _file_name(part):
            return False
        if kind == "text/plain" and self.text is None:
            self.text = _text(part)
        elif kind == "text/html" and self.html is None:
            self.html = _text(part)
        else:
            return False
        return True


def _text(part: Message) -> str:
    raw = part.get_payload(decode=True)
    content = raw if isinstance(raw, bytes) else b""
    try:
        text = content.decode(part.get_content_charset("utf-8"), "replace")
    except (LookupError, ValueError):
        text = content.decode("utf-8", "replace")
    return _unicode(re.sub(r"\r\n?", "\n", text).replace("\x00", "\ufffd"))


def _attachment(part: Message, place: int) -> Attachment:
    kind = part.get_content_type()
    if not _KIND.fullmatch(kind):
        kind = "application/octet-stream"
    name = _file_name(part) or f"attachment-{place}{_TYPES.guess_extension(kind) or ''}"
    cid = _header(part, "Content-ID").strip("<> ") or None
    inline = part.get_content_disposition() == "inline" or cid is not None
    if part.is_multipart():  # a message in the message
        content = b"".join(inner.as_bytes() for inner in _inner(part))
    else:
        raw = part.get_payload(decode=True)
        content = raw if isinstance(raw, bytes) else b""
    return Attachment(name, kind, content, cid, inline)


def _inner(part: Message) -> Iterator[Message]:
    for inner in part.get_payload():
        if isinstance(inner, Message):
            yield inner


def _file_name(part: Message) -> str:
    try:
        return _line(part.get_filename() or "")
    except _PARSER_ERRORS:
        return ""


def _addresses(message: Message, name: str) -> list[Address]:
    found: list[Address] = []
    try:
        headers: Sequence[Any] = message.get_all(name, [])
        for header in headers:
            found += [Address(_line(a.display_name), a.addr_spec) for a in header.addresses]
    except _PARSER_ERRORS:
        found = [Address(_decoded(n), a) for n, a in getaddresses(_raw(message, name))]
    return [Address(b.name, in_ascii(_unicode(b.address))) for b in found if "@" in b.address]


def _further(message: Message) -> list[tuple[str, str]]:
    """The headers that no field of a form is for; one that stands there twice is one line."""
    lines: dict[str, tuple[str, str]] = {}
    for name in dict.fromkeys(n.lower() for n in message.keys()):  # noqa: SIM118  not a dict
        if name in _OWN_FIELDS or name.startswith(("content-", "resent-")):
            continue
        shown = next(n for n in message.keys() if n.lower() == name)  # noqa: SIM118
        values = [value for value in _values(message, name) if value]
        if values and shown.isascii() and shown.isprintable():
            lines[name] = (shown, ", ".join(values))
    return list(lines.values())


def _header(message: Message, name: str) -> str:
    return next(iter(_values(message, name)), "")


def _values(message: Message, name: str) -> list[str]:
    try:
        return [_line(str(value)) for value in message.get_all(name, [])]
    except _PARSER_ERRORS:
        return [_decoded(value) for value in _raw(message, name)]


def _raw(message: Message, name: str) -> list[str]:
    return [str(v) for n, v in message.raw_items() if n.lower() == name.lower()]


def _decoded(value: Any) -> str:
    try:
        return _line(str(make_header(decode_header(str(value)))))
    except _PARSER_ERRORS:
        return _line(str(value))


def _line(text: str) -> str:
    """One line without control characters, valid Unicode."""
    shown = (
        " " if unicodedata.category(c) in _BREAKING and c != "\t" else c for c in _unicode(text)
    )
    return "".join(shown).strip()


def _unicode(text: str) -> str:
    """The text without halves of surrogate pairs; bytes kept in them are read as UTF-8."""
    try:
        return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
