"""A message in a form that its way can carry: in 7 bits, in lines of at most 998 bytes.

A server without 8BITMIME takes 7 bits only (RFC 6152, 3). A longer line is refused by some servers
and broken in two by others (RFC 5322, 2.1.1). So texts become quoted-printable, other parts base64,
and lines of the header are folded where there is a space: what the message says stays the same, its
bytes do not. So nothing is done to what somebody has signed, and nothing if the library that takes
the message apart does not give back the same bytes when it puts it together again.
"""

import email
import quopri
import re
from base64 import encodebytes
from collections.abc import Callable
from email.errors import MessageError
from email.message import Message
from email.policy import Compat32
from typing import Any, Final

from holdfast.channels.email.providers.wire import with_line_ends

LONGEST_LINE: Final = 998
_COLUMNS: Final = 76
_RAW: Final = {"", "7bit", "8bit", "binary"}
_SIGNED: Final = {
    "multipart/signed", "multipart/encrypted", "application/pkcs7-mime",
    "application/x-pkcs7-mime",
}  # fmt: skip
_SIGNATURES: Final = ("dkim-signature", "arc-message-signature")
_ERRORS: Final = (AttributeError, LookupError, TypeError, ValueError, MessageError, RecursionError)


class _AsItIs(Compat32):
    """Gives headers back as they came: their spaces, their folds, their 8 bits."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        """All behind the colon."""
        name, _, value = "".join(sourcelines).partition(":")
        return name, value.rstrip("\r\n")

    def header_store_parse(self, name: str, value: str) -> tuple[str, str]:
        """One of ours."""
        return name, f" {value}"

    def header_fetch_parse(self, name: str, value: str) -> Any:
        """As it is read by those who ask."""
        return super().header_fetch_parse(name, value.lstrip(" \t"))

    def fold_binary(self, name: str, value: str) -> bytes:
        """Not folded anew."""
        return f"{name}:{value}\r\n".encode("ascii", "surrogateescape")


_POLICY: Final = _AsItIs(linesep="\r\n")


def in_seven_bits(raw: bytes) -> bytes | None:
    """The message with a body of 7 bits, its headers as they are; None if that cannot be had."""
    text = with_line_ends(raw)
    if _body(text).isascii():
        return raw
    made = _made_of(text, _without_eight_bits)
    return made if made is not None and _body(made).isascii() else None


def has_long_line(raw: bytes) -> bool:
    """Whether a line has more than 998 bytes."""
    start = 0
    while len(raw) - start > LONGEST_LINE:
        full = start + LONGEST_LINE
        end = raw.rfind(b"\n", start, full + 1)
        if end < 0 and raw[full : full + 2] != b"\r\n":
            return True
        start = full + 2 if end < 0 else end + 1
    return False


def in_short_lines(raw: bytes) -> bytes:
    """The message without such lines; as it is where that cannot be had."""
    if not has_long_line(raw):
        return raw
    text = with_line_ends(raw)
    if not has_long_line(text):  # there were others than CR LF
        return raw
    head = b"" if text.startswith(b"\r\n") else text.partition(b"\r\n\r\n")[0]
    folded = b"\r\n".join(map(_folded, head.split(b"\r\n")))
    made = _made_of(folded + text[len(head) :], _shortened)
    return raw if made is None else made


def _made_of(text: bytes, encode: Callable[[Message], bool]) -> bytes | None:
    """The message with all its parts encoded; None if it may or cannot be changed."""
    try:
        message = email.message_from_bytes(text, policy=_POLICY)
        if message.as_bytes(policy=_POLICY) != text or any(map(_is_signed, message.walk())):
            return None
        changed = [encode(part) for part in message.walk()]
        if any(changed) and "MIME-Version" not in message:
            message["MIME-Version"] = "1.0"
        return message.as_bytes(policy=_POLICY)
    except _ERRORS:  # what the parser raises on what nobody should write
        return None


def _body(text: bytes) -> bytes:
    return text.partition(b"\r\n\r\n")[2]


def _is_signed(part: Message) -> bool:
    return part.get_content_type() in _SIGNED or any(name in part for name in _SIGNATURES)


def _without_eight_bits(part: Message) -> bool:
    """A text with 8 bits; whatever else has 8 bits keeps them, and is found at the end."""
    encoding = _encoding(part)
    if part.is_multipart() and encoding in {"8bit", "binary"}:
        part.replace_header("Content-Transfer-Encoding", "7bit")
    content = part.get_payload(decode=True) if encoding in _RAW else None
    if not isinstance(content, bytes) or content.isascii() or not _is_text(part):
        return False
    return _set(part, "quoted-printable", quopri.encodestring(content))


def _shortened(part: Message) -> bool:
    """A part with a long line, whatever it is."""
    payload = None if part.is_multipart() else part.get_payload()
    if not isinstance(payload, str) or not has_long_line(_bytes(payload)):
        return False
    encoding, content = _encoding(part), part.get_payload(decode=True)
    if encoding == "base64":
        letters = re.sub(rb"\s", b"", _bytes(payload))  # not decoded: it need not be valid
        lines = [letters[at : at + _COLUMNS] for at in range(0, len(letters), _COLUMNS)]
        return _set(part, encoding, b"\r\n".join([*lines, b""]))
    if not isinstance(content, bytes) or encoding not in {*_RAW, "quoted-printable"}:
        return False
    if _is_text(part) or encoding == "quoted-printable":
        return _set(part, "quoted-printable", quopri.encodestring(content))
    if part.get_content_maintype() == "message":  # which is never encoded (RFC 2046, 5.2)
        return False
    return _set(part, "base64", encodebytes(content).replace(b"\n", b"\r\n"))


def _folded(line: bytes) -> bytes:
    """A line of the header, broken before spaces."""
    lines, start = [], 0
    while len(line) - start > LONGEST_LINE:
        end = start + LONGEST_LINE
        at = max(line.rfind(b" ", start + 1, end), line.rfind(b"\t", start + 1, end))
        if at < 0 or line[start:at].isspace():
            break
        lines.append(line[start:at])
        start = at
    return b"\r\n".join([*lines, line[start:]])


def _set(part: Message, encoding: str, content: bytes) -> bool:
    part.set_payload(content.decode("ascii"))
    del part["Content-Transfer-Encoding"]
    part["Content-Transfer-Encoding"] = encoding
    return True


def _encoding(part: Message) -> str:
    return str(part.get("Content-Transfer-Encoding", "")).strip().lower()


def _is_text(part: Message) -> bool:
    return part.get_content_maintype() == "text"


def _bytes(payload: str) -> bytes:
    return payload.encode("utf-8", "surrogateescape")
