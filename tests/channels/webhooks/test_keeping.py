"""Upkeep of the inbox on a settable clock: deadlines, silence, retention, redaction, replay."""

import json
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from tests.until import until

from holdfast import ConfigError
from holdfast.channels.webhooks.schemes import SCHEMES
from holdfast.channels.webhooks.settings import announce, sources

NOON = datetime(2030, 1, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def inbox(sql):
    """The inbox in a session whose clock is set by `at`."""

    class Inbox:
        def at(self, **later):
            moment = (NOON + timedelta(**later)).isoformat()
            sql.execute("select set_config('holdfast.now', %s, false)", [moment])

        def receive(self, event_id, body="{}", source="stripe", kind="invoice.paid", headers="[]"):
            return sql.execute(
                "select id from webhook_receive(%s, %s, %s, 'in_1', null, null, %s, %s)",
                [source, event_id, kind, body.encode() if isinstance(body, str) else body, headers],
            ).fetchone()[0]

        def handler(self, **more):
            handlers = [
                {"kind": "webhook:x", "name": "x", "source": "stripe", "pattern": "*",
                 "queue": "webhooks", **more}
            ]  # fmt: skip
            sql.execute("select webhook_register('app', %s)", [json.dumps(handlers)])

        def source(self, **changes):
            sql.execute("select webhook_set_source('stripe', %s, 'ann')", [json.dumps(changes)])

        def finish(self):
            sql.execute(
                "select settle(jsonb_agg(jsonb_build_object('id', id, 'token', claim_token,"
                " 'verdict', 'delivered'))) from claim('webhooks', 100) having count(*) > 0"
            )

        def alerts(self):
            return [r[0] for r in sql.execute("select key from alerts where cleared_at is null")]

        def one(self, statement, *args):
            return sql.execute(statement, args or None).fetchone()[0]

    made = Inbox()
    made.at()
    return made


def test_a_deadline_alerts_at_half_time_and_is_cleared_by_the_end(inbox):
    """A job with a deadline alerts at half of it and at its end, and no more once it ended."""
    inbox.handler(deadline="1 hour")
    inbox.receive("evt_1")
    inbox.at(minutes=29)
    assert inbox.one("select webhook_check_deadlines()") == 0
    inbox.at(minutes=31)
    assert inbox.one("select webhook_check_deadlines()") == 1
    (key,) = inbox.alerts()
    assert key.startswith("webhooks.deadline:")
    assert "has to be through" in inbox.one("select text from alerts")
    assert inbox.one("select webhook_check_deadlines()") == 0
    inbox.at(minutes=61)
    assert inbox.one("select webhook_check_deadlines()") == 1
    assert "was to be through" in inbox.one("select text from alerts")
    inbox.finish()
    inbox.one("select webhook_check_deadlines()")
    assert inbox.alerts() == []
    assert inbox.one("select count(*) from webhook_deadlines") == 0


def test_jobs_that_are_late_for_good_hide_no_other(inbox, sql):
    """However many are overdue, each is told of once at half time and once at its end."""
    inbox.handler(deadline="1 hour")
    for number in range(250):
        inbox.receive(f"evt_{number}")
    told = []
    for minutes in (31, 31, 61, 61, 62, 63):
        inbox.at(minutes=minutes)
        told.append(inbox.one("select webhook_check_deadlines()"))
    assert told == [200, 50, 200, 50, 0, 0]
    inbox.receive("evt_new")
    inbox.at(minutes=94)
    assert inbox.one("select webhook_check_deadlines()") == 1
    assert len(inbox.alerts()) == 251
    inbox.at(minutes=95)
    for _ in range(3):
        inbox.finish()
    inbox.one("select webhook_check_deadlines()")
    assert inbox.alerts() == [] and inbox.one("select count(*) from webhook_deadlines") == 0


def test_a_job_that_ends_in_time_alerts_nobody(inbox):
    """A deadline that was met leaves no alert."""
    inbox.handler(deadline="1 hour")
    inbox.receive("evt_1")
    inbox.finish()
    inbox.at(minutes=40)
    assert inbox.one("select webhook_check_deadlines()") == 0 and inbox.alerts() == []


def test_silence_is_told_and_taken_back(inbox):
    """Nothing for many times the usual gap alerts, once there is one; an event clears it."""
    inbox.source(silence=10)
    for number in range(10):
        inbox.at(minutes=number)
        inbox.receive(f"evt_{number}")
    inbox.at(hours=9)
    assert inbox.one("select webhook_check_silence()") == 0  # ten events tell nothing yet
    for number in range(10, 40):
        inbox.at(hours=10, minutes=number)
        inbox.receive(f"evt_{number}")
    inbox.at(hours=10, minutes=45)
    assert inbox.one("select webhook_check_silence()") == 0
    inbox.at(hours=10 + 24 * 10)
    assert inbox.one("select webhook_check_silence()") == 1
    assert inbox.alerts() == ["webhooks.silent:stripe"]
    inbox.receive("evt_again")
    assert inbox.one("select webhook_check_silence()") == 0 and inbox.alerts() == []


def test_a_source_that_sleeps_at_night_alarms_nobody(inbox):
    """The nights are among the usual gaps: a long one every day is no silence."""
    inbox.source(silence=2)
    for day in range(10):
        for hour in range(8):
            inbox.at(days=day, hours=hour)
            inbox.receive(f"evt_{day}_{hour}")
        inbox.at(days=day, hours=23)
        if day > 3:
            assert inbox.one("select webhook_check_silence()") == 0


def test_old_events_go_and_their_keys_stay(inbox):
    """Events go by their source's retention; their dedupe keys stay for ninety days at least."""
    inbox.source(retention="30 days")
    inbox.receive("evt_old")
    inbox.receive("evt_other", source="other")
    inbox.at(days=31)
    inbox.receive("evt_new")
    assert inbox.one("select webhook_prune()") == 1
    left = inbox.one("select string_agg(event_id, ',' order by event_id) from webhook_events")
    assert left == "evt_new,evt_other"
    assert inbox.one("select count(*) from webhook_keys") == 3
    inbox.at(days=31)
    assert (
        inbox.one(
            "select duplicate "
            "from webhook_receive('stripe', 'evt_old', 'a', null, null, null, '{}')"
        )
        is True
    )
    inbox.at(days=200)
    inbox.one("select webhook_prune()")
    inbox.one("select webhook_prune()")
    assert inbox.one("select count(*) from webhook_keys") == 0


def test_keys_of_a_source_that_has_fallen_silent_go_as_well(inbox):
    """Where no event of a source is left, its dedupe keys go in their time all the same."""
    inbox.source(retention="30 days")
    inbox.receive("evt_1")
    inbox.at(days=31)
    assert inbox.one("select webhook_prune()") == 1
    inbox.at(days=91)
    assert inbox.one("select webhook_prune()") == 0
    assert inbox.one("select count(*) from webhook_keys") == 0


def test_what_the_environment_says_about_keeping_is_heeded(inbox, sql, monkeypatch):
    """RETENTION and SILENCE of a source in the environment reach the workers that lack them."""
    monkeypatch.setenv("HOLDFAST_SOURCE_STRIPE_RETENTION", "30 days")
    monkeypatch.setenv("HOLDFAST_SOURCE_STRIPE_SILENCE", "10")
    tell(sql)
    for number in range(30):
        inbox.at(minutes=number)
        inbox.receive(f"evt_{number}")
        inbox.receive(f"evt_{number}", source="other")
    inbox.at(days=29)
    assert inbox.one("select webhook_check_silence()") == 1
    assert inbox.alerts() == ["webhooks.silent:stripe"]
    assert inbox.one("select webhook_prune()") == 0
    inbox.at(days=31)
    assert inbox.one("select webhook_prune()") == 30
    # fewer variables elsewhere take nothing away; 0 does; the database's own word goes first
    monkeypatch.delenv("HOLDFAST_SOURCE_STRIPE_RETENTION")
    monkeypatch.setenv("HOLDFAST_SOURCE_STRIPE_SILENCE", "0")
    tell(sql)
    kept = (
        "select array[retention::text, silence::text] from webhook_keeping() where name = 'stripe'"
    )
    assert inbox.one(kept) == ["720:00:00", None]
    inbox.source(retention="1 year")
    assert inbox.one(kept) == ["1 year", None]


def tell(sql):
    """What a process says at its start."""
    for call in announce(None):
        sql.execute("select webhook_note_environment(%s)", [call.args["p_sources"]])


@pytest.mark.parametrize(
    ("variable", "value"),
    [("RETENTION", "forever"), ("RETENTION", "0 days"), ("RETENTION", "999999 years"),
     ("SILENCE", "0.5"), ("SILENCE", "often")],
)  # fmt: skip
def test_a_wrong_word_about_keeping_is_an_error(monkeypatch, variable, value):
    """A retention or silence that cannot be is refused at the start, with its variable's name."""
    monkeypatch.setenv(f"HOLDFAST_SOURCE_STRIPE_{variable}", value)
    with pytest.raises(ConfigError, match=f"HOLDFAST_SOURCE_STRIPE_{variable}"):
        sources()


def test_an_event_with_work_left_is_kept(inbox):
    """An event whose job waits, runs, is held or is a dead letter is not deleted, however old."""
    inbox.handler()
    inbox.source(retention="1 day")
    inbox.receive("evt_1")
    inbox.at(days=50)
    assert inbox.one("select webhook_prune()") == 0
    inbox.finish()
    inbox.at(days=51)
    assert inbox.one("select webhook_prune()") == 1


def test_private_values_are_taken_out_in_time(inbox):
    """After their time values at the paths and in the headers are gone; the hash is not."""
    inbox.source(
        redact_paths=["/data/object/email", "/data/lines/*/name"], redact_headers=["X-Ip"],
        redact_after="7 days",
    )  # fmt: skip
    body = json.dumps(
        {"id": "evt_1", "data": {"object": {"email": "ann@example.com", "n": 1},
                                 "lines": [{"name": "Ann", "a": 1}, {"name": "Bob"}]}}
    )  # fmt: skip
    event = inbox.receive("evt_1", body, headers='[["X-Ip", "10.1.2.3"], ["A", "b"]]')
    before = inbox.one("select body_sha256 from webhook_events")
    inbox.at(days=6)
    assert inbox.one("select webhook_redact()") == 0
    inbox.at(days=8)
    assert inbox.one("select webhook_redact()") == 1
    kept = json.loads(bytes(inbox.one("select body from webhook_events")))
    assert kept["data"]["object"] == {"email": "[redacted]", "n": 1}
    assert [line["name"] for line in kept["data"]["lines"]] == ["[redacted]"] * 2
    assert kept["data"]["lines"][0]["a"] == 1
    headers = inbox.one("select headers from webhook_events")
    assert headers == [["X-Ip", "[redacted]"], ["A", "b"]]
    assert inbox.one("select body_sha256 from webhook_events") == before
    assert inbox.one("select webhook_redact()") == 0
    assert inbox.one("select webhook_show(%s) ->> 'redacted_at' is not null", event)


def test_what_is_private_from_now_on_reaches_old_events(inbox):
    """Only what was taken out counts as redacted, and a path that is added reaches all the same."""
    inbox.source(redact_after="1 day")
    inbox.receive("evt_1", '{"email": "a@x", "name": "Ann"}', headers='[["X-Ip", "10.1.2.3"]]')
    inbox.at(days=2)
    assert inbox.one("select webhook_redact()") == 0
    assert inbox.one("select redacted_at from webhook_events") is None
    private = "select convert_from(body, 'UTF8') || headers::text from webhook_events"
    for day, change, gone in (
        (3, {"redact_paths": ["/email"]}, "a@x"),
        (4, {"redact_paths": ["/email", "/name"]}, "Ann"),
        (5, {"redact_headers": ["x-ip"]}, "10.1.2.3"),
    ):
        assert gone in inbox.one(private)
        inbox.at(days=day)
        inbox.source(**change)
        inbox.at(days=day, seconds=10)
        assert inbox.one("select webhook_redact()") == 1
        assert gone not in inbox.one(private)
    inbox.at(days=6)
    inbox.source(redact_paths=["/email"], silence=10)
    inbox.at(days=7)
    assert inbox.one("select webhook_redact()") == 0


def test_what_was_not_there_to_be_seen_is_redacted_later(inbox, dsn):
    """An event that was received before the last pass and committed after it is redacted, too."""
    inbox.source(redact_after="0", redact_paths=["/email"])
    inbox.receive("evt_0", '{"email": "a@x"}')
    with psycopg.connect(dsn) as slow:
        slow.execute("set search_path to holdfast")
        slow.execute("select set_config('holdfast.now', %s, false)", [(NOON).isoformat()])
        slow.execute(
            "select webhook_receive('stripe', 'evt_slow', 'a', null, null, null, %s)",
            [b'{"email": "b@x"}'],
        )
        inbox.at(hours=1)
        inbox.receive("evt_1", '{"email": "c@x"}')
        for seconds in range(10, 50, 10):
            inbox.at(hours=2, seconds=seconds)
            inbox.one("select webhook_redact()")
    inbox.at(hours=2, minutes=1)
    assert inbox.one("select webhook_redact()") == 1
    assert inbox.one("select count(*) from webhook_events where redacted_at is null") == 0
    marks = "select reached > %s and seen > reached - interval '1 s' from webhook_redactions"
    # transactions of other databases on this server are waited for as well
    until(lambda: inbox.one("select webhook_redact()") == 0 and inbox.one(marks, NOON + HOUR))


def test_what_is_locked_is_redacted_later(inbox, dsn):
    """An event that somebody holds locked is passed over by a pass, and not by the mark."""
    inbox.source(redact_after="0", redact_paths=["/email"])
    inbox.receive("evt_0", '{"email": "a@x"}')
    inbox.at(minutes=1)
    inbox.receive("evt_1", '{"email": "a@x"}')
    with psycopg.connect(dsn) as other:
        other.execute("set search_path to holdfast")
        other.execute("select from webhook_events where event_id = 'evt_0' for update")
        for minutes in (20, 30, 40):
            inbox.at(minutes=minutes)
            inbox.one("select webhook_redact()")
        left = "select string_agg(event_id, ',') from webhook_events where redacted_at is null"
        assert inbox.one(left) == "evt_0"
    assert inbox.one("select webhook_redact()") == 1


def test_a_pass_goes_on_until_it_is_through(inbox, sql):
    """More old events, private ones or attempts than fit into one go are not left to the next."""
    sql.execute(
        """insert into webhook_deliveries (endpoint, subject, job, attempt, outcome, duration_ms,
                                           at)
        select new_id(), new_id(), new_id(), 1, 'delivered', 1, clock()
        from generate_series(1, 2100)"""
    )
    sql.execute(
        "create or replace function webhook_bite() returns integer language sql as 'select 2'"
    )
    inbox.source(redact_after="0", redact_paths=["/email"])
    for number in range(5):
        inbox.receive(f"evt_{number}", '{"email": "a@x"}')
        inbox.receive(f"evt_{number}", source="other")
    inbox.at(days=89)
    inbox.one("select webhook_upkeep_step()")
    assert inbox.one("select count(*) from webhook_events where redacted_at is not null") == 5
    inbox.at(days=91)
    inbox.one("select webhook_upkeep_step()")
    assert inbox.one("select count(*) from webhook_events") == 0
    assert inbox.one("select count(*) from webhook_deliveries") == 0


SENT = {"gitlab": "X-Gitlab-Token", "basic": "Authorization", "postmark": "Authorization"}
"""The schemes that there were then; those that came later have never kept a secret."""


def test_secrets_that_were_kept_once_are_hidden(inbox, sql):
    """Events of an earlier release lose the secret that was sent itself; all else of them stays."""
    assert all(SCHEMES[name].sends_secret for name in SENT)
    assert {name: SCHEMES[name].header for name in SENT} == SENT
    own = {"scheme": "generic", "settings": {"algorithm": "equals", "header": "X-Key"}}
    sql.execute("select webhook_set_source('own', %s, 'ann')", [json.dumps(own)])
    for scheme, header in {**SENT, "generic": "X-Key", "stripe": "Stripe-Signature"}.items():
        sql.execute(
            "select webhook_receive(%s, 'evt', 'a', null, null, null, '{}', %s, %s)",
            ["own" if scheme == "generic" else scheme,
             json.dumps([[header.lower(), "hush"], ["A", "b"]]), scheme],
        )  # fmt: skip
    sql.execute("update webhook_hidings set until = %s", [NOON + timedelta(days=1)])
    inbox.at(days=2)
    assert [inbox.one("select webhook_hide_secrets(3)") for _ in range(4)] == [3, 2, 0, 0]
    kept = dict(sql.execute("select scheme, headers from webhook_events").fetchall())
    assert kept.pop("stripe") == [["stripe-signature", "hush"], ["A", "b"]]
    for scheme, headers in kept.items():
        header = {**SENT, "generic": "X-Key"}[scheme].lower()
        assert headers == [[header, "[hidden]"], ["A", "b"]]
    assert inbox.one("select count(*) from webhook_hidings") == 0


def test_a_secret_that_is_just_being_stored_is_hidden_later(inbox, sql, dsn):
    """An event of an earlier release that is committed after later ones loses its secret, too."""
    receive = """select webhook_receive('gitlab', %s, 'a', null, null, null, '{}',
        '[["X-Gitlab-Token", "hush"]]', 'gitlab')"""
    with psycopg.connect(dsn) as slow:
        slow.execute("set search_path to holdfast")
        slow.execute("select set_config('holdfast.now', %s, false)", [NOON.isoformat()])
        slow.execute(receive, ["slow"])
        sql.execute(receive, ["quick"])
        sql.execute("update webhook_hidings set until = %s", [NOON + timedelta(days=1)])
        inbox.at(seconds=10)
        inbox.one("select webhook_hide_secrets()")
    inbox.at(minutes=2)
    inbox.one("select webhook_hide_secrets()")
    headers = sql.execute("select event_id, headers #>> '{0,1}' from webhook_events").fetchall()
    assert sorted(headers) == [("quick", "[hidden]"), ("slow", "[hidden]")]


@pytest.mark.parametrize("path", ["email", "data.object.email", "/a~2", "$.email", "data/email"])
def test_a_path_that_leads_nowhere_by_its_form_is_refused(inbox, path):
    """A path that is no JSON pointer redacts nothing, so it is not taken."""
    with pytest.raises(psycopg.Error, match="JSON pointer"):
        inbox.source(redact_paths=["/fine/*/a~1b~0", path])


@pytest.mark.parametrize("body", [b"no json", b'{"a": "\\u0000", "email": "x"}', b"\xff\x00"])
def test_what_can_not_be_redacted_in_place_is_taken_out_whole(inbox, body):
    """A body that Postgres cannot read as JSON is removed: nothing is kept by accident."""
    inbox.source(redact_paths=["/email"], redact_after="0")
    inbox.receive("evt_1", body)
    inbox.at(days=1)
    assert inbox.one("select webhook_redact()") == 1
    assert bytes(inbox.one("select body from webhook_events")) == b""


def test_events_are_replayed_by_filter(inbox):
    """A replay makes new jobs for the chosen events, says what it leaves, and is recorded."""
    inbox.handler()
    for number in range(6):
        inbox.receive(f"evt_{number}", kind="invoice.paid" if number % 2 else "charge.failed")
    inbox.finish()
    running = inbox.receive("evt_running", kind="invoice.paid")
    plan = inbox.one("""select webhook_plan_replay('{"type": "invoice.*"}')""")
    assert plan == {"matching": 4, "replayable": 3, "excluded": {"running": 1}}
    made = "select count(*) from webhook_replay('{\"type\": \"invoice.*\"}', 'ann', 'a bug')"
    assert inbox.one(made) == 3
    assert inbox.one("select count(*) from jobs where state = 'ready'") == 4
    assert inbox.one("select affected from operations where action = 'replay events'") == 3
    assert inbox.one("select webhook_show(%s) #>> '{jobs,0,state}'", running) == "ready"
    nobody = """select webhook_plan_replay('{}', '{webhook:nobody}')"""
    assert inbox.one(nobody)["replayable"] == 0


def test_a_replay_keeps_its_rate(inbox):
    """With a rate the jobs of a replay become due one after the other."""
    inbox.handler()
    for number in range(4):
        inbox.receive(f"evt_{number}")
    inbox.finish()
    inbox.one("select count(*) from webhook_replay('{}', 'ann', null, null, 2)")
    spread = inbox.one(
        "select extract(epoch from max(run_at) - min(run_at)) from jobs where state = 'ready'"
    )
    assert spread == 1.5


def test_upkeep_is_done_once_in_its_time(inbox, sql):
    """However many workers ask, each task of the upkeep is done by one of them in its time."""
    due = "select webhook_is_due('silence', interval '1 minute')"
    assert [inbox.one(due) for _ in range(3)] == [True, False, False]
    inbox.at(seconds=61)
    assert inbox.one(due) is True
    sql.execute("select webhook_upkeep_step()")
