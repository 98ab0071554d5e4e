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
from typing import Any, Final

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from holdfast.api.clocks import Clocks, hang_up
from holdfast.api.one_write import OneWrite
from holdfast.api.plain import MAX_HEAD, plain_length

_END: Final = re.compile(rb"\n\r?\n")


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
        self._deadline.watch(incomplete=not transport.is_closing())

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
        if self.transport.is_closing():
            return
        if self._unread:
            self._read_heads()
        self._watch()

    def _watch(self) -> None:
        if self._handed_over:
            return
        between = self.cycle is None or self.cycle.response_complete
        incomplete = self._body_left > 0 or (between and len(self._unread) > 0)
        self._deadline.watch(incomplete)
        self._crowd.waits(self, for_its_client=between or incomplete)
        if between and not incomplete:
            self._rest()

    def _is_idle(self) -> bool:
        return not self._body_left and not self._unread

    def _late(self) -> None:
        answered = self._body_left > 0 and self.cycle.response_started
        hang_up(self.transport, tell=not (answered or self._silent))

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
        self._crowd.leave(self)
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
        """Answer what cannot be understood, unless an answer has begun already."""
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
        self._crowd.waits(self, for_its_client=state in {h11.IDLE, h11.SEND_BODY})
        if state is h11.IDLE and not next_begun:
            self._rest()

    def _is_idle(self) -> bool:
        return self.conn.their_state is h11.IDLE and not self.conn.trailing_data[0]

    def _late(self) -> None:
        answered = self.conn.their_state is h11.SEND_BODY and self.cycle.response_started
        hang_up(self.transport, tell=not answered)
