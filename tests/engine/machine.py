"""What people, senders, workers and time do to the queue, in any order, and whether it does what the
model says. After every step all jobs are where the model has them; at the end all of them can end.
"""  # noqa: D205, D209

import json
from collections import Counter
from datetime import timedelta
from uuid import uuid4

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tests.engine import model as rules
from tests.engine.model import LEASE, LIVE, WAITING, Job, Model, Policy
from tests.engine.model_limits import Breaker, Rate
from tests.engine.model_replays import Replay

QUEUES = st.sampled_from(["again", "hold", "limited"])
TENANTS = st.sampled_from([None, None, "s", "t", "u"])
KEYS = st.none() | st.sampled_from("ab")
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
        "breaker": "there",
    },
}  # fmt: skip
ENDED = {"done", "dead", "cancelled", "expired"}
GROUPS = 4  # tenants, and those without one


def _if_any(*where):
    """Only when there is a job in one of these places: what can do nothing is not tried."""
    return precondition(lambda self: any(j.where in where for j in self.model.jobs.values()))


class Machine(RuleBasedStateMachine):
    """`queue` is a session; each of its statements is a transaction."""

    queue = sweep = None

    @initialize()
    def begin(self):
        self.sweep()
        self.queue.at(0)
        for name, more in MORE.items():
            self.queue.policy(name, **POLICY, **more)
        tolerates = {"minimum": 3, "per": "60 s", "open_for": "30 s", "open_cap": "120 s"}
        self.queue.run("select set_breaker('there', %s)", json.dumps(tolerates))
        self.breaker = Breaker(3, 60, 30, 120)
        self.model = Model({
            "again": Policy(),
            "hold": Policy("hold", width=2),
            "limited": Policy("resend", 1, 3, 2, Rate(15, 4), self.breaker),
        })  # fmt: skip
        self.stale = []
        self.passed_over = Counter()
        self.days = 0

    def _one(self, data, *where):
        return data.draw(st.sampled_from([j for j in self.model.jobs.values() if j.where in where]))

    # ------------------------------------------------------------ senders

    @rule(queue=QUEUES, tenant=TENANTS, key=st.sampled_from("ab"), supersede=st.booleans())
    def stand_in_line(self, queue, tenant, key, supersede):
        self.enqueue(queue, tenant, key, None, 0, None, 5, False, supersede)

    @rule(
        queue=QUEUES,
        tenant=TENANTS,
        key=KEYS,
        dedupe=st.none() | st.sampled_from("xyz"),
        delay=st.sampled_from([0, 0, 0, 30]),
        life=st.sampled_from([None, None, 0, 45, 100]),
        priority=st.sampled_from([0, 5, 5, 9]),
        revive=st.booleans(),
        supersede=st.just(False),
    )
    def enqueue(self, queue, tenant, key, dedupe, delay, life, priority, revive, supersede):
        model, now = self.model, self.model.now
        expires_at = None if life is None else now + life
        options = {
            "tenant": tenant, "ordering_key": key, "dedupe_key": dedupe, "priority": priority,
            "revive": revive, "run_at": rules.moment(now + delay) if delay else None,
            "expires_at": None if life is None else rules.moment(expires_at),
            "supersede": supersede or None,
        }  # fmt: skip
        options = {name: value for name, value in options.items() if value is not None}
        job_id = self.queue.enqueue(queue, **options)
        model.moment += 1
        if (queue, dedupe) in model.known:
            assert job_id == model.known[queue, dedupe][0]
            if revive and model.jobs[job_id].where == "dead":
                model.revive(model.jobs[job_id])
            return
        if dedupe:
            model.known[queue, dedupe] = job_id, now
        job = Job(job_id, queue, priority, tenant, key, now, now + delay, expires_at)
        model.jobs[job_id] = job
        if supersede:
            model.supersede(job)
        model.arrive(job)

    @rule(queue=QUEUES, tenants=st.lists(TENANTS, min_size=3, max_size=9))
    def enqueue_many(self, queue, tenants):
        """Plain jobs, all at once."""
        items = [{"queue": queue, "kind": "kind", "tenant": tenant} for tenant in tenants]
        rows = self.queue.enqueue_many(*items)
        self.model.moment += 1
        now = self.model.now
        for row, tenant in zip(rows, tenants, strict=True):
            job = Job(row.id, queue, 5, tenant, None, now, now, None)
            self.model.jobs[row.id] = job
            self.model.arrive(job)

    # ------------------------------------------------------------ workers

    @_if_any("ready", "time")
    @rule()
    def claim_all(self):
        for queue in self.model.queues:
            self.claim(queue, 100)

    @_if_any("ready", "time", "leased")
    @rule(queue=QUEUES, limit=st.sampled_from([1, 2, 3, 4, 100]))
    def claim(self, queue, limit):
        rows, model = self.queue.claim(queue, limit), self.model
        if model.is_paused(queue):
            assert rows == []
            return
        self._bring_in(queue, limit)
        admitted, groups = model.admitted(queue, limit), model.groups(queue)
        jobs = [model.jobs[row.id] for row in rows]
        self._is_fair(jobs, groups, admitted)
        policy = model.queues[queue]
        if jobs and policy.rate:
            policy.rate.charge(len(jobs), model.now)
        if jobs and policy.breaker and policy.breaker.state == "open":
            policy.breaker.probe, policy.breaker.probe_until = rows[0].claim_token, model.now + LEASE
        assert len({row.claim_token for row in rows}) <= 1
        model.take(jobs, rows[0].claim_token if rows else None)
        assert [row.attempt for row in rows] == [job.attempts for job in jobs]

    def _bring_in(self, queue, limit):
        """What became due and what ran out. Which of those due at once came first, it may say."""
        due = sorted(self.model.due(queue), key=lambda job: job.run_at)
        if len(due) > limit:
            apart = {row.id for row in self.queue.all(
                "select id from jobs where queue = %s and waits_for = 'time'", queue)}  # fmt: skip
            left = [job for job in due if job.id in apart]
            due = [job for job in due if job.id not in apart]
            assert len(due) == limit
            assert max(job.run_at for job in due) <= min(job.run_at for job in left)
        self.model.promote(due)
        self.model.rescue(queue)
        self.model.expire(queue)

    def _is_fair(self, jobs, groups, admitted):
        """As many as may be, each tenant its share, and of each the first."""
        waiting = {tenant: list(group) for tenant, group in groups.items()}
        taken = {tenant: [job for job in jobs if job.tenant == tenant] for tenant in waiting}
        assert sum(map(len, taken.values())) == len(jobs)
        assert len(jobs) == min(admitted, sum(map(len, waiting.values())))
        for tenant, group in waiting.items():
            assert set(taken[tenant]) <= set(group)
            assert len(taken[tenant]) >= min(len(group), admitted // len(waiting))
            order = [(job.priority, job.place) for job in taken[tenant]]
            assert sorted(order) == [(job.priority, job.place) for job in group[: len(order)]]
            if jobs:
                passed_over = jobs[0].queue, tenant
                self.passed_over[passed_over] += 1
                if taken[tenant]:
                    del self.passed_over[passed_over]
                assert self.passed_over[passed_over] < GROUPS

    @_if_any("leased")
    @rule(
        data=st.data(),
        count=st.sampled_from([1, 1, 1, 3]),
        verdict=st.sampled_from(["delivered", "retry", "snooze", "dead", "unknown"]),
        outage=st.booleans(),
        wait=st.sampled_from([0, 40]),
    )
    def settle(self, data, count, verdict, outage, wait):
        model, jobs = self.model, []
        for _ in range(count):
            left = [job for job in model.all("leased") if job not in jobs]
            jobs += [data.draw(st.sampled_from(left))] if left else []
        results = [
            {"id": job.id, "token": job.token, "verdict": verdict, "because": "so",
             "outage": outage and verdict in {"retry", "unknown"},
             "until": rules.moment(model.now + wait) if verdict == "snooze" else None}
            for job in jobs
        ]  # fmt: skip
        self.stale += [(job, job.token) for job in jobs]
        tell = [(r, job) for r, job in zip(results, jobs, strict=True) if job.queue == "limited"]
        told = {row.id: row for row in self.queue.settle(*results)}
        model.moment += 1
        for job in jobs:
            model.settle(job, verdict, wait)
            assert (told[job.id].accepted, told[job.id].state) == (True, job.state)
        self._tell([r for r, _ in tell])

    def _tell(self, results):
        """The breaker hears what speaks about the other side."""
        good = sum(r["verdict"] in {"delivered", "dead"} for r in results)
        bad = sum(r["outage"] for r in results)
        probes = [r for r in results if r["token"] == self.breaker.probe]
        if any(r["verdict"] not in {"delivered", "dead"} and not r["outage"] for r in probes):
            self.breaker.probe = None
        elif good + bad and self.breaker.told(good, bad, bool(probes), self.model.now):
            self._opens()

    def _opens(self):
        """For how long has chance in it."""
        least, most = self.breaker.opens_for()
        until = self.queue.one("select open_until from breakers where name = 'there'")
        seconds = rules.seconds(until)
        assert least <= seconds - self.model.now <= most + 0.001
        self.breaker.open(self.model.now, seconds)

    @_if_any(*LIVE, *ENDED)
    @rule(data=st.data(), verdict=st.sampled_from(["delivered", "retry", "dead"]))
    def settle_late(self, data, verdict):
        token = uuid4()
        stale = [(job, t) for job, t in self.stale if job.token != t]
        stale += [(job, token) for job in self.model.jobs.values()]
        job, token = data.draw(st.sampled_from(stale))
        (row,) = self.queue.settle({"id": job.id, "token": token, "verdict": verdict})
        state = "unknown" if job.where == "forgotten" else job.state
        assert (row.accepted, row.state) == (False, state)

    @_if_any("leased")
    @rule(data=st.data(), action=st.sampled_from(["extend", "release"]))
    def keep_or_give_back(self, data, action):
        model, job = self.model, self._one(data, "leased")
        lease = json.dumps([{"id": str(job.id), "token": str(job.token)}])
        self.queue.run(f"select {action}(%s)", lease)
        if action == "extend":
            job.lease_until = max(job.lease_until, model.now + LEASE)
            return
        model.moment += 1
        self.stale.append((job, job.token))
        if job.token == self.breaker.probe:
            self.breaker.probe = None
        model.snooze(job, 0)

    @rule(action=st.sampled_from(["rescue", "maintain", "step"]))
    def upkeep(self, action):
        model = self.model
        if action == "rescue":
            self.queue.run("select rescue()")
            model.rescue()
        elif action == "maintain":
            self.queue.run("select * from maintain()")
            for queue in model.queues:
                model.promote(model.due(queue))
            model.rescue()
            for queue in model.queues:
                model.expire(queue)
        else:
            self.queue.run("select step_replays()")
        if action in {"maintain", "step"}:
            model.moment += 1
            for replay in model.replays:
                replay.step(model)
        if action == "maintain":
            model.prune()

    # ------------------------------------------------------------ time

    @rule(seconds=st.sampled_from([1, 10, 20, 45, 60, 120, 700]))
    def wait(self, seconds):
        self.model.now += seconds
        self.queue.at(self.model.now)

    @precondition(lambda self: self.days < 2)
    @rule()
    def a_day_passes(self):
        self.days += 1
        self.wait(90_000)

    # ------------------------------------------------------------ people

    @rule(data=st.data(), queue=QUEUES)
    def person(self, data, queue):
        """One rule for all of them: people do less than workers."""
        places = {job.where for job in self.model.jobs.values()}
        open_replays = [r for r in self.model.replays if r.state in {"canary", "running"}]
        actions = ["resume"] if queue in self.model.paused else ["pause"]
        actions += ["widen", "pause_breaker" if self.breaker.state == "closed" else "resume_breaker"]
        actions += ["cancel"] if places & LIVE else []
        actions += ["hold"] if places & (WAITING | {"person"}) else []
        actions += ["skip"] if any(self._skippable()) else []
        actions += ["unhold"] if "person" in places else []
        actions += ["replay", "edit", "discard", "create_replay"] if "dead" in places else []
        actions += ["cancel_replay"] if open_replays else []
        action = data.draw(st.sampled_from(actions))
        self.model.moment += 1
        getattr(self, f"_{action}")(data, queue)

    def _skippable(self):
        return [
            job for job in self.model.jobs.values()
            if job.key and job.where in WAITING | {"person"}
        ]  # fmt: skip

    def _pause(self, data, queue):
        seconds = data.draw(st.sampled_from([None, 30]))
        until = None if seconds is None else rules.moment(self.model.now + seconds)
        self.queue.run("select pause_queue(%s, 'ann', null, %s)", queue, until)
        self.model.paused[queue] = float("inf") if until is None else self.model.now + seconds

    def _resume(self, data, queue):
        self.queue.run("select resume_queue(%s, 'ann')", queue)
        del self.model.paused[queue]

    def _widen(self, data, queue):
        width = data.draw(st.sampled_from([1, 2, 3]))
        self.queue.policy(queue, max_running_per_key=width)
        self.model.queues[queue].width = width

    def _pause_breaker(self, data, queue):
        seconds = data.draw(st.sampled_from([None, 30]))
        until = None if seconds is None else rules.moment(self.model.now + seconds)
        self.queue.run("select pause_breaker('there', 'ann', null, %s)", until)
        until = float("inf") if until is None else self.model.now + seconds
        self.breaker.open(self.model.now, until, by="ann")

    def _resume_breaker(self, data, queue):
        self.queue.run("select resume_breaker('there', 'ann')")
        self.breaker.close(self.model.now)

    def _cancel(self, data, queue):
        job = self._one(data, *LIVE)
        self.stale.append((job, job.token or uuid4()))
        self.queue.run("select cancel(%s, 'ann')", job.id)
        self.model.end(job, "cancelled")

    def _hold(self, data, queue):
        job = self._one(data, *WAITING, "person")
        self.queue.run("select hold(%s, 'ann')", job.id)
        job.where = "person"

    def _unhold(self, data, queue):
        job = self._one(data, "person")
        self.queue.run("select unhold(%s, 'ann')", job.id)
        self.model.arrive(job)

    def _skip(self, data, queue):
        job = data.draw(st.sampled_from(self._skippable()))
        self.queue.run("select skip(%s, 'ann')", job.id)
        held = job.where == "person"
        job.where = "nowhere"
        self.model.leave(job)
        if held:
            job.where = "person"
        else:
            self.model.arrive(job)

    def _replay(self, data, queue):
        job = self._one(data, "dead")
        assert self.queue.one("select replay(%s, 'ann')", job.id) == job.id
        self.model.revive(job)

    def _edit(self, data, queue):
        old, now = self._one(data, "dead"), self.model.now
        new_id = self.queue.one("select replay(%s, 'ann', null, '{}')", old.id)
        new = Job(new_id, old.queue, old.priority, old.tenant, old.key, now, now, None)
        old.where, self.model.jobs[new_id] = "cancelled", new
        self.model.arrive(new)

    def _discard(self, data, queue):
        chosen = json.dumps({"queue": queue})
        dead = self.model.dead(queue)
        count = self.queue.one("select discard_dead_letters(%s, 'ann', 'why')", chosen)
        assert count == len(dead)
        for job in dead:
            job.where = "cancelled"

    def _create_replay(self, data, queue):
        rate, canary = data.draw(st.sampled_from([None, 1, 0.1])), data.draw(st.booleans())
        number = self.queue.one(
            "select create_replay(%s, 'ann', null, %s, %s)", json.dumps({"queue": queue}), rate,
            canary,
        )  # fmt: skip
        taken = {job for replay in self.model.replays for job in replay.left()}
        letters = self.model.dead(queue)
        state = "canary" if canary else "running"
        replay = Replay(number, letters, rate, state, self.model.now)
        replay.outcomes = {job: "excluded" for job in letters if job in taken}
        self.model.replays.append(replay)

    def _cancel_replay(self, data, queue):
        replay = data.draw(st.sampled_from(
            [r for r in self.model.replays if r.state in {"canary", "running"}]
        ))  # fmt: skip
        count = self.queue.one("select cancel_replay(%s, 'ann')", replay.id)
        assert count == len(replay.left())
        replay.cancel("cancelled")

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
        heads = {(r.queue, r.key): set(r.heads) for r in self.queue.all("select * from ordering_keys")}
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
        for hour in range(40):
            self.queue.at(self.model.now + hour * timedelta(hours=1).total_seconds())
            self.queue.run("select resume_breaker('there', 'ann')")
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
