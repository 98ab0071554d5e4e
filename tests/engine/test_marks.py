"""Marks: a claim begins where the ready jobs begin, and never behind one of them."""

import pytest
from tests.engine.filled import STEP, drain, fill, move_past


def _mark(queue, column="marks[6]"):
    return queue.one(
        f"select coalesce((select {column} from ready_marks order by number desc limit 1), 0)"
    )


def test_a_commit_that_comes_late_is_found(queue, another):
    """A job whose place was drawn before the mark moved, and committed after, is not lost."""
    late = another()
    late.run("begin")
    late.enqueue(kind="late")
    fill(queue, 3 * STEP)
    drain(queue, 3 * STEP, calm=False)
    late.run("commit")
    (job,) = queue.claim()
    assert job.kind == "late"


def test_a_transaction_is_numbered_before_it_draws_a_place(queue):
    """That is what a mark stands on: a place in the order is never older than its transaction."""
    with queue.transaction():
        assert queue.one("select pg_current_xact_id_if_assigned()") is None
        queue.run("select make_durable()")
        assert queue.one("select pg_current_xact_id_if_assigned()") is not None


def test_the_mark_moves_on_once_the_late_one_is_over(queue, another):
    """A transaction that stays open stops the mark, and only as long as it is open."""
    late = another()
    fill(queue, 5 * STEP)
    drain(queue, STEP, calm=False)
    late.run("begin")
    late.enqueue(kind="late")
    drain(queue, 2 * STEP, second=100, calm=False)
    stopped = _mark(queue)
    late.run("rollback")
    drain(queue, 2 * STEP, second=200, calm=False)
    fill(queue, 2 * STEP)
    drain(queue, 2 * STEP, second=300, calm=False)
    assert _mark(queue) > stopped


def test_a_claim_that_is_rolled_back_leaves_its_jobs_above_the_mark(queue, another):
    """Jobs that a dying session had in its hands are handed out again."""
    fill(queue, 4 * STEP)
    dying = another()
    dying.run("begin")
    taken = {job.id for job in dying.claim(limit=10)}
    drain(queue, 3 * STEP + 500, calm=False)
    dying.run("rollback")
    queue.at(1000)
    assert taken <= {job.id for job in queue.claim(limit=4000)}


def test_each_priority_has_its_mark(queue):
    """Old work that waits at a low priority does not hold back the mark of the others."""
    fill(queue, 5, priority=9)
    fill(queue, 4 * STEP)
    drain(queue, 4 * STEP)
    assert _mark(queue) > STEP
    assert _mark(queue, "marks[10]") < _mark(queue)
    queue.at(1000)
    assert len(queue.claim()) == 5


def test_marks_of_a_table_that_was_begun_anew_are_forgotten(queue):
    """After TRUNCATE … RESTART IDENTITY old marks would hide every job; maintenance drops them."""
    fill(queue, 3 * STEP)
    drain(queue, 3 * STEP)
    queue.run("truncate ready_jobs restart identity")
    queue.enqueue()
    assert queue.claim() == []
    queue.run("select maintain()")
    assert len(queue.claim()) == 1


def test_passed_marks_are_pruned(queue):
    """Of each queue's marks the latest stays, whatever its age."""
    fill(queue, 4 * STEP)
    drain(queue, 4 * STEP)
    assert queue.one("select count(*) from ready_marks") > 1
    queue.at(1000)
    queue.run("select maintain()")
    assert queue.one("select count(*) from ready_marks") == 1


def test_nothing_is_marked_from_a_snapshot_that_stands_still(queue):
    """In a REPEATABLE READ transaction the present cannot be seen: no mark is made from it."""
    fill(queue, 2 * STEP)
    queue.run("begin isolation level repeatable read")
    drain(queue, 2 * STEP)
    queue.run("commit")
    assert queue.one("select count(*) from ready_marks") == 0


@pytest.mark.parametrize("what", ["due", "lost", "expired"])
def test_what_time_brings_in_numbers_is_not_passed(queue, what):
    """A mark stays before what claims have not brought in yet, since each brings in some of it."""
    queue.policy(lease="5 s")
    named = {"due": "run_at", "expired": "expires_at"}
    times = {named[what]: "2030-01-01T12:00:05Z"} if what in named else {}
    fill(queue, 4000 if what == "due" else 2000, **times)
    if what == "lost":
        queue.claim(limit=2000)
    fill(queue, 4400)
    drain(queue, 4400, second=10, batch=200)
    left = {
        "due": "select count(*) from deferred_jobs",
        "lost": "select count(*) from leased_jobs where lease_until <= clock()",
        "expired": "select count(*) from ready_jobs where expires_at <= clock()",
    }
    assert queue.one(left[what]) == 0
    latest = "select (mark_of('default')).number = max(number) and count(*) > 2 from ready_marks"
    assert queue.one(latest)


@pytest.mark.parametrize("what", ["lease", "retry"])
def test_what_is_left_behind_a_mark_of_time_comes_back(queue, what):
    """A lease that ran out and a retry that is due come back, however far the marks have moved."""
    queue.policy(lease="2 minutes", retry_base="2 minutes", retry_jitter=0)
    first = queue.enqueue(kind="first")
    job = queue.claim_one()
    if what == "retry":
        queue.verdict(job, "retry")
    fill(queue, 6000)
    for n in range(12):
        queue.at(10 * n)
        jobs = queue.claim(limit=500)
        assert first not in {job.id for job in jobs}
        queue.settle(*(
            {"id": job.id, "token": job.claim_token, "verdict": "delivered"} for job in jobs
        ))  # fmt: skip
    queue.at(121)
    assert first in {job.id for job in queue.claim(limit=500)}


@pytest.mark.parametrize("what", ["snoozed", "lost"])
def test_what_comes_back_after_it_expired_comes_back_now(queue, what):
    """Not in the past: what people read is when it came back."""
    late = queue.enqueue(expires_at=queue.at(10))
    queue.at(0)
    job = queue.claim_one()
    now = queue.at(1000)
    if what == "snoozed":
        queue.verdict(job, "snooze")
    else:
        queue.run("select rescue()")
    assert queue.job(late).run_at == now


def test_a_failure_after_the_job_expired_is_ended(queue):
    """A job that fails when it is over already is handed to nobody, and maintenance ends it."""
    queue.policy(lease="1 hour")
    late = queue.enqueue(expires_at=queue.at(100))
    queue.at(0)
    job = queue.claim_one()
    fill(queue, 8 * STEP)
    drain(queue, 8 * STEP, second=105)
    queue.at(200)
    assert queue.verdict(job, "retry") == (True, "ready")
    queue.enqueue()
    assert late not in {job.id for job in queue.claim()}
    queue.run("select maintain()")
    assert queue.state(late) == "expired"


def test_what_expires_behind_the_mark_is_not_run(queue):
    """A job that has expired when it comes is ended by maintenance, and handed to nobody."""
    move_past(queue, 30, begin=100)
    late = queue.enqueue(kind="late", expires_at="2030-01-01T12:00:10Z")
    assert late not in {job.id for job in queue.claim()}
    queue.run("select maintain()")
    assert queue.state(late) == "expired"


def test_what_expires_after_the_mark_is_ended_by_a_claim(queue):
    """However far the mark has moved, a claim ends what expires next."""
    fill(queue, 6000)
    last = queue.enqueue(kind="last", expires_at="2030-01-01T12:05:00Z", priority=9)
    drain(queue, 6000)
    assert queue.state(last) == "ready"
    queue.at(301)
    assert queue.claim() == []
    assert queue.state(last) == "expired"
