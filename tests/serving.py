"""Real HTTP servers, for the time of a block: ours, and those on the other side."""

import asyncio
import contextlib
import random
import socket
from collections.abc import AsyncIterator
from types import ModuleType
from typing import Any

import uvicorn.server
from aiohttp import web
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from holdfast.api import listen, server

POST = b"POST / HTTP/1.1\r\nhost: test\r\n"
CHUNKED = POST + b"transfer-encoding: chunked\r\n\r\n"
_NEVER_GIVEN = range(12_000, 32_000)  # below what the kernel gives to those who do not choose


class _Brisk(ModuleType):
    """asyncio as uvicorn's server uses it to look whether it is to end: more often than it does."""

    def __getattr__(self, name: str) -> Any:
        return getattr(asyncio, name)

    @staticmethod
    async def sleep(seconds: float) -> None:
        await asyncio.sleep(seconds / 20)


uvicorn.server.asyncio = _Brisk("asyncio")


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


@contextlib.asynccontextmanager
async def other_side(application: web.Application, **options: float) -> AsyncIterator[str]:
    """Serve what we post to or ask on a free port, and give its address."""
    runner = web.AppRunner(application, access_log=None, **options)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        host, port = runner.addresses[0]
        yield f"http://{host}:{port}"
    finally:
        await runner.cleanup()


def telling() -> Starlette:
    """An application that says what reached it."""
    return Starlette(routes=[Route("/", _told, methods=["POST"])])


async def _told(request: Request) -> JSONResponse:
    body = await request.body()
    seen = {"peer": request.client.host, "scheme": request.url.scheme}
    return JSONResponse({"size": len(body), **seen, "headers": dict(request.headers)})


def free_port() -> int:
    """A port that nobody listens on, and that no connection is given until it is used."""
    while True:
        port = random.SystemRandom().choice(_NEVER_GIVEN)
        with contextlib.suppress(OSError), socket.socket() as found:
            found.bind(("127.0.0.1", port))
            return port
