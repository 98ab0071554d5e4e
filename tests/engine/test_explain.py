"""Explain says why a job waits; audit says when the queue is not what it promises."""

from datetime import datetime, timedelta

import pytest
from psycopg import Rollback


def _said(queue, job_id):
    told = queue.explain(job_id)
    until = told["until"] and datetime.fromisoformat(told["until"])
    return told["rule"], told["because"], until


def test_no_worker(queue):
    """A due job of a queue that nobody serves says so."""
    assert _said(queue, queue.enqueue()) == (
        "no_worker",
        'it is due, and no worker serves the queue "default"',
        None,
    )


def test_queued(queue):
    """A due job of a served queue waits for its turn; a worker silent for a minute is none."""
    job_id = queue.enqueue()
    queue.run("select heartbeat('w1', '{default}', 'box', 1)")
    queue.run("select heartbeat('w2', '{other}', 'box', 2)")
    assert _said(queue, job_id)[:2] == (
        "queued",
        "it is due and waits for its turn; workers that serve the queue: 1",
    )
    queue.at(60)
    assert _said(queue, job_id)[0] == "no_worker"


def test_the_tenant_is_full(queue):
    """A job whose tenant runs all it may says so, and another tenant's job does not."""
    queue.policy(max_running_per_tenant=2)
    queue.run("select heartbeat('w1', '{default}', 'box', 1)")
    for _ in range(2):
        queue.enqueue(tenant="big")
    assert len(queue.claim()) == 2
    assert _said(queue, queue.enqueue(tenant="big"))[:2] == (
        "max_running_per_tenant",
        '2 jobs of the tenant "big" run, and no more may',
    )
    assert _said(queue, queue.enqueue(tenant="small"))[0] == "queued"


def test_the_rate_is_used_up(queue):
    """A job that waits for its queue's rate says so, and when the next one may begin."""
    queue.policy(rate_quota=6, rate_per="1 minute", rate_burst=2)
    queue.run("select heartbeat('w1', '{default}', 'box', 1)")
    for _ in range(3):
        queue.enqueue()
    assert len(queue.claim()) == 2
    rule, because, until = _said(queue, queue.enqueue())
    assert (rule, because) == ("rate_limit", "6 jobs per 00:01:00 may begin")
    assert until == queue.at(10)
    assert len(queue.claim()) == 1


def test_paused(queue):
    """A due job of a paused queue says who paused it, why, and until when."""
    until = queue.at(0) + timedelta(hours=1)
    job_id = queue.enqueue()
    queue.run("select pause_queue('default', 'ann', 'incident 7', %s)", until)
    assert _said(queue, job_id) == ("paused", "the queue is paused by ann: incident 7", until)
    queue.at(3600)
    assert _said(queue, job_id)[0] == "no_worker"


def test_run_at(queue):
    """A job of the future says when it is due, and if it ends then; later it is as any other."""
    later = queue.at(0) + timedelta(seconds=60)
    vain = queue.enqueue(run_at=later, expires_at=later - timedelta(seconds=1))
    assert "ends then, unrun" in _said(queue, vain)[1]
    job_id = queue.enqueue(run_at=later)
    rule, because, until = _said(queue, job_id)
    assert (rule, until, "unrun" in because) == ("run_at", later, False)
    queue.at(60)
    assert _said(queue, job_id)[0] == "no_worker"


def test_retry(queue):
    """A job that failed says when it is tried again, after which error, and what is left."""
    queue.policy(retry_base="10 seconds", retry_jitter=0, max_attempts=4)
    job_id = queue.enqueue()
    queue.verdict(queue.claim_one(), "retry", because="timeout")
    rule, because, until = _said(queue, job_id)
    assert (rule, until) == ("retry", queue.at(0) + timedelta(seconds=10))
    assert because.endswith(": timeout")
    told = queue.explain(job_id)
    assert (told["attempts"], told["attempts_left"], told["max_attempts"]) == (1, 3, 4)
    assert [attempt["outcome"] for attempt in told["history"]] == ["retry"]


def test_lease(queue):
    """A running job says who has it, and when it is rescued."""
    queue.policy(lease="60 seconds")
    job_id = queue.enqueue()
    queue.claim_one(worker="box/7")
    rule, because, until = _said(queue, job_id)
    assert (rule, until) == ("lease", queue.at(0) + timedelta(seconds=60))
    assert because.startswith("box/7 works on it")


def test_held(queue):
    """A held job says that a person is asked."""
    job_id = queue.enqueue()
    queue.run("select hold(%s, 'ann', 'odd amount')", job_id)
    assert _said(queue, job_id) == ("held", "a person must let it go on: odd amount", None)


def test_ordering_key(queue):
    """A job in a line names the job that goes first."""
    head = queue.enqueue(ordering_key="line")
    job_id = queue.enqueue(ordering_key="line")
    assert _said(queue, job_id)[:2] == (
        "ordering_key",
        f'job {head} of the same ordering key "line" goes first',
    )


@pytest.mark.parametrize("how", ["done", "dead", "cancelled", "expired"])
def test_ended(queue, how):
    """A job that has ended says how, and why."""
    job_id = queue.enqueue(**({"expires_at": queue.at(0)} if how == "expired" else {}))
    if how == "cancelled":
        queue.run("select cancel(%s, 'ann')", job_id)
    elif jobs := queue.claim():
        queue.verdict(jobs[0], "dead" if how == "dead" else "delivered", because="so")
    rule, because, _ = _said(queue, job_id)
    assert rule == "ended"
    assert because.startswith(f"it has been {how} since 2030-01-01")


def _planted(queue):
    queue.kill()
    queue.enqueue(ordering_key="line")
    queue.enqueue(ordering_key="line")
    queue.enqueue()
    queue.claim(limit=1)


@pytest.mark.parametrize(
    ("violation", "invariant"),
    [
        (
            "insert into deferred_jobs select (job_of(r)).*, 'time' from ready_jobs r",
            "a job is in one table",
        ),
        ("update dead_letters set deferrals = -1", "counters are not negative"),
        (
            "update leased_jobs set lease_until = lease_until - interval '1 hour'",
            "an expired lease is rescued within ten minutes",
        ),
        (
            "update ordering_keys set heads = array(select id from deferred_jobs)",
            "a job that may run is the head of its ordering key",
        ),
        ("delete from leased_jobs", "the heads of an ordering key are alive"),
        ("update dead_letters set error = ' '", "a dead letter has a reason"),
        (
            "delete from ordering_keys; delete from leased_jobs",
            "a job that waits for its ordering key has a head before it",
        ),
    ],
)
def test_audit_sees_a_planted_violation(queue, violation, invariant):
    """Each invariant, violated on purpose, is reported by its name."""
    _planted(queue)
    assert queue.audit() == []
    with queue.transaction():
        queue.run(violation)
        names = {row.invariant for row in queue.audit()}
        raise Rollback
    assert invariant in names


def test_a_stricter_policy_is_no_violation(queue):
    """To lower max_attempts while jobs are retried is an operator's right, not a violation."""
    queue.policy(max_attempts=8, retry_base="1 second", retry_jitter=0)
    queue.enqueue()
    for n in range(3):
        queue.at(n * 100)
        queue.verdict(queue.claim_one(), "retry")
    queue.policy(max_attempts=2)
    assert queue.audit() == []


def test_a_breaker_that_is_paused_without_an_end_has_none(queue):
    """As for a queue that somebody has paused, nobody can say until when a job waits."""
    queue.run("select set_breaker('relay')")
    queue.policy(breaker="relay")
    job_id = queue.enqueue()
    queue.run("select pause_breaker('relay', 'ann', 'moving')")
    told = queue.explain(job_id)
    assert (told["rule"], told["until"]) == ("breaker", None)
    assert "paused by ann: moving" in told["because"]


def test_a_breaker_that_is_half_open_has_no_end(queue):
    """It waits for what one try says: the time when it let that through is over."""
    queue.run("""select set_breaker('relay', '{"minimum": 1, "open_for": "60 seconds"}')""")
    queue.policy(breaker="relay")
    job_id = queue.enqueue()
    queue.run("select tell_breaker('relay', 0, 5)")
    assert queue.explain(job_id)["until"] is not None
    queue.at(100_000)
    told = queue.explain(job_id)
    assert "half" in told["because"] and told["until"] is None
