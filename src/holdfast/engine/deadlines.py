"""Whoever has waited for long enough is told so, by one timer for all of them.

Nearly everybody has his answer in time, and a timer of one's own costs as much as all else that a
question costs its process.
"""

import asyncio
import math
from typing import Any


class Deadlines:
    """Of one event loop."""

    def __init__(self) -> None:
        self._until: dict[asyncio.Future[Any], float] = {}
        self._timer: asyncio.TimerHandle | None = None
        self._at = math.inf

    def add(self, answer: asyncio.Future[Any], until: float) -> None:
        """Fail it with TimeoutError if it is not there by then, by the loop's time."""
        self._until[answer] = until
        if until < self._at:
            self._wake_at(until)

    def discard(self, answer: asyncio.Future[Any]) -> None:
        """Nobody waits for it any more."""
        if self._until.pop(answer, None) is not None and answer.done() and not answer.cancelled():
            answer.exception()  # else asyncio logs what nobody reads

    def _wake_at(self, at: float) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._at = at
        self._timer = asyncio.get_running_loop().call_at(at, self._look)

    def _look(self) -> None:
        now = asyncio.get_running_loop().time()
        self._timer, self._at = None, math.inf
        for answer, until in self._until.items():
            if until <= now and not answer.done():
                answer.set_exception(TimeoutError())
        later = [until for until in self._until.values() if until > now]
        if later:
            self._wake_at(min(later))
