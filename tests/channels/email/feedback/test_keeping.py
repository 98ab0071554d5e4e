"""How long bodies and what is known of emails are kept; upkeep takes what is due, and no more."""

import psycopg
import pytest
from tests.reads import counted

from holdfast import InvalidInput
from holdfast.channels.email.privacy import keeping

START = "2026-11-25 08:00+00"


def later(desk, days):
    """It is so many days after the start, and a worker looks after things."""
    desk.sql.execute(
        "select set_config('holdfast.now', (%s::timestamptz + make_interval(days => %s))::text,"
        " false)", [START, days],
    )  # fmt: skip
    desk.sql.execute("select email_upkeep_step()")


def test_bodies_go_before_the_rest(desk):
    """After 30 days the bytes go, after 90 all of it; what is on the list of suppressions stays.

    Of the workers of that moment one looks, the others read nothing.
    """
    later(desk, 0)
    email = desk.send("ann@example.com")
    desk.end("done", email)
    desk.report(desk.event("complained"), desk.event("opened", message_id="<none@x>"))
    later(desk, 29)
    assert desk.with_body() == {email}
    later(desk, 31)
    assert desk.with_body() == set()
    with counted(desk.sql) as read:
        later(desk, 31)
    assert not any(read[table] for table in read if table.startswith("email")), read
    assert desk.one(
        "select subject, body_gone_at is not null, size = octet_length(raw) from emails"
    ) == (
        "Hi",
        True,
        True,
    )
    later(desk, 91)
    for table in ("emails", "email_recipients", "email_events"):
        assert desk.one(f"select count(*) from {table}")[0] == 0, table
    assert desk.suppressed("ann@example.com")


def test_what_has_not_ended_is_never_touched(desk):
    """Ready, held and dead emails keep their bytes, however old they are; so they can be sent."""
    later(desk, 0)
    held, dead, leased = (desk.send("ann@example.com") for _ in range(3))
    desk.end("held", held)
    desk.end("dead", dead)
    ready = desk.send("ann@example.com")
    states = desk.sql.execute("select state from jobs order by id").fetchall()
    assert [state for (state,) in states] == ["held", "dead", "leased", "ready"]
    later(desk, 3000)
    assert desk.with_body() == {held, dead, leased, ready}


def test_the_time_runs_from_the_end(desk):
    """An email that was sent late is kept as long as others."""
    later(desk, 0)
    email = desk.send("ann@example.com")
    later(desk, 60)
    desk.end("done", email)
    later(desk, 89)
    assert desk.with_body() == {email}
    later(desk, 91)
    assert desk.with_body() == set()


def test_it_goes_in_bites(desk):
    """A step takes a bounded number, oldest first, and those that may not go do not stop it."""
    later(desk, 0)
    dead = desk.send("ann@example.com")
    desk.end("dead", dead)
    emails = [desk.send("ann@example.com") for _ in range(5)]
    desk.end("done", *emails)
    desk.sql.execute("set holdfast.now = '2027-03-01 00:00+00'")
    assert [desk.one("select email_drop_bodies(2)")[0] for _ in range(4)] == [2, 2, 1, 0]
    assert [desk.one("select email_forget(2)")[0] for _ in range(4)] == [2, 2, 1, 0]
    assert desk.with_body() == {dead}


def test_a_step_takes_more_bites_while_there_is_more(desk):
    """One step clears what has piled up, so that what is kept does not grow with what is sent."""
    later(desk, 0)
    desk.sql.execute("select email_send('', '{a@x.example}', '<1@x>', 'Hi', 'hello')"
                     " from generate_series(1, 450)")  # fmt: skip
    desk.sql.execute("select claim('email', 1000, 'test')")
    desk.sql.execute("select settle_done(array_agg(id), array_agg(claim_token)) from leased_jobs")
    desk.sql.execute("update email_recipients set status = 'delivered', at = clock()")
    later(desk, 31)
    assert desk.with_body() == set()


def test_upkeep_is_done_by_one(desk, dsn):
    """Of many workers the first does it; ten seconds later it is done again."""
    due = "select holdfast.is_due('email.upkeep', interval '10 seconds')"
    assert desk.one(due)[0]
    with psycopg.connect(dsn) as other:
        assert not other.execute(due).fetchone()[0]


async def test_keeping_is_shown_and_changed(services, desk):
    """How long, with the defaults; a change says who; nonsense is refused."""
    assert (await keeping(services)).fields == {
        "bodies": "30 days", "metadata": "90 days", "bounces": "never",
    }  # fmt: skip
    changed = await keeping(services, bodies="7 days", bounces="30 days", who="carl")
    assert changed.fields["bodies"] == "7 days" and changed.fields["bounces"] == "30 days"
    assert (await keeping(services, bounces="never", who="x")).fields["bounces"] == "never"
    for bad in (
        {"bodies": "100 days"},
        {"bodies": "soon"},
        {"metadata": "1 day"},
        {"bounces": "0"},
    ):
        with pytest.raises(InvalidInput, match="keeping"):
            await keeping(services, **bad)
    assert desk.one("select who from operations order by id limit 1")[0] == "carl"


def test_what_has_to_stay_is_looked_at_once(desk, sql):
    """Old emails that are dead letters are passed over: a pass costs what it takes out."""
    for number in range(600):
        desk.send("ann@example.com", message_id=f"<{number}@example.com>")
    desk.one(
        """select count(*) from settle((select jsonb_agg(jsonb_build_object(
             'id', id, 'token', claim_token, 'verdict', 'dead', 'because', 'no'))
           from claim('email', 500, 'w')))"""
    )
    desk.one("select count(*) from claim('email', 500, 'w')")
    desk.one("select settle_done(array_agg(id), array_agg(claim_token)) from leased_jobs")
    later = "select set_config('holdfast.now', (now() + %s::interval)::text, false)"
    desk.one(later, "40 days")
    sql.execute("vacuum analyze")
    assert desk.one("select email_drop_bodies(20)")[0] == 20
    with counted(sql) as read:
        assert desk.one("select email_drop_bodies(20)")[0] == 20
    assert read["emails"] <= 150 and read["dead_letters"] <= 150
    assert [desk.one("select email_drop_bodies(20)")[0] for _ in range(4)] == [20, 20, 20, 0]
    sql.execute("delete from dead_letters")
    desk.one(later, "41 days")
    gone = [desk.one("select email_drop_bodies(100)")[0] for _ in range(7)]
    assert sum(gone) == 500 and gone[-1] == 0
