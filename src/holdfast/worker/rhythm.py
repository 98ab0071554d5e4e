"""When a claim takes breath, and when it is asked what time alone will bring.

Where jobs come one by one but quickly, a claim for each would cost the database more than the jobs
themselves: it waits a moment then, and takes a few at once. Where they go on coming like that, the
next claim is sure to come soon, and nobody needs to notify us of each. A job that comes alone never
waits.
"""

import time
from collections.abc import Callable
from typing import Final

BREATH_S: Final = 0.010
"""What a claim waits at most. Two claims that are nearer to each other are a row."""
_BREATHES_AFTER: Final = 3  # claims in a row; fewer may be chance, and nobody is to wait for that
_BRISK_AFTER: Final = 10  # claims in a row
_ENDS_AFTER: Final = 5  # claims that found nothing
_DUE_IS_BELIEVED_S: Final = 0.2
_AHEAD_S: Final = 0.005  # so much work is worth having at hand, as handlers take their time
_AHEAD_AT_MOST_S: Final = 0.040  # and so much, as the processor gets through it
_PACE_IS_FORGOTTEN_S: Final = 1.0


class Breath:
    """The rhythm of one loop's claims."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._claimed_at = float("-inf")
        self._in_a_row = 0
        self._in_vain = 0

    @property
    def brisk(self) -> bool:
        """Whether jobs go on coming so quickly that the next claim follows without being called."""
        return self._in_a_row >= _BRISK_AFTER

    def needed(self, *, was_filled: bool) -> float:
        """Seconds to wait before the next claim; none after one that brought all it asked for."""
        since = self._clock() - self._claimed_at
        self._in_a_row = self._in_a_row + 1 if since < BREATH_S else 0
        return BREATH_S - since if self._in_a_row >= _BREATHES_AFTER and not was_filled else 0.0

    def claims(self) -> None:
        """A claim begins."""
        self._claimed_at = self._clock()

    def brought(self, jobs: int) -> None:
        """What it found; after a few in vain the rhythm is over."""
        self._in_vain = 0 if jobs else self._in_vain + 1
        if self._in_vain >= _ENDS_AFTER:
            self._in_a_row = 0


class Pace:
    """How many jobs are gone through in the next moment: so many are worth having at hand."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._takes_s: float | None = None
        self._ended = 0
        self._since = clock()
        self._a_second = 0.0

    def ended(self, took_s: float) -> None:
        """A job is through."""
        self._ended += 1
        self._takes_s = took_s if self._takes_s is None else 0.9 * self._takes_s + 0.1 * took_s

    def claims(self) -> None:
        """A claim begins: the time since the last one says how many go through in a second."""
        now = self._clock()
        passed_s = now - self._since
        if self._ended and passed_s > 0:
            seen = self._ended / passed_s
            self._a_second = (self._a_second + seen) / 2 if self._a_second else seen
            self._ended, self._since = 0, now
        elif passed_s > _PACE_IS_FORGOTTEN_S:
            self._a_second, self._since = 0.0, now

    def ahead(self, slots: int) -> int:
        """What so many slots do soon: as they are asked to, and as the processor lets them."""
        if self._takes_s is None:
            return 0
        asked = _AHEAD_S * slots / max(self._takes_s, 1e-6)
        return int(min(asked, _AHEAD_AT_MOST_S * self._a_second))


class Due:
    """When time alone brings the queue something, as the database said; believed for a moment."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._at = float("inf")
        self._asked_at = float("-inf")

    def known(self) -> float | None:
        """Seconds until then, or until it has to be asked again; None: ask now."""
        now = self._clock()
        if now - self._asked_at > _DUE_IS_BELIEVED_S:
            return None
        return min(self._at, self._asked_at + _DUE_IS_BELIEVED_S) - now

    def told(self, seconds: float | None) -> float:
        """The database's answer; in how many seconds it is, infinite if nothing is planned."""
        self._asked_at = self._clock()
        self._at = float("inf") if seconds is None else self._asked_at + seconds
        return float("inf") if seconds is None else seconds
