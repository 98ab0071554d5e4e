"""The database is away: said when it begins, each minute that it lasts, and when it is back."""

import logging
import time
from collections.abc import Callable
from typing import Final

from holdfast import log

_WORKER_WAITS_FOR_DATABASE = log.Event(
    "worker.waits_for_database",
    logging.WARNING,
    "No jobs can be claimed until the database is back. Said again each minute.",
    queue=str, error=str,
)  # fmt: skip
_WORKER_HAS_DATABASE = log.Event(
    "worker.has_database",
    logging.INFO,
    "The database is back, and jobs are claimed.",
    queue=str, after_s=float,
)  # fmt: skip
_AGAIN_S: Final = 60.0
_FRESH_S: Final = 5.0  # one that comes and goes with every claim is not told with each


class Absence:
    """What one queue's claims meet."""

    def __init__(self, queue: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._queue = queue
        self._clock = clock
        self._began_at: float | None = None
        self._told_at = float("-inf")

    def met(self, error: Exception) -> None:
        """A claim found no database."""
        now = self._clock()
        quiet_s = _AGAIN_S
        if self._began_at is None:
            self._began_at, quiet_s = now, _FRESH_S
        if now - self._told_at >= quiet_s:
            self._told_at = now
            _WORKER_WAITS_FOR_DATABASE(queue=self._queue, error=str(error))

    def over(self) -> None:
        """A claim was answered."""
        began_at, self._began_at = self._began_at, None
        if began_at is not None and self._told_at >= began_at:
            after_s = round(self._clock() - began_at, 1)
            _WORKER_HAS_DATABASE(queue=self._queue, after_s=after_s)
