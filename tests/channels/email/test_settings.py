"""Where mail goes and comes, as the environment says it; and errors that keep the password."""

import ssl

import pytest
from pydantic import SecretStr

from holdfast import ConfigError
from holdfast.channels.email.providers.capture import Capture
from holdfast.channels.email.providers.smtp.provider import Smtp
from holdfast.channels.email.providers.smtp.server import smtp_server
from holdfast.channels.email.roster import roster
from holdfast.channels.email.settings import EmailSettings
from holdfast.settings import read


def server(url):
    """What a URL says."""
    return smtp_server(SecretStr(url))


@pytest.mark.parametrize(
    ("url", "host", "port", "tls"),
    [
        ("smtp://mail.example.com", "mail.example.com", 587, "required"),
        ("smtps://mail.example.com", "mail.example.com", 465, "implicit"),
        ("smtp://mail.example.com:25?starttls=never", "mail.example.com", 25, "never"),
        ("smtp://mail.example.com?starttls=optional", "mail.example.com", 587, "optional"),
        ("smtp://127.0.0.1:1026/", "127.0.0.1", 1026, "optional"),
        ("smtp://[::1]:1026", "::1", 1026, "optional"),
        ("smtp://localhost:1026?starttls=required", "localhost", 1026, "required"),
    ],
)
def test_a_url(url, host, port, tls):
    """Encryption is required by default, except on this machine."""
    read_server = server(url)
    assert (read_server.host, read_server.port, read_server.tls) == (host, port, tls)
    assert read_server.timeout_s == 30 and read_server.username is None


def test_user_and_password_may_hold_anything():
    """What cannot stand in a URL is percent-encoded; nothing printed shows the password."""
    read_server = server("smtp://ann%40example.com:p%2F%3Aw%20d@mail.example.com?timeout=2.5")
    assert (read_server.username, read_server.timeout_s) == ("ann@example.com", 2.5)
    assert read_server.password.get_secret_value() == "p/:w d"
    assert "p/:w d" not in repr(read_server)


WRONG = [
    "mail.example.com", "http://u:hunter2@x", "smtp://", "smtp://u:hunter2@",
    "smtp://u:hunter2@x:99999", "smtp://u:hunter2@x:smtp", "smtp://u:hunter2@x/path",
    "smtp://u:hunter2@x?starttls=yes", "smtp://u:hunter2@x?timeout=0", "smtp://u:hunter2@x?timeout=nan",
    "smtp://u:hunter2@x?tls=1", "smtps://u:hunter2@x?starttls=required",
    "smtp://u:hunter2@x?timeout=1&timeout=2", "smtp://u:hunter2@x?ca=/no/such/file",
    "smtp://u:hunter2@x?ca=/etc/passwd", "smtp://u:hunter2@x?ca=%00",
    "smtp://u:hunter2@x?ehlo=a%0d%0ab", "smtp://u:hunter2@x?ehlo=", "smtp://u:hunter2@[x", "smtp://u:hunter2@x#y",
]  # fmt: skip


@pytest.mark.parametrize("url", WRONG)
def test_a_url_that_can_not_be_used(url):
    """The error names the variable and the shape, and never the password."""
    with pytest.raises(ConfigError, match="HOLDFAST_SMTP_URL") as raised:
        server(url)
    assert "hunter2" not in str(raised.value) and "smtp://user:password@host" in str(raised.value)


@pytest.mark.parametrize(
    ("url", "hint"),
    [
        ("smtp://ann:pa#ss@mail.example.com", "%23"),
        ("smtp://ann:1/2@mail.example.com", "%2F"),
        ("smtp://mail.example.com:465", "smtps://"),
    ],
)
def test_common_mistakes_are_told(url, hint):
    """A sign that has to be encoded, and the port that speaks TLS from the start."""
    with pytest.raises(ConfigError, match=hint):
        server(url)
    assert server("smtp://mail.example.com:465?starttls=required").tls == "required"


def test_certificates_are_checked_except_on_this_machine(certificates):
    """A certificate has to be good wherever somebody could be in between, or a CA is named."""
    assert server("smtp://mail.example.com").context().verify_mode == ssl.CERT_REQUIRED
    assert server("smtp://mail.example.com").context().check_hostname
    assert server("smtp://localhost").context().verify_mode == ssl.CERT_NONE
    named = server(f"smtp://localhost?ca={certificates}/localhost.pem")
    assert named.context().verify_mode == ssl.CERT_REQUIRED


def test_the_way_out(monkeypatch):
    """Without HOLDFAST_SMTP_URL nothing leaves; with it, mail goes there."""
    [only] = roster(read(EmailSettings), None)
    assert isinstance(only.provider, Capture)
    monkeypatch.setenv("HOLDFAST_SMTP_URL", "smtp://u:hunter2@localhost")
    settings = read(EmailSettings)
    [only] = roster(settings, None)
    assert isinstance(only.provider, Smtp) and "hunter2" not in repr(settings)
