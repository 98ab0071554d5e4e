"""How long the server takes for a flight, and how long we take to fill the next one.

Queueing theory calls the one service time and the other think time. Two flights behind each other
instead of one save a think time and the waking of two processes, and cost once more what a flight
of any size costs, its commit first of all.
"""

import math
from typing import Final

_LATEST: Final = 1 / 8  # what the last flight weighs among all before it
_QUICK: Final = 5  # think times at most; measured with commits of 20 to 1500 µs


class ServiceTime:
    """Learns it from when flights take off and land, by one clock."""

    def __init__(self) -> None:
        self._landed_at = -math.inf
        self._service_s = 0.0
        self._think_s = 0.0

    @property
    def is_quick(self) -> bool:
        """Whether what the server would stand still is worth another flight."""
        return self._service_s < _QUICK * self._think_s

    def took_off(self, now: float) -> None:
        """A flight is filled. A time in which nobody wanted anything counts as a think time."""
        self._think_s += (min(now - self._landed_at, self._service_s) - self._think_s) * _LATEST

    def landed(self, now: float, took_off_at: float) -> None:
        """It is stored; the server began with it when it had stored the one before."""
        took_s = now - max(took_off_at, self._landed_at)
        self._service_s += (took_s - self._service_s) * (_LATEST if self._service_s else 1)
        self._landed_at = now
