"""The provider that speaks SMTP to one server."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import replace
from functools import partial
from typing import NamedTuple, TypeVar

from holdfast.channels.email.providers.encoded import (
    has_long_line,
    in_seven_bits,
    in_short_lines,
)
from holdfast.channels.email.providers.provider import (
    Envelope,
    MayGo,
    Outcome,
    freely,
    in_ascii_domains,
)
from holdfast.channels.email.providers.smtp.answer import (
    Stopped,
    broken,
    failed,
    is_crowded,
    said,
)
from holdfast.channels.email.providers.smtp.connection import Lost
from holdfast.channels.email.providers.smtp.dkim import signed
from holdfast.channels.email.providers.smtp.pool import Ahead, Pool
from holdfast.channels.email.providers.smtp.server import SmtpServer
from holdfast.channels.email.providers.smtp.session import Session
from holdfast.channels.email.providers.smtp.transaction import Transaction
from holdfast.channels.email.providers.wire import with_line_ends
from holdfast.policy.verdict import Delivered, Snooze

_T = TypeVar("_T")
_Told = tuple[Sequence[Outcome], Session | None]
"""What became of a message, and the session that is kept for those who were too many for it."""
_CLOSING = 421
_BUSY = "all connections that the server takes are in use"
_BY_RECIPIENT = ".amazonaws.com"
_LONG = 65_536  # to sign or encode so much takes so long that others would wait for it
_SEVEN_BITS = (
    "5.6.3 the server takes 7 bits only (no 8BITMIME), and the message has 8 that cannot be "
    "encoded: it is signed, or they are no text"
)


class _Part(NamedTuple):
    """One message; `session` is kept for it from the one before, `more` come after it."""

    envelope: Envelope
    may_go: MayGo
    session: Session | None = None
    more: bool = False

    def goes_on(self, outcomes: Iterable[Outcome]) -> bool:
        """Whether the session is needed for those left out."""
        return self.more or any(map(is_crowded, outcomes))


class Smtp:
    """Sends by one server, on connections that stay open; used by one event loop."""

    window_s = 0.0

    def __init__(self, server: SmtpServer, now: Callable[[], float] = time.time) -> None:
        self.most = server.connections
        self.places = 2 * server.connections  # as many wait behind those that are on their way
        self.signers = server.signers
        self._server = server
        self._now = now
        self._pool = Pool(server)

    def cost(self, recipients: int) -> int:
        """A message counts once; Amazon counts recipients."""
        return recipients if self._server.host.endswith(_BY_RECIPIENT) else 1

    async def deliver(self, envelope: Envelope, may_go: MayGo = freely) -> Sequence[Outcome]:
        """Try once, within the server's `timeout_s`; the answer to the message has `dot_s` more.

        A server that takes only so many recipients in one message gets the others in the next ones,
        on the same session, as long as `timeout_s` is not over when one begins.
        """
        return await in_ascii_domains(envelope, lambda plain: self._deliver(plain, may_go))

    async def _deliver(self, envelope: Envelope, may_go: MayGo) -> Sequence[Outcome]:
        until = _now() + self._server.timeout_s
        found, session = await self._one(_Part(envelope, may_go))
        outcomes = {o.address: o for o in found}
        taken, others = _divided(found)
        if not taken:
            return found
        while taken and others and _now() < until:
            share = replace(envelope, recipients=tuple(others[:taken]))
            more = len(others) > taken
            try:
                found, session = await self._one(_Part(share, freely, session, more))
            except asyncio.CancelledError:  # some have it: that is told
                stop = Snooze("not tried: we were stopped")
                found = [Outcome(a, stop, answer=stop.because) for a in share.recipients]
                session = None
            outcomes |= {o.address: o for o in found}
            taken, again = _divided(found)
            others = [*again, *others[len(share.recipients) :]]
        if session is not None:
            await self._pool.give(session)
        for address in others:
            outcomes[address] = replace(outcomes[address], verdict=Snooze(outcomes[address].answer))
        return [outcomes[address] for address in envelope.recipients]

    async def _one(self, part: _Part) -> _Told:
        """One message, on the session that is kept for it, one that is open, or a fresh one."""
        until = _now() + self._server.timeout_s
        envelope, session = part.envelope, part.session
        ahead: Ahead | None = partial(self._say_behind, envelope)
        begun: Transaction | None = None
        missed = False
        while True:
            if session is None:
                taken = await self._pool.take(until, ahead)
                if taken is None:
                    stop = Snooze(_BUSY)
                    return [Outcome(a, stop, answer=_BUSY) for a in envelope.recipients], None
                session, begun = taken
            outcomes, session = await self._try(session, begun, part)
            if outcomes is not None:
                # what is refused again was understood the first time
                if begun is not None or (missed and _divided(outcomes)[0]):
                    self._pool.rode(well=not missed)
                return outcomes, session
            missed = missed or begun is not None
            ahead = begun = None  # once is enough

    async def close(self) -> None:
        """Close the connections."""
        self._pool.close()

    def _say_behind(self, envelope: Envelope, session: Session) -> Transaction | None:
        """What was said of it; None if nothing was: it is long, or what is wrong is told later."""
        if len(envelope.raw) > _LONG:
            return None
        transaction = Transaction(session, envelope)
        try:
            transaction.prepare(self._as_carried(session, envelope.raw))
        except (Stopped, ValueError):
            return None
        return transaction if transaction.say_behind() else None

    async def _carried(self, session: Session, raw: bytes) -> bytes:
        """As below, so that others need not wait for it."""
        if len(raw) > _LONG:
            return await asyncio.to_thread(self._as_carried, session, raw)
        return self._as_carried(session, raw)

    def _as_carried(self, session: Session, raw: bytes) -> bytes:
        """The message as this server takes it, and signed if there are keys.

        Raises:
            Stopped: it takes 7 bits only, and the message cannot be had in 7 bits.
        """
        found: bytes | None = raw
        has_long = has_long_line(raw)
        if not raw.isascii() and session.offers("8bitmime") is None:
            found = in_seven_bits(raw)
        if found is None:
            raise said(554, _SEVEN_BITS)
        if has_long:
            found = in_short_lines(found)
        return signed(with_line_ends(found), self.signers, self._now()) if self.signers else found

    async def _try(
        self, session: Session, begun: Transaction | None, part: _Part
    ) -> tuple[Sequence[Outcome] | None, Session | None]:
        """The outcomes; None if nothing was sent, and another session is to be tried.

        The server had left an idle one, is out of step on it, or takes no further one beside those
        that there are.
        """
        envelope = part.envelope
        was_idle = session.used > 0
        gone = False
        transaction = begun or Transaction(session, envelope)
        try:
            async with asyncio.timeout(self._server.timeout_s) as clock:

                async def ours(work: Awaitable[_T]) -> _T:
                    left_s = (clock.when() or _now()) - _now()
                    clock.reschedule(None)  # it is not the server that is waited for
                    done = await work
                    clock.reschedule(_now() + left_s)
                    return done

                def at_dot() -> None:
                    clock.reschedule(_now() + self._server.dot_s)
                    if not part.goes_on(transaction.outcomes.values()):
                        self._pool.at_dot(session)

                if not was_idle:
                    await session.open()
                session.used += 1
                if begun is None:
                    transaction.prepare(await ours(self._carried(session, envelope.raw)))
                await transaction.run(lambda: ours(part.may_go()), at_dot)
        except Stopped as stopped:
            gone = (
                transaction.is_elsewhere if was_idle
                else stopped.code == _CLOSING and not session.is_greeted
                and self._pool.was_refused()
            )  # fmt: skip
            transaction.rest(stopped)
        except TimeoutError:
            gone = begun is not None and not transaction.has_reply
            because = session.silence(self._server.timeout_s)
            transaction.rest(failed(because, begun=transaction.has_reply))
        except (OSError, ValueError) as error:
            gone = was_idle and isinstance(error, Lost) and (
                transaction.is_elsewhere or not transaction.has_reply
            )  # fmt: skip
            transaction.rest(broken(session.step, error, begun=transaction.has_reply))
        except BaseException:
            self._pool.drop(session)
            raise
        outcomes = [transaction.outcomes[a] for a in envelope.recipients]
        kept = await self._leave(session, outcomes, part, gone=gone)
        return None if gone else outcomes, kept

    async def _leave(
        self, session: Session, outcomes: Sequence[Outcome], part: _Part, *, gone: bool
    ) -> Session | None:
        """A session stays open if the server has answered everything and does not close.

        It, or one in its place, is kept if there is more for it.
        """
        if gone and part.session is not None and session.used > 0:
            return self._pool.another(session)
        if gone or {outcome.code for outcome in outcomes} & {None, _CLOSING}:
            self._pool.drop(session)
            return None
        if _divided(outcomes)[0] and part.goes_on(outcomes):
            return self._pool.another(session)
        try:
            await self._pool.give(session)
        except BaseException:
            self._pool.drop(session)
            raise
        return None


def _divided(outcomes: Iterable[Outcome]) -> tuple[int, list[str]]:
    """How many have it, and who was too many in that message."""
    found = list(outcomes)
    taken = sum(isinstance(outcome.verdict, Delivered) for outcome in found)
    return taken, [outcome.address for outcome in found if is_crowded(outcome)]


def _now() -> float:
    return asyncio.get_running_loop().time()
