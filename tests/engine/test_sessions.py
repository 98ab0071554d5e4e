"""Callers with sessions of their own kind: careless, strict, or of another schema."""

import psycopg
import pytest
from psycopg.rows import namedtuple_row

from holdfast.database import migrate
from holdfast.engine import ROOM


@pytest.mark.parametrize("setting", ["off", "local", "on"])
@pytest.mark.parametrize("call", ["enqueue", "claim", "settle", "cancel", "replay"])
def test_a_careless_session_is_lifted(queue, call, setting):
    """A session that is told not to wait for the disk waits for what we acknowledge."""
    job_id = queue.kill() if call == "replay" else queue.enqueue()
    job = queue.claim_one() if call == "settle" else None
    queue.run(f"set synchronous_commit = {setting}")
    with queue.transaction():
        if call == "enqueue":
            queue.enqueue()
        elif call == "claim":
            queue.claim()
        elif call == "settle":
            queue.verdict(job, "delivered")
        else:
            queue.run(f"select {call}(%s, 'ann')", job_id)
        inside = queue.one("show synchronous_commit")
    assert inside == ("on" if setting == "off" else setting)
    assert queue.one("show synchronous_commit") == setting


@pytest.mark.parametrize("level", ["repeatable read", "serializable"])
def test_a_strict_transaction_can_do_everything(queue, level):
    """Alone, a transaction with one snapshot enqueues, claims and settles like any other."""
    queue.run(f"set default_transaction_isolation = '{level}'")
    with queue.transaction():
        ids = [queue.enqueue(ordering_key="line"), queue.enqueue(dedupe_key="k")]
        assert queue.enqueue(dedupe_key="k") == ids[1]
        jobs = queue.claim()
        assert {job.id for job in jobs} == set(ids)
        for job in jobs:
            assert queue.verdict(job, "delivered") == (True, "done")


@pytest.mark.parametrize("what", ["dedupe", "ordering", "claim", "settle"])
def test_a_strict_transaction_in_a_race_is_told_to_repeat(queue, another, what):
    """A snapshot that is too old gives a serialization failure, never a wrong answer."""
    strict = another()
    strict.run("set default_transaction_isolation = 'repeatable read'")
    queue.enqueue()
    job = queue.claim_one() if what == "settle" else None
    with (  # noqa: PT012
        pytest.raises(psycopg.errors.SerializationFailure),
        strict.transaction(),
    ):
        strict.all("select * from jobs")  # takes the snapshot
        if what == "dedupe":
            queue.enqueue(dedupe_key="k")
            strict.enqueue(dedupe_key="k")
        elif what == "ordering":
            queue.enqueue(ordering_key="k")
            strict.enqueue(ordering_key="k")
        elif what == "claim":
            queue.claim()
            strict.claim()
        else:
            queue.verdict(job, "delivered")
            strict.verdict(job, "retry")
    assert len(queue.all("select * from jobs")) <= 2


def test_functions_find_their_tables_whatever_the_path(queue):
    """With an empty or hostile search_path every function still works on its own schema."""
    with queue.transaction():
        queue.run("create temp table ready_jobs (id uuid)")
        queue.run("create temp table queues (name text)")
        queue.run("set local search_path = pg_temp, public")
        job_id = queue.one("select holdfast.enqueue('default', 'k')")
        assert queue.one("select id from holdfast.claim('default')") == job_id
        queue.run("set local search_path = ''")
        assert queue.one("select holdfast.explain(%s) ->> 'rule'", job_id) == "lease"
        assert queue.all("select * from holdfast.audit()") == []
        queue.run("set local search_path = holdfast")
    queue.run("drop table pg_temp.ready_jobs, pg_temp.queues")


def test_another_schema_beside_it(empty):
    """Two installations in one database know nothing of each other."""
    dsn = empty()
    assert migrate(dsn, [ROOM], "holdfast") != []
    assert migrate(dsn, [ROOM], "tie") != []
    with psycopg.connect(dsn, autocommit=True, row_factory=namedtuple_row) as connection:
        run = connection.execute
        job_id = run("select tie.enqueue('default', 'k') as id").fetchone().id
        run("select tie.enqueue('default', 'k', '{}', '{\"ordering_key\": \"a\"}')")
        assert run("select * from holdfast.jobs").fetchall() == []
        assert run("select * from holdfast.claim('default')").fetchall() == []
        job, _ = run("select * from tie.claim('default')").fetchall()
        assert job.id == job_id
        settled = run(
            "select * from tie.settle(jsonb_build_array(jsonb_build_object('id', %s::uuid,"
            " 'token', %s::uuid, 'verdict', 'dead')))",
            [job.id, job.claim_token],
        ).fetchone()
        assert settled.state == "dead"
        run("select tie.replay(%s, 'ann')", [job_id])
        run("select * from tie.maintain()")
        assert run("select * from tie.audit()").fetchall() == []
        run("listen tie_wake")
        run("select tie.set_idle('w', 'default', '1 minute')")
        run("select tie.enqueue('default', 'k')")
        (notice,) = connection.notifies(timeout=60, stop_after=1)
        assert notice.channel == "tie_wake"
        roles = run("select rolname from pg_roles where rolname like 'tie\\_%'").fetchall()
        assert len(roles) == 4


def test_the_schema_can_be_dropped(empty):
    """Nothing is left behind outside of the schema: one DROP SCHEMA takes it all away."""
    dsn = empty()
    migrate(dsn, [ROOM], "tie")
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("drop schema tie cascade")
        left = connection.execute(
            "select relname from pg_class where relnamespace = 'public'::regnamespace"
        ).fetchall()
        assert left == []
    assert migrate(dsn, [ROOM], "tie") != []
