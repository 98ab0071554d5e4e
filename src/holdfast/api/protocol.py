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
"""Seconds a request has to arrive in, from its first byte; a new connection, to its first; and an
answer, to be taken."""

# One way through for every input: each part ends at a character that it can not contain.
_PLAIN: Final = re.compile(
    rb"(?:GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS) /(?!/)[\w\-.~%!$&'()*+,;=:@/?]*+ HTTP/1\.1\r\n"
    rb"(?:[\w!#$%&'*+\-.^`|~]++:[\t\x20-\x7e\x80-\xff]*+\r\n)++\r\n",
    re.ASCII,
)
_END: Final = re.compile(rb"\n\r?\n")
_BLANK_AT_END: Final = re.compile(rb"[\t ]\r")
_DECISIVE: Final = re.compile(
    # llhttp takes Proxy-Connection for Connection
    rb"\n(host|content-length|(?:proxy-)?connection|upgrade|expect|transfer-encoding):"
    rb"[\t ]*([^\r]*)",
    re.IGNORECASE,
)
_LENGTH: Final = re.compile(rb"[0-9]{1,15}")
_MOST_HELD: Final = 65_536
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
    """Hangs up on who does not get to the end of a request, or does not take the answer."""

    def __init__(self, late: Callable[[], None]) -> None:
        self._late = late
        self._timer: asyncio.TimerHandle | None = None

    def watch(self, incomplete: bool) -> None:
        """Say whether what is waited for is under way and not yet whole."""
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
        self._held = bytearray()

    def write(self, data: bytes) -> None:
        """It leaves with what follows it, or by itself when nothing does."""
        if not self._held and data:
            asyncio.get_running_loop().call_soon(self.flush)
        self._held += data
        if len(self._held) > _MOST_HELD:
            self.flush()  # and pauses whoever writes, if nobody reads

    def flush(self) -> None:
        """What is held leaves now."""
        held, self._held = self._held, bytearray()
        if held:
            self._transport.write(held)

    def close(self) -> None:
        """Close after what is held has left, and after a minute though it has not."""
        self.flush()
        if not self._transport.is_closing():
            self._transport.close()
            if self._transport.get_write_buffer_size():
                asyncio.get_running_loop().call_later(REQUEST_S, self._transport.abort)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)


class Clocks(asyncio.Protocol):
    """What both ways to read a connection have: unless a handler works, some clock runs."""

    transport: Any
    loop: asyncio.AbstractEventLoop
    timeout_keep_alive: int
    timeout_keep_alive_task: asyncio.TimerHandle | None
    timeout_keep_alive_handler: Callable[[], None]
    _unset_keepalive_if_required: Callable[[], None]

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._deadline = Deadline(self._late)
        self._untaken = Deadline(self._abort)

    def _late(self) -> None:
        raise NotImplementedError

    def _abort(self) -> None:
        self.transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection is gone, and with it what was not read."""
        self._stop_clocks()
        super().connection_lost(exc)

    def eof_received(self) -> None:
        """Who says no more is not waited for longer than others to take what is left."""
        self.transport.close()

    def pause_writing(self) -> None:
        """The other side does not take its answers."""
        super().pause_writing()
        self._untaken.watch(incomplete=True)

    def resume_writing(self) -> None:
        """It has taken them."""
        super().resume_writing()
        self._untaken.watch(incomplete=False)

    def _stop_clocks(self) -> None:
        self._unset_keepalive_if_required()
        self._deadline.watch(incomplete=False)
        self._untaken.watch(incomplete=False)

    def _rest(self) -> None:
        """Nothing is under way; uvicorn's own clock was stopped by a body that came late."""
        if self.timeout_keep_alive_task is None and not self.transport.is_closing():
            self.timeout_keep_alive_task = self.loop.call_later(
                self.timeout_keep_alive, self.timeout_keep_alive_handler
            )


class Protocol(Clocks, HttpToolsProtocol):
    """A connection from its beginning, and as long as what comes is plain."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._made_with = arguments, options
        self._unread = bytearray()
        self._searched = 0
        self._body_left = 0
        self._silent = True
        self._handed_over = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Somebody has connected; the minute begins."""
        super().connection_made(transport)
        self._out = OneWrite(transport)
        self.transport = self._out
        self._deadline.watch(incomplete=True)

    def data_received(self, data: bytes) -> None:
        """Some bytes: of the body under way, of the next head, or of both."""
        if self._silent:
            self._silent = False
            self._deadline.watch(incomplete=False)  # the request's own minute begins
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
        if self._handed_over:
            return
        between = self.cycle is None or self.cycle.response_complete
        incomplete = self._body_left > 0 or (between and len(self._unread) > 0)
        self._deadline.watch(incomplete)
        if between and not incomplete:
            self._rest()

    def _late(self) -> None:
        answered = self._body_left > 0 and self.cycle.response_started
        _hang_up(self.transport, tell=not (answered or self._silent))

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
        self._handed_over = True
        self._stop_clocks()
        self.flow.resume_reading()
        self.connections.discard(self)
        unread = bytes(self._unread)
        self._unread.clear()
        arguments, options = self._made_with
        protocol = AnyRequests(*arguments, **options)
        protocol.connection_made(self.transport)
        self.transport.set_protocol(protocol)
        if self.flow.write_paused:
            protocol.pause_writing()  # the transport says so only once
        protocol.data_received(unread)


class AnyRequests(Clocks, H11Protocol):
    """A connection on which something came that is not plain."""

    def data_received(self, data: bytes) -> None:
        """Some bytes, for h11 to make sense of."""
        super().data_received(data)
        self._watch()

    def on_response_complete(self) -> None:
        """One request is answered; h11 has looked for the next one."""
        super().on_response_complete()
        self._watch()

    def send_400_response(self, msg: str) -> None:
        """Answer what can not be understood, unless an answer has begun already."""
        try:
            super().send_400_response(msg)
        except h11.LocalProtocolError:  # also after the head, where the request was HEAD
            self.transport.close()

    def shutdown(self) -> None:
        """The server ends; h11 does not want to hear it of a connection that is closing."""
        if not self.transport.is_closing():
            super().shutdown()

    def _watch(self) -> None:
        state = self.conn.their_state
        next_begun = state is h11.IDLE and len(self.conn.trailing_data[0]) > 0
        if next_begun:
            self._unset_keepalive_if_required()
        self._deadline.watch(state is h11.SEND_BODY or next_begun)
        if state is h11.IDLE and not next_begun:
            self._rest()

    def _late(self) -> None:
        answered = self.conn.their_state is h11.SEND_BODY and self.cycle.response_started
        _hang_up(self.transport, tell=not answered)
