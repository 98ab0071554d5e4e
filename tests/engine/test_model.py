"""The queue against a small model of it: whatever people and workers do, both agree on every job.

The model holds the rules and no tables, no locks, no batches. Each run of the machine is one
transaction that is rolled back; at its end everything left must be able to end.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

LEASE, BASE, MAX_ATTEMPTS, MAX_CRASHES, MAX_AGE = 60, 10, 3, 2, 200
LIVE = {"ready", "leased", "held"}
NOON = datetime(2030, 1, 1, 12, tzinfo=UTC)


@dataclass
class Job:
    """What the model knows of a job."""

    queue: str
    priority: int
    key: str | None
    enqueued_at: float
    run_at: float
    expires_at: float | None
    number: int
    state: str = "ready"
    blocked: bool = False
    attempts: int = 0
    crashes: int = 0
    token: UUID | None = None
    lease_until: float = 0


@dataclass
class Model:
    """The rules."""

    jobs: dict[UUID, Job] = field(default_factory=dict)
    heads: dict[tuple[str, str], UUID] = field(default_factory=dict)
    known: dict[tuple[str, str], UUID] = field(default_factory=dict)
    paused: set[str] = field(default_factory=set)
    now: float = 0
    count: int = 0

    def arrive(self, job_id):
        """A job comes in, or comes back from a person: it may run, or stands in its line."""
        job = self.jobs[job_id]
        job.state, self.count = "ready", self.count + 1
        job.number = self.count
        head = self.heads.setdefault((job.queue, job.key), job_id) if job.key else job_id
        job.blocked = head != job_id

    def end(self, job_id, state):
        """A job ends, and the line moves up."""
        job = self.jobs[job_id]
        job.state, job.token, job.blocked = state, None, False
        if job.key and self.heads.get((job.queue, job.key)) == job_id:
            del self.heads[job.queue, job.key]
            line = [i for i, j in self.jobs.items() if (j.queue, j.key) == (job.queue, job.key)]
            line = [i for i in line if self.jobs[i].blocked]
            if line:
                self.heads[job.queue, job.key] = first = min(
                    line, key=lambda i: self.jobs[i].number
                )
                self.jobs[first].blocked = False

    def back(self, job_id, run_at):
        """A job goes back to wait, never beyond its expiry."""
        job = self.jobs[job_id]
        job.state, job.token = "ready", None
        job.run_at = run_at if job.expires_at is None else min(run_at, job.expires_at)

    def fail(self, job_id):
        """An attempt has failed."""
        job = self.jobs[job_id]
        run_at = self.now + BASE * 2 ** (job.attempts - 1)
        if job.attempts >= MAX_ATTEMPTS or run_at > job.enqueued_at + MAX_AGE:
            self.end(job_id, "dead")
        else:
            self.back(job_id, run_at)

    def rescue(self, queue=None):
        """Leases that ran out."""
        for job_id, job in self.jobs.items():
            if job.state == "leased" and job.lease_until <= self.now and queue in (None, job.queue):
                job.crashes += 1
                if job.crashes >= MAX_CRASHES or job.attempts >= MAX_ATTEMPTS:
                    self.end(job_id, "dead")
                else:
                    self.back(job_id, self.now)

    def due(self, queue):
        """Jobs that may run now."""
        return {
            job_id
            for job_id, job in self.jobs.items()
            if job.queue == queue and job.state == "ready" and not job.blocked
            and job.run_at <= self.now
        }  # fmt: skip

    def expire(self, queue):
        """Due jobs that nobody claimed in time."""
        for job_id in self.due(queue):
            if self.expired(job_id):
                self.end(job_id, "expired")

    def expired(self, job_id):
        """Not to be run any more."""
        expires_at = self.jobs[job_id].expires_at
        return expires_at is not None and expires_at <= self.now


QUEUES = st.sampled_from(["again", "hold"])
VERDICTS = st.sampled_from(["delivered", "retry", "snooze", "dead", "unknown"])


def _some(*states):
    """Only when there is a job in one of these states: what can do nothing is not tried."""
    return precondition(lambda self: any(j.state in states for j in self.model.jobs.values()))


POLICY = {
    "retry_base": f"{BASE} s", "retry_factor": 2, "retry_jitter": 0, "lease": f"{LEASE} s",
    "max_attempts": MAX_ATTEMPTS, "max_crashes": MAX_CRASHES, "max_age": f"{MAX_AGE} s",
}  # fmt: skip


class Machine(RuleBasedStateMachine):
    """What people, senders, workers and time do, in any order."""

    queue = None

    @initialize()
    def begin(self):
        self.undo = self.queue.connection.transaction(force_rollback=True)
        self.undo.__enter__()
        self.model = Model()
        self.stale = []
        self.queue.at(0)
        for name, answer in (("again", "resend"), ("hold", "hold")):
            self.queue.policy(name, on_unknown=answer, **POLICY)

    def _one(self, data, *states):
        ids = [i for i, j in self.model.jobs.items() if j.state in states]
        return data.draw(st.sampled_from(ids))

    # ------------------------------------------------------------ senders

    @rule(queue=QUEUES, key=st.sampled_from("ab"))
    def stand_in_line(self, queue, key):
        self.enqueue(queue, key, None, 0, None, 5, False)

    @rule(
        queue=QUEUES,
        key=st.none() | st.sampled_from("ab"),
        dedupe=st.none() | st.sampled_from("xyz"),
        delay=st.sampled_from([0, 0, 0, 30]),
        life=st.sampled_from([None, None, 0, 45, 100]),
        priority=st.integers(0, 9),
        revive=st.booleans(),
    )
    def enqueue(self, queue, key, dedupe, delay, life, priority, revive):
        now, model = self.model.now, self.model
        options = {"priority": priority, "revive": revive, "run_at": self.queue.at(now + delay)}
        if life is not None:
            options["expires_at"] = self.queue.at(now + life)
        options |= {"ordering_key": key} if key else {}
        options |= {"dedupe_key": dedupe} if dedupe else {}
        self.queue.at(now)
        job_id = self.queue.enqueue(queue, **options)
        known = model.known.get((queue, dedupe))
        if known:
            assert job_id == known
            if revive and model.jobs[known].state == "dead":
                self._revived(known)
            return
        if dedupe:
            model.known[queue, dedupe] = job_id
        expires_at = None if life is None else now + life
        model.jobs[job_id] = Job(queue, priority, key, now, now + delay, expires_at, 0)
        model.arrive(job_id)

    def _revived(self, job_id):
        job = self.model.jobs[job_id]
        job.attempts = job.crashes = 0
        job.enqueued_at = job.run_at = self.model.now
        if self.model.expired(job_id):
            job.expires_at = None
        self.model.arrive(job_id)

    # ------------------------------------------------------------ workers

    @precondition(lambda self: self.model.due("again") or self.model.due("hold"))
    @rule()
    def claim_all(self):
        for queue in ("again", "hold"):
            self.claim(queue, 100)

    @_some("ready", "leased")
    @rule(queue=QUEUES, limit=st.sampled_from([1, 100]))
    def claim(self, queue, limit):
        rows, model = self.queue.claim(queue, limit), self.model
        if queue in model.paused:
            assert rows == []
            return
        model.rescue(queue)
        due = model.due(queue)
        if limit == 1:  # which one of those that fell due meanwhile came first, the queue may say
            ended = {i for i in due if self.queue.state(i) == "expired"}
            for job_id in ended:
                assert model.jobs[job_id].expires_at <= model.now
                model.end(job_id, "expired")
            assert len(rows) <= 1
        else:
            model.expire(queue)
        alive = {i for i in model.due(queue) if not model.expired(i)}
        assert {row.id for row in rows} <= alive
        if limit == 100:
            assert {row.id for row in rows} == alive
            priorities = [model.jobs[row.id].priority for row in rows]
            assert priorities == sorted(priorities)
        for row in rows:
            job = model.jobs[row.id]
            job.state, job.token, job.lease_until = "leased", row.claim_token, model.now + LEASE
            job.attempts += 1
            assert row.attempt == job.attempts

    @_some("leased")
    @rule(data=st.data(), verdict=VERDICTS, wait=st.sampled_from([None, 40]))
    def settle(self, data, verdict, wait):
        job_id, model = self._one(data, "leased"), self.model
        job = model.jobs[job_id]
        result = {"id": job_id, "token": job.token, "verdict": verdict, "because": "so"}
        if verdict == "snooze" and wait:
            result["until"] = self.queue.at(model.now + wait)
            self.queue.at(model.now)
        self.stale.append((job_id, job.token))
        (row,) = self.queue.settle(result)
        if verdict == "delivered":
            model.end(job_id, "done")
        elif verdict == "dead":
            model.end(job_id, "dead")
        elif verdict == "snooze":
            job.attempts -= 1
            model.back(job_id, model.now + (wait or 0))
        elif verdict == "unknown" and job.queue == "hold":
            job.state, job.token = "held", None
        else:
            model.fail(job_id)
        assert (row.accepted, row.state) == (True, job.state)

    @_some("leased")
    @rule(data=st.data(), verdict=st.sampled_from(["retry", "retry", "snooze", "unknown"]))
    def fail(self, data, verdict):
        self.settle(data, verdict, None)

    @_some(*LIVE, "done", "dead", "cancelled")
    @rule(data=st.data(), verdict=st.sampled_from(["delivered", "retry", "dead"]))
    def settle_late(self, data, verdict):
        token = uuid4()
        jobs = self.model.jobs
        stale = [(i, t) for i, t in self.stale if jobs[i].token != t]
        leased = [(i, token) for i, j in jobs.items() if j.state == "leased"]
        stale += leased or [(i, token) for i in jobs]
        job_id, token = data.draw(st.sampled_from(stale))
        (row,) = self.queue.settle({"id": job_id, "token": token, "verdict": verdict})
        assert (row.accepted, row.state) == (False, jobs[job_id].state)

    @rule(data=st.data(), action=st.sampled_from(["extend", "rescue", "maintain"]))
    def upkeep(self, data, action):
        leased = [i for i, j in self.model.jobs.items() if j.state == "leased"]
        if action == "extend" and leased:
            job_id = data.draw(st.sampled_from(leased))
            job = self.model.jobs[job_id]
            self.queue.run(
                "select extend(jsonb_build_array(jsonb_build_object('id', %s::uuid, 'token',"
                " %s::uuid)))", job_id, job.token,
            )  # fmt: skip
            job.lease_until = max(job.lease_until, self.model.now + LEASE)
        elif action == "rescue":
            self.queue.run("select rescue()")
            self.model.rescue()
        elif action == "maintain":
            self.queue.run("select * from maintain()")
            self.model.rescue()
            self._agree_on_expired()

    def _agree_on_expired(self):
        for job_id, job in list(self.model.jobs.items()):
            if job.state == "ready" and self.queue.state(job_id) == "expired":
                assert job.expires_at <= self.model.now
                self.model.end(job_id, "expired")

    # ------------------------------------------------------------ time

    @rule(seconds=st.sampled_from([1, 10, 20, 45, 60, 120, 700]))
    def wait(self, seconds):
        self.model.now += seconds
        self.queue.at(self.model.now)

    # ------------------------------------------------------------ people

    @rule(data=st.data(), queue=QUEUES)
    def person(self, data, queue):
        """One rule for all of them: people do less than workers."""
        states = {job.state for job in self.model.jobs.values()}
        actions = ["resume"] if queue in self.model.paused else ["pause"]
        actions += ["cancel"] if states & LIVE else []
        actions += ["hold"] if "ready" in states else []
        actions += ["unhold"] if "held" in states else []
        actions += ["replay", "discard"] if "dead" in states else []
        action = data.draw(st.sampled_from(actions))
        if action in {"pause", "resume"}:
            self.queue.run(f"select {action}_queue(%s, 'ann')", queue)
            self.model.paused ^= {queue}
        elif action == "discard":
            self._discard(queue)
        else:
            getattr(self, f"_{action}")(data)

    def _cancel(self, data):
        job_id = self._one(data, *LIVE)
        self.stale.append((job_id, self.model.jobs[job_id].token or uuid4()))
        self.queue.run("select cancel(%s, 'ann')", job_id)
        self.model.end(job_id, "cancelled")

    def _hold(self, data):
        job_id = self._one(data, "ready", "held")
        self.queue.run("select hold(%s, 'ann')", job_id)
        self.model.jobs[job_id].state = "held"
        self.model.jobs[job_id].blocked = False

    def _unhold(self, data):
        job_id = self._one(data, "held")
        self.queue.run("select unhold(%s, 'ann')", job_id)
        self.model.arrive(job_id)

    def _replay(self, data):
        job_id = self._one(data, "dead")
        assert self.queue.one("select replay(%s, 'ann')", job_id) == job_id
        self._revived(job_id)

    def _discard(self, queue):
        chosen = f'{{"queue": "{queue}"}}'
        dead = [i for i, j in self.model.jobs.items() if (j.queue, j.state) == (queue, "dead")]
        count = self.queue.one("select discard_dead_letters(%s, 'ann', 'why')", chosen)
        assert count == len(dead)
        for job_id in dead:
            self.model.jobs[job_id].state = "cancelled"

    # ------------------------------------------------------------ what always holds

    @invariant()
    def both_agree(self):
        if not hasattr(self, "model"):
            return
        rows = self.queue.all("select * from jobs")
        told = {
            row.id: (row.state, row.attempts, row.crashes, row.waits_for == "key",
                     (row.run_at - NOON).total_seconds() if row.state in LIVE else None)
            for row in rows
        }  # fmt: skip
        assert told == {
            i: (j.state, j.attempts, j.crashes, j.blocked, j.run_at if j.state in LIVE else None)
            for i, j in self.model.jobs.items()
        }

    @invariant()
    def nothing_is_violated(self):
        if not hasattr(self, "model"):
            return
        forgotten = {
            i for i, j in self.model.jobs.items()
            if j.state == "leased" and j.lease_until < self.model.now - 600
        }  # fmt: skip
        assert {row.job_id for row in self.queue.audit()} == forgotten

    def teardown(self):
        if hasattr(self, "undo"):
            try:
                self._everything_ends()
            finally:
                self.undo.__exit__(None, None, None)

    def _everything_ends(self):
        for (job_id,) in self.queue.all("select id from jobs where state = 'held'"):
            self.queue.run("select unhold(%s, 'ann')", job_id)
        for step in range(40):
            self.queue.at(self.model.now + step * timedelta(hours=1).total_seconds())
            for name in ("again", "hold"):
                self.queue.run("select resume_queue(%s, 'ann')", name)
                self.queue.settle(
                    *({"id": j.id, "token": j.claim_token, "verdict": "delivered"}
                      for j in self.queue.claim(name))
                )  # fmt: skip
            if not self.queue.one(
                "select exists (select from jobs where state = any(%s))", [*LIVE]
            ):
                return
        pytest.fail(f"stuck: {self.queue.all('select * from jobs where state = any(%s)', [*LIVE])}")


def test_the_queue_agrees_with_its_model(queue):
    """After every step all jobs are where the model has them, and all of them can end."""
    Machine.queue = queue
    run_state_machine_as_test(Machine, settings=settings(max_examples=30, stateful_step_count=60))
