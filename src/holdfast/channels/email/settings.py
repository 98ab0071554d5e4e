"""Where mail goes out, and where it comes in."""

import ssl
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import Literal
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from pydantic import SecretStr

from holdfast.errors import ConfigError
from holdfast.redaction import conceal
from holdfast.settings import Settings

Tls = Literal["implicit", "required", "optional", "never"]
_PORTS = {"smtp": 587, "smtps": 465}
_SHAPE = "smtp://user:password@host:port?starttls=required&timeout=30"
_LONGEST_TIMEOUT = 3600.0


class EmailSettings(Settings):
    """The settings of this channel.

    Attributes:
        smtp_url: the server that mail goes out by; without it mail is captured. HOLDFAST_SMTP_URL
        smtp_listen: where SMTP-in listens, host:port. HOLDFAST_SMTP_LISTEN
        email_from: the sender of emails that name none. HOLDFAST_EMAIL_FROM
        email_templates: the folder with the templates of emails. HOLDFAST_EMAIL_TEMPLATES
    """

    smtp_url: SecretStr | None = None
    smtp_listen: str = "127.0.0.1:1025"
    email_from: str | None = None
    email_templates: Path | None = None


@dataclass(frozen=True, slots=True)
class SmtpServer:
    """A server that mail goes out by. `timeout_s` is for one attempt, all steps together.

    `ca` is a file with the certificates to trust instead of the system's.
    """

    host: str
    port: int
    username: str | None = None
    password: SecretStr | None = None
    tls: Tls = "required"
    timeout_s: float = 30.0
    ca: Path | None = None

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
        ConfigError: it can not be understood; the message never holds the password.
    """
    try:
        parts = urlsplit(url.get_secret_value())
        host, port = parts.hostname, parts.port
    except ValueError:
        raise _unusable("the host or the port is malformed") from None
    if parts.scheme not in _PORTS:
        raise _unusable(f"the scheme is smtp or smtps, not {parts.scheme[:20]!r}")
    if not host or parts.path not in {"", "/"} or parts.fragment:
        raise _unusable("a host is needed, and nothing but ?options after the port")
    options = _options(parts)
    conceal(parts.password, unquote(parts.password or ""))
    return SmtpServer(
        host,
        port or _PORTS[parts.scheme],
        unquote(parts.username) if parts.username else None,
        SecretStr(unquote(parts.password or "")) if parts.username else None,
        _tls(parts.scheme, options.get("starttls"), host),
        _timeout(options.get("timeout", "30")),
        _ca(options.get("ca")),
    )


def listen_address(address: str) -> tuple[str, int]:
    """Host and port of HOLDFAST_SMTP_LISTEN or --smtp.

    Raises:
        ConfigError: it is not host:port, or the host is open to others.
    """
    host, _, port = address.rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    if not host or not port.isascii() or not port.isdigit() or int(port) > 65535:  # noqa: PLR2004
        raise ConfigError(
            f"HOLDFAST_SMTP_LISTEN: {address!r} is not host:port, such as 127.0.0.1:1025"
        )
    if not is_loopback(host):
        raise ConfigError(
            f"HOLDFAST_SMTP_LISTEN: SMTP-in stays off {host}: it asks for no password yet, "
            "so whoever reaches it could send mail as you. Use 127.0.0.1, ::1 or localhost"
        )
    return host, int(port)


def is_loopback(host: str) -> bool:
    """Whether the host is this machine, by its name alone: nobody is asked."""
    if host.lower() == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _options(parts: SplitResult) -> dict[str, str]:
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    options = dict(pairs)
    unknown = options.keys() - {"starttls", "timeout", "ca"}
    if unknown or len(options) < len(pairs):
        raise _unusable("the options are starttls, timeout and ca, each once")
    return options


def _tls(scheme: str, starttls: str | None, host: str) -> Tls:
    if scheme == "smtps":
        if starttls is not None:
            raise _unusable("smtps is encrypted from the start and has no starttls")
        return "implicit"
    match starttls:
        case None:
            return "optional" if is_loopback(host) else "required"
        case "required" | "optional" | "never":
            return starttls
    raise _unusable("starttls is required, optional or never")


def _timeout(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not 0 < seconds <= _LONGEST_TIMEOUT:
        raise _unusable(f"timeout is a number of seconds, above 0 and at most {_LONGEST_TIMEOUT:g}")
    return seconds


def _ca(path: str | None) -> Path | None:
    if path is not None and not Path(path).is_file():
        raise _unusable("ca is a file with certificates in PEM format, and there is none")
    return Path(path) if path is not None else None


def _unusable(why: str) -> ConfigError:
    return ConfigError(f"HOLDFAST_SMTP_URL: {why}. It looks like {_SHAPE}")
