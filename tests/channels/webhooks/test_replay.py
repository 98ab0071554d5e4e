"""Events are handled again: chosen by a filter, at a rate."""

import pytest


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


def test_nobody_waits_for_a_replay(inbox):
    """Of a replay an inline handler is due at once, and one that answers a request has no part."""
    inbox.handler()
    inbox.receive("evt_1")
    inbox.finish()
    inbox.handler(mode="answer")
    assert inbox.one("select webhook_plan_replay('{}')")["excluded"] == {"no handler": 1}
    inbox.handler(mode="inline")
    inbox.one("select count(*) from webhook_replay('{}', 'ann')")
    assert inbox.one("select count(*) from jobs where state = 'ready'") == 1


@pytest.mark.parametrize("how", ["webhook_replay('{}', 'ann')", "webhook_release(id, 'ann')"])
def test_who_answers_has_no_part_where_others_have(inbox, sql, how):
    """Of a replay, and of an event that is released, nobody gets a job that he could not run."""
    inbox.handler()
    inbox.receive("evt_1")
    inbox.finish()
    inbox.handler(mode="answer")
    sql.execute(
        'select webhook_register(\'other\', \'[{"kind": "webhook:y", "name": "y", "pattern": "*",'
        ' "source": "stripe", "queue": "webhooks"}]\')'
    )
    if "release" in how:
        sql.execute("update webhook_events set held_why = 'a test'")
    known = {row[0] for row in sql.execute("select id from jobs")}
    sql.execute(f"select {how} from webhook_events")
    made = [row for row in sql.execute("select id, kind from jobs") if row[0] not in known]
    assert [kind for _, kind in made] == ["webhook:y"]


def test_a_deadline_of_a_replay_counts_from_when_it_is_due(inbox):
    """What a rate puts off is not late for that."""
    inbox.handler(deadline="1 hour")
    for number in range(3):
        inbox.receive(f"evt_{number}")
    inbox.finish()
    inbox.one("select count(*) from webhook_replay('{}', 'ann', null, null, 0.001)")
    for minutes, late in ((31, 1), (34 + 30, 3)):  # one is due at once, one after 17 minutes, ...
        inbox.at(minutes=minutes)
        inbox.one("select webhook_check_deadlines()")
        assert len(inbox.alerts()) == late
