"""Who wants an event: one rule, wherever it is asked."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

LETTERS = st.sampled_from(["", "a", "b", "a.b", "a%b", "a_b", "a\\b", "é"])
TYPES = st.one_of(st.none(), LETTERS)
PATTERNS = st.one_of(
    st.just("*"), LETTERS.filter(bool), LETTERS.map(lambda t: f"{t}*"),
    LETTERS.map(lambda t: f"*{t}"), st.just("a*b"),
)  # fmt: skip
SOURCES = st.sampled_from(["s", "t"])
ASKED = st.one_of(SOURCES, st.just("*"))
HANDLERS = st.lists(
    st.fixed_dictionaries(
        {"source": ASKED, "pattern": PATTERNS, "mode": st.sampled_from(["queued", "answer"])}
    ),
    max_size=3,
)
FORWARDS = st.lists(
    st.tuples(SOURCES, st.lists(PATTERNS, min_size=1, max_size=2, unique=True)), max_size=2
)
KINDS = st.one_of(
    st.none(),
    st.lists(st.sampled_from(["webhook:h0", "webhook:h1", "webhook:deliver"]), unique=True),
)


@pytest.fixture
def decided(sql):
    """Who wants an event, by the statement that makes jobs, by a replay, and by a redelivery."""

    def deciding(handlers, forwards, event, kinds):
        with sql.transaction(force_rollback=True):
            sql.execute(
                "select webhook_register('default', %s)",
                [json.dumps([{"kind": f"webhook:h{n}", "name": f"h{n}", "queue": "webhooks"} | h
                             for n, h in enumerate(handlers)])],
            )  # fmt: skip
            for n, (source, patterns) in enumerate(forwards):
                sql.execute(
                    "insert into webhook_endpoints (id, name, purpose, source, url, patterns, "
                    "created_at) values (new_id(), %s, 'forward', %s, 'http://x/', %s, now())",
                    [f"f{n}", source, patterns],
                )  # fmt: skip
            arrived = {"scheme": "none", "event_id": "e", **event}
            given_ = json.dumps([{k: v for k, v in arrived.items() if v is not None}])
            (ours,) = sql.execute(
                "select id from webhook_receive_many(%s, array['{}'::bytea])", [given_]
            ).fetchone()
            sql.execute("update webhook_events set jobs = '{}'")
            wanted = sql.execute(
                "select kind, mode from webhook_events e, "
                "webhook_wanted(webhook_described(e), %s) w where e.id = %s", [kinds, ours],
            ).fetchall()  # fmt: skip
            (why,) = sql.execute(
                "select why from webhook_replay_candidates('{}', %s)", [kinds]
            ).fetchone()
            answering = sql.execute(
                "select webhook_answering(e) from webhook_events e where e.id = %s", [ours]
            ).fetchall()
            return wanted, why, {kind for (kind,) in answering}

    return deciding


@settings(max_examples=150, deadline=None)
@given(
    handlers=HANDLERS,
    forwards=FORWARDS,
    event=st.fixed_dictionaries(
        {
            "source": SOURCES,
            "event_type": TYPES,
            "event_types": st.one_of(st.none(), st.lists(LETTERS, min_size=2, max_size=3)),
        }
    ),
    kinds=KINDS,
)
def test_a_replay_and_a_redelivery_want_what_an_arrival_wants(
    decided, handlers, forwards, event, kinds
):
    """A replay wants what an arrival would get jobs for, a redelivery what it is answered by."""
    wanted, why, answering = decided(handlers, forwards, event, kinds)
    assert (why is None) == any(mode != "answer" for _, mode in wanted), (wanted, why)
    if kinds is None:
        assert answering == {kind for kind, mode in wanted if mode == "answer"}
