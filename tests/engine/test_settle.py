"""Settle: each verdict, and what happens to one that comes too late."""

from datetime import timedelta
from json import dumps
from uuid import uuid4

import psycopg
import pytest

VERDICTS = ["delivered", "retry", "snooze", "dead", "unknown"]


def test_delivered_is_done(queue):
    """A delivered job is done, with the note, the worker and the moment."""
    job_id = queue.enqueue()
    queue.at(5)
    job = queue.claim_one()
    queue.at(7)
    assert queue.verdict(job, "delivered", because="250 ok") == (True, "done")
    done = queue.job(job_id)
    assert (done.state, done.because, done.worker) == ("done", "250 ok", "worker")
    assert done.ended_at == queue.at(7)
    (attempt,) = queue.all("select * from job_attempts where job_id = %s", job_id)
    assert (attempt.outcome, attempt.claimed_at) == ("done", queue.at(5))


def test_retry_waits_for_the_next_attempt(queue):
    """A failed job waits as the queue's backoff says, with the error on record."""
    queue.policy(retry_base="10 seconds", retry_factor=3, retry_jitter=0)
    job_id = queue.enqueue()
    assert queue.verdict(queue.claim_one(), "retry", because="timeout") == (True, "ready")
    assert queue.job(job_id).run_at == queue.at(0) + timedelta(seconds=10)
    queue.at(9.9)
    assert queue.claim() == []
    queue.at(10)
    queue.verdict(queue.claim_one(), "retry", because="again")
    assert queue.job(job_id).run_at == queue.at(10) + timedelta(seconds=30)
    assert [(a.outcome, a.because, a.attempt) for a in queue.attempts(job_id)] == [
        ("retry", "timeout", 1),
        ("retry", "again", 2),
    ]


def test_jitter_spreads_the_retries(queue):
    """Jobs that fail together do not come back together, and all stay within a quarter."""
    queue.policy(retry_base="100 seconds", retry_jitter=0.25)
    for _ in range(40):
        queue.enqueue()
    queue.settle(*({"id": j.id, "token": j.claim_token, "verdict": "retry"} for j in queue.claim()))
    waits = {(j.run_at - queue.at(0)).total_seconds() for j in queue.all("select * from jobs")}
    assert len(waits) == 40
    assert 75 <= min(waits) < 90
    assert 110 < max(waits) <= 125


def test_an_exhausted_job_is_a_dead_letter_with_its_history(queue):
    """When no attempt is left the job is dead: the reason, the last error, and every attempt."""
    queue.policy(max_attempts=3, retry_base="1 second", retry_jitter=0)
    job_id = queue.enqueue()
    for n in range(3):
        queue.at(n * 10)
        state = queue.verdict(queue.claim_one(), "retry", because=f"error {n}")[1]
    assert state == "dead"
    letter = queue.row("select * from dead_letters")
    assert (letter.id, letter.reason, letter.error) == (job_id, "exhausted", "error 2")
    assert [(a["attempt"], a["because"]) for a in letter.history] == [
        (1, "error 0"),
        (2, "error 1"),
        (3, "error 2"),
    ]
    assert (letter.attempts, letter.died_at) == (3, queue.at(20))


def test_dead_is_refused(queue):
    """A dead verdict gives the job up at once, and a missing reason says so."""
    queue.enqueue()
    assert queue.verdict(queue.claim_one(), "dead") == (True, "dead")
    letter = queue.row("select * from dead_letters")
    assert (letter.reason, letter.error) == ("refused", "no reason given")
    assert [a["outcome"] for a in letter.history] == ["dead"]


def test_a_blank_reason_is_no_reason(queue):
    """A dead letter says why; blanks are not a reason."""
    queue.enqueue()
    queue.verdict(queue.claim_one(), "dead", because="  \n")
    assert queue.one("select error from dead_letters") == "no reason given"


def test_snooze_gives_the_attempt_back(queue):
    """A snoozed job waits until then with no attempt consumed; at once if no time is given."""
    job_id = queue.enqueue()
    for n in range(20):
        queue.at(n * 60)
        until = queue.at(n * 60) + timedelta(seconds=60)
        job = queue.claim_one()
        assert (job.attempt, job.deferrals) == (1, n)
        assert queue.verdict(job, "snooze", until=until, because="limit") == (True, "ready")
        assert queue.job(job_id).run_at == until
    queue.at(20 * 60)
    queue.verdict(queue.claim_one(), "snooze")
    assert queue.job(job_id).waits_for is None
    assert queue.claim_one().attempt == 1


@pytest.mark.parametrize(("after", "least"), [(60, 60), (-5, 0), (1e300, 2592000)])
def test_snooze_for_seconds(queue, after, least):
    """`after` counts from now, at least nothing and at most thirty days, and a tenth more."""
    job_id = queue.enqueue()
    queue.verdict(queue.claim_one(), "snooze", after=after)
    waits = (queue.job(job_id).run_at - queue.at(0)).total_seconds()
    assert least <= waits <= least * 1.1


def test_a_snooze_into_the_past_is_over(queue):
    """A snooze until a moment that has passed makes the job ready at once."""
    queue.enqueue()
    queue.verdict(queue.claim_one(), "snooze", until="1999-01-01T00:00:00Z")
    assert queue.claim_one().attempt == 1


def test_a_snooze_for_ever_is_bounded(queue):
    """No verdict can make a job wait for ever, or until a year that no program can read."""
    job_id = queue.enqueue()
    result = {"id": str((job := queue.claim_one()).id), "token": str(job.claim_token)}
    result |= {"verdict": "snooze", "until": "infinity"}
    queue.run("select settle(%s)", dumps([result]))
    assert queue.one("select isfinite(run_at) from jobs where id = %s", job_id)
    assert queue.one("select next_due('default')") < 400 * 86400


@pytest.mark.parametrize(
    ("after", "least", "most"),
    [(60, 60, 66), (5, 10, 11), (10**9, 3600, 3960), (-1, 10, 10), ("NaN", 10, 10)],
)
def test_retry_after_is_honoured_within_bounds(queue, after, least, most):
    """The other side's wish is kept: never sooner, at most the queue's cap, up to a tenth later."""
    queue.policy(retry_base="10 seconds", retry_jitter=0, retry_after_cap="1 hour")
    job_id = queue.enqueue()
    queue.verdict(queue.claim_one(), "retry", after=after)
    waits = (queue.job(job_id).run_at - queue.at(0)).total_seconds()
    assert least <= waits <= most


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"after": "5 s"}, 'after is "5 s"'),
        ({"after": "9" * 400}, 'after is "999'),
        ({"until": "soon"}, 'until is "soon"'),
        ({"until": "2030-02-31"}, 'until is "2030-02-31"'),
    ],
)
def test_a_time_that_is_none_is_told_by_its_name(queue, given, told):
    """What is no number of seconds or no time is refused by name; the job stays with its worker."""
    job_id = queue.enqueue()
    job = queue.claim_one()
    with pytest.raises(psycopg.Error, match=told) as caught, queue.transaction():
        queue.verdict(job, "snooze", **given)
    assert caught.value.sqlstate == "JQ005"
    assert queue.state(job_id) == "leased"


@pytest.mark.parametrize("verdict", ["retry", "snooze"])
def test_nothing_waits_beyond_its_expiry(queue, verdict):
    """A job is never planned later than it expires: it comes back just then, and ends."""
    expires = queue.at(0) + timedelta(seconds=30)
    job_id = queue.enqueue(expires_at=expires)
    queue.verdict(queue.claim_one(), verdict, after=3600)
    assert queue.job(job_id).run_at == expires
    queue.at(30)
    assert queue.claim() == []
    assert queue.state(job_id) == "expired"


def test_unknown_is_sent_again_or_held(queue):
    """What may have happened is tried again or waits for a person, as the queue says."""
    queue.policy(on_unknown="resend")
    queue.policy("careful", on_unknown="hold")
    again, held = queue.enqueue(), queue.enqueue("careful")
    assert queue.verdict(queue.claim_one(), "unknown", because="cut off") == (True, "ready")
    assert queue.verdict(queue.claim_one("careful"), "unknown", because="cut off") == (True, "held")
    assert queue.job(again).waits_for == "time"
    assert (queue.job(held).waits_for, queue.job(held).because) == ("person", "cut off")
    queue.at(10**6)
    assert queue.claim("careful") == []
    assert [a.outcome for a in queue.attempts(held)] == ["unknown"]


def test_a_batch_may_hold_every_verdict(queue):
    """Each result of a batch has its own answer, and the jobs end up where each one says."""
    queue.policy(on_unknown="hold")
    for _ in VERDICTS:
        queue.enqueue()
    jobs = dict(zip(VERDICTS, queue.claim(), strict=True))
    rows = queue.settle(
        *({"id": j.id, "token": j.claim_token, "verdict": v, "after": 5} for v, j in jobs.items())
    )
    answers = {row.id: (row.accepted, row.state) for row in rows}
    assert {verdict: answers[job.id] for verdict, job in jobs.items()} == {
        "delivered": (True, "done"),
        "retry": (True, "ready"),
        "snooze": (True, "ready"),
        "dead": (True, "dead"),
        "unknown": (True, "held"),
    }
    assert {v: queue.state(j.id) for v, j in jobs.items()} == {
        v: answers[j.id][1] for v, j in jobs.items()
    }


@pytest.mark.parametrize("verdict", VERDICTS)
@pytest.mark.parametrize("now", ["leased", "done", "dead", "cancelled"])
def test_a_late_result_changes_nothing(queue, verdict, now):
    """A result with a token that no longer holds is refused, recorded as late, and not applied."""
    queue.policy(lease="10 seconds")
    job_id = queue.enqueue()
    zombie = queue.claim_one()
    queue.at(10)
    owner = queue.claim_one()
    if now == "cancelled":
        queue.run("select cancel(%s, 'ann')", job_id)
    elif now != "leased":
        queue.verdict(owner, {"done": "delivered", "dead": "dead"}[now])
    before = queue.job(job_id)
    assert queue.verdict(zombie, verdict, because="slow") == (False, now)
    assert queue.job(job_id) == before
    late = queue.row("select * from attempts where outcome = 'late'")
    assert (late.because, late.claim_token) == (f"{verdict}: slow", zombie.claim_token)
    if now == "leased":
        assert queue.verdict(owner, "delivered") == (True, "done")


def test_a_result_that_comes_again_is_late(queue):
    """A worker that lost the answer and repeats itself is told what the job is now."""
    queue.enqueue()
    job = queue.claim_one()
    assert queue.verdict(job, "retry") == (True, "ready")
    assert queue.verdict(job, "retry") == (False, "ready")
    assert queue.verdict(job, "delivered") == (False, "ready")


@pytest.mark.parametrize("verdict", VERDICTS)
def test_an_unknown_job_is_unknown(queue, verdict):
    """A result for an id that nobody knows is not accepted, and does no harm to its batch."""
    queue.enqueue()
    job = queue.claim_one()
    stranger = {"id": uuid4(), "token": uuid4(), "verdict": verdict}
    rows = queue.settle(stranger, {"id": job.id, "token": job.claim_token, "verdict": "delivered"})
    assert {(row.id, row.accepted, row.state) for row in rows} == {
        (stranger["id"], False, "unknown"),
        (job.id, True, "done"),
    }


@pytest.mark.parametrize("first", VERDICTS)
@pytest.mark.parametrize("second", VERDICTS)
def test_a_job_named_twice_in_a_batch_is_settled_once(queue, first, second):
    """Of two results for one job in one batch one is accepted; there is an answer to each."""
    job_id = queue.enqueue()
    job = queue.claim_one()
    both = [
        {"id": job.id, "token": job.claim_token, "verdict": v, "after": 9} for v in (first, second)
    ]
    rows = queue.settle(*both)
    assert [row.id for row in rows] == [job_id, job_id]
    assert sum(row.accepted for row in rows) == 1
    assert len(queue.all("select * from jobs")) == 1


def test_a_stale_result_beside_a_good_one_is_recorded(queue):
    """A stale result is recorded as late also when the same batch has the good one."""
    queue.policy(lease="10 seconds")
    queue.enqueue()
    zombie = queue.claim_one()
    queue.at(10)
    owner = queue.claim_one()
    stale = {"id": zombie.id, "token": zombie.claim_token, "verdict": "retry", "because": "slow"}
    good = {"id": owner.id, "token": owner.claim_token, "verdict": "delivered"}
    rows = queue.settle(stale, good)
    assert sorted(row.accepted for row in rows) == [False, True]
    assert queue.one("select count(*) from attempts where outcome = 'late'") == 1


@pytest.mark.parametrize("verdict", ["deliverd", "", None, "x" * 10000])
def test_an_unknown_verdict_settles_nothing(queue, verdict):
    """A verdict that does not exist is an error with the known ones, and the batch is untouched."""
    queue.enqueue()
    job = queue.claim_one()
    results = [
        {"id": str(job.id), "token": str(job.claim_token), "verdict": "delivered"},
        {"id": str(uuid4()), "token": str(uuid4()), "verdict": verdict},
    ]
    error = queue.failure("select settle(%s)", dumps(results))
    assert error.sqlstate == "JQ005"
    assert error.diag.message_hint == "known: delivered, retry, snooze, hold, dead, unknown"
    assert queue.state(job.id) == "leased"


@pytest.mark.parametrize("results", [None, "{}", "7", "[7]", '[{"id": "x", "verdict": "retry"}]'])
def test_what_are_no_results_is_refused(queue, results):
    """Anything but an array of objects with ids is refused."""
    error = queue.failure("select settle(%s)", results)
    assert error.sqlstate[:2] in {"JQ", "22"}


def test_no_results_are_no_rows(queue):
    """To settle an empty batch is no error, and answers with no rows."""
    assert queue.settle() == []


def test_long_reasons_are_cut(queue):
    """An error text of any length is taken, and kept to two thousand characters."""
    queue.enqueue()
    queue.verdict(queue.claim_one(), "dead", because="ü" * 100_000)
    assert queue.one("select length(error) from dead_letters") == 2000


@pytest.mark.parametrize("length", [1999, 2000, 2001, 100_000])
@pytest.mark.parametrize("verdict", ["delivered", "retry", "hold", "dead", "unknown"])
def test_reasons_are_cut_at_the_same_place(queue, verdict, length):
    """Two thousand characters, in the quick way of successes and in all others."""
    job_id = queue.enqueue()
    queue.verdict(queue.claim_one(), verdict, because="ü" * length)
    assert queue.job(job_id).because == "ü" * min(length, 2000)
