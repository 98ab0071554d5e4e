"""Amazon is asked for certificates; what it answers is not trusted, and bounded."""

import asyncio
import json
from datetime import UTC, datetime
from uuid import UUID

import pytest

from holdfast.channel import Request
from holdfast.channels.webhooks.amazon import Amazon, get
from holdfast.channels.webhooks.book import Book
from holdfast.channels.webhooks.handle import load_many, read_event
from holdfast.channels.webhooks.receive import Receiver
from holdfast.channels.webhooks.recheck import recheck
from holdfast.channels.webhooks.schemes import SCHEMES
from holdfast.channels.webhooks.source import Source

TOPIC = "arn:aws:sns:eu-west-1:1:t"


@pytest.fixture
async def topic(hf, sql, tmp_path):
    """The source `sns` stands in the database, with a topic."""
    await hf.prepare()
    (tmp_path / "topic").write_text(TOPIC)
    sql.execute("select webhook_set_source('sns', '{}', 'ann')")
    add = "select webhook_add_secret('source:sns', %s, 'ann')"
    sql.execute(add, [f"file:{tmp_path / 'topic'}"])


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


def receiver(hf, **amazon):
    """What answers at /webhooks/sns, freshly started, and the call that posts a body to it."""
    sources = {"sns": Source(name="sns", scheme=SCHEMES["sns"], scheme_name="sns")}
    receiving = Receiver(hf.services, Book(hf.services.database, sources), amazon=Amazon(**amazon))

    async def post(body):
        request = Request("POST", "http://us/webhooks/sns", {"source": "sns"}, [], body, "10.0.0.1")
        answer = await receiving(request)
        return answer.status, json.loads(answer.body)

    return post


@pytest.mark.usefixtures("topic")
async def test_the_first_message_after_a_start_is_taken(hf, amazon):
    """A process that knows neither sources nor certificates yet takes it; it verifies again."""
    message, certificates = amazon

    async def get(url):
        return certificates(url)

    post = receiver(hf, fetch=get)
    status, answer = await post(message(at=datetime.now(UTC).isoformat()))
    assert status == 200 and answer["duplicate"] is False, answer
    database = hf.services.database
    stored = read_event((await database.run(load_many([UUID(answer["id"])])))[0])
    assert not await recheck(database, Book(database, {}), Amazon(get), stored)


@pytest.mark.usefixtures("topic")
async def test_a_certificate_that_amazon_does_not_give_is_not_asked_for_by_each_request(hf, amazon):
    """A failed fetch is 503, and is tried again after half a minute and not with every request."""
    message, certificates = amazon
    asked, clock = [], [0.0]

    async def get(url):
        asked.append(url)
        if len(asked) == 1:
            raise OSError("404")
        return certificates(url)

    post = receiver(hf, fetch=get, now=lambda: clock[0])
    body = message(at=datetime.now(UTC).isoformat())
    told = await asyncio.gather(*(post(body) for _ in range(5)))
    assert {status for status, _ in told} == {503} and len(asked) == 1
    assert (await post(body))[0] == 503 and len(asked) == 1
    clock[0] = 31.0
    assert (await post(body))[0] == 200 and len(asked) == 2
