"""The backoff of the SQL functions, against the vectors that every language reads."""

import json
from pathlib import Path

import pytest

VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "backoff.json").read_text())


def test_backoff_agrees_with_the_vectors(queue):
    """Every vector of the pause between attempts holds for the SQL function `backoff`."""
    for v in VECTORS["delay"]:
        delay = queue.one(
            "select backoff(%s::integer, %s::float8, %s::float8, %s::float8, %s::float8,"
            " %s::float8)",
            *(v[name] for name in ("attempt", "base", "factor", "cap", "jitter", "chance")),
        )
        assert delay == pytest.approx(v["delay"], rel=1e-9, abs=0), v


def test_wished_agrees_with_the_vectors(queue):
    """Every vector of a Retry-After holds for the SQL function `wished`."""
    for v in VECTORS["wished"]:
        delay = queue.one(
            "select wished(%s::float8, %s::float8, %s::float8, %s::float8)",
            *(float(v[name]) for name in ("after", "own", "cap", "chance")),
        )
        assert delay == pytest.approx(v["delay"], rel=1e-9, abs=0), v


def test_no_wish_is_no_wish(queue):
    """Without a Retry-After the own pause stands, with nothing added."""
    assert queue.one("select wished(null, 10, 3600, 0.9)") == 10


def test_a_queue_without_pauses_retries_at_once(queue):
    """A queue whose base or cap is nothing plans its retries for now."""
    queue.policy(retry_base="0")
    queue.policy("capped", retry_cap="0")
    for name in ("default", "capped"):
        queue.enqueue(name)
        queue.verdict(queue.claim_one(name), "retry")
        assert queue.claim_one(name).attempt == 2
