"""What a person says of an endpoint, looked at before it is stored: address, secret, changes."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final
from urllib.parse import urlsplit

from holdfast.channel import Services
from holdfast.channels.webhooks.book import Book
from holdfast.channels.webhooks.outbound.original import goes_on, is_sendable
from holdfast.channels.webhooks.schemes import SCHEMES, sign
from holdfast.channels.webhooks.secrets import checked, resolve
from holdfast.channels.webhooks.settings import sources
from holdfast.errors import ConfigError, InvalidInput

_HEADER: Final = "header:"
_NOTHING: Final = frozenset(
    {"none", "null"}
)  # as in `queues set`; of a header they may be the value
_USERINFO: Final = re.compile(r"^(https?://)[^/?#]*@", re.IGNORECASE)


def checked_url(url: str) -> str:
    """The address, if something can be posted there; raises InvalidInput if not."""
    try:
        parts = urlsplit(url)
        fits = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:  # a port above 65535, brackets that do not close
        fits = False
    if not fits or not url.isprintable() or " " in url or not _is_called(url):
        plain = f"…{url[url.rindex('@') :]}" if "@" in url else url  # before it may be a password
        raise InvalidInput(f"{plain[:200]!r} is no address such as https://example.com:8443/in")
    return url


def plain_url(url: str) -> str:
    """An address as people may read it: without the name and password that it may have."""
    return _USERINFO.sub(r"\1…@", url)


def has_credentials(url: str) -> bool:
    """Whether a name or a password is part of it: who asks there logs in with them."""
    return bool(_USERINFO.match(url))


def _is_called(url: str) -> bool:
    """Whether who delivers can read it, too, and its host can be a name."""
    from yarl import URL

    try:
        return bool((URL(url).raw_host or "").encode("idna"))
    except (ValueError, UnicodeError):
        return False


async def trouble_of(services: Services, source: str | None) -> str:
    """What to know of a forward whose source neither this process nor the database knows."""
    if source is None or source == "*":
        return ""
    book = Book(services.database, sources())
    await book.look("")
    found = [book.known(name) for name in book.names()]
    names = [one.name for one in found if one and (one.secrets or one.shared)]
    if source in names:
        return ""
    return (
        f"no source {source!r} is known to this process or the database; known: "
        f"{', '.join(names) or 'none'}. Unless the server's environment has it, nothing is "
        "forwarded; make it with: holdfast webhooks sources add"
    )


def checked_secret(reference: str, owner: str = "") -> str:
    """The reference, if its secret can be had here and signs; raises InvalidInput if not."""
    try:
        value = resolve(checked(reference), owner)
    except ConfigError as error:
        raise InvalidInput(f"{error}. The worker has to find it, too") from None
    sign(SCHEMES["standardwebhooks"], b"", value, timestamp=0, event_id="msg")
    return reference


def changes(given: Sequence[str]) -> dict[str, Any]:
    """What KEY=VALUE pairs tell, as `webhook_set_endpoint` takes it. Raises InvalidInput."""
    wanted: dict[str, Any] = {}
    for change in given:
        key, equals, value = change.partition("=")
        key, value = key.strip(), value.strip()
        if not equals or not key:
            raise InvalidInput(f"{change!r} is not KEY=VALUE, such as timeout=20s")
        if key.lower().startswith(_HEADER):
            header = checked_headers({key[len(_HEADER) :].strip(): value or None})
            wanted.setdefault("headers", {}).update(header)
            continue
        if value.lower() in _NOTHING:
            wanted[key] = None
        elif key == "patterns":
            wanted[key] = [part.strip() for part in value.split(",") if part.strip()]
        elif key == "url":
            wanted[key] = checked_url(value)
        elif key == "headers":
            raise InvalidInput("one header at a time: header:X-Region=eu; nothing after = drops it")
        else:
            wanted[key] = value or None
    return wanted


def checked_headers(headers: Mapping[str, str | None]) -> dict[str, str | None]:
    """The headers, if a delivery can have each of them; None drops one. Raises InvalidInput."""
    for name, value in headers.items():
        if not is_sendable(name, value or ""):
            raise InvalidInput(f"{name[:100]!r} and its value cannot be sent as a header")
        if not goes_on(name):
            raise InvalidInput(f"the header {name} is set by holdfast, or by the connection")
    return dict(headers)
