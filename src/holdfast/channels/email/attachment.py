"""Attachments: files that travel with an email, and images that its HTML shows.

What is said about a file ends up in a header, so it is checked like one. The bytes are only ever
encoded: nothing looks into them, and nothing is read from the network.
"""

import mimetypes
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from holdfast.channels.email.header import check_line
from holdfast.errors import InvalidInput

MOST = 100
LARGEST = 18 * 1024 * 1024  # in base64 the rest of the 25 MiB that a message may have
_LONGEST_NAME = 255  # bytes, as file systems have it
_WORD = r"[A-Za-z0-9!#$&^_.+-]{1,127}"
_TYPE = re.compile(
    rf"(?P<main>{_WORD})/(?P<sub>{_WORD})(?:;\s*charset=\"?(?P<charset>{_WORD})\"?)?"
)
_CONTENT_ID = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}(@[A-Za-z0-9.-]{1,64})?")
# as an HTML page shows one: src="cid:logo", url(cid:logo)
_SHOWN = re.compile(r"""(?:src\s*=\s*["']?|url\(\s*["']?)cid:([^"'\s>)]+)""", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that is sent with an email.

    Attributes:
        name: what the file is called, 1 to 255 bytes, no path.
        content: its bytes, at most 18 MiB; all of a message has at most 25 MiB in base64.
        type: its media type, such as application/pdf; guessed by the name unless given.
        inline: a content-id: the HTML shows it with <img src="cid:…">, and it is no file to save.
    """

    name: str
    content: bytes
    type: str | None = None
    inline: str | None = None

    @classmethod
    def from_path(
        cls,
        path: str | Path,
        *,
        name: str | None = None,
        type: str | None = None,  # noqa: A002  the field's word
        inline: str | None = None,
    ) -> "Attachment":
        """Read a file, now; what becomes of it later does not matter.

        Raises:
            InvalidInput: it cannot be read, or is larger than an attachment may be.
        """
        file = Path(path)
        try:
            size = file.stat().st_size
            content = file.read_bytes() if size <= LARGEST else b""
        except (OSError, ValueError) as error:
            why = getattr(error, "strerror", None) or str(error)
            raise InvalidInput(f"attachments: {file.name!r} cannot be read: {why}") from None
        if size > LARGEST:
            raise _too_large(file.name, size)
        return cls(name or file.name, content, type, inline)


@dataclass(frozen=True, slots=True)
class Checked:
    """An attachment that can be sent: its media type in two, and what its headers say."""

    name: str
    content: bytes
    main: str
    sub: str
    charset: str | None
    inline: str | None


def check_attachments(attachments: object, html: str | None) -> list[Checked]:
    """The attachments, if each of them can be sent and the HTML shows none that is not there.

    Raises:
        InvalidInput: the message names the attachment by its place and says why.
    """
    if not isinstance(attachments, Sequence) or isinstance(attachments, str | bytes):
        raise InvalidInput("attachments: a sequence of Attachment is needed")
    if len(attachments) > MOST:
        raise InvalidInput(f"attachments: {len(attachments)} are too many; at most {MOST}")
    checked = [_checked(f"attachments[{n}]", given) for n, given in enumerate(attachments)]
    ids = [each.inline for each in checked if each.inline is not None]
    if len(ids) > len(set(ids)):
        raise InvalidInput("attachments: two have the same content-id in inline")
    if ids and html is None:
        raise InvalidInput("attachments: one is inline, and there is no html that could show it")
    for shown in _SHOWN.findall(html or ""):
        if shown not in ids:
            raise InvalidInput(
                f"html: it shows cid:{shown[:60]}, and no attachment has inline={shown[:60]!r}"
            )
    return checked


def _checked(where: str, given: object) -> Checked:
    if not isinstance(given, Attachment):
        raise InvalidInput(f"{where}: an Attachment is needed, not {type(given).__name__}")
    name = check_line(f"{where}.name", given.name)
    if not name.strip() or len(name.encode()) > _LONGEST_NAME:
        raise InvalidInput(f"{where}.name: 1 to {_LONGEST_NAME} bytes are needed")
    if name.strip() in {".", ".."} or "/" in name or "\\" in name:
        raise InvalidInput(f"{where}.name: the name of a file is needed, not a path")
    if not isinstance(given.content, bytes | bytearray | memoryview):
        raise InvalidInput(
            f"{where}.content: bytes are needed, not {type(given.content).__name__}; "
            "Attachment.from_path reads a file"
        )
    content = bytes(given.content)
    if len(content) > LARGEST:
        raise _too_large(name, len(content))
    main, sub, charset = _media_type(where, given.type, name)
    if given.inline is not None and not (
        isinstance(given.inline, str) and _CONTENT_ID.fullmatch(given.inline)
    ):
        raise InvalidInput(
            f"{where}.inline: a content-id is letters, digits and .-_ , such as logo or logo@shop"
        )
    return Checked(name, content, main, sub, charset, given.inline)


def _media_type(where: str, given: object, name: str) -> tuple[str, str, str | None]:
    if given is None:
        guessed, encoding = mimetypes.guess_type(name)
        # a packed file is not of the type of what is in it, and a message cannot be in base64
        unclear = guessed is None or encoding or guessed.startswith(("message/", "multipart/"))
        given = "application/octet-stream" if unclear else guessed
    found = _TYPE.fullmatch(given) if isinstance(given, str) else None
    if found is None:
        raise InvalidInput(f"{where}.type: a media type is needed, such as application/pdf")
    if found["main"].lower() in {"multipart", "message"}:
        raise InvalidInput(
            f"{where}.type: {found['main']} cannot be attached; use application/octet-stream"
        )
    return found["main"].lower(), found["sub"].lower(), found["charset"]


def _too_large(name: str, size: int) -> InvalidInput:
    return InvalidInput(
        f"attachments: {name!r} has {size} bytes; at most {LARGEST} (18 MiB) are taken. "
        "Send a link to it"
    )
