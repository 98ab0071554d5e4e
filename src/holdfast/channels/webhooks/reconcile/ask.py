"""Asks a provider: tried again while it is busy, and told apart from one that refuses us."""

import contextlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

import aiohttp
from yarl import URL

from holdfast.channels.webhooks.whole import whole
from holdfast.errors import ConfigError, HoldfastError
from holdfast.policy import retry_after
from holdfast.retry import retry

_TIMEOUT: Final = aiohttp.ClientTimeout(total=30)
_MOST_BYTES: Final = 64 * 1024 * 1024
_MOST_WORDS: Final = 65_536
_FORBIDDEN: Final = 403
_TOO_MANY: Final = 429
_GONE: Final = frozenset({404, 410})
_COUNTED_S: Final = 3600.0
_UNSAID_S: Final = 60.0
_SECONDS: Final = re.compile(r"[0-9]{1,12}")


class Busy(HoldfastError):
    """The provider does not answer well now; `wait_s` is how long it asks us to wait."""

    def __init__(self, message: str, wait_s: float | None) -> None:
        super().__init__(message)
        self.wait_s = wait_s


class Gone(ConfigError):
    """There is nothing at that address, or nothing any more."""


def _worth(error: Exception) -> bool | float:
    if isinstance(error, Busy):
        return True if error.wait_s is None else error.wait_s
    return False


@retry(on=_worth, attempts=6, total_s=300, name="reconcile")
async def get(
    session: aiohttp.ClientSession, url: str, headers: dict[str, str],
    params: Sequence[tuple[str, str]] = (), method: str = "GET",
) -> tuple[Any, dict[str, str]]:  # fmt: skip
    """The JSON at an address of a provider, and the answer's headers; tried again when it is busy.

    Raises:
        ConfigError: the provider refuses us (key, address); trying again will not help.
            `Gone` if it says that nothing is there.
        Busy: it went on being busy, or we have asked too much of it.
    """
    try:
        async with session.request(
            method, url, params=list(params), headers=headers, timeout=_TIMEOUT
        ) as answer:
            return await _read(answer), dict(answer.headers)
    except (aiohttp.InvalidURL, aiohttp.NonHttpUrlClientError):
        raise ConfigError(f"{url} cannot be read as an address; see --api") from None
    except (aiohttp.ClientError, TimeoutError) as error:  # also what is no HTTP
        said = " ".join(str(error).split())[:200] or type(error).__name__
        raise Busy(f"{url} does not answer: {said}", None) from error


async def _read(answer: aiohttp.ClientResponse) -> Any:
    """The JSON of an answer. Raises as `get`."""
    wait_s = _wish(answer.headers)
    if answer.status == _FORBIDDEN and wait_s is None:
        wait_s = await _said(answer)
    if answer.status == _TOO_MANY or (answer.status == _FORBIDDEN and wait_s is not None):
        raise Busy(f"{answer.url.host} answers {answer.status}: too many requests", wait_s)
    if answer.status >= 500:  # noqa: PLR2004
        raise Busy(f"{answer.url.host} answers {answer.status}", wait_s)
    if answer.status >= 400:  # noqa: PLR2004
        raise (Gone if answer.status in _GONE else ConfigError)(
            f"{answer.url.host} refuses with {answer.status}: "
            f"{(await _words(answer))[:200]}. "
            "Is the key right, and may it read this?"
        )
    raw = await whole(answer.content, _MOST_BYTES)
    if raw is None:
        raise ConfigError(f"{answer.url.host} answers with more than {_MOST_BYTES} bytes")
    try:
        return json.loads(raw or b"null")
    except (ValueError, RecursionError):  # a page of whoever stands before it
        raise Busy(f"{answer.url.host} answers {answer.status} and no JSON", wait_s) from None


@contextlib.contextmanager
def is_list_of(url: str) -> Iterator[None]:
    """What is read of an answer here has to be there. Raises ConfigError if it is not."""
    try:
        yield
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise ConfigError(
            f"{url} answers with something else than its list ({type(error).__name__}: {error}). "
            "Is the address right?"
        ) from None


def following(url: str, said: str | None) -> str:
    """The address of the next page, as a page says it; none for nothing.

    The key goes to no other host, whatever a page says: raises ConfigError.
    """
    if not said:
        return ""
    try:
        address = URL(url).join(URL(said))
        if address.origin() == URL(url).origin():
            return str(address)
    except (ValueError, TypeError):
        pass
    raise ConfigError(f"{url} says that its next page is elsewhere: {str(said)[:200]}")


async def _said(answer: aiohttp.ClientResponse) -> float | None:
    """GitHub's secondary limits may come without any header: then a minute is to be waited.

    docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api
    """
    return _UNSAID_S if "rate limit" in (await _words(answer)).lower() else None


async def _words(answer: aiohttp.ClientResponse) -> str:
    """How its text begins: whoever stands there may never end it."""
    read = bytearray()
    async for piece in answer.content.iter_any():
        read += piece
        if len(read) >= _MOST_WORDS:
            break
    return read[:_MOST_WORDS].decode("utf-8", "replace")


def _wish(headers: Mapping[str, str]) -> float | None:
    """How long to wait, in seconds, if it says so; GitHub also tells when it counts anew."""
    now = datetime.now(UTC)
    asked = retry_after.parse(headers.get("Retry-After"), now=now)
    if asked is not None or headers.get("X-RateLimit-Remaining") != "0":
        return asked
    anew = headers.get("X-RateLimit-Reset", "")
    return max(float(anew) - now.timestamp(), 1.0) if _SECONDS.fullmatch(anew) else _COUNTED_S
