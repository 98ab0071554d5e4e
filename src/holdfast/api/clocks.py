"""How long the other side of a connection may take: uvicorn has a clock between requests alone."""

import asyncio
from collections.abc import Callable
from typing import Any, Final

from holdfast.api.crowd import Crowd

REQUEST_S: Final = 60.0
"""Seconds a request has to arrive in, from its first byte; a new connection, to its first; and an
answer, to be taken."""
LEAVING_S: Final = 1.0
"""The same, once the server is about to end."""
_LATE: Final = b"HTTP/1.1 408 Request Timeout\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
_FULL: Final = (
    b"HTTP/1.1 503 Service Unavailable\r\nretry-after: 1\r\ncontent-length: 0\r\n"
    b"connection: close\r\n\r\n"
)


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

    def hurry(self) -> None:
        """What is waited for is not waited for much longer."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = asyncio.get_running_loop().call_later(LEAVING_S, self._late)


class Clocks(asyncio.Protocol):
    """What both ways to read a connection have: unless a handler works, some clock runs."""

    transport: Any
    loop: asyncio.AbstractEventLoop
    timeout_keep_alive: int
    timeout_keep_alive_task: asyncio.TimerHandle | None
    timeout_keep_alive_handler: Callable[[], None]
    _unset_keepalive_if_required: Callable[[], None]

    def __init__(self, crowd: Crowd, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._crowd = crowd
        self._deadline = Deadline(self._late)
        self._untaken = Deadline(self._abort)

    def _late(self) -> None:
        raise NotImplementedError

    def _abort(self) -> None:
        self.transport.abort()

    def _is_idle(self) -> bool:
        raise NotImplementedError

    def make_room(self) -> None:
        """There are too many, and this one lets us wait."""
        if self._is_idle():
            self.transport.close()
        else:
            self._late()

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Somebody has connected."""
        super().connection_made(transport)
        if not self._crowd.enter(self):
            transport.write(_FULL)
            transport.close()

    def shutdown(self) -> None:
        """The server ends: what is asked is answered, what is not whole by now hardly will be."""
        super().shutdown()  # type: ignore[misc]  # of uvicorn's protocol
        self._deadline.hurry()

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection is gone, and with it what was not read."""
        self._stop_clocks()
        self._crowd.leave(self)
        super().connection_lost(exc)

    def eof_received(self) -> None:
        """Whoever says no more is not waited for longer than others to take what is left."""
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


def hang_up(transport: asyncio.Transport, *, tell: bool) -> None:
    """Close it; `tell`: with 408, since a request was begun and has no answer yet."""
    if not transport.is_closing():
        if tell:
            transport.write(_LATE)
        transport.close()
