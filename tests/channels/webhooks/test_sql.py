"""What is asked in SQL, on every Postgres: lists read what they show."""

import json

from tests.reads import counted


def test_a_list_reads_what_it_asks_for(sql):
    """Neither a rare source nor a short time makes a list read the events of all others."""

    def receive(source, *names):
        events = [{"source": source, "scheme": "none", "event_id": name, "event_type": "paid"}
                  for name in names]  # fmt: skip
        given = [json.dumps(events), [b"{}"] * len(names)]
        sql.execute("select * from webhook_receive_many(%s, %s)", given)
        sql.execute("select pg_sleep(0.002)")  # ids of one millisecond are in no order

    def listed(chosen, limit=20):
        query = "select event_id from webhook_list(%s, %s)"
        return [row[0] for row in sql.execute(query, [json.dumps(chosen), limit])]

    sql.execute("vacuum analyze")
    listed({})  # planned while there were none
    receive("rare", "old")
    for n in range(3):
        receive("usual", *[f"{n}.{k}" for k in range(500)])
    sql.execute(
        """update webhook_events e set received_at = received_at - interval '1 day' * (1502 - n)
        from (select id, row_number() over (order by id) as n from webhook_events) o
        where o.id = e.id"""
    )
    sql.execute("vacuum webhook_events")
    receive("rare", "new")
    (page,) = sql.execute("select id from webhook_events where event_id = '0.10'").fetchone()
    for chosen, found in (
        ({}, "new"), ({"source": "rare"}, "new"), ({"since": "1h"}, "new"),
        ({"until": "1h"}, "2.499"), ({"source": "rare", "until": "1h"}, "old"),
        ({"source": "usual", "before": str(page)}, "0.9"),
    ):  # fmt: skip
        with counted(sql) as read:
            assert listed(chosen)[0] == found
        assert read["webhook_events"] <= 150, (chosen, read)


def test_jobs_that_a_redelivery_revives_come_back_in_the_order_of_their_keys(sql):
    """As everybody takes many ordering keys, so that two of them wait in a row."""
    handlers = [
        {"kind": f"webhook:{name}", "name": name, "source": "s", "pattern": "*",
         "queue": "webhooks"} for name in "abc"
    ]  # fmt: skip
    sql.execute("select webhook_register('edge', %s)", [json.dumps(handlers)])
    event = {"source": "s", "scheme": "none", "event_id": "1", "event_type": "paid", "revive": True}

    def receive():
        given = [json.dumps([event]), [b"{}"]]
        sql.execute("select * from webhook_receive_many(%s, %s)", given)

    receive()
    sql.execute(
        """select settle((select jsonb_agg(jsonb_build_object('id', id, 'token', claim_token,
             'verdict', 'dead')) from claim('webhooks', 10)))"""
    )
    sql.execute("update dead_letters set ordering_key = translate(right(kind, 1), 'abc', 'mza')")
    receive()
    revived = """select j.ordering_key from operations o join jobs j on j.id::text = filter ->> 'id'
        where o.who = 'dedupe' order by o.id"""
    assert [key for (key,) in sql.execute(revived)] == ["a", "m", "z"]
