"""What the database was asked in vain is said, but not at each request."""

import logging
import threading
import time
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
        self._known: dict[str, tuple[float, int]] = {}  # quiet until then; so often since

    def __call__(self, guard: str, decided: str, error: Exception) -> None:
        """Once more `guard` was asked in vain; `decided` is what became of it."""
        with self._lock:
            now = self._clock()
            quiet_until, before = self._known.get(guard, (now, 0))
            times = before + 1
            if now < quiet_until:
                self._known[guard] = quiet_until, times
                return
            if len(self._known) >= _MOST:
                self._known.clear()
            self._known[guard] = now + _AGAIN_S, 0
        _LIMIT_UNANSWERED(
            guard=guard, decided=decided, times=times, error=str(error) or "no answer in time"
        )
