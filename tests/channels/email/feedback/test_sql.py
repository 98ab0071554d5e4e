"""Feedback in the database: each report once, and the greatest news stands."""

import itertools
import json
from datetime import datetime

import psycopg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.reads import counted

GROUPS = [
    ["delayed"], ["soft_bounced", "delivered"], ["opened"], ["clicked"], ["rejected", "bounced"],
    ["unsubscribed"], ["complained"],
]  # fmt: skip
KINDS = [kind for group in GROUPS for kind in group]


def model(events):
    """What stands at each address: the greatest by group, then time, then place in the group."""

    def weight(event):
        [(group, place)] = [
            (number, kinds.index(event["kind"]))
            for number, kinds in enumerate(GROUPS)
            if event["kind"] in kinds
        ]
        return group, datetime.fromisoformat(event["at"]), place

    best = {}
    for event in events:
        address = event["address"].lower()
        if address not in best or weight(event) > weight(best[address]):
            best[address] = event
    return {a: (e["kind"], datetime.fromisoformat(e["at"])) for a, e in best.items()}


NEWS = st.tuples(
    st.sampled_from(KINDS), st.sampled_from(["ann@example.com", "Ben@Example.com"]),
    st.integers(0, 3),
)  # fmt: skip


@settings(max_examples=25)
@given(news=st.lists(NEWS, min_size=1, max_size=5), chance=st.randoms(use_true_random=False))
def test_any_order_ends_the_same(desk, news, chance):
    """Whatever the order, batches and repetitions, the recipients end as the model says."""
    desk.sql.execute("delete from email_events")
    desk.sql.execute("delete from email_suppressions")
    if not desk.news():
        desk.send("ann@example.com", "ben@example.com")
    events = [desk.event(kind, address, minute) for kind, address, minute in news]
    wanted = {"ann@example.com": (None, None), "ben@example.com": (None, None), **model(events)}
    for _ in range(3):
        desk.sql.execute("update email_recipients set feedback = null, feedback_at = null")
        desk.sql.execute("delete from email_events")
        order = [*events, *chance.choices(events, k=2)]
        chance.shuffle(order)
        cut = chance.randrange(len(order) + 1)
        desk.report(*order[:cut])
        desk.report(*order[cut:])
        assert desk.news() == wanted
        assert desk.one("select count(*) from email_events")[0] == len(events)


def test_every_pair_both_ways(desk):
    """Of any two kinds the same one stands, whichever comes first and whichever is later."""
    news = list(itertools.product(KINDS, (0, 1)))
    pairs = list(itertools.product(news, news))
    addresses = [f"a{number}@example.com" for number in range(len(pairs))]
    desk.send(*addresses)
    first = [desk.event(kind, a, at) for a, ((kind, at), _) in zip(addresses, pairs, strict=True)]
    then = [desk.event(kind, a, at) for a, (_, (kind, at)) in zip(addresses, pairs, strict=True)]
    desk.report(*first)
    desk.report(*then)
    assert desk.news() == model([*first, *then])


def test_news_that_weighs_more_stands(desk):
    """A complaint is not hidden by a click; what was delivered may bounce; and so on, in words."""
    cases = [
        ("complained", "clicked", "complained"), ("delivered", "bounced", "bounced"),
        ("bounced", "delivered", "bounced"), ("soft_bounced", "delivered", "delivered"),
        ("delivered", "soft_bounced", "soft_bounced"), ("opened", "delivered", "opened"),
        ("delivered", "delayed", "delivered"), ("bounced", "unsubscribed", "unsubscribed"),
    ]  # fmt: skip
    desk.send(*(f"a{number}@example.com" for number in range(len(cases))))
    for number, (first, then, _) in enumerate(cases):
        desk.report(desk.event(first, f"a{number}@example.com", minute=1))
        desk.report(desk.event(then, f"a{number}@example.com", minute=2))
    assert [news[0] for news in desk.news().values()] == [stands for *_, stands in cases]


def test_a_report_counts_once(desk):
    """Once per provider: a report that comes again has no effect, of another it is another."""
    desk.send("ann@example.com")
    event = desk.event("delivered")
    assert desk.report(event, event) == 1
    assert desk.report(event) == 0
    assert desk.report(event, provider="postmark") == 1


def test_the_email_is_found_by_either_id(desk):
    """By the provider's id of it, or by our Message-ID; and kept where neither is known."""
    first = desk.send("ann@example.com")
    second = desk.send("ann@example.com", message_id="<2@example.com>")
    desk.sql.execute(
        "update email_recipients set provider_message_id = 'p2' where email_id = %s", [second]
    )
    desk.report(
        desk.event("opened"),
        desk.event("clicked", message_id=None, provider_message_id="p2"),
        desk.event("delivered", message_id="<other@example.com>", provider_message_id="other"),
    )
    rows = desk.sql.execute("select kind, email_id from email_events order by kind").fetchall()
    assert rows == [("clicked", second), ("delivered", None), ("opened", first)]


def test_a_report_that_comes_before_the_id_finds_its_email(desk):
    """The provider may be faster than our own record, and others may have much to report since."""
    desk.age("0 seconds")
    desk.report(desk.event("opened", message_id="<too-young@x>"))
    assert desk.one("select email_match_feedback()") == (0,)
    for n, id_comes_after in enumerate(["5 seconds", "1 minute", "1 hour"]):
        email = desk.send(f"ann{n}@example.com")
        strangers = [desk.event("opened", message_id=f"<stranger{k}@x>") for k in range(600)]
        bounced = desk.event(
            "bounced", f"ann{n}@example.com", message_id=None, provider_message_id=f"p{n}"
        )
        desk.report(*strangers, bounced)
        desk.age(id_comes_after)
        desk.sql.execute("select email_upkeep_step()")
        assert desk.one("select count(email_id) from email_events")[0] == n
        desk.sql.execute(
            "update email_recipients set provider_message_id = %s where email_id = %s",
            [f"p{n}", email],
        )
        desk.age(["10 seconds", "2 minutes", "1 hour"][n])
        desk.sql.execute("select email_upkeep_step()")
        assert desk.one("select count(email_id) from email_events")[0] == n + 1
        assert desk.news()[f"ann{n}@example.com"][0] == "bounced"
    assert desk.one("select email_match_feedback()") == (0,)  # each once at each age
    desk.age("-1 day")  # the clock is put back
    desk.report(desk.event("opened", "ben@example.com", message_id="<later@x>"))
    desk.send("ben@example.com", message_id="<later@x>")
    desk.age("10 seconds")
    desk.sql.execute("select email_match_feedback()")
    assert desk.news()["ben@example.com"][0] == "opened"


def test_bad_reports_are_refused(desk):
    """Nothing of the batch is stored, and the message names the place and what is wrong."""
    for change, says in [
        ({"kind": "fell"}, "kind"), ({"kind": None}, "kind"), ({"event_id": ""}, "event_id"),
        ({"event_id": None}, "event_id"), ({"at": None}, "at"), ({"address": "x"}, "address"),
        ({"address": None}, "address"), ({"address": "a" * 321}, "address"),
    ]:  # fmt: skip
        bad = {**desk.event("opened"), **change}
        with pytest.raises(psycopg.Error, match=f"report 2: .*{says}"):
            desk.report(desk.event("opened"), bad)
    assert desk.one("select count(*) from email_events")[0] == 0


def test_two_at_once_move_the_same_recipient(desk, dsn):
    """Two transactions with news of one address: whoever commits last, the heavier news stands."""
    desk.send("ann@example.com")
    with psycopg.connect(dsn) as other:
        other.execute("set search_path to holdfast")
        call = "select email_feedback('x', %s)"
        other.execute(call, [json.dumps([desk.event("complained")])])
        with psycopg.connect(dsn, autocommit=True) as third:
            third.execute("set search_path to holdfast")
            pipeline = third.pipeline()
            with pipeline:
                third.execute(call, [json.dumps([desk.event("clicked", minute=9)])])
                other.commit()
    assert desk.news()["ann@example.com"][0] == "complained"


def test_the_roles_may_what_they_need(desk):
    """Workers store feedback and look after things; who serves HTTP lets people unsubscribe."""
    email = desk.send("ann@example.com")
    report = json.dumps([desk.event("bounced", code="5.1.1")])
    for role, calls in {
        "work": [
            f"select email_feedback('x', '{report}')",
            f"select email_suppress_refused('{email}', '[]')", "select email_upkeep_step()",
            "select email_drop_bodies()", "select email_forget()", "select email_match_feedback()",
            "select email_suppressed('', '{ann@example.com}')",
        ],
        "enqueue": ["select email_unsubscribe('', 'ann@example.com', '*', '<1@example.com>', 'e')"],
        "read": [
            "select email_suppressed('', '{ann@example.com}')", "select email_keeping_now()",
            "select email_suppression_list()", "select email_login_list()", "select email_paced()",
            "select email_doubts()",
        ],
        "operate": [
            "select email_suppress('ben@example.com', 'me')",
            "select email_unsuppress('ben@example.com', 'me')",
            "select email_keep('{\"bodies\": \"1 day\"}', 'me')",
            "select email_erase('ann@example.com', 'me')",
        ],
    }.items():  # fmt: skip
        desk.sql.execute(f"set role holdfast_{role}")
        for call in calls:
            desk.sql.execute(call)
        desk.sql.execute("reset role")
    assert not desk.one(
        "select has_column_privilege('holdfast_read', 'email_logins', 'password_hash', 'select')"
    )[0]
    assert [row[2] for row in desk.suppressions()] == ["bounced", "unsubscribed"]


def test_a_report_reads_a_few_rows(desk):
    """To send and to be reported on costs a few looks, though all was planned on empty tables."""

    def send(n):
        desk.send(f"p{n}@example.com", message_id=f"<{n}@example.com>")

    def report(n, kind):
        desk.report(desk.event(kind, f"p{n}@example.com", message_id=f"<{n}@example.com>"))

    desk.sql.execute("vacuum analyze")
    for n in range(8):
        send(n)
        report(n, "delivered")
        report(n, "bounced")
    for n in range(10, 510):
        send(n)
    with counted(desk.sql) as read:
        send(3000)
        for kind in ("delivered", "opened", "complained"):
            report(17, kind)
    assert {table: count for table, count in read.items() if count > 60} == {}
