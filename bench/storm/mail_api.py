"""A mail provider with an HTTP API: speaks as Resend or as Postmark does, and has its faults."""

import asyncio
import hashlib
import json
import random
import time
from collections import Counter
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from bench.storm.sinks import Copy

_FAULTS = {
    "": 76, "500": 4, "429": 1, "502": 2, "502, taken": 2, "reset": 4, "reset, taken": 4, "slow": 4,
    "too slow": 3,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that came whole. `taken`: the message was; `answered`: and that was said, or no."""

    about: str  # the email by its idempotency key, or its Message-ID
    recipients: tuple[str, ...]
    key: str
    digest: str
    taken: bool
    answered: bool
    at: float


class MailApi:
    """Takes mail as JSON. What was asked for under a known key is not taken twice."""

    def __init__(self, chance: random.Random) -> None:
        self.kind = chance.choice(["resend", "postmark"])
        self.is_second = chance.random() < 0.5
        self.copies: list[Copy] = []
        self.asked: list[Asked] = []
        self.faults: Counter[str] = Counter()
        self.lies: list[str] = []
        self.calm = False
        self._chance = chance
        self._known: dict[str, str] = {}

    def url(self, port: int) -> str:
        """What holdfast is told of it; as a second choice, or beside the mail server."""
        place = "tier=2" if self.is_second else "weight=2"
        return f"{self.kind}://key@127.0.0.1:{port}?plain=yes&timeout=2&connections=5&{place}"

    async def answer(self, request: web.Request) -> web.Response:
        """One message."""
        body = await request.read()
        form = json.loads(body)
        about, key, recipients = _read(request, form)
        digest = hashlib.sha256(body).hexdigest()
        if bad := [a for a in recipients if a.startswith("refused-")]:
            return self._refused(422, f"no such mailbox: {', '.join(bad)}")
        fault = self._draw()
        self.faults[fault or "none"] += 1
        taken = fault in {"", "slow", "too slow"} or "taken" in fault
        said = fault in {"", "slow", "500", "429"}
        self.asked.append(Asked(about, recipients, key, digest, taken, said, time.time()))
        if taken and self._known.get(key) is None:
            self.copies.append(Copy(about, recipients, digest, fault, time.time(), self.kind))
        if taken and key and self._known.setdefault(key, digest) != digest:
            self.lies.append(f"{about}: the same key with another content")
        if "reset" in fault and request.transport is not None:
            request.transport.abort()
        if "slow" in fault:
            await asyncio.sleep(4 if fault == "too slow" else random.uniform(0.3, 1.2))
        if fault[:3] in {"500", "502", "429"}:
            return self._refused(int(fault[:3]), "not now")
        return web.json_response(
            {"id": digest[:20]} if self.kind == "resend" else {"ErrorCode": 0, "MessageID": about}
        )

    def _draw(self) -> str:
        """A 429 halves the pace for minutes: only where that leaves enough to come to rest."""
        fault = self._chance.choices(list(_FAULTS), list(_FAULTS.values()))[0]
        busy = sum(copy.at > time.time() - 10 for copy in self.copies) >= 8
        return "" if self.calm or (fault == "429" and not busy) else fault

    def _refused(self, status: int, words: str) -> web.Response:
        if status == 502:
            return web.Response(status=502, text="bad gateway")
        names = {422: "validation_error", 429: "rate_limit_exceeded"}
        resend = {"name": names.get(status, "internal_server_error"), "message": words}
        postmark = {"ErrorCode": 300 if status == 422 else status, "Message": words}
        wait = {"Retry-After": "1"} if status == 429 else {}
        told = resend if self.kind == "resend" else postmark
        return web.json_response(told, status=status, headers=wait)


def _read(request: web.Request, form: dict[str, Any]) -> tuple[str, str, tuple[str, ...]]:
    """Which email it is, its idempotency key, and who is to get it."""
    if key := request.headers.get("Idempotency-Key", ""):
        boxes = [box for name in ("to", "cc", "bcc") for box in form.get(name, ())]
        return key.rpartition("-")[0], key, _addresses(boxes)
    headers = {header["Name"]: header["Value"] for header in form["Headers"]}
    boxes = [box for name in ("To", "Cc", "Bcc") for box in form.get(name, "").split(",") if box]
    return headers["Message-ID"], "", _addresses(boxes)


def _addresses(boxes: list[str]) -> tuple[str, ...]:
    return tuple(box.rpartition("<")[2].rstrip("> ").strip() for box in boxes)
