"""The origin's functions for webhooks, from plain SQL alone."""

from datetime import timedelta

RECEIVE = (
    "select id, duplicate, jobs from webhook_receive('stripe', %s, 'invoice.paid', 'in_1', null, "
    "true, '{}'::bytea)"
)


def handler(sql):
    """Register a handler, as an application without Python would."""
    sql.execute(
        'select webhook_register(\'edge\', \'[{"kind": "webhook:grant", "name": "grant", '
        '"source": "stripe", "pattern": "invoice.*", "queue": "webhooks"}]\')'
    )


def test_a_batch_is_claimed_and_marked(sql):
    """get_webhook_retry_batch hands out events, mark_webhook_processed ends them.

    A job whose event somebody mistyped is handed out without one, and is in nobody's way.
    """
    handler(sql)
    sql.execute("select enqueue('webhooks', 'webhook:x', '{\"event\": \"0-0\"}')")
    event = sql.execute(RECEIVE, ["evt_1"]).fetchone()
    assert event[1:] == (False, 1)
    batch = sql.execute(
        "select id, claim_token, attempt, handler, event, event_type, body "
        "from get_webhook_retry_batch(50)"
    ).fetchall()
    assert [(row[2], row[3], row[4], row[5]) for row in batch] == [
        (1, "webhook:x", None, None),
        (1, "webhook:grant", event[0], "invoice.paid"),
    ]
    assert sql.execute("select * from get_webhook_retry_batch()").fetchall() == []
    done = "select mark_webhook_processed(%s, %s)"
    assert sql.execute(done, batch[1][:2]).fetchone() == (True,)
    assert sql.execute(done, batch[1][:2]).fetchone() == (False,)
    assert sql.execute("select count(*) from webhook_retry_queue").fetchone() == (0,)


def test_a_failure_waits_and_in_the_end_is_dead(sql):
    """mark_webhook_failed plans the next attempt by the policy, and gives up when told to."""
    handler(sql)
    sql.execute(RECEIVE, ["evt_1"])
    job, token = sql.execute("select id, claim_token from get_webhook_retry_batch()").fetchone()
    failed = "select mark_webhook_failed(%s, %s, %s, %s)"
    assert sql.execute(failed, [job, token, "away", False]).fetchone() == ("ready",)
    status, attempts, error = sql.execute(
        "select status, attempts, last_error from webhook_retry_queue"
    ).fetchone()
    assert (status, attempts, error) == ("retrying", 1, "away")
    sql.execute("set holdfast.now = '2100-01-01'")
    job, token = sql.execute("select id, claim_token from get_webhook_retry_batch()").fetchone()
    assert sql.execute(failed, [job, token, "gone", True]).fetchone() == ("dead",)
    assert sql.execute("select status from webhook_retry_queue").fetchone() == ("dead_letter",)


def test_the_next_time_follows_the_policy(sql):
    """calculate_webhook_retry_time is base times factor to the attempt, give or take the jitter."""
    sql.execute("set holdfast.now = '2030-01-01 00:00+00'")
    for attempt, expected in ((1, 5), (2, 15), (3, 45), (99, 6 * 3600)):
        wait = sql.execute(
            "select calculate_webhook_retry_time(%s) - clock()", [attempt]
        ).fetchone()[0]
        assert timedelta(seconds=expected * 0.75) <= wait <= timedelta(seconds=expected * 1.25)


def test_an_event_is_stored_in_the_callers_transaction(sql, dsn):
    """Rolled back, nothing of the event is there; committed, all of it is."""
    handler(sql)
    for end, expected in (("rollback", 0), ("commit", 1)):
        sql.execute("begin")
        sql.execute(RECEIVE, ["evt_1"])
        sql.execute(end)
        for table in ("webhook_events", "webhook_keys", "jobs"):
            assert sql.execute(f"select count(*) from {table}").fetchone() == (expected,)
