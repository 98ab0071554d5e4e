"""What people, senders, workers and time do to the queue, in any order, and whether it does what
the model says. After every step all jobs are where the model has them; at the end all can end.
"""  # noqa: D205

import json
from collections import Counter
from datetime import timedelta

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant
from tests.engine import model as rules
from tests.engine.machine_people import People
from tests.engine.machine_work import ENDED, Work
from tests.engine.model import LEASE, Model, Policy
from tests.engine.model_limits import Breaker, Rate

POLICY = {
    "retry_base": f"{rules.BASE} s", "retry_factor": 2, "retry_jitter": 0, "lease": f"{LEASE} s",
    "max_attempts": rules.MAX_ATTEMPTS, "max_crashes": rules.MAX_CRASHES,
    "max_age": f"{rules.MAX_AGE} s", "retention": "36500 days",
    "dedupe_retention": f"{rules.DEDUPE_RETENTION} s",
    "dead_retention": f"{rules.DEAD_RETENTION} s",
}  # fmt: skip
MORE = {
    "again": {},
    "hold": {"on_unknown": "hold", "max_running_per_key": 2},
    "limited": {
        "max_running": 3, "max_running_per_tenant": 2, "rate_quota": 4, "rate_per": "60 s",
    },
}  # fmt: skip


class Machine(Work, People):
    """`queue` is a session; each of its statements is a transaction."""

    queue = sweep = None

    @initialize(guarded=st.sampled_from([True, True, False]))
    def begin(self, guarded):
        """The limited queue has a breaker, or there is one that no queue has."""
        self.sweep()
        self.queue.at(0)
        for name, more in MORE.items():
            self.queue.policy(name, **POLICY, **more)
        tolerates = {"minimum": 3, "per": "60 s", "open_for": "30 s", "open_cap": "120 s"}
        self.queue.run("select set_breaker('there', %s)", json.dumps(tolerates))
        self.breaker = Breaker(3, 60, 30, 120)
        if guarded:
            self.queue.policy("limited", breaker="there")
        self.model = Model({
            "again": Policy(),
            "hold": Policy("hold", width=2),
            "limited": Policy("resend", 1, 3, 2, Rate(15, 4), self.breaker if guarded else None),
        })  # fmt: skip
        self.stale = []
        self.passed_over = Counter()
        self.days = 0

    # ------------------------------------------------------------ what always holds

    @invariant()
    def both_agree(self):
        if hasattr(self, "model"):
            self._agree_on_jobs()
            self._agree_on_the_rest()
            self._nothing_is_violated()

    def _agree_on_jobs(self):
        told = {row.id: _facts(row, row.waits_for) for row in self.queue.all("select * from jobs")}
        jobs = [job for job in self.model.jobs.values() if job.where != "forgotten"]
        said = {job.id: _of(job) for job in jobs}
        assert dict(told.items() - said.items()) == dict(said.items() - told.items())

    def _agree_on_the_rest(self):
        heads = {
            (r.queue, r.key): set(r.heads) for r in self.queue.all("select * from ordering_keys")
        }
        assert heads == {n: {job.id for job in jobs} for n, jobs in self.model.heads.items()}
        b = self.queue.row(
            "select breaker_state(b, '-infinity') as state, openings, probe, successes, failures"
            " from breakers b"
        )
        assert (b.state, b.openings, b.probe, (b.successes, b.failures)) == (
            self.breaker.state, self.breaker.openings, self.breaker.probe, self.breaker.counts
        )  # fmt: skip
        replays = self.queue.all(
            "select id, state, replayed, (select coalesce(jsonb_object_agg(job_id, outcome), '{}')"
            " from replay_items i where i.replay = r.id and outcome is not null) as items"
            " from replays r order by id"
        )
        assert [tuple(row) for row in replays] == [
            (r.id, r.state, r.replayed, {str(job.id): told for job, told in r.outcomes.items()})
            for r in self.model.replays
        ]

    def _nothing_is_violated(self):
        forgotten = {
            job.id for job in self.model.all("leased")
            if job.lease_until < self.model.now - 600
        }  # fmt: skip
        assert {row.job_id for row in self.queue.audit()} == forgotten

    def teardown(self):
        if hasattr(self, "model"):
            self._everything_ends()

    def _everything_ends(self):
        """Let people let go of everything, and let the time pass."""
        for (job_id,) in self.queue.all("select id from jobs where state = 'held'"):
            self.queue.run("select unhold(%s, 'ann')", job_id)
        for hour in range(400):  # three at a time of what is limited
            self.queue.at(self.model.now + hour * timedelta(hours=1).total_seconds())
            self.queue.run("select resume_breaker('there', 'ann')")
            self.queue.run("select maintain()")  # ends what had expired before it came
            for name in MORE:
                self.queue.run("select resume_queue(%s, 'ann')", name)
                self.queue.settle(*(
                    {"id": job.id, "token": job.claim_token, "verdict": "delivered"}
                    for job in self.queue.claim(name)
                ))  # fmt: skip
            live = self.queue.all("select * from jobs where state in ('ready', 'leased', 'held')")
            if not live:
                return
        pytest.fail(f"stuck: {live}")


def _facts(row, waits_for):
    """What both know of a job; an ended one only keeps its counts."""
    told = row.state, row.attempts, row.crashes
    if row.state in ENDED:
        return told
    return *told, row.deferrals, waits_for, rules.seconds(row.run_at)


def _of(job):
    told = job.state, job.attempts, job.crashes
    if job.state in ENDED:
        return told
    waits_for = job.where if job.where in {"time", "key", "person"} else None
    return *told, job.deferrals, waits_for, job.run_at
