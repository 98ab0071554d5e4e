"""Names are looked up in threads of their own, one for each name that is asked for now.

The event loop's own threads are a handful. Customers' domains whose servers never answer would take
all of them for ten seconds at a time, and nobody else's name would be found meanwhile.
"""

import asyncio
import socket
import threading
from typing import Any

from aiohttp.abc import AbstractResolver, ResolveResult

_FLAGS = socket.AI_NUMERICHOST | socket.AI_NUMERICSERV


class Names(AbstractResolver):
    """For aiohttp's connector, which asks once for a name however many wait for it."""

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """All addresses of a host. Raises OSError if there are none."""
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[list[Any]] = loop.create_future()
        # a daemon: a lookup can outlast whoever asked, and must not keep a worker from ending
        threading.Thread(
            target=_look_up, args=(loop, answer, host, port, family), daemon=True, name="name"
        ).start()
        return [
            ResolveResult(
                hostname=host, host=_written(address), port=address[1], family=found,
                proto=protocol, flags=_FLAGS,
            )
            for found, _, protocol, _, address in await answer
            if found in {socket.AF_INET, socket.AF_INET6}
        ]  # fmt: skip

    async def close(self) -> None:
        """Nothing is kept."""


def _look_up(
    loop: asyncio.AbstractEventLoop, answer: asyncio.Future[list[Any]], host: str, port: int,
    family: socket.AddressFamily,
) -> None:  # fmt: skip
    found: list[Any] | BaseException
    try:
        found = socket.getaddrinfo(
            host, port, family, socket.SOCK_STREAM, flags=socket.AI_ADDRCONFIG
        )
    except (OSError, UnicodeError) as error:
        found = error
    try:
        loop.call_soon_threadsafe(_tell, answer, found)
    except RuntimeError:  # the loop has ended
        return


def _tell(answer: asyncio.Future[list[Any]], found: list[Any] | BaseException) -> None:
    if answer.done():
        return
    if isinstance(found, BaseException):
        answer.set_exception(found)
    else:
        answer.set_result(found)


def _written(address: tuple[Any, ...]) -> str:
    """As text; a link-local address needs its zone to be connected to."""
    scoped = len(address) == 4 and address[3]  # noqa: PLR2004  host, port, flow, scope
    return f"{address[0]}%{address[3]}" if scoped and "%" not in address[0] else str(address[0])
