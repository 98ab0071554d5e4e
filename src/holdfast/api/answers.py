"""How an answer is made: JSON, an error by its class, and what an unread body asks for."""

import json
import logging
import uuid
from collections.abc import Mapping
from http import HTTPStatus

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match

from holdfast import errors, log

_HTTP_UNFORESEEN = log.Event(
    "http.unforeseen",
    logging.ERROR,
    "A request failed in a way nobody planned; the caller was told the reference.",
    reference=str,
    path=str,
)

_STATUS: tuple[tuple[type[errors.HoldfastError], int], ...] = (
    (errors.DatabaseUnavailable, 503),
    (errors.SchemaError, 503),
    (errors.Postponed, 429),
    (errors.UnknownJob, 404),
    (errors.UnknownQueue, 404),
    (errors.NotReplayable, 409),
    (errors.LeaseLost, 409),
    (errors.Refused, 422),
)
_AGAIN_S = 5
MOST_READ_OUT = 32 * 1024 * 1024
"""Bytes beyond the limit that are read to save an answer; the minute of a request holds, too."""


def as_json(status: int, content: object, headers: Mapping[str, str] | None = None) -> Response:
    """An answer of that content."""
    return Response(json.dumps(content), status, headers, media_type="application/json")


def unread(headers: Headers) -> Mapping[str, str]:
    """Headers of an answer that is given before the body is read.

    Who asked before sending does not send it now, and what comes next would be read in its place.
    Of who sends already it is read, and left: to close would take the answer away.
    """
    return {"Connection": "close"} if "expect" in headers else {}


def reads_out(request: Request) -> bool:
    """Whether the connection is closed after the answer, and its sender sends all the same.

    What is unread then takes the answer away with it: the sender's side is told of a reset, and
    never reads it. So the body is read to its end first.
    """
    return is_closing(request) and "expect" not in request.headers


def is_closing(request: Request) -> bool:
    """Whether the connection ends with this request."""
    closed = "close" in request.headers.get("connection", "").lower()
    return closed or request.scope.get("http_version") == "1.0"


def refusal(error: errors.HoldfastError) -> Response:
    """What an error of ours is by HTTP; `type` is its class, as in the list of errors."""
    status = next((status for kind, status in _STATUS if isinstance(error, kind)), 500)
    after = getattr(error, "retry_after", None) or _AGAIN_S
    headers = {"Retry-After": str(max(1, round(after)))} if status in {429, 503} else None
    return as_json(status, {"error": str(error), "type": type(error).__name__}, headers)


async def http_error(request: Request, error: Exception) -> Response:
    """What Starlette refuses, or one of us by its exception: no such path, another method."""
    status = error.status_code if isinstance(error, HTTPException) else 500
    detail = error.detail if isinstance(error, HTTPException) else "error"
    headers = getattr(error, "headers", None) or {}
    if status == HTTPStatus.METHOD_NOT_ALLOWED:
        headers = {"Allow": ", ".join(sorted(_allowed(request)))}
    return as_json(status, {"error": detail}, {**headers, **unread(request.headers)})


def _allowed(request: Request) -> set[str]:
    """The methods of the path; Starlette names those of the first route that has it."""
    return {
        method
        for route in request.app.routes
        if route.matches(request.scope)[0] is not Match.NONE
        for method in getattr(route, "methods", None) or ()
    }


async def unforeseen(request: Request, error: Exception) -> Response:
    """What nobody planned: the caller gets a reference, the log has the rest."""
    reference = uuid.uuid4().hex[:12]
    _HTTP_UNFORESEEN(error, reference=reference, path=request.url.path)
    return as_json(500, {"error": "unforeseen; see the log", "reference": reference})
