"""One client of SMTP-in: what it says, and what it is answered (RFC 5321).

    MAIL, RCPT ──► the envelope        refused at once if an address cannot be one
    DATA       ──► intake.py           250 only after the commit

Every answer but greeting and EHLO carries an enhanced status code (RFC 2034). Whoever begins
with what is no command of SMTP, as HTTP does, is cut off: nothing behind it is read.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import partial

from holdfast import log
from holdfast.channels.email.address import is_address
from holdfast.channels.email.message import LARGEST, MOST_RECIPIENTS
from holdfast.channels.email.smtp_in.arrival import complete
from holdfast.channels.email.smtp_in.authenticate import Exchange
from holdfast.channels.email.smtp_in.certificate import Certificate
from holdfast.channels.email.smtp_in.command import Path, path
from holdfast.channels.email.smtp_in.door import Door
from holdfast.channels.email.smtp_in.intake import Arrival, Intake
from holdfast.channels.email.smtp_in.logins import Login, Logins
from holdfast.channels.email.smtp_in.wire import Gone, LineTooLong, NotKept, Wire
from holdfast.errors import DatabaseUnavailable, Refused

_SMTP_FAILED = log.Event(
    "smtp.failed", logging.ERROR, "A mail could not be stored; its sender was told to come again."
)
_SMTP_BROKEN = log.Event(
    "smtp.broken", logging.ERROR, "A client was hung up by an error of ours; it comes again."
)
_LONGEST_LINE = 12_288  # that of AUTH (RFC 4954, 4)
_BODIES = {"7BIT", "8BITMIME"}
_MAIL_PARAMETERS = {"SIZE", "BODY", "SMTPUTF8", "AUTH"}
_NO_SMTP = "421 4.7.0 this is SMTP, and you speak something else; goodbye"


@dataclass
class House:
    """What all clients of one port share.

    `certificate` is None without TLS, where only this machine comes in; `needs_login` wants one
    before MAIL, and TLS before a login if there is TLS.
    """

    name: str
    intake: Intake
    logins: Logins
    door: Door
    certificate: Certificate | None = None
    implicit: bool = False
    needs_login: bool = False
    closing: bool = False


@dataclass
class _Envelope:
    sender: str
    recipients: list[str] = field(default_factory=list)


class Session:
    """A conversation; `run` ends when it does."""

    def __init__(self, wire: Wire, house: House) -> None:
        self._wire = wire
        self._house = house
        self._limits = house.door.limits
        self._began = asyncio.get_running_loop().time()
        self._is_extended: bool | None = None  # None until EHLO or HELO
        self._login: Login | None = None
        self._envelope: _Envelope | None = None
        self._messages = self._errors = 0
        self._over = False
        self._commands: dict[str, Callable[[str], Awaitable[str]]] = {
            "HELO": self._helo, "EHLO": self._ehlo, "STARTTLS": self._starttls, "AUTH": self._auth,
            "MAIL": self._mail, "RCPT": self._rcpt, "DATA": self._data, "RSET": self._rset,
            "NOOP": self._noop, "VRFY": self._vrfy, "HELP": self._help, "QUIT": self._quit,
        }  # fmt: skip

    async def run(self) -> None:
        """Converse until one of the two hangs up."""
        try:
            if self._house.implicit and self._house.certificate is not None:
                await self._wire.encrypt(self._house.certificate.context())
            self._wire.say(f"220 {self._house.name} ESMTP holdfast")
            while not self._over:
                await self._converse()
        except Gone as gone:
            if gone.late:
                self._wire.say("421 4.4.2 nothing was said for too long")
        except (ConnectionError, TimeoutError):
            pass
        except Exception as error:  # noqa: BLE001
            _SMTP_BROKEN(error)
            self._wire.say("421 4.3.0 something went wrong here; come again")
        finally:
            self._wire.close()

    async def _converse(self) -> None:
        """One command and its answer."""
        try:
            line = await self._wire.line(_LONGEST_LINE, self._patience_s())
        except LineTooLong:
            is_stranger = self._is_extended is None
            self._answer(_NO_SMTP if is_stranger else "500 5.5.2 this line is too long")
            return
        verb, _, argument = line.partition(b" ")
        command = self._commands.get(verb.decode("latin-1").upper())
        if command is None:
            # A web page can have a browser post to this port, with commands in what it posts.
            is_stranger = self._is_extended is None
            self._answer(_NO_SMTP if is_stranger else "500 5.5.2 this command is not known")
            return
        try:
            text = argument.decode().strip()
        except UnicodeDecodeError:
            self._answer("501 5.5.2 this is no UTF-8")
            return
        if answer := await command(text):
            self._answer(answer)

    def _answer(self, answer: str) -> None:
        self._errors += answer.startswith("5")
        if self._errors > self._limits.errors:
            answer = "421 4.7.0 too many mistakes; goodbye"
        self._over = self._over or answer.startswith("421")
        self._wire.say(answer)

    def _patience_s(self) -> float:
        patience_s = self._limits.patience_s
        if self._house.needs_login and self._login is None:
            now = asyncio.get_running_loop().time()
            return min(patience_s, self._began + self._limits.login_s - now)
        return patience_s

    # ---------------------------------------------------------------- who is there

    async def _helo(self, argument: str) -> str:
        if not argument:
            return "501 5.5.4 HELO and a name"
        self._is_extended, self._envelope = False, None
        return f"250 {self._house.name}"

    async def _ehlo(self, argument: str) -> str:
        if not argument:
            return "501 5.5.4 EHLO and a name"
        self._is_extended, self._envelope = True, None
        offers = [
            self._house.name, "PIPELINING", f"SIZE {LARGEST}", "8BITMIME", "SMTPUTF8",
            "ENHANCEDSTATUSCODES",
        ]  # fmt: skip
        if self._house.certificate is not None and not self._wire.is_secure:
            offers.append("STARTTLS")
        if self._may_log_in():
            offers.append("AUTH PLAIN LOGIN")
        self._wire.say(*(f"250-{offer}" for offer in offers))
        return "250 HELP"

    def _may_log_in(self) -> bool:
        return (
            self._wire.is_secure or not self._house.needs_login or self._house.certificate is None
        )

    async def _starttls(self, argument: str) -> str:
        if argument:
            return "501 5.5.4 STARTTLS has no argument"
        if self._house.certificate is None or self._wire.is_secure:
            return "503 5.5.1 STARTTLS is not offered"
        if self._wire.has_more:
            # Who put it there need not be the client: it would be obeyed as if TLS had carried it.
            self._over = True
            return "554 5.5.1 nothing may follow STARTTLS before it is answered"
        self._wire.say("220 2.0.0 go on in TLS")
        await self._wire.encrypt(self._house.certificate.context())
        self._is_extended = self._login = self._envelope = None
        return ""

    async def _auth(self, argument: str) -> str:
        if not self._is_extended:
            return "503 5.5.1 say EHLO first"
        if self._login is not None or self._envelope is not None:
            return "503 5.5.1 not now: AUTH comes once, before MAIL"
        if not self._may_log_in():
            return "538 5.7.11 say STARTTLS first: a password is not to be read on its way"
        exchange = Exchange(self._wire, self._patience_s(), _LONGEST_LINE)
        answer, self._login = await exchange.run(argument, self._house.logins, self._house.door)
        return answer

    # ---------------------------------------------------------------- the envelope

    async def _mail(self, argument: str) -> str:
        if complaint := self._not_now():
            return complaint
        given = path(argument, "FROM:")
        if given is None:
            return "501 5.5.4 MAIL FROM:<address>"
        if complaint := _complaint(given):
            return complaint
        if given.address and not is_address(given.address):
            return "553 5.1.7 this is no address: local@domain is needed"
        self._envelope = _Envelope(given.address)
        return "250 2.1.0 Ok"

    def _not_now(self) -> str:
        """Why there can be no MAIL at this point."""
        if self._is_extended is None:
            return "503 5.5.1 say EHLO first"
        if self._house.needs_login and self._login is None:
            before = "" if self._may_log_in() else ", after STARTTLS"
            return f"530 5.7.0 log in first{before}"
        if self._envelope is not None:
            return "503 5.5.1 there is a sender already; RSET begins anew"
        if self._messages >= self._limits.messages:
            return "421 4.7.0 enough for one connection; come again on a new one"
        return ""

    async def _rcpt(self, argument: str) -> str:
        if self._envelope is None:
            return "503 5.5.1 MAIL comes first"
        given = path(argument, "TO:")
        if given is None:
            return "501 5.5.4 RCPT TO:<address>"
        if given.parameters:
            return "555 5.5.4 RCPT has no parameters here"
        if not is_address(given.address):
            return "553 5.1.3 this is no address: local@domain is needed"
        if len(self._envelope.recipients) >= MOST_RECIPIENTS:
            return f"452 4.5.3 too many recipients: at most {MOST_RECIPIENTS} share a message"
        self._envelope.recipients.append(given.address)
        return "250 2.1.5 Ok"

    # ---------------------------------------------------------------- the message

    async def _data(self, argument: str) -> str:
        if self._envelope is None or not self._envelope.recipients:
            return "503 5.5.1 RCPT comes first"
        if argument:
            return "501 5.5.4 DATA has no argument"
        self._wire.say("354 go on, and end with a line that is a dot")
        envelope, self._envelope = self._envelope, None
        try:
            content = await self._content()
            if self._house.closing:
                return "421 4.3.2 shutting down; come again"
            self._messages += 1
            return await self._stored(content, envelope)
        except NotKept as error:
            if error.no_room:
                return "452 4.3.1 there is too much mail at the moment; come again"
            return f"552 5.3.4 the message is too big; at most {LARGEST} bytes are taken"
        finally:
            self._house.door.release(self)

    async def _content(self) -> bytes:
        until = asyncio.get_running_loop().time() + self._limits.message_s
        hold = partial(self._house.door.hold, self)
        return await self._wire.content(LARGEST, self._limits.patience_s, until, hold)

    async def _stored(self, content: bytes, envelope: _Envelope) -> str:
        """The answer is the promise."""
        message = complete(content, envelope.sender, tuple(envelope.recipients))
        options: dict[str, object] = {"source": "smtp-in"}
        if self._login is not None:
            options["metadata"] = {"login": self._login.name}
            if self._login.tenant is not None:
                options["tenant"] = self._login.tenant
        try:
            async with asyncio.timeout(self._limits.answer_s):
                email_id = await self._house.intake.store(Arrival(message, options))
        except (DatabaseUnavailable, TimeoutError):
            return "451 4.3.0 it cannot be stored at the moment; come again"
        except Refused as error:
            return f"554 5.6.0 {_one_line(str(error))}"
        except Exception as error:  # noqa: BLE001
            # Of an error that we do not know we cannot say that the mail is to blame.
            _SMTP_FAILED(error)
            return "451 4.3.0 it could not be stored; come again"
        return f"250 2.0.0 Ok: queued as {email_id}"

    # ---------------------------------------------------------------- the rest

    async def _rset(self, _argument: str) -> str:
        self._envelope = None
        return "250 2.0.0 Ok"

    async def _noop(self, _argument: str) -> str:
        return "250 2.0.0 Ok"

    async def _vrfy(self, _argument: str) -> str:
        return "252 2.5.0 that is found out by sending"

    async def _help(self, _argument: str) -> str:
        return "214 2.0.0 " + " ".join(self._commands)

    async def _quit(self, _argument: str) -> str:
        self._over = True
        return "221 2.0.0 goodbye"


def _complaint(given: Path) -> str:
    """What is wrong with the parameters of MAIL."""
    if unknown := given.parameters.keys() - _MAIL_PARAMETERS:
        return f"555 5.5.4 a parameter is not known: {_one_line(min(unknown))[:40]}"
    size = given.parameters.get("SIZE", "0")
    if not size.isascii() or not size.isdigit() or len(size) > 20:  # noqa: PLR2004
        return "501 5.5.4 SIZE is a number of bytes"
    if int(size) > LARGEST:
        return f"552 5.3.4 the message is too big; at most {LARGEST} bytes are taken"
    if given.parameters.get("BODY", "7BIT").upper() not in _BODIES:
        return "501 5.5.4 BODY is 7BIT or 8BITMIME"
    return ""


def _one_line(text: str) -> str:
    return "".join(c if c.isascii() and c.isprintable() else "?" for c in text)[:400]
