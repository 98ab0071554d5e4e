"""What stands before the JSON API: who may ask, how often, and how large a body may be.

All of it is decided by the head of a request. FastAPI reads a body before it asks anything.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fastapi import FastAPI
from fastapi.routing import APIRoute
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.routing import Match
from starlette.types import Message, Receive, Scope, Send

from holdfast.api.answers import MOST_READ_OUT, http_error, is_closing, reads_out
from holdfast.api.keys import Key, find
from holdfast.api.pace import Pace
from holdfast.channel import Services
from holdfast.operation import Operation

MOST_HELD = 128 * 1024 * 1024
"""Bytes of all bodies that one process has in hand; who sends more is told to come again."""
DESCRIBED = "/openapi.json"
ASKED = "holdfast.asked"
"""Where in a request's scope stands whom it asks."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Whom a request asks, and how many may read at a time."""

    services: Services
    readers: asyncio.Semaphore


class Guarded:
    """Lets in who has a key with the right, and no more of a body than the operation takes."""

    def __init__(
        self,
        api: FastAPI,
        asked: Asked,
        known: Sequence[Key],
        operations: Mapping[tuple[str, str], Operation],
        pace: Pace,
    ) -> None:
        self._api = api
        self._asked = asked
        self._known = known
        self._operations = operations
        self._pace = pace
        self._held = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request, as ASGI has it."""
        held, answered, begun, ended = [0], False, False, False
        paced: Mapping[str, str] = {}

        async def receiving() -> Message:
            nonlocal begun, ended
            begun = True  # by now who asked before sending is told to send
            message = await receive()
            ended = not message.get("more_body", False)
            return message

        async def answering(message: Message) -> None:
            nonlocal answered
            answered = True
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(paced)
                if begun:
                    del headers["connection"]  # it is for what was left unread
                request = Request(scope)
                closes = is_closing(request) if begun else reads_out(request)
                left = MOST_READ_OUT if closes else 0
                while left > 0 and not ended:
                    left -= len((await receiving()).get("body", b""))
            await send(message)

        try:
            key = self._known_key(scope)
            paced = self._pace.charge(key.name) if key else {}
            most = self._admitted(scope, key)
            inside = {**scope, "holdfast.key": key, ASKED: self._asked}
            await self._api(inside, self._bounded(receiving, most, held), answering)
        except HTTPException as error:
            answer = await http_error(Request(scope), error)
            await answer(scope, receive, answering)
        except Exception:
            if not answered:  # else its caller was told, and the log
                raise
        finally:
            self._held -= held[0]

    def _known_key(self, scope: Scope) -> Key | None:
        """Whose request it is; None for the description, which is for everybody."""
        key = find(self._known, Headers(scope=scope).get("authorization", ""))
        path = scope["path"].removeprefix(scope.get("root_path", ""))
        if key is None and (path != DESCRIBED or scope["method"] != "GET"):
            raise HTTPException(401, self._unknown(), {"WWW-Authenticate": "Bearer"})
        return key

    def _admitted(self, scope: Scope, key: Key | None) -> int:
        """How large the body may be. Raises HTTPException."""
        operation = self._operation(scope)
        if operation is None or key is None:
            return 0  # there is none, as the API will say
        if operation.right not in key.rights:
            has = " and ".join(sorted(key.rights))
            raise HTTPException(403, f"the key {key.name} may {has}; this needs {operation.right}")
        length = Headers(scope=scope).get("content-length", "")
        if length.isdigit() and int(length) > operation.largest:
            raise _too_large(operation.largest)
        return operation.largest

    def _unknown(self) -> str:
        told = "no such key" if self._known else "the API has no key yet; it answers nobody"
        return (
            f"{told}. Set HOLDFAST_API_KEY_<NAME>=read:<secret> (or send, operate), and ask with "
            "Authorization: Bearer <secret>"
        )

    def _operation(self, scope: Scope) -> Operation | None:
        for route in self._api.router.routes:
            if isinstance(route, APIRoute) and route.matches(scope)[0] is Match.FULL:
                return self._operations.get((scope["method"], route.path))
        return None

    def _bounded(self, receive: Receive, most: int, held: list[int]) -> Receive:
        """No more than `most` of this body, and no more than MOST_HELD of all of them."""

        async def bounded() -> Message:
            message = await receive()
            size = len(message.get("body", b""))
            held[0] += size
            self._held += size
            if held[0] > most:
                raise _too_large(most)
            if self._held > MOST_HELD:
                told = "too much is on its way at this moment; come again"
                raise HTTPException(503, told, {"Retry-After": "5"})
            return message

        return bounded


def _too_large(most: int) -> HTTPException:
    return HTTPException(413, f"the body is larger than {most} bytes")
