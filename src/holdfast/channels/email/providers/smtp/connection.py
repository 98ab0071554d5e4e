"""A connection: what is written, the replies in their order, and whether it is still there."""

import asyncio
import ssl
from collections import deque
from typing import cast

from holdfast.channels.email.providers.smtp.reply import Malformed, Replies, Reply


class Lost(ConnectionError):
    """The connection is gone, or what came over it was no SMTP."""


class Connection(asyncio.Protocol):
    """One connection; used by one task at a time.

    Nothing is buffered on our side once `written` returns: then the network has it.
    """

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._transport: asyncio.WriteTransport | None = None
        self._replies = Replies()
        self._arrived: deque[Reply] = deque()
        self._waiter: asyncio.Future[None] | None = None
        self._lost: Exception | None = None
        self._full = False

    # ---------------------------------------------------------------- for the session

    @property
    def is_quiet(self) -> bool:
        """Open, and nothing has come that nobody asked for."""
        return self._lost is None and not self._arrived and self._replies.is_between

    @property
    def is_encrypted(self) -> bool:
        """Whether TLS is on."""
        transport = self._transport
        return transport is not None and transport.get_extra_info("ssl_object") is not None

    @property
    def has_reply(self) -> bool:
        """A reply is there, or none will come: waiting is pointless."""
        return bool(self._arrived) or self._lost is not None

    def write(self, data: bytes) -> None:
        """Send; returns at once. On a lost connection the next reply says so."""
        if self._transport is not None and self._lost is None:
            self._transport.write(data)

    async def reply(self) -> Reply:
        """The next reply.

        Raises:
            Lost: it will not come.
        """
        while not self._arrived:
            if self._lost is not None:
                raise Lost(str(self._lost) or type(self._lost).__name__) from self._lost
            await self._something()
        return self._arrived.popleft()

    async def written(self) -> bool:
        """Wait until all is out. False if a reply came first, or the connection was lost."""
        while self._full and not self.has_reply:
            await self._something()
        return not self._full and self._lost is None

    async def encrypt(self, context: ssl.SSLContext, host: str) -> None:
        """TLS from here on. What was said before it and not asked for is an attack.

        Raises:
            Lost: there was something, or the connection broke.
            ssl.SSLError: the handshake failed, or the certificate is not good.
        """
        if not self.is_quiet or self._transport is None:
            raise Lost("the server, or somebody on the way, said more than one thing to STARTTLS")
        transport = await self._loop.start_tls(self._transport, self, context, server_hostname=host)
        if transport is None:
            raise Lost("the connection was closed during the TLS handshake")
        self.connection_made(transport)

    def close(self) -> None:
        """Say goodbye without waiting for the answer."""
        self.write(b"QUIT\r\n")
        if self._transport is not None:
            self._transport.close()

    def abort(self) -> None:
        """Leave at once: in the middle of a message no goodbye may be part of it."""
        if self._transport is not None:
            self._transport.abort()

    # ---------------------------------------------------------------- what asyncio calls

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Connected, or encrypted."""
        self._transport = cast(asyncio.WriteTransport, transport)
        # what is encrypted pauses at its limit, all else above it: at 0 it would be paused for ever
        self._transport.set_write_buffer_limits(high=1 if self.is_encrypted else 0)

    def data_received(self, data: bytes) -> None:
        """Something came."""
        try:
            self._arrived.extend(self._replies.feed(data))
        except Malformed as error:
            self._lost = error
            self.abort()
        self._wake()

    def connection_lost(self, exc: Exception | None) -> None:
        """It is over."""
        self._lost = self._lost or exc or ConnectionError("the server closed the connection")
        self._wake()

    def pause_writing(self) -> None:
        """The network takes no more for now."""
        self._full = True

    def resume_writing(self) -> None:
        """All is out."""
        self._full = False
        self._wake()

    # ---------------------------------------------------------------- inside

    async def _something(self) -> None:
        self._waiter = self._loop.create_future()
        try:
            await self._waiter
        finally:
            self._waiter = None

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)
