"""Enqueue: what is accepted, where it goes, and what is said about the rest."""

from datetime import timedelta
from json import dumps
from uuid import uuid4

import pytest
from psycopg import Rollback


def test_a_job_is_stored_as_it_was_given(queue):
    """Every option of a job comes back as it was given, and what was not given has its default."""
    expires = queue.at(0) + timedelta(hours=1)
    origin = uuid4()
    full = queue.job(
        queue.enqueue(
            kind="greet",
            payload={"a": [1, None, "é"]},
            priority=0,
            tenant="acme",
            expires_at=expires,
            replay_of=origin,
        )
    )
    assert (full.queue, full.kind, full.payload) == ("default", "greet", {"a": [1, None, "é"]})
    assert (full.priority, full.tenant, full.expires_at) == (0, "acme", expires)
    assert (full.replay_of, full.state, full.attempts) == (origin, "ready", 0)
    plain = queue.job(queue.one("select enqueue('default', 'greet')"))
    assert (plain.payload, plain.priority, plain.tenant, plain.expires_at) == ({}, 5, None, None)
    assert plain.enqueued_at == plain.run_at == queue.at(0)


def test_a_rolled_back_enqueue_never_was(queue):
    """A job is written in the transaction of the caller: rolled back with it, nothing is left."""
    with queue.transaction():
        queue.enqueue()
        queue.enqueue(dedupe_key="once", ordering_key="line")
        queue.enqueue(run_at=queue.at(0) + timedelta(days=1))
        raise Rollback
    assert queue.all("select * from jobs") == []
    assert queue.all("select * from dedupe_keys") == []
    assert queue.all("select * from ordering_keys") == []


def test_nobody_sees_a_job_before_its_commit(queue, another):
    """A job can be claimed only after the commit of the transaction that enqueued it."""
    other = another()
    with queue.transaction():
        queue.enqueue()
        assert other.claim() == []
    assert len(other.claim()) == 1


def test_many_jobs_are_one_statement(queue):
    """A bulk enqueue answers each object in its place, with ids in the order of the array."""
    rows = queue.enqueue_many(*({"queue": "default", "kind": f"k{n}"} for n in range(300)))
    assert [row.ordinal for row in rows] == list(range(1, 301))
    assert len({row.id for row in rows}) == 300
    assert not any(row.duplicate for row in rows)
    assert [job.kind for job in queue.claim(limit=300)] == [f"k{n}" for n in range(300)]


def test_many_jobs_are_all_or_none(queue):
    """One bad job in an array refuses all of them, and the message says which one."""
    error = queue.failure(
        "select * from enqueue_many(%s)",
        '[{"queue": "default", "kind": "a"}, {"queue": "default", "kind": ""}]',
    )
    assert (error.sqlstate, str(error.diag.message_primary)) == (
        "JQ005",
        "job 2: kind is 1 to 200 characters",
    )
    assert queue.all("select * from jobs") == []


def test_many_jobs_may_be_none_or_mixed(queue):
    """An empty array is fine, and so is one that mixes plain jobs with those that wait."""
    assert queue.enqueue_many() == []
    queue.policy("other")
    later = queue.at(0) + timedelta(seconds=10)
    rows = queue.enqueue_many(
        {"queue": "default", "kind": "a"},
        {"queue": "other", "kind": "b", "run_at": later},
        {"queue": "default", "kind": "c", "dedupe_key": "x"},
        {"queue": "default", "kind": "d", "dedupe_key": "x"},
        {"queue": "other", "kind": "e", "ordering_key": "x"},
    )
    assert [row.duplicate for row in rows] == [False, False, False, True, False]
    assert rows[2].id == rows[3].id
    assert [job.kind for job in queue.claim()] == ["a", "c"]
    assert [job.kind for job in queue.claim("other")] == ["e"]
    queue.at(10)
    assert [job.kind for job in queue.claim("other")] == ["b"]


LONG = "ж" * 201


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"kind": ""}, "job 1: kind is 1 to 200 characters"),
        ({"kind": None}, "job 1: kind is 1 to 200 characters"),
        ({"kind": LONG}, "job 1: kind is 1 to 200 characters"),
        ({"priority": 10}, "job 1: priority is 0 to 9"),
        ({"priority": -1}, "job 1: priority is 0 to 9"),
        ({"priority": 1.5}, "job 1: priority is 0 to 9"),
        ({"tenant": LONG}, "job 1: tenant is 1 to 200 characters"),
        ({"ordering_key": LONG}, "job 1: ordering_key is at most 200 characters"),
        (
            {"dedupe_key": "k" * 400, "dedupe_scope": "s" * 101},
            "job 1: dedupe_key and dedupe_scope are at most 500 characters together",
        ),
        (
            {"payload": {"body": "b" * 1048577}},
            (
                "job 1: payload is at most 1 MiB: store the body in a table of yours and enqueue"
                " a reference"
            ),
        ),
        (
            {"delay": 5},
            (
                'job 1: there is no option {"delay": 5}; known are queue, kind, payload, run_at,'
                " expires_at, priority, tenant, ordering_key, dedupe_key, dedupe_scope, revive,"
                " supersede, replay_of and id"
            ),
        ),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_limits_are_named(queue, change, message):
    """A value outside of its limits is refused by its name and range, alone and in bulk."""
    job = {"queue": "default", "kind": "kind", **change}
    error = queue.failure("select * from enqueue_many(%s)", dumps([job]))
    assert (error.sqlstate, error.diag.message_primary) == ("JQ005", message)
    assert queue.all("select * from jobs") == []


def test_values_at_their_limits_are_accepted(queue):
    """The largest values that the messages promise are taken, in four-byte characters too."""
    wide = "\N{SNAKE}"
    job_id = queue.enqueue(
        kind=wide * 200,
        tenant=wide * 200,
        ordering_key=wide * 200,
        dedupe_key=wide * 250,
        dedupe_scope=wide * 250,
        priority=9,
        payload={"body": "b" * 1048000},
    )
    assert queue.claim_one().id == job_id


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        ("select enqueue_many(null)", "jobs is a JSON array of objects, not null"),
        ("select enqueue_many('{}')", "jobs is a JSON array of objects, not object"),
        ("select enqueue_many('[7]')", "job 1: a job is a JSON object"),
        ("select enqueue_many('[\"id\"]')", "job 1: a job is a JSON object"),
        ("select enqueue_many('[[]]')", "job 1: a job is a JSON object"),
        ("select enqueue('default', 'k', '{}', null)", "options is a JSON object, not null"),
        ("select enqueue('default', 'k', '{}', '[]')", "options is a JSON object, not array"),
    ],
)
def test_what_is_no_job_is_refused(queue, statement, message):
    """Anything but objects is refused with the type that came."""
    error = queue.failure(statement)
    assert (error.sqlstate, error.diag.message_primary) == ("JQ005", message)


@pytest.mark.parametrize("name", ["nowhere", "", "DEFAULT", "default ", None])
def test_an_unknown_queue_is_named_with_the_known_ones(queue, name):
    """A queue that does not exist is refused; the hint says how to make it and what there is."""
    error = queue.failure("select enqueue(%s, 'kind')", name)
    assert error.sqlstate == "JQ004"
    assert error.diag.message_primary == f'no queue "{"<NULL>" if name is None else name}"'
    assert "there are: default" in error.diag.message_hint
    assert "create_queue" in error.diag.message_hint


def test_run_at_makes_a_job_wait(queue):
    """A job with a time in the future is not claimed before it, and is at that very moment."""
    later = queue.at(0) + timedelta(seconds=90)
    job_id = queue.enqueue(run_at=later)
    assert queue.job(job_id).waits_for == "time"
    queue.at(89.999)
    assert queue.claim() == []
    queue.at(90)
    assert queue.claim_one().id == job_id


def test_run_at_in_the_past_is_now(queue):
    """A job that was due long ago is ready at once and does not count as old."""
    job_id = queue.enqueue(run_at="2001-01-01T00:00:00Z")
    assert queue.job(job_id).run_at == queue.at(0)
    assert queue.claim_one().id == job_id


@pytest.mark.parametrize("moment", ["infinity", "20000-01-01T00:00:00Z"])
@pytest.mark.parametrize("option", ["run_at", "expires_at"])
def test_a_time_that_no_program_can_read_is_refused(queue, option, moment):
    """A time beyond the year 9999 is refused: most drivers fail on it, and with it on the batch."""
    error = queue.failure("select enqueue('default', 'k', '{}', %s)", f'{{"{option}": "{moment}"}}')
    assert error.sqlstate == "JQ005"
    assert option in error.diag.message_primary


def test_the_wake_up_reaches_who_said_to_be_idle(queue, another):
    """An enqueue notifies with its commit if a worker sleeps on that queue, and only then."""
    sleeper = another()
    sleeper.run("listen holdfast_wake")
    queue.enqueue()
    queue.run("select set_idle('w', 'default', '1 minute')")
    queue.enqueue()
    (notice,) = sleeper.connection.notifies(timeout=60, stop_after=1)
    assert notice.payload == "default"
    queue.run("select set_idle('w', 'default', null)")
    queue.enqueue()
    assert list(sleeper.connection.notifies(timeout=0)) == []


def test_an_id_has_one_job(queue):
    """An id that a channel brings cannot be given to a second job, wherever the first one is."""
    given = str(uuid4())
    queue.enqueue(id=given)
    job = queue.claim_one()
    assert str(job.id) == given
    error = queue.failure("select enqueue('default', 'k', '{}', %s)", f'{{"id": "{given}"}}')
    assert error.sqlstate in {"23505", "JQ005"}


QUICK = 2000  # up to so many bytes a payload is small without a look at it


@pytest.mark.parametrize("kind", ["kind", LONG], ids=["fine", "refused"])
@pytest.mark.parametrize("name", ["default", "nowhere"])
def test_a_payload_is_the_same_on_both_sides_of_the_quick_way(queue, kind, name):
    """Whatever its size, a job is stored or refused in the same way, alone and as one of many."""
    rows = "select to_jsonb(r) - '{id,seq,payload}'::text[] from ready_jobs r where id = %s"
    said = set()
    for length in (0, QUICK - 100, QUICK - 18, QUICK - 17, QUICK - 16, QUICK + 1, 50_000):
        payload = {"b": "x" * length}
        given = (name, kind, dumps(payload))
        if (name, kind) != ("default", "kind"):
            error = queue.failure("select enqueue(%s, %s, %s)", *given)
            said.add((error.sqlstate, error.diag.message_primary, error.diag.message_hint))
            continue
        alone = queue.one("select enqueue(%s, %s, %s)", *given)
        (many,) = queue.enqueue_many({"queue": name, "kind": kind, "payload": payload})
        assert queue.one(rows, alone) == queue.one(rows, many.id)
        assert queue.job(alone).payload == payload
        said.add(dumps(queue.one(rows, alone)))
    assert len(said) == 1


def test_the_sizes_of_that_test_are_on_both_sides(queue):
    """A text of 2000 - 17 characters makes a payload of exactly 2000 bytes."""
    size = "select pg_column_size(%s::jsonb)"
    assert queue.one(size, dumps({"b": "x" * (QUICK - 17)})) == QUICK


@pytest.mark.parametrize("length", [1_048_600, 20_000_000])
def test_a_large_payload_is_refused_however_small_it_is_stored(queue, length):
    """A body that compresses to some thousand bytes in a table is as large as it is."""
    queue.run("create temporary table bodies (body jsonb)")
    queue.run("insert into bodies select jsonb_build_object('b', repeat('a', %s))", length)
    assert queue.one("select pg_column_size(body) from bodies") < length / 50
    error = queue.failure("select enqueue('default', 'kind', body) from bodies")
    queue.run("drop table bodies")
    assert error.diag.message_primary.startswith("job 1: payload is at most 1 MiB")
    assert queue.one("select count(*) from ready_jobs") == 0
