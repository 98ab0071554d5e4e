"""What is plain HTTP, and that it is read as h11 reads it."""

import asyncio
import contextlib
import json
import re
import socket
from collections.abc import Iterator
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from holdfast.api import listen, server
from holdfast.api.crowd import Crowd
from holdfast.api.plain import MAX_HEAD, plain_length
from holdfast.api.protocol import AnyRequests

HEAD = b"POST /x HTTP/1.1\r\nHost: a\r\n"


@pytest.mark.parametrize(
    ("head", "length"),
    [
        (HEAD + b"\r\n", 0),
        (HEAD + b"Content-Length: 12\r\n\r\n", 12),
        (HEAD + b"content-length:12\r\nX-Y_z: a b\t\xe9\r\nE:\r\nConnection: Close\r\n\r\n", 12),
        (b"GET /a/b%20c?d=e&f=/g?h HTTP/1.1\r\nhost: a\r\n\r\n", 0),
    ],
)
def test_plain(head, length):
    """What providers write is plain, and the length of its body is known."""
    assert plain_length(head) == length


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"POST /x HTTP/1.1\r\n\r\n",
        b"POST /x HTTP/1.0\r\nHost: a\r\n\r\n",
        b"POST //x HTTP/1.1\r\nHost: a\r\n\r\n",
        b"POST http://a/x HTTP/1.1\r\nHost: a\r\n\r\n",
        b"POST /x#y HTTP/1.1\r\nHost: a\r\n\r\n",
        b"OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n",
        b"CONNECT /x HTTP/1.1\r\nHost: a\r\n\r\n",
        b"post /x HTTP/1.1\r\nHost: a\r\n\r\n",
        b"POST  /x HTTP/1.1\r\nHost: a\r\n\r\n",
        b"POST /\xc3\xa9 HTTP/1.1\r\nHost: a\r\n\r\n",
        b"POST /x HTTP/1.1\nHost: a\n\n",
        b"POST /x HTTP/1.1\r\nHost: a\n\r\n",
        HEAD + b"Host: b\r\n\r\n",
        HEAD + b"Content-Length: 1\r\nContent-Length: 1\r\n\r\n",
        HEAD + b"Content-Length: 1, 1\r\n\r\n",
        HEAD + b"Content-Length: +1\r\n\r\n",
        HEAD + b"Content-Length: \r\n\r\n",
        HEAD + b"Content-Length: 1000000000000000\r\n\r\n",
        HEAD + b"Content-Length: \xb2\r\n\r\n",
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n",
        HEAD + b"Upgrade: h2c\r\nConnection: Upgrade\r\n\r\n",
        HEAD + b"Upgrade: h2c\r\n\r\n",
        HEAD + b"Connection: keep-alive, x\r\n\r\n",
        HEAD + b"Proxy-Connection: close\r\n\r\n",
        HEAD + b"Expect: 100-continue\r\n\r\n",
        HEAD + b"X: a\r\n b\r\n\r\n",
        HEAD + b"X : a\r\n\r\n",
        HEAD + b"X\r\n\r\n",
        HEAD + b": a\r\n\r\n",
        HEAD + b"X: a \r\n\r\n",
        HEAD + b"X: a\rb\r\n\r\n",
        HEAD + b"X: a\x00\r\n\r\n",
        HEAD + b"X: a\x0b\r\n\r\n",
        HEAD + b"\xe9: a\r\n\r\n",
        HEAD + b"X: " + b"a" * MAX_HEAD + b"\r\n\r\n",
        HEAD + b"\r\nbody",
    ],
)
def test_not_plain(head):
    """What servers differ about, or what asks for more than an answer, is left to h11."""
    assert plain_length(head) is None


@pytest.mark.parametrize("hostile", [b" ", b"\t", b"a", b"a: ", b"a:\r\n", b"!"])
def test_judged_in_one_pass(hostile):
    """A head made to be slow to judge costs no more than any other of 64 KiB: each part once."""
    for begun in (HEAD + b"X:", HEAD, b"POST /", b"POST /x HTTP/1.1\r\n"):
        head = begun + hostile * (MAX_HEAD // len(hostile)) + b"\x00\r\n\r\n"
        assert plain_length(head[-MAX_HEAD:]) is None
        assert plain_length(begun + hostile * ((MAX_HEAD - 100) // len(hostile)) + b"\x00") is None


# ------------------------------------------------------------------------------ beside h11


async def _told(request: Request) -> JSONResponse:
    body = await request.body()
    raw = [[n.decode("latin-1"), v.decode("latin-1")] for n, v in request.headers.raw]
    path = request.scope["raw_path"].decode("latin-1")
    query = request.scope["query_string"].decode("latin-1")
    return JSONResponse([request.method, path, query, raw, body.decode("latin-1")])


_LAST = b"GET /last HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"


async def _answers(port: int, pieces: list[bytes]) -> list[tuple[int, object]]:
    """Every answer to what is said on one connection, until the server hangs up."""
    loop = asyncio.get_running_loop()
    with socket.socket() as said:
        said.setblocking(False)
        await loop.sock_connect(said, ("127.0.0.1", port))

        async def speak() -> None:
            with contextlib.suppress(ConnectionError):
                for piece in [*pieces, _LAST * 2]:
                    await loop.sock_sendall(said, piece)

        speaking = loop.create_task(speak())
        heard = b""
        async with asyncio.timeout(60):
            with contextlib.suppress(ConnectionError):
                while more := await loop.sock_recv(said, 65_536):
                    heard += more
        speaking.cancel()
    return list(_parsed(heard))


def _parsed(heard: bytes) -> Iterator[tuple[int, object]]:
    while heard:
        head, _, rest = heard.partition(b"\r\n\r\n")
        length = re.search(rb"(?i)content-length: (\d+)", head)
        end = int(length[1]) if length else len(rest)
        body, heard = rest[:end], rest[end:]
        if b" 100 " not in head:
            yield int(head.split()[1]), json.loads(body) if body.startswith(b"[") else None


_NAMES = st.sampled_from([b"X-A", b"x-a", b"Accept", b"X_B", b"X ", b" X", b"", b"X\x00"])
_VALUES = st.sampled_from([b"", b" v", b"v", b"\t v", b" v ", b" \xe9", b" a\x01", b" a: b"])
_FIELDS = st.lists(st.tuples(_NAMES, _VALUES), max_size=2)
_ODD = st.sampled_from(
    [
        b"Content-Length: 3\r\n", b"Content-Length: 003\r\n", b"Content-Length: -1\r\n",
        b"Content-Length: 3, 3\r\n", b"Transfer-Encoding: chunked\r\n", b"Connection: close\r\n",
        b"Connection: keep-alive\r\n", b"Connection: Upgrade\r\nUpgrade: h2c\r\n", b" folded\r\n",
        b"Expect: 100-continue\r\n", b"Host: again\r\n", b"X: a\rb\r\n", b"X: a\n", b"\n",
    ]
)  # fmt: skip
_LINES = st.sampled_from(
    [b"POST / HTTP/1.1\r\n"] * 8
    + [
        b"POST /a?b=c HTTP/1.1\r\n", b"POST /%61 HTTP/1.1\r\n", b"POST / HTTP/1.0\r\n",
        b"PUT / HTTP/1.1\r\n", b"GET /x HTTP/1.1\r\n", b"POST / HTTP/1.1\n", b"POST /\r\n",
        b"POST /#f HTTP/1.1\r\n", b"POST / HTTP/2.0\r\n", b"\r\nPOST / HTTP/1.1\r\n",
    ]
)  # fmt: skip


@st.composite
def _requests(draw: st.DrawFn) -> bytes:
    line = draw(_LINES)
    fields = [b"Host: a\r\n"] if draw(st.integers(0, 9)) else []
    fields += [name + b":" + value + b"\r\n" for name, value in draw(_FIELDS)]
    fields += draw(st.lists(_ODD, max_size=1))
    body = draw(st.sampled_from([b"", b"", b"abc", b"3\r\nabc\r\n0\r\n\r\n", b"x" * 70_000]))
    if draw(st.booleans()):
        fields.append(b"Content-Length: %d\r\n" % len(body))
    return line + b"".join(draw(st.permutations(fields))) + b"\r\n" + body


@st.composite
def _said(draw: st.DrawFn) -> list[bytes]:
    """One to three requests on one connection, cut anywhere."""
    whole = b"".join(draw(st.lists(_requests(), min_size=1, max_size=3)))
    cuts = sorted(draw(st.lists(st.integers(0, min(len(whole), 400)), max_size=4)))
    return [whole[a:b] for a, b in zip([0, *cuts], [*cuts, len(whole)], strict=True)]


@pytest.fixture(scope="module")
def ask():
    """Says the same to our server and to one that leaves all to h11; both answers."""
    routes = [Route("/{rest:path}", _told, methods=["POST", "PUT", "GET"])]
    ours, by_h11 = server(Starlette(routes=routes)), server(Starlette(routes=routes))
    by_h11.config.http = partial(AnyRequests, Crowd())
    open_ports = [listen("127.0.0.1", 0) for _ in range(2)]
    with asyncio.Runner() as runner:
        loop = runner.get_loop()
        tasks = [
            loop.create_task(served.serve([opened]))
            for served, opened in zip((ours, by_h11), open_ports, strict=True)
        ]

        async def both(pieces: list[bytes]) -> list[list[tuple[int, object]]]:
            return [await _answers(opened.getsockname()[1], pieces) for opened in open_ports]

        yield lambda pieces: runner.run(both(pieces))
        ours.should_exit = by_h11.should_exit = True
        loop.run_until_complete(asyncio.gather(*tasks))


@given(pieces=_said())
def test_it_is_read_as_h11_reads_it(ask, pieces):
    """Whatever comes, in whatever pieces: the same answers, of the same requests, in order."""
    ours, by_h11 = ask(pieces)
    assert ours == by_h11
