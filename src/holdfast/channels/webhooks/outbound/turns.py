"""When the deliveries of an endpoint that may not go now are looked at again.

All of them are told the same: in so many seconds. Would all come back then, one could go and the
others were asked in vain, again and again: a thousand that wait at an endpoint of five a second
would keep the queue busy with nothing else. So they are given their turns here, one after the
other.
"""

import time
from collections.abc import Callable

LONGEST_S = 600.0
"""Nobody is sent away for longer: a rate that was raised meanwhile is soon made use of."""
_FORGET_S = 60.0
_SLOWEST_S = 1.0  # between two turns


class Turns:
    """The turns that this worker has given, by endpoint."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._last: dict[str, float] = {}
        self._probing: dict[str, float] = {}
        self._forget_at = float("-inf")

    def at_rate(self, endpoint: str, after: float, per_second: int) -> float:
        """Seconds until the next free turn; `after`: until there is any."""
        now = self._now()
        last = self._last.get(endpoint, float("-inf"))
        turn = max(now + after, last + 1.0 / per_second)
        turn = min(turn, now + max(after, LONGEST_S))
        self._last[endpoint] = turn
        return turn - now

    def behind_breaker(self, endpoint: str, after: float, trial_s: float) -> float:
        """Seconds until one delivery tries again; for the others until that trial has ended."""
        now = self._now()
        if self._probing.get(endpoint, float("-inf")) < now:
            self._probing[endpoint] = now + after + trial_s
            return after
        return max(after, self._probing[endpoint] - now)

    def _now(self) -> float:
        """The time; once a minute the turns that it has left behind go, which say nothing more."""
        now = self._clock()
        if now >= self._forget_at:
            self._forget_at = now + _FORGET_S
            self._last = {e: at for e, at in self._last.items() if at + _SLOWEST_S > now}
            self._probing = {e: until for e, until in self._probing.items() if until >= now}
        return now
