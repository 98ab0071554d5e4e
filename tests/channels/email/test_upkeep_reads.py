"""What upkeep and the façade read does not grow with what is kept, or waits elsewhere."""

import psycopg
from tests.reads import counted


def test_reports_of_nothing_we_know_are_read_by_their_age(sql):
    """Feedback that meant no email goes when it is old, and what is young is not read for it."""
    sql.execute("""
        insert into email_events (provider, event_id, email_id, address, kind, at, because,
                                  dead_mailbox, stored_at)
        select 'p', n::text, case when n > 2000 then new_id() end, 'ann@example.com', 'opened',
               clock(), '', false, clock() - case when n <= 20 then interval '900 days' else '0' end
        from generate_series(1, 4000) n""")
    with counted(sql) as read:
        sql.execute("select email_forget(500)")
    assert sql.execute("select count(*) from email_events").fetchone() == (3980,)
    assert read["email_events"] < 100


def test_what_waits_in_other_queues_is_not_counted(sql):
    """The processor counts the emails that wait, of tenants and others, and no other jobs."""
    sql.execute("select enqueue_payloads('default', 'x', (select jsonb_agg(n)"
                " from generate_series(1, 2000) n))")  # fmt: skip
    for n, tenant in enumerate(["null", '"acme"']):
        sql.execute(
            "select email_send('me@example.com', '{a@example.com}', %s, 'Hi', 'Subject: Hi',"
            f" '{{\"tenant\": {tenant}}}')", [f"<{n}@example.com>"],
        )  # fmt: skip
    with counted(sql) as read:
        assert sql.execute("select * from process_email_queue()").fetchall() == [(1, 2)]
    assert read["ready_jobs"] < 10


def test_what_was_in_doubt_is_not_walked_over(sql, dsn):
    """With an old snapshot open, an email that ends looks at none handed over before."""
    with psycopg.connect(dsn) as report:
        report.execute("set transaction isolation level repeatable read")
        report.execute("select 1")
        sql.execute("""
            insert into email_submissions (email_id, provider, first_at, at, positions)
            select new_id(), 'p', clock(), clock(), '{1}' from generate_series(1, 500)""")
        sql.execute("delete from email_submissions")
        with counted(sql) as read:
            sql.execute("select email_finish(array[new_id()], array[new_id()], '{}', '{}', '{}',"
                        " '{}', '{}', '{}', '{}')")  # fmt: skip
    assert read["email_submissions"] < 10


def test_a_bite_does_not_walk_over_the_bites_before(sql, dsn):
    """With an old snapshot open, the bodies that are taken out last cost no more than the first."""
    sql.execute("""
        insert into emails (id, message_id, sender, raw, size, source, created_at, tags, metadata)
        select new_id(), n::text, 'me@example.com', 'hello', 5, 'test',
               clock() - interval '900 days' + interval '1 second' * n, '{}', '{}'
        from generate_series(1, 2000) n""")
    with psycopg.connect(dsn) as report:
        report.execute("set transaction isolation level repeatable read")
        report.execute("select 1")
        sql.execute("select email_drop_bodies(100) from generate_series(1, 15)")
        with counted(sql) as read:
            assert sql.execute("select email_drop_bodies(100)").fetchone() == (100,)
    assert read["emails"] < 1200
