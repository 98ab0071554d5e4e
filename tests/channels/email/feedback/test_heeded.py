"""Whom a report takes off the list of those who get mail, for whom, and for how long."""

import json
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from tests.until import until


def ended(connection, said, args):
    """What it answers, after its commit."""
    [(found,)] = connection.execute(said, args).fetchall()
    connection.commit()
    return found


def test_whom_it_holds_for_does_not_depend_on_which_came_first(desk):
    """A report that came before its email holds for that tenant and list, once both are there.

    What others than reports have said to hold for all, as `bo` of eve, still does; and what a
    report said that is forgotten, as of fay.
    """
    early = {"message_id": None, "provider_message_id": "p1"}
    people = [f"{name}@example.com" for name in ("ann", "ben", "cy", "dan", "eve", "fay")]
    ann, ben, cy, dan, eve, fay = people
    desk.age("0 seconds")
    desk.sql.execute(
        "select email_suppress(%s, 'bo', null, jsonb_build_object('reason', 'bounced', "
        "'expires_at', clock() + interval '1 day'))", [eve]
    )  # fmt: skip
    desk.report(desk.event("complained", fay, message_id="<forgotten@x>"))
    desk.sql.execute("delete from email_events")
    desk.age("1 second")
    desk.send(ben, tags=["list:offers"], message_id="<nobodys@x>")
    email = desk.send(*people, tenant="acme", tags=["list:news"])
    desk.report(
        desk.event("unsubscribed", ben, message_id="<nobodys@x>"),
        desk.event("complained", ann, **early), desk.event("unsubscribed", ben, **early),
        desk.event("bounced", cy, code="5.1.1", **early), desk.event("complained", dan, **early),
        desk.event("bounced", eve, code="5.1.1", **early), desk.event("complained", fay, **early),
        desk.event("bounced", cy, code="5.1.1", message_id="<a-stranger-to-all@x>"),
    )  # fmt: skip
    assert desk.suppressed(*people, tenant="other", tags=["list:offers"]) == people
    desk.sql.execute("select email_unsuppress(%s, 'bo', null, null, 'complained')", [dan])
    desk.sql.execute(
        "update email_recipients set provider_message_id = 'p1' where email_id = %s", [email]
    )
    desk.age("10 seconds")
    desk.sql.execute("set role holdfast_work")
    desk.sql.execute("select email_upkeep_step()")
    desk.sql.execute("reset role")
    assert desk.suppressions() == [
        (ann, "acme", "complained", ""),
        (ben, "", "unsubscribed", "offers"), (ben, "acme", "unsubscribed", "news"),
        (cy, "", "bounced", ""), (cy, "acme", "bounced", ""),
        (eve, "", "bounced", ""), (eve, "acme", "bounced", ""),
        (fay, "", "complained", ""), (fay, "acme", "complained", ""),
    ]  # fmt: skip


def test_who_narrows_and_who_hears_do_not_wait_in_a_circle(desk, dsn):
    """Reports that come while earlier ones find their emails wait for these, and both end."""
    ann, ben = "ann@example.com", "ben@example.com"
    early = {"message_id": None, "provider_message_id": "p1"}
    desk.age("0 seconds")
    email = desk.send(ann, ben, tenant="acme")
    desk.report(desk.event("complained", ann, **early), desk.event("complained", ben, **early))
    desk.sql.execute(
        "update email_recipients set provider_message_id = 'p1' where email_id = %s", [email]
    )
    desk.age("10 seconds")
    desk.send(ann, tenant="acme", message_id="<2@example.com>")
    news = [
        desk.event("complained", ann, message_id="<2@example.com>"),
        desk.event("complained", ben, message_id="<a-stranger-to-all@x>"),
    ]
    waiting = "select count(*) from pg_stat_activity where wait_event_type = 'Lock'"
    waiting += " and datname = current_database()"
    now = desk.one("select set_config('holdfast.now', clock()::text, false)")
    with (
        ThreadPoolExecutor() as pool, psycopg.connect(dsn) as narrows,
        psycopg.connect(dsn) as hears, psycopg.connect(dsn) as slow,
    ):  # fmt: skip
        slow.execute("select from holdfast.email_suppressions where address = %s for update", [ben])
        done = []
        for connection, said, args in (
            (narrows, "select holdfast.email_match_feedback()", []),
            (hears, "select holdfast.email_feedback('p', %s)", [json.dumps(news)]),
        ):
            connection.execute("select set_config('holdfast.now', %s, false)", now)
            done.append(pool.submit(ended, connection, said, args))
            until(lambda: desk.one(waiting)[0] >= len(done))
        slow.rollback()
        assert [one.result() for one in done] == [2, 2]
    assert [row[:2] for row in desk.suppressions()] == [(ann, "acme"), (ben, ""), (ben, "acme")]


def test_dead_mailboxes_of_many_emails_are_put_down_in_one_order(desk, dsn):
    """Who waits for the first address has none of the others, so two never wait in a circle."""
    ann, *others = (f"{name}@example.com" for name in ("ann", *"jihgfedcb"))
    put = "select email_put_suppressions(%s, 'bo')"
    entries = [{"address": address, "reason": "bounced"} for address in (ann, *others)]
    desk.sql.execute(put, [json.dumps(entries[:1])])
    results = [
        {"id": str(desk.send(address)), "address": address, "status": "refused",
         "verdict": "dead", "attempt": 1, "answer": "550 5.1.1 no", "personal": True}
        for address in (*others, ann)
    ]  # fmt: skip
    waiting = "select count(*) from pg_stat_activity where wait_event_type = 'Lock'"
    waiting += " and datname = current_database()"
    with (
        ThreadPoolExecutor() as pool, psycopg.connect(dsn) as records, psycopg.connect(dsn) as slow,
    ):  # fmt: skip
        slow.execute("select from holdfast.email_suppressions for update")
        said = "select holdfast.email_record(%s)"
        done = pool.submit(ended, records, said, [json.dumps(results)])
        until(lambda: desk.one(waiting)[0])
        desk.sql.execute("set lock_timeout = '100 ms'")
        assert desk.one(put, json.dumps(entries[1:])) == (len(others),)
        slow.rollback()
        assert done.result() == len(results)


def test_a_dead_mailbox_is_suppressed(desk):
    """A bounce with a code that says the mailbox is gone: no more mail of this tenant to it."""
    codes = ["5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1"]
    desk.send(*(f"Ann{code}@Example.com" for code in codes), tenant="acme")
    desk.report(*(desk.event("bounced", f"Ann{code}@example.com", code=code) for code in codes))
    assert desk.suppressions() == sorted(
        (f"ann{code}@example.com", "acme", "bounced", "") for code in codes
    )
    asked = ["ANN5.1.1@example.com", "ben@example.com"]
    assert desk.suppressed(*asked, tenant="acme") == asked[:1]
    assert desk.suppressed(*asked, tenant="other") == []


def test_other_bounces_suppress_nobody(desk):
    """A policy of the receiver (5.7.*), a full mailbox, a delay: the mailbox lives."""
    desk.send("ann@example.com")
    desk.report(
        desk.event("bounced", code="5.7.1"),
        desk.event("bounced", code="5.7.1", dead_mailbox=True),
        desk.event("bounced", code="5.2.2"),
        desk.event("bounced", code=None),
        desk.event("soft_bounced", code="5.1.1"),
        desk.event("rejected", code="5.1.1", dead_mailbox=True),
        desk.event("delayed", code="4.2.1"),
    )
    assert desk.one("select count(*) from email_events")[0] == 7
    assert desk.suppressions() == []


def test_a_provider_may_say_that_the_mailbox_is_gone(desk):
    """Without a code the provider's word counts."""
    desk.send("ann@example.com")
    desk.report(desk.event("bounced", dead_mailbox=True))
    assert desk.suppressed("ann@example.com") == ["ann@example.com"]


def test_complaints_and_unsubscriptions_suppress(desk):
    """A complaint holds for all mail, an unsubscription for its list; of unknown mail, for all."""
    desk.send("ann@example.com", tenant="acme", tags=["x", "list:news"])
    desk.report(desk.event("complained", "eve@example.com", message_id="<strange@example.com>"))
    desk.report(desk.event("unsubscribed"))
    assert desk.suppressions() == [
        ("ann@example.com", "acme", "unsubscribed", "news"),
        ("eve@example.com", "", "complained", ""),
    ]
    assert desk.suppressed("ann@example.com", tenant="acme", tags=["list:news"])
    assert not desk.suppressed("ann@example.com", tenant="acme", tags=["list:offers"])
    assert not desk.suppressed("ann@example.com", tenant="acme")
    assert desk.suppressed("eve@example.com", tenant="anybody")


def test_unsubscribed_from_all_lists(desk):
    """`*` is every list; mail that belongs to none, such as a password, still goes."""
    options = json.dumps({"reason": "unsubscribed"})
    desk.sql.execute("select email_suppress('ann@example.com', 'me', null, %s)", [options])
    assert desk.suppressed("ann@example.com", tags=["list:news"])
    assert desk.suppressed("ann@example.com", tags=["list:*"])
    assert not desk.suppressed("ann@example.com", tags=["receipt"])


def test_a_bounce_may_end(desk):
    """With `bounces` set a dead mailbox is tried again after it; a new bounce prolongs."""
    desk.sql.execute("set holdfast.now = '2026-11-25 08:00+00'")
    desk.sql.execute("select email_keep('{\"bounces\": \"30 days\"}', 'me')")
    desk.send("ann@example.com")
    desk.report(desk.event("bounced", code="5.1.1"))
    desk.sql.execute("set holdfast.now = '2026-12-20 08:00+00'")
    assert desk.suppressed("ann@example.com")
    desk.report(desk.event("bounced", code="5.1.1"))
    desk.sql.execute("set holdfast.now = '2027-01-10 08:00+00'")
    assert desk.suppressed("ann@example.com")
    desk.sql.execute("set holdfast.now = '2027-01-20 08:00+00'")
    assert not desk.suppressed("ann@example.com")


def test_a_refusal_in_the_smtp_session_suppresses(desk):
    """550 5.1.1 to RCPT, at once: the same as a bounce; a refusal for policy is not."""
    answers = {
        "a@example.com": "5.1.1 no such user", "b@example.com": "550 5.1.10 unknown",
        "c@example.com": "5.7.1 go away, see 5.1.1", "d@example.com": "No such user",
        "e@example.com": "5.1.100 what", "f@example.com": None,
    }  # fmt: skip
    email = desk.send(*answers, "g@example.com")
    results = [
        {"address": a, "status": "refused", "code": 550, "answer": text, "personal": True}
        for a, text in answers.items()
    ]
    for status, personal in (("pending", True), ("refused", False), ("refused", None)):
        results.append({"address": "g@example.com", "status": status, "answer": "5.1.1 not so",
                        "personal": personal})  # fmt: skip
    call = "select email_suppress_refused(%s, %s)"
    assert desk.one(call, email, json.dumps(results))[0] == 2
    assert [row[0] for row in desk.suppressions()] == ["a@example.com", "b@example.com"]
    assert desk.one(call, email, json.dumps(results))[0] == 0


def test_removing_says_what_is_left(desk):
    """Without a reason a bounce goes, a complaint stays; by name it goes too. Who is recorded."""
    for reason in ("bounced", "complained"):
        options = json.dumps({"reason": reason, "tenant": "acme"})
        desk.sql.execute("select email_suppress('ann@example.com', 'me', 'x', %s)", [options])
    call = "select * from email_unsuppress('Ann@example.com', 'carl', 'she has a new one'{})"
    assert desk.one(call.format("")) == (1, 1)
    assert desk.one(call.format(", p_reason => 'complained'")) == (1, 0)
    assert desk.one(call.format("")) == (0, 0)
    done = desk.sql.execute("select action, who, affected from operations order by id").fetchall()
    assert done[2:] == [("unsuppress", "carl", n) for n in (1, 1, 0)]
    assert "ann@example.com" not in str(desk.sql.execute("select * from operations").fetchall())


def test_bad_suppressions_are_refused(desk):
    """All or none; the message names the place and not the address."""
    for entries, says in [
        ({}, "array"),
        (["x"], "entry 1: not an object"),
        ([{"address": "a@x.com"}, {"address": "secret @x.com"}], "entry 2: address"),
        ([{"address": "a@x.com", "reason": "because"}], "reason is"),
        ([{"address": "a@x.com", "list": "news"}], "with the reason unsubscribed only"),
        ([{"address": "a@x.com", "why": "news"}], "something else"),
        ([{"address": "a@x.com", "tenant": "t" * 201}], "too long"),
    ]:
        with pytest.raises(psycopg.Error, match=says) as caught:
            desk.sql.execute("select email_suppress_many(%s, 'me')", [json.dumps(entries)])
        assert "secret" not in str(caught.value)
    assert desk.suppressions() == []


def test_an_unsubscription_by_link(desk):
    """Suppressed for tenant and list, shown at the recipient, once; also of a forgotten email."""
    desk.send("ann@example.com", tenant="acme", tags=["list:news"])
    call = "select email_unsubscribe('acme', 'Ann@example.com', 'news', %s, %s)"
    assert desk.one(call, "<1@example.com>", "t1")[0]
    assert not desk.one(call, "<1@example.com>", "t1")[0]
    assert not desk.one(call, "<gone@example.com>", "t2")[0]
    assert desk.suppressions() == [("ann@example.com", "acme", "unsubscribed", "news")]
    assert desk.news()["ann@example.com"][0] == "unsubscribed"
