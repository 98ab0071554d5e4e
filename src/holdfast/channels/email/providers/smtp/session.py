"""From the connection to the first MAIL: greeting, EHLO, STARTTLS, AUTH.

What fails here says nothing about a message: it is about the server and us.
"""

import asyncio
import functools
import socket
import ssl
from typing import Self

from holdfast.channels.email.providers.smtp.answer import Stopped, refused_us
from holdfast.channels.email.providers.smtp.connection import Connection, Lost
from holdfast.channels.email.providers.smtp.login import log_in
from holdfast.channels.email.providers.smtp.reply import Reply
from holdfast.channels.email.providers.smtp.server import SmtpServer
from holdfast.policy.answers import CREDENTIALS_AFTER
from holdfast.policy.verdict import Snooze

_GREETING = "our connection"
_GOOD = range(200, 300)
_RESET_S = 5.0
_NEXT_S = 0.25  # an address that does not answer has the next one beside it (RFC 8305, 8)
_NO_STARTTLS = (
    "the server offers no STARTTLS, or somebody on the way removed the offer; nothing was sent. "
    "If it really speaks no TLS: ?starttls=never in its URL"
)
_NO_TLS = (
    "TLS failed: the server does not begin with TLS. If it offers STARTTLS, as on port 587: "
    "smtp:// instead of smtps:// in its URL"
)
_MUTE = (
    "; a server that begins with TLS, as on port 465, waits for us: smtps:// instead of smtp:// "
    "in its URL"
)
_IN_THE_CLEAR = (
    "the connection is not encrypted, and a password does not cross a network in the clear; "
    "use ?starttls=required or smtps:// in its URL"
)


class Session:
    """A connection that mail can be sent on.

    Attributes:
        step: what is being done, for people to read.
        used: how many messages were begun on it.
        refusals: how often it was refused something since somebody last got a message.
        is_clean: no message is half said; else RESET has to come first.
        is_greeted: the server has taken the connection.
    """

    def __init__(self, server: SmtpServer, context: ssl.SSLContext) -> None:
        self.step = "connecting"
        self.used = self.refusals = 0
        self.is_clean = True
        self.is_greeted = False
        self.connection = Connection()
        self._server = server
        self._context = context
        self._offers: dict[str, str] = {}

    async def open(self) -> Self:
        """Connect and log in.

        Raises:
            Stopped: the server does not want us, or would have us speak in the clear.
            OSError: the connection failed; `step` says where.
        """
        await self._connect()
        self.step = _GREETING
        greeting = await self.connection.reply()
        if greeting.code not in _GOOD:
            raise refused_us(self.step, greeting)
        self.is_greeted = True
        await self._greet()
        await self._encrypt()
        await self._log_in()
        return self

    def silence(self, seconds: float) -> str:
        """What it says that nothing came for so long, and what may be the matter."""
        is_mute = self.step == _GREETING and self._server.tls != "implicit"
        return f"no answer to {self.step} within {seconds:g} s{_MUTE if is_mute else ''}"

    def offers(self, extension: str) -> str | None:
        """What the server said after the name of an extension, in lower case; None: not offered."""
        return self._offers.get(extension)

    async def ask(self, step: str, command: str) -> Reply:
        """One command and its reply."""
        self.step = step
        self.connection.write(f"{command}\r\n".encode())
        return await self.connection.reply()

    async def reset(self) -> bool:
        """Forget the message that is half said. False: the connection is of no use any more."""
        try:
            async with asyncio.timeout(_RESET_S):
                reply = await self.ask("RSET", "RSET")
        except (TimeoutError, Lost):
            return False
        self.is_clean = reply.code in _GOOD
        return self.is_clean

    def abort(self) -> None:
        """Leave at once."""
        self.connection.abort()

    # ---------------------------------------------------------------- inside

    async def _connect(self) -> None:
        tls = self._context if self._server.tls == "implicit" else None
        try:
            await asyncio.get_running_loop().create_connection(
                lambda: self.connection, self._server.host, self._server.port, ssl=tls,
                server_hostname=self._server.host if tls else None, happy_eyeballs_delay=_NEXT_S,
            )  # fmt: skip
        except ssl.SSLError as error:
            if error.reason != "WRONG_VERSION_NUMBER":
                raise
            raise Stopped(Snooze(_NO_TLS, CREDENTIALS_AFTER, outage=True)) from None

    async def _greet(self) -> None:
        """EHLO; HELO for servers that have never heard of it, which then offer nothing."""
        name = self._server.ehlo or await asyncio.to_thread(_own_name)
        reply = await self.ask("EHLO", f"EHLO {name}")
        self._offers = {}
        if reply.code in _GOOD:
            for line in reply.text.split("\n")[1:]:
                extension, _, parameters = line.partition(" ")
                self._offers[extension.lower()] = parameters.strip().lower()
            return
        if reply.code in {500, 501, 502, 504} and self._server.tls in {"never", "optional"}:
            reply = await self.ask("HELO", f"HELO {name}")
        if reply.code not in _GOOD:
            raise refused_us(self.step, reply)

    async def _encrypt(self) -> None:
        if self._server.tls in {"implicit", "never"}:
            return
        if self.offers("starttls") is None:
            if self._server.tls == "optional":
                return
            raise Stopped(Snooze(_NO_STARTTLS, CREDENTIALS_AFTER, outage=True))
        reply = await self.ask("STARTTLS", "STARTTLS")
        if reply.code not in _GOOD:
            raise refused_us("STARTTLS", reply)
        await self.connection.encrypt(self._context, self._server.host)
        await self._greet()

    async def _log_in(self) -> None:
        if self._server.username is None:
            return
        if not (self._server.is_loopback or self.connection.is_encrypted):
            raise Stopped(Snooze(_IN_THE_CLEAR, CREDENTIALS_AFTER, outage=True))
        self.step = "AUTH"
        ways = (self.offers("auth") or "").split()
        await log_in(self._server, ways, functools.partial(self.ask, "AUTH"))


@functools.cache
def _own_name() -> str:
    """Our name for EHLO; strict servers ask for a whole domain or an address in brackets."""
    name = socket.getfqdn()
    return name if "." in name and name.isascii() else "[127.0.0.1]"
