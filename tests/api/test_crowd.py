"""The HTTP server: how many connections there may be, and who makes room."""

import asyncio
import contextlib

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route
from tests.serving import serving

POST = b"POST / HTTP/1.1\r\nhost: test\r\n"
CHUNKED = POST + b"transfer-encoding: chunked\r\n\r\n"


@pytest.fixture
async def patient():
    """An application that answers when it is let, with room for three connections."""
    let = asyncio.Semaphore(0)
    begun = []

    async def answer(request: Request) -> JSONResponse:
        begun.append(await request.body())
        await let.acquire()
        return JSONResponse({})

    routes = [Route("/", answer, methods=["POST"])]
    async with serving(Starlette(routes=routes), connections=3) as open_port:
        yield open_port, begun, let
        for _ in range(9):
            let.release()


async def _asks(port, said=b""):
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(said)
    return reader, writer


@pytest.mark.parametrize("kind", [POST + b"content-length: 2\r\n\r\nok", CHUNKED + b"0\r\n\r\n"])
@pytest.mark.parametrize("kept", [b"", POST + b"content-length: 3\r\n\r\nab", CHUNKED + b"1"])
async def test_who_lets_us_wait_makes_room(patient, eventually, kind, kept):
    """A thousand that say nothing, or not the end, keep nobody out; who is being served stays."""
    port, begun, let = patient
    served = await _asks(port, kind)
    await eventually(lambda: len(begun) == 1)
    silent = [await _asks(port, kept) for _ in range(5)]
    new = await _asks(port, kind)
    await eventually(lambda: len(begun) == 2)
    for reader, _ in silent[:4]:
        assert (await reader.read())[:13] in {b"", b"HTTP/1.1 408 "}
    let.release()
    let.release()
    for reader, _ in (served, new):
        assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 200 ")
    for _, writer in (served, new, *silent):
        writer.close()


async def test_who_is_not_answered_was_not_heard(patient, eventually):
    """Of more at once than there is room for, each is answered, or nothing of him was begun."""
    port, begun, let = patient
    all_of_them = [await _asks(port) for _ in range(8)]  # before the first of them says anything
    for number, (_, writer) in enumerate(all_of_them):
        writer.write(POST + b"content-length: 1\r\n\r\n%d" % number)
    await eventually(lambda: len(begun) == 3)
    late = [await _asks(port, POST + b"content-length: 1\r\n\r\n9") for _ in range(3)]
    for reader, writer in late:
        assert (await reader.read())[:13] in {b"", b"HTTP/1.1 503 "}
        writer.close()
    for _ in begun:
        let.release()
    answered = []
    for number, (reader, writer) in enumerate(all_of_them):
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            await reader.readuntil(b"\r\n\r\n{}")
            answered.append(b"%d" % number)
        writer.close()
    assert sorted(begun) == answered


async def test_who_rests_between_two_requests_makes_room_without_a_word(patient, eventually):
    """A kept connection that is closed for others hears nothing to take for an answer."""
    port, _begun, let = patient
    kept, writer = await _asks(port, POST + b"content-length: 2\r\n\r\nok")
    let.release()
    await kept.readuntil(b"\r\n\r\n{}")
    others = [await _asks(port) for _ in range(3)]
    assert await kept.read() == b""
    for _, other in (*others, (None, writer)):
        other.close()


async def test_where_all_are_served_the_next_is_told_to_come_again(patient, eventually):
    """Nobody who is being served is sent away for somebody who comes: 503, and when to come."""
    port, begun, let = patient
    served = [await _asks(port, POST + b"content-length: 2\r\n\r\nok") for _ in range(3)]
    await eventually(lambda: len(begun) == 3)
    reader, late = await _asks(port, POST)
    told = await reader.read()
    assert told.startswith(b"HTTP/1.1 503 ") and b"retry-after: 1\r\n" in told
    for _ in served:
        let.release()
    for answer, _ in served:
        assert (await answer.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 200 ")
    for _, writer in (*served, (reader, late)):
        writer.close()
