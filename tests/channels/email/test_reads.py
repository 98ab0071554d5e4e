"""What it takes to find emails, and to load one, does not grow with how many there are."""

import json

import psycopg
import pytest
from tests.reads import counted


def _copied(sql, count, message_id):
    """One email, stored, and so many with a Message-ID and a recipient of their own."""
    sql.execute(
        "select email_send('me@example.com', '{a0@example.com,all@example.com}', '<0@example.com>',"
        " 'Order 0 is packed', 'Subject: Hi', '{\"tenant\": \"acme\"}')"
    )
    own = "('00000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid"
    for table, changes in {
        "emails": f"""'id', {own}, 'message_id', {message_id},
            'subject', 'Order ' || n || ' is packed',
            'tags', case when n % 2000 = 1 then '["rare"]'::jsonb else '[]' end""",
        "email_recipients": f"""'email_id', {own}, 'address',
            replace(t.address, 'a0@', 'a' || n || '@')""",
        "ready_jobs": f"'id', {own}",
    }.items():
        sql.execute(
            f"""insert into {table} overriding user value
                select copied.* from {table} t cross join generate_series(1, {count}) n
                cross join lateral jsonb_populate_record(t, jsonb_build_object({changes})) copied"""
        )


def test_a_message_id_that_thousands_have(sql):
    """Whoever gives all his mail one Message-ID finds those, and no others."""
    _copied(sql, 5_003, message_id="case when n <= 5001 then '<same@x>' else '<other@x>' end")
    found = sql.execute(
        'select e.message_id from email_find(\'{"message_id": "same@x"}\', 3) f'
        " join emails e using (id)"
    ).fetchall()
    assert found == [("<same@x>",)] * 3


def test_what_a_search_reads_does_not_grow_with_the_tables(sql):
    """A few emails are found by a few looks, the many and the rare alike."""
    _copied(sql, 6_000, message_id="'<' || n || '@example.com>'")
    sql.execute("analyze emails, email_recipients, ready_jobs")
    for wanted, count in [
        ({"recipient": "a700@example.com"}, 1), ({"recipient": "nobody@example.com"}, 0),
        ({"recipient": "all@example.com"}, 5), ({"message_id": "<700@example.com>"}, 1),
        ({"subject": "order 700 "}, 1), ({"subject": "order"}, 5), ({"subject": "none"}, 0),
        ({"tenant": "acme"}, 5), ({"tenant": "none"}, 0), ({"tag": "rare"}, 3), ({"tag": "x"}, 0),
        ({"recipient": "a700@example.com", "tenant": "acme", "state": "ready"}, 1),
        ({"state": "dead", "tenant": "acme"}, 0), ({}, 5),
    ]:  # fmt: skip
        with counted(sql) as read:
            found = sql.execute("select id from email_find(%s, 5)", [json.dumps(wanted)]).fetchall()
        assert len(found) == count, wanted
        most = 20_100 if count == 5 and wanted else 100  # at most 5001, in tables and indexes
        assert read["emails"] + read["email_recipients"] <= most, (wanted, read)


def _plain(sql, count):
    """So many emails, as if they were delivered: one in ten is dead, one in two is tagged."""
    sql.execute(
        """insert into emails (id, message_id, sender, raw, size, source, tags, metadata,
                               created_at)
           select ('00000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid,
                  '<' || n || '@x>', '', 'x', 1, case n when 1 then 'smtp-in' else 'send' end,
                  case when n %% 2 = 0 then '{many}'::text[] when n %% 2000 = 1 then '{rare}'
                       else '{}' end,
                  '{}', now()
           from generate_series(1, %s::integer) n""",
        [count],
    )
    job = "select id, 'email', 'email:send', '{}', 5, 1, 0, 0, now(), now(),"
    columns = (
        "id, queue, kind, payload, priority, attempts, crashes, deferrals, enqueued_at, run_at"
    )
    sql.execute(
        f"""insert into finished_jobs ({columns}, state, finished_at)
            {job} 'done', now() from emails where message_id !~ '0@'"""
    )
    sql.execute(
        f"""insert into dead_letters ({columns}, reason, error, fingerprint, history, died_at)
            {job} 'refused', 'no', 'f', '[]', now() from emails where message_id ~ '0@'"""
    )
    sql.execute("vacuum analyze")


def test_two_things_that_are_asked_for_cost_no_more_than_one(sql):
    """Emails are found by the rarest of what is asked for, and a page of them by its beginning."""
    _plain(sql, 20_000)
    middle = "00000000-0000-7000-8000-000000000100"
    for wanted, count, most in [
        ({"state": "done", "before": middle}, 5, 100),
        ({"state": "dead", "before": middle}, 5, 100),
        ({"state": "done", "tag": "rare"}, 5, 200),
        ({"state": "dead", "tag": "rare"}, 0, 2_100),
        ({"state": "dead", "source": "nobody"}, 0, 12_000),
        ({"state": "dead", "tag": "many"}, 5, 12_000),
        ({"state": "leased", "tag": "many"}, 0, 6_000),
    ]:
        with counted(sql) as read:
            found = sql.execute("select id from email_find(%s, 5)", [json.dumps(wanted)]).fetchall()
        assert len(found) == count, wanted
        jobs = sum(n for table, n in read.items() if table.startswith(("finished", "dead")))
        assert read["emails"] <= most and jobs <= 12_000, (wanted, read)


def test_who_asks_the_view_for_a_state_reads_only_there(sql):
    """`select … from email_queue where status = …` looks at no email that is in another state."""
    _plain(sql, 2_000)
    sql.execute("insert into email_recipients select id, 1, 'a@x', 'delivered' from emails")
    sql.execute("delete from dead_letters where right(id::text, 2) <> '0a'")
    sql.execute("analyze emails, email_recipients, dead_letters")
    for state, found in ("ready", 0), ("leased", 0), ("dead", 2), ("done", 50):
        with counted(sql) as read:
            rows = sql.execute(
                "select * from email_queue where status = %s limit 50", [state]
            ).fetchall()
        assert len(rows) == found and read["emails"] <= 50, (state, read)


def test_a_search_that_has_no_end_says_where_it_goes_on(sql):
    """What many have and few have together is looked for among a million (here 5000), by pages."""
    _plain(sql, 6_000)
    sql.execute(
        "create or replace function holdfast.most_looked_through() returns integer "
        "language sql immutable as 'select 5000'"
    )
    find = "select id::text from email_find(%s, %s)"
    with (
        counted(sql) as read,
        pytest.raises(psycopg.errors.DatabaseError, match=r"of 5000 emails .* 0 fit") as told,
        sql.transaction(),
    ):
        sql.execute(find, [json.dumps({"source": "smtp-in"}), 5])
    assert read["emails"] <= 21_000
    before = told.value.diag.message_hint.rsplit(maxsplit=1)[1]
    wanted = json.dumps({"source": "smtp-in", "before": before})
    assert sql.execute(find, [wanted, 5]).fetchall() == [("00000000-0000-7000-8000-000000000001",)]
    sql.execute("update emails set source = 'smtp-in' where message_id = '<5999@x>'")
    with pytest.raises(psycopg.errors.DatabaseError) as told:
        sql.execute(find, [json.dumps({"source": "smtp-in", "state": "done"}), 5])
    assert "with limit 1 for those" in told.value.diag.message_hint
    found = sql.execute(find, [json.dumps({"source": "smtp-in", "state": "done"}), 1]).fetchall()
    assert len(found) == 1


def test_what_an_attempt_reads_does_not_grow_with_the_tables(sql):
    """Five emails are loaded and finished by a few looks, though the statistics know of none."""
    fill = """
        select email_send('me@example.com', '{ann@example.com}', '<' || n || '@example.com>', 'Hi',
                          'Subject: Hi') from generate_series(1, 1000) n"""
    for statement in (
        fill,
        "select from claim('email', 1000)",
        "delete from leased_jobs",
        "delete from email_recipients",
        "delete from emails",
        "analyze",
        fill,
    ):
        sql.execute(statement)  # fmt: skip
    jobs = sql.execute("select id, claim_token from claim('email', 1000)").fetchall()[:5]
    ids, tokens = [job for job, _ in jobs], [token for _, token in jobs]
    with counted(sql) as read:
        assert len(sql.execute("select * from email_load(%s)", [ids]).fetchall()) == 5
        sql.execute(
            "select * from email_finish(%s, %s, %s, %s, %s, %s, %s, %s, %s)",
            [ids, tokens, ids, ["ann@example.com"] * 5, ["delivered"] * 5, [250] * 5, ["Ok"] * 5,
             ["smtp"] * 5, [None] * 5],
        )  # fmt: skip
    assert read["leased_jobs"] + read["emails"] + read["email_recipients"] <= 60
    assert sql.execute("select count(*) from finished_jobs").fetchone() == (5,)


def test_an_email_is_stored_without_a_look_at_what_has_ended(sql):
    """Its job's identity is a new one: it is looked for in none of the days of the history."""
    looks = """
        select sum(pg_stat_get_xact_numscans(i.indexrelid)) from pg_index i
        where i.indrelid::regclass::text ~ '^finished_jobs'"""
    with sql.transaction():
        before = sql.execute(looks).fetchone()
        sql.execute("select email_send('me@example.com', '{a@b.example}', '<1@x>', 'Hi', 'Hi')")
        assert sql.execute(looks).fetchone() == before
