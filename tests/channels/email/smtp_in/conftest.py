"""SMTP-in as other programs meet it."""

import asyncio
import ssl
from contextlib import AsyncExitStack
from dataclasses import replace
from types import SimpleNamespace

import pytest

from holdfast.channels.email.smtp_in import logins, password
from holdfast.channels.email.smtp_in.address import Address
from holdfast.channels.email.smtp_in.server import listening


class Talk:
    """A client that says exactly what it is told."""

    def __init__(self, reader, writer):
        self.reader, self.writer = reader, writer

    async def answer(self):
        """One answer: its lines, joined."""
        lines = []
        while line := await asyncio.wait_for(self.reader.readline(), 60):
            lines.append(line.decode().rstrip("\r\n"))
            if line[3:4] != b"-":
                break
        return "\n".join(lines)

    async def say(self, *lines):
        """Say the lines at once; the answer to each."""
        self.writer.write(b"".join(_bytes(line) + b"\r\n" for line in lines))
        return [await self.answer() for _ in lines] if len(lines) > 1 else await self.answer()

    async def starttls(self):
        """As a client does that trusts anybody."""
        assert (await self.say("STARTTLS")).startswith("220 ")
        await self.writer.start_tls(trusting())


def trusting():
    """TLS with whoever is there."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


def _bytes(line):
    return line if isinstance(line, bytes) else line.encode()


@pytest.fixture
def costly():
    """Passwords are hashed at the cost that users have."""


@pytest.fixture(autouse=True)
def _cheap(request, monkeypatch):
    """The cost is on purpose, and part of each hash; a test that is not about it need not pay."""
    if "costly" not in request.fixturenames:
        monkeypatch.setattr(password, "_N", 16)


@pytest.fixture
async def listen(database, certificates):
    """Starts SMTP-in with the options of its address, and gives its port and a way to talk."""
    async with AsyncExitStack() as stack:

        async def start(limits=None, tls=True, database=database, **options):
            where = Address("127.0.0.1", 0, certificates / "localhost.pem" if tls else None)
            where = replace(where, **options)
            server = await stack.enter_async_context(listening(database, where, limits))
            port = server.sockets[0].getsockname()[1]

            async def talk(ehlo=True, **secure):
                reader, writer = await asyncio.open_connection("127.0.0.1", port, **secure)
                stack.callback(writer.close)
                client = Talk(reader, writer)
                client.greeting = await client.answer()
                if ehlo:
                    client.offers = (await client.say("EHLO test")).splitlines()
                return client

            return SimpleNamespace(port=port, talk=talk)

        yield start


@pytest.fixture
async def shop(database):
    """A login `shop` of the tenant acme; gives its password."""
    secret = password.make()
    await database.run(logins.add("shop", password.hashed(secret), "acme", "test"))
    return secret
