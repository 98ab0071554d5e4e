"""What is taken out of stored events, and when: private values, and secrets that were kept once."""

import json
from datetime import timedelta

import psycopg
import pytest
from tests.channels.webhooks.conftest import NOON
from tests.until import until

from holdfast.channels.webhooks.schemes import SCHEMES

HOUR = timedelta(hours=1)

SENT = {"gitlab": "X-Gitlab-Token", "basic": "Authorization", "postmark": "Authorization"}
"""The schemes that there were then; those that came later have never kept a secret."""


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
