"""The ASGI application: it adapts the channels' routes to Starlette, and knows none of them.

A body is read piece by piece up to the route's limit; what is larger is refused before it is held.
Whatever goes wrong unforeseen is a 500 with an id and nothing else; the log has the rest.
"""

import re
from contextlib import suppress
from dataclasses import replace

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.requests import Request as HttpRequest
from starlette.responses import Response as HttpResponse
from starlette.routing import BaseRoute, Mount
from starlette.routing import Route as HttpRoute
from starlette.types import Receive, Scope, Send

from holdfast.api.answers import (
    MOST_READ_OUT,
    as_json,
    http_error,
    is_closing,
    reads_out,
    unforeseen,
    unread,
)
from holdfast.api.health import healthz, readyz
from holdfast.api.json_api import json_api
from holdfast.api.keys import keys
from holdfast.api.page import overview
from holdfast.channel import Request, Response, Route, Services, load

_PLAIN_HOST = re.compile(r"[a-z0-9.\-]+(?::[0-9]{1,4})?")
_PLAIN_PATH = re.compile(r"/[\w\-./]*", re.ASCII)


def build(services: Services, *, public: bool = False) -> Starlette:
    """The application. `public`: reachable from outside, so the page of queues is left out.

    Raises:
        ConfigError: a key of the API that cannot be used.
    """
    routes: list[BaseRoute] = [
        HttpRoute("/healthz", healthz),
        HttpRoute("/readyz", readyz(services)),
        *(
            HttpRoute(route.path, _Endpoint(route), methods=[route.method])
            for channel in load().values()
            if channel.routes is not None
            for route in channel.routes(services)
        ),
        Mount("/api", json_api(services, keys())),
    ]
    if not public:
        routes.append(HttpRoute("/", overview(services)))
    application = Starlette(
        routes=routes,
        exception_handlers={HTTPException: http_error, Exception: unforeseen},
    )
    application.router.redirect_slashes = False  # to a host that the caller names
    return application


class _Endpoint:
    """A channel's route as an ASGI application of its own: what a function is wrapped in costs."""

    def __init__(self, route: Route) -> None:
        self._route = route

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        answer = await self._answer(HttpRequest(scope, receive, send))
        await answer(scope, receive, send)

    async def _answer(self, request: HttpRequest) -> HttpResponse:
        route = self._route
        if "content-length" in request.headers and "transfer-encoding" in request.headers:
            # a proxy may have taken the other one for the end (RFC 9112, 6.1)
            error = "either Content-Length or Transfer-Encoding, not both"
            return as_json(400, {"error": error}, {"Connection": "close"})
        asked = _request(request)
        refused = route.admit(asked) if route.admit else None
        if refused is not None:
            if reads_out(request):
                with suppress(ClientDisconnect):
                    await _read(request, 0)
            headers = {**refused.headers, **unread(request.headers)}
            return _response(replace(refused, headers=headers))
        most = route.max_body
        if callable(most):
            most = most(request.path_params)
        declared = request.headers.get("content-length", "")
        left = MOST_READ_OUT if reads_out(request) else 0
        begun = not (declared.isdigit() and int(declared) > most + left)
        try:
            body = await _read(request, most) if begun else None
        except ClientDisconnect:
            return HttpResponse(status_code=400)
        if body is None:
            if route.too_large is not None:
                route.too_large(asked, most)
            error = f"the body is larger than {most} bytes"
            return as_json(413, {"error": error}, {} if begun else unread(request.headers))
        return _response(await route.handler(replace(asked, body=body)))


async def _read(request: HttpRequest, most: int) -> bytes | None:
    """The body, or None as soon as it is known to be too large and can be left unread.

    Who asked before sending was told to send by now, and is as any other.
    """
    left = MOST_READ_OUT if is_closing(request) else 0
    pieces: list[bytes] = []
    size = 0
    async for piece in request.stream():
        size += len(piece)
        if size > most + left:
            return None
        if size > most:
            pieces.clear()
        else:
            pieces.append(piece)
    return None if size > most else b"".join(pieces)


def _request(request: HttpRequest) -> Request:
    """The request without its body, which nobody has read yet."""
    return Request(
        method=request.method,
        path=request.scope["path"],
        params=request.path_params,
        headers=[(n.decode("latin-1"), v.decode("latin-1")) for n, v in request.headers.raw],
        body=b"",
        peer=request.client.host if request.client else "",
        url=_url(request),
    )


def _url(request: HttpRequest) -> str:
    """What was asked for; Starlette composes it with care, which most of them do not need."""
    scope = request.scope
    host, path = request.headers.get("host", ""), scope["path"]
    plain = _PLAIN_HOST.fullmatch(host) and _PLAIN_PATH.fullmatch(path)
    if plain and not scope["query_string"]:
        return f"{scope['scheme']}://{host}{path}"
    return str(request.url)


def _response(answer: Response) -> HttpResponse:
    return HttpResponse(answer.body, answer.status, dict(answer.headers))
