"""Too much: a source over its rate, or whose events wait for the disk; an address that only errs.

Counted in this process and in memory, so that a flood costs no database. What is told to come again
is not lost: every sender that matters comes again, and `Retry-After` says when.
"""

import time
from collections import Counter, OrderedDict
from collections.abc import Callable

from holdfast.policy.gcra import Quota

MOST_WAITING = 500
"""Of one source at the same moment, in one process; the next ones are told to come again."""
_REFUSALS = Quota(10, 1.0, burst=100)
_MOST_ADDRESSES = 10_000


class Ingress:
    """What one process takes, of one source and from one address."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._full_at: OrderedDict[tuple[str, str], int] = OrderedDict()
        self._waiting: Counter[str] = Counter()

    def wait_s(self, source: str, rate: int | None) -> float | None:
        """Seconds until it is worth asking again; None if the request is taken, and counted."""
        if self._waiting[source] >= MOST_WAITING:
            return 1.0
        if rate is not None:
            now = int(self._now() * 1e9)
            return self._charge(("source", source), Quota(rate, 1.0), now)
        return None

    def erring_wait_s(self, peer: str) -> float | None:
        """Seconds for which what does not verify from there is not looked at again; None if it is.

        Asked after a signature has failed, never before: behind a proxy that is not known as one,
        everybody has the same address, and somebody's nonsense must not cost a valid event.
        """
        now = int(self._now() * 1e9)
        return _REFUSALS.wait_s(self._full_at.get(("peer", peer), 0), 1, now) or None

    def refused(self, peer: str) -> None:
        """A request from there did not verify; who goes on so is no longer listened to."""
        key = ("peer", peer)
        self._set(key, _REFUSALS.after(self._full_at.get(key, 0), 1, int(self._now() * 1e9)))

    def begin(self, source: str) -> None:
        """A request of the source waits for its commit."""
        self._waiting[source] += 1

    def end(self, source: str) -> None:
        """It does no longer."""
        self._waiting[source] -= 1
        if not self._waiting[source]:
            del self._waiting[source]

    def _charge(self, key: tuple[str, str], quota: Quota, now: int) -> float | None:
        full_at = self._full_at.get(key, 0)
        wait = quota.wait_s(full_at, 1, now)
        if wait:
            return wait
        self._set(key, quota.after(full_at, 1, now))
        return None

    def _set(self, key: tuple[str, str], full_at: int) -> None:
        self._full_at[key] = full_at
        self._full_at.move_to_end(key)
        if len(self._full_at) > _MOST_ADDRESSES:
            self._full_at.popitem(last=False)
