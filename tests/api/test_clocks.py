"""The HTTP server: who is slow, says nothing, or does not take the answer."""

import asyncio
import re
import socket

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route
from tests.serving import CHUNKED, POST, serving, telling
from tests.until import turns

from holdfast.api import listen, server
from holdfast.api.protocol import AnyRequests


@pytest.mark.parametrize(
    "begun",
    [
        b"POST",
        POST + b"x: y\r\n",
        POST + b"content-length: 3\r\n\r\nab",
        POST + b"connection: close\r\ncontent-length: 3\r\n\r\n",
        CHUNKED + b"1\r\nx\r\n",
        CHUNKED,
        POST + b"upgrade: h2c\r\nconnection: upgrade\r\ncontent-length: 3\r\n\r\nab",
        CHUNKED + b"0\r\n\r\nPOST",
        POST + b"content-length: 0\r\n\r\nPOST",
    ],
    ids=["line", "head", "body", "no body", "chunk", "no chunk", "offer", "next chunked", "next"],
)
async def test_who_does_not_come_to_the_end_is_hung_up(port, later, begun):
    """A request has a minute to arrive; then it is answered 408 and the connection closed."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(begun)
    await later(54)
    await later(12)
    answers = re.findall(rb"HTTP/1.1 (\d+)", await reader.read())
    assert answers == [b"200"] * begun.endswith(b"\r\n\r\nPOST") + [b"408"]
    writer.close()


async def test_who_says_nothing_is_hung_up(port, later):
    """A connection on which nothing is said is closed after a minute, without a word."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    await later(66)
    assert await reader.read() == b""
    writer.close()


async def test_the_minute_begins_with_the_first_byte(port, later):
    """Who connects beforehand has his whole minute nevertheless."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    await later(54)
    writer.write(POST + b"content-length: 2\r\n\r\no")
    await later(12)
    await later(0)
    writer.write(b"k")
    assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 200 ")
    writer.close()


@pytest.mark.parametrize(
    ("head", "body"),
    [
        (b"content-length: 2\r\n\r\n", b"ok"),
        (b"transfer-encoding: chunked\r\n\r\n", b"2\r\nok\r\n0\r\n\r\n"),
    ],
)
async def test_an_early_answer_leaves_no_connection_without_a_clock(port, later, head, body):
    """A body that comes after its answer stops the clock of a kept connection; it starts anew."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"POST /nowhere HTTP/1.1\r\nhost: test\r\n" + head)
    await reader.readuntil(b"\r\n\r\nNot Found")
    writer.write(body)
    await later(12)
    assert await asyncio.wait_for(reader.read(), 60) == b""
    writer.close()


# ------------------------------------------------------------------------------ who does not read


def _deaf(port: int) -> socket.socket:
    deaf = socket.socket()
    deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    deaf.connect(("127.0.0.1", port))
    return deaf


async def _paused(running) -> AnyRequests:
    """The connection, when nothing more is written to who does not read."""
    held, before = 0, -1
    while not held or held != before:
        await turns()
        before, held = held, 0
        for connection in running.server_state.connections:
            held = connection.transport.get_write_buffer_size()
    return connection


@pytest.mark.parametrize("said", ["", "connection: close\r\n", "twice", "connection: x\r\n"])
async def test_who_does_not_take_the_answer_is_hung_up(later, said):
    """An answer has a minute to be taken; then nothing of the connection is left."""

    async def large(_request: Request) -> Response:
        return Response(b"x" * 8_000_000)

    running = server(Starlette(routes=[Route("/", large)]))
    listening = listen("127.0.0.1", 0)
    task = asyncio.create_task(running.serve([listening]))
    get = b"GET / HTTP/1.1\r\nhost: test\r\n"
    with _deaf(listening.getsockname()[1]) as deaf:
        deaf.send((get + b"\r\n") * 2 if said == "twice" else get + said.encode() + b"\r\n")
        for _ in range(4):
            await later(36)
        assert not running.server_state.connections and not running.server_state.tasks
    running.should_exit = True
    await task


async def test_who_does_not_read_does_not_fill_the_memory_through_h11():
    """That writing is paused is known after the hand-over too: the transport says it only once."""

    async def answer(request: Request) -> Response:
        return Response(b"x" * 8_000_000 if request.url.path == "/large" else b"x" * 50_000)

    running = server(Starlette(routes=[Route("/{rest:path}", answer)]))
    listening = listen("127.0.0.1", 0)
    task = asyncio.create_task(running.serve([listening]))
    with _deaf(listening.getsockname()[1]) as deaf:
        deaf.send(b"GET /large HTTP/1.1\r\nhost: test\r\n\r\n")
        deaf.send(b"GET / HTTP/1.1\r\nhost: test\r\nconnection: x\r\n\r\n" * 200)
        connection = await _paused(running)
        assert isinstance(connection, AnyRequests)
        assert connection.transport.get_write_buffer_size() < 8_000_000
        connection.transport.abort()
    running.should_exit = True
    await task


async def test_what_streams_without_a_pause_is_not_held_whole():
    """A source that never waits is paused by who does not read, as on a bare transport."""

    async def stream(_request: Request) -> StreamingResponse:
        async def much():
            for _ in range(1000):
                yield b"x" * 16_384

        return StreamingResponse(much())

    running = server(Starlette(routes=[Route("/", stream)]))
    listening = listen("127.0.0.1", 0)
    task = asyncio.create_task(running.serve([listening]))
    with _deaf(listening.getsockname()[1]) as deaf:
        deaf.send(b"GET / HTTP/1.1\r\nhost: test\r\n\r\n")
        connection = await _paused(running)
        assert connection.transport.get_write_buffer_size() < 300_000
        connection.transport.abort()
    running.should_exit = True
    await task


@pytest.mark.parametrize(
    ("said", "status"),
    [(b"POST /nowhere", b"404"), (b"HEAD /", b"400")],
)
async def test_an_error_after_an_answer_takes_nothing_away(port, caplog, said, status):
    """An answer given early is not lost to a wrong chunk after it, and nobody sees a traceback."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(said + b" HTTP/1.1\r\nhost: test\r\ntransfer-encoding: chunked\r\n\r\n")
    if status == b"404":
        assert b"404" in await reader.readuntil(b"\r\n\r\nNot Found")
    writer.write(b"zz\r\n")
    left = await asyncio.wait_for(reader.read(), 60)
    assert (b" 400 " in left) == (status == b"400")
    assert not [r for r in caplog.records if r.name == "asyncio"]
    writer.close()


async def test_a_slow_trickle_is_no_excuse(port, later):
    """The minute is for the whole request: a byte now and then does not prolong it."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for byte in (b"P", b"O", b"S"):
        writer.write(byte)
        await later(24)
    assert (await reader.read()).startswith(b"HTTP/1.1 408 ")
    writer.close()


@pytest.mark.parametrize("head", [POST + b"content-length: 2\r\n\r\nok", CHUNKED + b"0\r\n\r\n"])
async def test_who_waits_for_us_is_not_hung_up(later, head):
    """Once a request is whole, its handler takes the time that it takes."""
    done = asyncio.Event()

    async def slow(request: Request) -> JSONResponse:
        await request.body()
        await done.wait()
        return JSONResponse({})

    async with serving(Starlette(routes=[Route("/", slow, methods=["POST"])])) as open_port:
        reader, writer = await asyncio.open_connection("127.0.0.1", open_port)
        for _ in range(2):  # the second on a connection that is kept
            done.clear()
            writer.write(head)
            await later(66)
            await later(66)
            done.set()
            assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 200 ")
            await reader.readexactly(2)
        writer.close()


@pytest.mark.parametrize("half", [POST + b"content-length: 3\r\n\r\nab", CHUNKED + b"1\r\nx"])
async def test_half_a_request_holds_up_no_end(half, monkeypatch):
    """What is not whole when the server ends has a second for it, not as long as what is served."""
    monkeypatch.setattr("holdfast.api.clocks.LEAVING_S", 0.05)
    async with asyncio.timeout(8):  # requests have ten seconds to end in
        async with serving(telling()) as open_port:
            reader, writer = await asyncio.open_connection("127.0.0.1", open_port)
            writer.write(half)
            await turns()  # it has been read
        assert (await reader.read()).startswith(b"HTTP/1.1 408 ")
        writer.close()
