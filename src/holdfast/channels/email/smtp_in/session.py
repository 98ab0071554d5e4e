"""One client of SMTP-in. Reads the message by itself: unchanged, of any length, in bounded memory."""

import asyncio
from collections import defaultdict
from typing import Any

from aiosmtpd.smtp import SMTP

from holdfast.channels.email.message import LARGEST

_LONGEST_LINE = 65_536  # kept in memory at a time; a message may have longer ones
_END = b".\r\n"


class Connection(SMTP):
    """One client. Reads the message by itself: unchanged, of any line length, in bounded memory."""

    line_length_limit = _LONGEST_LINE

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        # the library shares this between all connections and forgets it with each new one
        self.command_size_limits = defaultdict(lambda: self.command_size_limit)
        super().__init__(*args, **kwargs)

    async def smtp_DATA(self, arg: str | None) -> None:  # noqa: N802
        """Take the message up to the line that is a dot, and give the answer."""
        if await self.check_helo_needed():
            return
        if self.envelope is None or not self.envelope.rcpt_tos:
            await self.push("503 5.5.1 Error: need RCPT command")
            return
        if arg:
            await self.push("501 5.5.4 Syntax: DATA")
            return
        await self.push("354 End data with <CR><LF>.<CR><LF>")
        content = await self._content()
        if content is None:
            status = f"552 5.3.4 the message is too big; at most {LARGEST} bytes are taken"
        else:
            self.envelope.content = self.envelope.original_content = content
            status = await self._call_handler_hook("DATA")
        self.envelope = self._create_envelope()
        await self.push(status)

    async def _content(self) -> bytes | None:
        """The message without the dots that were put before dots; None if it is too big.

        Only CR LF ends a line here. A lone CR or LF before a dot ends nothing: that is how mail is
        smuggled in behind another one.
        """
        content = bytearray()
        size, at_line_start = 0, True
        while True:
            part = await self._part()
            if at_line_start and part == _END:
                return bytes(content) if size <= LARGEST else None
            if at_line_start and part.startswith(b"."):
                part = part[1:]
            at_line_start = part.endswith(b"\r\n")
            size += len(part)
            if size <= LARGEST:
                content += part
            else:
                content.clear()

    async def _part(self) -> bytes:
        """A line, or as much of a long one as is there."""
        self._reset_timeout()
        try:
            return await self._reader.readuntil(b"\r\n")
        except asyncio.LimitOverrunError as error:
            return await self._reader.readexactly(error.consumed)
