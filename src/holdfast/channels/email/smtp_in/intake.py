"""Messages on their way into the database; those that come together share a commit.

While one batch is on its way to the disk, the next one gathers: a lone message waits for nobody,
and under load many have one commit. Each is answered after the commit that holds it.
"""

import asyncio
from collections import deque
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from holdfast.channels.email.store import Rendered
from holdfast.database import Call, Database, encode, fly

_MOST_MESSAGES = 64
_MOST_BYTES = 4_194_304
_IN_FLIGHT = 2  # one on its way to the disk, one being written


class Arrival(NamedTuple):
    """A message, and the options of `email_send` that it comes with."""

    message: Rendered
    options: Mapping[str, Any]


_Waiting = tuple[Arrival, "asyncio.Future[UUID]"]


def receive_many(arrivals: Sequence[Arrival]) -> Call[list[UUID]]:
    """Store them, all or none, in one transaction; their ids, in their order.

    Raises (when run):
        InvalidInput: one of them cannot be stored; none is.
    """
    emails = [
        {
            "sender": message.sender,
            "recipients": message.recipients,
            "message_id": message.message_id,
            "subject": message.subject,
            "options": options,
        }
        for message, options in arrivals
    ]
    return Call(
        "email_receive_many",
        {"p_emails": encode(emails), "p_raws": [message.raw for message, _ in arrivals]},
        read=lambda rows: [row[1] for row in sorted(rows, key=lambda row: int(row[0]))],
        select="ordinal, id",
    )


class Intake:
    """Gathers the arrivals of one event loop."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._waiting: deque[_Waiting] = deque()
        self._tasks: set[asyncio.Task[None]] = set()

    async def store(self, arrival: Arrival) -> UUID:
        """Store one message; returns after its commit.

        Whoever gives up before it began is left out.

        Raises:
            DatabaseUnavailable: it is not stored, or nobody knows whether it is.
            HoldfastError: it cannot be stored as it is.
        """
        answer: asyncio.Future[UUID] = asyncio.get_running_loop().create_future()
        self._waiting.append((arrival, answer))
        self._take_off()
        try:
            return await answer
        finally:
            if answer.cancelled():  # its bytes are not kept until somebody would come to them
                self._waiting = deque(one for one in self._waiting if one[1] is not answer)

    async def settled(self) -> None:
        """Wait until everything that waits is stored or refused."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    def _take_off(self) -> None:
        while len(self._tasks) < _IN_FLIGHT and (batch := self._next()):
            task = asyncio.create_task(fly(batch, self._store))
            self._tasks.add(task)
            task.add_done_callback(self._landed)

    def _landed(self, task: "asyncio.Task[None]") -> None:
        self._tasks.discard(task)
        if not task.cancelled():
            task.exception()  # who waited was told
        self._take_off()

    def _next(self) -> list[_Waiting]:
        batch: list[_Waiting] = []
        size = 0
        while self._waiting and len(batch) < _MOST_MESSAGES and size < _MOST_BYTES:
            arrival, answer = self._waiting.popleft()
            if not answer.done():
                batch.append((arrival, answer))
                size += len(arrival.message.raw)
        return batch

    async def _store(self, arrivals: Sequence[Arrival]) -> Sequence[UUID]:
        return await self._database.run(receive_many(arrivals))
