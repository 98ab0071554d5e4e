"""What people do to the queue, and what the model says to it."""

import json
from uuid import uuid4

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule
from tests.engine import model as rules
from tests.engine.machine_work import QUEUES
from tests.engine.model import LIVE, WAITING, Job
from tests.engine.model_replays import Replay


class People(RuleBasedStateMachine):
    """The rule of people."""

    @rule(data=st.data(), queue=QUEUES)
    def person(self, data, queue):
        """One rule for all of them: people do less than workers."""
        places = {job.where for job in self.model.jobs.values()}
        open_replays = [r for r in self.model.replays if r.state in {"canary", "running"}]
        actions = ["resume"] if queue in self.model.paused else ["pause"]
        actions += [
            "widen",
            "pause_breaker" if self.breaker.state == "closed" else "resume_breaker",
        ]
        actions += ["cancel"] if places & LIVE else []
        actions += ["hold"] if places & (WAITING | {"person"}) else []
        actions += ["skip"] if any(self._skippable()) else []
        actions += ["unhold", "unhold_many"] if "person" in places else []
        actions += ["run_now_many", "cancel_many"]
        actions += (
            ["replay", "replay_all", "edit", "discard", "create_replay"] if "dead" in places else []
        )
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
        self.model.halt(queue, self.model.paused[queue])

    def _resume(self, data, queue):
        self.queue.run("select resume_queue(%s, 'ann')", queue)
        del self.model.paused[queue]
        self.model.go_on(queue)

    def _widen(self, data, queue):
        width = data.draw(st.sampled_from([1, 2, 3]))
        self.queue.policy(queue, max_running_per_key=width)
        self.model.queues[queue].width = width
        for name in [name for name in self.model.heads if name[0] == queue]:
            self.model.fill(name)

    def _pause_breaker(self, data, queue):
        seconds = data.draw(st.sampled_from([None, 30]))
        until = None if seconds is None else rules.moment(self.model.now + seconds)
        self.queue.run("select pause_breaker('there', 'ann', null, %s)", until)
        until = float("inf") if until is None else self.model.now + seconds
        self.breaker.open(self.model.now, until, by="ann")
        self.model.halt("there", until)

    def _resume_breaker(self, data, queue):
        self.queue.run("select resume_breaker('there', 'ann')")
        self.breaker.close(self.model.now)
        self.model.go_on("there")

    def _cancel(self, data, queue):
        job = self.one_of(data, *LIVE)
        self.stale.append((job, job.token or uuid4()))
        self.queue.run("select cancel(%s, 'ann')", job.id)
        self.model.end(job, "cancelled")

    def _hold(self, data, queue):
        job = self.one_of(data, *WAITING, "person")
        self.queue.run("select hold(%s, 'ann')", job.id)
        self.model.hold(job)

    def _unhold(self, data, queue):
        job = self.one_of(data, "person")
        self.queue.run("select unhold(%s, 'ann')", job.id)
        self.model.let_go(job)

    def _unhold_many(self, data, queue):
        """In no order: those that come to the end of their key's line may stand there in any."""
        held = self.model.all("person", queue)
        chosen = json.dumps({"queue": queue})
        assert self.queue.one("select unhold_many(%s, 'ann')", chosen) == len(held)
        for job in held:
            self.model.let_go(job)

    def _run_now_many(self, data, queue):
        waiting = self.model.all("time", queue)
        failed = [
            job
            for job in waiting
            if (job.attempts or job.deferrals) and job.run_at > self.model.now
        ]
        chosen = json.dumps({"queue": queue})
        assert self.queue.one("select run_now_many(%s, 'ann')", chosen) == len(failed)
        for job in failed:
            job.run_at = self.model.now

    def _cancel_many(self, data, queue):
        """All at once: nobody moves up who is to be cancelled, too."""
        places = ("ready", "time", "key", "person")
        waiting = [job for place in places for job in self.model.all(place, queue)]
        chosen = json.dumps({"queue": queue})
        assert self.queue.one("select cancel_many(%s, 'ann')", chosen) == len(waiting)
        for job in waiting:
            self.stale.append((job, job.token or uuid4()))
            job.where, job.token, job.died_at = "cancelled", None, self.model.now
        for job in waiting:
            self.model.leave(job)

    def _skip(self, data, queue):
        job = data.draw(st.sampled_from(self._skippable()))
        self.queue.run("select skip(%s, 'ann')", job.id)
        held = job.where == "person"
        job.where, job.in_line = "nowhere", False
        self.model.leave(job)
        if held:
            job.where = "person"
        else:
            self.model.arrive(job)

    def _replay(self, data, queue):
        job = self.one_of(data, "dead")
        assert self.queue.one("select replay(%s, 'ann')", job.id) == job.id
        self.model.revive(job)

    def _replay_all(self, data, queue):
        rate = data.draw(st.sampled_from([None, 0.5]))
        letters = self.model.dead(queue)
        statement = "select replay_dead_letters(%s, 'ann', null, 10000, %s)"
        count = self.queue.one(statement, json.dumps({"queue": queue}), rate)
        assert count == len(letters)
        for n, job in enumerate(letters):
            self.model.revive(job, self.model.now + n / rate if rate else 0)

    def _edit(self, data, queue):
        old, now = self.one_of(data, "dead"), self.model.now
        new_id = self.queue.one("select replay(%s, 'ann', null, '{}')", old.id)
        new = Job(new_id, old.queue, old.priority, old.tenant, old.key, now, now, None)
        old.where, old.became, self.model.jobs[new_id] = "cancelled", new_id, new
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
