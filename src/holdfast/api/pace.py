"""How fast each key of the JSON API may ask. Counted in this process: no request asks twice."""

import time
from collections.abc import Callable, Mapping

from starlette.exceptions import HTTPException

from holdfast.policy import rate_headers
from holdfast.policy.gcra import Quota
from holdfast.policy.rate_headers import Told


class Pace:
    """Requests per minute, for each key.

    Args:
        per_minute: so many, also at once; 0 if there is no end.
        clock: seconds that only go forward.
    """

    def __init__(self, per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._quota = Quota(per_minute, 60.0, name="api") if per_minute else None
        self._clock = clock
        self._full_at: dict[str, int] = {}

    def charge(self, name: str) -> Mapping[str, str]:
        """One request of this key; the headers that tell how it stands.

        Raises:
            HTTPException: 429, there were too many.
        """
        quota = self._quota
        if quota is None:
            return {}
        now, full_at = round(self._clock() * 1e9), self._full_at.get(name, 0)
        wait = quota.wait_s(full_at, 1, now)
        if not wait:
            full_at = self._full_at[name] = quota.after(full_at, 1, now)
        reset = max(full_at - now, 0) / 1e9
        told = Told("api", quota.quota, quota.per, quota.left(full_at, now), reset, wait)
        headers = rate_headers.headers([told], allowed=not wait)
        if wait:
            raise HTTPException(
                429, f"the key {name} may ask {quota.quota} times a minute; again in {wait:.1f} s",
                headers,
            )  # fmt: skip
        return headers
