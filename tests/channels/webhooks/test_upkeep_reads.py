"""What upkeep reads does not grow with what is kept, or is still to come."""

import psycopg
import pytest
from tests.reads import counted


@pytest.mark.parametrize("analyzed", [False, True], ids=["fresh", "analyzed"])
def test_deadlines_to_come_are_not_read(sql, analyzed):
    """A step reads the deadlines that are due or told, and not those to come, nor alerts of old."""
    sql.execute("""
        insert into webhook_deadlines (job, event, alert_at, due_at)
        select new_id(), new_id(), clock() + interval '1 hour', clock() + interval '2 hours'
        from generate_series(1, 2000)""")
    sql.execute("""
        insert into alerts (key, text, details, raised_at, last_at, times, told_at, cleared_at)
        select 'webhooks.deadline:' || new_id(), '', '{}', clock(), clock(), 1, clock(), clock()
        from generate_series(1, 2000)""")
    if analyzed:
        sql.execute("analyze webhook_deadlines, alerts")
    with counted(sql) as read:
        sql.execute("select webhook_check_deadlines(), webhook_prune()")
        sql.execute("select prune_alerts(clock())")
    assert read["webhook_deadlines"] < 10
    assert read["alerts"] < 10


def test_a_bite_does_not_walk_over_the_bites_before(sql, dsn):
    """With an old snapshot open, the events that are pruned last cost no more than the first."""
    sql.execute("""
        insert into webhook_events (id, source, account, event_id, body, headers, scheme, jobs,
                                    received_at)
        select new_id(), 'stripe', '', n::text, '', '[]', 'none', '{}',
               clock() - interval '900 days' + interval '1 second' * n
        from generate_series(1, 2000) n""")
    with psycopg.connect(dsn) as report:
        report.execute("set transaction isolation level repeatable read")
        report.execute("select 1")
        bite = "select webhook_prune_source('stripe', clock(), clock(), 100)"
        sql.execute(bite + " from generate_series(1, 15)")
        with counted(sql) as read:
            assert sql.execute(bite).fetchone() == (100,)
    assert read["webhook_events"] < 1200


def test_of_many_held_events_one_is_read_for_each_source(sql):
    """What a person is told of costs a look for each source, however many are held."""
    sql.execute("""
        insert into webhook_events (id, source, account, event_id, body, headers, scheme, jobs,
                                    received_at, held_why)
        select new_id(), s, '', n::text, '', '[]', 'none', '{}', clock() - interval '1 second' * n,
               case when n < 500 then 'its id is that of another' else 'a test event' end
        from generate_series(1, 1000) n, unnest(array['a', 'b']) s""")
    with counted(sql) as read:
        sql.execute("select webhook_check_held()")
    told = sql.execute("select count(*) from alerts where text like '%: a test event. %'")
    assert told.fetchone() == (2,)
    assert read["webhook_events"] < 20
