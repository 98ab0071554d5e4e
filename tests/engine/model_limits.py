"""The rules of a queue's limits: a rate and a breaker."""

from dataclasses import dataclass
from uuid import UUID


@dataclass
class Rate:
    """So many may begin in a time, `burst` at once: each one makes it busy for a while."""

    every: int  # seconds that one is worth
    burst: int
    busy_until: int = 0

    def left(self, now):
        """How many may begin now."""
        return self.burst - -(-max(0, self.busy_until - now) // self.every)

    def charge(self, count, now):
        """So many have begun."""
        self.busy_until = max(self.busy_until, now) + count * self.every

    def refund(self, count, now):
        """So many have not begun after all; it is never fuller than full."""
        self.busy_until = max(min(self.busy_until, now), self.busy_until - count * self.every)


@dataclass
class Breaker:
    """Opens when half of at least `minimum` results within `per` are failures."""

    minimum: int
    per: int
    open_for: int
    open_cap: int
    state: str = "closed"  # or open, or paused
    open_until: float = 0
    openings: int = 0
    probe: UUID | None = None
    probe_until: int = 0
    half_from: int = 0
    counts: tuple[int, int] = (0, 0)  # successes and failures of this half of the window
    before: tuple[int, int] = (0, 0)

    def lets(self, limit, now):
        """How many of `limit` pass: all, none, or one that finds out."""
        if self.state == "closed":
            return limit
        tried = self.probe is not None and self.probe_until > now
        return min(limit, int(self.state == "open" and self.open_until <= now and not tried))

    def forget(self, now):
        """Nothing has been counted yet."""
        self.half_from, self.counts, self.before, self.probe = now, (0, 0), (0, 0), None

    def close(self, now):
        """All is well."""
        self.state, self.openings = "closed", 0
        self.forget(now)

    def open(self, now, until, by=None):
        """Nothing passes until then. By hand: not counted, and if there is no end, no probe."""
        self.state = "paused" if by and until == float("inf") else "open"
        self.open_until, self.probe = until, None
        if not by:
            self.openings += 1
            self.forget(now)

    def told(self, good, bad, probe, now):
        """Results have come; true if it opens. Those from before it opened say nothing."""
        if self.state == "paused":
            return False
        if self.state == "open":
            if not probe:
                return False
            if bad:
                return True
            self.close(now)
            return False
        if now >= self.half_from + self.per / 2:
            recent = now < self.half_from + self.per
            self.before = self.counts if recent else (0, 0)
            self.half_from, self.counts = now, (0, 0)
        self.counts = self.counts[0] + good, self.counts[1] + bad
        failed = self.counts[1] + self.before[1]
        tried = failed + self.counts[0] + self.before[0]
        return bool(bad) and tried >= self.minimum and failed >= tried / 2

    def opens_for(self):
        """Seconds, at least and at most, of the next opening."""
        wait = min(self.open_cap, self.open_for * 2**self.openings)
        return 0.75 * wait, 1.25 * wait
