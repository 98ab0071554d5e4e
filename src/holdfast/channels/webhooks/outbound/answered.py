"""What was answered, though what follows it is no HTTP, or nobody asked for it.

Who writes a body after 204, or counts its characters and not its bytes, has answered: the status
and the headers are there. So has who sends more headers, or longer ones, than are read here.
aiohttp takes none of it, if all came in one piece. So the beginning of an answer is kept until it
is read, and looked at if it cannot be: the status counts, and the headers that had come.
"""

import re
from typing import Final

import aiohttp
from aiohttp.connector import Connection
from multidict import CIMultiDict, CIMultiDictProxy

_MOST: Final = 65_536
_LINES: Final = rb"(?:[^\r\n][^\n]*\n)*"
_BEGUN: Final = re.compile(
    rb"(?:HTTP/1\.[01] 1\d\d(?: [^\n]*|\r)?\n" + _LINES + rb"\r?\n)*"
    rb"HTTP/1\.[01] ([2-5]\d\d)(?: [^\n]*|\r)?\n(" + _LINES + rb")(\r?\n)?"
)


class Untidy(aiohttp.ClientResponseError):
    """Its `status` and `headers` are those of the answer, `rest` is what came behind them."""

    rest: bytes = b""


class Answer(aiohttp.ClientResponse):
    """For `ClientSession(response_class=…)`."""

    async def start(self, connection: Connection) -> aiohttp.ClientResponse:
        """Read its head. Raises Untidy if its status is there, and what follows cannot be read."""
        begun = bytearray()
        protocol = connection.protocol
        if protocol is None:
            return await super().start(connection)
        receive = protocol.data_received

        def keep(data: bytes) -> None:
            begun.extend(data[: _MOST - len(begun)])
            receive(data)

        protocol.data_received = keep  # type: ignore[method-assign]
        try:
            return await super().start(connection)
        except aiohttp.ClientResponseError as error:
            raise _as_answered(error, bytes(begun)) from error
        finally:
            del protocol.data_received


def _as_answered(error: aiohttp.ClientResponseError, begun: bytes) -> aiohttp.ClientResponseError:
    found = _BEGUN.match(begun)
    if found is None:
        return error
    lines = (line.partition(":") for line in found[2].decode("latin-1").split("\n"))
    headers = CIMultiDictProxy(CIMultiDict((name, value.strip()) for name, _, value in lines))
    answered = Untidy(
        error.request_info, error.history, status=int(found[1]), message=error.message,
        headers=headers,
    )  # fmt: skip
    answered.rest = begun[found.end() :] if found[3] else b""
    return answered
