"""Rate limits before HTTP: an ASGI middleware and a dependency for FastAPI, with one answer.

Refused requests get 429 with problem+json, `Retry-After` and the RateLimit headers; the others get
the RateLimit headers along with their answer. Limits one behind the other all tell theirs. Where
the database could not be asked, and `on_error` is deny, it is a 503.
"""

import hashlib
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection, Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from holdfast.policy.client_address import client_address, proxies

Key = Callable[[HTTPConnection], str]
_LONGEST = 200


def by_address(trusted_proxies: Sequence[str] = ()) -> Key:
    """Count by the client's address; only these proxies may say for whom they ask.

    Args:
        trusted_proxies: addresses and CIDR ranges of your own proxies, such as "10.0.0.0/8";
            "unix" for one that comes by a unix socket.

    Raises:
        ValueError: one of them is no address.
    """
    trusted = proxies(trusted_proxies)

    def address(connection: HTTPConnection) -> str:
        peer = connection.client.host if connection.client else ""
        return client_address(peer, connection.headers.getlist("x-forwarded-for"), trusted)

    return address


class LimitMiddleware:
    """Asks a limit before every HTTP request: `app.add_middleware(LimitMiddleware, limit=…)`.

    Args:
        app: what is guarded.
        limit: from `hf.limit(...)`.
        key: whose request it is; by default the address of the connection's other end.
    """

    def __init__(self, app: ASGIApp, limit: Any, key: Key | None = None) -> None:
        self._app = app
        self._limit = limit
        self._key = key or by_address()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request; what is no HTTP passes."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        decision = await self._limit.check(_fitting(self._key(HTTPConnection(scope))))
        if not decision.allowed:
            problem = decision.problem()
            await _refusal(problem, problem["status"], _retry(decision))(scope, receive, send)
            return

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                _tell(decision, MutableHeaders(scope=message))
            await send(message)

        await self._app(scope, receive, sending)


class TooManyRequests(HTTPException):
    """What `limited` raises; FastAPI answers it with the problem as its `detail`."""


async def too_many_requests(_: Request, error: Exception) -> Response:
    """The problem itself: `app.add_exception_handler(TooManyRequests, too_many_requests)`."""
    detail: Any = getattr(error, "detail", None)
    status = getattr(error, "status_code", 429)
    return _refusal(detail, status, dict(getattr(error, "headers", None) or {}))


def limited(limit: Any, key: Key | None = None) -> Callable[[Request, Response], Awaitable[None]]:
    """A dependency for one route: `Depends(limited(limit))`. Refused requests get 429.

    Where the route returns a Response of its own, FastAPI drops the headers of dependencies.
    """
    named = key or by_address()

    async def dependency(request: Request, response: Response) -> None:
        decision = await limit.check(_fitting(named(request)))
        if not decision.allowed:
            problem = decision.problem()
            raise TooManyRequests(problem["status"], problem, _retry(decision))
        _tell(decision, response.headers)

    return dependency


def _refusal(problem: Any, status: int, headers: dict[str, str]) -> Response:
    return JSONResponse(problem, status, headers, "application/problem+json")


def _retry(decision: Any) -> dict[str, str]:
    return {"Retry-After": "1", **decision.headers()}


def _tell(decision: Any, headers: MutableHeaders) -> None:
    """In lines of their own: these headers are lists, and another limit may have told its own."""
    for name, value in decision.headers().items():
        headers.append(name, value)


def _fitting(key: str) -> str:
    """What a stranger has chosen may be longer than a key, or what no text of Postgres can be."""
    if len(key) <= _LONGEST and key.isprintable():
        return key
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()
