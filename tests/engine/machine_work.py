"""What senders, workers and time do to the queue, and what the model says to it."""

import json
from uuid import uuid4

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule
from tests.engine import model as rules
from tests.engine.model import LEASE, LIVE, Job

QUEUES = st.sampled_from(["again", "hold", "limited"])
TENANTS = st.sampled_from([None, None, "s", "t", "u"])
FLOODS = TENANTS.map(lambda tenant: [tenant] * 4)
KEYS = st.none() | st.sampled_from("ab")
ENDED = {"done", "dead", "cancelled", "expired"}
GROUPS = 4  # tenants, and those without one


def _if_any(*where):
    """Only when there is a job in one of these places: what can do nothing is not tried."""
    return precondition(lambda self: any(j.where in where for j in self.model.jobs.values()))


class Work(RuleBasedStateMachine):
    """The rules of senders, workers and time."""

    def one_of(self, data, *where):
        """Any job that is in one of these places."""
        return data.draw(st.sampled_from([j for j in self.model.jobs.values() if j.where in where]))

    # ------------------------------------------------------------ senders

    @rule(queue=QUEUES, tenant=TENANTS, key=st.sampled_from("ab"), supersede=st.booleans())
    def stand_in_line(self, queue, tenant, key, supersede):
        """Three, the last of which may be for all of them."""
        for last in (False, False, True):
            self.enqueue(queue, tenant, key, None, 0, None, 5, False, supersede and last)

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
            known = model.known[queue, dedupe][0]
            while revive and model.jobs[known].became:
                known = model.jobs[known].became
            assert job_id == known
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

    @rule(queue=QUEUES, tenants=st.lists(TENANTS, min_size=3, max_size=9) | FLOODS)
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

    @_if_any("ready")
    @rule(queue=QUEUES)
    def claim_one_by_one(self, queue):
        """As often as there can be tenants: each has its turn."""
        for _ in range(GROUPS):
            self.claim(queue, 1)

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
        if admitted and policy.breaker and policy.breaker.state == "open":
            policy.breaker.probe = rows[0].claim_token if rows else None
            policy.breaker.probe_until = model.now + LEASE
        assert len({row.claim_token for row in rows}) <= 1
        model.take(jobs, rows[0].claim_token if rows else None)
        assert [row.attempt for row in rows] == [job.attempts for job in jobs]

    @_if_any(*LIVE)
    @rule(data=st.data())
    def claim_job(self, data):
        """One by its id: whoever waits for nothing but its time can be had at once."""
        model, job = self.model, self.one_of(data, *LIVE)
        rows = self.queue.all("select * from claim_job(%s)", job.id)
        free = job.where in {"ready", "time"} and not model.is_over(job)
        assert len(rows) == int(free and not model.is_paused(job.queue))
        for row in rows:
            model.take([job], row.claim_token)
            assert row.attempt == job.attempts

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
        self.model.rescue(queue)
        self.model.promote(due)
        self.model.expire(queue, self._behind_the_mark(queue))

    def _behind_the_mark(self, queue):
        """What had expired when it came, before the place where claims look: maintain() ends it."""
        rows = self.queue.all(
            "select r.id from ready_jobs r where r.queue = %s and r.expires_at <= clock()"
            " and r.expires_at <= (select max(m.expired_from) from ready_marks m"
            "                      where m.queue = r.queue)",
            queue,
        )
        return {row.id for row in rows}

    def _is_fair(self, jobs, groups, admitted):
        """As many as may be, each tenant its share, and of each the first."""
        waiting = {tenant: list(group) for tenant, group in groups.items()}
        taken = {tenant: [job for job in jobs if job.tenant == tenant] for tenant in waiting}
        assert sum(map(len, taken.values())) == len(jobs)
        assert len(jobs) == min(admitted, sum(map(len, waiting.values())))
        for tenant, group in waiting.items():
            # not that they are in the group: of those that came at once any may be the last in it
            assert all(self.model.may_run(job) for job in taken[tenant])
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
        verdict=st.sampled_from(
            ["delivered", "done", "retry", "snooze", "hold", "dead", "unknown"]
        ),
        outage=st.booleans(),
        wait=st.sampled_from([0, 40]),
    )
    def settle(self, data, count, verdict, outage, wait):
        model, jobs = self.model, []
        for _ in range(count):
            left = [job for job in model.all("leased") if job not in jobs]
            jobs += [data.draw(st.sampled_from(left))] if left else []
        told, verdict = verdict, "delivered" if verdict == "done" else verdict
        results = [
            {"id": job.id, "token": job.token, "verdict": verdict, "because": "so",
             "outage": outage and verdict in {"retry", "unknown"},
             "until": rules.moment(model.now + wait) if verdict == "snooze" else None}
            for job in jobs
        ]  # fmt: skip
        self.stale += [(job, job.token) for job in jobs]
        told = self._settled(results, as_arrays=told == "done")
        model.moment += 1
        for job in jobs:
            model.settle(job, verdict, wait)
            assert told.get(job.id, (True, "done")) == (True, job.state)
        self._tell([
            result for result, job in zip(results, jobs, strict=True)
            if model.queues[job.queue].breaker
        ])  # fmt: skip

    def _settled(self, results, as_arrays):
        """Whether each was accepted, and its state; of successes as arrays only what was not."""
        if as_arrays:
            ids, tokens = [r["id"] for r in results], [r["token"] for r in results]
            rows = self.queue.all("select * from settle_done(%s::uuid[], %s::uuid[])", ids, tokens)
        else:
            rows = self.queue.settle(*results)
            assert len(rows) == len(results)
        return {row.id: (row.accepted, row.state) for row in rows}

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
    @rule(data=st.data(), verdict=st.sampled_from(["delivered", "done", "retry", "dead"]))
    def settle_late(self, data, verdict):
        token = uuid4()
        stale = [(job, t) for job, t in self.stale if job.token != t]
        stale += [(job, token) for job in self.model.jobs.values()]
        job, token = data.draw(st.sampled_from(stale))
        result = {"id": job.id, "token": token, "verdict": verdict}
        told = self._settled([result], as_arrays=verdict == "done")
        assert told == {job.id: (False, "unknown" if job.where == "forgotten" else job.state)}

    @_if_any("leased")
    @rule(data=st.data(), action=st.sampled_from(["extend", "release"]))
    def keep_or_give_back(self, data, action):
        model, job = self.model, self.one_of(data, "leased")
        lease = json.dumps([{"id": str(job.id), "token": str(job.token)}])
        self.queue.run(f"select {action}(%s)", lease)
        if action == "extend":
            job.lease_until = max(job.lease_until, model.now + LEASE)
            if job.token == self.breaker.probe:  # it is tried for as long as its job is worked on
                self.breaker.probe_until = max(self.breaker.probe_until, model.now + LEASE)
            return
        model.moment += 1
        if (rate := model.queues[job.queue].rate) is not None:
            rate.refund(1, model.now)
        self.stale.append((job, job.token))
        if job.token == self.breaker.probe:
            self.breaker.probe = None
        model.snooze(job, 0)

    @rule(action=st.sampled_from(["rescue", "maintain", "step"]))
    def upkeep(self, action):
        model = self.model
        call = {"rescue": "rescue()", "maintain": "maintain()", "step": "step_replays()"}[action]
        self.queue.run(f"select * from {call}")
        if action in {"rescue", "maintain"}:
            model.rescue()
        if action in {"maintain", "step"}:
            model.moment += 1
            for replay in model.replays:
                replay.step(model)
        if action == "maintain":
            for queue in model.queues:
                model.promote(model.due(queue))
            for queue in model.queues:
                model.expire(queue)
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
