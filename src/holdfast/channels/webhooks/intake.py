"""Verified events on their way into the database; those that come together share a commit.

While one batch is on its way to the disk, the next one gathers: a lone event waits for nobody, and
under load many have one commit. Each is answered after the commit that holds it. Sources take
turns, so that a storm of one does not keep the events of the others waiting behind it.
"""

import asyncio
from collections import OrderedDict, deque
from collections.abc import Mapping, Sequence
from operator import itemgetter
from typing import Any, NamedTuple

from holdfast.database import Call, Database, decode, encode, fly

_MOST_EVENTS = 64
_MOST_BYTES = 4_194_304
_IN_FLIGHT = 2  # one on its way to the disk, one being written


class Arrival(NamedTuple):
    """A verified event as `webhook_receive_many` takes it, and its body as it came."""

    event: Mapping[str, Any]
    body: bytes


class Made(NamedTuple):
    """A job of an event: for which handler, and whether the sender waits for what that returns."""

    id: str
    kind: str
    answers: bool = False


class Stored(NamedTuple):
    """What became of an arrival, committed; of a duplicate only the jobs that may yet answer."""

    id: str
    duplicate: bool
    held: bool
    jobs: Sequence[Made]


_Waiting = tuple[Arrival, "asyncio.Future[Stored]"]


def receive_many(arrivals: Sequence[Arrival]) -> Call[list[Stored]]:
    """Store them, all or none, in one transaction; in their order."""
    return Call(
        "webhook_receive_many",
        {
            "p_events": encode([arrival.event for arrival in arrivals]),
            "p_bodies": [arrival.body for arrival in arrivals],
        },
        read=_stored,
        select="ordinal, id::text, duplicate, held, jobs",
    )


def _stored(rows: Sequence[Sequence[Any]]) -> list[Stored]:
    return [
        Stored(row[1], row[2], row[3], _jobs(row[4])) for row in sorted(rows, key=itemgetter(0))
    ]


def _jobs(listed: str) -> Sequence[Made]:
    return () if listed == "[]" else [_made(job) for job in decode(listed)]


def _made(job: Mapping[str, Any]) -> Made:
    return Made(job["id"], job["kind"], job["mode"] == "answer")


class Intake:
    """Gathers the arrivals of one event loop."""

    def __init__(self, database: Database, within_s: float) -> None:
        self._database = database
        self._within_s = within_s
        self._waiting: OrderedDict[str, deque[_Waiting]] = OrderedDict()
        self._in_flight = 0
        self._tasks: set[asyncio.Task[None]] = set()
        self._patience: deque[tuple[float, asyncio.Future[Stored]]] = deque()  # the oldest first
        self._timer: asyncio.TimerHandle | None = None

    async def store(self, arrival: Arrival) -> Stored:
        """Store one event; returns after its commit.

        Raises:
            DatabaseUnavailable: it is not stored, or nobody knows whether it is.
            TimeoutError: likewise, after `within_s`; nobody waits for it any more.
            HoldfastError: it cannot be stored as it is.
        """
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[Stored] = loop.create_future()
        self._bound(answer, loop)
        self._waiting.setdefault(str(arrival.event["source"]), deque()).append((arrival, answer))
        if self._in_flight < _IN_FLIGHT:
            self._take_off()
        return await answer

    def _bound(self, answer: "asyncio.Future[Stored]", loop: asyncio.AbstractEventLoop) -> None:
        """One timer for all: a timer of its own for each would cost as much as its answer."""
        while self._patience and self._patience[0][1].done():
            self._patience.popleft()
        self._patience.append((loop.time() + self._within_s, answer))
        if self._timer is None:
            self._timer = loop.call_later(self._within_s, self._give_up, loop)

    def _give_up(self, loop: asyncio.AbstractEventLoop) -> None:
        """Tell who has waited too long, and wait for the next one."""
        self._timer = None
        while self._patience:
            until, answer = self._patience[0]
            if not answer.done():
                if until > loop.time():
                    self._timer = loop.call_at(until, self._give_up, loop)
                    return
                answer.set_exception(TimeoutError())
            self._patience.popleft()

    def _take_off(self) -> None:
        batch = self._next()
        if not batch:
            return
        self._in_flight += 1
        task = asyncio.create_task(fly(batch, self._store))
        self._tasks.add(task)
        task.add_done_callback(self._landed)

    def _landed(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled():
            task.exception()  # who waited was told
        self._in_flight -= 1
        self._take_off()

    def _next(self) -> list[_Waiting]:
        """One of each source in turn, until the batch is full. Whoever has given up is left out."""
        batch: list[_Waiting] = []
        size = 0
        while self._waiting and len(batch) < _MOST_EVENTS and size < _MOST_BYTES:
            source, queue = next(iter(self._waiting.items()))
            arrival, answer = queue.popleft()
            if not answer.done():
                batch.append((arrival, answer))
                size += len(arrival.body)
            self._waiting.move_to_end(source)
            if not queue:
                del self._waiting[source]
        return batch

    async def _store(self, arrivals: Sequence[Arrival]) -> Sequence[Stored]:
        return await self._database.run(receive_many(arrivals))
