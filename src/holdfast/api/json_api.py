"""The JSON API below /api: the operations of the queue and of the channels, by FastAPI.

What is asked is checked by the types of the operation; what is wrong with it is told by field,
without the value. /api/openapi.json describes all of it, to everybody.
"""

import asyncio
import inspect
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import fields, is_dataclass
from datetime import datetime, timedelta
from functools import cache, wraps
from importlib.metadata import version
from inspect import Parameter
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Depends, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import ASGIApp

from holdfast.api import duty
from holdfast.api.answers import as_json, http_error, refusal, unforeseen
from holdfast.api.guard import ASKED, DESCRIBED, Asked, Guarded
from holdfast.api.keys import Key
from holdfast.api.operations import OPERATIONS
from holdfast.api.pace import Pace
from holdfast.channel import Services, load
from holdfast.errors import HoldfastError
from holdfast.operation import Caller, Operation

_ABOUT = "Jobs, dead letters, replays, emails and webhooks: sent, seen, and operated."
_READERS = 3  # at a time; they leave the other connections to what comes in
_MOST_TOLD = 10


class Mistake(BaseModel):
    """What is wrong; `type` is the class of the error, where it is one of ours."""

    error: str
    type: str | None = None


def json_api(services: Services, known: Sequence[Key]) -> ASGIApp:
    """The application, to be mounted."""
    operations = {(o.method, o.path): o for o in offered()}
    asked = Asked(services, asyncio.Semaphore(_READERS))
    return Guarded(_made(), asked, known, operations, Pace(services.core.api_per_minute))


def described() -> dict[str, Any]:
    """What /api/openapi.json says."""
    return _made().openapi()


def offered() -> Sequence[Operation]:
    """Every operation: those of the queue, then those of the channels."""
    brought = (channel.operations() for channel in load().values())
    return [*OPERATIONS, *duty.OPERATIONS, *(operation for some in brought for operation in some)]


@cache
def _made() -> FastAPI:
    """The same for every database: whom it serves is said by each request's scope."""
    api = FastAPI(
        title="holdfast",
        version=version("holdfast"),
        description=_ABOUT,
        openapi_url=DESCRIBED,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        responses={"4XX": {"model": Mistake}, "422": {"model": Mistake}, "5XX": {"model": Mistake}},
        exception_handlers={
            HoldfastError: _refused, RequestValidationError: _not_understood,
            HTTPException: http_error, Exception: unforeseen,
        },
    )  # fmt: skip
    for operation in offered():
        api.add_api_route(
            operation.path,
            _endpoint(operation),
            methods=[operation.method],
            status_code=operation.status,
            dependencies=[Depends(_asks(operation))],
            openapi_extra={"security": [{"key": []}], "x-right": operation.right},
        )
    return _with_keys(api)


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


class Plain(Response):
    """JSON as we write it: what was stored can be shown, however deep it is."""

    media_type = "application/json"

    def render(self, content: Any) -> bytes:
        """Of the types that operations return."""
        return json.dumps(content, default=_written).encode()


def _written(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value.total_seconds()
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: getattr(value, field.name) for field in fields(value)}
    return str(value)


def _endpoint(operation: Operation) -> Callable[..., Any]:
    """The operation's function as FastAPI reads it: it finds out who asks, where that matters."""
    signature = inspect.signature(operation.run)
    _, *parameters = signature.parameters.values()

    @wraps(operation.run)
    async def endpoint(holdfast_request: Request, **values: Any) -> Any:
        asked: Asked = holdfast_request.scope[ASKED]
        async with asked.readers if operation.right == "read" else nullcontext():
            result = await operation.run(asked.services, **values)
        more = _more(holdfast_request, operation.cursor, result, values.get("limit"))
        return Plain(result, operation.status, more)

    endpoint.__signature__ = signature.replace(  # type: ignore[attr-defined]
        parameters=[
            Parameter("holdfast_request", Parameter.KEYWORD_ONLY, annotation=Request),
            *(
                p.replace(
                    kind=p.KEYWORD_ONLY,
                    annotation=_CALLER if p.annotation is Caller else p.annotation,
                )
                for p in parameters
            ),
        ]
    )
    return endpoint


def _more(
    request: Request, cursor: Sequence[str], rows: Any, limit: int | None
) -> Mapping[str, str]:
    """Where a list goes on that its limit has ended, or that it may go on."""
    if limit is None or len(rows) < limit:
        return {}
    if not cursor:
        return {"Holdfast-More": "there may be more: narrow it down, or limit=1000 at most"}
    parameter, *columns = cursor
    last = [rows[-1][column] for column in columns]
    place = "/".join("" if value is None else str(_place(value)) for value in last)
    asked = {**request.query_params, parameter: place}
    return {"Link": f'<?{urlencode(asked)}>; rel="next"'}  # the path may be another before a proxy


def _place(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else value


async def _caller(request: Request) -> Caller:
    key: Key = request.scope["holdfast.key"]
    return key.caller


_CALLER = Annotated[Caller, Depends(_caller)]


def _asks(operation: Operation) -> Callable[[Request], Awaitable[None]]:
    """What nobody knows would be no filter, and everything would be shown."""
    known = {*inspect.signature(operation.run).parameters} - {"services", "caller"}

    async def check(request: Request) -> None:
        given = [name for name, _ in request.query_params.multi_items()]
        for name in given:
            if name not in known or name in request.path_params:
                raise HTTPException(422, f"{name[:60]}: there is no such parameter")
            if given.count(name) > 1:
                raise HTTPException(422, f"{name}: said more than once")

    return check


# ---------------------------------------------------------------- what is answered to mistakes


async def _refused(_request: Request, error: Exception) -> Response:
    assert isinstance(error, HoldfastError)  # noqa: S101  what it is registered for
    return refusal(error)


async def _not_understood(_request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101  what it is registered for
    first = error.errors()[:_MOST_TOLD]
    return as_json(422, {"error": "; ".join(map(_told, first)), "type": "InvalidInput"})


def _told(mistake: Mapping[str, Any]) -> str:
    if mistake["type"] == "json_invalid":
        return "the body is no JSON"
    if mistake["type"] == "model_attributes_type" and len(mistake["loc"]) == 1:
        return "the body has to be a JSON object, sent with Content-Type: application/json"
    where = ".".join(map(str, mistake["loc"][1:])) or mistake["loc"][0]
    return f"{where}: {mistake['msg'].removeprefix('Value error, ')}"[:300]
