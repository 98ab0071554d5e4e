"""The bytes of one client: lines and messages come in, answers go out.

Commands may come many at a time (PIPELINING, RFC 2920); their answers are gathered and leave
together, at the latest when the next thing has to be waited for. What is kept of a client in memory
is bounded: reading stops while nobody takes what was read.
"""

import asyncio
import ssl
from collections.abc import Callable
from typing import Any, cast

_FULL = 262_144
_END = b"\r\n.\r\n"
_HANDSHAKE_S = 30.0


class Gone(Exception):
    """The client hung up, or is too slow: `late` says which."""

    def __init__(self, *, late: bool = False) -> None:
        super().__init__()
        self.late = late


class LineTooLong(Exception):
    """It was read to its end and forgotten."""


class NotKept(Exception):
    """A message was read to its end and forgotten: it is too big, or there is `no_room` for it."""

    def __init__(self, *, no_room: bool = False) -> None:
        super().__init__()
        self.no_room = no_room


class Wire(asyncio.Protocol):
    """One connection. `opened(wire)` is called when it is made, `lost` when it is no more.

    `peer` is the address of the client; unless given, it is whoever is at the other end.
    """

    def __init__(self, opened: Callable[["Wire"], None], peer: str | None = None) -> None:
        self._loop = asyncio.get_running_loop()
        self._opened = opened
        self._buffer = bytearray()
        self._answers: list[bytes] = []
        self._waiter: asyncio.Future[None] | None = None
        self._writable: asyncio.Future[None] | None = None
        self._ended = False
        self._transport: asyncio.Transport
        self.lost: Callable[[], object] = lambda: None
        self.peer = peer or ""
        self.is_secure = False

    # ---------------------------------------------------------------- called by the event loop

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        self._transport = cast("asyncio.Transport", transport)
        self.peer = self.peer or str((transport.get_extra_info("peername") or ("",))[0])
        self._opened(self)

    def data_received(self, data: bytes) -> None:
        """Keep it until it is asked for."""
        self._buffer += data
        if len(self._buffer) >= _FULL:
            self._transport.pause_reading()
        self._wake()

    def eof_received(self) -> bool:
        """What was said until here is still answered; TLS has no half of a connection."""
        self._ended = True
        self._wake()
        return not self.is_secure

    def connection_lost(self, _error: Exception | None) -> None:
        """Nothing can be read or said any more."""
        self._ended = True
        self._wake()
        self.resume_writing()
        self.lost()

    def pause_writing(self) -> None:
        """The client does not take our answers."""
        self._writable = self._writable or self._loop.create_future()

    def resume_writing(self) -> None:
        """It does again."""
        writable, self._writable = self._writable, None
        if writable is not None and not writable.done():
            writable.set_result(None)

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    # ---------------------------------------------------------------- reading

    async def line(self, longest: int, patience_s: float) -> bytes:
        """The next line, without its end.

        Raises:
            Gone: there is none, or it is not here after `patience_s`, all of it.
            LineTooLong: it has more than so many bytes.
        """
        looked, overlong = 0, False
        until = self._loop.time() + patience_s
        while (end := self._buffer.find(b"\n", looked)) < 0:
            if len(self._buffer) > longest:
                self._buffer.clear()
                overlong = True
            looked = len(self._buffer)
            await self._more(until - self._loop.time())
        line = bytes(self._buffer[:end])
        del self._buffer[: end + 1]
        if overlong or len(line) > longest:
            raise LineTooLong
        return line.rstrip(b"\r")

    async def content(
        self, largest: int, patience_s: float, until: float, hold: Callable[[int], bool]
    ) -> bytes:
        """The message up to the line that is a dot.

        Only CR LF ends a line here. A lone CR or LF before a dot ends nothing: that is how mail is
        smuggled in behind another one. `hold(bytes)` is asked for the memory.

        Raises:
            NotKept: it has more than `largest` bytes, or `hold` refused.
            Gone: it takes longer than `patience_s` to go on, or is not here when the loop's clock
                is at `until`.
        """
        # As if the line before had just ended, so that the first line is none of its own kind.
        self._buffer[:0] = b"\r\n"
        bound = largest + largest // 3  # dots before dots come on top
        looked, refused = 0, None
        while (end := self._buffer.find(_END, looked)) < 0:
            if refused is None and len(self._buffer) > bound:
                refused = NotKept()
            elif refused is None and not hold(len(self._buffer)):
                refused = NotKept(no_room=True)
            if refused is not None:
                del self._buffer[: -len(_END)]
            looked = max(0, len(self._buffer) - len(_END) + 1)
            await self._more(min(patience_s, until - self._loop.time()))
        content = bytes(self._buffer[: end + 2]).replace(b"\r\n.", b"\r\n")[2:]
        del self._buffer[: end + len(_END)]
        if refused is not None or len(content) > largest:
            raise refused or NotKept
        return content

    async def _more(self, patience_s: float) -> None:
        """Wait until there is more to read than before."""
        await self.flush(patience_s)
        if self._ended:
            raise Gone
        if not self._transport.is_reading():
            self._transport.resume_reading()
        self._waiter = self._loop.create_future()
        await self._within(self._waiter, patience_s)

    async def _within(self, future: "asyncio.Future[None]", patience_s: float) -> None:
        """Wait, but not for ever."""
        timer = self._loop.call_later(max(0.0, patience_s), _give_up, future)
        try:
            await future
        finally:
            timer.cancel()

    # ---------------------------------------------------------------- answering

    def say(self, *lines: str) -> None:
        """Answer; it leaves with the next `flush`, or when something is waited for."""
        self._answers += [line.encode("utf-8", "replace") for line in lines]

    async def flush(self, patience_s: float) -> None:
        """Send what was said; waits while the client does not take it."""
        if self._answers and not self._transport.is_closing():
            self._answers.append(b"")
            self._transport.write(b"\r\n".join(self._answers))
        self._answers = []
        if self._writable is not None:
            await self._within(self._writable, patience_s)

    @property
    def has_more(self) -> bool:
        """Whether the client said something that was not taken yet."""
        return bool(self._buffer)

    async def encrypt(self, context: ssl.SSLContext) -> None:
        """From here on TLS. What was said before must have been taken: see `has_more`.

        Raises:
            Gone: there was no agreement.
        """
        if self._answers:
            self._transport.write(b"\r\n".join([*self._answers, b""]))
            self._answers = []
        self.is_secure = True
        try:
            secure: Any = await self._loop.start_tls(
                self._transport, self, context, server_side=True,
                ssl_handshake_timeout=_HANDSHAKE_S,
            )  # fmt: skip
        except (OSError, ssl.SSLError) as error:
            raise Gone from error
        if secure is None:  # it hung up in the middle
            raise Gone
        self._transport = secure

    def close(self) -> None:
        """Send what was said, and hang up."""
        if not self._transport.is_closing():
            if self._answers:
                self._transport.write(b"\r\n".join([*self._answers, b""]))
                self._answers = []
            self._transport.close()

    def abort(self) -> None:
        """Hang up at once."""
        self._transport.abort()


def _give_up(future: "asyncio.Future[None]") -> None:
    if not future.done():
        future.set_exception(Gone(late=True))
