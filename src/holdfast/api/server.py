"""The HTTP server under the application: uvicorn, with how it reads chosen and its bounds set."""

import contextlib
import socket
from collections.abc import Callable
from functools import partial
from typing import Any, Final

import uvicorn

from holdfast.api.crowd import CONNECTIONS, Crowd
from holdfast.api.plain import MAX_HEAD
from holdfast.api.protocol import Protocol
from holdfast.errors import ConfigError

_GRACE_S: Final = 10


def server(application: Callable[..., Any], connections: int = CONNECTIONS) -> uvicorn.Server:
    """A server for it, to be run with `serve([socket])`.

    `should_exit = True` ends it; requests have ten seconds to end in, or one to be whole in.

    Args:
        application: what answers.
        connections: at most so many at a time.
    """
    protocol: Any = partial(Protocol, Crowd(connections))
    made = uvicorn.Server(
        uvicorn.Config(
            application, port=0, http=protocol, ws="none", h11_max_incomplete_event_size=MAX_HEAD,
            log_config=None, lifespan="off", access_log=False, server_header=False,
            proxy_headers=False,
            timeout_graceful_shutdown=_GRACE_S,
        )
    )  # fmt: skip
    # Signals are ours: uvicorn would raise them again at its end, and spoil the exit status.
    made.capture_signals = contextlib.nullcontext  # type: ignore[assignment, method-assign]
    return made


def listen(host: str, port: int) -> socket.socket:
    """An open port; who connects before the server is up waits in its backlog.

    Raises:
        ConfigError: it cannot be listened on.
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
            f"{host}:{port} cannot be listened on: {error.strerror}. Is another one running? "
            "Choose another address with --http"
        ) from None
    listening.listen(1024)
    listening.setblocking(False)
    return listening
