"""The arithmetic of rate limits (GCRA, generic cell rate algorithm), as the SQL functions do it.

What a limit remembers is one number: when it will be as if never used, in nanoseconds. Each unit
moves that moment on by period / quota, and it may be at most a burst's worth away.
"""

from dataclasses import dataclass

_LARGEST = 1_000_000_000
_LONGEST = 200
_TEN_YEARS_S = 315_360_000
_SLACK = 1  # a nanosecond: what rounding down may cost


@dataclass(frozen=True, slots=True)
class Quota:
    """So many units per period, so many at once.

    Args:
        quota: units per period, 1 to 1 000 000 000, at most 1 000 000 per second.
        per: the period in seconds, 0.001 to 31 622 400.
        burst: units that may pass at the same moment; the quota if not given.
        name: which of several limits of a key this is, 1 to 200 characters.
        durable: remembered over a crash of the server, at a tenth of the speed.

    Raises:
        ValueError: a number is out of its range.
    """

    quota: int
    per: float
    burst: int | None = None
    name: str = "default"
    durable: bool = False

    def __post_init__(self) -> None:
        if type(self.quota) is not int or type(self.most) is not int:
            raise ValueError("quota and burst are whole numbers")
        if type(self.per) not in {int, float}:
            raise ValueError("per is a number of seconds")
        if type(self.name) is not str or not 1 <= len(self.name) <= _LONGEST:
            raise ValueError(f"a name is a text of 1 to {_LONGEST} characters")
        if not 1 <= self.quota <= _LARGEST or not 1 <= self.most <= _LARGEST:
            raise ValueError("quota and burst are 1 to 1000000000")
        if not 0.001 <= self.per <= 31_622_400:  # noqa: PLR2004  the range is the message
            raise ValueError("per is 0.001 to 31622400 seconds")
        if self.quota > self.per * 1e6:
            raise ValueError("a quota is at most 1000000 per second")
        if self.most * self.unit_s > _TEN_YEARS_S:
            raise ValueError("a burst is worth at most ten years of its quota")

    @property
    def most(self) -> int:
        """The burst, whether given or not."""
        return self.quota if self.burst is None else self.burst

    @property
    def unit_s(self) -> float:
        """Seconds that one unit takes to come back."""
        return self.per / self.quota

    @property
    def _period(self) -> int:
        return round(self.per * 1e9)

    def worth(self, units: int) -> int:
        """How long so many units keep the limit busy; below 0 for units given back."""
        worth = abs(units) * self._period // self.quota
        return worth if units > 0 else -worth

    def left(self, full_at: int, now: int) -> int:
        """Units that are left at a moment; -1 if more was taken than is allowed."""
        room = self.worth(self.most) - max(full_at - now, 0) + _SLACK
        return -1 if room < 0 else room * self.quota // self._period

    def after(self, full_at: int, units: int, now: int) -> int:
        """When the limit is full again after so many units are charged (or given back) now."""
        return max(now, max(full_at, now) + self.worth(units))

    def wait_s(self, full_at: int, units: int, now: int) -> float | None:
        """Seconds until so many units are left; 0 if they are, None if they never will be."""
        if self.left(full_at, now) >= units:
            return 0.0
        if units > self.most:
            return None
        lacks = max(full_at - now, 0) + self.worth(units) - self.worth(self.most)
        return max(lacks, 1) / 1e9
