"""Claim: which jobs, in which order, for whom, and for how long."""

from datetime import timedelta

import pytest


def test_priority_then_arrival(queue):
    """Jobs are handed out by priority, and within one priority in the order they came."""
    ids = {
        name: queue.enqueue(priority=priority)
        for name, priority in [("c", 5), ("a", 0), ("e", 9), ("d", 5), ("b", 0)]
    }
    assert [job.id for job in queue.claim()] == [ids[name] for name in "abcde"]


def test_a_batch_is_as_large_as_asked_for(queue):
    """The limit of the call, else the queue's batch, bounds what is claimed."""
    queue.policy(batch=3)
    for _ in range(6):
        queue.enqueue()
    assert len(queue.claim()) == 3
    assert len(queue.claim(limit=2)) == 2
    assert queue.claim(limit=0) == []
    assert queue.claim(limit=-5) == []
    assert len(queue.claim(limit=2_000_000_000)) == 1


def test_a_claim_has_a_fresh_token_and_a_lease(queue):
    """Each batch has its own token, the queue's lease or the one asked for, and the attempt."""
    queue.policy(lease="30 seconds")
    queue.enqueue()
    queue.enqueue()
    (first,) = queue.claim(limit=1)
    (second,) = queue.claim(limit=1, lease=timedelta(seconds=5))
    assert first.claim_token != second.claim_token
    assert first.lease_until == queue.at(0) + timedelta(seconds=30)
    assert second.lease_until == queue.at(0) + timedelta(seconds=5)
    assert (first.attempt, queue.job(first.id).attempts) == (1, 1)
    assert queue.job(first.id).worker == "worker"


def test_each_claim_counts_an_attempt(queue):
    """The attempt is counted when the job is claimed, with a new token each time."""
    queue.enqueue()
    tokens = set()
    for attempt in range(1, 4):
        job = queue.claim_one()
        tokens.add(job.claim_token)
        assert job.attempt == attempt
        queue.verdict(job, "retry")
        queue.at(attempt * 3600)
    assert len(tokens) == 3


@pytest.mark.parametrize("lease", ["0", "-1 second"])
def test_a_lease_that_is_no_time_is_refused(queue, lease):
    """A lease of nothing or less is refused."""
    queue.enqueue()
    error = queue.failure("select claim('default', p_lease => %s)", lease)
    assert error.sqlstate == "JQ005"
    assert error.diag.message_primary.startswith("a lease is longer than nothing")
    assert len(queue.claim()) == 1


def test_a_lease_never_lasts_for_ever(queue):
    """No lease, however long one is asked for, keeps a job from being rescued some day."""
    queue.enqueue()
    queue.run("select claim('default', p_lease => '3000 years')")
    (until,) = queue.row("select lease_until from leased_jobs")
    assert until <= queue.at(0) + timedelta(days=1)


def test_concurrent_claims_skip_each_other(queue, another):
    """Two open claims get different jobs, and neither waits for the other."""
    other = another()
    ids = [queue.enqueue() for _ in range(4)]
    with queue.transaction(), other.transaction():
        mine = [job.id for job in queue.claim(limit=2)]
        theirs = [job.id for job in other.claim(limit=2)]
        assert mine + theirs == ids
        assert another().claim() == []
    queue.run("select cancel(%s, 'x')", ids[0])


def test_many_workers_get_each_job_once(queue, another, background):
    """Of jobs that many sessions claim at once none is handed out twice, and none is forgotten."""
    rows = queue.enqueue_many(*({"queue": "default", "kind": "k"} for _ in range(400)))

    def drain(session):
        got = []
        while jobs := session.claim(limit=7):
            got += [job.id for job in jobs]
            session.settle(*_delivered(jobs))
        return got

    workers = [background(session, drain, session) for session in [another() for _ in range(4)]]
    got = [job_id for worker in workers for job_id in worker.result(60)]
    assert sorted(got) == sorted(row.id for row in rows)


def _delivered(jobs):
    return [{"id": j.id, "token": j.claim_token, "verdict": "delivered"} for j in jobs]


def test_a_paused_queue_hands_nothing_out(queue):
    """Nothing is claimed from a paused queue, jobs go on arriving, and resuming brings them out."""
    queue.enqueue()
    queue.run("select pause_queue('default', 'ann', 'maintenance')")
    queue.enqueue()
    assert queue.claim() == []
    queue.run("select resume_queue('default', 'ann')")
    assert len(queue.claim()) == 2
    actions = queue.all("select action, who, why from operations order by id")
    assert actions == [("pause", "ann", "maintenance"), ("resume", "ann", None)]


def test_a_pause_can_end_by_itself(queue):
    """A pause with an end is over at that moment."""
    queue.enqueue()
    until = queue.at(0) + timedelta(minutes=5)
    queue.run("select pause_queue('default', 'ann', null, %s)", until)
    queue.at(299)
    assert queue.claim() == []
    queue.at(300)
    assert len(queue.claim()) == 1


def test_a_job_that_nobody_claimed_in_time_expires(queue):
    """A job is never handed out at or after expires_at: it ends as expired, unrun, with a note."""
    job_id = queue.enqueue(expires_at=queue.at(0) + timedelta(seconds=60))
    alive = queue.enqueue(expires_at=queue.at(0) + timedelta(seconds=61))
    queue.at(60)
    assert [job.id for job in queue.claim()] == [alive]
    job = queue.job(job_id)
    assert (job.state, job.attempts, job.because) == ("expired", 0, "not run before it expired")


def test_jobs_of_other_queues_are_left_alone(queue):
    """A claim takes, promotes, rescues and expires nothing of another queue."""
    queue.policy("other", lease="1 second")
    queue.enqueue("other")
    queue.claim("other")
    queue.enqueue("other", expires_at=queue.at(0) + timedelta(seconds=1))
    queue.enqueue("other", run_at=queue.at(0) + timedelta(seconds=1))
    queue.at(5)
    assert queue.claim() == []
    assert queue.all("select state from jobs order by state") == [
        ("leased",),
        ("ready",),
        ("ready",),
    ]


def test_due_jobs_come_back_in_the_order_they_are_due(queue):
    """Of jobs that were deferred, the one that is due first is handed out first."""
    late = queue.enqueue(run_at=queue.at(0) + timedelta(seconds=20))
    soon = queue.enqueue(run_at=queue.at(0) + timedelta(seconds=10))
    queue.at(30)
    assert [job.id for job in queue.claim()] == [soon, late]


def test_a_claim_of_an_unknown_queue_is_an_error(queue):
    """A worker with a mistyped queue name hears of it."""
    assert queue.failure("select claim('defualt')").sqlstate == "JQ004"


@pytest.mark.parametrize("statistics", ["of an empty queue", "of a full queue", "of a long queue"])
def test_a_claim_reads_what_it_takes(queue, statistics):
    """Whatever the statistics say, a small claim reads a few index entries, not the whole queue."""
    jobs = [{"queue": "default", "kind": "k"}] * 3000
    if statistics == "of an empty queue":
        queue.run("vacuum analyze ready_jobs")
        queue.enqueue_many(*jobs)
    else:
        queue.enqueue_many(*jobs)
        if statistics == "of a long queue":
            queue.enqueue_many(*jobs)
        queue.run("vacuum analyze ready_jobs")
    counters = (
        "select seq_tup_read, idx_tup_fetch from pg_stat_xact_user_tables"
        " where relid = 'ready_jobs'::regclass"
    )
    for _ in range(7):  # the first five calls plan with the values at hand, later ones without
        with queue.transaction():
            before = queue.row(counters)
            assert len(queue.claim(limit=5)) == 5
            after = queue.row(counters)
        assert after.seq_tup_read == before.seq_tup_read
        # those of this claim, and the dead entries of the claims before it
        assert after.idx_tup_fetch - before.idx_tup_fetch <= 60
