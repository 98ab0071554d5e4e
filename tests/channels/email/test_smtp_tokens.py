"""Logging in with a token, as Google and Microsoft 365 want it."""

import base64
import shlex
import ssl
import sys

import pytest
from aiosmtpd.smtp import AuthResult
from pydantic import SecretStr

from holdfast import Email
from holdfast.channels.email.providers.smtp.server import smtp_server
from holdfast.channels.email.providers.smtp.token import NoToken, Tokens
from holdfast.errors import ConfigError
from holdfast.policy.verdict import Delivered, Snooze

SHORT, LONG = "ya29.short-token", "eyJ" + "x" * 500
USER = "shop%2Cone%40example.com@"
WAYS = ("oauthbearer", "xoauth2")


@pytest.fixture
def office_of(post_office, certificates):
    """Starts a server that knows one mechanism; `tokens` are those it takes, `said` what came."""

    async def start(way, *tokens):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificates / "localhost.pem")
        office = await post_office(
            tls_context=context, auth_required=True, auth_exclude_mechanism=["LOGIN", "PLAIN"]
        )
        office.tokens, office.said = list(tokens), []

        async def check(server, args):
            is_first = len(args) > 1
            said = base64.b64decode(args[1]) if is_first else await server.challenge_auth("")
            office.said.append((is_first, said.decode()))
            if any(said.endswith(f"\1auth=Bearer {t}\1\1".encode()) for t in office.tokens):
                return AuthResult(success=True)
            end = await server.challenge_auth('{"status":"401","schemes":"Bearer"}')
            assert end == (b"\1" if way == "oauthbearer" else b"")
            return AuthResult(success=False, handled=False)

        setattr(office, f"auth_{way.upper()}", check)
        return office

    return start


async def attempt(post, provider):
    """The verdict on one attempt at one email, and its new state."""
    await post.send(Email(to="ann@example.com", subject="Hi", text="Hi", sender="me@example.com"))
    [(verdict, _)] = await post.attempt(provider)
    return verdict


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("token", [SHORT, LONG])
async def test_a_token_from_a_file(post, office_of, smtp, tmp_path, way, token):
    """The token is said as the mechanism has it; one that is too long for a command comes after."""
    (tmp_path / "token").write_text(f"{token}\n")
    office = await office_of(way, token)
    url = office.url(f"?token_file={tmp_path}/token", user=USER)
    assert isinstance(await attempt(post, smtp(url)), Delivered)
    whole = {
        "xoauth2": f"user=shop,one@example.com\1auth=Bearer {token}\1\1",
        "oauthbearer": f"n,a=shop=2Cone@example.com,\1host=localhost\1port={office.port}"
        f"\1auth=Bearer {token}\1\1",
    }
    [(is_first, said)] = office.said
    assert said.replace("127.0.0.1", "localhost") == whole[way]
    assert is_first == (token == SHORT) and len(office.messages) == 1


@pytest.mark.parametrize("way", WAYS)
async def test_a_refused_token_costs_no_attempt(post, office_of, smtp, tmp_path, way):
    """It is nothing that the email could help: it waits, and goes once there is a good one."""
    file = tmp_path / "token"
    file.write_text("old")
    office = await office_of(way, "new")
    provider = smtp(office.url(f"?token_file={file}", user=USER))
    verdict = await attempt(post, provider)
    assert isinstance(verdict, Snooze) and verdict.outage and "535" in verdict.because
    assert "old" not in verdict.because and len(office.said) == 1
    file.unlink()
    post.later()
    post.sql.execute("delete from breakers")
    [(verdict, _)] = await post.attempt(provider)
    assert isinstance(verdict, Snooze) and "token file" in verdict.because
    file.write_text("new")
    post.later()
    post.sql.execute("delete from breakers")
    [(verdict, _)] = await post.attempt(provider)
    assert isinstance(verdict, Delivered)
    tries = post.sql.execute("select attempts from jobs where queue = 'email'").fetchone()
    assert tries == (1,)


async def test_a_command_prints_the_token(post, office_of, smtp, tmp_path):
    """It is asked once for many logins; a token that is refused is renewed at once."""
    file, count = tmp_path / "token", tmp_path / "count"
    file.write_text("first")
    script = f"open({str(count)!r}, 'a').write('x'); print(open({str(file)!r}).read())"
    office = await office_of("xoauth2", "first")
    command = shlex.join([sys.executable, "-c", script]).replace("+", "%2B").replace("#", "%23")
    provider = smtp(office.url(f"?messages=1&token_command={command}", user=USER))
    for _ in range(2):
        assert isinstance(await attempt(post, provider), Delivered)
    assert count.read_text() == "x"
    office.tokens = ["second"]
    file.write_text("second")
    assert isinstance(await attempt(post, provider), Delivered)
    assert count.read_text() == "xx" and len(office.said) == 4


async def test_a_token_grows_old():
    """What a command has printed is kept for five minutes."""
    now = [0.0]
    tokens = Tokens(
        None, (sys.executable, "-c", "import uuid; print(uuid.uuid4())"), lambda: now[0]
    )
    first = await tokens.token()
    now[0] = 299
    assert await tokens.token() == first
    now[0] = 301
    assert await tokens.token() != first


@pytest.mark.parametrize(
    ("command", "why"),
    [
        (("/nowhere",), "does not start"),
        ((sys.executable, "-c", "raise SystemExit(3)"), "failed with 3"),
        ((sys.executable, "-c", "print('secret in two words')"), "is no token"),
        ((sys.executable, "-c", "pass"), "is no token"),
        ((sys.executable, "-c", "print('x' * 20000)"), "is no token"),
    ],
)
async def test_what_is_no_token(command, why):
    """What is wrong is said, and not what was there instead."""
    with pytest.raises(NoToken, match=why) as caught:
        await Tokens(None, command).token()
    assert "secret" not in str(caught.value)


async def test_a_server_that_takes_no_tokens(post, script, smtp, tmp_path):
    """A token is no password: it is not said to a server that asks for one."""
    (tmp_path / "token").write_text(SHORT)
    server = await script(EHLO=["250-test\r\n250 AUTH PLAIN LOGIN"])
    url = server.url(f"?token_file={tmp_path}/token").replace("//", f"//{USER}", 1)
    verdict = await attempt(post, smtp(url))
    assert isinstance(verdict, Snooze) and "OAUTHBEARER and XOAUTH2" in verdict.because
    assert not [line for line in server.lines if line.startswith(b"AUTH")]


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("smtp://mail.example?token_file=/x", "name of a user"),
        ("smtp://me:secret@mail.example?token_file=/x", "instead of a password"),
        ("smtp://me@mail.example?token_file=/x&token_command=y", "not from both"),
        ("smtp://me@mail.example?token_command='x", "quotes in pairs"),
        ("smtp://me@mail.example?token_file=", "is a path"),
    ],
)
def test_a_url_that_says_two_things(url, why):
    """A token has a user, one place to come from, and no password beside it."""
    with pytest.raises(ConfigError, match=why) as caught:
        smtp_server(SecretStr(url))
    assert "secret" not in str(caught.value)
