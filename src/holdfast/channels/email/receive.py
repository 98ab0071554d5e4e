"""Mail comes in by SMTP: any program that can send mail is queued, unchanged.

    MAIL, RCPT ──► the envelope        refused at once if an address can not be one
    DATA       ──► email_send          250 only after the commit

Nothing is answered with 250 that is not stored. A database that is away is 451: whoever speaks SMTP
keeps the mail and comes again. There is no password yet, so only this machine can reach it.
"""

import asyncio
import logging
import re
import socket
import weakref
from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session

from holdfast import log
from holdfast.channel import Server, Services
from holdfast.channels.email.arrival import complete
from holdfast.channels.email.message import LARGEST, MOST_RECIPIENTS
from holdfast.channels.email.settings import EmailSettings, listen_address
from holdfast.channels.email.store import store
from holdfast.database import Database
from holdfast.errors import DatabaseUnavailable, Refused
from holdfast.settings import read

_SMTP_LISTENING = log.Event(
    "smtp.listening", logging.INFO, "SMTP-in takes mail here.", host=str, port=int
)
_SMTP_ODD_LINE = log.Event(
    "smtp.odd_line", logging.WARNING, "A line was not SMTP; it was refused.", error_type=str
)
_SMTP_CLOSED_IN_A_HURRY = log.Event(
    "smtp.closed_in_a_hurry",
    logging.WARNING,
    "Senders were cut off at the end; what they had no 250 for, they send again.",
)
_SMTP_FAILED = log.Event(
    "smtp.failed", logging.ERROR, "A mail could not be stored; its sender was told to come again."
)
_ADDRESS = re.compile(r"[^\x00-\x20\x7f<>]+@[^\x00-\x20\x7f<>@]+")
_LONGEST_ADDRESS = 320
_LONGEST_LINE = 65_536  # kept in memory at a time; a message may have longer ones
_STORING = 4  # at the same time, so that a flood of mail leaves connections for everybody else
_GRACE_S = 5.0
_PATIENCE_S = 300.0
_END = b".\r\n"


def servers(services: Services) -> Sequence[Server]:
    """SMTP-in, where the settings say."""
    listen = read(EmailSettings).smtp_listen
    return [Server("smtp", listen, partial(open_server, services.database))]


@asynccontextmanager
async def open_server(database: Database, address: str) -> AsyncIterator[None]:
    """Listen on `host:port` until it is left; mail that is being stored is stored to its end.

    Raises:
        ConfigError: the address is malformed, or others than this machine could reach it.
        OSError: the port is taken.
    """
    host, port = listen_address(address)
    async with listening(database, host, port):
        yield


@asynccontextmanager
async def listening(database: Database, host: str, port: int) -> AsyncIterator[asyncio.Server]:
    """The same, and tells where; port 0 takes a free one."""
    receiver = Receiver(database)
    server = await asyncio.get_running_loop().create_server(receiver.protocol, host, port)
    _SMTP_LISTENING(host=host, port=server.sockets[0].getsockname()[1])
    try:
        yield server
    finally:
        server.close()
        await receiver.close()


class Receiver:
    """What happens to the mail of all connections; the hooks are called by aiosmtpd."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._slots = asyncio.Semaphore(_STORING)
        self._connections: weakref.WeakSet[Connection] = weakref.WeakSet()
        self._name = socket.gethostname()
        self._closing = False

    def protocol(self) -> "Connection":
        """A new connection."""
        connection = Connection(
            self, data_size_limit=LARGEST, enable_SMTPUTF8=True, decode_data=False,
            hostname=self._name, ident="holdfast", timeout=_PATIENCE_S,
            loop=asyncio.get_running_loop(),
        )  # fmt: skip
        self._connections.add(connection)
        return connection

    async def close(self) -> None:
        """Let what is being stored be stored, then hang up."""
        self._closing = True
        try:
            async with asyncio.timeout(_GRACE_S):
                for _ in range(_STORING):
                    await self._slots.acquire()
        except TimeoutError:
            _SMTP_CLOSED_IN_A_HURRY()
        for connection in list(self._connections):
            if connection.transport is not None:
                connection.transport.close()

    # ---------------------------------------------------------------- hooks

    async def handle_MAIL(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """The sender; <> is that of a bounce."""
        if address != "<>" and not _is_address(address):
            return "553 5.1.7 this is no address: local@domain is needed"
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 2.1.0 Ok"

    async def handle_RCPT(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """One recipient."""
        if not _is_address(address):
            return "553 5.1.3 this is no address: local@domain is needed"
        if len(envelope.rcpt_tos) >= MOST_RECIPIENTS:
            return f"452 4.5.3 too many recipients: at most {MOST_RECIPIENTS} share a message"
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 2.1.5 Ok"

    async def handle_DATA(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        """The message: the answer is the promise."""
        if self._closing:
            return "421 4.3.2 shutting down; come again"
        try:
            return f"250 2.0.0 Ok: queued as {await self._store(envelope)}"
        except DatabaseUnavailable:
            return "451 4.3.0 it can not be stored at the moment; come again"
        except Refused as error:
            return f"554 5.6.0 {_one_line(str(error))}"
        except Exception as error:  # noqa: BLE001
            # Of an error that we do not know we can not say that the mail is to blame.
            _SMTP_FAILED(error)
            return "451 4.3.0 it could not be stored; come again"

    async def handle_exception(self, error: Exception) -> str:
        """A line that even the parser stumbled over."""
        _SMTP_ODD_LINE(error_type=type(error).__name__)
        return "500 5.5.2 this line was not understood"

    # ---------------------------------------------------------------- inside

    async def _store(self, envelope: Envelope) -> str:
        sender = "" if envelope.mail_from == "<>" else str(envelope.mail_from)
        message = complete(envelope.original_content or b"", sender, tuple(envelope.rcpt_tos))
        async with self._slots:
            receipt = await self._database.run(store(message, {"source": "smtp-in"}))
        return str(receipt.id)


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


def _is_address(address: str) -> bool:
    fits = len(address.encode("utf-8", "replace")) <= _LONGEST_ADDRESS
    return fits and _ADDRESS.fullmatch(address) is not None and _is_unicode(address)


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _one_line(text: str) -> str:
    return "".join(c if c.isascii() and c.isprintable() else "?" for c in text)[:400]
