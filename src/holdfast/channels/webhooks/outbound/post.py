"""One POST: no redirects, no cookies, no proxies of the environment, a bounded answer."""

import asyncio
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import aiohttp

from holdfast.channels.webhooks.outbound.address import Forbidden, guarded
from holdfast.policy import retry_after
from holdfast.policy.answers import from_http
from holdfast.policy.client_address import Network
from holdfast.policy.verdict import Dead, Retry, Verdict

_MOST_READ = 65_536
_KEPT = 2000
_CONNECT_S = 10.0
_LONGEST_HEADER = 32_768


@dataclass(frozen=True, slots=True)
class Posted:
    """What became of a request: the verdict, and what was answered if anything was."""

    verdict: Verdict
    status: int | None
    duration_ms: int
    answer: str = ""


class Poster:
    """Connections that are kept between deliveries, for one event loop and one set of networks."""

    def __init__(self, allowed: Sequence[Network]) -> None:
        connector = aiohttp.TCPConnector(
            limit=200, limit_per_host=20, ttl_dns_cache=10, socket_factory=guarded(allowed)
        )
        self._session = aiohttp.ClientSession(
            connector=connector, cookie_jar=aiohttp.DummyCookieJar(), trust_env=False,
            auto_decompress=False, max_line_size=_LONGEST_HEADER, max_field_size=_LONGEST_HEADER,
            skip_auto_headers=("User-Agent", "Accept", "Accept-Encoding", "Content-Type"),
        )  # fmt: skip

    async def post(
        self, url: str, body: bytes, headers: Sequence[tuple[str, str]], timeout_s: float
    ) -> Posted:
        """Post it and judge the answer. Never raises but CancelledError.

        A request that got no answer may have been handled: it is sent again with the same id.
        """
        began = time.monotonic()
        timeout = aiohttp.ClientTimeout(total=timeout_s, connect=min(_CONNECT_S, timeout_s))
        status, text = None, ""
        try:
            async with self._session.post(
                url, data=body, headers=headers, timeout=timeout, allow_redirects=False
            ) as answer:
                status = answer.status
                verdict = from_http(status, retry_after=_wish(answer.headers))
                text = (await answer.content.read(_MOST_READ)).decode("utf-8", "replace")
        except (TimeoutError, aiohttp.ClientError, OSError, ValueError) as error:
            verdict = verdict if status is not None else _without_answer(error, timeout_s)
        took = int((time.monotonic() - began) * 1000)
        return Posted(verdict, status, took, text[:_KEPT].replace("\x00", ""))

    async def close(self) -> None:
        """Close the connections."""
        await self._session.close()


def _wish(headers: Mapping[str, str]) -> float | None:
    return retry_after.parse(
        headers.get("Retry-After"), now=datetime.now(UTC), date=headers.get("Date")
    )


def _without_answer(error: Exception, timeout_s: float) -> Verdict:
    cause = getattr(error, "os_error", error)
    if isinstance(cause, Forbidden):
        return Dead(f"not sent: {cause.address} is {cause}")
    if isinstance(error, aiohttp.InvalidURL | aiohttp.NonHttpUrlClientError):
        return Dead("not sent: its address can not be read as a URL")
    if isinstance(error, asyncio.TimeoutError):
        return Retry(f"no answer within {timeout_s:g} s", outage=True)
    said = f"{type(error).__name__}: {str(error)[:200]}"
    if isinstance(error, ValueError):  # no word of theirs: we could not write the request
        return Retry(f"not sent: {said}")
    return Retry(said, outage=True)
