"""The real HTTP server of an application, for the time of a block."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator

from starlette.applications import Starlette

from holdfast.api import listen, server


@contextlib.asynccontextmanager
async def serving(application: Starlette, **options: int) -> AsyncIterator[int]:
    """Serve it on a free port, and give the port."""
    listening = listen("127.0.0.1", 0)
    running = server(application, **options)
    task = asyncio.create_task(running.serve([listening]))
    try:
        yield listening.getsockname()[1]
    finally:
        running.should_exit = True
        await task


def free_port() -> int:
    """A port that nobody listens on at this moment."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
