"""The rules of the queue, in plain Python: what a user may rely on, without tables or locks.

A job is somewhere: `ready`; waiting for its `time`, its `key` or a `person`; `leased`; or ended.
The methods are what can happen to it. Times are whole seconds after noon; a queue's limits are in
`limits`, replays in `replays`.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID

from tests.engine.model_limits import Breaker, Rate
from tests.engine.model_replays import Replay

LEASE, BASE, MAX_ATTEMPTS, MAX_CRASHES, MAX_AGE = 60, 10, 3, 2, 200
DEDUPE_RETENTION, DEAD_RETENTION = 3600, 86_400
WAITING = {"ready", "time", "key"}
LIVE = {*WAITING, "person", "leased"}
NOON = datetime(2030, 1, 1, 12, tzinfo=UTC)


def moment(seconds):
    """A time of the model as the database has it."""
    return NOON + timedelta(seconds=seconds)


def seconds(at):
    """And back."""
    return (at - NOON).total_seconds()


@dataclass
class Policy:
    """What one queue says."""

    on_unknown: str = "resend"
    width: int = 1  # of an ordering key
    most: int | None = None  # at once
    most_per_tenant: int | None = None
    rate: Rate | None = None
    breaker: Breaker | None = None


@dataclass(eq=False, repr=False)
class Job:
    """What is known of a job."""

    id: UUID
    queue: str
    priority: int
    tenant: str | None
    key: str | None
    enqueued_at: int
    run_at: int
    expires_at: int | None
    where: str = "nowhere"
    place: tuple[int, float] = (0, 0)  # in the order of arrival; equal if nobody can say
    attempts: int = 0
    crashes: int = 0
    deferrals: int = 0
    in_line: bool = False  # held, and with a place behind its key
    token: UUID | None = None
    lease_until: int = 0
    died_at: int = 0
    became: UUID | None = None  # what an edited replay made of it

    def _repr_pretty_(self, printer, _cycle):
        printer.text(
            f"<{str(self.id)[-4:]} {self.where} of {self.queue}, {self.tenant}, {self.key}>"
        )

    @property
    def state(self):
        """The same as people are told it."""
        return {"time": "ready", "key": "ready", "person": "held"}.get(self.where, self.where)


@dataclass
class Model:
    """The queues and all their jobs."""

    queues: dict[str, Policy]
    jobs: dict[UUID, Job] = field(default_factory=dict)
    heads: dict[tuple[str, str], list[Job]] = field(default_factory=dict)
    known: dict[tuple[str, str], tuple[UUID, int]] = field(default_factory=dict)
    paused: dict[str, float] = field(default_factory=dict)  # until when
    stops: list[list] = field(default_factory=list)  # what, since, until
    replays: list[Replay] = field(default_factory=list)
    now: int = 0
    moment: int = 0
    arrivals: int = 0

    # ------------------------------------------------------------ where a job goes

    def arrive(self, job):
        """It comes in, or back: behind the others of its key, or as its time allows."""
        if job.key:
            heads = self.heads.setdefault((job.queue, job.key), [])
            if job not in heads and len(heads) >= self.queues[job.queue].width:
                self.arrivals += 1
                job.where, job.place = "key", (self.moment, self.arrivals)
                return
            if job not in heads:
                heads.append(job)
        self.let_run(job)

    def let_run(self, job):
        """Nothing but its time holds it back."""
        job.where, job.place = "time" if job.run_at > self.now else "ready", (self.moment, 0)
        self.grow_young(job)

    def grow_young(self, job):
        """One that was for later from the beginning is as old as its time."""
        if job.where == "ready" and (job.attempts, job.crashes, job.deferrals) == (0, 0, 0):
            job.enqueued_at = max(job.enqueued_at, job.run_at)

    def line(self, queue, key):
        """Those that wait behind the heads of a key, the first first."""
        line = [j for j in self.jobs.values() if (j.queue, j.key) == (queue, key)]
        return sorted(
            (j for j in line if j.where == "key" or (j.where == "person" and j.in_line)),
            key=lambda j: j.place,
        )

    def hold(self, job):
        """A person sets it aside; it keeps its place behind its key."""
        job.in_line = job.where == "key" or (job.where == "person" and job.in_line)
        if job.where != "person":
            self.halt(job.id)
        job.where = "person"

    def let_go(self, job):
        """The person lets it go on."""
        self.go_on(job.id)
        if job.in_line:
            job.where, job.in_line = "key", False
        else:
            self.arrive(job)

    def leave(self, job):
        """It no longer stands before the others of its key: the next moves up."""
        name = job.queue, job.key
        heads = self.heads.get(name, [])
        if job not in heads:
            return
        heads.remove(job)
        self.fill(name)

    def fill(self, name):
        """As many of those that wait for a key become heads as it has room for."""
        heads = self.heads[name]
        for following in self.line(*name)[: max(0, self.queues[name[0]].width - len(heads))]:
            heads.append(following)
            following.in_line = False
            if following.where == "key":
                self.let_run(following)
        if not heads:
            del self.heads[name]

    def end(self, job, state):
        """The end."""
        job.where, job.token, job.died_at = state, None, self.now
        self.leave(job)

    def wait_until(self, job, run_at):
        """Back to where it waits, but not for longer than it lives; the lease is over."""
        job.token = None
        job.run_at = run_at
        if job.expires_at is not None:
            job.run_at = max(self.now, min(run_at, job.expires_at))
        job.where, job.place = "time" if job.run_at > self.now else "ready", (self.moment, 0)

    # ------------------------------------------------------------ what happens to an attempt

    def fail(self, job):
        """It did not work: again later, if that makes sense."""
        run_at = self.now + BASE * 2 ** (job.attempts - 1)
        oldest = job.enqueued_at + MAX_AGE
        is_old = run_at > oldest and run_at > oldest + self.stopped(job)
        if job.attempts >= MAX_ATTEMPTS or is_old:
            self.end(job, "dead")
        else:
            self.wait_until(job, run_at)
            job.where = "time"

    def snooze(self, job, seconds):
        """Not now, and it does not count."""
        job.attempts -= 1
        job.deferrals += 1
        self.wait_until(job, self.now + seconds)

    def settle(self, job, verdict, seconds=0):
        """One result."""
        if verdict == "delivered":
            self.end(job, "done")
        elif verdict == "dead":
            self.end(job, "dead")
        elif verdict == "snooze":
            self.snooze(job, seconds)
        elif verdict == "hold":
            job.attempts -= 1
            self.hold(job)
            job.token = None
        elif verdict == "unknown" and self.queues[job.queue].on_unknown == "hold":
            self.hold(job)
            job.token = None
        else:
            self.fail(job)

    def rescue(self, queue=None):
        """Leases that ran out."""
        self.moment += 1
        for job in self.all("leased", queue):
            if job.lease_until <= self.now:
                job.crashes += 1
                if job.crashes >= MAX_CRASHES or job.attempts >= MAX_ATTEMPTS:
                    self.end(job, "dead")
                else:
                    self.wait_until(job, self.now)

    # ------------------------------------------------------------ what may be claimed

    def all(self, where, queue=None):
        """Jobs that are somewhere."""
        return [j for j in self.jobs.values() if j.where == where and queue in (None, j.queue)]

    def is_paused(self, queue):
        """By a person, for a time."""
        return self.paused.get(queue, self.now) > self.now

    def halt(self, what, until=float("inf")):
        """A person stops a job, a queue or a breaker; what was said before of it is over."""
        self.go_on(what)
        self.stops.append([what, self.now, until])

    def go_on(self, what):
        """Not any more."""
        for stop in self.stops:
            if stop[0] == what:
                stop[2] = min(stop[2], self.now)

    def stopped(self, job):
        """How many seconds of a job's life are no age of it."""
        names = {job.id, job.queue} | ({"there"} if self.queues[job.queue].breaker else set())
        total, counted = 0, job.enqueued_at
        for what, since, until in sorted(self.stops, key=lambda stop: stop[1]):
            if what in names:
                end = min(until, self.now)
                total += max(0, end - max(since, counted))
                counted = max(counted, end)
        return total

    def due(self, queue):
        """Those whose time has come, and who still stand apart."""
        return [job for job in self.all("time", queue) if job.run_at <= self.now]

    def promote(self, jobs):
        """Their time has come: to the others, in the order of their time."""
        self.moment += 1
        for job in jobs:
            job.where, job.place = "ready", (self.moment, job.run_at)
            self.grow_young(job)

    def is_over(self, job):
        """Not to be run any more."""
        return job.expires_at is not None and job.expires_at <= self.now

    def expire(self, queue, left=frozenset()):
        """Nobody claimed them in time; these are `left` to others."""
        self.moment += 1
        while over := [j for j in self.all("ready", queue) if self.is_over(j) and j.id not in left]:
            for job in over:
                self.end(job, "expired")

    def may_run(self, job):
        """Nothing but a limit keeps it from being claimed."""
        return job.where == "ready" and not self.is_over(job)

    def running(self, queue):
        """The leases that hold."""
        return [job for job in self.all("leased", queue) if job.lease_until > self.now]

    def admitted(self, queue, limit):
        """How many of `limit` may begin by the queue's own limits."""
        policy = self.queues[queue]
        if policy.most is not None:
            limit = max(0, min(limit, policy.most - len(self.running(queue))))
        if policy.rate is not None:
            limit = min(limit, policy.rate.left(self.now))
        if policy.breaker is not None:
            limit = policy.breaker.lets(limit, self.now)
        return limit

    def groups(self, queue):
        """Who waits: for each tenant its jobs in their order, as many as it may run now."""
        found = defaultdict(list)
        for job in self.all("ready", queue):
            if self.may_run(job):
                found[job.tenant].append(job)
        most = self.queues[queue].most_per_tenant
        running = [job.tenant for job in self.running(queue)]
        for tenant, jobs in found.items():
            jobs.sort(key=lambda job: (job.priority, job.place))
            if tenant is not None and most is not None:
                del jobs[max(0, most - running.count(tenant)) :]
        return {tenant: jobs for tenant, jobs in found.items() if jobs}

    def take(self, jobs, token):
        """A claim."""
        for job in jobs:
            job.where, job.token, job.lease_until = "leased", token, self.now + LEASE
            job.attempts += 1

    # ------------------------------------------------------------ people

    def supersede(self, new):
        """Those of its key that have not begun are cancelled."""
        heads = self.heads.get((new.queue, new.key), [])
        for job in list(self.jobs.values()):
            same = (job.queue, job.key) == (new.queue, new.key) and job is not new
            if same and (job.where == "key" or (job in heads and job.where in WAITING)):
                job.where = "cancelled"
        for job in [job for job in heads if job.where == "cancelled"]:
            self.leave(job)

    def revive(self, job, run_at=0):
        """A dead letter, as good as new, at the end of its line."""
        job.attempts = job.crashes = 0
        job.enqueued_at, job.run_at = self.now, max(run_at, self.now)
        if self.is_over(job):
            job.expires_at = None
        self.arrive(job)

    def dead(self, queue):
        """The letters of a queue, the oldest first."""
        return sorted(self.all("dead", queue), key=lambda job: (job.died_at, job.id))

    def prune(self):
        """What is forgotten; the key of a job that has not ended is remembered from now on."""
        living = {job.id for where in (*WAITING, "person", "leased") for job in self.all(where)}
        renewed = {
            key: (job_id, self.now) for key, (job_id, at) in self.known.items()
            if at < self.now - DEDUPE_RETENTION and job_id in living
        }  # fmt: skip
        self.known = renewed | {
            key: (job_id, at) for key, (job_id, at) in self.known.items()
            if at >= self.now - DEDUPE_RETENTION
        }  # fmt: skip
        for job in self.all("dead"):
            if job.died_at < self.now - DEAD_RETENTION:
                job.where = "forgotten"
