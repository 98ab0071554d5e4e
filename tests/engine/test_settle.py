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
    try:
        with queue.transaction():
            queue.run("select settle(%s)", dumps([result]))
    except Exception as error:  # noqa: BLE001
        assert error.sqlstate == "JQ005"  # noqa: PT017
        return
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
    """An empty batch is fine."""
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


@pytest.mark.parametrize("max_age", ["infinity", "293000 years"])
def test_a_policy_that_can_not_be_counted_with_is_refused(queue, max_age):
    """A max_age beyond all time is refused; accepted, no failed job could be settled any more."""
    try:
        with queue.transaction():
            queue.policy(max_age=max_age)
    except Exception as error:  # noqa: BLE001
        assert error.sqlstate[:2] in {"JQ", "22", "23"}  # noqa: PT017
        return
    queue.enqueue()
    assert queue.verdict(queue.claim_one(), "retry") == (True, "ready")
