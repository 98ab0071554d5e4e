"""AUTH (RFC 4954): with a password by PLAIN, LOGIN or CRAM-MD5, with a token by OAuth.

Google and Microsoft 365 take tokens alone: OAUTHBEARER (RFC 7628), or their own XOAUTH2.
"""

import hmac
from base64 import b64decode, b64encode
from collections.abc import Awaitable, Callable, Collection

from holdfast.channels.email.providers.smtp.answer import Stopped, refused_us
from holdfast.channels.email.providers.smtp.reply import Reply
from holdfast.channels.email.providers.smtp.server import SmtpServer
from holdfast.channels.email.providers.smtp.token import NoToken, Tokens
from holdfast.policy.answers import CREDENTIALS_AFTER
from holdfast.policy.verdict import Snooze

Ask = Callable[[str], Awaitable[Reply]]
_GOOD = range(200, 300)
_GO_ON = 334
_LONGEST = 510  # of a command, without its end; what is longer is asked for (RFC 4954, 4)
_NO_WAY_IN = "AUTH failed: the server offers none of "
_NO_LOGIN = (
    "AUTH failed: the server offers no login here, and its URL has a user; many offer one only on "
    "port 587 or 465. If it wants none, leave the user out of the URL"
)


async def log_in(server: SmtpServer, ways: Collection[str], ask: Ask) -> None:
    """Say who we are; `ways` is what the server offers, in small letters.

    Raises:
        Stopped: it does not let us in, or we have nothing to say. That costs no email an attempt.
    """
    if not ways:
        raise Stopped(Snooze(_NO_LOGIN, CREDENTIALS_AFTER, outage=True))
    if server.tokens is not None:
        reply = await _by_token(server, server.tokens, ways, ask)
    else:
        reply = await _by_password(server, ways, ask)
    if reply.code not in _GOOD:
        raise refused_us("AUTH", reply)


async def _by_password(server: SmtpServer, ways: Collection[str], ask: Ask) -> Reply:
    username = server.username or ""
    password = server.password.get_secret_value() if server.password else ""
    if "plain" in ways:
        both = _text(f"\x00{username}\x00{password}")
        return await ask(f"AUTH PLAIN {both}")
    if "login" in ways:
        reply = await ask("AUTH LOGIN")
        for answer in (username, password):
            if reply.code == _GO_ON:
                reply = await ask(_text(answer))
        return reply
    if "cram-md5" in ways:
        reply = await ask("AUTH CRAM-MD5")
        if reply.code == _GO_ON:
            digest = hmac.new(password.encode(), b64decode(reply.text), "md5").hexdigest()
            reply = await ask(_text(f"{username} {digest}"))
        return reply
    raise _no_way_in("PLAIN, LOGIN and CRAM-MD5")


async def _by_token(server: SmtpServer, tokens: Tokens, ways: Collection[str], ask: Ask) -> Reply:
    """A token that is refused may be one of yesterday: a newer one is tried at once."""
    way = next((way for way in ("oauthbearer", "xoauth2") if way in ways), None)
    if way is None:
        raise _no_way_in("OAUTHBEARER and XOAUTH2, and a token is all we have")
    try:
        token = await tokens.token()
        reply = await _bear(server, way, token, ask)
        if reply.code not in _GOOD and (newer := await tokens.token(refused=token)) != token:
            reply = await _bear(server, way, newer, ask)
    except NoToken as error:
        raise Stopped(Snooze(f"AUTH failed: {error}", outage=True)) from None
    return reply


async def _bear(server: SmtpServer, way: str, token: str, ask: Ask) -> Reply:
    user = server.username or ""
    if way == "oauthbearer":
        named = user.replace("=", "=3D").replace(",", "=2C")
        said = f"n,a={named},\1host={server.host}\1port={server.port}\1auth=Bearer {token}\1\1"
        end = _text("\1")
    else:
        said, end = f"user={user}\1auth=Bearer {token}\1\1", ""
    command = f"AUTH {way.upper()} {_text(said)}"
    if len(command) <= _LONGEST:
        reply = await ask(command)
    else:
        reply = await ask(f"AUTH {way.upper()}")
        if reply.code != _GO_ON:
            return reply
        reply = await ask(_text(said))
    # why it is refused comes as a challenge; the refusal itself once we have answered that
    return await ask(end) if reply.code == _GO_ON else reply


def _no_way_in(names: str) -> Stopped:
    return Stopped(Snooze(f"{_NO_WAY_IN}{names}", CREDENTIALS_AFTER, outage=True))


def _text(secret: str) -> str:
    return b64encode(secret.encode()).decode()
