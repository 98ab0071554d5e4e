"""Dead letters: grouped by what killed them, replayed or discarded by people."""

from datetime import timedelta
from json import dumps
from uuid import uuid4

import pytest


def _fingerprint(queue, error, kind="kind"):
    return queue.one("select error_fingerprint(%s, %s)", kind, error)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("timeout after 30 s", "timeout after 7 s"),
        (
            "no user 4f6c1e2a-0000-4000-8000-0123456789ab",
            "no user 0b9d8b7e-1f6e-4a52-9a55-5c9d2f1f7a10",
        ),
        ("550 ann@example.com unknown", "550 bob.x+y@mail.example.org unknown"),
        ("550 <ann@example.com> unknown", "550 <bob@example.org> unknown"),
        ("object at 0x7f44d79d3710", "object at 0xdeadbeef"),
        ("no customer cus_NffrFeUfNV2Hib", "no customer cus_9s6XKzkNRiz8i3"),
        ("Timeout", "TIMEOUT"),
    ],
)
def test_ids_numbers_and_addresses_make_no_difference(queue, one, other):
    """The same failure has one fingerprint whatever ids, numbers and addresses it names."""
    assert _fingerprint(queue, one) == _fingerprint(queue, other)


@pytest.mark.parametrize(
    ("one", "other"), [("timeout", "refused"), ("no user 7", "no order 7"), ("a b", "a c")]
)
def test_other_failures_are_other_groups(queue, one, other):
    """Another text, and the same text of another kind of job, is another group."""
    assert _fingerprint(queue, one) != _fingerprint(queue, other)
    assert _fingerprint(queue, one) != _fingerprint(queue, one, "other kind")


def test_letters_are_shown_in_groups(queue):
    """The view counts each group, with its latest error and when it began."""
    for n in range(3):
        queue.at(n)
        queue.kill(because=f"timeout after {n} s")
    queue.kill(because="refused")
    groups = queue.all("select * from dead_letter_groups order by letters desc")
    assert [group.letters for group in groups] == [3, 1]
    assert groups[0].latest_error == "timeout after 2 s"
    assert (groups[0].first_died, groups[0].last_died) == (queue.at(0), queue.at(2))


def test_a_replayed_letter_is_as_good_as_new(queue):
    """Replay brings a letter back under its own id with all attempts ahead of it."""
    queue.policy(max_attempts=2, retry_base="1 second", retry_jitter=0, max_age="1 hour")
    job_id = queue.enqueue(payload={"n": 1}, tenant="acme", priority=2)
    for n in range(2):
        queue.at(n * 2)
        queue.verdict(queue.claim_one(), "retry")
    queue.at(86400)
    assert queue.one("select replay(%s, 'ann', 'mended')", job_id) == job_id
    job = queue.job(job_id)
    assert (job.state, job.attempts, job.crashes) == ("ready", 0, 0)
    assert (job.payload, job.tenant, job.priority) == ({"n": 1}, "acme", 2)
    assert queue.verdict(queue.claim_one(), "retry") == (True, "ready")  # max_age counts anew
    (operation,) = queue.all("select * from operations")
    assert (operation.action, operation.who, operation.why) == ("replay", "ann", "mended")
    assert (operation.affected, operation.at) == (1, queue.at(86400))
    assert operation.filter == {"id": str(job_id), "became": str(job_id)}


def test_a_second_death_tells_of_both_lives(queue):
    """A letter that dies again has the attempts before its replay in its history."""
    job_id = queue.kill(because="first")
    queue.at(10)
    queue.run("select replay(%s, 'ann')", job_id)
    queue.verdict(queue.claim_one(), "dead", because="second")
    history = queue.one("select history from dead_letters")
    assert [attempt["because"] for attempt in history] == ["first", "second"]


def test_a_replay_may_wait(queue):
    """A replay with a time waits for it."""
    job_id = queue.kill()
    later = queue.at(0) + timedelta(seconds=60)
    queue.run("select replay(%s, 'ann', null, null, %s)", job_id, later)
    assert queue.claim() == []
    queue.at(60)
    assert queue.claim_one().id == job_id


def test_a_replay_outlives_the_old_expiry(queue):
    """A letter that has expired meanwhile is run when a person asks for it now."""
    job_id = queue.kill(expires_at=queue.at(0) + timedelta(seconds=60))
    queue.at(120)
    queue.run("select replay(%s, 'ann')", job_id)
    assert queue.claim_one().id == job_id


def test_an_edited_replay_is_a_new_job_linked_to_the_old(queue):
    """With a new payload a new job is made that names its origin; the letter becomes history."""
    old = queue.kill(payload={"n": "wrong"}, tenant="acme", ordering_key="line", priority=1)
    new = queue.one("""select replay(%s, 'ann', 'typo', '{"n": null}')""", old)
    assert new != old
    job = queue.job(new)
    assert (job.payload, job.replay_of, job.tenant, job.ordering_key, job.priority) == (
        {"n": None},
        old,
        "acme",
        "line",
        1,
    )
    assert queue.job(old).state == "cancelled"
    assert str(new) in queue.job(old).because
    assert queue.one("select filter from operations") == {"id": str(old), "became": str(new)}
    assert queue.claim_one().id == new


def test_an_edited_replay_that_is_refused_changes_nothing(queue):
    """A payload that cannot be enqueued leaves the letter where it is."""
    old = queue.kill()
    error = queue.failure("select replay(%s, 'ann', null, %s)", old, dumps("x" * 1048577))
    assert error.sqlstate == "JQ005"
    assert queue.state(old) == "dead"


@pytest.mark.parametrize("state", ["ready", "leased", "done", "cancelled", "held"])
def test_only_the_dead_are_replayed(queue, state):
    """A job in any other state is not replayed, and the error says in which state it is."""
    job_id = queue.enqueue()
    if state in {"leased", "done"}:
        job = queue.claim_one()
        if state == "done":
            queue.verdict(job, "delivered")
    elif state != "ready":
        queue.run(f"select {'cancel' if state == 'cancelled' else 'hold'}(%s, 'ann')", job_id)
    error = queue.failure("select replay(%s, 'ann')", job_id)
    assert error.sqlstate == "JQ003"
    assert f"is {state}, not dead" in error.diag.message_primary
    assert queue.failure("select replay(%s, 'ann')", uuid4()).sqlstate == "JQ001"


def _letters(queue):
    queue.policy("other")
    letters = {}
    for n, (name, where, options) in enumerate(
        [
            ("a", "default", {"kind": "mail", "because": "timeout 1"}),
            ("b", "default", {"kind": "mail", "because": "timeout 2", "tenant": "acme"}),
            ("c", "default", {"kind": "hook", "because": "refused"}),
            ("d", "other", {"kind": "mail", "because": "timeout 3"}),
        ]
    ):
        queue.at(n * 10)
        letters[name] = queue.kill(where, **options)
    return letters


@pytest.mark.parametrize(
    ("chosen", "names"),
    [
        ({}, "abcd"),
        ({"queue": "default"}, "abc"),
        ({"kind": "mail"}, "abd"),
        ({"tenant": "acme"}, "b"),
        ({"since": "2030-01-01T12:00:10Z", "until": "2030-01-01T12:00:30Z"}, "bc"),
        ({"group": "timeout"}, "abd"),
        ({"group": "timeout", "queue": "other"}, "d"),
        ({"ids": "ad"}, "ad"),
        ({"queue": "nowhere"}, ""),
    ],
    ids=str,
)
def test_a_filter_names_letters(queue, chosen, names):
    """Every part of a filter must hold; a dry run counts what the same call then replays."""
    letters = _letters(queue)
    if "group" in chosen:
        chosen = chosen | {"group": _fingerprint(queue, "timeout 9", "mail")}
    if "ids" in chosen:
        chosen = {"ids": [str(letters[name]) for name in chosen["ids"]]}
    call = "select replay_dead_letters(%s, 'ann', p_dry_run => %s)"
    assert queue.one(call, dumps(chosen), True) == len(names)
    assert queue.all("select * from operations") == []
    assert queue.one(call, dumps(chosen), False) == len(names)
    revived = {name for name, job_id in letters.items() if queue.state(job_id) == "ready"}
    assert revived == set(names)
    (operation,) = queue.all("select * from operations")
    assert (operation.action, operation.affected) == ("replay", len(names))
    assert chosen.items() <= operation.filter.items()


@pytest.mark.parametrize(
    "chosen", [None, "[]", '{"qeueu": "x"}', '{"since": "soon"}', '{"ids": 7}', '{"ids": ["x"]}']
)
def test_a_filter_that_is_wrong_chooses_nothing(queue, chosen):
    """A filter with an unknown name or an unreadable value is an error, never everything."""
    queue.kill()
    for function in ("replay_dead_letters(%s, 'ann')", "discard_dead_letters(%s, 'ann', 'why')"):
        assert queue.failure(f"select {function}", chosen).sqlstate[:2] in {"JQ", "22"}
    assert queue.one("select count(*) from dead_letters") == 1


def test_many_come_back_oldest_first(queue):
    """Letters are replayed in the order they died; with a limit, the oldest ones."""
    ids = [queue.enqueue(kind=str(n)) for n in range(6)]
    jobs = {job.id: job for job in queue.claim()}
    order = [ids[n] for n in (4, 1, 5, 0, 3, 2)]
    for n, job_id in enumerate(order):
        queue.at(-n)  # written in another order than they died, as in a table with reused space
        queue.verdict(jobs[job_id], "dead")
    assert queue.one("select replay_dead_letters('{}', 'ann', p_limit => 5)") == 5
    assert queue.state(order[0]) == "dead"
    queue.at(0)
    assert [job.id for job in queue.claim()] == order[:0:-1]


def test_a_rate_spreads_them(queue):
    """With a rate of two per second five letters take two seconds to come due."""
    for _ in range(5):
        queue.kill()
    queue.run("select replay_dead_letters('{}', 'ann', p_rate => 2)")
    due = [(j.run_at - queue.at(0)).total_seconds() for j in queue.all("select * from jobs")]
    assert sorted(due) == [0, 0.5, 1, 1.5, 2]


@pytest.mark.parametrize("rate", ["0", "-1", "'NaN'"])
def test_a_rate_is_above_nothing(queue, rate):
    """A rate that spreads over no time is refused."""
    error = queue.failure(f"select replay_dead_letters('{{}}', 'ann', p_rate => {rate})")
    assert error.sqlstate == "JQ005"


def test_discarded_letters_stay_in_the_history(queue):
    """Discarding asks for a reason, and leaves a cancelled job with it and an audit row."""
    job_id = queue.kill()
    for why in (None, "", "  "):
        error = queue.failure("select discard_dead_letters('{}', 'ann', %s)", why)
        assert error.sqlstate == "JQ005"
    assert queue.one("select discard_dead_letters('{}', 'ann', 'x', p_dry_run => true)") == 1
    assert queue.state(job_id) == "dead"
    assert queue.one("select discard_dead_letters('{}', 'ann', 'test data')") == 1
    job = queue.job(job_id)
    assert (job.state, job.because) == ("cancelled", "discarded: test data")
    operation = queue.row("select * from operations")
    assert (operation.action, operation.who, operation.why) == ("discard", "ann", "test data")


@pytest.mark.parametrize("who", [None, "", " "])
@pytest.mark.parametrize(
    "call",
    [
        "replay((select id from dead_letters), %s)",
        "replay_dead_letters('{}', %s)",
        "discard_dead_letters('{}', %s, 'why')",
        "cancel((select id from ready_jobs), %s)",
        "hold((select id from ready_jobs), %s)",
        "pause_queue('default', %s)",
        "resume_queue('default', %s)",
    ],
)
def test_people_have_names(queue, call, who):
    """Nothing is done by nobody: without a name the call is refused and nothing has changed."""
    queue.kill()
    queue.enqueue()
    assert queue.failure(f"select {call}", who).sqlstate == "JQ005"
    assert queue.all("select state from jobs order by 1") == [("dead",), ("ready",)]


def test_two_replays_of_all_replay_each_once(queue, another):
    """Two people who replay the same filter at once share the letters and do not wait."""
    ids = {queue.kill() for _ in range(4)}
    other = another()
    with queue.transaction(), other.transaction():
        assert queue.one("select replay_dead_letters('{}', 'ann', p_limit => 2)") == 2
        other.one("select replay_dead_letters('{}', 'bob')")
    queue.run("select replay_dead_letters('{}', 'ann')")
    jobs = queue.claim()
    assert len(jobs) == 4
    assert {job.id for job in jobs} == ids
