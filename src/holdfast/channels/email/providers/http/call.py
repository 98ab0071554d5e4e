"""One POST, and whether the other side may have acted on it when no answer comes.

No redirects, no cookies, no proxy unless asked for, an answer that is read up to a bound. A server
can act on a request once it has all of it. So the body is handed over in pieces, and the moment
before the last piece is kept: what fails earlier has certainly not been acted on, what fails later
may have been. Between "handed over" and "read by the server" nobody can look, and a small request
is one piece: a server that takes a connection and drops it leaves the outcome unknown.
"""

import asyncio
import ssl
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from importlib.metadata import version
from typing import Final

import aiohttp

from holdfast.connector import Kept

MOST_READ: Final = 65_536
_PIECE: Final = 65_536
_CONNECT_S: Final = 10.0
# Servers keep an idle connection for a minute or more; one that they close while we use it would
# leave an outcome unknown.
_IDLE_S: Final = 10.0
_AGENT: Final = f"holdfast/{version('holdfast')}"  # Resend refuses requests without one
_TRIES: Final = 3  # connections that are found closed before anything was written
_TLS: Final = (aiohttp.ClientSSLError, ssl.SSLError, ssl.CertificateError)


@dataclass(frozen=True, slots=True)
class Request:
    """What is posted."""

    url: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered. `body` is all of it only if it is `whole`; header names are lower-case."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    whole: bool = True


@dataclass(frozen=True, slots=True)
class NoAnswer:
    """No answer came. `sent`: the whole request had been handed over; `tls`: TLS failed."""

    because: str
    sent: bool
    tls: bool = False


class Caller:
    """Connections to one provider, kept between messages; for one event loop at a time."""

    def __init__(self, *, most: int, use_proxy: bool = False) -> None:
        self._most = most
        self._use_proxy = use_proxy
        self._session: aiohttp.ClientSession | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    async def post(self, request: Request, timeout_s: float) -> Answer | NoAnswer:
        """Post it, within so many seconds from the look-up of the name to the end of the answer.

        Never raises, but for a CancelledError while nothing can have been acted on; later, being
        cancelled is an outcome too, since whoever stops us has to know what it may mean.
        """
        body = _Body(request.body)
        try:
            async with asyncio.timeout(timeout_s):
                return await self._tried(request, body)
        except asyncio.CancelledError:
            if not body.sent:
                raise
            return NoAnswer("we stopped waiting", sent=True)
        except aiohttp.ServerTimeoutError:
            return NoAnswer(f"no connection within {_CONNECT_S:g} s", body.sent)
        except TimeoutError:
            return NoAnswer("no answer in time", body.sent)
        except (aiohttp.ClientError, OSError, ValueError) as error:
            tls, sent = isinstance(error, _TLS), body.sent and not _was_closed(error)
            return NoAnswer(str(error).strip() or type(error).__name__, sent, tls)

    async def close(self) -> None:
        """Close the connections."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def _tried(self, request: Request, body: "_Body") -> Answer:
        """On another connection where the one that was kept has been closed meanwhile."""
        for _ in range(_TRIES - 1):
            try:
                return await self._post(request, body)
            except aiohttp.ClientError as error:
                if not _was_closed(error):
                    raise
                body.sent = False
        return await self._post(request, body)

    async def _post(self, request: Request, body: "_Body") -> Answer:
        headers = {
            "User-Agent": _AGENT, **request.headers,
            "Content-Length": str(len(request.body)),
        }  # fmt: skip
        async with self._open().post(
            request.url, data=body.pieces(), headers=headers, allow_redirects=False
        ) as answer:
            read, whole = await _read(answer)
            names = {name.lower(): value for name, value in answer.headers.items()}
            return Answer(answer.status, names, read, whole)

    def _open(self) -> aiohttp.ClientSession:
        loop = asyncio.get_running_loop()
        if self._session is None or self._loop is not loop:
            self._loop = loop
            self._session = aiohttp.ClientSession(
                connector=Kept(limit=self._most, keepalive_timeout=_IDLE_S),
                timeout=aiohttp.ClientTimeout(total=None, sock_connect=_CONNECT_S),
                cookie_jar=aiohttp.DummyCookieJar(),
                trust_env=self._use_proxy,
            )
        return self._session


class _Body:
    """A body on its way. `sent` is set before the last piece is handed over."""

    def __init__(self, content: bytes) -> None:
        self._content = memoryview(content)
        self.sent = False

    async def pieces(self) -> AsyncIterator[bytes]:
        """The body in pieces; the next is asked for when there is room for it."""
        last = max(0, len(self._content) - 1) // _PIECE * _PIECE
        for start in range(0, last, _PIECE):
            yield bytes(self._content[start : start + _PIECE])
        self.sent = True
        yield bytes(self._content[last:])


def _was_closed(error: BaseException) -> bool:
    """Whether the connection was closed already when the last piece should have been written."""
    cause = error.__cause__
    return isinstance(cause, aiohttp.ClientConnectionResetError) and "closing" in str(cause)


async def _read(answer: aiohttp.ClientResponse) -> tuple[bytes, bool]:
    """The answer's body up to the bound, and whether that is all of it."""
    read = b""
    try:
        async for piece in answer.content.iter_any():
            read += piece
            if len(read) > MOST_READ:
                answer.close()
                return read[:MOST_READ], False
    except (aiohttp.ClientError, OSError):
        return read, False
    return read, True
