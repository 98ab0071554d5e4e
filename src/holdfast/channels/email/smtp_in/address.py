"""Where SMTP-in listens, and what it asks for there.

on this machine      no password, unless HOLDFAST_SMTP_LOGIN=required; TLS if there is one
anywhere else        TLS and a login, always; so also where a balancer brings others in
"""

from dataclasses import dataclass
from pathlib import Path

from holdfast.channels.email.providers.url import is_loopback
from holdfast.channels.email.settings import EmailSettings
from holdfast.errors import ConfigError
from holdfast.policy.client_address import Network, networks

_HIGHEST_PORT = 65_535


@dataclass(frozen=True, slots=True)
class Address:
    """One port. `implicit`: TLS from the first byte instead of by STARTTLS.

    `proxies`: the balancers that say in a PROXY header for whom they come.
    """

    host: str
    port: int
    certificate: Path | None = None
    key: Path | None = None
    implicit: bool = False
    needs_login: bool = False
    proxies: tuple[Network, ...] = ()


def address(settings: EmailSettings, text: str, *, implicit: bool = False) -> Address:
    """What HOLDFAST_SMTP_LISTEN, HOLDFAST_SMTPS_LISTEN or --smtp say.

    Raises:
        ConfigError: it is not host:port, or others than this machine could reach it and there is
            no certificate, or no login would be asked for; or the balancers are no addresses.
    """
    variable = "HOLDFAST_SMTPS_LISTEN" if implicit else "HOLDFAST_SMTP_LISTEN"
    host, port = _host_and_port(variable, text)
    if implicit and settings.smtp_cert is None:
        raise ConfigError(f"{variable}: TLS from the start needs HOLDFAST_SMTP_CERT")
    if settings.smtp_key is not None and settings.smtp_cert is None:
        raise ConfigError("HOLDFAST_SMTP_KEY: this is the key to a certificate, and there is none")
    proxies = _proxies(settings.smtp_proxies)
    is_open = bool(proxies) or not is_loopback(host)
    if is_open:
        _check_open_to_others(variable, host, settings)
    return Address(
        host, port, settings.smtp_cert, settings.smtp_key, implicit,
        settings.smtp_login == "required" or is_open, proxies,
    )  # fmt: skip


def _proxies(text: str) -> tuple[Network, ...]:
    try:
        return networks([part for part in text.split(",") if part.strip()])
    except ValueError as error:
        raise ConfigError(
            f"HOLDFAST_SMTP_PROXIES: {error}; addresses and ranges such as 10.0.0.0/8 are needed"
        ) from None


def _check_open_to_others(variable: str, host: str, settings: EmailSettings) -> None:
    if settings.smtp_cert is None:
        raise ConfigError(
            f"{variable}: whoever reaches {host} could read passwords and mail on their way. "
            "Give a certificate with HOLDFAST_SMTP_CERT and HOLDFAST_SMTP_KEY, "
            "or stay on 127.0.0.1, ::1 or localhost, without HOLDFAST_SMTP_PROXIES"
        )
    if settings.smtp_login == "optional":
        raise ConfigError(
            f"HOLDFAST_SMTP_LOGIN: optional would let whoever reaches {host} send mail as you; "
            "it can be so on 127.0.0.1, ::1 and localhost alone, without HOLDFAST_SMTP_PROXIES"
        )


def _host_and_port(variable: str, text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    if not host or not port.isascii() or not port.isdigit() or int(port) > _HIGHEST_PORT:
        raise ConfigError(f"{variable}: {text!r} is not host:port, such as 127.0.0.1:1025")
    return host, int(port)
