"""A message for a server that takes 7 bits only, because it offers no 8BITMIME (RFC 6152, 3).

Its text parts are encoded as quoted-printable: what the message says stays the same, its bytes do
not. So nothing is done to what somebody has signed, and nothing if the library that takes the
message apart does not give back the same bytes when it puts it together again.
"""

import email
import quopri
from email.errors import MessageError
from email.message import Message
from email.policy import compat32
from typing import Final

from holdfast.channels.email.providers.smtp.wire import with_line_ends

_POLICY: Final = compat32.clone(linesep="\r\n", max_line_length=0)  # headers are not folded anew
_RAW: Final = {"", "7bit", "8bit", "binary"}
_SIGNED: Final = {
    "multipart/signed", "multipart/encrypted", "application/pkcs7-mime",
    "application/x-pkcs7-mime",
}  # fmt: skip
_SIGNATURES: Final = ("dkim-signature", "arc-message-signature")
_ERRORS: Final = (AttributeError, LookupError, TypeError, ValueError, MessageError, RecursionError)


def in_seven_bits(raw: bytes) -> bytes | None:
    """The message with a body of 7 bits, its headers as they are; None if that can not be had."""
    text = with_line_ends(raw)
    if _body(text).isascii():
        return raw
    try:
        message = email.message_from_bytes(text, policy=_POLICY)
        if message.as_bytes(policy=_POLICY) != text or any(map(_is_signed, message.walk())):
            return None
        for part in message.walk():
            _encode(part)
        if "MIME-Version" not in message:
            message["MIME-Version"] = "1.0"
        made = message.as_bytes(policy=_POLICY)
    except _ERRORS:  # what the parser raises on what nobody should write
        return None
    return made if _body(made).isascii() else None


def _body(text: bytes) -> bytes:
    return text.partition(b"\r\n\r\n")[2]


def _is_signed(part: Message) -> bool:
    return part.get_content_type() in _SIGNED or any(name in part for name in _SIGNATURES)


def _encode(part: Message) -> None:
    """A text with 8 bits; whatever else has 8 bits keeps them, and is found at the end."""
    encoding = str(part.get("Content-Transfer-Encoding", "")).strip().lower()
    if part.is_multipart():
        if encoding in {"8bit", "binary"}:
            part.replace_header("Content-Transfer-Encoding", "7bit")
        return
    content = part.get_payload(decode=True) if encoding in _RAW else None
    if not isinstance(content, bytes) or content.isascii() or part.get_content_maintype() != "text":
        return
    part.set_payload(quopri.encodestring(content).decode("ascii"))
    del part["Content-Transfer-Encoding"]
    part["Content-Transfer-Encoding"] = "quoted-printable"
