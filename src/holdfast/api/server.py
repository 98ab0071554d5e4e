"""The HTTP server under the application: uvicorn, with bounds on what comes around a body.

The parser keeps what it has read of a request's head and of a chunked body's trailer, however long
they become; a sender that never ends one would take all memory. The body itself is the
application's to bound, and is not counted here.
"""

import contextlib
from collections.abc import Callable
from typing import Any, Final

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

MAX_HEAD: Final = 65_536
"""Bytes of request line and headers, and of everything around a body's content."""

_PER_CONTENT: Final = 6
"""A chunk of one byte is six on the line: `1 CR LF x CR LF`."""
_TOO_LARGE: Final = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\n"
    b"content-type: application/json\r\nconnection: close\r\ncontent-length: 47\r\n\r\n"
    b'{"error": "the headers are larger than 64 KiB"}'
)


def server(application: Callable[..., Any], *, grace_s: int = 10) -> uvicorn.Server:
    """A server for it, to be run with `serve([socket])`; `should_exit = True` ends it.

    grace_s: seconds that requests have to end in when it is told to stop.
    """
    made = uvicorn.Server(
        uvicorn.Config(
            application, port=0, http=BoundedHttp, log_config=None, lifespan="off",
            access_log=False, server_header=False, timeout_graceful_shutdown=grace_s,
        )
    )  # fmt: skip
    # Signals are ours: uvicorn would raise them again at its end, and spoil the exit status.
    made.capture_signals = contextlib.nullcontext  # type: ignore[assignment, method-assign]
    return made


class BoundedHttp(HttpToolsProtocol):
    """uvicorn's protocol on llhttp, the parser of Node.js."""

    _around = 0
    _in_head = True

    def data_received(self, data: bytes) -> None:
        """Read on, unless what is around the content has become too much."""
        self._around += len(data)
        super().data_received(data)
        if self._around > MAX_HEAD and not self.transport.is_closing():
            self.transport.write(_TOO_LARGE)
            self.transport.close()

    def on_message_begin(self) -> None:
        """Another request on this connection."""
        self._in_head = True
        super().on_message_begin()

    def on_header(self, name: bytes, value: bytes) -> None:
        """Keep a header; a trailer is none, since it comes after the decisions."""
        if self._in_head:
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """The body begins."""
        self._in_head = False
        self._around = 0
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """What is content is not around it."""
        self._around -= _PER_CONTENT * len(body)
        super().on_body(body)

    def on_message_complete(self) -> None:
        """Nothing is read of the next one yet."""
        self._around = 0
        super().on_message_complete()
