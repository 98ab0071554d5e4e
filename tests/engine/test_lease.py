"""Leases: kept by extend and heartbeat, given back by release, taken back by rescue."""

from datetime import timedelta
from json import dumps
from uuid import uuid4

import pytest


def _pair(job):
    return {"id": str(job.id), "token": str(job.claim_token)}


def _until(queue, job):
    return (queue.job(job.id).lease_until - queue.at(0)).total_seconds()


def test_extend_keeps_what_still_holds(queue):
    """Extending moves the lease of jobs whose token holds, and names only those."""
    queue.policy(lease="60 seconds")
    queue.enqueue()
    queue.enqueue()
    first, second = queue.claim()
    queue.verdict(second, "delivered")
    stranger = {"id": str(uuid4()), "token": str(uuid4())}
    wrong = {"id": str(first.id), "token": str(uuid4())}
    queue.at(30)
    pairs = dumps([_pair(first), _pair(second), stranger, wrong])
    assert queue.all("select extend(%s)", pairs) == [(first.id,)]
    assert _until(queue, first) == 90
    queue.at(30)
    queue.run("select extend(%s, '5 minutes')", dumps([_pair(first)]))
    assert _until(queue, first) == 330


def test_what_is_locked_is_still_leased(queue, another):
    """A lease that somebody has locked is told as one that holds; one of another token is not."""
    queue.enqueue()
    job = queue.claim_one()
    other = another()
    with other.transaction():
        other.run("select from leased_jobs for update")
        mine = dumps([_pair(job)])
        assert queue.all("select extend(%s)", mine) == []
        assert queue.all("select still_leased(%s)", mine) == [(job.id,)]
    wrong = dumps([{"id": str(job.id), "token": str(uuid4())}])
    assert queue.all("select still_leased(%s)", wrong) == []


def test_extend_never_shortens(queue):
    """A shorter extension, or a negative one, leaves the lease as it was."""
    queue.enqueue()
    job = queue.claim_one(lease=timedelta(seconds=600))
    queue.run("select extend(%s)", dumps([_pair(job)]))
    queue.run("select extend(%s, '-1 hour')", dumps([_pair(job)]))
    assert _until(queue, job) == 600


def test_extend_skips_a_row_that_is_being_settled(queue, another):
    """A heartbeat does not wait for a job that is just being settled."""
    queue.enqueue()
    job = queue.claim_one()
    other = another()
    with other.transaction():
        other.verdict(job, "delivered")
        assert queue.all("select extend(%s)", dumps([_pair(job)])) == []


def test_a_heartbeat_keeps_the_leases_and_says_who_is_there(queue):
    """One call moves the leases and tells the world the worker, its queues and its load."""
    queue.policy(lease="60 seconds")
    queue.enqueue()
    job = queue.claim_one()
    queue.at(40)
    call = "select heartbeat('w1', '{default}', 'box', 7, %s)"
    assert queue.all(call, dumps([_pair(job)])) == [(job.id,)]
    assert _until(queue, job) == 100
    assert queue.all(call, "[]") == []
    worker = queue.row("select * from workers")
    assert (worker.worker, worker.queues, worker.host, worker.pid) == ("w1", ["default"], "box", 7)
    assert worker.running == 0
    queue.run("select sign_off('w1')")
    assert queue.all("select * from workers") == []


def test_release_gives_a_job_back(queue):
    """A released job is ready at once, for anybody, with its attempt given back."""
    queue.enqueue()
    job = queue.claim_one()
    (row,) = queue.all("select * from release(%s, 'shutting down')", dumps([_pair(job)]))
    assert (row.id, row.accepted, row.state) == (job.id, True, "ready")
    again = queue.claim_one()
    assert (again.attempt, again.deferrals) == (1, 1)
    assert again.claim_token != job.claim_token
    assert [(a.outcome, a.because) for a in queue.attempts(job.id)] == [("snooze", "shutting down")]
    (late,) = queue.all("select * from release(%s)", dumps([_pair(job)]))
    assert (late.accepted, late.state) == (False, "leased")


@pytest.mark.parametrize("rescuer", ["claim", "rescue()", "rescue('default')", "maintain()"])
def test_an_expired_lease_is_rescued(queue, rescuer):
    """When a lease has run out, whoever claims or maintains brings the job back."""
    queue.policy(lease="60 seconds")
    job_id = queue.enqueue()
    zombie = queue.claim_one()
    queue.at(59.999)
    queue.run("select rescue()")
    assert queue.state(job_id) == "leased"
    queue.at(60)
    if rescuer != "claim":
        queue.run(f"select {rescuer}")
        assert queue.state(job_id) == "ready"
    job = queue.claim_one()
    assert (job.attempt, queue.job(job_id).crashes) == (2, 1)
    (lost,) = queue.attempts(job_id)
    assert (lost.outcome, lost.attempt, lost.claim_token) == ("lost", 1, zombie.claim_token)
    assert lost.because == "lease of worker ran out: the worker died, froze or was cut off"
    assert queue.verdict(zombie, "delivered") == (False, "leased")
    assert queue.verdict(job, "delivered") == (True, "done")


def test_a_late_lease_that_nobody_took_still_holds(queue):
    """A slow worker may settle after its lease as long as nobody has rescued the job."""
    queue.policy(lease="1 second")
    queue.enqueue()
    job = queue.claim_one()
    queue.at(500)
    assert queue.verdict(job, "delivered") == (True, "done")


def test_a_job_that_kills_its_workers_is_poison(queue):
    """The third worker that dies on a job is the last: it is a dead letter, named poison."""
    queue.policy(lease="1 second", max_attempts=10)
    job_id = queue.enqueue()
    for n in range(3):
        queue.at(n * 10)
        queue.claim_one()
    queue.at(100)
    assert queue.claim() == []
    letter = queue.row("select * from dead_letters")
    assert (letter.id, letter.reason, letter.crashes) == (job_id, "poison", 3)
    assert letter.error.endswith("(3 times)")
    assert [a["outcome"] for a in letter.history] == ["lost"] * 3


def test_a_crash_on_the_last_attempt_exhausts(queue):
    """A lease that runs out on the last attempt is the end, though no worker died thrice."""
    queue.policy(lease="1 second", max_attempts=1)
    queue.enqueue()
    queue.claim_one()
    queue.at(10)
    queue.run("select rescue()")
    letter = queue.row("select * from dead_letters")
    assert (letter.reason, letter.attempts, letter.crashes) == ("exhausted", 1, 1)


def test_two_rescuers_share_the_work(queue, another):
    """Two rescuers at once never wait for each other and never rescue a job twice."""
    queue.policy(lease="1 second")
    ids = [queue.enqueue() for _ in range(4)]
    queue.claim()
    other = another()
    queue.at(10)
    other.at(10)
    with queue.transaction(), other.transaction():
        assert queue.one("select rescue(null, 3)") == 3
        assert other.one("select rescue()") == 1
    assert {queue.job(job_id).crashes for job_id in ids} == {1}


def test_a_rescue_leaves_a_row_that_is_being_settled(queue, another):
    """A job that is being settled while its lease runs out is not rescued."""
    queue.policy(lease="1 second")
    queue.enqueue()
    job = queue.claim_one()
    other = another()
    queue.at(10)
    with other.transaction():
        other.verdict(job, "delivered")
        assert queue.one("select rescue()") == 0
    assert queue.state(job.id) == "done"


def test_next_due_is_the_first_thing_that_time_brings(queue):
    """A worker can ask how long it may sleep: until the first due job, or a lease soon to end.

    What other queues wait for is nothing to it, however long that is over.
    """
    queue.policy("other", lease="1 second")
    queue.enqueue("other")
    queue.claim_one("other")
    queue.at(10)
    assert queue.one("select next_due('other')") == -9
    assert queue.one("select next_due('default')") is None
    queue.policy(lease="30 seconds")
    queue.enqueue()
    queue.claim_one()
    queue.enqueue(run_at=queue.at(10) + timedelta(seconds=50))
    assert queue.one("select next_due('default')") == 50
    queue.enqueue(run_at=queue.at(10) + timedelta(seconds=40))
    assert queue.one("select next_due('default')") == 40
    queue.at(39.25)
    assert queue.one("select next_due('default')") == 0.75
