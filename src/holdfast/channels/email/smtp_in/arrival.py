"""A message that came in: what it lacks is put before it, and Bcc is taken out.

So is a first line `From …`, which is that of a mailbox file and no header; with it all headers
would be text. Nothing else of it is rewritten. Who gets a blind copy is in the envelope; a header
shows it to all.
"""

import email.utils
import re
from datetime import UTC, datetime
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import Message
from email.parser import BytesHeaderParser
from email.policy import compat32
from uuid import uuid4

from holdfast.channels.email.address import in_ascii
from holdfast.channels.email.store import Rendered

_HEAD_END = re.compile(rb"\r\n\r\n|\n\n|\r\r")
_FIELD = re.compile(rb"[!-9;-~]+[ \t]*:")
_MAILBOX_LINE = re.compile(rb">?From [^\r\n]*(?:\r\n|\r|\n)(?=[!-9;-~]+[ \t]*:)")
_BLIND = re.compile(
    rb"(?i)(?<![^\r\n])(?:resent-)?bcc[ \t]*:[^\r\n]*"
    rb"(?:(?:\r\n|\r|\n)[ \t][^\r\n]*)*(?:\r\n|\r|\n|\Z)"
)
_LONGEST = 500
_DOMAIN = re.compile(r"[A-Za-z0-9.-]{1,253}")
_NO_DOMAIN = "holdfast.local"


def complete(
    content: bytes, sender: str, recipients: tuple[str, ...], *, now: datetime | None = None
) -> Rendered:
    """Add Message-ID and Date if they are missing. Never raises: content may be anything.

    Domains beyond ASCII are put into ASCII, in the envelope alone.
    """
    sender, recipients = in_ascii(sender), tuple(map(in_ascii, recipients))
    if line := _MAILBOX_LINE.match(content):
        content = content[line.end() :]
    has_head = _FIELD.match(content) is not None
    end = _HEAD_END.search(content)
    length = end.start() + len(end[0]) // 2 if end else len(content)
    head = content[:length]
    if has_head and (seen := _BLIND.sub(b"", head)) != head:
        content, head = seen + content[length:], seen
    headers = BytesHeaderParser(policy=compat32).parsebytes(head if has_head else b"")
    message_id = _message_id(headers)
    added = []
    if message_id is None:
        domain = _DOMAIN.fullmatch(sender.rpartition("@")[2])
        message_id = f"<{uuid4()}@{domain[0] if domain else _NO_DOMAIN}>"
        added.append(f"Message-ID: {message_id}\r\n")
    if headers["Date"] is None:
        added.append(f"Date: {email.utils.format_datetime(now or datetime.now(UTC))}\r\n")
    if added and not has_head and not content.startswith((b"\r\n", b"\n")):
        added.append("\r\n")  # it is all body
    raw = "".join(added).encode() + content
    return Rendered(sender, recipients, message_id, _subject(headers), raw)


def _message_id(headers: Message) -> str | None:
    value = headers["Message-ID"]
    text = "".join(c for c in str(value) if "!" <= c <= "~") if value is not None else ""
    return text[:_LONGEST] or None


def _subject(headers: Message) -> str | None:
    """As people read it; best effort."""
    found = (text for name, text in headers.raw_items() if name.lower() == "subject")
    value: str | None = next(found, None)
    if value is None:
        return None
    try:
        value = value.encode("utf-8", "surrogateescape").decode()  # as it is with SMTPUTF8
    except UnicodeDecodeError:
        value = str(headers["Subject"])
    try:
        text = str(make_header(decode_header(value)))
    except (HeaderParseError, LookupError, ValueError):
        text = str(value)
    text = "".join(c if c.isprintable() else " " for c in text)
    return " ".join(text.split())[:_LONGEST]
