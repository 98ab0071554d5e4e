"""The JSON API below /api: the operations of the queue and of the channels, by FastAPI.

Who has no key is answered before his body is read. What is asked is checked by the types of the
operation; what is wrong with it is told by field, without the value. /api/openapi.json describes
all of it, to everybody.
"""

import inspect
from collections.abc import Callable, Sequence
from functools import wraps
from importlib.metadata import version
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from holdfast.api.answers import as_json, http_error, refusal, unread
from holdfast.api.keys import Key, find
from holdfast.api.operations import OPERATIONS
from holdfast.channel import Services, load
from holdfast.errors import HoldfastError
from holdfast.operation import Caller, Operation, Right

LARGEST = 36 * 1024 * 1024
"""Of a body, in bytes: an email of 25 MiB, its files in base64."""
_DESCRIBED = "/openapi.json"


def json_api(services: Services, known: Sequence[Key], unforeseen: Any) -> ASGIApp:
    """The application, to be mounted; `unforeseen` answers what nobody planned."""
    return _Guarded(_made(services, unforeseen), known)


def described(services: Services) -> dict[str, Any]:
    """What /api/openapi.json says."""
    return _made(services, None).openapi()


def _made(services: Services, unforeseen: Any) -> FastAPI:
    api = FastAPI(
        title="holdfast",
        version=version("holdfast"),
        description=__doc__,
        openapi_url=_DESCRIBED,
        docs_url=None,
        redoc_url=None,
        exception_handlers={
            HoldfastError: _refused, RequestValidationError: _not_understood,
            HTTPException: http_error, Exception: unforeseen,
        },
    )  # fmt: skip
    for operation in offered():
        api.add_api_route(
            operation.path,
            _endpoint(operation, services),
            methods=[operation.method],
            status_code=operation.status,
            dependencies=[Depends(_needs(operation.right)), Depends(_asks(operation))],
            openapi_extra={"security": [{"key": []}], "x-right": operation.right},
        )
    return _with_keys(api)


def offered() -> Sequence[Operation]:
    """Every operation: those of the queue, then those of the channels."""
    brought = (channel.operations() for channel in load().values())
    return [*OPERATIONS, *(operation for some in brought for operation in some)]


class _Guarded:
    """Lets in who has a key, and no more of a body than `LARGEST`."""

    def __init__(self, application: ASGIApp, known: Sequence[Key]) -> None:
        self._application = application
        self._known = known

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope)
        key = find(self._known, headers.get("authorization", ""))
        asked = scope["path"].removeprefix(scope.get("root_path", ""))
        if key is None and asked != _DESCRIBED:
            await self._unknown(headers)(scope, receive, send)
            return
        length = headers.get("content-length", "")
        if length.isdigit() and int(length) > LARGEST:
            await _too_large(headers)(scope, receive, send)
            return
        await self._application({**scope, "holdfast.key": key}, _bounded(receive), send)

    def _unknown(self, headers: Headers) -> Response:
        told = "no such key" if self._known else "the API has no key yet; it answers nobody"
        told += ". Set HOLDFAST_API_KEY_<NAME>=read:<secret> (or send, operate), and ask with "
        told += "Authorization: Bearer <secret>"
        return as_json(401, {"error": told}, {"WWW-Authenticate": "Bearer", **unread(headers)})


def _too_large(headers: Headers) -> Response:
    return as_json(413, {"error": f"the body is larger than {LARGEST} bytes"}, unread(headers))


def _bounded(receive: Receive) -> Receive:
    size = 0

    async def bounded() -> Message:
        nonlocal size
        message = await receive()
        size += len(message.get("body", b""))
        if size > LARGEST:
            raise HTTPException(413, f"the body is larger than {LARGEST} bytes")
        return message

    return bounded


def _with_keys(api: FastAPI) -> FastAPI:
    """Its description says how to show a key; the check itself comes before FastAPI."""
    made = api.openapi

    def openapi() -> dict[str, Any]:
        description = made()
        schemes = description.setdefault("components", {}).setdefault("securitySchemes", {})
        schemes["key"] = {"type": "http", "scheme": "bearer"}
        return description

    api.openapi = openapi  # type: ignore[method-assign]  # as FastAPI's documentation has it
    return api


# ---------------------------------------------------------------- an operation as FastAPI reads it


def _endpoint(operation: Operation, services: Services) -> Callable[..., Any]:
    """The operation's function as FastAPI reads it: it finds out who asks, where that matters."""
    signature = inspect.signature(operation.run)
    _, *asked = signature.parameters.values()

    @wraps(operation.run)
    async def endpoint(**values: Any) -> Any:
        return await operation.run(services, **values)

    endpoint.__signature__ = signature.replace(  # type: ignore[attr-defined]
        parameters=[
            p.replace(
                kind=p.KEYWORD_ONLY, annotation=_CALLER if p.annotation is Caller else p.annotation
            )
            for p in asked
        ]
    )
    return endpoint


def _caller(request: Request) -> Caller:
    key: Key = request.scope["holdfast.key"]
    return key.caller


_CALLER = Annotated[Caller, Depends(_caller)]


def _needs(right: Right) -> Callable[[Request], None]:
    def check(request: Request) -> None:
        key: Key | None = request.scope["holdfast.key"]
        if key is None:
            raise HTTPException(401, "a key is needed")
        if right not in key.rights:
            has = " and ".join(sorted(key.rights))
            raise HTTPException(403, f"the key {key.name} may {has}; this needs {right}")

    return check


def _asks(operation: Operation) -> Callable[[Request], None]:
    """What nobody knows would be no filter, and everything would be shown."""
    known = {*inspect.signature(operation.run).parameters} - {"services", "caller"}

    def check(request: Request) -> None:
        for name in request.query_params:
            if name not in known or name in request.path_params:
                raise HTTPException(422, f"{name[:60]}: there is no such parameter")

    return check


# ---------------------------------------------------------------- what is answered to mistakes


async def _refused(_request: Request, error: Exception) -> Response:
    assert isinstance(error, HoldfastError)  # noqa: S101  what it is registered for
    return refusal(error)


async def _not_understood(_request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101  what it is registered for
    told = [
        f"{'.'.join(map(str, e['loc'][1:])) or e['loc'][0]}: {e['msg']}" for e in error.errors()
    ]
    return as_json(422, {"error": "; ".join(told), "type": "InvalidInput"})
