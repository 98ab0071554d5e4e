"""Connections to one server that stay open between messages, and who waits for one.

The one that was used last is used next, so that those too many grow old and are closed. A session
on which a message was only half said is reset before the next one, or closed.

A server that takes no further connection while it serves some has said how many it takes: for the
next seconds those are used, and who finds none free waits for one.

Who waits says his envelope behind a message that is out and has no answer yet (RFC 2920, 3.1): the
answers to both come together, so that a message costs one round trip and not two. The session is
his when the message before him is answered. What he said is not taken back: if he does not wait any
more, or is given another session since this one takes too long, it is closed afterwards.
"""

import asyncio
import ssl
from collections import deque
from collections.abc import Callable

from holdfast.channels.email.providers.smtp.server import SmtpServer
from holdfast.channels.email.providers.smtp.session import Session
from holdfast.channels.email.providers.smtp.transaction import Transaction

_FULL_S = 10.0
_MOST_REFUSALS = 8  # from ten on Postfix answers all a second late; RCPT and DATA make two
_PATIENCE_S = 1.0  # behind another message; a server may look into one for minutes
_MISSED = 3  # in a row: the server does not understand it
_ALONE_S = 60.0

Ahead = Callable[[Session], Transaction | None]
"""Says the envelope on a session that is somebody else's still; None: nothing was said."""
Taken = tuple[Session, Transaction | None]
"""A session, and what was begun on it already."""


class _Waiting:
    """Somebody in line; `said` on the session `on`, behind the message of another."""

    def __init__(self, ahead: Ahead | None) -> None:
        self.ahead = ahead
        loop = asyncio.get_running_loop()
        self.turn: asyncio.Future[Taken] = loop.create_future()
        self.on: Session | None = None
        self.said: Transaction | None = None
        self.patience: asyncio.TimerHandle | None = None


class Pool:
    """The sessions of one server: those that are open and idle, and those in use."""

    def __init__(self, server: SmtpServer) -> None:
        self._server = server
        self._context: ssl.SSLContext | None = None
        self._idle: list[tuple[float, Session]] = []
        self._sweep: asyncio.TimerHandle | None = None
        self._in_use: set[Session] = set()
        self._most = 0
        self._full_until = float("-inf")
        self._line: deque[_Waiting] = deque()
        self._at_dot: dict[Session, None] = {}
        self._behind: dict[Session, _Waiting | None] = {}
        self._alone_until = float("-inf")
        self._missed = 0

    async def take(self, until: float, ahead: Ahead | None = None) -> Taken | None:
        """A session that is open as far as one can see, or yet to be opened; `give` or `drop` it.

        None: none came free until then, by the loop's time.
        """
        if not self._line and (session := self._free()) is not None:
            return session, None
        waiting = _Waiting(ahead)
        self._line.append(waiting)
        self._serve()
        self._follow()
        try:
            async with asyncio.timeout_at(until):
                return await waiting.turn
        except TimeoutError:
            self._gave_up(waiting)
            return None
        except BaseException:
            self._gave_up(waiting)
            raise

    def was_refused(self) -> bool:
        """It took no further one. Whether there are others, which are used then."""
        greeted = sum(session.is_greeted for session in self._in_use)
        self._most = greeted + len(self._idle)
        self._full_until = asyncio.get_running_loop().time() + _FULL_S
        return self._most > 0

    def at_dot(self, session: Session) -> None:
        """Its message is out, and the answer to it is all that is missing."""
        if not self._is_last(session) and session.offers("pipelining") is not None:
            self._at_dot[session] = None
            self._follow()

    def rode(self, *, well: bool) -> None:
        """Whether the server understood what was said behind a message."""
        self._missed = 0 if well else self._missed + 1
        if self._missed >= _MISSED:
            self._missed = 0
            self._alone()

    async def give(self, session: Session) -> None:
        """Take a session back after a message that the server has answered, or unopened."""
        self._at_dot.pop(session, None)
        if session in self._behind:
            self._pass_on(session)
        elif self._is_last(session):
            session.connection.close()
            self._left(session)
        elif (
            not session.is_greeted  # idle, it would count as one that the server takes
            or not session.connection.is_quiet
            or not (session.is_clean or await session.reset())
        ):
            self.drop(session)
        else:
            self._put(session)

    def another(self, session: Session) -> Session:
        """For the next message of who has this one, or a fresh one in its place.

        He does not get in line: he may hold what those before him would wait for with theirs.
        """
        if not self._is_last(session) and session.is_clean and session.connection.is_quiet:
            return session
        if session.is_clean:
            session.connection.close()
        else:
            session.abort()
        self._in_use.discard(session)
        return self._fresh()

    def drop(self, session: Session) -> None:
        """Leave at once. Who has said something on it is given another one."""
        session.abort()
        self._at_dot.pop(session, None)
        waiting = self._behind.pop(session, None)
        if waiting is not None:
            self._again(waiting)
        self._left(session)

    def close(self) -> None:
        """Say goodbye on all of them."""
        if self._sweep is not None:
            self._sweep.cancel()
            self._sweep = None
        for _, session in self._idle:
            session.connection.close()
        self._idle.clear()

    # ---------------------------------------------------------------- those that are free

    def _free(self) -> Session | None:
        """One that is idle, or may be opened; the server may have left an idle one meanwhile."""
        while self._idle:
            _, session = self._idle.pop()
            if session.connection.is_quiet:
                self._in_use.add(session)
                return session
            session.abort()
        return self._fresh() if len(self._in_use) < self._limit() else None

    def _fresh(self) -> Session:
        if self._context is None:
            self._context = self._server.context()
        session = Session(self._server, self._context)
        self._in_use.add(session)
        return session

    def _limit(self) -> int:
        is_full = asyncio.get_running_loop().time() < self._full_until
        most = self._server.connections
        return min(self._most, most) if is_full and self._most > 0 else most

    def _is_last(self, session: Session) -> bool:
        """Whether it carries no further message."""
        return session.used >= self._server.messages or session.refusals >= _MOST_REFUSALS

    def _put(self, session: Session) -> None:
        loop = asyncio.get_running_loop()
        self._idle.append((loop.time(), session))
        if self._sweep is None:
            self._sweep = loop.call_later(self._server.idle_s, self._close_old)
        self._left(session)

    def _left(self, session: Session) -> None:
        """It was given out and is not in use any more; whoever is in line may have one."""
        self._in_use.discard(session)
        self._serve()

    def _serve(self) -> None:
        while self._line:
            if self._line[0].turn.done():
                self._line.popleft()
            elif (free := self._free()) is not None:
                self._line.popleft().turn.set_result((free, None))
            else:
                return

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

    # ---------------------------------------------------------------- those that are followed

    def _follow(self) -> None:
        """Who is in line says his envelope on those sessions that nobody follows yet."""
        loop = asyncio.get_running_loop()
        if not self._at_dot or not self._line or loop.time() < self._alone_until:
            return
        line, self._line = self._line, deque()
        for waiting in line:
            if waiting.turn.done():
                continue
            # who says nothing has the first that comes free: as many are left as there are of those
            if len(self._at_dot) > len(self._line) and waiting.ahead is not None:
                session = next(iter(self._at_dot))
                try:
                    waiting.said = waiting.ahead(session)
                except Exception as error:  # noqa: BLE001  his, and not of those whose session it is
                    waiting.turn.set_exception(error)
                    continue
                if waiting.said is not None:
                    del self._at_dot[session]
                    self._behind[session], waiting.on = waiting, session
                    waiting.patience = loop.call_later(_PATIENCE_S, self._too_slow, waiting)
                    continue
            self._line.append(waiting)

    def _pass_on(self, session: Session) -> None:
        waiting = self._behind.pop(session)
        if waiting is None or waiting.turn.done():
            self.drop(session)
            return
        waiting.turn.set_result((session, waiting.said))
        self._unbind(waiting)

    def _too_slow(self, waiting: _Waiting) -> None:
        """The answer takes long. Another session is as good, and for the next minute better."""
        self._alone()
        self._again(waiting)
        self._serve()

    def _again(self, waiting: _Waiting) -> None:
        self._unbind(waiting)
        if not waiting.turn.done():
            self._line.appendleft(waiting)

    def _unbind(self, waiting: _Waiting) -> None:
        """What it has said stays said, but it is nobody's now."""
        if waiting.patience is not None:
            waiting.patience.cancel()
        if waiting.on is not None and self._behind.get(waiting.on) is waiting:
            self._behind[waiting.on] = None
        waiting.on = waiting.said = None

    def _gave_up(self, waiting: _Waiting) -> None:
        """By the clock, or told to stop; perhaps in the moment of his turn."""
        self._unbind(waiting)
        if not waiting.turn.done():
            waiting.turn.cancel()
        elif not waiting.turn.cancelled() and waiting.turn.exception() is None:
            session, said = waiting.turn.result()
            if said is None and session.is_greeted:
                self._put(session)
            else:
                self.drop(session)

    def _alone(self) -> None:
        self._alone_until = asyncio.get_running_loop().time() + _ALONE_S
