"""The parts of a message: text, HTML with its images, attachments, and the bytes they become.

    multipart/mixed            only with attachments
      multipart/alternative    only with text and HTML
        text/plain
        multipart/related      only with images that the HTML shows
          text/html
          image/png, inline
      application/pdf, attached

While the message is put together, a mark stands where the base64 of each attachment belongs: the
library never has to carry the bytes around. Then small ones are put in, and large ones are left
out: they are files, which the database has once, however many emails they travel with.
"""

import re
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from email.message import EmailMessage, MIMEPart
from email.policy import EmailPolicy
from hashlib import sha256
from secrets import token_hex

from holdfast.channels.email.attachment import Checked
from holdfast.channels.email.header import SIMPLE_NAME

FILE_FROM = 16 * 1024  # from this size on an attachment is a file of its own
_LINE = 57  # bytes; 76 characters in base64


@dataclass(frozen=True, slots=True)
class File:
    """A large attachment that was left out of a message: its base64 belongs before byte `place`."""

    place: int
    data: bytes

    @property
    def hash(self) -> bytes:
        """What the file is known by: SHA-256 of its bytes."""
        return sha256(self.data).digest()


class Body:
    """The content of a message while it is put together."""

    def __init__(
        self, text: str | None, html: str | None, attached: Sequence[Checked], policy: EmailPolicy
    ) -> None:
        self._policy = policy
        self._mark = f"attachment-{token_hex(16)}-"
        self._attached = attached
        self.message = EmailMessage(policy=policy)
        shown = [part for part in enumerate(attached) if part[1].inline is not None]
        files = [part for part in enumerate(attached) if part[1].inline is None]
        if text is not None:
            self.message.set_content(text)
            if html is not None:
                self.message.add_alternative(html, subtype="html")
        elif html is not None:
            self.message.set_content(html, subtype="html")
        if shown:
            self._relate(self.message.get_body(("html",)), shown)
        if files:
            self.message.make_mixed()
            for number, part in files:
                self.message.attach(self._part(number, part))

    def cut(self, raw: bytes) -> tuple[bytes, tuple[File, ...]]:
        """The bytes with small attachments put in, and the files that were left out."""
        if not self._attached:
            return raw, ()
        pieces: list[bytes] = []
        files: list[File] = []
        size = 0
        end = 0
        for mark in re.finditer(re.escape(self._mark.encode()) + rb"([0-9]+)-", raw):
            piece = raw[end : mark.start()]
            content = self._attached[int(mark[1])].content
            if len(content) < FILE_FROM:
                piece += base64(content)
            size += len(piece)
            pieces.append(piece)
            end = mark.end()
            if len(content) >= FILE_FROM:
                files.append(File(size, content))
        return b"".join([*pieces, raw[end:]]), tuple(files)

    def _relate(self, html: MIMEPart | None, shown: Sequence[tuple[int, Checked]]) -> None:
        if html is None:
            return
        html.make_related()
        html.set_param("type", "text/html")  # RFC 2387 asks for it
        for number, part in shown:
            html.attach(self._part(number, part))

    def _part(self, number: int, attached: Checked) -> EmailMessage:
        part = EmailMessage(policy=self._policy)
        charset = {"charset": attached.charset} if attached.charset else {}
        part.add_header("Content-Type", f"{attached.main}/{attached.sub}", **charset)
        part.add_header("Content-Transfer-Encoding", "base64")
        kind = "attachment" if attached.inline is None else "inline"
        simple = SIMPLE_NAME.fullmatch(attached.name)
        name = attached.name if simple else ("utf-8", "", attached.name)
        part.add_header("Content-Disposition", kind, filename=name)
        if attached.inline is not None:
            part.add_header("Content-ID", f"<{attached.inline}>")
        part.set_payload(f"{self._mark}{number}-")
        return part


def base64(content: bytes) -> bytes:
    """As it stands in a message: lines of 76 characters; nothing after the last one.

    The database puts a message together with exactly these lines (`email_bytes`).
    """
    return b"\r\n".join(
        b64encode(content[start : start + _LINE]) for start in range(0, len(content), _LINE)
    )


def whole(raw: bytes, files: Sequence[File]) -> bytes:
    """The message with its files in it again: what is sent."""
    pieces: list[bytes] = []
    end = 0
    for file in files:
        pieces += [raw[end : file.place], base64(file.data)]
        end = file.place
    return b"".join([*pieces, raw[end:]])


def size_in_base64(size: int) -> int:
    """How many bytes that many bytes become."""
    characters = (size + 2) // 3 * 4
    return characters + 2 * ((size - 1) // _LINE) if size else 0
