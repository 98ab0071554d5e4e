"""What the database was asked in vain is said, but not at each request."""

import logging
import threading
import time
from collections import Counter
from collections.abc import Callable

from holdfast import log

_LIMIT_UNANSWERED = log.Event(
    "limit.unanswered",
    logging.WARNING,
    "The database did not answer in time, so a limit, slot or breaker holds nobody back as it "
    "should; on_error decided. Said again after ten seconds, with how many it were.",
    guard=str,
    decided=str,
    times=int,
    error=str,
)
_AGAIN_S = 10.0
_MOST = 10_000


class Unanswered:
    """Says of each limit or breaker that it was not answered, once in ten seconds.

    Args:
        clock: seconds that only go forward.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._quiet_until: dict[str, float] = {}
        self._times: Counter[str] = Counter()

    def __call__(self, guard: str, decided: str, error: Exception) -> None:
        """Once more `guard` was asked in vain; `decided` is what became of it."""
        with self._lock:
            self._times[guard] += 1
            now = self._clock()
            if now < self._quiet_until.get(guard, now):
                return
            times = self._times.pop(guard)
            if len(self._quiet_until) >= _MOST:
                self._quiet_until.clear()
            self._quiet_until[guard] = now + _AGAIN_S
        _LIMIT_UNANSWERED(
            guard=guard, decided=decided, times=times, error=str(error) or "no answer in time"
        )
