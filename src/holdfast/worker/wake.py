"""When to look for work again: a notification, a due date, or a short growing poll.

LISTEN only makes it sooner. Behind a pooler it does not work; there polling alone does.
"""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Callable

from holdfast import log
from holdfast.database import Database
from holdfast.errors import HoldfastError

_WORKER_POLLS_ONLY = log.Event(
    "worker.polls_only",
    logging.INFO,
    "Behind a pooler nobody can be notified; the worker asks.",
    every_s=float,
)
_WORKER_NOT_LISTENING = log.Event(
    "worker.not_listening", logging.INFO, "Notifications are off; polling goes on.", error=str
)

_CANCELLED = "cancelled "  # with its space it is the name of no queue

POLLS_S = (0.005, 0.02, 0.1, 0.5, 1.0)
"""An enqueue may check "is anybody idle?" just before we said so, and commit just after: the first
polls close that gap. The last one is the pace of an idle worker that no notification reaches."""


class Wake:
    """Notifications of the database, by queue; `cancelled` is told a job's id."""

    def __init__(self, database: Database, cancelled: Callable[[str], None]) -> None:
        self._database = database
        self._cancelled = cancelled
        self._events: defaultdict[str, asyncio.Event] = defaultdict(asyncio.Event)
        self.hears = True

    async def wait(self, queue: str, timeout_s: float) -> bool:
        """Until something is said about the queue, or the time is over. True if notified."""
        event = self._events[queue]
        try:
            async with asyncio.timeout(timeout_s):
                await event.wait()
        except TimeoutError:
            return False
        return True

    def clear(self, queue: str) -> None:
        """Forget what was said until now; do it before looking, so that nothing is missed."""
        self._events[queue].clear()

    def ring(self, queue: str | None = None) -> None:
        """Wake one queue's loop, or all of them."""
        for name, event in self._events.items():
            if queue is None or name == queue:
                event.set()

    def _hear(self, said: str) -> None:
        if said.startswith(_CANCELLED):
            self._cancelled(said.removeprefix(_CANCELLED))
        else:
            self.ring(said)

    async def run(self) -> None:
        """Listen until cancelled; a lost connection is made again. Behind a pooler, just wait."""
        while True:
            try:
                await self._listen()
                if self._database.pooled:
                    _WORKER_POLLS_ONLY(every_s=POLLS_S[-1])
                    await asyncio.Event().wait()
            except HoldfastError as error:
                _WORKER_NOT_LISTENING(error=str(error))
            except Exception as error:  # noqa: BLE001  listening is a comfort; polling goes on
                _WORKER_NOT_LISTENING(error=type(error).__name__)
            await asyncio.sleep(1)

    async def _listen(self) -> None:
        connection = await self._database.listen()
        self.hears = not self._database.pooled
        try:
            if not self.hears:
                return
            await connection.execute(f'listen "{self._database.schema}_wake"')
            self.ring()
            async for notification in connection.notifies():
                self._hear(notification.payload)
        finally:
            await connection.close()
