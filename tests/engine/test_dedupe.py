"""Dedupe keys: one effect per queue, scope and key, remembered longer than any sender retries."""

import pytest
from psycopg import Rollback


def test_the_same_key_gives_the_same_job(queue):
    """A known key gives the first id back and writes nothing."""
    first = queue.enqueue(dedupe_key="invoice 7", payload={"n": 1})
    assert queue.enqueue(dedupe_key="invoice 7", payload={"n": 2}) == first
    (job,) = queue.all("select * from jobs")
    assert job.payload == {"n": 1}


def test_a_key_belongs_to_its_queue_and_scope(queue):
    """The same key in another queue or scope is another job."""
    queue.policy("other")
    ids = {
        queue.enqueue(dedupe_key="k"),
        queue.enqueue(dedupe_key="k", dedupe_scope="stripe"),
        queue.enqueue("other", dedupe_key="k"),
    }
    assert len(ids) == 3
    assert queue.enqueue(dedupe_key="k", dedupe_scope="stripe") in ids


def test_bulk_says_which_ones_were_known(queue):
    """In an array, later objects with a key that came before are duplicates of it."""
    known = queue.enqueue(dedupe_key="a")
    rows = queue.enqueue_many(
        *({"queue": "default", "kind": "k", "dedupe_key": key} for key in "abab")
    )
    assert [row.duplicate for row in rows] == [True, False, True, True]
    assert rows[0].id == rows[2].id == known
    assert rows[1].id == rows[3].id


@pytest.mark.parametrize("outcome", ["first commits", "first rolls back"])
def test_concurrent_senders_of_one_key(queue, another, background, outcome):
    """Whoever comes while the first sender's transaction is open waits; there is one job then."""
    others = [another() for _ in range(3)]
    with queue.transaction():
        first = queue.enqueue(dedupe_key="k")
        waiting = [background(other, other.enqueue, dedupe_key="k") for other in others]
        assert not any(future.done() for future in waiting)
        if outcome == "first rolls back":
            raise Rollback
    ids = {future.result(60) for future in waiting}
    assert len(ids) == 1
    assert (first in ids) == (outcome == "first commits")
    assert len(queue.all("select * from jobs")) == 1


def test_a_key_is_remembered_when_the_job_is_done(queue):
    """A key has no second effect after the first job is done, and none while it runs."""
    first = queue.enqueue(dedupe_key="k")
    job = queue.claim_one()
    assert queue.enqueue(dedupe_key="k") == first
    queue.verdict(job, "delivered")
    assert queue.enqueue(dedupe_key="k") == first
    assert queue.claim() == []


def test_a_sender_that_repeats_itself_undoes_no_cancellation(queue):
    """The key of a job that was cancelled or superseded gives its id back, and nothing runs."""
    first = queue.enqueue(dedupe_key="a", ordering_key="o", supersede=True)
    second = queue.enqueue(dedupe_key="b", ordering_key="o", supersede=True)
    for revive in (False, True):
        again = queue.enqueue(dedupe_key="a", ordering_key="o", supersede=True, revive=revive)
        assert (again, queue.state(first), queue.state(second)) == (first, "cancelled", "ready")
    queue.run("select cancel(%s, 'ann')", second)
    assert queue.enqueue(dedupe_key="b", revive=True) == second
    assert queue.claim() == []


def test_a_dead_job_stays_dead_unless_revive_is_asked_for(queue):
    """The key of a dead letter gives its id back; with `revive` the letter comes back to life."""
    first = queue.kill(dedupe_key="k")
    assert queue.enqueue(dedupe_key="k") == first
    assert queue.state(first) == "dead"
    assert queue.enqueue(dedupe_key="k", revive=True) == first
    assert queue.claim_one().id == first
    (operation,) = queue.all("select * from operations where action = 'replay'")
    assert operation.who == "dedupe"


def test_a_letter_that_was_edited_is_revived_as_edited(queue):
    """With `revive` a key leads to what edited replays made of its job, alive or dead."""
    first = queue.kill(dedupe_key="k", ordering_key="o")
    edit = "select replay(%s, 'ann', p_payload => '{\"right\": 1}')"
    second = queue.one(edit, first)
    assert queue.enqueue(dedupe_key="k", revive=True) == second
    queue.verdict(queue.claim_one(), "dead", because="still wrong")
    third = queue.one(edit, second)
    queue.verdict(queue.claim_one(), "dead", because="still wrong")
    again = {"queue": "default", "kind": "kind", "dedupe_key": "k", "revive": True}
    assert {row.id for row in queue.enqueue_many(again, again)} == {third}
    assert [queue.state(job) for job in (first, second, third)] == ["cancelled"] * 2 + ["ready"]
    assert queue.enqueue(dedupe_key="k") == first


def test_revive_leaves_a_living_job_alone(queue):
    """`revive` has no effect on a job that is waiting, running or done."""
    first = queue.enqueue(dedupe_key="k")
    assert queue.enqueue(dedupe_key="k", revive=True) == first
    job = queue.claim_one()
    assert queue.enqueue(dedupe_key="k", revive=True) == first
    queue.verdict(job, "delivered")
    assert queue.enqueue(dedupe_key="k", revive=True) == first
    assert queue.state(first) == "done"


def test_two_revivals_at_once_are_one(queue, another, background):
    """Of two senders that revive the same letter at once both get its id, and it runs once."""
    first = queue.kill(dedupe_key="k")
    other = another()
    with queue.transaction():
        assert queue.enqueue(dedupe_key="k", revive=True) == first
        waiting = background(other, other.enqueue, dedupe_key="k", revive=True)
    assert waiting.result(60) == first
    assert len(queue.claim()) == 1


def test_a_key_is_forgotten_after_its_retention(queue):
    """After dedupe_retention the next sender makes a new job, unless the first has not ended."""
    queue.policy(dedupe_retention="1 day")
    first = queue.enqueue(dedupe_key="k")
    later = queue.enqueue(dedupe_key="l", run_at=queue.at(0).replace(year=2031).isoformat())
    job = queue.claim_one()
    for day in (1, 2):
        queue.at(86401 * day)
        assert queue.one("select prune()") == 0
        assert queue.enqueue(dedupe_key="k") == first
    queue.verdict(job, "delivered")
    queue.at(86401 * 3 - 2)
    assert queue.one("select prune()") == 0
    queue.at(86401 * 3)
    assert queue.one("select prune()") == 1
    assert queue.enqueue(dedupe_key="k") != first
    assert queue.enqueue(dedupe_key="l") == later


def test_senders_of_the_same_keys_in_another_order(queue, another, background):
    """Two arrays with the same dedupe keys in opposite order both succeed: no deadlock."""
    one, two = another(), another()

    def job(key):
        return {"queue": "default", "kind": "k", "dedupe_key": key}

    with queue.transaction():
        queue.enqueue_many(job("m"), job("n"))  # holds both up when each has its first key
        first = background(one, one.enqueue_many, job("b"), job("m"), job("a"))
        second = background(two, two.enqueue_many, job("a"), job("n"), job("b"))
    ids = {row.id for row in first.result(60)} | {row.id for row in second.result(60)}
    assert len(ids) == 4
