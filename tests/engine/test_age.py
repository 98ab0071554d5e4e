"""How old a job may get, and which time is none of its age."""

import json

import pytest


def test_a_job_that_would_be_too_old_is_dead(queue):
    """No retry is planned beyond max_age: the job dies as too_old at its last attempt before it."""
    queue.policy(max_age="100 seconds", retry_base="60 seconds", retry_jitter=0, retry_factor=1)
    queue.enqueue()
    assert queue.verdict(queue.claim_one(), "retry")[1] == "ready"
    queue.at(60)
    assert queue.verdict(queue.claim_one(), "retry")[1] == "dead"
    assert queue.one("select reason from dead_letters") == "too_old"


def test_what_is_for_later_is_as_old_as_its_time(queue):
    """A job for next month has all its retries then: max_age counts from when it was due."""
    queue.policy(max_age="100 seconds", retry_base="60 seconds", retry_jitter=0, retry_factor=1)
    later = 30 * 86_400
    due = queue.at(later)
    queue.at(0)
    queue.enqueue(run_at=due)
    queue.at(later + 1)
    assert queue.verdict(queue.claim_one(), "retry")[1] == "ready"
    queue.at(later + 62)
    assert queue.verdict(queue.claim_one(), "retry")[1] == "dead"
    assert queue.one("select reason from dead_letters") == "too_old"


@pytest.mark.parametrize("waits_for", ["key", "person"])
def test_what_is_for_later_is_as_old_as_its_time_wherever_it_waited(queue, waits_for):
    """A job for later that its key or a person kept back until then has all its retries too."""
    queue.policy(max_age="100 seconds", retry_base="60 seconds", retry_jitter=0, retry_factor=1)
    later = 30 * 86_400
    due = queue.at(later)
    queue.at(0)
    first = queue.enqueue(ordering_key="k", **({"run_at": due} if waits_for == "person" else {}))
    if waits_for == "person":
        queue.one("select hold(%s, 'ann')", first)
    else:
        queue.enqueue(ordering_key="k", run_at=due)
    queue.at(later + 1)
    if waits_for == "person":
        queue.one("select unhold(%s, 'ann')", first)
    else:
        queue.verdict(queue.claim_one(), "delivered")
    assert queue.verdict(queue.claim_one(), "retry")[1] == "ready"


@pytest.mark.parametrize("how", ["verdict", "by hand", "twice", "in line"])
def test_the_time_that_a_person_had_a_job_is_no_age_of_it(queue, how):
    """A job let go after a week has the retries that it had before, and no more than these."""
    queue.policy(max_age="100 seconds", retry_base="60 seconds", retry_jitter=0, retry_factor=1)
    week = 7 * 86_400
    first = queue.enqueue(ordering_key="k") if how == "in line" else None
    job_id = queue.enqueue(**({"ordering_key": "k"} if first else {}))
    queue.at(10)
    if how == "verdict":
        queue.verdict(queue.claim_one(), "hold")
    else:
        queue.run("select hold(%s, 'ann')", job_id)
    if how == "twice":
        queue.at(week / 2)
        queue.run("select hold(%s, 'ben')", job_id)
    queue.at(week)
    queue.run("select unhold(%s, 'ann')", job_id)
    if first:
        queue.verdict(queue.claim_one(), "delivered")
    assert queue.verdict(queue.claim_one(), "retry")[1] == "ready"
    held = [row for row in queue.attempts(job_id) if row.outcome == "held"]
    assert (held[0].claimed_at, held[-1].settled_at) == (queue.at(10), queue.at(week))
    queue.at(week + 61)
    assert queue.verdict(queue.claim_one(), "retry")[1] == "dead"
    assert queue.one("select reason from dead_letters") == "too_old"
    queue.run("select replay(%s, 'ann')", job_id)
    assert queue.verdict(queue.claim_one(), "retry")[1] == "ready"
    queue.at(week + 122)
    assert queue.verdict(queue.claim_one(), "retry")[1] == "dead"  # what was before is over


@pytest.mark.parametrize("what", ["queue", "breaker"])
def test_the_time_of_a_pause_is_no_age_of_a_job(queue, what):
    """A job of a queue that was paused for a week, or its breaker, has the retries that it had."""
    queue.policy(max_age="100 seconds", retry_base="60 seconds", retry_jitter=0, breaker="b")
    name = {"queue": "default", "breaker": "b"}[what]
    week = 7 * 86_400
    queue.enqueue()
    queue.run(f"select pause_{what}(%s, 'ann')", name)
    queue.at(week)
    queue.run(f"select resume_{what}(%s, 'ann')", name)
    assert queue.verdict(queue.claim_one(), "retry")[1] == "ready"
    queue.at(week + 61)
    assert queue.verdict(queue.claim_one(), "retry")[1] == "dead"


def test_each_time_that_persons_stopped_a_job_is_counted_once(queue):
    """Holds and pauses, whoever else stopped it meanwhile, to their end or until now."""
    queue.policy(breaker="b")
    queue.policy("b", breaker="default")  # names that say nothing of ours
    queue.enqueue(ordering_key="k")
    job_id = queue.enqueue(ordering_key="k")
    for second, do in (
        (10, f"hold('{job_id}', 'ann')"),
        (15, "pause_queue('default', 'ann')"),
        (20, f"hold('{job_id}', 'ben')"),
        (25, "resume_queue('default', 'ann')"),
        (30, f"unhold('{job_id}', 'ann')"),
        (31, "pause_queue('b', 'ann')"),
        (32, "pause_breaker('default', 'ann')"),
        (50, f"pause_breaker('b', 'ann', p_until => '{queue.at(65)}')"),
        (51, "pause_queue('default', 'ann')"),
        (52, "resume_queue('default', 'ann')"),
        (60, "pause_queue('default', 'ann')"),
        (62, f"pause_queue('default', 'ann', p_until => '{queue.at(80)}')"),
        (85, "pause_queue('default', 'ann')"),
    ):
        queue.at(second)
        queue.run(f"select {do}")
    for since, seconds in ((0, 55), (25, 40), (40, 35), (88, 2)):
        asked = "select extract(epoch from time_stopped(%s, queue_policy('default'), %s, %s))"
        assert queue.one(asked, job_id, queue.at(since), queue.at(90)) == seconds


@pytest.mark.parametrize("max_age", ["infinity", "293000 years"])
def test_a_policy_that_can_not_be_counted_with_is_refused(queue, max_age):
    """A max_age beyond all time is refused; accepted, no failed job could be settled any more."""
    policy = json.dumps({"max_age": max_age})
    refused = queue.failure("select set_queue('default', %s, 'ann')", policy)
    assert refused.sqlstate == "JQ005"
    queue.enqueue()
    assert queue.verdict(queue.claim_one(), "retry") == (True, "ready")
