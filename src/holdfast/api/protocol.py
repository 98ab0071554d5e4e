"""How a connection speaks HTTP: a plain request is read by httptools, any other by h11.

httptools (llhttp, the parser of Node.js) costs a third of h11, and what a webhook's sender writes
is nearly always plain: HTTP/1.1, a path, one Host, at most one Content-Length. But uvicorn's
protocol on it loses the body of a request that offers an upgrade, and has no bounds of its own
(docs/decisions/0016). So a head is collected here until it is whole, and judged before any of it is
parsed. If it is plain, exactly its bytes and those of its body are given to httptools, and nothing
of the next request before this one is answered. At the first head that is not, the connection goes
to h11 for good, with all that has come and is not read: whatever is unusual or wrong is answered by
h11 as ever.
"""

import asyncio
import re
from collections.abc import Callable
from typing import Any, Final

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

MAX_HEAD: Final = 65_536
"""Bytes of request line and headers, and of a trailer."""
REQUEST_S: Final = 60.0
"""Seconds a request has to arrive in, from its first byte; a new connection, to its first."""

# One way through for every input: each part ends at a character that it can not contain.
_PLAIN: Final = re.compile(
    rb"(?:GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS) /(?!/)[\w\-.~%!$&'()*+,;=:@/?]*+ HTTP/1\.1\r\n"
    rb"(?:[\w!#$%&'*+\-.^`|~]++:[\t\x20-\x7e\x80-\xff]*+\r\n)++\r\n",
    re.ASCII,
)
_END: Final = re.compile(rb"\n\r?\n")
_BLANK_AT_END: Final = re.compile(rb"[\t ]\r")
_DECISIVE: Final = re.compile(
    rb"\n(host|content-length|connection|upgrade|expect|transfer-encoding):[\t ]*([^\r]*)",
    re.IGNORECASE,
)
_LENGTH: Final = re.compile(rb"[0-9]{1,15}")
_LATE: Final = b"HTTP/1.1 408 Request Timeout\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"


def plain_length(head: bytes) -> int | None:
    """How many bytes of body follow a whole head that is plain; None: it is not plain.

    Plain is what no two servers read differently, and what needs nothing but an answer.
    """
    if len(head) > MAX_HEAD or _PLAIN.fullmatch(head) is None or _BLANK_AT_END.search(head):
        return None
    length = b"0"
    seen: set[bytes] = set()
    for written, value in _DECISIVE.findall(head):
        name = written.lower()
        if name in seen:
            return None
        seen.add(name)
        if name == b"content-length":
            length = value
        elif name == b"connection":
            if value.lower() not in (b"keep-alive", b"close"):
                return None
        elif name != b"host":
            return None
    return int(length) if b"host" in seen and _LENGTH.fullmatch(length) else None


class Deadline:
    """Hangs up on who does not get to the end of a request."""

    def __init__(self, late: Callable[[], None]) -> None:
        self._late = late
        self._timer: asyncio.TimerHandle | None = None

    def watch(self, incomplete: bool) -> None:
        """Say after each read whether a request is under way and not yet whole."""
        if not incomplete:
            if self._timer is not None:
                self._timer.cancel()
                self._timer = None
        elif self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(REQUEST_S, self._late)


def _hang_up(transport: asyncio.Transport, *, tell: bool) -> None:
    if not transport.is_closing():
        if tell:
            transport.write(_LATE)
        transport.close()


class OneWrite:
    """A transport that holds back what is written until the end of this step of the event loop.

    uvicorn writes the head of an answer and its body apart: two system calls, and two packets that
    wake the other side twice.
    """

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self._held = b""

    def write(self, data: bytes) -> None:
        """It leaves with what follows it, or by itself when nothing does."""
        if not self._held and data:
            asyncio.get_running_loop().call_soon(self.flush)
        self._held += data

    def flush(self) -> None:
        """What is held leaves now."""
        held, self._held = self._held, b""
        if held:
            self._transport.write(held)

    def close(self) -> None:
        """Close after what is held has left."""
        self.flush()
        self._transport.close()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)


class Protocol(HttpToolsProtocol):
    """A connection from its beginning, and as long as what comes is plain."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._made_with = arguments, options
        self._unread = bytearray()
        self._searched = 0
        self._body_left = 0
        self._deadline = Deadline(self._late)

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Somebody has connected; the minute begins."""
        super().connection_made(transport)
        self._out = OneWrite(transport)
        self.transport = self._out  # type: ignore[assignment]
        self._deadline.watch(incomplete=True)

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection is gone, and with it what was not read."""
        self._deadline.watch(incomplete=False)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Some bytes: of the body under way, of the next head, or of both."""
        if self._body_left:
            data = self._read_body(data)
        if data:
            self._unread += data
            self._read_heads()
        self._watch()

    def on_response_complete(self) -> None:
        """One request is answered; the next one, which may be here already, is read."""
        self._out.flush()
        super().on_response_complete()
        if self._unread and not self.transport.is_closing():
            self._read_heads()
            self._watch()

    def _watch(self) -> None:
        between = self.cycle is None or self.cycle.response_complete
        self._deadline.watch(self._body_left > 0 or (between and len(self._unread) > 0))

    def _late(self) -> None:
        answered = self._body_left > 0 and self.cycle.response_started
        silent = not self._unread and not self._body_left
        _hang_up(self.transport, tell=not (answered or silent))

    def _read_heads(self) -> None:
        """All requests that are here, until one has to be answered or is not whole."""
        while self._unread and not self.transport.is_closing():
            if self.cycle is not None and not self.cycle.response_complete:
                self.flow.pause_reading()
                return
            end = _END.search(self._unread, self._searched)
            if end is None and self._may_become_plain():
                self._searched = max(len(self._unread) - 2, 0)
                self._unset_keepalive_if_required()
                return
            head = bytes(self._unread[: end.end()]) if end else b""
            length = plain_length(head)
            if length is None:
                self._hand_over()
                return
            rest = bytes(self._unread[len(head) :])
            self._unread.clear()
            self._searched, self._body_left = 0, length
            self._parse(head)
            self._unread += self._read_body(rest) if length else rest

    def _may_become_plain(self) -> bool:
        return self._unread[:1].isupper() and len(self._unread) <= MAX_HEAD

    def _read_body(self, data: bytes) -> bytes:
        """What belongs to the body goes to the parser; what is left comes back."""
        body, rest = data[: self._body_left], data[self._body_left :]
        self._body_left -= len(body)
        self._parse(body)
        return rest

    def _parse(self, data: bytes) -> None:
        if data and not self.transport.is_closing():
            super().data_received(data)

    def _hand_over(self) -> None:
        self._unset_keepalive_if_required()
        self._deadline.watch(incomplete=False)
        self.flow.resume_reading()
        self.connections.discard(self)
        unread = bytes(self._unread)
        self._unread.clear()
        arguments, options = self._made_with
        protocol = AnyRequests(*arguments, **options)
        protocol.connection_made(self.transport)
        self.transport.set_protocol(protocol)
        protocol.data_received(unread)


class AnyRequests(H11Protocol):
    """A connection on which something came that is not plain."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._deadline = Deadline(self._late)

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection is gone, and with it what was not read."""
        self._deadline.watch(incomplete=False)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Some bytes, for h11 to make sense of."""
        super().data_received(data)
        self._watch()

    def on_response_complete(self) -> None:
        """One request is answered; h11 has looked for the next one."""
        super().on_response_complete()
        self._watch()

    def _watch(self) -> None:
        state = self.conn.their_state
        next_begun = state is h11.IDLE and len(self.conn.trailing_data[0]) > 0
        if next_begun:
            self._unset_keepalive_if_required()
        self._deadline.watch(state is h11.SEND_BODY or next_begun)

    def _late(self) -> None:
        answered = self.conn.their_state is h11.SEND_BODY and self.cycle.response_started
        _hang_up(self.transport, tell=not answered)
