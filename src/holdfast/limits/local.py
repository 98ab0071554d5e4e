"""What this process alone has let pass, while the database does not answer: `on_error="local"`."""

import threading
from heapq import nlargest
from operator import itemgetter

from holdfast.engine.limits import Answer, Check
from holdfast.policy.gcra import Quota

_MOST = 10_000
_KEPT = 9_000


class Local:
    """The counts of all limits of this process, by their keys; no more than a stop allows."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._full_at: dict[tuple[str, Quota], int] = {}

    def ask(self, check: Check, now: int) -> tuple[Answer, ...]:
        """As the database answers: all limits are charged, or none. `now` is in nanoseconds."""
        cost = -check.cost if check.mode == "refund" else check.cost
        places = list(zip(check.keys, check.quotas, strict=True))
        with self._lock:
            before = [self._full_at.get(place, 0) for place in places]
            passes = [q.left(at, now) >= cost for (_, q), at in zip(places, before, strict=True)]
            charged = cost if all(passes) else 0
            after = [q.after(at, charged, now) for (_, q), at in zip(places, before, strict=True)]
            self._full_at.update(zip(places, after, strict=True))
            self._make_room()
        return tuple(
            Answer(
                1, key, quota.name, allowed, max(charged, 0), quota.left(full_at, now),
                0.0 if allowed else quota.wait_s(full_at, cost, now),
                max(full_at - now, 0) / 1e9, quota.quota, quota.per, quota.most,
            )
            for (key, quota), full_at, allowed in zip(places, after, passes, strict=True)
        )  # fmt: skip

    def _make_room(self) -> None:
        """Who has used up the most is known the longest: strangers do not wash him out."""
        if len(self._full_at) > _MOST:
            self._full_at = dict(nlargest(_KEPT, self._full_at.items(), key=itemgetter(1)))
