"""Amazon is asked for certificates; what it answers is not trusted, and bounded."""

import asyncio

import pytest

from holdfast.channels.webhooks.amazon import get


async def test_what_amazon_does_not_give_is_an_oserror():
    """A refusal, an answer that is too large and a server that is not there are one error."""
    answers = iter([b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n",
                    b"HTTP/1.1 200 OK\r\nContent-Length: 70000\r\n\r\n" + b"x" * 70_000,
                    b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"])  # fmt: skip

    async def serve(reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        writer.write(next(answers))
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/cert.pem"
    for why in ("404", "more than 65536"):
        with pytest.raises(OSError, match=why):
            await get(url)
    assert await get(url) == b"ok"
    server.close()
    with pytest.raises(OSError, match="Cannot connect"):
        await get(url)
