"""The HTTP server under the application: uvicorn, with its parser chosen and its bounds set.

The parser is h11 whatever is installed. uvicorn would take httptools where it finds it, which is
twice as fast, but drops the body of a request that offers an upgrade (as Java's client and
`curl --http2` do on plain HTTP) and reads it as the next request, and keeps as many pipelined
requests as somebody cares to send: docs/decisions/0016.
"""

import contextlib
import socket
from collections.abc import Callable
from typing import Any, Final

import uvicorn

from holdfast.errors import ConfigError

MAX_HEAD: Final = 65_536
"""Bytes of request line and headers, and of a trailer."""
_GRACE_S: Final = 10


def server(application: Callable[..., Any]) -> uvicorn.Server:
    """A server for it, to be run with `serve([socket])`.

    `should_exit = True` ends it; requests have ten seconds to end in.
    """
    made = uvicorn.Server(
        uvicorn.Config(
            application, port=0, http="h11", ws="none", h11_max_incomplete_event_size=MAX_HEAD,
            log_config=None, lifespan="off", access_log=False, server_header=False,
            timeout_graceful_shutdown=_GRACE_S,
        )
    )  # fmt: skip
    # Signals are ours: uvicorn would raise them again at its end, and spoil the exit status.
    made.capture_signals = contextlib.nullcontext  # type: ignore[assignment, method-assign]
    return made


def listen(host: str, port: int) -> socket.socket:
    """An open port; who connects before the server is up waits in its backlog.

    Raises:
        ConfigError: it can not be listened on.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # asyncio turns Nagle's algorithm off only where the socket says that it is TCP; else an answer,
    # which is two writes, waits 40 ms for the client's acknowledgement
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as error:
        raise ConfigError(
            f"{host}:{port} can not be listened on: {error.strerror}. Is another one running? "
            "Choose another address with --http"
        ) from None
    listening.listen(1024)
    listening.setblocking(False)
    return listening
