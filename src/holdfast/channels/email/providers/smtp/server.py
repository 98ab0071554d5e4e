"""A server that mail goes out by, as its URL says."""

import re
import shlex
import ssl
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import SecretStr

from holdfast.channels.email.providers.smtp import dkim
from holdfast.channels.email.providers.smtp.token import Tokens
from holdfast.channels.email.providers.url import ProviderUrl, is_loopback, provider_url, seconds

Tls = Literal["implicit", "required", "optional", "never"]
_PORTS = {"smtp": 587, "smtps": 465}
SHAPE = "smtp://user:password@host:port?starttls=required&timeout=30"
_TLS_PORT = 465
_OPTIONS = (
    "starttls", "ca", "connections", "messages", "idle", "dot", "dkim", "ehlo", "token_file",
    "token_command",
)  # fmt: skip
_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?|\[[0-9A-Za-z.:]{2,60}\]")


@dataclass(frozen=True, slots=True)
class SmtpServer:
    """A server that mail goes out by.

    Attributes:
        host: its name or address.
        port: default 587 for smtp, 465 for smtps.
        username: of the login; without it none is tried.
        password: of the login.
        tls: from the start, by STARTTLS or not at all, or by STARTTLS if the server offers it.
        timeout_s: for everything up to the end of the message.
        ca: a file with the certificates to trust instead of the system's.
        connections: at most so many at the same time.
        messages: after so many a connection is closed and a fresh one made.
        idle_s: a connection without work is closed after so long.
        dot_s: how long to wait for the answer to a whole message. RFC 5321 (4.5.3.2.6) wants ten
            minutes, since giving up early may deliver the message twice.
        signers: the keys that sign messages, each those of its domain.
        ehlo: what we call ourselves; None: the name of this machine.
        tokens: of the login, instead of a password.
    """

    host: str
    port: int
    username: str | None = None
    password: SecretStr | None = None
    tls: Tls = "required"
    timeout_s: float = 30.0
    ca: Path | None = None
    connections: int = 10
    messages: int = 100
    idle_s: float = 10.0
    dot_s: float = 120.0
    signers: tuple[dkim.Signer, ...] = ()
    ehlo: str | None = None
    tokens: Tokens | None = None

    @property
    def is_loopback(self) -> bool:
        """On this machine: nobody can listen in between."""
        return is_loopback(self.host)

    def context(self) -> ssl.SSLContext:
        """What TLS has to prove; on loopback nothing, unless `ca` says by what."""
        context = ssl.create_default_context(cafile=str(self.ca) if self.ca else None)
        if self.is_loopback and self.ca is None:
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        return context


def smtp_server(url: SecretStr) -> SmtpServer:
    """Read HOLDFAST_SMTP_URL.

    Raises:
        ConfigError: it cannot be understood; the message never holds the password.
    """
    return server_at(provider_url("smtp", url, "HOLDFAST_SMTP_URL", SHAPE))


def server_at(url: ProviderUrl) -> SmtpServer:
    """The server of an smtp or smtps URL.

    Raises:
        ConfigError: an option cannot be used, or the scheme is another one.
    """
    if url.scheme not in _PORTS:
        raise url.unusable(f"the scheme is smtp or smtps, not {url.scheme[:20]!r}")
    url.known(*_OPTIONS)
    ca = url.options.get("ca")
    if ca is not None and not _has_certificates(ca):
        raise url.unusable("ca is a file with certificates in PEM format, and there is none")
    return SmtpServer(
        url.host,
        url.port or _PORTS[url.scheme],
        url.username,
        url.password,
        _tls(url),
        url.timeout_s,
        Path(ca) if ca is not None else None,
        url.number("connections", 10, 1000),
        url.number("messages", 100, 1_000_000),
        seconds(url.options.get("idle", "10"), url, "idle"),
        seconds(url.options["dot"], url, "dot") if "dot" in url.options else max(
            url.timeout_s, 120.0
        ),
        _signers(url),
        _ehlo(url),
        _tokens(url),
    )  # fmt: skip


def _has_certificates(path: str) -> bool:
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(path)
    except (OSError, ValueError):  # errors of ssl are the first; a zero byte is the second
        return False
    return True


def _signers(url: ProviderUrl) -> tuple[dkim.Signer, ...]:
    try:
        return dkim.signers(url.options["dkim"]) if "dkim" in url.options else ()
    except ValueError as error:
        raise url.unusable(str(error)) from None


def _ehlo(url: ProviderUrl) -> str | None:
    name = url.options.get("ehlo")
    if name is not None and not _NAME.fullmatch(name):
        raise url.unusable("ehlo is the name of this machine, such as mail.example.com")
    return name


def _tokens(url: ProviderUrl) -> Tokens | None:
    file, command = url.options.get("token_file"), url.options.get("token_command")
    if file is None and command is None:
        return None
    if file is not None and command is not None:
        raise url.unusable("a token comes from token_file or from token_command, not from both")
    if not url.username or (url.password and url.password.get_secret_value()):
        raise url.unusable("a token goes with the name of a user, and instead of a password")
    try:
        words = tuple(shlex.split(command or ""))
    except ValueError:
        words = ()
    if not (file or words):
        raise url.unusable("token_file is a path, token_command a command, with quotes in pairs")
    return Tokens(Path(file) if file else None, words)


def _tls(url: ProviderUrl) -> Tls:
    starttls = url.options.get("starttls")
    if url.scheme == "smtps":
        if starttls is not None:
            raise url.unusable("smtps is encrypted from the start and has no starttls")
        return "implicit"
    match starttls:
        case None if url.port == _TLS_PORT:
            raise url.unusable("port 465 speaks TLS from the start: smtps:// instead of smtp://")
        case None:
            return "optional" if url.is_loopback else "required"
        case "required" | "optional" | "never":
            return starttls
    raise url.unusable("starttls is required, optional or never")
