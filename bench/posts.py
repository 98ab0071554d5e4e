"""Somebody who posts signed events: as little Python as there can be between two answers."""

import asyncio
import hashlib
import hmac
import json
import random
import time
from collections.abc import Sequence

from bench.webhook_server import SECRET

KIND = "invoice.paid"


def posts(count: int, size: int, first: int = 0) -> list[bytes]:
    """So many requests, each an event of its own with a body of about that size, signed now."""
    return [_post(f"evt_{first + number}", size) for number in range(count)]


def _post(event_id: str, size: int) -> bytes:
    event = {
        "id": event_id, "object": "event", "type": KIND, "created": int(time.time()),
        "livemode": False, "data": {"object": {"id": f"in_{event_id}", "lines": ""}},
    }  # fmt: skip
    lacks = max(size - len(json.dumps(event, indent=2)), 0)
    event["data"] = {"object": {"id": f"in_{event_id}", "lines": "x" * lacks}}
    body = json.dumps(event, indent=2).encode()
    stamp = str(int(time.time()))
    mac = hmac.new(SECRET.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    head = (
        "POST /webhooks/stripe HTTP/1.1\r\nHost: bench\r\nAccept: */*; q=0.5, application/xml\r\n"
        "User-Agent: Stripe/1.0 (+https://stripe.com/docs/webhooks)\r\nCache-Control: no-cache\r\n"
        f"Content-Type: application/json; charset=utf-8\r\nContent-Length: {len(body)}\r\n"
        f"Stripe-Signature: t={stamp},v1={mac}\r\n\r\n"
    )
    return head.encode() + body


class Line:
    """One connection that is kept."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    @classmethod
    async def open(cls, port: int) -> "Line":
        """Connect."""
        return cls(*await asyncio.open_connection("127.0.0.1", port, limit=2**20))

    async def post(self, request: bytes) -> None:
        """One request and its answer; raises RuntimeError if that is not 200."""
        self._writer.write(request)
        head = await self._reader.readuntil(b"\r\n\r\n")
        length = head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0]
        body = await self._reader.readexactly(int(length))
        if not head.startswith(b"HTTP/1.1 200"):
            raise RuntimeError(f"answered {head[:20]!r}: {body[:200]!r}")

    def close(self) -> None:
        """Hang up."""
        self._writer.close()


async def back_to_back(port: int, requests: Sequence[bytes], lines: int) -> float:
    """All of them over so many connections, each one the next after its answer; seconds."""
    waiting = list(reversed(requests))

    async def send(line: Line) -> None:
        while waiting:
            await line.post(waiting.pop())

    opened = [await Line.open(port) for _ in range(lines)]
    began = time.perf_counter()
    await asyncio.gather(*(send(line) for line in opened))
    took = time.perf_counter() - began
    for line in opened:
        line.close()
    return took


async def at_rate(
    port: int, requests: Sequence[bytes], rate: float, lines: int, chance: random.Random
) -> tuple[list[float], list[float]]:
    """At so many a second, at random distances; the waits in seconds, and when each was answered.

    A wait counts from when the request was due, so that a server that stalls is not excused.
    """
    free: asyncio.Queue[Line] = asyncio.Queue()
    for _ in range(lines):
        free.put_nowait(await Line.open(port))
    waits: list[float] = [0.0] * len(requests)
    answered: list[float] = [0.0] * len(requests)

    async def send(number: int, due: float) -> None:
        line = await free.get()
        await line.post(requests[number])
        answered[number] = time.monotonic()
        waits[number] = answered[number] - due
        free.put_nowait(line)

    due = time.monotonic()
    async with asyncio.TaskGroup() as group:
        for number in range(len(requests)):
            due += chance.expovariate(rate)
            await asyncio.sleep(max(due - time.monotonic(), 0))
            group.create_task(send(number, due))
    while not free.empty():
        free.get_nowait().close()
    return waits, answered
