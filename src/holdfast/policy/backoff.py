"""When to try again: growing pauses, a cap, and chance on top.

    pause = min(cap, base · factor^(attempt - 1)) · (1 ± jitter)

The jitter comes after the cap. Before it, every job that has reached the cap would come back at the
same instant, and an outage would end in a stampede. A pause may therefore exceed the cap by the
jitter.

SQL, Python and TypeScript compute this alike: `tests/vectors/backoff.json` is read by all of them.
"""

import math
from dataclasses import dataclass

_MANY_STEPS = 2**31
_WISH_JITTER = 0.1


@dataclass(frozen=True, slots=True)
class Backoff:
    """How a queue spaces its attempts; `base` and `cap` are seconds.

    Raises:
        ValueError: a number is outside of its range; the message names it.
    """

    base: float
    factor: float
    cap: float
    jitter: float = 0.25

    def __post_init__(self) -> None:
        for name, low, high in (
            ("base", 0.0, math.inf),
            ("factor", 1.0, math.inf),
            ("cap", 0.0, math.inf),
            ("jitter", 0.0, 1.0),
        ):
            value = getattr(self, name)
            if not (math.isfinite(value) and low <= value <= high):
                limits = f"from {low:g} to {high:g}" if math.isfinite(high) else f"{low:g} or more"
                raise ValueError(f"backoff {name} is {value}; give a finite number, {limits}")

    def delay(self, attempt: int, chance: float) -> float:
        """Seconds to wait after this attempt has failed.

        Args:
            attempt: The attempt that failed, counted from 1; less counts as 1.
            chance: From 0 (soonest) up to, not including, 1 (latest).
        """
        return self._grown(attempt) * (1 - self.jitter + 2 * self.jitter * chance)

    def _grown(self, attempt: int) -> float:
        if self.base == 0:
            return 0.0
        steps = min(max(attempt, 1) - 1, _MANY_STEPS)
        try:
            return min(self.cap, self.base * self.factor**steps)
        except OverflowError:
            # Larger than any float is larger than any cap.
            return self.cap


def wished(after: float, own: float, cap: float, chance: float) -> float:
    """Seconds to wait when the other side has said how long (a Retry-After).

    Never sooner than our own pause, and never much later than the cap. The chance only adds: a herd
    that was told "60" must not come back at 60 as one, and nobody may come sooner.

    Args:
        after: The wish in seconds. One that is negative or not finite is ignored.
        own: What our own backoff says; it carries its jitter already.
        cap: The longest wish that is granted, in seconds.
        chance: From 0 up to, not including, 1; adds up to a tenth.
    """
    if not math.isfinite(after) or after < 0:
        return own
    return max(own, min(after, cap)) * (1 + _WISH_JITTER * chance)
