"""The rules of a replay: one letter first if asked for, then as many as the rate allows."""

from dataclasses import dataclass, field
from math import ceil

AHEAD = 5  # seconds: so far a rate is planned


@dataclass
class Replay:
    """Letters that were fixed when it was made, and what became of each."""

    id: int
    jobs: list
    rate: float | None
    state: str  # canary, running, done, stopped, cancelled
    started_at: float
    outcomes: dict = field(default_factory=dict)
    canary: object = None
    replayed: int = 0

    def left(self):
        """Letters that wait for their turn."""
        return [job for job in self.jobs if job not in self.outcomes]

    def cancel(self, state):
        """The rest stays dead."""
        self.state = state
        self.outcomes |= dict.fromkeys(self.left(), "cancelled")

    def step(self, model):
        """On, by what the rate allows."""
        if self.state == "canary":
            self._look_at_canary(model)
        if self.state == "running":
            self._run(model)

    def _next(self, model, run_at):
        job = self.left()[0]
        self.outcomes[job] = "replayed" if job.where == "dead" else "gone"
        if job.where == "dead":
            model.revive(job, run_at)
            return job
        return None

    def _look_at_canary(self, model):
        if self.canary is None:
            while self.canary is None and self.left():
                self.canary = self._next(model, 0)
            self.replayed = int(self.canary is not None)
            self.state = "canary" if self.canary else "running"
        elif self.canary.state == "done":
            self.state, self.started_at = "running", model.now
        elif self.canary.state not in {"ready", "leased"}:
            self.cancel("stopped")

    def _run(self, model):
        before = self.replayed - (self.canary is not None)
        unit = 1 / self.rate if self.rate else 0
        self.started_at = max(self.started_at, model.now - before * unit - AHEAD)
        room = float("inf")
        if self.rate:
            room = ceil((model.now - self.started_at + AHEAD) * self.rate) - before
        count = 0
        while count < room and self.left():
            count += self._next(model, self.started_at + (before + count) * unit) is not None
        self.replayed += count
        if not self.left():
            self.state = "done"
