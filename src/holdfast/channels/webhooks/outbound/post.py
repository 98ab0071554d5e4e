"""One POST: no redirects, no cookies, no proxies of the environment, a bounded answer."""

import asyncio
import contextlib
import errno
import logging
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import aiohttp

from holdfast import log
from holdfast.channels.webhooks.outbound.address import Forbidden, guarded
from holdfast.channels.webhooks.outbound.answered import Answer, Untidy
from holdfast.channels.webhooks.outbound.names import Names
from holdfast.connector import Kept
from holdfast.policy import retry_after
from holdfast.policy.answers import from_http
from holdfast.policy.client_address import Network
from holdfast.policy.verdict import Dead, Retry, Snooze, Verdict

_RESENT = log.Event(
    "webhook.resent",
    logging.INFO,
    "The other side closed a connection that was kept; a delivery was posted again on a new one.",
    webhook_id=str,
    error=str,
)
_MOST_READ = 65_536
_KEPT = 2000
_CONNECT_S = 10.0
_REST_S = 2.0
# Shorter than servers keep them (Node: 5 s); and each is an open file, of which there are so many.
_KEPT_FOR_S = 4.0
_AT_HOME = {errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM}
_AT_HOME_AFTER_S = 5.0
_STALE = (aiohttp.ServerDisconnectedError, aiohttp.ClientOSError)
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
        self._session = _session(allowed, keepalive_timeout=_KEPT_FOR_S)
        # of those that are kept the next one may be as old
        self._anew = _session(allowed, force_close=True)

    async def post(
        self, url: str, body: bytes, headers: Sequence[tuple[str, str]], timeout_s: float
    ) -> Posted:
        """Post it and judge the answer. Never raises but CancelledError.

        A request that got no answer may have been handled: it is sent again with the same id.
        """
        began = time.monotonic()
        try:
            status, verdict, text = await self._ask(url, body, headers, began + timeout_s)
        except (TimeoutError, aiohttp.ClientError, OSError, ValueError) as error:
            status, verdict, text = None, _without_answer(error, timeout_s), ""
        took = int((time.monotonic() - began) * 1000)
        return Posted(verdict, status, took, text.replace("\x00", ""))

    async def _ask(
        self, url: str, body: bytes, headers: Sequence[tuple[str, str]], until: float
    ) -> tuple[int, Verdict, str]:
        """One request. Again, if the connection was an old one that the other side had closed."""
        for session in (self._session, self._anew):
            left = max(until - time.monotonic(), 0.001)
            timeout = aiohttp.ClientTimeout(total=left, connect=min(_CONNECT_S, left))
            reused: list[bool] = []
            try:
                async with session.post(
                    url, data=body, headers=headers, timeout=timeout, allow_redirects=False,
                    trace_request_ctx=reused,
                ) as answer:  # fmt: skip
                    verdict = from_http(answer.status, retry_after=_wish(answer.headers))
                    return answer.status, verdict, await _excerpt(answer)
            except Untidy as answer:
                verdict = from_http(answer.status, retry_after=_wish(answer.headers or {}))
                return answer.status, verdict, _text(answer.rest)
            except _STALE as stale:
                if not reused:
                    raise
                _RESENT(webhook_id=dict(headers).get("webhook-id", ""), error=_line(stale))
        raise AssertionError("a new connection was not used before")

    async def close(self) -> None:
        """Close the connections."""
        await self._session.close()
        await self._anew.close()


def _session(allowed: Sequence[Network], **connections: Any) -> aiohttp.ClientSession:
    # No limit here: who waits for a connection in vain would be told that nobody answered. How many
    # go at once, and how many to one endpoint, is for the queue to say.
    connector = Kept(
        limit=0, ttl_dns_cache=10, socket_factory=guarded(allowed), resolver=Names(), **connections
    )
    used = aiohttp.TraceConfig()
    used.on_connection_reuseconn.append(_note_reuse)
    return aiohttp.ClientSession(
        connector=connector, cookie_jar=aiohttp.DummyCookieJar(), trust_env=False,
        auto_decompress=False, response_class=Answer,
        max_line_size=_LONGEST_HEADER, max_field_size=_LONGEST_HEADER,
        skip_auto_headers=("User-Agent", "Accept", "Accept-Encoding", "Content-Type"),
        trace_configs=[used],
    )  # fmt: skip


def _wish(headers: Mapping[str, str]) -> float | None:
    return retry_after.parse(
        headers.get("Retry-After"), now=datetime.now(UTC), date=headers.get("Date")
    )


async def _excerpt(answer: aiohttp.ClientResponse) -> str:
    """The beginning of what was answered; no more is waited for than a person reads."""
    read = bytearray()
    with contextlib.suppress(TimeoutError, aiohttp.ClientError, OSError, ValueError):
        async with asyncio.timeout(_REST_S):
            while len(read) < _KEPT and (part := await answer.content.read(_MOST_READ)):
                read += part
    return _text(read)


def _text(said: bytes | bytearray) -> str:
    return said[: 4 * _KEPT].decode("utf-8", "replace")[:_KEPT]


async def _note_reuse(_session: object, context: SimpleNamespace, _params: object) -> None:
    context.trace_request_ctx.append(True)


def _without_answer(error: Exception, timeout_s: float) -> Verdict:
    cause = getattr(error, "os_error", error)
    if isinstance(cause, Forbidden):
        return Dead(
            f"not sent: {cause.address} is {cause}; if it is meant, "
            "HOLDFAST_WEBHOOKS_ALLOW_NETWORKS of the worker has to name it"
        )
    if getattr(cause, "errno", None) in _AT_HOME:  # says nothing of the other side
        return Snooze(f"not sent: {_line(cause)}", _AT_HOME_AFTER_S)
    if isinstance(error, aiohttp.InvalidURL | aiohttp.NonHttpUrlClientError):
        return Dead("not sent: its address cannot be read as a URL")
    if isinstance(error, ValueError) and not isinstance(error, aiohttp.ClientError):
        # no word of theirs: we could not write the request
        return Retry(f"not sent: {type(error).__name__}: {_line(error)}")
    return Retry(_outage(error, timeout_s), outage=True)


def _outage(error: Exception, timeout_s: float) -> str:
    if isinstance(error, aiohttp.ConnectionTimeoutError):
        return f"no connection within {min(_CONNECT_S, timeout_s):g} s"
    if isinstance(error, TimeoutError):
        return f"no answer within {timeout_s:g} s"
    if isinstance(error, aiohttp.ClientResponseError):  # its status is the parser's, not theirs
        return f"what it answered is no HTTP: {_line(error.message)}"
    if isinstance(error, aiohttp.ClientConnectorCertificateError):  # a ValueError, too
        said = _line(getattr(error.certificate_error, "verify_message", error.certificate_error))
        return f"the certificate of {error.host}:{error.port} is not accepted: {said}"
    if isinstance(error, aiohttp.ClientConnectorError):
        said = _line(error.strerror or error)
        return f"no connection to {error.host}:{error.port}: {said}"
    return f"{type(error).__name__}: {_line(error)}"


def _line(said: object) -> str:
    return " ".join(str(said).split())[:200]
