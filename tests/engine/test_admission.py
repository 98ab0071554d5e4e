"""Admission: a queue's limits and its breaker decide how many jobs may begin.

Jobs that may not begin stay where they are, with all their attempts.
"""

import json
import uuid

import pytest


def _jobs(queue, count, name="default"):
    queue.enqueue_many(*({"queue": name, "kind": f"k{n}"} for n in range(count)))


def _finish(queue, jobs, verdict="delivered", **more):
    return queue.settle(
        *({"id": j.id, "token": j.claim_token, "verdict": verdict, **more} for j in jobs)
    )


def _breaker(queue, **policy):
    queue.run("select set_breaker('there', %s)", _policy(policy))
    queue.policy(breaker="there", retry_base="0 s", max_attempts=100)


def _policy(policy):
    return json.dumps({"minimum": 4, "open_for": "60 s", "open_cap": "1 hour", **policy})


def _state(queue):
    return queue.one("select state from breaker_list()")


# ---------------------------------------------------------------- what a breaker tolerates


@pytest.mark.parametrize(
    ("policy", "said"),
    [
        ({"min_calls": 5}, "unknown policy: min_calls"),
        ([], "unknown policy: it is a JSON object"),
        ({"minimum": "few"}, 'minimum: invalid input syntax for type integer: "few"'),
        ({"failure_rate": 7}, "a breaker has to obey failure_rate > 0"),
        ({"minimum": None}, "minimum cannot be taken away, only changed"),
    ],
)
def test_what_no_breaker_can_be_is_told(queue, policy, said):
    """A wrong policy of a breaker is an error in words that names what is wrong, and makes none."""
    error = queue.failure("select set_breaker('there', %s)", json.dumps(policy))
    assert error.sqlstate == "JQ005"
    assert error.diag.message_primary.startswith(said)
    assert queue.all("select from breakers") == []


# ---------------------------------------------------------------- how many at once


def test_no_more_run_than_may(queue):
    """max_running holds over all claims; a job that ends makes room for one."""
    queue.policy(max_running=3)
    _jobs(queue, 10)
    first = queue.claim(limit=2)
    second = queue.claim(limit=5)
    assert (len(first), len(second), len(queue.claim())) == (2, 1, 0)
    _finish(queue, first[:1])
    assert len(queue.claim()) == 1


def test_two_claims_at_the_same_moment_do_not_pass_the_limit(queue, another, background):
    """The second one waits for the first and sees what it took."""
    queue.policy(max_running=3)
    _jobs(queue, 10)
    first, second = another(), another()
    first.run("begin")
    assert len(first.claim(limit=2)) == 2
    waiting = background(second, second.claim)
    assert not waiting.done()
    first.run("commit")
    assert len(waiting.result()) == 1


def test_a_lease_that_ran_out_makes_room(queue):
    """A dead worker does not take up a place for ever."""
    queue.policy(max_running=1, lease="10 s")
    _jobs(queue, 2)
    queue.claim()
    assert queue.claim() == []
    queue.at(10)
    assert len(queue.claim()) == 1


def test_other_queues_are_not_limited(queue):
    """A limit is that of its queue."""
    queue.policy(max_running=1)
    queue.policy("other")
    _jobs(queue, 2)
    _jobs(queue, 2, "other")
    assert (len(queue.claim()), len(queue.claim("other"))) == (1, 2)


@pytest.mark.parametrize("width", [1, 2, 5])
def test_so_many_of_a_key_run_at_once(queue, width):
    """max_running_per_key is how many jobs of one ordering key are out at the same time."""
    queue.policy(max_running_per_key=width)
    for n in range(6):
        queue.enqueue(kind=f"k{n}", ordering_key="key")
    running = queue.claim()
    assert [job.kind for job in running] == [f"k{n}" for n in range(width)]
    _finish(queue, running[:1])
    (more,) = queue.claim()
    assert more.kind == f"k{width}"


def test_a_wider_key_lets_more_run_at_once(queue, another):
    """Raising max_running_per_key lets those that wait go at once, before any that comes later.

    What somebody has just now is not waited for: it moves up with the next that ends.
    """
    for n in range(4):
        queue.enqueue(kind=f"k{n}", ordering_key="key")
    queue.claim()
    queue.enqueue_many(*[{"queue": "default", "kind": "b", "ordering_key": "busy"}] * 2)
    queue.claim()
    sender = another()
    with sender.transaction():
        sender.enqueue(kind="b", ordering_key="busy")
        queue.policy(max_running_per_key=3)
    queue.enqueue(kind="late", ordering_key="key")
    assert [job.kind for job in queue.claim()] == ["k1", "k2"]


# ---------------------------------------------------------------- how fast


def test_a_rate_lets_so_many_begin(queue):
    """A quota of ten a second: ten now, none, and after half a second five more."""
    queue.policy(rate_quota=10, rate_per="1 second")
    _jobs(queue, 30)
    assert len(queue.claim(limit=20)) == 10
    assert queue.claim() == []
    queue.at(0.5)
    assert len(queue.claim()) == 5
    waiting = queue.row("select * from jobs where state = 'ready' limit 1")
    assert (waiting.attempts, waiting.deferrals) == (0, 0)


def test_what_is_not_there_is_not_charged(queue):
    """Claims of an empty or nearly empty queue leave the rate to those who come."""
    queue.policy(rate_quota=10, rate_per="1 hour")
    for _ in range(20):
        assert queue.claim() == []
    _jobs(queue, 4)
    assert len(queue.claim()) == 4
    _jobs(queue, 10)
    assert len(queue.claim()) == 6


def test_what_was_not_begun_costs_no_rate(queue):
    """Jobs that are given back unworked leave the rate as it was before they were claimed."""
    queue.policy(rate_quota=10, rate_per="1 hour")
    _jobs(queue, 20)
    claimed = queue.claim(limit=8)
    given = [{"id": str(j.id), "token": str(j.claim_token)} for j in claimed[:6]]
    stale = [{"id": str(claimed[7].id), "token": str(uuid.uuid4())}]
    given_back = queue.all("select * from release(%s)", json.dumps([*given, *stale]))
    assert sorted(row.accepted for row in given_back) == [False] + [True] * 6
    assert len(queue.claim()) == 8


def test_a_burst_of_its_own(queue):
    """rate_burst is how many may begin at the same moment."""
    queue.policy(rate_quota=60, rate_per="1 minute", rate_burst=2)
    _jobs(queue, 10)
    assert len(queue.claim()) == 2
    queue.at(1)
    assert len(queue.claim()) == 1


def test_next_due_says_when_the_rate_lets_through(queue):
    """A worker that waits for the rate knows how long."""
    queue.policy(rate_quota=1, rate_per="10 seconds")
    _jobs(queue, 2)
    queue.claim()
    queue.at(4)
    assert queue.one("select next_due('default')") == pytest.approx(6)


# ---------------------------------------------------------------- is the other side there


def test_an_outage_opens_the_breaker_and_jobs_wait_unharmed(queue):
    """After enough failures of the destination nothing is claimed, and no attempt is used."""
    _breaker(queue)
    _jobs(queue, 10)
    _finish(queue, queue.claim(limit=4), "retry", outage=True, because="refused")
    assert _state(queue) == "open"
    assert queue.claim() == []
    fresh = queue.row("select * from jobs where attempts = 0 and state = 'ready' limit 1")
    told = queue.explain(fresh.id)
    assert (told["rule"], told["because"]) == (
        "breaker",
        'the breaker "there" is open: refused',
    )
    assert 40 <= queue.one("select next_due('default')") <= 80


def test_failures_of_the_job_do_not_open_it(queue):
    """A handler that raises, or work that is refused, says nothing about the destination."""
    _breaker(queue)
    _jobs(queue, 20)
    _finish(queue, queue.claim(limit=10), "retry", because="a bug of ours")
    _finish(queue, queue.claim(limit=5), "dead", because="no such recipient")
    assert _state(queue) == "closed"


def test_few_failures_among_many_successes_do_not_open_it(queue):
    """It is the rate that counts, and only with enough results."""
    _breaker(queue, failure_rate=0.5)
    _jobs(queue, 20)
    _finish(queue, queue.claim(limit=3), "retry", outage=True)
    assert _state(queue) == "closed"
    _finish(queue, queue.claim(limit=10))
    _finish(queue, queue.claim(limit=3), "retry", outage=True)
    assert _state(queue) == "closed"


@pytest.mark.parametrize("verdict", ["delivered", "dead"])
def test_one_probe_finds_out(queue, another, verdict):
    """When the open time is over one job is let through, to one worker; its result decides."""
    _breaker(queue)
    _jobs(queue, 10)
    _finish(queue, queue.claim(limit=4), "retry", outage=True)
    queue.at(100)
    other = another()
    other.at(100)
    (probe,) = queue.claim()
    assert other.claim() == []
    _finish(queue, [probe], verdict, because="said")
    assert _state(queue) == "closed"
    assert len(queue.claim()) == 9


def test_a_probe_that_fails_doubles_the_time(queue):
    """Each failed try keeps the breaker open for twice as long, up to the cap."""
    _breaker(queue, open_cap="200 s")
    _jobs(queue, 10)
    _finish(queue, queue.claim(limit=4), "retry", outage=True)
    now, opened = 0, []
    for _ in range(4):
        until = queue.one("select extract(epoch from open_until - clock()) from breakers")
        opened.append(float(until))
        now += float(until)
        queue.at(now)
        (probe,) = queue.claim()
        _finish(queue, [probe], "retry", outage=True)
    for seen, planned in zip(opened, (60, 120, 200, 200), strict=True):
        assert planned * 0.75 - 1 <= seen <= planned * 1.25 + 1


def test_the_other_sides_wish_is_its_open_time(queue):
    """With a Retry-After the breaker stays open for that long, not for its own time."""
    _breaker(queue)
    _jobs(queue, 10)
    _finish(queue, queue.claim(limit=4), "snooze", outage=True, after=1800)
    until = queue.one("select extract(epoch from open_until - clock()) from breakers")
    assert 1800 <= until <= 1980


def test_a_probe_that_says_nothing_is_given_to_another(queue):
    """A try that ends in a failure of our own neither opens nor closes it; the next one may try."""
    _breaker(queue)
    _jobs(queue, 10)
    _finish(queue, queue.claim(limit=4), "retry", outage=True)
    queue.at(100)
    (probe,) = queue.claim()
    _finish(queue, [probe], "retry", because="a bug of ours")
    assert _state(queue) == "half open"
    assert len(queue.claim()) == 1


def test_a_probe_that_nobody_needs_is_not_kept(queue):
    """An empty queue does not keep the one try to itself."""
    _breaker(queue)
    queue.policy("other", breaker="there")
    _jobs(queue, 4)
    _finish(queue, queue.claim(), "retry", outage=True, after=500)
    queue.run("delete from deferred_jobs")
    queue.at(600)
    assert queue.claim() == []
    _jobs(queue, 2, "other")
    assert len(queue.claim("other")) == 1


def test_a_probe_whose_worker_dies_runs_out(queue):
    """A probe is leased like a job; when the lease is over another one may try."""
    _breaker(queue)
    queue.policy(lease="30 s")
    _jobs(queue, 10)
    _finish(queue, queue.claim(limit=4), "retry", outage=True)
    queue.at(100)
    (probe,) = queue.claim()
    queue.at(129)
    assert queue.claim() == []
    queue.at(131)
    (again,) = queue.claim()
    assert again.claim_token != probe.claim_token


def test_a_probe_is_kept_as_long_as_its_lease(queue):
    """A job that tries for longer than a lease goes on being the one that tries, and closes it."""
    _breaker(queue)
    queue.policy(lease="30 s")
    _jobs(queue, 10)
    _finish(queue, queue.claim(limit=4), "retry", outage=True)
    queue.at(100)
    (probe,) = queue.claim()
    lease = json.dumps([{"id": str(probe.id), "token": str(probe.claim_token)}])
    for moment in range(120, 220, 20):
        queue.at(moment)
        assert queue.one("select * from extend(%s)", lease) == probe.id
        assert queue.claim() == [] and _state(queue) == "half open"
    _finish(queue, [probe])
    assert _state(queue) == "closed"


def test_a_try_that_takes_long_still_counts(queue):
    """Outside of jobs: who tries after a silent one shares its probe, and the first word counts."""
    _breaker(queue)
    _jobs(queue, 4)
    _finish(queue, queue.claim(limit=4), "retry", outage=True)
    asked = "select probe from ask_breaker('there')"
    queue.at(100)
    first = queue.one(asked)
    assert first is not None and queue.one(asked) is None
    queue.at(161)
    assert queue.one(asked) == first
    queue.at(222)
    assert queue.one("select tell_breaker('there', 1, 0, %s)", first) is False
    assert _state(queue) == "closed"


def test_results_from_before_it_opened_change_nothing(queue):
    """Who began before it opened and reports now neither closes it nor keeps it open longer."""
    _breaker(queue)
    _jobs(queue, 12)
    early = queue.claim(limit=4)
    _finish(queue, queue.claim(limit=4), "retry", outage=True)
    until = queue.one("select open_until from breakers")
    _finish(queue, early[:2])
    _finish(queue, early[2:], "retry", outage=True)
    assert _state(queue) == "open"
    assert queue.one("select open_until from breakers") == until


def test_paused_by_hand(queue):
    """The same breaker is the manual pause: nothing passes, nor does a probe, until resumed."""
    queue.policy(breaker="there")
    _jobs(queue, 2)
    queue.run("select pause_breaker('there', 'ann', 'maintenance over there')")
    queue.at(86_400)
    assert (queue.claim(), _state(queue)) == ([], "paused")
    queue.run("select resume_breaker('there', 'ann')")
    assert len(queue.claim()) == 2
    actions = queue.all("select action, who, filter from operations order by id")
    assert [(a.action, a.who) for a in actions] == [("pause", "ann"), ("resume", "ann")]


def test_limits_together(queue):
    """The smallest limit counts, and what one admits and another does not is given back."""
    queue.policy(max_running=5, rate_quota=8, rate_per="1 hour", breaker="there")
    _jobs(queue, 20)
    assert len(queue.claim()) == 5
    queue.run("select pause_breaker('there', 'ann')")
    _finish(queue, queue.all("select id, claim_token from leased_jobs"))
    assert queue.claim() == []
    queue.run("select resume_breaker('there', 'ann')")
    assert len(queue.claim()) == 3
