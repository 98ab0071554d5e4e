"""Mail goes out by SMTP, step by step, so that it is known where a failure happened.

    connect, EHLO, STARTTLS, AUTH    a failure here says nothing about the message
    MAIL                             refused: for all recipients
    RCPT, for each address           refused: for this address, the others go on
    DATA and the message             up to here nobody has taken it: try again
    the final dot                    from here on, no answer means: it may have been taken

One connection for one attempt.
"""

import asyncio
from collections.abc import Sequence

from aiosmtplib import SMTPException
from aiosmtplib.response import SMTPResponse

from holdfast.channels.email.providers.answer import Stopped, broken, said
from holdfast.channels.email.providers.provider import Envelope, Outcome
from holdfast.channels.email.providers.session import Session
from holdfast.channels.email.providers.transfer import DOT, MESSAGE, transfer
from holdfast.channels.email.settings import SmtpServer
from holdfast.policy.verdict import Retry

_ACCEPTED = range(200, 300)
_CLOSING = 421
_SEND_NOW = 354


class Smtp:
    """The provider that speaks SMTP to one server."""

    def __init__(self, server: SmtpServer) -> None:
        self._server = server
        self._context = server.context()

    async def deliver(self, envelope: Envelope) -> Sequence[Outcome]:
        """Try once, within the server's `timeout`."""
        session = Session(self._server, self._context)
        attempt = Attempt(session, envelope)
        try:
            async with asyncio.timeout(self._server.timeout_s):
                await attempt.run()
        except Stopped as stopped:
            attempt.rest(stopped)
        except TimeoutError:
            because = f"no answer to {session.step} within {self._server.timeout_s:g} s"
            attempt.rest(Stopped(Retry(because, outage=True)))
        except (SMTPException, OSError, ValueError) as error:
            attempt.rest(broken(session.step, error))
        finally:
            _hang_up(session)
        return [attempt.outcomes[address] for address in envelope.recipients]


class Attempt:
    """One message through one session; `outcomes` grows as answers come."""

    def __init__(self, session: Session, envelope: Envelope) -> None:
        self.outcomes: dict[str, Outcome] = {}
        self._session = session
        self._client = session.client
        self._envelope = envelope

    async def run(self) -> None:
        """All steps, in their order. Raises Stopped where the other side ends it."""
        await self._session.open()
        await self._name_sender()
        for address in self._envelope.recipients:
            await self._name_recipient(address)
        if len(self.outcomes) == len(self._envelope.recipients):
            return  # all were refused
        ready = await self._ask("DATA")
        if ready.code != _SEND_NOW:
            raise said(ready.code, ready.message)
        answer = await transfer(self._session, self._envelope.raw)
        self._session.step = "QUIT"
        self.rest(said(answer.code, answer.message))

    def rest(self, stopped: Stopped) -> None:
        """The outcome of everyone who has none yet."""
        for address in self._envelope.recipients:
            self.outcomes.setdefault(address, _outcome(address, stopped))

    async def _name_sender(self) -> None:
        options = [*self._size(), *self._eight_bit(), *self._utf8()]
        answer = await self._ask("MAIL", f"FROM:<{self._envelope.sender}>", *options)
        if answer.code not in _ACCEPTED:
            raise said(answer.code, answer.message)

    async def _name_recipient(self, address: str) -> None:
        answer = await self._ask("RCPT", f"TO:<{address}>")
        if answer.code in _ACCEPTED:
            return
        stopped = said(answer.code, answer.message)
        if answer.code == _CLOSING:
            raise stopped
        self.outcomes[address] = _outcome(address, stopped)

    def _size(self) -> list[str]:
        if not self._client.supports_extension("size"):
            return []
        length, most = len(self._envelope.raw), self._client.esmtp_extensions["size"]
        if most.isdigit() and 0 < int(most) < length:
            raise said(552, f"5.3.4 the message has {length} bytes, the server takes {most}")
        return [f"SIZE={length}"]

    def _eight_bit(self) -> list[str]:
        wanted = not self._envelope.raw.isascii()
        return ["BODY=8BITMIME"] if wanted and self._client.supports_extension("8bitmime") else []

    def _utf8(self) -> list[str]:
        addresses = "".join((self._envelope.sender, *self._envelope.recipients))
        head = self._envelope.raw.partition(b"\r\n\r\n")[0]
        if head.isascii() and addresses.isascii():
            return []
        if self._client.supports_extension("smtputf8"):
            return ["SMTPUTF8"]
        if not addresses.isascii():
            raise said(550, "5.6.7 the server takes no address beyond ASCII (SMTPUTF8)")
        return []  # 8-bit headers went out without it before there was SMTPUTF8

    async def _ask(self, *words: str) -> SMTPResponse:
        self._session.step = words[0]
        return await self._client.execute_command(*(word.encode() for word in words))


def _outcome(address: str, stopped: Stopped) -> Outcome:
    return Outcome(address, stopped.verdict, stopped.code, stopped.answer)


def _hang_up(session: Session) -> None:
    """Say goodbye without waiting for the answer; in the middle of a message, just leave."""
    protocol = session.client.protocol
    if protocol is not None and isinstance(protocol.transport, asyncio.WriteTransport):
        if session.step in {MESSAGE, DOT}:
            protocol.transport.abort()
        elif protocol.is_connected:
            protocol.write(b"QUIT\r\n")
    session.client.close()
