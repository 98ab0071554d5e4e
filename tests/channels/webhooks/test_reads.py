"""What is read for an event or a message does not grow with what is stored of others."""

import json

import pytest
from tests.reads import counted

MANY = 1500


def _event(event_id, **more):
    return {"source": "s", "scheme": "none", "event_id": event_id, "event_type": "paid",
            "object_id": "o"} | more  # fmt: skip


@pytest.mark.parametrize("ordering", ["none", "object", "latest"])
def test_an_event_reads_a_few_rows(sql, ordering):
    """New, again and with its handlers: a few looks, though all was planned on empty tables."""
    handler = {"kind": "webhook:a", "name": "a", "source": "s", "pattern": "*",
               "queue": "webhooks", "ordering": ordering}  # fmt: skip
    sql.execute("select webhook_register('default', %s)", [json.dumps([handler])])

    def receive(*events):
        given = [json.dumps(events), [b"{}"] * len(events)]
        rows = sql.execute("select * from webhook_receive_many(%s, %s)", given).fetchall()
        return [row[1] for row in rows]

    def handle():
        jobs = sql.execute("select id, claim_token from claim('webhooks', 3, 'w')").fetchall()
        return [[job for job, _ in jobs], [token for _, token in jobs]]

    sql.execute("vacuum analyze")
    for n in range(3):
        ids = receive(*[_event(f"{n}.{k}") for k in range(3)])
        receive(_event(f"{n}.0"))
        sql.execute("select * from webhook_load_many(%s)", [ids])
        sql.execute("select * from settle_done(%s, %s)", handle())
    for n in range(0, MANY, 500):
        receive(*[_event(f"many {k}", object_id=f"o{k}") for k in range(n, n + 500)])
    with counted(sql) as read:
        ids = receive(*[_event(f"new {k}", object_id="o9") for k in range(3)])
        receive(_event("many 7"))
        sql.execute("select * from webhook_load_many(%s)", [ids])
        sql.execute("select * from settle_done(%s, %s)", handle())
    assert {table: count for table, count in read.items() if count > 40} == {}


def test_an_event_reads_no_endpoint_of_a_customer(sql):
    """However many endpoints customers have made since, an arrival looks at those that forward."""

    def receive(name):
        given = [json.dumps([_event(name)]), [b"{}"]]
        sql.execute("select * from webhook_receive_many(%s, %s)", given)

    sql.execute("vacuum analyze")
    receive("first")  # planned while there were none
    for n in range(100):
        made = json.dumps({"url": "https://example.com/", "tenant": f"t{n}"})
        sql.execute("select webhook_add_endpoint(%s, %s, 'ann')", [f"e{n}", made])
    with counted(sql) as read:
        receive("second")
    assert {table: count for table, count in read.items() if count > 40} == {}


def test_what_is_held_is_looked_through_once(sql):
    """What others hold is not read for each endpoint that was enabled just now."""
    for n in range(40):
        made = json.dumps({"url": "https://example.com/", "tenant": f"t{n}"})
        sql.execute("select webhook_add_endpoint(%s, %s, 'ann')", [f"e{n}", made])
        sql.execute("select webhook_set_endpoint_state(%s, 'enabled', 'ann')", [f"e{n}"])
    sql.execute(
        """select count(enqueue('webhooks-out', 'webhook:deliver', '{}', '{"tenant": "other"}'))
        from generate_series(1, 20)"""
    )
    sql.execute(
        """select count(*) from settle((select jsonb_agg(jsonb_build_object(
            'id', id, 'token', claim_token, 'verdict', 'hold', 'because', 'its endpoint is paused'))
        from claim('webhooks-out', 20, 'w')))"""
    )
    sql.execute("select webhook_let_go()")
    with counted(sql) as read:
        sql.execute("select webhook_let_go()")
    assert 20 <= read["deferred_jobs"] <= 40


def test_a_message_reads_a_few_rows(sql):
    """To send a message and to deliver it: likewise."""
    endpoint = json.dumps({"url": "https://example.com/"})
    (endpoint_id,) = sql.execute(
        "select webhook_add_endpoint('a', %s, 'ann')", [endpoint]
    ).fetchone()

    def send(name):
        statement = "select id from webhook_send(%s, 'paid', '{}'::bytea)"
        return sql.execute(statement, [name]).fetchone()[0]

    def deliver(message):
        statement = "select message_id from webhook_delivery(%s, null, %s)"
        assert sql.execute(statement, [endpoint_id, message]).fetchone()
        sql.execute(
            "select webhook_delivered(%s, %s, %s, 1, 200, 'delivered', null, 5, 'ok')",
            [endpoint_id, message, message],
        )

    sql.execute("vacuum analyze")
    for n in range(8):
        deliver(send(f"first {n}"))
    for n in range(600):
        send(f"many {n}")
    with counted(sql) as read:
        deliver(send("new"))
        send("many 7")
    assert {table: count for table, count in read.items() if count > 40} == {}


def test_a_bite_of_a_replay_reads_no_more_than_it_replays(sql):
    """A replay of many events looks at those of its next bite, not at all of them each time."""
    handler = {"kind": "webhook:a", "name": "a", "source": "s", "pattern": "*",
               "queue": "webhooks"}  # fmt: skip
    sql.execute("select webhook_register('default', %s)", [json.dumps([handler])])
    sql.execute("select count(*) from webhook_replay('{}', 'ann')")  # planned on empty tables
    for n in range(0, MANY, 500):
        events = [_event(f"many {k}", object_id=f"o{k}") for k in range(n, n + 500)]
        sql.execute(
            "select count(*) from webhook_receive_many(%s, %s)",
            [json.dumps(events), [b"{}"] * len(events)],
        )
    jobs = sql.execute("select id, claim_token from claim('webhooks', 2000, 'w')").fetchall()
    ended = [[job for job, _ in jobs], [token for _, token in jobs]]
    sql.execute("select count(*) from settle_done(%s, %s)", ended)
    sql.execute("vacuum analyze webhook_events")  # as autovacuum does, sooner or later
    bite = "select event from webhook_replay(%s, 'ann', p_limit => 5)"
    (*_, (last,)) = sql.execute(bite, ['{"source": "s"}']).fetchall()
    with counted(sql) as read:
        made = sql.execute(bite, [json.dumps({"source": "s", "after": str(last)})]).fetchall()
    assert len(made) == 5
    assert {table: count for table, count in read.items() if count > 60} == {}


def test_a_pass_over_private_events_reads_what_is_new(sql):
    """What was redacted before is not looked at again: a pass costs what has come since."""
    change = '{"redact_paths": ["/a"], "redact_after": "1 day"}'
    sql.execute("select webhook_set_source('s', %s, 'ann')", [change])
    at = "select set_config('holdfast.now', %s, false)"
    sql.execute(at, ["2030-01-01T12:00:00Z"])
    sql.execute("select webhook_redact()")  # planned on empty tables
    for n in range(0, MANY, 500):
        sql.execute(at, [f"2030-01-01T13:{n // 100:02}:00Z"])
        events = [_event(f"many {k}") for k in range(n, n + 500)]
        sql.execute(
            "select count(*) from webhook_receive_many(%s, %s)",
            [json.dumps(events), [b"{}"] * len(events)],
        )
    for second in range(10, 22):
        sql.execute(at, [f"2030-01-03T12:00:{second}Z"])
        sql.execute("select webhook_redact()")
    (left,) = sql.execute(
        "select count(*) filter (where redacted_at is null) from webhook_events"
    ).fetchone()
    with counted(sql) as read:
        sql.execute("select webhook_redact()")
    assert left == 0
    assert {table: count for table, count in read.items() if count > 40} == {}
