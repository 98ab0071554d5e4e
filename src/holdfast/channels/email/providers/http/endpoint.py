"""Where an API is and by which key, from a provider's URL: `resend://KEY@api.resend.com`."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from holdfast.channels.email.providers.url import ProviderUrl
from holdfast.redaction import conceal

_OPTIONS = ("connections", "plain", "proxy")
_CONNECTIONS = 20
_MOST_CONNECTIONS = 1000


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An API. `url` has no slash at its end; `most` is how many requests may be under way."""

    url: str
    host: str
    key: str = field(repr=False)
    secret: str = field(default="", repr=False)
    options: Mapping[str, str] = field(default_factory=dict)
    timeout_s: float = 30.0
    most: int = _CONNECTIONS
    use_proxy: bool = False


def endpoint(url: ProviderUrl, *options: str) -> Endpoint:
    """The API at a provider's URL, and the options that this provider knows.

    HTTPS, unless `plain=yes` and the host is this machine. `proxy=environment` goes by the proxy
    that HTTPS_PROXY names.

    Raises:
        ConfigError: there is no key, or an option is unknown or unusable.
    """
    url.known(*options, *_OPTIONS)
    if not url.username:
        raise url.unusable(
            f"{url.scheme} needs a key before the host: {url.scheme}://KEY@{url.host}"
        )
    plain = _yes(url, "plain", "yes")
    if plain and not url.is_loopback:
        raise url.unusable("a key does not cross a network in the clear: plain=yes is for loopback")
    secret = url.password.get_secret_value() if url.password is not None else ""
    conceal(url.username, secret)
    host = f"[{url.host}]" if ":" in url.host else url.host
    port = f":{url.port}" if url.port is not None else ""
    return Endpoint(
        f"{'http' if plain else 'https'}://{host}{port}",
        f"{host}{port}",
        url.username,
        secret,
        {name: value for name, value in url.options.items() if name in options},
        url.timeout_s,
        url.number("connections", _CONNECTIONS, _MOST_CONNECTIONS),
        _yes(url, "proxy", "environment"),
    )


def _yes(url: ProviderUrl, name: str, word: str) -> bool:
    if name in url.options and url.options[name] != word:
        raise url.unusable(f"{name} is {word}, or is left out")
    return name in url.options
