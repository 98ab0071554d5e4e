"""What people do to one job: cancel, hold, unhold; in every state, and in a race with a worker."""

from datetime import timedelta
from uuid import uuid4

import pytest

LIVE = ["ready", "scheduled", "blocked", "held", "leased"]
ENDED = ["done", "dead", "cancelled", "expired"]


def _put(queue, state):
    """A job in that state; its id."""
    if state == "blocked":
        queue.enqueue(kind="head", ordering_key="line", priority=9)
        return queue.enqueue(ordering_key="line")
    later = {"run_at": queue.at(0) + timedelta(seconds=60)} if state == "scheduled" else {}
    if state == "expired":
        later = {"expires_at": queue.at(0)}
    job_id = queue.enqueue(**later)
    if state in {"leased", "done", "dead", "expired"}:
        jobs = queue.claim()
        if state in {"done", "dead"}:
            queue.verdict(jobs[0], {"done": "delivered", "dead": "dead"}[state])
    elif state == "held":
        queue.run("select hold(%s, 'ann')", job_id)
    elif state == "cancelled":
        queue.run("select cancel(%s, 'ann')", job_id)
    return job_id


@pytest.mark.parametrize("state", LIVE)
def test_a_job_that_lives_can_be_cancelled(queue, state):
    """Cancel ends a job wherever it waits or runs, with who and why on record."""
    job_id = _put(queue, state)
    assert queue.one("select cancel(%s, 'ann', 'not needed')", job_id) == "cancelled"
    job = queue.job(job_id)
    assert (job.state, job.because) == ("cancelled", "cancelled by ann: not needed")
    operation = queue.row("select * from operations where action = 'cancel'")
    assert (operation.who, operation.why, operation.filter) == (
        "ann",
        "not needed",
        {"id": str(job_id)},
    )
    queue.at(86400)
    assert job_id not in {job.id for job in queue.claim()}


@pytest.mark.parametrize("state", ENDED)
@pytest.mark.parametrize("function", ["cancel", "hold"])
def test_a_job_that_has_ended_stays_as_it_is(queue, function, state):
    """What has ended cannot be cancelled or held, and the error says how it ended."""
    job_id = _put(queue, state)
    before = queue.job(job_id)
    error = queue.failure(f"select {function}(%s, 'ann')", job_id)
    assert (error.sqlstate, error.diag.message_primary) == (
        "JQ003",
        f"job {job_id} is {state} already",
    )
    assert queue.job(job_id) == before


@pytest.mark.parametrize("function", ["cancel", "hold", "unhold", "explain"])
def test_a_job_that_nobody_knows(queue, function):
    """An id without a job is an error of its own."""
    arguments = "%s" if function == "explain" else "%s, 'ann'"
    assert queue.failure(f"select {function}({arguments})", uuid4()).sqlstate == "JQ001"


def test_a_running_job_that_is_cancelled(queue):
    """The attempt of a cancelled running job is on record, and its worker is told it is late."""
    queue.enqueue()
    job = queue.claim_one()
    queue.run("select cancel(%s, 'ann')", job.id)
    (attempt,) = queue.attempts(job.id)
    assert (attempt.outcome, attempt.claim_token) == ("cancelled", job.claim_token)
    assert queue.verdict(job, "delivered") == (False, "cancelled")


@pytest.mark.parametrize("state", ["ready", "scheduled", "blocked", "held"])
def test_a_job_that_waits_can_be_held(queue, state):
    """A held job is not handed out, whatever time passes, until a person lets it go on."""
    job_id = _put(queue, state)
    queue.run("select hold(%s, 'ann', 'look at it')", job_id)
    assert (queue.job(job_id).state, queue.job(job_id).because) == ("held", "look at it")
    queue.at(86400)
    for job in queue.claim():
        assert job.id != job_id
        queue.verdict(job, "delivered")
    queue.run("select unhold(%s, 'bob')", job_id)
    assert queue.claim_one().id == job_id
    actions = queue.all("select action, who from operations order by id desc limit 2")
    assert actions == [("unhold", "bob"), ("hold", "ann")]


def test_a_running_job_is_not_held(queue):
    """A job that runs cannot be set aside: its worker would work on."""
    job_id = _put(queue, "leased")
    error = queue.failure("select hold(%s, 'ann')", job_id)
    assert error.sqlstate == "JQ003"
    assert queue.state(job_id) == "leased"


@pytest.mark.parametrize("state", ["ready", "scheduled", "blocked", "leased", *ENDED])
def test_only_a_held_job_is_let_go(queue, state):
    """To let go on what is not held is refused, in whatever state it is."""
    job_id = _put(queue, state)
    assert queue.failure("select unhold(%s, 'ann')", job_id).sqlstate == "JQ003"


def test_unhold_respects_the_time(queue):
    """A held job that is due later waits on for its time when it is let go."""
    job_id = _put(queue, "scheduled")
    queue.run("select hold(%s, 'ann')", job_id)
    queue.run("select unhold(%s, 'ann')", job_id)
    assert queue.claim() == []
    queue.at(60)
    assert queue.claim_one().id == job_id


def test_a_job_that_waits_for_its_time_is_run_now(queue, another):
    """Its next attempt is due at once, and who sleeps is told; who wanted that is on record."""
    job_id = queue.enqueue(ordering_key="k")
    queue.enqueue(ordering_key="k")
    queue.verdict(queue.claim_one(), "retry", after=3600, because="it is closed")
    sleeper = another()
    sleeper.run("listen holdfast_wake")
    queue.run("select set_idle('w', 'default', '1 minute')")
    queue.run("select run_now(%s, 'ann', 'it is open')", job_id)
    queue.verdict(queue.claim_one(), "retry", after=3600, because="it is closed")
    assert queue.one("select run_now_many('{}', 'ann')") == 1
    assert len(list(sleeper.connection.notifies(timeout=60, stop_after=2))) == 2
    queue.run("select set_idle('w', 'default', null)")
    again = queue.claim_one()
    assert (again.id, again.attempt) == (job_id, 3)
    for state in ("ready", "held", "leased", "dead"):
        error = queue.failure("select run_now(%s, 'ann')", _put(queue, state))
        assert error.sqlstate == "JQ003" and "does not wait for its time" in str(error)
    assert queue.failure("select run_now(new_id(), 'ann')").sqlstate == "JQ001"
    actions = queue.all("select action, who, why from operations where action = 'run'")
    assert [tuple(row) for row in actions] == [("run", "ann", "it is open"), ("run", "ann", None)]


def test_all_that_failed_are_run_now_by_filter(queue, another, background):
    """What failed or was put off, of a tenant, or all but what somebody has in hand."""
    failed = [queue.enqueue(kind=kind, tenant=kind) for kind in ("a", "b", "b")]
    later = _put(queue, "scheduled")
    for job, verdict in zip(queue.claim(), ("retry", "retry", "snooze"), strict=True):
        queue.verdict(job, verdict, after=3600, because="it is closed")
    assert queue.one("""select run_now_many('{"tenant": "a"}', 'ann')""") == 1
    assert [job.id for job in queue.claim()] == failed[:1]
    other, run = another(), "select run_now_many('{}', 'ann', 'it is open')"
    with queue.transaction():
        queue.run("select 1 from deferred_jobs where id = %s for update", failed[2])
        ran = background(other, other.one, run)
        assert ran.done() and ran.result() == 1
    assert queue.one(run) == 1
    assert {job.id for job in queue.claim()} == set(failed[1:])
    assert queue.one("select run_now_many('{}', 'ann')") == 0
    assert queue.failure("""select run_now_many('{"state": "x"}', 'ann')""").sqlstate == "JQ005"
    queue.run("select run_now(%s, 'ann')", later)
    assert queue.claim_one().id == later


def test_a_job_held_on_its_last_attempt_can_be_let_go(queue):
    """A job held for review after its last attempt runs once more, and no invariant is violated."""
    queue.policy(on_unknown="hold", max_attempts=1)
    job_id = queue.enqueue()
    assert queue.verdict(queue.claim_one(), "unknown")[1] == "held"
    queue.run("select unhold(%s, 'ann')", job_id)
    job = queue.claim_one()
    assert queue.audit() == []
    assert queue.verdict(job, "delivered") == (True, "done")


def test_a_cancel_during_a_claim(queue, another, background):
    """A cancel that meets an open claim waits for it, and ends the job in the worker's hands."""
    job_id = queue.enqueue()
    person = another()
    with queue.transaction():
        job = queue.claim_one()
        cancelling = background(person, person.one, "select cancel(%s, 'ann')", job_id)
        assert not cancelling.done()
    assert cancelling.result(60) == "cancelled"
    assert queue.verdict(job, "delivered") == (False, "cancelled")


def test_a_hold_during_a_claim(queue, another, background):
    """A hold that meets an open claim comes too late: the job runs and stays with its worker."""
    job_id = queue.enqueue()
    person = another()
    with queue.transaction():
        job = queue.claim_one()
        holding = background(person, person.failure, "select hold(%s, 'ann')", job_id)
        assert not holding.done()
    assert holding.result(60).sqlstate == "JQ003"
    assert queue.verdict(job, "delivered") == (True, "done")


@pytest.mark.parametrize(("verdict", "state"), [("delivered", "done"), ("retry", "cancelled")])
def test_a_cancel_during_a_settle(queue, another, background, verdict, state):
    """A cancel that meets an open settle finds the job where that has put it."""
    job_id = queue.enqueue()
    job = queue.claim_one()
    person = another()
    with queue.transaction():
        queue.verdict(job, verdict)
        if state == "done":
            cancelling = background(person, person.failure, "select cancel(%s, 'a')", job_id)
        else:
            cancelling = background(person, person.one, "select cancel(%s, 'a')", job_id)
        assert not cancelling.done()
    cancelling.result(60)
    assert queue.state(job_id) == state


def test_a_settle_during_a_cancel(queue, another, background):
    """A result that meets an open cancel is late."""
    queue.enqueue()
    job = queue.claim_one()
    worker = another()
    with queue.transaction():
        queue.run("select cancel(%s, 'ann')", job.id)
        settling = background(worker, worker.verdict, job, "delivered")
        assert not settling.done()
    assert settling.result(60) == (False, "cancelled")


def test_a_claim_during_a_cancel(queue, another):
    """A claim does not wait for a job that is just being cancelled."""
    job_id = queue.enqueue()
    other = another()
    with queue.transaction():
        queue.run("select cancel(%s, 'ann')", job_id)
        assert other.claim() == []


def test_a_rescue_during_a_settle_and_a_late_result(queue, another, background):
    """A result that meets an open rescue of its lease is late, and the job is rescued once."""
    queue.policy(lease="1 second")
    queue.enqueue()
    job = queue.claim_one()
    worker = another()
    queue.at(10)
    with queue.transaction():
        queue.run("select rescue()")
        settling = background(worker, worker.verdict, job, "delivered")
        assert not settling.done()
    assert settling.result(60) == (False, "ready")
    assert queue.job(job.id).crashes == 1


def test_a_change_of_a_policy_is_on_record(queue):
    """Who, why, from what to what; without a name, the database's user; no change is no record."""
    queue.run("""select set_queue('default', '{"max_attempts": 5, "lease": "60 s"}', 'ann', 'x')""")
    queue.run("""select set_queue('default', '{"breaker": "relay"}')""")
    queue.run("""select set_queue('default', '{"breaker": "relay"}')""")
    queue.run("""select create_queue('made', '{"max_attempts": 3}')""")
    first, second = queue.all("select * from operations order by id")
    assert (first.action, first.who, first.why) == ("set", "ann", "x")
    assert first.filter == {
        "queue": "default", "changed": {"max_attempts": {"from": 8, "to": 5}},
    }  # fmt: skip
    assert second.who == queue.one("select session_user::text")
    assert second.filter["changed"] == {"breaker": {"from": None, "to": "relay"}}


@pytest.mark.parametrize("policy", ["[]", "null", "5", None])
def test_a_policy_is_an_object(queue, policy):
    """Anything else is refused with the names that are known."""
    error = queue.failure("select set_queue('default', %s, 'ann')", policy)
    assert (error.sqlstate, "max_attempts" in error.diag.message_hint) == ("JQ005", True)


@pytest.mark.parametrize(
    ("policy", "told"),
    [
        ('{"max_attempts": 5, "retry_base": "3x"}', '"3x"; it is 00:00:10 now'),
        ('{"max_attempts": "many"}', "max_attempts: invalid input syntax"),
        ('{"max_attempts": 99999999999}', "max_attempts: value"),
    ],
)
def test_a_value_that_is_none_is_named(queue, policy, told):
    """The one value that cannot be read is named, with what it is now, and none is taken."""
    error = queue.failure("select set_queue('default', %s, 'ann')", policy)
    assert (error.sqlstate, told in str(error)) == ("JQ005", True), str(error)
    assert queue.one("select max_attempts from queues where name = 'default'") == 8


def test_who_cancels_many_waits_for_a_key_with_no_job_in_hand(queue, another, background):
    """As everybody: who has the key and takes its jobs next would be in a circle with it."""
    queue.enqueue(ordering_key="k")
    other = another()
    with queue.transaction():
        queue.run("select from ordering_keys for update")
        cancelling = background(other, other.one, "select cancel_many('{}', 'ann')")
        assert not cancelling.done()
        queue.run("select from ready_jobs for update nowait")
    assert cancelling.result(60) == 1


def test_all_that_wait_are_cancelled_by_filter(queue, another):
    """Whatever they wait for, but not what runs or is in hand; the others of a key move up."""
    running = _put(queue, "leased")
    for state in ("scheduled", "held", "ready"):
        _put(queue, state)
    first, second, third = (
        queue.enqueue(kind=kind, ordering_key="k") for kind in ("away", "away", "stays")
    )
    busy = queue.enqueue(kind="away")
    ask = """select cancel_many('{"kind": "away"}', 'ann', 'a mistake', p_dry_run => %s)"""
    assert queue.one(ask, True) == 3
    claiming = another()
    with claiming.transaction():
        claiming.run("select 1 from ready_jobs where id = %s for update", busy)
        assert queue.one(ask, False) == 2
    assert [queue.state(job) for job in (first, second, third, busy)] == [
        *["cancelled"] * 2, *["ready"] * 2
    ]  # fmt: skip
    assert queue.one("select cancel_many('{}', 'ann', p_limit => 2)") == 2
    assert queue.one("select cancel_many('{}', 'ann', p_limit => null)") == 3
    assert queue.one("select cancel_many('{}', 'ann')") == 0
    assert queue.state(running) == "leased" and queue.one("select count(*) from audit()") == 0
    assert queue.one("select count(*) from attempts where outcome = 'held'") == 1
    told = queue.all("select why, affected from operations where action = 'cancel' order by id")
    assert [tuple(row) for row in told] == [("a mistake", 2), (None, 2), (None, 3)]
    assert queue.failure("""select cancel_many('{"state": "x"}', 'ann')""").sqlstate == "JQ005"
