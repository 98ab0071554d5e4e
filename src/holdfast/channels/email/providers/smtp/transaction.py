"""One message through one session, so that it is known where a failure happened.

    MAIL                      refused: for all recipients
    RCPT, for each address    refused: for this address, the others go on
    DATA and the message      up to here nobody has taken it: try again
    the final dot             from here on, no answer means: it may have been taken

With a server that offers PIPELINING (RFC 2920) the first three are one write, so that a message
costs two round trips and not four; behind another message (`pool.py`) it is one. All replies are
then looked at, each for what it belongs to: a server may take DATA although it took no recipient,
and is given an empty message at once.
"""

import asyncio
from collections.abc import Callable

from holdfast.channels.email.providers.provider import Envelope, MayGo, Outcome
from holdfast.channels.email.providers.smtp.answer import (
    Stopped,
    is_of_session,
    refused_us,
    said,
    told,
)
from holdfast.channels.email.providers.smtp.connection import Lost
from holdfast.channels.email.providers.smtp.reply import Reply
from holdfast.channels.email.providers.smtp.session import Session
from holdfast.channels.email.providers.wire import with_dots, with_line_ends
from holdfast.policy.verdict import Unknown

_ACCEPTED = range(200, 300)
_REFUSED = range(400, 600)
_ANSWERS = {*_ACCEPTED, *_REFUSED}
_CLOSING = 421
_OUT_OF_STEP = 503  # to MAIL: a message before this one is not over, or something is to come first
_SEND_NOW = 354
_SHORT = 65_536
_DIGITS = 20  # of a SIZE (RFC 1870, 3)
MESSAGE, DOT = "the message", "the final dot"
_NO_UTF8 = 550, "5.6.7 the server takes no address beyond ASCII (SMTPUTF8)"
_NO_ANSWER = "the whole message was sent and no answer came; it may have been taken"


class Transaction:
    """One message; `outcomes` grows as answers come.

    `is_elsewhere`: on another session the server may say something else; what it has said of this
    message is not to be believed.
    """

    def __init__(self, session: Session, envelope: Envelope) -> None:
        self.outcomes: dict[str, Outcome] = {}
        self.has_reply = self.is_elsewhere = False
        self._session = session
        self._envelope = envelope
        self._raw = b""
        self._commands: list[str] = []
        self._pipelines = False
        self._is_behind = False
        self._all_named = False

    def prepare(self, raw: bytes) -> None:
        """Say nothing yet; `raw` is the message as this server takes it.

        Raises:
            Stopped: the server cannot take such a message.
        """
        self._raw = with_line_ends(raw)
        self._pipelines = self._session.offers("pipelining") is not None
        self._leave_out()
        self._commands = self._envelope_commands() if self._left() else []

    def say_behind(self) -> bool:
        """Say the envelope while the message before it waits for its answer. False: nothing to say.

        What is refused then is not believed: a server that answers that message twice, or has
        heard only half, is out of step. That nobody is taken is believed if RSET is, which follows.
        """
        self._is_behind = bool(self._commands)
        self._say()
        return self._is_behind

    async def run(self, may_go: MayGo, at_dot: Callable[[], None]) -> None:
        """All steps, in their order.

        Args:
            may_go: awaited before the final dot is written, with a short message before all of it.
            at_dot: called when the message is out and only the answer is missing.

        Raises:
            Stopped: the other side ends it, with the outcome of everyone who has none yet.
            Lost: the connection broke, and nobody has taken the message.
        """
        if not self._commands:
            return
        mail, *rcpts = self._commands
        self._session.is_clean = False
        if self._pipelines and not self._is_behind:
            self._say()
        refused = await self._name_sender(mail)
        if refused is not None and not self._pipelines:
            raise refused
        await self._name_recipients(rcpts, refused)
        nobody = refused is not None or len(self.outcomes) == len(self._envelope.recipients)
        if nobody and not self._pipelines:
            return
        reply = await self._reply("DATA", "DATA\r\n")
        if nobody:
            await self._take_back(reply)
            if self._is_behind and not await self._session.reset():
                self.is_elsewhere = True
                raise Lost("out of step")
            if refused is not None:
                raise refused
            return
        if reply.code != _SEND_NOW:
            self.is_elsewhere = self._is_behind
            raise self._refused(reply)
        self.rest(await self._transfer(may_go, at_dot))

    def rest(self, stopped: Stopped) -> None:
        """The outcome of everyone who has none yet.

        What is said of the message is personal if it is for one only; what is said of the sender is
        nobody's.
        """
        left = self._left()
        personal = self._all_named and len(left) == 1
        for address in left:
            self.outcomes[address] = _outcome(address, stopped, personal=personal)

    def _left(self) -> list[str]:
        return [a for a in self._envelope.recipients if a not in self.outcomes]

    # ---------------------------------------------------------------- the envelope

    def _say(self) -> None:
        if self._commands:
            self._session.connection.write("".join([*self._commands, "DATA\r\n"]).encode())

    def _leave_out(self) -> None:
        """Without SMTPUTF8 a recipient beyond ASCII cannot be named; the others can."""
        if self._session.offers("smtputf8") is None:
            for address in self._envelope.recipients:
                if not address.isascii():
                    self.outcomes[address] = _outcome(address, said(*_NO_UTF8), personal=True)

    async def _name_sender(self, mail: str) -> Stopped | None:
        reply = await self._reply("MAIL", mail)
        if reply.code in _ACCEPTED:
            return None
        self.is_elsewhere = self._is_behind or (self._session.used > 1 and is_of_session(reply))
        if reply.code == _CLOSING or self.is_elsewhere:
            raise said(reply.code, reply.text)
        if reply.code == _OUT_OF_STEP:
            return refused_us("MAIL", reply)
        return said(reply.code, reply.text)

    async def _name_recipients(self, rcpts: list[str], refused: Stopped | None) -> None:
        """With a sender that was refused, what is said of recipients is no news about them."""
        for address, rcpt in zip(self._left(), rcpts, strict=True):
            reply = await self._reply("RCPT", rcpt)
            if reply.code == _CLOSING:
                raise said(reply.code, reply.text)
            if refused is None and reply.code not in _ACCEPTED:
                refusal = said(reply.code, reply.text)
                self.outcomes[address] = _outcome(address, refusal, personal=True)
        self._all_named = refused is None

    async def _take_back(self, reply: Reply) -> None:
        """Nobody is to get it. If the server waits for a message all the same, it gets none."""
        if reply.code == _SEND_NOW:
            self._session.connection.write(b".\r\n")
            await self._session.connection.reply()

    async def _reply(self, step: str, command: str) -> Reply:
        self._session.step = step
        if not self._pipelines:
            self._session.connection.write(command.encode())
        reply = await self._session.connection.reply()
        self.has_reply = True
        self._session.refusals += reply.code in _REFUSED
        return reply

    # ---------------------------------------------------------------- the message

    async def _transfer(self, may_go: MayGo, at_dot: Callable[[], None]) -> Stopped:
        """Send the message after a 354; what the server said to it.

        A short one leaves in one piece with its dot, and counts as sent when the network has taken
        all of it: from then on no answer means that it may have been taken.
        """
        session, connection = self._session, self._session.connection
        session.step = MESSAGE
        body = with_dots(self._raw)
        if len(body) <= _SHORT:
            await may_go()
            connection.write(body + b".\r\n")
            out = await connection.written()
        else:
            connection.write(body)
            out = await connection.written()
            if out:
                await may_go()
                connection.write(b".\r\n")
        if out:
            session.step = DOT
            at_dot()
        reply = await self._last() if out else await connection.reply()
        session.refusals = 0 if reply.code in _ACCEPTED else session.refusals + 1
        session.is_clean = out  # a server that did not wait for the end is still in the middle
        if not out:
            return self._refused(reply)
        if reply.code not in _ANSWERS:  # it speaks of something else, and what it has is not said
            return Stopped(Unknown(f"{_NO_ANSWER}: the server said {reply.code}"))
        return said(reply.code, reply.text)

    def _refused(self, reply: Reply) -> Stopped:
        """What a server says that has not got the message.

        Raises:
            Lost: it says that it has: it is out of step, and answers something else.
        """
        if reply.code in _ACCEPTED:
            raise Lost(f"the server said {reply.code}, and had not got the message yet")
        return said(reply.code, reply.text)

    async def _last(self) -> Reply:
        try:
            return await self._session.connection.reply()
        except asyncio.CancelledError:
            # Whoever stops us, by the clock or for a shutdown, has to know what it may mean; what
            # we return instead of being cancelled is what the queue will record.
            raise Stopped(Unknown(f"{_NO_ANSWER}: we stopped waiting")) from None
        except Lost as error:
            raise Stopped(Unknown(f"{_NO_ANSWER}: {told(error)}", outage=True)) from None

    # ---------------------------------------------------------------- the commands

    def _envelope_commands(self) -> list[str]:
        """MAIL and every RCPT. Raises Stopped if the server cannot take such a message."""
        options = "".join(f" {word}" for word in (*self._size(), *self._eight_bit(), *self._utf8()))
        return [
            f"MAIL FROM:<{self._envelope.sender}>{options}\r\n",
            *(f"RCPT TO:<{address}>\r\n" for address in self._left()),
        ]

    def _size(self) -> list[str]:
        most = self._session.offers("size")
        if most is None:
            return []
        length = len(self._raw)
        if most.isdecimal() and len(most) <= _DIGITS and 0 < int(most) < length:
            raise said(552, f"5.3.4 the message has {length} bytes, the server takes {most}")
        return [f"SIZE={length}"]

    def _eight_bit(self) -> list[str]:
        wanted = not self._raw.isascii()
        return ["BODY=8BITMIME"] if wanted and self._session.offers("8bitmime") is not None else []

    def _utf8(self) -> list[str]:
        addresses = "".join((self._envelope.sender, *self._left()))
        if addresses.isascii():
            if self._raw.isascii():
                return []
            if self._raw.partition(b"\r\n\r\n")[0].isascii():
                return []
        if self._session.offers("smtputf8") is not None:
            return ["SMTPUTF8"]
        if not addresses.isascii():
            raise said(*_NO_UTF8)
        return []  # 8-bit headers went out without it before there was SMTPUTF8


def _outcome(address: str, stopped: Stopped, *, personal: bool) -> Outcome:
    return Outcome(address, stopped.verdict, stopped.code, stopped.answer, personal=personal)
