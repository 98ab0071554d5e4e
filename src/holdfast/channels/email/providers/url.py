"""Where a provider is, as one text: `smtp://user:password@host:port?timeout=30`.

A text from the environment holds a secret; whatever is wrong with it is said without quoting it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from ipaddress import ip_address
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from pydantic import SecretStr

from holdfast.errors import ConfigError
from holdfast.redaction import conceal

LONGEST_TIMEOUT = 3600.0
_WRITTEN = "; in a name, password or key # / ? @ : % are written %23 %2F %3F %40 %3A %25"


@dataclass(frozen=True, slots=True)
class ProviderUrl:
    """A provider's address. `options` are those that only its own scheme knows.

    `timeout_s` is for one attempt, all steps together. `variable` and `shape` are for errors: where
    the text stands, and how one looks.
    """

    name: str
    scheme: str
    host: str
    port: int | None
    username: str | None
    password: SecretStr | None
    options: Mapping[str, str]
    timeout_s: float = 30.0
    variable: str = "HOLDFAST_SMTP_URL"
    shape: str = "smtp://user:password@host:port?starttls=required&timeout=30"

    @property
    def is_loopback(self) -> bool:
        """On this machine: nobody can listen in between."""
        return is_loopback(self.host)

    def known(self, *names: str) -> None:
        """Refuse options of other names.

        Raises:
            ConfigError: there is one; the message names those that are known.
        """
        if self.options.keys() - set(names):
            raise self.unusable(f"the options are {', '.join((*names, 'timeout'))}, each once")

    def without(self, *names: str) -> "ProviderUrl":
        """The same without options that are dealt with."""
        left = {name: value for name, value in self.options.items() if name not in names}
        return replace(self, options=left)

    def number(self, name: str, default: int, most: int) -> int:
        """An option that is a whole number from 1 to `most`.

        Raises:
            ConfigError: it is something else.
        """
        text = self.options.get(name, str(default))
        if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= most:
            raise self.unusable(f"{name} is a whole number from 1 to {most}")
        return int(text)

    def unusable(self, why: str) -> ConfigError:
        """The error to raise; it never holds the secret."""
        return ConfigError(f"{self.variable}: {why}. It looks like {self.shape}")


def provider_url(name: str, text: SecretStr, variable: str, shape: str) -> ProviderUrl:
    """Read the address of a provider.

    Raises:
        ConfigError: it cannot be understood; the message names the variable and not the secret.
    """
    empty = ProviderUrl(name, "", "", None, None, None, {}, variable=variable, shape=shape)
    try:
        parts = urlsplit(text.get_secret_value())
        host, port = parts.hostname, parts.port
    except ValueError:
        raise empty.unusable(f"the host or the port is malformed{_WRITTEN}") from None
    conceal(parts.password, unquote(parts.password or ""))
    if (not host and parts.scheme != "capture") or parts.path not in {"", "/"} or parts.fragment:
        raise empty.unusable(f"a host is needed, and only ?options after the port{_WRITTEN}")
    options = _options(parts, empty)
    return ProviderUrl(
        name,
        parts.scheme,
        host or "",
        port,
        unquote(parts.username) if parts.username else None,
        SecretStr(unquote(parts.password or "")) if parts.username else None,
        {key: value for key, value in options.items() if key != "timeout"},
        seconds(options.get("timeout", "30"), empty),
        variable,
        shape,
    )


def is_loopback(host: str) -> bool:
    """Whether the host is this machine, by its name alone: nobody is asked."""
    if host.lower() == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def seconds(text: str, url: ProviderUrl, what: str = "timeout") -> float:
    """A duration of an option. Raises ConfigError if it is none."""
    try:
        found = float(text)
    except ValueError:
        found = -1.0
    if not 0 < found <= LONGEST_TIMEOUT:
        raise url.unusable(
            f"{what} is a number of seconds, above 0 and at most {LONGEST_TIMEOUT:g}"
        )
    return found


def _options(parts: SplitResult, url: ProviderUrl) -> dict[str, str]:
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    options = dict(pairs)
    if len(options) < len(pairs):
        raise url.unusable("each option stands there once")
    return options
