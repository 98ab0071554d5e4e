"""How long events and their keys are kept, on a settable clock."""

import json

import pytest

from holdfast import ConfigError
from holdfast.channels.webhooks.settings import announce, sources


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
    inbox.one("select webhook_prune_keys()")
    assert inbox.one("select count(*) from webhook_keys") == 0


def test_keys_of_a_source_that_has_fallen_silent_go_as_well(inbox):
    """Where no event of a source is left, its dedupe keys go in their time all the same."""
    inbox.source(retention="30 days")
    inbox.receive("evt_1")
    inbox.at(days=31)
    assert inbox.one("select webhook_prune()") == 1
    inbox.at(days=91)
    assert inbox.one("select webhook_prune_keys()") == 1
    assert inbox.one("select count(*) from webhook_keys") == 0


@pytest.fixture
def once_more(sql):
    """An event comes again: whether it was known, and its jobs."""

    def come(event_id):
        item = json.dumps([{"source": "stripe", "event_id": event_id, "scheme": "none"}])
        again = "select duplicate, jobs from webhook_receive_many(%s, array['{}'::bytea])"
        return sql.execute(again, [item]).fetchone()

    return come


def test_an_event_is_known_as_long_as_it_is_here(inbox, sql, once_more):
    """A key goes no sooner than its event, however old: with a dead letter it is no new one."""
    inbox.handler()
    inbox.source(retention="30 days")
    inbox.receive("evt_dead")
    inbox.at(seconds=1)
    for number in range(8):  # of others, which stay by their source's retention
        inbox.receive(f"evt_{number}", source="other")
    sql.execute("""select webhook_set_source('other', '{"retention": "300 days"}', 'ann')""")

    def keys_go(**at):  # as many passes as it takes to begin at the first key again
        inbox.at(**at)
        return sum(inbox.one("select webhook_prune_keys(2)") for _ in range(6))

    assert keys_go(days=200) == 0
    assert once_more("evt_dead") == (True, [])
    inbox.finish()
    inbox.at(days=289)
    assert (inbox.one("select webhook_prune()"), keys_go(days=289)) == (1, 0)
    assert keys_go(days=291) == 1  # ninety days after it came last
    sql.execute("delete from webhook_events")
    assert (keys_go(days=299), keys_go(days=301)) == (0, 8)
    assert once_more("evt_dead")[0] is False


def test_what_was_pruned_asks_nobody_again(inbox, once_more):
    """An event that comes again after its retention is known, and no handler is asked about it."""
    inbox.handler(source="*", mode="answer")
    inbox.receive("evt_1")
    inbox.one("with gone as (delete from webhook_events returning 1) select count(*) from gone")
    assert once_more("evt_1") == (True, [])


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


def test_what_is_held_is_told_and_kept(inbox, sql):
    """Of held events a person is told, of each source once until more come; they stay 90 days.

    The alert goes with the last of them, and no flood of one source hides those of another.
    """
    inbox.source(retention="1 day")

    def come(source, *ids):
        items = [
            {"source": source, "event_id": one, "scheme": "x", "held": "a test event"}
            for one in ids
        ]
        many = "select count(*) from webhook_receive_many(%s, %s)"
        sql.execute(many, [json.dumps(items), [b"{}"] * len(items)])

    def told(**at):
        inbox.at(**at)
        inbox.one("select webhook_upkeep_step()")
        return inbox.alerts()

    come("other", "evt_1")
    inbox.at(seconds=1)
    come("stripe", *(f"evt_{number}" for number in range(1001)))
    for _ in range(2):
        assert told(seconds=1) == ["webhooks.held:other", "webhooks.held:stripe"]
    assert "a test event. Look at them: " in inbox.one("select max(text) from alerts")
    sql.execute("select clear_alert(key) from alerts")
    assert (told(days=2), inbox.one("select count(*) from webhook_events")) == ([], 1002)
    sql.execute("delete from alerts where cleared_at is not null")  # a month later
    assert told(days=33) == []
    come("stripe", "evt_new")
    assert told(days=34) == ["webhooks.held:stripe"]
    assert told(days=91) == told(days=92) == ["webhooks.held:stripe"]
    assert inbox.one("select array_agg(event_id) from webhook_events") == ["evt_new"]
    sql.execute("select webhook_release(id, 'ann') from webhook_events")
    assert told(days=93) == []
    come("stripe", "evt_newer")
    assert told(days=94) == ["webhooks.held:stripe"]


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


def test_upkeep_is_done_once_in_its_time(inbox, sql):
    """However many workers ask, each task of the upkeep is done by one of them in its time."""
    due = "select is_due('webhooks.silence', interval '1 minute')"
    assert [inbox.one(due) for _ in range(3)] == [True, False, False]
    inbox.at(seconds=61)
    assert inbox.one(due) is True
    sql.execute("select webhook_upkeep_step()")


def test_an_event_stays_for_what_was_edited(inbox, sql):
    """The job that an edited replay made belongs to the event it names: shown there, it keeps it.

    An edited job that dies is edited again; also to be about another event. What names none, since
    somebody mistyped it, ends no upkeep.
    """
    inbox.source(retention="1 day")
    other = inbox.receive("evt_0")
    inbox.handler()
    inbox.receive("evt_1")
    named = [(inbox.receive("evt_1"), "first"), ("0-" * 18, "second"), (other, "third")]
    for n, (event, why) in enumerate(named):
        inbox.at(minutes=n)
        job, token = sql.execute("select id, claim_token from claim('webhooks', 1)").fetchone()
        verdict = [{"id": str(job), "token": str(token), "verdict": "dead", "because": why}]
        sql.execute("select settle(%s)", [json.dumps(verdict)])
        payload = json.dumps({"event": str(event), "endpoint": why})
        sql.execute("select replay(%s, 'ann', 'the address was wrong', %s)", [job, payload])
        inbox.one("select webhook_upkeep_step()")
    inbox.at(days=40)
    sql.execute("select maintain()")  # what was edited is forgotten by then
    inbox.one("select webhook_prune()")
    states = [job["state"] for job in inbox.one("select webhook_show(%s)", event)["jobs"]]
    assert states[-1] == "ready"
    assert inbox.one("select webhook_follow_edits()") == 0
