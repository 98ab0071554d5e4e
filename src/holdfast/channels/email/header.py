"""Header lines: which names and values may stand in them, and how they are folded.

The standard library refuses line breaks in values but not in names, where a line break and `Bcc`
would forge a recipient; so names are held to the grammar of RFC 5322 here, and texts to one line.
"""

import re
import unicodedata
from base64 import b64encode
from collections.abc import Mapping, Sequence
from email.headerregistry import Address, HeaderRegistry
from email.policy import SMTP, EmailPolicy
from typing import Any
from urllib.parse import quote

from holdfast.errors import InvalidInput

_NAME = re.compile(r"[!-9;-~]{1,76}")  # ftext of RFC 5322: printable ASCII, no space, no colon
_OURS = {
    "from", "sender", "to", "cc", "bcc", "reply-to", "subject", "date", "message-id",
    "mime-version", "return-path", "received",
}  # fmt: skip
_ADDRESSES = {
    "disposition-notification-to", "errors-to", "mail-followup-to", "mail-reply-to",
    "return-receipt-to", "x-confirm-reading-to",
}  # fmt: skip
_MOST = 100
_LONGEST_VALUE = 8000
_MOST_IN_ALL = 32_768
_LONGEST_WORD = 900  # a line has at most 998 characters, and the name needs some of them
_NEXT = ",\r\n "
_COLUMNS = 76
_WORD_BYTES = 42  # in base64 an encoded word of 68 characters, beside the name of its header
_ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]+")
_SPEC = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+@[A-Za-z0-9.-]+"
_BOX = re.compile(
    r'(?:(?:\s*"(?P<quoted>(?:[^"\\]|\\.)*)"\s*|(?P<plain>[^"<>,;:@()\[\]\\]*))'
    rf"<(?P<named>{_SPEC})>|\s*(?P<bare>{_SPEC}))\s*(?:,|\Z)"
)
SIMPLE_NAME = re.compile(r"[A-Za-z0-9._-]+( [A-Za-z0-9._-]+)*")  # of a file, in quotes
_WIDE = SMTP.clone(max_line_length=990)


def check_line(what: str, text: object) -> str:
    """The text, if it is valid Unicode without line breaks and control characters.

    Raises:
        InvalidInput: it is not; the message names the character, never the text.
    """
    if not isinstance(text, str):
        raise InvalidInput(f"{what}: text is needed, not {type(text).__name__}")
    for character in text:
        if character == "\t" or character.isprintable():
            continue
        if unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp"}:
            raise InvalidInput(
                f"{what}: the character U+{ord(character):04X} cannot be used here: "
                "line breaks, control characters and half surrogates are refused"
            )
    return text


def check_headers(headers: object) -> list[tuple[str, str]]:
    """The extra headers, if each of them may be set.

    Raises:
        InvalidInput: a name is malformed or belongs to a field of Email, or a value is unusable.
    """
    if not isinstance(headers, Mapping):
        raise InvalidInput(f"headers: a mapping of names and values, not {type(headers).__name__}")
    if len(headers) > _MOST:
        raise InvalidInput(f"headers: {len(headers)} are too many; at most {_MOST}")
    checked = [_checked(name, value) for name, value in headers.items()]
    if sum(len(value) for _, value in checked) > _MOST_IN_ALL:
        raise InvalidInput(f"headers: at most {_MOST_IN_ALL} characters in all of them together")
    return checked


def _checked(name: object, value: object) -> tuple[str, str]:
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise InvalidInput(
            "headers: a name is 1 to 76 printable ASCII characters without space and colon"
        )
    if name.lower() in _OURS or name.lower().startswith(("content-", "resent-")):
        raise InvalidInput(
            f"headers: {name} is not set here; Email has a field for it, or makes it"
        )
    text = check_line(f"headers[{name}]", value).strip()
    if len(text) > _LONGEST_VALUE:
        raise InvalidInput(f"headers[{name}]: at most {_LONGEST_VALUE} characters")
    if any(len(word) > _LONGEST_WORD for word in text.split()):
        raise InvalidInput(
            f"headers[{name}]: a word of more than {_LONGEST_WORD} characters fits in no line"
        )
    return name, text


class _Boxes(str):
    """A header of addresses that are known: the library would read them out of their text again."""

    name: str
    addresses: Sequence[Address]

    __slots__ = ("addresses", "name")


class Kinds(HeaderRegistry):
    """The classes of headers. The library makes a new one for each header of each message."""

    def __init__(self) -> None:
        super().__init__()
        self._made: dict[type, type] = {}

    def __getitem__(self, name: str) -> type:
        kind = self.registry.get(name.lower(), self.default_class)
        if kind not in self._made:
            self._made[kind] = super().__getitem__(name)
        return self._made[kind]


class Folding(EmailPolicy):
    """Folds headers so that they say the same afterwards, where the standard library does not.

    It may encode the comma between two addresses, which makes one recipient of them, drop a space
    between two encoded words, and encode a word that is longer than a line: but an encoded URL in
    List-Unsubscribe is no URL any more.
    """

    def header_store_parse(self, name: str, value: Any) -> tuple[str, Any]:
        """One header, as the message keeps it."""
        if not isinstance(value, list):
            return super().header_store_parse(name, value)
        boxes = _Boxes(", ".join(_shown(box) for box in value))
        boxes.name, boxes.addresses = name, value
        return name, boxes

    def fold_binary(self, name: str, value: Any) -> bytes:
        """One header, ready for the wire."""
        boxes: Sequence[Address] = getattr(value, "addresses", ())
        if name.lower() in _ADDRESSES and not str(value).isascii():
            boxes = _boxes(str(value))
        if boxes:
            return f"{name}: {_NEXT.join(_shown(box) for box in boxes)}\r\n".encode()
        if name.lower() == "content-disposition":
            return f"{name}: {_disposition(value)}\r\n".encode("ascii")
        text = str(value)
        if not (text.isascii() and text.replace("\t", " ").isprintable()):
            return f"{name}: {_encoded(text)}\r\n".encode()
        if text and len(f"{name}: {text}") <= _COLUMNS:
            return f"{name}: {text}\r\n".encode("ascii")  # as the library has it, at a tenth
        if any(len(word) > _COLUMNS - len(name) for word in text.split()):
            return _WIDE.fold_binary(name, value)
        return super().fold_binary(name, value)


def _boxes(text: str) -> list[Address]:
    """The mailboxes that a header of one's own names; none if it holds anything else.

    The library knows no addresses in these headers, and its reader of them fails on what is none.
    """
    found: list[Address] = []
    at = 0
    while at < len(text):
        box = _BOX.match(text, at)
        if box is None:
            return []
        name = re.sub(r"\\(.)", r"\1", box["quoted"] or "") or (box["plain"] or "").strip()
        local, _, domain = (box["named"] or box["bare"]).rpartition("@")
        found.append(Address(" ".join(name.split()), local, domain))
        at = box.end()
    return found


def _disposition(value: Any) -> str:
    """With the name of the file in one piece: divided among lines it would gain spaces."""
    name = value.params.get("filename")
    if name is None:
        return str(value)
    if SIMPLE_NAME.fullmatch(name):
        return f'{value.content_disposition}; filename="{name}"'
    return f"{value.content_disposition}; filename*=utf-8''{quote(name, safe='')}"


def _shown(box: Address) -> str:
    """`Ann <ann@example.com>`; one to a line, so nothing has to be folded between two."""
    if not box.display_name:
        return box.addr_spec
    if not box.display_name.isascii():
        return f"{_encoded(box.display_name)} <{box.addr_spec}>"
    if _ATOMS.fullmatch(box.display_name):
        return f"{box.display_name} <{box.addr_spec}>"
    quoted = box.display_name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{quoted}" <{box.addr_spec}>'


def _encoded(text: str) -> str:
    """Encoded words (RFC 2047), each with whole characters and short enough for its line."""
    words = [""]
    for character in text:
        if len((words[-1] + character).encode()) > _WORD_BYTES:
            words.append("")
        words[-1] += character
    return "\r\n ".join(f"=?utf-8?b?{b64encode(word.encode()).decode()}?=" for word in words)
