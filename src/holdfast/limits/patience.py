"""Asking the database for what must not wait for it.

What is put around a call must not take the call down: an answer is waited for a moment, and for a
second after one that did not come nobody waits again.
"""

import asyncio
import math
import time
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from typing import Any, TypeVar

from holdfast.database import Call, Database
from holdfast.errors import DatabaseUnavailable, HoldfastError
from holdfast.limits.unanswered import Unanswered

T = TypeVar("T")
START_S = 1.0
"""Whoever asks in the first second of a process waits for its connections until that is over."""
_AWAY_S = 1.0


class Start:
    """The database is looked for once in an event loop; whoever gives up leaves that to the others.

    Attributes:
        is_ready: it was found.

    Args:
        prepare: finds the database.
        clock: seconds that only go forward.
    """

    def __init__(
        self, prepare: Callable[[], Awaitable[None]], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._prepare = prepare
        self._clock = clock
        self._until: float | None = None
        self._preparing: asyncio.Task[None] | None = None
        self.is_ready = False

    @property
    def left_s(self) -> float:
        """What is left of the time that a process has to connect; 0 once it has."""
        if self.is_ready:
            return 0.0
        if self._until is None:
            self._until = self._clock() + START_S
        return max(0.0, self._until - self._clock())

    async def ready(self) -> None:
        """The database is there. Raises what `prepare` does."""
        if self.is_ready:
            return
        if self._preparing is None:
            self._preparing = asyncio.create_task(self._find())
            self._preparing.add_done_callback(self._found)
        await asyncio.shield(self._preparing)

    async def _find(self) -> None:
        await self._prepare()

    def _found(self, preparing: asyncio.Task[None]) -> None:
        self._preparing = None
        self.is_ready = not preparing.cancelled() and preparing.exception() is None


class Patience:
    """Asks for blocks that are to be entered with or without an answer.

    Args:
        database: where it is asked.
        start: of this event loop, if the schema may not have been looked for yet.
        clock: seconds that only go forward.
    """

    def __init__(
        self, database: Database, start: Callable[[], Start] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:  # fmt: skip
        self._database = database
        self._start = start
        self._clock = clock
        self.unanswered = Unanswered(clock)
        self._away_until = -math.inf
        self._asking: set[asyncio.Task[Any]] = set()

    async def ask(
        self, call: Call[T], within_s: float,
        undo: Callable[[T], Call[Any] | None] = lambda _: None,
    ) -> T:  # fmt: skip
        """The answer, if it comes in time; else it is undone when it comes.

        Raises:
            DatabaseUnavailable: it did not come, or none came a moment ago.
        """
        if self._clock() < self._away_until:
            raise DatabaseUnavailable("the database was away a moment ago")
        if self._away_until > -math.inf:
            self._away()  # one finds out whether it is back, nobody else waits for that
        start = self._start() if self._start else None
        asking = self._spawn(self._run(call, start))
        try:
            await asyncio.wait([asking], timeout=within_s + (start.left_s if start else 0.0))
        except asyncio.CancelledError:
            asking.add_done_callback(lambda late: self._unheard(late, undo))
            raise
        if not asking.done():
            self._away()
            asking.add_done_callback(lambda late: self._unheard(late, undo))
            raise DatabaseUnavailable(f"no answer within {within_s:g} s; it may have happened")
        try:
            answer = asking.result()
        except DatabaseUnavailable:
            self._away()
            raise
        self._away_until = -math.inf
        return answer

    # ---------------------------------------------------------------- inside

    async def _run(self, call: Call[T], start: Start | None) -> T:
        if start is not None:
            await start.ready()
        return await self._database.run(call)

    def _spawn(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        task = asyncio.create_task(work)
        self._asking.add(task)
        task.add_done_callback(self._asking.discard)
        return task

    def _away(self) -> None:
        self._away_until = self._clock() + _AWAY_S

    def _unheard(self, late: asyncio.Task[T], undo: Callable[[T], Call[Any] | None]) -> None:
        if late.cancelled() or late.exception() is not None:
            return
        self._away_until = -math.inf
        call = undo(late.result())
        if call is not None:
            self._spawn(self._undone(call))

    async def _undone(self, call: Call[Any]) -> None:
        with suppress(HoldfastError):
            await self._database.run(call)
