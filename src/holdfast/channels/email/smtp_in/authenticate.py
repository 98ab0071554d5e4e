"""AUTH: PLAIN and LOGIN (RFC 4954, RFC 4616), between a client and the logins.

An unknown name, a wrong password and a disabled login are answered alike and take equally
long. Whoever failed too often is told to come later, whatever the next password would have been.
"""

import asyncio
import base64
import binascii
import logging

from holdfast import log
from holdfast.channels.email.smtp_in.door import Door
from holdfast.channels.email.smtp_in.logins import Login, Logins
from holdfast.channels.email.smtp_in.wire import LineTooLong, Wire
from holdfast.errors import DatabaseUnavailable

_SMTP_LOGIN_FAILED = log.Event(
    "smtp.login_failed", logging.WARNING, "A login was refused.", peer=str
)
_SMTP_LOGIN_UNCHECKED = log.Event(
    "smtp.login_unchecked", logging.ERROR, "A login could not be looked at; it comes again."
)
_USERNAME, _PASSWORD = "VXNlcm5hbWU6", "UGFzc3dvcmQ6"  # "Username:", "Password:" in base64
_NOBODY_KNOWS = "454 4.7.0 nobody can tell at the moment; come again"
_PLAIN_PARTS = 3


class _Answered(Exception):
    """It ends here, with this answer."""


class Exchange:
    """One AUTH command with its challenges."""

    def __init__(self, wire: Wire, patience_s: float, longest: int) -> None:
        self._wire = wire
        self._patience_s = patience_s
        self._longest = longest

    async def run(self, argument: str, logins: Logins, door: Door) -> tuple[str, Login | None]:
        """The answer, and who it is if it is somebody."""
        mechanism, _, initial = argument.partition(" ")
        try:
            match mechanism.upper():
                case "PLAIN":
                    name, password = await self._plain(initial.strip())
                case "LOGIN":
                    name, password = await self._login(initial.strip())
                case _:
                    return "504 5.5.4 PLAIN and LOGIN are known", None
        except _Answered as answered:
            return str(answered), None
        except LineTooLong:
            return "500 5.5.6 this is too long", None
        return await _checked(name, password, logins, door, self._wire.peer)

    async def _plain(self, initial: str) -> tuple[bytes, bytes]:
        parts = (_decoded(initial) if initial else await self._ask("")).split(b"\0")
        if len(parts) != _PLAIN_PARTS:
            raise _Answered("501 5.5.2 PLAIN is three parts with NUL between them")
        acts_for, name, password = parts
        if acts_for not in {b"", name}:
            raise _Answered("535 5.7.8 nobody may act for somebody else")
        return name, password

    async def _login(self, initial: str) -> tuple[bytes, bytes]:
        name = _decoded(initial) if initial else await self._ask(_USERNAME)
        return name, await self._ask(_PASSWORD)

    async def _ask(self, challenge: str) -> bytes:
        self._wire.say(f"334 {challenge}")
        line = await self._wire.line(self._longest, self._patience_s)
        if line.strip() == b"*":
            raise _Answered("501 5.7.0 as you like")
        return _decoded(line.decode("latin-1").strip())


async def _checked(
    name: bytes, password: bytes, logins: Logins, door: Door, peer: str
) -> tuple[str, Login | None]:
    until = asyncio.get_running_loop().time() + door.limits.answer_s
    try:
        async with asyncio.timeout_at(until):
            may_try = await door.may_try(peer)
    except TimeoutError:
        return _NOBODY_KNOWS, None
    if not may_try:
        return "421 4.7.0 too many failed logins from your address; come again later", None
    failed = True  # also if the client hangs up meanwhile
    try:
        async with asyncio.timeout_at(until):
            login = await logins.check(name, password)
        failed = login is None
    except (DatabaseUnavailable, TimeoutError):
        failed = False
        return _NOBODY_KNOWS, None
    except Exception as error:  # noqa: BLE001
        failed = False
        _SMTP_LOGIN_UNCHECKED(error)
        return _NOBODY_KNOWS, None
    finally:
        door.tried(peer, failed=failed)
    if login is None:
        _SMTP_LOGIN_FAILED(peer=peer)
        return "535 5.7.8 name or password are wrong", None
    return "235 2.7.0 welcome", login


def _decoded(text: str) -> bytes:
    """`=` is an initial response that is there and empty."""
    if text == "=":
        return b""
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise _Answered("501 5.5.2 this is no base64") from None
