"""Those who ask: Stripe, which delivers until it hears a 2xx, and a program that sends mail."""

import asyncio
import hashlib
import hmac
import json
import random
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

import aiohttp
import aiosmtplib

from bench.storm.app import ASKS, HANDLERS
from bench.storm.system import SECRET

_TYPES = list(HANDLERS)
_SHARES = (50, 20, 20, 8, 10)
_OBJECTS = 6
_MOST_OPEN = 300


@dataclass
class Posted:
    """An event, and what was answered to it so far."""

    id: str
    type: str
    object: dict[str, object]
    created: int = field(default_factory=lambda: int(time.time()))
    tries: int = 0
    acknowledged: str | None = None  # our id of it
    bodies: set[str] = field(default_factory=set)  # their hashes
    unheard: int = 0  # tries that nobody said anything to
    approved: int = 0  # how often it heard what the handler says


class Stripe:
    """Posts signed events; what was not answered 2xx it posts again, with the same id."""

    def __init__(self, port: int, chance: random.Random, rate: float) -> None:
        self.events: dict[str, Posted] = {}
        self.answers: Counter[str] = Counter()
        self.lies: list[str] = []
        self.filler: Callable[[str], str] = lambda _: "x" * 700
        self._url = f"http://127.0.0.1:{port}/webhooks/stripe"
        self._chance = chance
        self._rate = rate
        self._open: set[asyncio.Task[None]] = set()
        self._turns: dict[str, asyncio.Lock] = {}
        self._counts: Counter[str] = Counter()

    @property
    def acknowledged(self) -> int:
        """How many events were answered 2xx."""
        return sum(1 for event in self.events.values() if event.acknowledged)

    async def run(self, stop: asyncio.Event) -> None:
        """Post until told to stop, then until all are delivered."""
        timeout = aiohttp.ClientTimeout(total=20)
        async with aiohttp.ClientSession(timeout=timeout) as session:
            while not stop.is_set():
                await asyncio.sleep(self._chance.expovariate(self._rate))
                for _ in range(30 if self._chance.random() < 0.004 else 1):
                    if len(self._open) < _MOST_OPEN:
                        self._begin(session)
            while self._open:
                await asyncio.wait(self._open)

    def _begin(self, session: aiohttp.ClientSession) -> None:
        number = len(self.events)
        kind = self._chance.choices(_TYPES, _SHARES)[0]
        thing: dict[str, object] = {"id": f"in_{number}"}
        if kind == "customer.subscription.updated":
            name = f"sub_{self._chance.randrange(_OBJECTS)}"
            self._counts[name] += 1
            thing = {"id": name, "n": self._counts[name]}
        event = self.events[f"evt_{number}"] = Posted(f"evt_{number}", kind, thing)
        task = asyncio.create_task(self._deliver(session, event))
        self._open.add(task)
        task.add_done_callback(self._open.discard)

    async def _deliver(self, session: aiohttp.ClientSession, event: Posted) -> None:
        turn = self._turns.setdefault(str(event.object["id"]), asyncio.Lock())
        async with turn:  # of one object one after the other, so that the order is known
            while not event.acknowledged:
                told = await self._post(session, event)
                if told is None:
                    await asyncio.sleep(random.uniform(0.3, 2.5))
                    continue
                event.acknowledged = str(told["id"])
                event.approved += told.get("approved") == event.id
                if told["duplicate"] and event.tries == 1:
                    self.lies.append(f"{event.id}: called a duplicate the first time")
        while random.random() < 0.05:
            await asyncio.sleep(random.uniform(0, 5))
            told = await self._post(session, event)
            if told is not None and (not told["duplicate"] or told["id"] != event.acknowledged):
                self.lies.append(
                    f"{event.id}: acknowledged as {event.acknowledged}, sent again: {told}"
                )

    async def _post(
        self, session: aiohttp.ClientSession, event: Posted
    ) -> dict[str, object] | None:  # fmt: skip
        event.tries += 1
        body = json.dumps(
            {"id": event.id, "object": "event", "type": event.type, "created": event.created,
             "livemode": False, "pending_webhooks": max(1, 5 - event.tries),
             "data": {"object": event.object, "filler": self.filler(event.id)}}
        ).encode()  # fmt: skip
        event.bodies.add(hashlib.sha256(body).hexdigest())
        stamp = str(int(time.time()))
        mac = hmac.new(SECRET.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
        headers = {"Stripe-Signature": f"t={stamp},v1={mac}", "Content-Type": "application/json"}
        try:
            async with session.post(self._url, data=body, headers=headers) as answer:
                text = await answer.text()
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            self.answers[type(error).__name__] += 1
            event.unheard += 1
            return None
        self.answers[str(answer.status)] += 1
        none_given = answer.status == 500 and event.type == ASKS and "no answer" in text
        if answer.status not in {200, 503} and not none_given:
            self.lies.append(f"{event.id}: answered {answer.status} {text[:200]}")
        return json.loads(text) if 200 <= answer.status < 300 else None


@dataclass
class Mailed:
    """A mail, and how often nobody said whether it was taken."""

    recipients: list[str]
    unanswered: int = 0
    acknowledged: bool = False


class Mailer:
    """A program that keeps its mail until it hears 250."""

    def __init__(self, port: int, chance: random.Random, rate: float, lines: int = 4) -> None:
        self.mails: dict[str, Mailed] = {}
        self.answers: Counter[str] = Counter()
        self.filler: Callable[[str], str] = lambda _: ""
        self._port = port
        self._chance = chance
        self._rate = rate / lines
        self._lines = lines

    @property
    def acknowledged(self) -> int:
        """How many were answered 250."""
        return sum(1 for mail in self.mails.values() if mail.acknowledged)

    async def run(self, stop: asyncio.Event) -> None:
        """Send until told to stop, and until all are taken."""
        await asyncio.gather(*(self._line(stop) for _ in range(self._lines)))

    async def _line(self, stop: asyncio.Event) -> None:
        client = None
        while not stop.is_set():
            await asyncio.sleep(self._chance.expovariate(self._rate))
            number = len(self.mails)
            to = [f"ann-{number}@example.com"]
            if self._chance.random() < 0.2:
                to.append(f"ben-{number}@example.com")
            if self._chance.random() < 0.03:
                to.append(f"refused-{number}@example.com")
            message_id = f"<storm-{number}@example.com>"
            self.mails[message_id] = Mailed(to)
            while not self.mails[message_id].acknowledged:
                client = await self._send(client, message_id)
        if client is not None:
            client.close()

    async def _send(
        self, client: aiosmtplib.SMTP | None, message_id: str
    ) -> aiosmtplib.SMTP | None:  # fmt: skip
        mail = self.mails[message_id]
        text = f"From: me@example.com\r\nTo: {mail.recipients[0]}\r\nMessage-ID: {message_id}\r\n"
        text += "Subject: storm\r\nDate: Thu, 01 Jan 2026 00:00:00 +0000\r\n\r\n.dots\r\nHello.\r\n"
        text += self.filler(message_id)
        try:
            if client is None:
                client = aiosmtplib.SMTP(
                    hostname="127.0.0.1", port=self._port, start_tls=False, timeout=20
                )
                await client.connect()
            await client.sendmail("me@example.com", mail.recipients, text.encode())
        except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
            self.answers[str(getattr(error, "code", "")) or type(error).__name__] += 1
            mail.unanswered += 1
            if client is not None:
                client.close()
            await asyncio.sleep(random.uniform(0.2, 1.5))
            return None
        self.answers["250"] += 1
        mail.acknowledged = True
        return client
