"""The names of the earlier email queue, walked in plain SQL as a foreign program would."""

import psycopg
import pytest

SEND = """
  select id from email_send(
    'me@example.com', '{ann@example.com,ben@example.com}', '<1@example.com>', 'Hi', 'Subject: Hi',
    '{"metadata": {"order": 7}}')"""


def one(sql, query, *args):
    """The one row of a query."""
    return sql.execute(query, args).fetchone()


@pytest.fixture
def later(sql):
    """Let the time of this session pass."""

    def pass_time(hours):
        sql.execute(
            "select set_config('holdfast.now', (clock() + %s * interval '1 h')::text, false)",
            [hours],
        )

    return pass_time


def test_sent(sql):
    """Take, send, mark: done, with the provider's id; a second mark is late and changes nothing."""
    (email_id,) = one(sql, SEND)
    columns = "id, claim_token, attempt, sender, recipients, subject, message_id, raw, metadata"
    row = one(sql, f"select {columns} from get_email_queue_batch(50)")
    token = row[1]
    assert (row[0], *row[2:]) == (
        email_id, 1, "me@example.com", ["ann@example.com", "ben@example.com"], "Hi",
        "<1@example.com>", b"Subject: Hi", {"order": 7},
    )  # fmt: skip
    assert one(sql, "select count(*) from get_email_queue_batch(50)") == (0,)
    assert one(sql, "select mark_email_sent(%s, %s, 'prov-1')", email_id, token) == (True,)
    assert one(sql, "select mark_email_sent(%s, %s, 'prov-2')", email_id, token) == (False,)
    assert one(sql, "select mark_email_failed(%s, %s, 'no', true)", email_id, token) == ("done",)
    assert one(sql, "select status, attempts, last_error from email_queue") == ("done", 1, None)
    recipients = sql.execute("select status, answer from email_recipients").fetchall()
    assert recipients == [("delivered", "prov-1")] * 2


def test_the_timeline_tells_what_was_said_in_plain_sql(sql, later):
    """Each answer stands at its attempt, also when later ones follow, and so does the delivery."""
    (email_id,) = one(sql, SEND)
    sql.execute("set role holdfast_work")
    for attempt in (1, 2):
        _, token = one(sql, "select id, claim_token from get_email_queue_batch()")
        said = f"450 4.2.{attempt} later"
        one(sql, "select mark_email_failed(%s, %s, %s)", email_id, token, said)
        later(24)
    _, token = one(sql, "select id, claim_token from get_email_queue_batch()")
    one(sql, "select mark_email_sent(%s, %s, 'prov-1')", email_id, token)
    sql.execute("reset role")
    (attempts,) = one(sql, "select attempts from email_show(%s)", email_id)
    told = [[(a["status"], a["answer"]) for a in each["answers"]] for each in attempts]
    assert told == [
        [("retry", "450 4.2.1 later")] * 2,
        [("retry", "450 4.2.2 later")] * 2,
        [("delivered", "prov-1")] * 2,
    ]


def test_a_report_finds_what_was_sent_in_plain_sql(sql):
    """The provider's id that was given to mark_email_sent is what its reports are matched by."""
    (email_id,) = one(sql, SEND)
    _, token = one(sql, "select id, claim_token from get_email_queue_batch()")
    one(sql, "select mark_email_sent(%s, %s, 'prov-1')", email_id, token)
    report = """[{"event_id": "1", "kind": "complained", "address": "ann@example.com",
      "at": "2026-11-25T08:00:00Z", "provider_message_id": "prov-1"}]"""
    one(sql, "select email_feedback('resend', %s)", report)
    assert one(sql, "select email_id from email_events") == (email_id,)
    feedback = "select feedback from email_recipients order by position"
    assert sql.execute(feedback).fetchall() == [("complained",), (None,)]


def test_failed_for_now_and_for_ever(sql, later):
    """A failure waits longer each time; a permanent one is a dead letter, which can be replayed."""
    (email_id,) = one(sql, SEND)
    failed = "select mark_email_failed(%s, %s, %s)"
    for attempt, least_s in ((1, 45), (2, 90), (3, 180)):
        _, token, number = one(sql, "select id, claim_token, attempt from get_email_queue_batch()")
        assert number == attempt
        assert one(sql, failed, email_id, token, "450 4.2.1 later") == ("ready",)
        waits = one(sql, "select extract(epoch from next_attempt_at - clock()) from email_queue")[0]
        assert least_s - 1 <= waits <= least_s * 5 / 3 + 1
        assert one(sql, "select status, last_error from email_queue") == (
            "ready",
            "450 4.2.1 later",
        )
        later(1)
    _, token = one(sql, "select id, claim_token from get_email_queue_batch()")
    permanent = "select mark_email_failed(%s, %s, '550 5.7.1 not from you', p_permanent => true)"
    assert one(sql, permanent, email_id, token) == ("dead",)
    assert one(sql, "select status, last_error from email_queue") == (
        "dead",
        "550 5.7.1 not from you",
    )
    assert one(sql, "select distinct status from email_recipients") == ("refused",)
    later(1)
    sql.execute("select replay(%s, 'a test')", [email_id])
    row = one(sql, "select recipients, claim_token from get_email_queue_batch()")
    assert row[0] == ["ann@example.com", "ben@example.com"]
    assert one(sql, "select mark_email_sent(%s, %s)", email_id, row[1]) == (True,)


def test_retry_after_is_the_least(sql):
    """The other side's wish is granted, and nonsense is ignored."""
    (email_id,) = one(sql, SEND)
    (token,) = one(sql, "select claim_token from get_email_queue_batch()")
    wish = "select mark_email_failed(%s, %s, '450 wait', p_retry_after => 3600)"
    assert one(sql, wish, email_id, token) == ("ready",)
    waits = one(sql, "select extract(epoch from next_attempt_at - clock()) from email_queue")[0]
    assert 3599 <= waits <= 3961


def test_a_nonsensical_wish(sql):
    """A Retry-After that is no number of seconds is no wish."""
    for after in ("'NaN'", "'Infinity'", "-1", "null"):
        (email_id,) = one(sql, SEND)
        (token,) = one(sql, "select claim_token from get_email_queue_batch()")
        wish = f"select mark_email_failed(%s, %s, null, null, {after}::float8)"
        assert one(sql, wish, email_id, token) == ("ready",)
    waits = one(sql, "select extract(epoch from max(next_attempt_at) - clock()) from email_queue")
    assert waits[0] < 80


def test_a_token_that_never_was(sql):
    """Whoever does not hold the email can neither end it nor fail it."""
    (email_id,) = one(sql, SEND)
    assert one(sql, "select mark_email_sent(%s, gen_random_uuid())", email_id) == (False,)
    assert one(sql, "select mark_email_sent(%s, null)", email_id) == (False,)
    assert one(sql, "select mark_email_failed(%s, gen_random_uuid(), 'x', true)", email_id) == (
        "ready",
    )
    nobody = "select mark_email_failed(gen_random_uuid(), gen_random_uuid(), 'x')"
    assert one(sql, nobody) == ("unknown",)
    assert one(sql, "select distinct status from email_recipients") == ("pending",)


def test_an_abandoned_batch_comes_back(sql, later):
    """A program that died with a batch loses nothing: the next one gets it after the lease."""
    one(sql, SEND)
    assert one(sql, "select count(*) from get_email_queue_batch(50, '5 minutes')") == (1,)
    assert one(sql, "select count(*) from get_email_queue_batch()") == (0,)
    later(1)
    assert one(sql, "select attempt from get_email_queue_batch()") == (2,)


def test_what_needs_no_sending_is_not_handed_out(sql, later):
    """An email that everyone has, or a job that never was one, is ended and not handed out."""
    (email_id,) = one(sql, SEND)
    one(sql, "select id from get_email_queue_batch()")
    sql.execute(
        "select email_record_all(%s, '{ann@example.com,ben@example.com}', 'delivered', null)",
        [email_id],
    )
    later(1)
    (odd,) = one(sql, "select enqueue('email', 'email')")
    assert one(sql, "select count(*) from get_email_queue_batch()") == (0,)
    states = "select state from jobs where id = %s"
    assert one(sql, states, email_id) == ("done",) and one(sql, states, odd) == ("dead",)


def test_who_gets_no_mail_is_left_out(sql, later):
    """Suppressed, unsubscribed and erased addresses are not handed out, and recorded as such."""
    (email_id,) = one(
        sql,
        "select id from email_send('me@example.com', '{ann@example.com,Ben@example.com,"
        "cy@example.com,dee@example.com}', '<1@example.com>', 'News', 'Subject: News', "
        """'{"tenant": "acme", "tags": ["list:news"]}')""",
    )
    sql.execute("select email_suppress('ben@example.com', 'bo')")
    sql.execute("""select email_suppress('cy@example.com', 'bo', null,
                     '{"reason": "unsubscribed", "list": "news", "tenant": "acme"}')""")
    sql.execute("select email_suppress('dee@example.com', 'bo')")
    sql.execute("select email_erase('dee@example.com', 'bo')")
    row = one(sql, "select recipients, claim_token from get_email_queue_batch()")
    assert row[0] == ["ann@example.com"]
    assert one(sql, "select mark_email_sent(%s, %s)", email_id, row[1]) == (True,)
    statuses = sql.execute("select status from email_recipients order by position").fetchall()
    assert statuses == [("delivered",), ("suppressed",), ("suppressed",), ("suppressed",)]
    state, why = one(sql, "select status, last_error from email_queue")
    assert state == "dead" and "on the list of those who get no mail" in why
    told = one(sql, "select attempts #> '{0,answers}' from email_show(%s)", email_id)[0]
    assert {t["address"] for t in told if t["status"] == "suppressed"} == {
        "Ben@example.com", "cy@example.com",
    }  # fmt: skip
    later(1)
    sql.execute("delete from email_suppressions where address like 'ben%'")
    sql.execute("select replay(%s, 'a test')", [email_id])
    row = one(sql, "select recipients from get_email_queue_batch()")
    assert row == (["Ben@example.com"],)


def test_nobody_is_left(sql):
    """An email to suppressed or erased addresses alone is a dead letter that says so."""
    one(sql, SEND)
    sql.execute("select email_suppress('ann@example.com', 'bo')")
    sql.execute("select email_suppress('ben@example.com', 'bo')")
    assert one(sql, "select count(*) from get_email_queue_batch()") == (0,)
    state, why = one(sql, "select status, last_error from email_queue")
    assert state == "dead" and "on the list of those who get no mail" in why
    (erased,) = one(
        sql, "select id from email_send('me@example.com', '{cy@example.com}', '<2@x>', 'Hi', 'x')"
    )
    sql.execute("select email_erase('cy@example.com', 'bo')")
    assert one(sql, "select count(*) from get_email_queue_batch()") == (0,)
    row = one(sql, "select status, last_error from email_queue where id = %s", erased)
    assert row[0] == "dead" and "body was taken out" in row[1]


def test_what_was_reported_is_not_sent_again(sql, later):
    """Of a sender that died, whoever has the email by a report does not get it again."""
    one(sql, SEND)
    one(sql, "select id from get_email_queue_batch(50, '5 minutes')")
    sql.execute("""select email_feedback('x', '[{"event_id": "1", "kind": "delivered",
      "address": "ann@example.com", "at": "2026-01-01T00:00:00Z",
      "message_id": "<1@example.com>"}]')""")
    later(1)
    assert one(sql, "select recipients from get_email_queue_batch()") == (["ben@example.com"],)


def test_the_retry_time(sql):
    """60 s, doubling, at most four hours, a quarter more or less."""
    for attempt, expected in ((1, 60), (2, 120), (5, 960), (9, 14400), (1000, 14400), (-1, 60)):
        waits = one(
            sql, "select extract(epoch from calculate_email_retry_time(%s) - clock())", attempt
        )[0]
        assert expected * 0.75 - 1 <= waits <= expected * 1.25


def test_absurd_sizes(sql):
    """A batch of nothing, of less, or of everything; a lease of nothing."""
    one(sql, SEND)
    for size in (0, -1):
        assert one(sql, "select count(*) from get_email_queue_batch(%s)", size) == (0,)
    with pytest.raises(psycopg.Error) as raised:
        one(sql, "select get_email_queue_batch(50, '0')")
    assert raised.value.sqlstate == "JQ005"
    assert one(sql, "select count(*) from get_email_queue_batch(2147483647)") == (1,)
