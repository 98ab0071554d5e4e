"""From the connection to the first MAIL: EHLO, STARTTLS, AUTH."""

import asyncio
import functools
import socket
import ssl
from collections.abc import Awaitable

from aiosmtplib import SMTP, SMTPException, SMTPResponseException, SMTPServerDisconnected

from holdfast.channels.email.providers.answer import Stopped, refused_us, told
from holdfast.channels.email.settings import SmtpServer
from holdfast.policy.answers import CREDENTIALS_AFTER
from holdfast.policy.verdict import Snooze

_NO_STARTTLS = (
    "the server offers no STARTTLS, or somebody on the way removed the offer; nothing was sent. "
    "If it really speaks no TLS: ?starttls=never in HOLDFAST_SMTP_URL"
)
_IN_THE_CLEAR = (
    "the connection is not encrypted, and a password does not cross a network in the clear; "
    "use ?starttls=required or smtps:// in HOLDFAST_SMTP_URL"
)


class Session:
    """A connection to a server. `step` is what is being done, for people to read."""

    def __init__(self, server: SmtpServer, context: ssl.SSLContext) -> None:
        self.step = "connecting"
        self.client = SMTP(
            hostname=server.host,
            port=server.port,
            timeout=None,  # the attempt as a whole has one
            use_tls=server.tls == "implicit",
            start_tls=False,
            tls_context=context,
        )
        self._server = server
        self._context = context

    async def open(self) -> None:
        """Connect and log in. Raises Stopped, or what aiosmtplib raises."""
        self.client.local_hostname = await asyncio.to_thread(_own_name)
        await self._do("connecting", self.client.connect())
        await self._do("EHLO", self.client.ehlo())
        await self._encrypt()
        await self._log_in()

    async def _encrypt(self) -> None:
        if self._server.tls in {"implicit", "never"}:
            return
        if not self.client.supports_extension("starttls"):
            if self._server.tls == "optional":
                return
            raise Stopped(Snooze(_NO_STARTTLS, CREDENTIALS_AFTER, outage=True))
        await self._do("STARTTLS", self.client.starttls(tls_context=self._context))
        await self._do("EHLO", self.client.ehlo())

    async def _log_in(self) -> None:
        username, password = self._server.username, self._server.password
        if username is None or password is None:
            return
        if not (self._server.is_loopback or self.client.get_transport_info("sslcontext")):
            raise Stopped(Snooze(_IN_THE_CLEAR, CREDENTIALS_AFTER, outage=True))
        try:
            await self._do("AUTH", self.client.login(username, password.get_secret_value()))
        except SMTPServerDisconnected:
            raise
        except SMTPException as error:  # it offers no way to log in that we know
            because = f"AUTH failed: {told(error)}"
            raise Stopped(Snooze(because, CREDENTIALS_AFTER, outage=True)) from None

    async def _do(self, step: str, doing: Awaitable[object]) -> None:
        self.step = step
        try:
            await doing
        except SMTPResponseException as error:
            raise refused_us(step, error) from None


@functools.cache
def _own_name() -> str:
    """Our name for EHLO; strict servers ask for a whole domain or an address in brackets."""
    name = socket.getfqdn()
    return name if "." in name and name.isascii() else "[127.0.0.1]"
