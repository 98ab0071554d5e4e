"""What is read for an event or a message does not grow with what is stored of others."""

import json

import psycopg
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


def test_what_goes_on_is_found_by_its_endpoint(sql):
    """What other endpoints, and people, hold is not read for one that was enabled just now."""
    for name in ("a", "b"):
        made = json.dumps({"url": "https://example.com/"})
        sql.execute("select webhook_add_endpoint(%s, %s, 'ann')", [name, made])
    sql.execute("select webhook_set_endpoint_state('a', 'enabled', 'ann')")
    sql.execute("select webhook_let_go()")  # planned while nothing was held
    sql.execute(
        """insert into deferred_jobs (id, queue, kind, payload, priority, attempts, crashes,
             deferrals, enqueued_at, run_at, waits_for, tenant, because)
           select gen_random_uuid(), 'webhooks-out', 'webhook:deliver', '{}', 5, 0, 0, 0, clock(),
             clock(), 'person', (select id from webhook_endpoints where name = 'a'),
             case n when 1 then 'its endpoint a is paused: x'
               when 2 then 'its endpoint a answered 410 Gone and is disabled now'
               else 'its endpoint b is paused: x' end from generate_series(1, 500) n"""
    )
    with counted(sql) as read:
        assert sql.execute("select webhook_let_go()").fetchone() == (2,)
    assert read["deferred_jobs"] < 40


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


def _stored(sql, count=MANY, start="2030-01-01T00:00:00Z", **more):
    """Events of one source, a hundred an hour."""
    for n in range(count // 100):
        at = (
            "select set_config('holdfast.now', (%s::timestamptz + %s * interval '1h')::text, false)"
        )
        sql.execute(at, [start, n])
        events = [_event(f"e{n}.{k}", object_id=f"o{n}.{k}") | more for k in range(100)]
        sql.execute(
            "select count(*) from webhook_receive_many(%s, %s)",
            [json.dumps(events), [b"{}"] * len(events)],
        )
    sql.execute("vacuum analyze webhook_events")


@pytest.mark.parametrize(
    "wanted", [{"source": "s"}, {"source": "s", "since": "2030-01-01T08:00:00Z"}]
)
def test_no_later_bite_of_a_replay_reads_more(sql, wanted):
    """The tenth bite in a session reads no more than it replays, nor does one that has a time."""
    handler = {"kind": "webhook:a", "name": "a", "source": "s", "pattern": "*", "queue": "webhooks"}
    _stored(sql)
    sql.execute("select webhook_register('default', %s)", [json.dumps([handler])])
    bite = "select event from webhook_replay(%s, 'ann', p_limit => 5)"
    after: dict[str, str] = {}
    for _ in range(10):
        with counted(sql) as read:
            made = sql.execute(bite, [json.dumps(wanted | after)]).fetchall()
        assert len(made) == 5
        after = {"after": str(made[-1][0])}
    assert read["webhook_events"] <= 100


@pytest.mark.parametrize(
    "wanted", [{"object": "o3.7"}, {"held": True}, {"since": "2030-01-01T14:30Z"}]
)
def test_a_list_in_a_long_session_reads_what_is_asked_for(sql, wanted):
    """The list of a process that has listed often finds what is asked for by its index."""
    _stored(sql)
    sql.execute("set plan_cache_mode = force_generic_plan")  # as from the sixth call on
    with counted(sql) as read:
        sql.execute("select count(*) from webhook_list(%s)", [json.dumps(wanted)])
    assert read["webhook_events"] <= 250


def test_attempts_in_a_long_session_read_what_is_asked_for(sql):
    """Likewise the list of attempts: an hour in which there were none is no walk over all."""
    sql.execute(
        """insert into webhook_deliveries (endpoint, subject, job, attempt, status, outcome,
                                           duration_ms, at)
           select gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), 1, 200, 'delivered', 5,
                  now() - interval '1 day' from generate_series(1, 5000)"""
    )
    sql.execute("vacuum analyze webhook_deliveries")
    sql.execute("set plan_cache_mode = force_generic_plan")
    with counted(sql) as read:
        sql.execute("""select count(*) from webhook_attempt_list('{"since": "1h"}')""")
    assert read["webhook_deliveries"] <= 100


def _sent(sql, count):
    """Messages to an endpoint of each of ten tenants, from the oldest on: ended, done, ready."""
    made = "select webhook_add_endpoint(%s, %s, 'ann')"
    for n in range(10):
        given = json.dumps({"url": "https://example.com/", "tenant": f"t{n}"})
        sql.execute(made, [f"e{n}", given])
    sql.execute(
        """insert into webhook_messages (id, message_id, tenant, type, body, jobs, created_at)
           select id, 'm' || n, 't' || case when n % 1000 = 0 then 9 else n % 9 end, 'paid', '{}',
                  array[id], '2030-01-01'::timestamptz + n * interval '1 minute'
           from generate_series(1, %s::integer) n, lateral (select (
             '00000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid as id) i""".replace(
            "n % ", "n %% "
        ),
        [count],
    )
    columns = "id, queue, kind, payload, priority, tenant, attempts, crashes, deferrals"
    job = """select m.id, 'webhooks-out', 'webhook:deliver', jsonb_build_object('message', m.id), 5,
                    e.id::text, 1, 0, 0, m.created_at, m.created_at
             from webhook_messages m join webhook_endpoints e using (tenant)
             where substr(message_id, 2)::integer"""
    sql.execute(f"insert into ready_jobs ({columns}, enqueued_at, run_at) {job} > {count * 2 // 3}")
    sql.execute(
        f"""insert into finished_jobs ({columns}, enqueued_at, run_at, state, finished_at)
            select *, 'done', now() from ({job} between {count // 3} and {count * 2 // 3}) j"""
    )
    sql.execute("vacuum analyze")


@pytest.mark.parametrize(
    ("wanted", "count"),
    [
        ({"endpoint": "e9"}, 5), ({"state": "ready"}, 5), ({"state": "done"}, 5),
        ({"state": "cancelled"}, 0), ({"endpoint": "e9", "state": "ended"}, 0),
        ({"tenant": "t9", "state": "done"}, 5), ({"state": "dead", "type": "x"}, 0),
    ],
)  # fmt: skip
def test_messages_in_a_long_session_are_read_as_far_as_they_are_asked_for(sql, wanted, count):
    """A list of messages looks at those of the endpoint, few jobs or a page; also unanalyzed."""
    _sent(sql, 15_000)
    for _ in ("analyzed", "as after a restore"):
        with counted(sql) as read:
            rows = sql.execute("select id from webhook_message_list(%s, 5)", [json.dumps(wanted)])
            assert len(rows.fetchall()) == count
        assert read["webhook_messages"] <= (5_000 if wanted.get("state") == "ready" else 200)
        assert read["ready_jobs"] <= 11_000
        sql.execute("delete from pg_statistic")


def test_a_list_of_messages_that_has_no_end_says_where_it_goes_on(sql):
    """What many have and few have together is looked for among a million (here 5000), by pages."""
    _sent(sql, 6_000)
    sql.execute(
        "create or replace function holdfast.most_looked_through() returns integer "
        "language sql immutable as 'select 5000'"
    )
    wanted = {"type": "nothing"}
    page = "select id from webhook_message_list(%s, 5)"
    with pytest.raises(psycopg.errors.DatabaseError, match=r"of 5000 messages .* 0 fit") as told:
        sql.execute(page, [json.dumps(wanted)])
    before = told.value.diag.message_hint.rsplit(maxsplit=1)[1]
    assert sql.execute(page, [json.dumps(wanted | {"before": before})]).fetchall() == []
    first = sql.execute(page, [json.dumps({"before": before})]).fetchone()
    assert first[0].int == (0x70008000 << 48) + 1_000


def test_few_jobs_in_a_state_are_found_without_all_events(sql):
    """`webhook_retry_queue` looks at the events of the jobs in the state that is asked for."""
    handler = {"kind": "webhook:a", "name": "a", "source": "s", "pattern": "kept",
               "queue": "webhooks"}  # fmt: skip
    _stored(sql, event_type="paid")
    sql.execute("select webhook_register('default', %s)", [json.dumps([handler])])
    events = [_event(f"kept {n}", event_type="kept") for n in range(3)]
    given = [json.dumps(events), [b"{}"] * 3]
    sql.execute("select count(*) from webhook_receive_many(%s, %s)", given)
    jobs = sql.execute("select id, claim_token from claim('webhooks', 3, 'w')").fetchall()
    dead = [{"id": str(j), "token": str(t), "verdict": "dead", "because": "no"} for j, t in jobs]
    sql.execute("select count(*) from settle(%s)", [json.dumps(dead)])
    sql.execute("vacuum analyze")
    with counted(sql) as read:
        rows = sql.execute(
            "select event_id from webhook_retry_queue where status = 'dead_letter' order by 1"
        ).fetchall()
    assert rows == [("kept 0",), ("kept 1",), ("kept 2",)]
    assert read["webhook_events"] <= 20


def test_an_event_is_found_by_its_first_digits(sql):
    """An id's first digits are a look at an index; only its last ones make anybody read all."""
    _stored(sql)
    sql.execute("select count(*) from webhook_receive('s', 'alone', 'a', null, null, null, '{}')")
    statement = "select event::text from webhook_keys where event_id = 'alone'"
    (alone,) = sql.execute(statement).fetchone()
    with counted(sql) as read:
        sql.execute("select webhook_find(%s)", [alone[:-4]])
    assert read["webhook_events"] <= 10


def test_what_has_to_stay_is_looked_at_once(sql):
    """Old events that dead letters keep are passed over: a pass costs what it deletes."""
    handler = {
        "kind": "webhook:a",
        "name": "a",
        "source": "s",
        "pattern": "kept",
        "queue": "webhooks",
    }
    sql.execute("select webhook_register('default', %s)", [json.dumps([handler])])
    _stored(sql, event_type="kept")
    jobs = sql.execute("select id, claim_token from claim('webhooks', 2000, 'w')").fetchall()
    dead = [{"id": str(j), "token": str(t), "verdict": "dead", "because": "no"} for j, t in jobs]
    sql.execute("select count(*) from settle(%s)", [json.dumps(dead)])
    sql.execute("select set_config('holdfast.now', '2030-01-02 00:00Z', false)")
    many = [_event(f"goes {k}") for k in range(300)]
    given = [json.dumps(many), [b"{}"] * 300]
    sql.execute("select count(*) from webhook_receive_many(%s, %s)", given)
    sql.execute("select set_config('holdfast.now', '2030-05-01 00:00Z', false)")
    sql.execute("vacuum analyze")
    assert sql.execute("select webhook_prune(100)").fetchone() == (100,)
    with counted(sql) as read:
        assert sql.execute("select webhook_prune(100)").fetchone() == (100,)
    assert read["webhook_events"] <= 700
    assert sql.execute("select webhook_prune(100)").fetchone() == (100,)
    sql.execute("delete from dead_letters")
    sql.execute("delete from webhook_keys")
    sql.execute("select webhook_prune(100)")
    sql.execute("select set_config('holdfast.now', '2030-05-01 02:00Z', false)")
    for _ in range(17):
        sql.execute("select webhook_prune(100)")
    assert sql.execute("select count(*) from webhook_events").fetchone() == (0,)


def test_messages_that_have_to_stay_are_looked_at_once(sql):
    """Old messages whose jobs have not ended are passed over by upkeep, and go when those do."""
    _sent(sql, 1_500)
    sql.execute("select set_config('holdfast.now', '2030-03-01 00:00Z', false)")
    prune = "select webhook_prune_messages(100)"
    assert [sql.execute(prune).fetchone()[0] for _ in range(11)] == [100] * 10 + [0]
    with counted(sql) as read:
        assert sql.execute(prune).fetchone() == (0,)
    assert read["webhook_messages"] <= 10
    sql.execute("truncate ready_jobs")
    sql.execute("select set_config('holdfast.now', '2030-03-01 01:00:01Z', false)")
    assert [sql.execute(prune).fetchone()[0] for _ in range(7)] == [0] + [100] * 5 + [0]
    assert sql.execute("select count(*) from webhook_messages").fetchone() == (0,)
