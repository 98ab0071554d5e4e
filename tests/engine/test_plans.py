"""What is called all the time plans its statements once a session (docs/decisions/0013)."""

import json

import pytest
from tests.reads import counted

JOB = [{"queue": "default", "kind": "kind"}]
RATE = json.dumps([{"keys": ["a"], "policies": {"quota": 1000, "per": 1}}])


@pytest.fixture
def planned(queue):
    """A function that calls something and returns how many statements the planner was asked for."""
    told = []
    queue.connection.add_notice_handler(lambda notice: told.append(notice.message_primary))
    queue.run("set client_min_messages = log")

    def count(statement: str, *arguments) -> int:
        queue.run("set log_planner_stats = on")
        told.clear()
        queue.all(statement, *arguments)
        planned = told.count("PLANNER STATISTICS")
        queue.run("set log_planner_stats = off")
        return planned

    yield count
    queue.run("reset client_min_messages")


@pytest.mark.parametrize(
    ("statement", "arguments"),
    [
        ("select * from enqueue_many(%s)", [json.dumps(JOB * 3)]),
        ("select enqueue_plain(%s)", [json.dumps(JOB * 3)]),
        ("select * from enqueue_many(%s)", [json.dumps([JOB[0] | {"tenant": "t"}])]),
        (
            "select * from enqueue_many(%s)",
            [json.dumps([JOB[0] | {"ordering_key": "k", "dedupe_key": "d"}])],
        ),
        ("select enqueue_columns('{default}', '{k}', array['{}'::jsonb], null)", []),
        ("select * from claim('default', 2, 'w')", []),
        ("select * from claim('idle', 2, 'w')", []),
        ("select * from rate_check_many(%s)", [RATE]),
    ],
    ids=[
        "enqueue_many",
        "enqueue_plain",
        "tenants",
        "keys",
        "enqueue_columns",
        "claim",
        "claim nothing",
        "limit",
    ],
)
def test_the_planner_is_asked_once(queue, planned, statement, arguments):
    """From the second call on only the statement that calls is planned, and nothing inside it."""
    queue.policy("idle")
    for _ in range(2):
        queue.enqueue_many(*JOB * 5, *[JOB[0] | {"tenant": f"t{n % 3}"} for n in range(6)])
        planned(statement, *arguments)
    assert planned(statement, *arguments) <= 1  # the driver may have prepared that one


def test_to_settle_is_planned_once(queue, planned):
    """Neither does a result make the planner work again, good or bad."""
    queue.enqueue_many(*JOB * 40)

    def results(verdict):
        jobs = queue.claim("default", 3)
        return json.dumps(
            [{"id": str(j.id), "token": str(j.claim_token), "verdict": verdict} for j in jobs]
        )

    for verdict in ("delivered", "retry", "dead"):
        for _ in range(2):
            planned("select * from settle(%s)", results(verdict))
        assert planned("select * from settle(%s)", results(verdict)) <= 1
    for again in (False, False, True):
        jobs = queue.claim("default", 3)
        count = planned(
            "select * from settle_done(%s, %s)",
            [job.id for job in jobs],
            [job.claim_token for job in jobs],
        )
        assert count <= 1 or not again


@pytest.mark.parametrize("verdict", ["delivered", "retry", "snooze", "dead", "hold"])
def test_what_a_result_reads_does_not_grow(queue, verdict):
    """A few looks for three results, though the plans were made while all tables were empty."""

    def results():
        jobs = queue.claim("default", 3)
        return json.dumps(
            [
                {"id": str(j.id), "token": str(j.claim_token), "verdict": verdict, "because": "no"}
                for j in jobs
            ]
        )

    queue.run("vacuum analyze")
    for _ in range(3):
        queue.enqueue_many(*JOB * 3)
        queue.all("select * from settle(%s)", results())
    queue.run(
        """insert into attempts (job_id, queue, attempt, outcome, settled_at)
           select gen_random_uuid(), 'default', 1, 'retry', clock()
           from generate_series(1, 5000)"""
    )
    queue.run(
        """insert into dead_letters (id, queue, kind, payload, priority, attempts, crashes,
             deferrals, enqueued_at, run_at, reason, error, fingerprint, history, died_at)
           select gen_random_uuid(), 'default', 'k', '{}', 5, 1, 0, 0, clock(), clock(),
                  'exhausted', 'no', 'f', '[]', clock() from generate_series(1, 5000)"""
    )
    queue.enqueue_many(*JOB * 2000)
    given = results()
    with counted(queue.connection) as read:
        queue.all("select * from settle(%s)", given)
    assert read.total() <= 100
