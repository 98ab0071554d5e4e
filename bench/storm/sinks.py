"""Those who are asked: a mail server and an endpoint, each with faults; each notes what it took."""

import asyncio
import contextlib
import hashlib
import random
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass

from aiohttp import web

from holdfast.channels.webhooks.schemes import SCHEMES, Accepted, Delivery, Secret, verify

_VERBS = {
    b"EHLO": "250-sink\r\n250-PIPELINING\r\n250 8BITMIME", b"RSET": "250 ok", b"QUIT": "221 bye",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Copy:
    """A message that was taken: for whom, its bytes, and whether the taking was said."""

    message_id: str
    recipients: tuple[str, ...]
    digest: str
    fault: str
    at: float
    provider: str = "smtp"


class Office:
    """A mail server. Every message draws what becomes of it."""

    def __init__(self, chance: random.Random) -> None:
        self.copies: list[Copy] = []
        self.faults: Counter[str] = Counter()
        self.calm = False
        self._chance = chance

    def _draw(self) -> str:
        faults = ["", "4xx at MAIL", "4xx at the dot", "drop before the dot", "drop after the dot",
                  "slow", "too slow"]  # fmt: skip
        weights = (80, 3, 4, 3, 4, 4, 2)
        return "" if self.calm else self._chance.choices(faults, weights)[0]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, for as many messages as come."""
        try:
            if not self.calm and self._chance.random() < 0.01:
                self.faults["421"] += 1
                writer.write(b"421 4.3.2 not now\r\n")
                return
            writer.write(b"220 sink\r\n")
            fault, recipients = self._draw(), list[str]()
            while line := await reader.readline():
                verb = line[:4].upper()
                if verb == b"MAIL":
                    fault, recipients = self._draw(), []
                    writer.write(b"451 4.3.0 no\r\n" if "MAIL" in fault else b"250 ok\r\n")
                    self.faults[fault] += "MAIL" in fault
                elif verb == b"RCPT":
                    writer.write(self._recipient(line, fault, recipients))
                elif verb == b"DATA" and recipients:
                    writer.write(b"354 go on\r\n")
                    if not await self._message(reader, writer, fault, tuple(recipients)):
                        return
                    recipients = []
                else:
                    said = "554 no recipients" if verb == b"DATA" else _VERBS.get(verb, "500 what")
                    writer.write(f"{said}\r\n".encode())
                    if verb == b"QUIT":
                        return
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            with contextlib.suppress(Exception):
                await writer.drain()
            writer.close()

    def _recipient(self, line: bytes, fault: str, recipients: list[str]) -> bytes:
        address = line.decode().partition("<")[2].partition(">")[0]
        if "MAIL" in fault:
            return b"503 no sender\r\n"
        if address.startswith("refused-"):
            return b"550 5.1.1 no such mailbox\r\n"
        recipients.append(address)
        return b"250 ok\r\n"

    async def _message(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, fault: str,
        recipients: tuple[str, ...],
    ) -> bool:  # fmt: skip
        """False: the connection is to be closed."""
        self.faults[fault or "none"] += 1
        if fault == "drop before the dot":
            writer.transport.abort()
            return False
        content = await reader.readuntil(b"\r\n.\r\n")
        if fault == "4xx at the dot":
            writer.write(b"451 4.3.0 not now\r\n")
            return True
        message_id = content.lower().partition(b"message-id:")[2].partition(b"\r\n")[0].strip()
        self.copies.append(
            Copy(message_id.decode(), recipients, hashlib.sha256(content).hexdigest(), fault,
                 time.time())
        )  # fmt: skip
        if fault == "drop after the dot":
            writer.transport.abort()
            return False
        if "slow" in fault:
            await asyncio.sleep(4 if fault == "too slow" else random.uniform(0.3, 1.2))
        writer.write(b"250 taken\r\n")
        await writer.drain()
        return True


@dataclass(frozen=True, slots=True)
class Arrival:
    """A forwarded event as the endpoint saw it."""

    webhook_id: str
    event: str
    digest: str
    status: int  # 0: none was given


class Endpoint:
    """Takes forwarded webhooks, checks their signature, and has its moods."""

    def __init__(self, chance: random.Random, secret: str) -> None:
        self.arrivals: list[Arrival] = []
        self.faults: Counter[str] = Counter()
        self.forged: list[str] = []
        self.calm = False
        self._chance = chance
        self._secret = Secret("storm", secret)

    async def answer(self, request: web.Request) -> web.Response:
        """One POST."""
        body = await request.read()
        headers = [(name.lower(), value) for name, value in request.headers.items()]
        webhook_id = request.headers.get("webhook-id", "")
        delivery = Delivery("POST", str(request.url), headers, body)
        judged = verify(SCHEMES["standardwebhooks"], delivery, [self._secret], now=time.time())
        if not isinstance(judged, Accepted):
            self.forged.append(f"{webhook_id}: {judged}")
        faults = ["", "500", "reset", "slow", "too slow", "429"]
        fault = "" if self.calm else self._chance.choices(faults, (82, 5, 3, 4, 2, 4))[0]
        self.faults[fault or "none"] += 1
        status = {"500": 500, "reset": 0, "429": 429}.get(fault, 200)
        event = body.partition(b'"id": "')[2].partition(b'"')[0].decode()
        digest = hashlib.sha256(body).hexdigest()
        self.arrivals.append(Arrival(webhook_id, event, digest, status))
        if fault == "reset" and request.transport is not None:
            request.transport.abort()
        if "slow" in fault:
            await asyncio.sleep(4 if fault == "too slow" else random.uniform(0.3, 1.5))
        wait = {"Retry-After": "1"} if fault == "429" else {}
        return web.Response(status=status or 200, headers=wait)


@contextlib.asynccontextmanager
async def opened(
    office: Office, answers: Mapping[str, Callable[[web.Request], Awaitable[web.Response]]]
) -> AsyncIterator[tuple[int, int]]:  # fmt: skip
    """The mail server and what answers HTTP by its path, listening on loopback; their ports."""
    mail = await asyncio.start_server(office.serve, "127.0.0.1", 0, limit=2**22)
    application = web.Application(client_max_size=2**21)
    for path, answer in answers.items():
        application.router.add_post(path, answer)
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield mail.sockets[0].getsockname()[1], runner.addresses[0][1]
    finally:
        mail.close()
        await runner.cleanup()
