"""Absurd arguments: an error that says what is wrong, or a job that can run. Nothing in between."""

import json
from datetime import UTC, datetime, timedelta

import psycopg
from hypothesis import given, settings
from hypothesis import strategies as st
from psycopg import Rollback

CLEAN = {"JQ", "22", "23", "54"}
texts = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        ["", " ", "\x00", "\ud800", "default", "NaN", "Infinity", "-1", "7", "x" * 300]
    ),
)
scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.integers(-2, 11),
    st.floats(),
    texts,
    st.uuids().map(str),
    st.datetimes(datetime(1, 1, 1), datetime(9990, 1, 1)).map(lambda t: t.isoformat() + "Z"),  # noqa: DTZ001
    st.sampled_from(["epoch", "now", "tomorrow", "4713-01-01 BC", "99999-01-01", "infinity"]),
)
values = st.recursive(
    scalars,
    lambda deeper: st.lists(deeper, max_size=3) | st.dictionaries(texts, deeper, max_size=3),
)
NAMES = [
    "payload", "run_at", "expires_at", "priority", "tenant", "ordering_key", "dedupe_key",
    "dedupe_scope", "revive", "replay_of", "id",
]  # fmt: skip
likely = st.fixed_dictionaries(
    {"queue": st.just("default"), "kind": st.just("k")},
    optional=dict.fromkeys(NAMES, scalars),
)
items = st.one_of(likely, values, st.dictionaries(st.sampled_from(NAMES) | texts, values))
END = datetime(9998, 1, 1, tzinfo=UTC)


def _answer(queue, statement, *args):
    """Rows, or None if the statement was refused; any other end is a bug."""
    try:
        with queue.transaction():
            return queue.all(statement, *args)
    except psycopg.Error as error:
        if error.sqlstate and error.sqlstate[:2] not in CLEAN:
            raise
        if not error.sqlstate and not isinstance(error, psycopg.DataError):
            raise
    except UnicodeEncodeError:
        pass  # half a surrogate pair, and a NUL above, do not even leave the driver
    return None


def _drain(queue):
    """Let all time pass, and finish every job that turns up."""
    for days in range(10):
        queue.run("select set_config('holdfast.now', %s, true)", str(END + timedelta(days=days)))
        while jobs := queue.claim():
            queue.settle(
                *({"id": j.id, "token": j.claim_token, "verdict": "delivered"} for j in jobs)
            )


@settings(max_examples=60)
@given(jobs=st.lists(items, max_size=4) | values, ascii_only=st.booleans())
def test_enqueue(queue, jobs, ascii_only):
    """Whatever is enqueued is refused with a clean error, or is a job that ends."""
    with queue.transaction():
        text = json.dumps(jobs, ensure_ascii=ascii_only)
        rows = _answer(queue, "select * from enqueue_many(%s)", text)
        assert queue.audit() == []
        for row in rows or []:
            assert queue.explain(row.id)["state"] == "ready"
        _drain(queue)
        states = {state for (state,) in queue.all("select state from jobs")}
        assert states <= {"done", "expired"}
        assert queue.audit() == []
        raise Rollback


CALLS = (
    "select * from claim(%s::text, %s::integer, %s::text, %s::interval)",
    "select extend(%s::jsonb, %s::interval)",
    "select heartbeat(%s::text, %s::text[], %s::text, %s::integer, %s::jsonb)",
    "select * from release(%s::jsonb, %s::text)",
    "select replay(%s::uuid, %s::text, %s::text, %s::jsonb, %s::timestamptz)",
    "select replay_dead_letters(%s::jsonb, %s::text, %s::text, %s::integer, %s::float8)",
    "select discard_dead_letters(%s::jsonb, %s::text, %s::text, %s::integer)",
    "select create_queue(%s::text, %s::jsonb)",
    "select set_queue(%s::text, %s::jsonb)",
    "select pause_queue(%s::text, %s::text, %s::text, %s::timestamptz)",
    "select cancel(%s::uuid, %s::text, %s::text)",
    "select explain(%s::uuid)",
    "select rescue(%s::text, %s::integer)",
    "select prune(%s::integer)",
    "select error_fingerprint(%s::text, %s::text)",
)
arguments = st.one_of(
    st.none(),
    texts,
    st.integers(-3, 10**11).map(str),
    st.sampled_from(["7 days", "-1 s", "178000000 years", "{}", "[]", "[{}]", "{a,b}"]),
    values.map(json.dumps),
)


@settings(max_examples=90)
@given(call=st.sampled_from(CALLS), given_=st.lists(arguments, min_size=5, max_size=5))
def test_every_function(queue, call, given_):
    """No function answers absurd arguments with anything but a clean error or a result."""
    with queue.transaction():
        queue.enqueue(ordering_key="line")
        queue.claim()
        _answer(queue, call, *given_[: call.count("%s")])
        assert queue.audit() == []
        raise Rollback


results = st.fixed_dictionaries(
    {"verdict": st.sampled_from(["delivered", "retry", "snooze", "dead", "unknown"]) | scalars},
    optional={"because": values, "after": scalars, "until": scalars, "token": scalars},
)


@settings(max_examples=60)
@given(result=results, queue_is=st.sampled_from(["resend", "hold"]))
def test_settle(queue, result, queue_is):
    """Whatever a worker reports, the job is settled, or it is still the worker's."""
    with queue.transaction():
        queue.policy(on_unknown=queue_is)
        queue.enqueue()
        job = queue.claim_one()
        text = json.dumps({"id": str(job.id), "token": str(job.claim_token), **result})
        rows = _answer(queue, "select * from settle(jsonb_build_array(%s::jsonb))", text)
        if rows:
            assert rows[0].state == queue.state(job.id)
        if not rows or not rows[0].accepted:
            assert queue.verdict(job, "delivered") == (True, "done")
        for (held,) in queue.all("select id from jobs where state = 'held'"):
            queue.run("select unhold(%s, 'ann')", held)
        assert queue.audit() == []
        _drain(queue)
        assert queue.state(job.id) in {"done", "dead"}
        raise Rollback
