"""The message itself, and the moment from which on it may have been taken: the final dot.

Before the dot nobody has taken anything, whatever breaks. After it only an answer tells; no answer
means unknown, also when it is us who stop waiting.
"""

import asyncio
import re
from typing import cast

from aiosmtplib import SMTPException, SMTPServerDisconnected
from aiosmtplib.response import SMTPResponse

from holdfast.channels.email.providers.answer import Stopped, told
from holdfast.channels.email.providers.session import Session
from holdfast.policy.verdict import Unknown

MESSAGE, DOT = "the message", "the final dot"
_LINE_END = re.compile(rb"\r\n|\r|\n")
_FIRST_DOT = re.compile(rb"^\.", re.MULTILINE)
_LOOK_EVERY_S = 0.01
_NO_ANSWER = "the whole message was sent and no answer came; it may have been taken"


async def transfer(session: Session, raw: bytes) -> SMTPResponse:
    """Send the message after a 354, and return the answer to it.

    On the wire lines end with CR LF, and a dot that begins a line gets another one; nothing else
    is changed.

    Raises:
        Stopped: with Unknown, if the dot stays unanswered.
        SMTPException: the connection broke before it.
    """
    protocol = session.client.protocol
    if protocol is None or protocol.transport is None:
        raise SMTPServerDisconnected("the connection was lost")
    transport = cast(asyncio.WriteTransport, protocol.transport)
    session.step = MESSAGE
    answer = asyncio.ensure_future(protocol.read_response())
    try:
        await asyncio.sleep(0)  # so that the reader waits before the first byte leaves
        protocol.write(_on_the_wire(raw))
        while transport.get_write_buffer_size() and not answer.done():  # noqa: ASYNC110
            await asyncio.sleep(_LOOK_EVERY_S)
        if answer.done():  # the server did not wait for the end
            return answer.result()
        session.step = DOT
        protocol.write(b".\r\n")
        return await _last(answer)
    finally:
        answer.cancel()
        answer.add_done_callback(_look_away)


async def _last(answer: "asyncio.Future[SMTPResponse]") -> SMTPResponse:
    try:
        return await answer
    except asyncio.CancelledError:
        # Whoever stops us, by the clock or for a shutdown, has to know what it may mean; what we
        # return instead of being cancelled is what the queue will record.
        raise Stopped(Unknown(f"{_NO_ANSWER}: we stopped waiting")) from None
    except (SMTPException, OSError) as error:
        raise Stopped(Unknown(f"{_NO_ANSWER}: {told(error)}", outage=True)) from None


def _on_the_wire(raw: bytes) -> bytes:
    """Lines as SMTP wants them, and none that could be taken for the end."""
    text = _LINE_END.sub(b"\r\n", raw)
    if not text.endswith(b"\r\n"):
        text += b"\r\n"
    return _FIRST_DOT.sub(b"..", text)


def _look_away(answer: "asyncio.Future[SMTPResponse]") -> None:
    """Nobody waits any more; asyncio would complain about an exception that nobody saw."""
    if not answer.cancelled():
        answer.exception()
