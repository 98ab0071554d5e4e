"""Where mail goes out, and where it comes in."""

import re
from typing import Final

from pydantic import SecretStr

from holdfast.channels.email.providers.url import is_loopback
from holdfast.errors import ConfigError
from holdfast.settings import Settings

PATTERN: Final = re.compile(r"HOLDFAST_EMAIL_PROVIDER_([A-Z0-9_]+)")
"""The variables that name providers; see `roster.py`."""


class EmailSettings(Settings):
    """The settings of this channel.

    Attributes:
        smtp_url: the server that mail goes out by; without it mail is captured. HOLDFAST_SMTP_URL
        smtp_listen: where SMTP-in listens, host:port. HOLDFAST_SMTP_LISTEN
        email_from: the sender of emails that name none. HOLDFAST_EMAIL_FROM
    """

    smtp_url: SecretStr | None = None
    smtp_listen: str = "127.0.0.1:1025"
    email_from: str | None = None


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
