"""The HTTP server: what it takes of a request's head, and what of one that is none."""

import asyncio
import contextlib
import gc
import json
import socket

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import StreamingResponse
from starlette.routing import Route
from tests.serving import CHUNKED, POST, serving, telling

from holdfast.api import build, listen, server
from holdfast.api.one_write import OneWrite
from holdfast.api.plain import MAX_HEAD

CLOSING = b"HTTP/1.1\r\nhost: x\r\nconnection: close"


async def say(port: int, *pieces: bytes) -> tuple[int, dict]:
    """Send the pieces until there is an answer; its status and content."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    answer = asyncio.create_task(reader.readuntil(b"\r\n\r\n"))
    try:
        for piece in pieces:
            writer.write(piece)
            await asyncio.sleep(0)
            if answer.done() or writer.transport.is_closing():
                break
            with contextlib.suppress(ConnectionError):
                await writer.drain()
        head = (await asyncio.wait_for(answer, 60)).decode()
        size = head.lower().partition("content-length: ")[2].split("\r\n")[0]
        body = await (reader.readexactly(int(size)) if size else reader.read())
        return int(head.split()[1]), json.loads(body) if body.startswith(b"{") else {}
    finally:
        writer.close()


@pytest.mark.parametrize(
    "begun",
    [b"POST /", POST + b"x: ", POST + b"x", CHUNKED + b"1\r\nx\r\n0\r\ntrailer: "],
    ids=["path", "value", "name", "trailer"],
)
async def test_what_never_ends_is_refused(port, begun):
    """A head or trailer that goes on and on is refused after 64 KiB, and read no further."""
    with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
        assert (await say(port, begun, *[b"x" * 16_384] * 1000))[0] == 400
    assert (await say(port, POST + b"content-length: 2\r\n\r\nok"))[0] == 200


async def test_nobody_is_believed_to_be_somebody_else(port):
    """Who comes from this machine is not taken for a proxy: that is what trusted_proxies is for."""
    forwarded = b"x-forwarded-for: 203.0.113.9\r\nx-forwarded-proto: https\r\n"
    for more in (b"", b"connection: upgrade\r\nupgrade: h2c\r\n"):
        _, told = await say(port, POST + forwarded + more + b"content-length: 0\r\n\r\n")
        assert (told["peer"], told["scheme"]) == ("127.0.0.1", "http")


async def test_an_answer_is_one_write(port, monkeypatch):
    """Head and body of an answer leave together: one packet, which wakes the other side once."""
    written = []
    write = OneWrite.flush
    monkeypatch.setattr(
        OneWrite, "flush", lambda self: (written.append(self._held), write(self))[1]
    )
    await say(port, POST + b"content-length: 2\r\n\r\nok")
    assert len([held for held in written if held]) == 1 and b"}" in written[0]


async def test_an_answer_that_takes_long_is_not_held_back():
    """What is written leaves at the end of that step, though more of the answer is to come."""
    more = asyncio.Event()

    async def slowly():
        yield b"one"
        await more.wait()
        yield b"two"

    async def stream(_request: Request) -> StreamingResponse:
        return StreamingResponse(slowly())

    async with serving(Starlette(routes=[Route("/", stream)])) as open_port:
        reader, writer = await asyncio.open_connection("127.0.0.1", open_port)
        writer.write(b"GET / HTTP/1.1\r\nhost: test\r\n\r\n")
        await asyncio.wait_for(reader.readuntil(b"one"), 60)
        more.set()
        await asyncio.wait_for(reader.readuntil(b"two"), 60)
        writer.close()


async def test_many_headers_are_refused(port):
    """Neither are thousands of short headers taken."""
    lines = b"a: b\r\n" * (MAX_HEAD // 6)
    assert (await say(port, POST, lines))[0] == 400


@pytest.mark.parametrize("offered", ["h2c", "websocket", "TLS/1.0"])
async def test_an_upgrade_that_is_offered_costs_no_body(port, offered):
    """Who offers an upgrade, as some clients do by themselves, is read as if nothing was said."""
    head = POST + f"connection: upgrade\r\nupgrade: {offered}\r\n".encode()
    inner = POST + b"content-length: 2\r\n\r\nno"
    whole = head + f"content-length: {len(inner)}\r\n\r\n".encode()
    for pieces in ([whole + inner], [whole, inner]):
        status, told = await say(port, *pieces)
        assert (status, told["size"]) == (200, len(inner))


async def test_pipelined_requests_are_answered_one_by_one(port):
    """Each gets its answer, in order; somebody who only sends does not fill the memory."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for size in range(50):
        writer.write(POST + f"content-length: {size}\r\n\r\n".encode() + b"x" * size)
    for size in range(50):
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length: ")[2].split(b"\r\n")[0])
        assert json.loads(await reader.readexactly(length))["size"] == size
    writer.close()
    gc.collect()
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    many = (POST + b"content-length: 0\r\n\r\n") * 2000
    with contextlib.suppress(TimeoutError, ConnectionError):
        async with asyncio.timeout(1):
            while True:  # and reads no answer
                writer.write(many)
                await writer.drain()
    cycles = [o for o in gc.get_objects() if type(o).__name__ == "RequestResponseCycle"]
    writer.transport.abort()
    assert len(cycles) < 50


async def test_what_is_long_and_ends_is_taken(port):
    """Headers of nearly 64 KiB pass, in pieces; so does a large body in chunks of one byte."""
    value = b"v" * (MAX_HEAD - 200)
    halves = value[:30_000], value[30_000:]
    status, told = await say(
        port, POST, b"x: ", *halves, b"\r\ncontent-length: 2\r\n\r\n", b"ok"
    )  # fmt: skip
    assert status == 200 and told["headers"]["x"] == value.decode()
    tiny = [b"1\r\nx\r\n" * 1000] * 100
    status, told = await say(port, CHUNKED, *tiny, b"0\r\n\r\n")
    assert (status, told["size"]) == (200, 100_000)


async def test_a_second_request_counts_anew(port):
    """Requests on one connection are counted one by one."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    long = POST + b"x: " + b"v" * 40_000 + b"\r\ncontent-length: 0\r\n\r\n"
    for _ in range(4):
        writer.write(long)
        assert b" 200 " in await reader.readuntil(b"\r\n\r\n")
        await reader.readuntil(b"}}")
    writer.close()


async def test_a_trailer_is_no_header(port):
    """What comes after the body is not read as a header: decisions were made before it."""
    trailer = b"2\r\nok\r\n0\r\nx-forwarded-for: 10.0.0.1\r\n\r\n"
    status, told = await say(port, CHUNKED + trailer)
    assert (status, told["size"]) == (200, 2)
    assert "x-forwarded-for" not in told["headers"]


@pytest.mark.parametrize(
    "hostile",
    [
        POST + b"content-length: 5\r\ncontent-length: 6\r\n\r\nhello",
        POST + b"content-length: -1\r\n\r\n",
        POST + b"content-length: 5 \x00\r\n\r\nhello",
        POST + b"transfer-encoding: xchunked\r\n\r\n",
        POST + b"x : y\r\n\r\n",
        CHUNKED + b"zz\r\n",
        b"\x16\x03\x01\x02\x00",
        b"GET\r\n\r\n",
        b"POST /\xff\x00 HTTP/1.1\r\n\r\n",
    ],
    ids=range(9),
)
async def test_what_two_servers_may_read_differently_is_refused(port, hostile):
    """A request that a proxy before us might divide otherwise, or that is none, is answered 400."""
    assert (await say(port, hostile))[0] == 400
    assert (await say(port, POST + b"content-length: 2\r\n\r\nok"))[0] == 200


@pytest.fixture
async def api(hf):
    """The real application, served; its port."""
    await hf.prepare()
    async with serving(build(hf.services)) as open_port:
        yield open_port


async def test_a_length_beside_chunks_is_refused(api):
    """Content-Length and Transfer-Encoding together are answered 400, and nothing is read on."""
    head = b"POST /webhooks/stripe HTTP/1.1\r\nhost: x\r\ncontent-length: 4\r\n"
    status, told = await say(api, head + b"transfer-encoding: chunked\r\n\r\n0\r\n\r\n")
    assert status == 400 and "Transfer-Encoding" in told["error"]


async def test_who_asks_before_a_large_body_is_told_and_hung_up(api):
    """Expect: 100-continue with too large a body gets its 413, and no next request is eaten."""
    reader, writer = await asyncio.open_connection("127.0.0.1", api)
    writer.write(
        b"POST /webhooks/stripe HTTP/1.1\r\nhost: x\r\nexpect: 100-continue\r\n"
        b"content-length: 9000000\r\n\r\n"
    )
    answer = await asyncio.wait_for(reader.read(), 60)  # to the end: it is closed
    assert answer.startswith(b"HTTP/1.1 413 ") and b"connection: close" in answer.lower()
    writer.close()


@pytest.mark.parametrize("path", [b"/nowhere", b"/healthz", b"/webhooks/stripe"])
async def test_who_asks_and_is_refused_is_hung_up(api, monkeypatch, path):
    """Expect: 100-continue, answered 404, 405 or 429 with the body unread: closed, as after 413."""
    monkeypatch.setattr("holdfast.channels.webhooks.ingress.Ingress.wait_s", lambda *_: 1.0)
    reader, writer = await asyncio.open_connection("127.0.0.1", api)
    writer.write(
        b"POST "
        + path
        + b" HTTP/1.1\r\nhost: x\r\nexpect: 100-continue\r\ncontent-length: 90\r\n\r\n"
    )
    answer = await asyncio.wait_for(reader.read(), 60)
    assert answer.startswith(b"HTTP/1.1 4") and b"connection: close" in answer.lower()
    writer.close()


@pytest.mark.parametrize("line", [b"HTTP/1.1\r\nhost: x", CLOSING])
async def test_who_asked_and_was_told_to_send_has_the_answer(api, line):
    """Expect: 100-continue with chunks: once told to send, whoever sends too much reads the 413."""
    reader, writer = await asyncio.open_connection("127.0.0.1", api)
    head = b"\r\nexpect: 100-continue\r\ntransfer-encoding: chunked\r\n\r\n"
    writer.write(b"POST /webhooks/stripe " + line + head)
    told = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 60)
    assert told.startswith(b"HTTP/1.1 100 ")
    for _ in range(300):
        writer.write(b"2710\r\n%b\r\n" % (b"x" * 10_000))
        await asyncio.wait_for(writer.drain(), 60)
    writer.write(b"0\r\n\r\n")
    answer = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 60)
    assert answer.startswith(b"HTTP/1.1 413 ")
    writer.close()


@pytest.mark.parametrize("refused", [413, 429])
@pytest.mark.parametrize(
    ("line", "chunked"), [(CLOSING, False), (CLOSING, True), (b"HTTP/1.0", False)]
)
async def test_who_hangs_up_after_a_large_body_has_the_answer(
    api, monkeypatch, line, chunked, refused
):
    """Whoever wants the connection closed, and sent too much, is answered, and not cut off."""
    if refused == 429:
        monkeypatch.setattr("holdfast.channels.webhooks.ingress.Ingress.wait_s", lambda *_: 1.0)
    body, head = b"x" * 3_000_000, b"content-length: 3000000"
    if chunked:
        body, head = b"%x\r\n%b\r\n0\r\n\r\n" % (len(body), body), b"transfer-encoding: chunked"
    reader, writer = await asyncio.open_connection("127.0.0.1", api)
    writer.write(b"POST /webhooks/stripe " + line + b"\r\n" + head + b"\r\n\r\n" + body)
    await asyncio.wait_for(writer.drain(), 60)
    answer = await asyncio.wait_for(reader.read(), 60)
    assert answer.startswith(b"HTTP/1.1 %d " % refused)
    writer.close()


async def test_an_answer_does_not_wait_for_an_acknowledgement():
    """On the port that the commands open, what is written leaves at once: no 40 ms an answer."""
    running = server(telling())
    listening = listen("127.0.0.1", 0)
    task = asyncio.create_task(running.serve([listening]))
    reader, writer = await asyncio.open_connection(*listening.getsockname())
    writer.write(POST + b"content-length: 0\r\n\r\n")
    await reader.readuntil(b"\r\n\r\n")
    (connection,) = running.server_state.connections
    accepted = connection.transport.get_extra_info("socket")
    assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
    writer.close()
    running.should_exit = True
    await task
