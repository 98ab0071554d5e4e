"""The HTTP server under the application: uvicorn, with its parser chosen and its bounds set.

The parser is h11 whatever is installed. uvicorn would take httptools where it finds it, which is
twice as fast, but drops the body of a request that offers an upgrade (as Java's client and
`curl --http2` do on plain HTTP) and reads it as the next request, and keeps as many pipelined
requests as somebody cares to send: docs/decisions/0016.
"""

import contextlib
from collections.abc import Callable
from typing import Any, Final

import uvicorn

MAX_HEAD: Final = 65_536
"""Bytes of request line and headers, and of a trailer."""


def server(application: Callable[..., Any], *, grace_s: int = 10) -> uvicorn.Server:
    """A server for it, to be run with `serve([socket])`; `should_exit = True` ends it.

    grace_s: seconds that requests have to end in when it is told to stop.
    """
    made = uvicorn.Server(
        uvicorn.Config(
            application, port=0, http="h11", ws="none", h11_max_incomplete_event_size=MAX_HEAD,
            log_config=None, lifespan="off", access_log=False, server_header=False,
            timeout_graceful_shutdown=grace_s,
        )
    )  # fmt: skip
    # Signals are ours: uvicorn would raise them again at its end, and spoil the exit status.
    made.capture_signals = contextlib.nullcontext  # type: ignore[assignment, method-assign]
    return made
