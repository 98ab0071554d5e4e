"""The application of the storm: handlers that write through `tx`, that write outside, that fail.

What goes through `tx` is a row of storm.effects, what happens outside is a line of the diary. No
unique key guards either of them: what happens twice is to be seen.
"""

import asyncio
import json
import os
import random
import time
from typing import Any

from bench.storm import paced, unsure
from bench.storm.base import EFFECT, SHORT, hf, write_down
from holdfast import Answer, Dead, Event, Retry, Snooze
from holdfast.policy.verdict import Verdict

__all__ = ["ASKS", "HANDLERS", "doomed", "hf", "note", "paced", "tell", "turn", "unsure"]

ASKS = "issuing_authorization.request"
"""Events whose sender waits for what the handler says."""


def doomed(event_id: str) -> bool:
    """Whether `moody` will have nothing of this event, however often it is tried."""
    return random.Random(event_id).random() < 0.05


@hf.on("stripe", "invoice.*", queue="books", **SHORT)
async def book(event: Event, tx: Any) -> None:
    """Exactly once is promised; sometimes it takes a while."""
    await tx.execute(EFFECT, ["book", event.event_id, os.getpid()])
    if random.random() < 0.05:
        await asyncio.sleep(random.uniform(0, 0.5))


@hf.on("stripe", "charge.*", queue="books")
def book_plainly(event: Event, tx: Any) -> None:
    """The same in a thread."""
    tx.execute(EFFECT, ["book_plainly", event.event_id, os.getpid()])
    if random.random() < 0.02:
        time.sleep(random.uniform(0, 0.5))


@hf.on("stripe", "*", queue="outside", **SHORT)
async def phone(event: Event) -> None:
    """At least once is promised."""
    if random.random() < 0.05:
        await asyncio.sleep(random.uniform(0, 0.8))
    write_down("phone", event.event_id)


@hf.on("stripe", "invoice.*", queue="moody", **SHORT)
async def moody(event: Event, tx: Any) -> Verdict | None:
    """Writes first and fails then, by every way there is: nothing of it may stay."""
    await tx.execute(EFFECT, ["moody", event.event_id, os.getpid()])
    if doomed(event.event_id):
        return Dead("it will have nothing of this one")
    mood = random.random()
    if mood < 0.1:
        raise ConnectionError("the other side is in a bad mood")
    if mood < 0.2:
        return Retry("not now", after=0.3)
    return Snooze("later", 0.2) if mood < 0.25 else None


@hf.on("stripe", "customer.subscription.*", ordering="object", queue="turns", **SHORT)
async def in_order(event: Event, tx: Any) -> None:
    """The events of one object one after the other; what fails holds up those behind it."""
    if random.random() < 0.1:
        raise TimeoutError("no answer this time")
    thing = event.data["data"]["object"]
    await tx.execute(EFFECT, [f"in_order {thing['id']}", str(thing["n"]), os.getpid()])


@hf.on("stripe", "checkout.session.completed", inline=True)
async def at_once(event: Event, tx: Any) -> None:
    """In the request; by a worker if that fails."""
    await tx.execute(EFFECT, ["at_once", event.event_id, os.getpid()])
    if random.random() < 0.1:
        raise ConnectionError("not in the request")


@hf.on("stripe", ASKS, answer=True, queue="answers", **(SHORT | {"lease": "20 s"}))
async def decide(event: Event) -> Answer:
    """Its answer is the sender's, who waits for it; sometimes it has none.

    Its lease is longer than it is kept for: else a worker may have it (found/).
    """
    if random.random() < 0.05:
        await asyncio.sleep(random.uniform(0, 1))
    if random.random() < 0.1:
        raise ConnectionError("the ledger is away")
    write_down("decide", event.event_id)
    told = {"id": str(event.id), "duplicate": False, "approved": event.event_id}
    return Answer(200, json.dumps(told).encode())


@hf.task(queue="notes", **SHORT)
async def note(n: int, tx: Any = None) -> None:
    """A job whose effect is a row."""
    await tx.execute(EFFECT, ["note", str(n), os.getpid()])


@hf.task(queue="outside")
def tell(n: int) -> None:
    """A job whose effect is outside."""
    write_down("tell", str(n))


@hf.task(queue="turns")
async def turn(key: str, n: int, tx: Any = None) -> None:
    """One of a row of jobs with the same ordering key."""
    if random.random() < 0.1:
        raise TimeoutError("no answer this time")
    await tx.execute(EFFECT, [f"turn {key}", str(n), os.getpid()])


HANDLERS = {
    "invoice.paid": ["webhook:book", "webhook:moody", "webhook:phone"],
    "charge.succeeded": ["webhook:book_plainly", "webhook:phone"],
    "customer.subscription.updated": ["webhook:in_order", "webhook:phone"],
    ASKS: ["webhook:decide", "webhook:phone"],
    "checkout.session.completed": ["webhook:at_once", "webhook:phone"],
}
"""Which jobs an event of each type has, beside its forward."""
