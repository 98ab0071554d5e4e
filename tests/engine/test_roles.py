"""Roles: who may enqueue, work, look and operate; PUBLIC may nothing."""

import json

import psycopg
import pytest

DENIED = psycopg.errors.InsufficientPrivilege


def _functions(queue):
    rows = queue.all(
        "select oid, proname from pg_proc where pronamespace = 'holdfast'::regnamespace"
    )
    return {row.oid: row.proname for row in rows}


def test_public_can_do_nothing(queue, member):
    """A login role that is in none of our roles sees no table and calls no function."""
    with member(None) as person:
        for statement in ("select * from holdfast.jobs", "select holdfast.enqueue('default', 'k')"):
            assert isinstance(person.failure(statement), DENIED)
    for oid, name in _functions(queue).items():
        assert not queue.one("select has_function_privilege('public', %s::oid, 'execute')", oid), (
            name
        )


def test_a_sender_sends_and_sees_nothing(queue, member):
    """A sender enqueues in every way, and cannot read payloads, claim, settle or replay."""
    queue.run("select set_idle('w', 'default', '1 minute')")
    with member("enqueue") as sender:
        sender.enqueue(payload={"secret": 1})
        first = sender.enqueue(dedupe_key="k", ordering_key="line")
        assert sender.enqueue(dedupe_key="k") == first
        sender.enqueue(ordering_key="line")
        sender.enqueue(run_at="2031-01-01T00:00:00Z")
        sender.enqueue(ordering_key="line", supersede=True)
        assert len(sender.enqueue_many({"queue": "default", "kind": "k"})) == 1
        assert sender.failure("select enqueue('nowhere', 'k')").sqlstate == "JQ004"
        for statement in (
            "select * from jobs",
            "select payload from ready_jobs",
            "select * from deferred_jobs",
            "delete from ready_jobs",
            "select claim('default')",
            "select settle('[]')",
            f"select replay('{first}', 'me')",
            f"select cancel('{first}', 'me')",
            f"select explain('{first}')",
            "select pause_queue('default', 'me')",
            "insert into queues (name, created_at) values ('x', now())",
        ):
            assert isinstance(sender.failure(statement), DENIED), statement
    states = "select array_agg(state order by state) from jobs"
    assert queue.one(states) == ["cancelled"] * 2 + ["ready"] * 4


def test_a_sender_supersedes_what_waits_and_no_more(queue, member):
    """Latest wins also for a sender: what has begun goes on, and other keys are not touched."""
    began, waits = (queue.enqueue(ordering_key="line") for _ in range(2))
    (running,) = queue.claim()
    with member("enqueue") as sender:
        latest = sender.enqueue(ordering_key="line", supersede=True)
        both = sender.enqueue_many(*(
            {"queue": "default", "kind": "k", "ordering_key": key, "supersede": True}
            for key in ("line", "other")
        ))  # fmt: skip
    assert [queue.state(job_id) for job_id in (began, waits, latest)] == [
        "leased", "cancelled", "cancelled"
    ]  # fmt: skip
    queue.verdict(running, "delivered")
    assert {job.id for job in queue.claim()} == {row.id for row in both}


def test_a_worker_may_revive(queue, member):
    """The option `revive` works for a worker."""
    first = queue.kill(dedupe_key="k")
    with member("work") as worker:
        assert worker.enqueue(dedupe_key="k", revive=True) == first
    assert queue.state(first) == "ready"


@pytest.mark.parametrize("role", ["work", "operate"])
def test_a_worker_does_its_work(queue, member, role):
    """A worker claims, settles in every way, heartbeats and maintains; an operator may, too."""
    queue.policy(lease="10 seconds", max_crashes=1, on_unknown="hold", retry_base="1 s")
    queue.policy("other", max_attempts=1, lease="1 second")
    verdicts = ["delivered", "retry", "snooze", "dead", "unknown"]
    with member(role) as worker:
        for name in verdicts:
            worker.enqueue(ordering_key=name)
        worker.enqueue("other", expires_at="2030-01-01T12:00:05Z")
        worker.run("select heartbeat('w', '{default}', 'box', 1)")
        worker.run("select set_idle('w', 'default', '1 minute')")
        jobs = dict(zip(verdicts, worker.claim(), strict=True))
        worker.run("select extend(%s)", json.dumps([_pair(jobs["retry"])]))
        for verdict, job in jobs.items():
            assert worker.verdict(job, verdict, after=1)[0]
            assert not worker.verdict(job, verdict)[0]
        worker.at(8)
        assert worker.claim("other") == []
        (again,) = [job for job in worker.claim() if job.id == jobs["retry"].id]
        worker.run("select * from release(%s)", json.dumps([_pair(again)]))
        worker.claim()
        worker.at(100)
        worker.run("select * from maintain()")
        worker.run("select * from maintain_partitions(0)")
        worker.run("select next_due('default'), audit(), explain(%s)", again.id)
        worker.run("select sign_off('w')")
        if role == "operate":
            return
        for statement in (
            f"select replay('{jobs['dead'].id}', 'me')",
            "select discard_dead_letters('{}', 'me', 'why')",
            "select pause_queue('default', 'me')",
            "drop table finished_jobs_default",
        ):
            assert isinstance(worker.failure(statement), DENIED), statement


def _pair(job):
    return {"id": str(job.id), "token": str(job.claim_token)}


def test_a_worker_makes_the_queues_of_its_handlers(queue, member):
    """A worker makes a queue with the policy that its handler asks for."""
    with member("work") as worker:
        assert worker.one("""select create_queue('reports', '{"max_attempts": 3}')""") is True
    assert queue.one("select max_attempts from queues where name = 'reports'") == 3


def test_a_reader_looks_and_changes_nothing(queue, member):
    """A reader sees every view and list, and calls nothing that writes."""
    job_id = queue.enqueue()
    letter = queue.kill()
    with member("read") as reader:
        for statement in (
            "select * from jobs",
            "select * from queue_overview",
            "select * from dead_letter_groups",
            "select * from job_attempts",
            "select * from operations",
            f"select explain('{job_id}')",
            f"select explain('{letter}')",
            "select * from audit()",
            "select select_dead_letters('{}', 10)",
        ):
            reader.run(statement)
        for statement in (
            "select enqueue('default', 'k')",
            "select claim('default')",
            "select settle('[]')",
            f"select cancel('{job_id}', 'me')",
            f"select hold('{job_id}', 'me')",
            f"select replay('{letter}', 'me')",
            "select next_due('default')",
            "select maintain()",
            "select prune()",
            "select maintain_partitions()",
            "select pause_queue('default', 'me')",
            "select create_queue('x')",
            "delete from ready_jobs",
            "update queues set batch = 1",
        ):
            assert isinstance(reader.failure(statement), DENIED), statement


LISTS = (
    "job_list()",
    "job_show((select id from jobs limit 1))",
    "find_job((select id::text from jobs limit 1))",
    "dead_letter_list()",
    "dead_letter_group_list()",
    "dead_letter_show((select id from dead_letters))",
    "queue_list()",
    "worker_list()",
    "checkup()",
)


@pytest.mark.parametrize("role", ["read", "operate"])
def test_who_looks_has_the_lists(queue, member, role):
    """Whoever may look may call the lists that the command line and the dashboard are made of."""
    queue.kill()
    with member(role) as reader:
        for call in LISTS:
            reader.all(f"select * from {call}")


def test_an_operator_operates(queue, member):
    """An operator pauses, holds, cancels, replays and discards."""
    job_id = queue.enqueue()
    letters = [queue.kill(), queue.kill(), queue.kill()]
    with member("operate") as operator:
        operator.run("select pause_queue('default', 'ann')")
        operator.run("select resume_queue('default', 'ann')")
        operator.run("""select set_queue('default', '{"batch": 5}')""")
        operator.run("select replay(%s, 'ann')", letters[0])
        operator.run("select replay(%s, 'ann', null, '{}')", letters[1])
        operator.run("select discard_dead_letters('{}', 'ann', 'test')")
        operator.run("select hold(%s, 'ann')", letters[0])
        operator.run("select unhold(%s, 'ann')", letters[0])
        operator.run("select cancel(%s, 'ann')", letters[0])
    assert job_id not in letters
    assert queue.one("select count(*) from operations") == 9
