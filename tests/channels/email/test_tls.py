"""Encryption and passwords: nothing secret crosses a network in the clear."""

import ssl

import pytest
from aiosmtpd.smtp import AuthResult
from pydantic import SecretStr

from holdfast import Email
from holdfast.channels.email.providers.smtp.provider import Smtp
from holdfast.channels.email.providers.smtp.server import SmtpServer
from holdfast.policy.verdict import Delivered, Snooze


@pytest.fixture
def server_context(certificates):
    """The certificate of localhost, as a server shows it."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificates / "localhost.pem")
    return context


def authenticator(_server, _session, _envelope, _mechanism, data):
    """Ann may."""
    return AuthResult(success=data.login == b"ann" and data.password == b"se/cret", handled=False)


async def attempt(post, provider):
    """The verdict on one attempt at one email."""
    await post.send(Email(to="ann@example.com", subject="Hi", text="Hi", sender="me@example.com"))
    [(verdict, _)] = await post.attempt(provider)
    return verdict


async def test_starttls_is_used_where_it_is_offered(
    post, post_office, smtp, server_context, certificates
):
    """The message goes over the encrypted connection, and the certificate is checked."""
    office = await post_office(tls_context=server_context, require_starttls=True)
    url = office.url(f"?starttls=required&ca={certificates}/localhost.pem")
    assert isinstance(await attempt(post, smtp(url)), Delivered)
    assert isinstance(await attempt(post, smtp(office.url())), Delivered)
    assert len(office.messages) == 2


async def test_smtps(post, post_office, smtp, server_context, certificates):
    """Encrypted from the first byte."""
    office = await post_office(ssl=server_context)
    url = office.url(f"?ca={certificates}/localhost.pem", scheme="smtps")
    assert isinstance(await attempt(post, smtp(url)), Delivered)


@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
async def test_messages_of_any_size_are_encrypted(post, post_office, smtp, server_context, scheme):
    """Short or long, one after the other on the same connection, each goes out once and whole."""
    implicit = scheme == "smtps"
    office = await post_office(
        **{"ssl": server_context} if implicit else {"tls_context": server_context}
    )
    provider = smtp(
        office.url("?timeout=10" + "&starttls=required" * (not implicit), scheme=scheme)
    )
    sizes = (100, 50_000, 65_000, 66_000, 200_000, 100, 3_000_000, 66_000)
    for size in sizes:
        await post.send_bytes(b"Subject: x\r\n\r\n" + (b"x" * 76 + b"\r\n") * (size // 78 + 1))
        assert [type(verdict) for verdict, _ in await post.attempt(provider)] == [Delivered], size
    assert [len(m.content) // 78 for m in office.messages] == [size // 78 + 1 for size in sizes]
    await provider.close()


@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
async def test_a_strangers_certificate(
    post, post_office, smtp, server_context, certificates, scheme
):
    """Whoever cannot prove who he is gets nothing; the email waits, and says where to name a CA."""
    implicit = scheme == "smtps"
    office = await post_office(**{"ssl" if implicit else "tls_context": server_context})
    options = "?" if implicit else "?starttls=required&"
    url = office.url(f"{options}ca={certificates}/stranger.pem", scheme=scheme)
    verdict = await attempt(post, smtp(url))
    assert isinstance(verdict, Snooze) and "TLS failed" in verdict.because and verdict.after
    assert "?ca=" in verdict.because
    assert office.messages == []


async def test_starttls_that_was_stripped(post, script, smtp):
    """A server that offers no encryption, or seems to, gets neither password nor message."""
    server = await script(EHLO=["250-test\r\n250 AUTH PLAIN"])
    url = server.url("?starttls=required").replace("//", "//ann:se%2Fcret@")
    verdict = await attempt(post, smtp(url))
    assert isinstance(verdict, Snooze) and "offers no STARTTLS" in verdict.because
    assert {line[:4] for line in server.lines} <= {b"EHLO", b"QUIT"}


async def test_starttls_that_fails(post, script, smtp):
    """An offer that is taken back is not a reason to go on in the clear."""
    server = await script(EHLO=["250-test\r\n250 STARTTLS"], STAR=["454 4.7.0 not now"])
    verdict = await attempt(post, smtp(server.url()))
    assert isinstance(verdict, Snooze) and "454" in verdict.because
    assert not [line for line in server.lines if line.startswith(b"MAIL")]


async def test_no_password_in_the_clear(post, script):
    """Over a network a password is sent encrypted or not at all, whatever `starttls` says."""
    server = await script(EHLO=["250-test\r\n250 AUTH PLAIN LOGIN"])
    # Taken for a server elsewhere: the name of the host decides, and this one is not known.
    elsewhere = SmtpServer("127.1", server.port, "ann", SecretStr("se/cret"), "never", timeout_s=5)
    assert not elsewhere.is_loopback
    verdict = await attempt(post, Smtp(elsewhere))
    assert isinstance(verdict, Snooze) and "in the clear" in verdict.because
    assert not [line for line in server.lines if line.startswith(b"AUTH")]


async def test_logging_in(post, post_office, smtp, server_context):
    """The password is accepted, or the email waits until it has been corrected."""
    office = await post_office(
        auth_required=True, tls_context=server_context, authenticator=authenticator
    )
    assert isinstance(await attempt(post, smtp(office.url(user="ann:se%2Fcret@"))), Delivered)
    verdict = await attempt(post, smtp(office.url(user="ann:wrong@")))
    assert isinstance(verdict, Snooze) and "credentials" in verdict.because
    verdict = await attempt(post, smtp(office.url()))
    assert isinstance(verdict, Snooze) and "530" in verdict.because
    assert len(office.messages) == 1


async def test_a_server_without_passwords(post, post_office, smtp):
    """A password that nobody asks for is a mistake in the settings, and the email says which."""
    office = await post_office()
    verdict = await attempt(post, smtp(office.url(user="ann:x@")))
    assert isinstance(verdict, Snooze) and "offers no login" in verdict.because


async def test_a_server_that_does_not_begin_with_tls(post, script, smtp):
    """smtps:// at a server that wants STARTTLS: what is said names the other scheme."""
    server = await script()
    verdict = await attempt(post, smtp(server.url("?timeout=5").replace("smtp://", "smtps://")))
    assert isinstance(verdict, Snooze) and verdict.outage
    assert "smtp:// instead of smtps://" in verdict.because


async def test_a_server_that_wants_a_digest(post, script, smtp):
    """CRAM-MD5 where nothing else is offered, as in the example of RFC 2195."""
    challenge = "PDE4OTYuNjk3MTcwOTUyQHBvc3RvZmZpY2UucmVzdG9uLm1jaS5uZXQ+"
    server = await script(
        EHLO=["250-test\r\n250 AUTH CRAM-MD5"], AUTH=[f"334 {challenge}"], DGLT=["235 2.7.0 Ok"]
    )
    url = server.url().replace("smtp://", "smtp://tim:tanstaaftanstaaf@")
    assert isinstance(await attempt(post, smtp(url)), Delivered)
    assert server.lines[1:3] == [
        b"AUTH CRAM-MD5\r\n", b"dGltIGI5MTNhNjAyYzdlZGE3YTQ5NWI0ZTZlNzMzNGQzODkw\r\n",
    ]  # fmt: skip
