"""Rate limits before HTTP: an ASGI middleware and a dependency for FastAPI, with one answer.

Refused requests get 429 with problem+json, `Retry-After` and the RateLimit headers; the others get
the RateLimit headers along with their answer.
"""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection, Request
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from holdfast.policy.client_address import client_address, networks

Key = Callable[[HTTPConnection], str]


def by_address(trusted_proxies: Sequence[str] = ()) -> Key:
    """Count by the client's address; only these proxies may say for whom they ask.

    Args:
        trusted_proxies: addresses and CIDR ranges of your own proxies, such as "10.0.0.0/8".

    Raises:
        ValueError: one of them is no address.
    """
    trusted = networks(trusted_proxies)

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
        decision = await self._limit.check(self._key(HTTPConnection(scope)))
        if not decision.allowed:
            refusal = JSONResponse(
                decision.problem(), 429, _retry(decision), "application/problem+json"
            )
            await refusal(scope, receive, send)
            return

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(decision.headers())
            await send(message)

        await self._app(scope, receive, sending)


def limited(limit: Any, key: Key | None = None) -> Callable[[Request], Awaitable[None]]:
    """A dependency for one route: `Depends(limited(limit))`. Refused requests get 429."""
    named = key or by_address()

    async def dependency(request: Request) -> None:
        decision = await limit.check(named(request))
        if not decision.allowed:
            raise HTTPException(429, decision.problem(), _retry(decision))

    return dependency


def _retry(decision: Any) -> dict[str, str]:
    return {"Retry-After": "1", **decision.headers()}
