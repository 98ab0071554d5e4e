"""Connections to HTTP servers that are kept between requests, for all channels that go out."""

import select
from asyncio import BaseProtocol, BaseTransport
from typing import Any, Final
from weakref import WeakSet

import aiohttp
from aiohttp.connector import Connection

_SAID: Final = select.POLLIN | select.POLLHUP | select.POLLERR


class Kept(aiohttp.TCPConnector):
    """Keeps connections, but none on which more was said than was asked for.

    It would be read as the answer to the next request: a message that was refused counted as
    delivered. Nor one that the other side has closed: whether the next request was acted on would
    be anybody's guess.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._lent_before: WeakSet[BaseProtocol] = WeakSet()

    async def connect(self, *request: Any, **options: Any) -> Connection:
        """One on which nothing was said since its last answer, or a new one."""
        while True:
            connection = await super().connect(*request, **options)
            protocol = connection.protocol
            if protocol is None:
                return connection
            if protocol not in self._lent_before or not (
                protocol.should_close or _is_unread(connection.transport)
            ):
                self._lent_before.add(protocol)
                return connection
            connection.close()


def _is_unread(transport: BaseTransport | None) -> bool:
    """Whether the socket has what the event loop, which may be behind, has not come to read."""
    socket = transport.get_extra_info("socket") if transport is not None else None
    if socket is None or socket.fileno() < 0:
        return False
    looked = select.poll()
    looked.register(socket.fileno(), _SAID)
    return bool(looked.poll(0))
