"""Connections to one server that stay open between messages.

The one that was used last is used next, so that those too many grow old and are closed. A session
on which a message was only half said is reset before the next one, or closed.

A server that takes no further connection while it serves some has said how many it takes: for the
next seconds those are used, and who finds none free waits for one.
"""

import asyncio
import ssl

from holdfast.channels.email.providers.smtp.server import SmtpServer
from holdfast.channels.email.providers.smtp.session import Session

_FULL_S = 10.0
_MOST_REFUSALS = 10  # from then on Postfix answers a second late, and hangs up after twenty


class Pool:
    """The sessions of one server: those that are open and idle, and how many are in use."""

    def __init__(self, server: SmtpServer) -> None:
        self._server = server
        self._context: ssl.SSLContext | None = None
        self._idle: list[tuple[float, Session]] = []
        self._sweep: asyncio.TimerHandle | None = None
        self._in_use: set[Session] = set()
        self._most = 0
        self._full_until = float("-inf")
        self._freed = asyncio.Event()

    def reuse(self) -> Session | None:
        """A session that is open as far as one can see; the server may have left meanwhile."""
        while self._idle:
            _, session = self._idle.pop()
            if session.connection.is_quiet:
                self._in_use.add(session)
                return session
            session.abort()
        return None

    def fresh(self) -> Session:
        """A session yet to be opened."""
        if self._context is None:
            self._context = self._server.context()
        session = Session(self._server, self._context)
        self._in_use.add(session)
        return session

    @property
    def is_full(self) -> bool:
        """The server takes no further connection now, as far as one knows."""
        now = asyncio.get_running_loop().time()
        return now < self._full_until and 0 < self._most <= len(self._in_use)

    def was_refused(self) -> bool:
        """It took no further one. Whether there are others, which are used then."""
        greeted = sum(session.is_greeted for session in self._in_use)
        self._most = greeted + len(self._idle)
        self._full_until = asyncio.get_running_loop().time() + _FULL_S
        return self._most > 0

    async def wait(self, until: float) -> bool:
        """Wait until one may be free. False: it is the loop's time `until`."""
        self._freed.clear()
        try:
            async with asyncio.timeout_at(until):
                await self._freed.wait()
        except TimeoutError:
            return False
        return True

    def leave(self, session: Session) -> None:
        """It was given out and is not in use any more, whatever became of it."""
        self._in_use.discard(session)
        self._freed.set()

    async def give(self, session: Session) -> None:
        """Take a session back after a message that the server has answered."""
        if session.used >= self._server.messages or session.refusals >= _MOST_REFUSALS:
            session.connection.close()
        elif not session.connection.is_quiet or not (session.is_clean or await session.reset()):
            session.abort()
        else:
            loop = asyncio.get_running_loop()
            self._idle.append((loop.time(), session))
            if self._sweep is None:
                self._sweep = loop.call_later(self._server.idle_s, self._close_old)

    def close(self) -> None:
        """Say goodbye on all of them."""
        if self._sweep is not None:
            self._sweep.cancel()
            self._sweep = None
        for _, session in self._idle:
            session.connection.close()
        self._idle.clear()

    def _close_old(self) -> None:
        """The oldest are at the front."""
        loop = asyncio.get_running_loop()
        oldest = loop.time() - self._server.idle_s
        while self._idle and self._idle[0][0] <= oldest:
            self._idle.pop(0)[1].connection.close()
        self._sweep = (
            loop.call_at(self._idle[0][0] + self._server.idle_s, self._close_old)
            if self._idle
            else None
        )
