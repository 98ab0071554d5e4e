"""Whether the request had left, found out against servers that break at each step."""

import asyncio
import ssl

import pytest

from holdfast.channels.email.providers.http.call import MOST_READ, Answer, Caller, NoAnswer, Request

LARGE = 32 * 1024 * 1024  # more than the sockets of a machine hold


@pytest.fixture
async def peer():
    """Starts a server that runs `talk(reader, writer)` for each connection; gives its address."""
    servers, tasks = [], set()

    async def start(talk, **options):
        async def serve(reader, writer):
            tasks.add(asyncio.current_task())
            try:
                await talk(reader, writer)
            except (ConnectionError, asyncio.IncompleteReadError):
                pass
            finally:
                writer.transport.abort()

        listening = await asyncio.start_server(serve, "127.0.0.1", 0, **options)
        servers.append(listening)
        port = listening.sockets[0].getsockname()[1]
        return f"{'https' if options else 'http'}://127.0.0.1:{port}/x"

    yield start
    for listening in servers:
        listening.close()
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


@pytest.fixture
async def caller():
    """A caller, closed at the end."""
    found = Caller(most=5)
    yield found
    await found.close()


async def hang():
    """For ever."""
    await asyncio.Event().wait()


async def read_all(reader):
    """One whole request: its head and its body."""
    head = await reader.readuntil(b"\r\n\r\n")
    lines = head.decode().lower().split("\r\n")
    length = next(int(line.partition(":")[2]) for line in lines if line.startswith("content-l"))
    return head, await reader.readexactly(length)


def request(url, size=100):
    """A request of that many bytes."""
    return Request(url, {"X-A": "b"}, b"x" * size)


async def test_a_connection_that_was_closed_meanwhile(peer, caller):
    """A kept connection that is closed before anything was written is no silence after a request.

    Another one is used, and each request arrives once.
    """
    arrived = []

    async def talk(reader, writer):
        arrived.append(await read_all(reader))
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOk")
        writer.write_eof()
        await reader.read()

    url = await peer(talk)
    found = [await caller.post(request(url), 60) for _ in range(20)]
    assert {answer.status for answer in found} == {200} and len(arrived) == 20


@pytest.mark.parametrize(
    ("size", "sent"), [(100, True), (LARGE, False)], ids=["one piece", "many pieces"]
)
@pytest.mark.parametrize("reads", [0, 1, 5000])
async def test_dropped_before_it_was_read(size, sent, reads, peer, caller):
    """A drop half-way is known not to have been acted on; of one piece nobody can know that."""

    async def talk(reader, _writer):
        await reader.read(reads)

    found = await caller.post(request(await peer(talk), size), 60)
    assert isinstance(found, NoAnswer)
    assert found.sent is sent and not found.tls


async def test_a_server_that_does_not_read_on(peer, caller):
    """Time runs out in the middle of the body: nothing can have been acted on."""

    async def talk(reader, _writer):
        await reader.read(1000)
        reader._transport.pause_reading()
        await hang()

    found = await caller.post(request(await peer(talk), LARGE), 0.3)
    assert found == NoAnswer("no answer in time", sent=False)


async def test_a_stop_before_the_last_piece(peer, caller):
    """Being cancelled before anything can have been acted on is being cancelled."""
    reached = asyncio.Event()

    async def talk(reader, _writer):
        await reader.read(1000)
        reader._transport.pause_reading()
        reached.set()
        await hang()

    posting = asyncio.create_task(caller.post(request(await peer(talk), LARGE), 60))
    await reached.wait()
    posting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await posting


@pytest.mark.parametrize(
    "said",
    [b"", b"HTTP/1.1 20", b"HTTP/1.1 200 OK\r\nContent-Le", b"garbage\r\n\r\n", b"\x00" * 100,
     b"HTTP/1.1 200 OK\r\nX: " + b"y" * 100_000 + b"\r\n\r\n"],
)  # fmt: skip
async def test_no_answer_after_all_was_read(said, peer, caller):
    """Silence, half an answer, or none in HTTP, behind a whole request: it may be acted on."""

    async def talk(reader, writer):
        await read_all(reader)
        writer.write(said)
        await writer.drain()

    found = await caller.post(request(await peer(talk), 300_000), 60)
    assert isinstance(found, NoAnswer) and found.sent


async def test_an_answer_that_breaks_off(peer, caller):
    """The status is known, and that the rest is missing."""

    async def talk(reader, writer):
        await read_all(reader)
        writer.write(b'HTTP/1.1 503 No\r\nContent-Length: 90\r\nRetry-After: 3\r\n\r\n{"a"')
        await writer.drain()

    found = await caller.post(request(await peer(talk)), 60)
    assert isinstance(found, Answer)
    assert (found.status, found.whole, found.headers["retry-after"]) == (503, False, "3")


async def test_an_endless_answer(peer, caller):
    """What is answered is read up to the bound."""

    async def talk(reader, writer):
        await read_all(reader)
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            writer.write(b"z" * 65_536)
            await writer.drain()

    found = await caller.post(request(await peer(talk)), 60)
    assert (len(found.body), found.whole) == (MOST_READ, False)


async def test_the_request_is_as_it_was_made(peer, caller):
    """Bytes, length and headers arrive as given; connections are kept and used again."""
    heads, bodies, connections = [], [], []

    async def talk(reader, writer):
        connections.append(1)
        while True:
            head, body = await read_all(reader)
            heads.append(head.decode().lower())
            bodies.append(body)
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nA-B: c\r\n\r\nok")

    url = await peer(talk)
    for size in (0, 1, 65_536, 65_537, 200_000):
        answer = await caller.post(request(url, size), 60)
        assert (answer.body, answer.headers["a-b"]) == (b"ok", "c")
    assert [len(body) for body in bodies] == [0, 1, 65_536, 65_537, 200_000]
    assert all("user-agent: holdfast/" in head and "x-a: b" in head for head in heads)
    assert not any("chunked" in head or "expect" in head or "cookie" in head for head in heads)
    assert connections == [1]


async def test_what_nobody_asked_for_answers_no_message(peer, caller):
    """What is said on a kept connection unasked, read yet or not, answers no later request."""
    kept = []

    async def talk(reader, writer):
        kept.append(writer)
        while True:
            await read_all(reader)
            writer.write(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 2\r\n\r\nNo")

    url = await peer(talk)
    assert (await caller.post(request(url), 60)).status == 400
    for turns in (0, 5):  # of the event loop, for it to be read
        kept[-1].write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOk")
        for _ in range(turns):
            await asyncio.sleep(0)
        assert await caller.post(request(url), 60) == Answer(400, {"content-length": "2"}, b"No")
    kept[-1].write_eof()
    assert (await caller.post(request(url), 60)).status == 400
    assert len(kept) == 4


async def test_nobody_to_connect_to(caller):
    """A name that is unknown, a port that is closed: nothing was sent."""
    for url in ("http://no-such-host.invalid/", "http://127.0.0.1:1/"):
        found = await caller.post(request(url), 5)
        assert isinstance(found, NoAnswer) and not found.sent, url


async def test_tls_that_proves_nothing(peer, caller, certificates):
    """A certificate that nobody vouches for is refused before anything is said."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificates / "localhost.pem")
    heard = []

    async def talk(reader, _writer):
        heard.append(await reader.read(1000))

    found = await caller.post(request(await peer(talk, ssl=context)), 60)
    assert isinstance(found, NoAnswer)
    assert found.tls and not found.sent and not any(heard)


async def test_the_environments_proxy_is_for_those_who_ask(peer, monkeypatch):
    """HTTP_PROXY is not used unless it is asked for."""
    asked = []

    async def talk(reader, writer):
        head, _ = await read_all(reader)
        asked.append(head.split()[1].decode())
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        await writer.drain()

    target, proxy = await peer(talk), await peer(talk)
    monkeypatch.setenv("HTTP_PROXY", proxy.removesuffix("/x"))
    monkeypatch.setenv("http_proxy", proxy.removesuffix("/x"))
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    for use_proxy in (False, True):
        caller = Caller(most=1, use_proxy=use_proxy)
        assert isinstance(await caller.post(request(target), 60), Answer)
        await caller.close()
    assert asked == ["/x", target]


def test_a_new_event_loop():
    """A caller that another event loop used goes on in this one."""
    caller = Caller(most=1)

    async def once():
        found = await caller.post(request("http://127.0.0.1:1/"), 60)
        await caller.close()
        return found

    assert [asyncio.run(once()).sent for _ in range(2)] == [False, False]
