"""Who is not sent to, and who is known to have it: before any provider is asked."""

import json

import pytest

from holdfast import Email
from holdfast.policy.verdict import Dead, Delivered

ANN, BEN = "ann@example.com", "ben@example.com"
MAIL = {"subject": "Hi", "text": "Hello\n", "sender": "me@example.com"}


def suppress(sql, address, reason="manual"):
    """Put an address on the list."""
    entry = [{"address": address, "reason": reason, "source": "test"}]
    sql.execute("select email_put_suppressions(%s, 'test')", [json.dumps(entry)])


def statuses(sql):
    """What became of each address."""
    return dict(sql.execute("select address, status from email_recipients").fetchall())


async def test_a_suppressed_address_gets_nothing(post, script, smtp, sql):
    """No connection is made for it; the email is a dead letter that says why."""
    server = await script()
    suppress(sql, ANN)
    await post.send(Email(to=ANN, **MAIL))
    [(verdict, state)] = await post.attempt(smtp(server.url()))
    assert isinstance(verdict, Dead) and "suppressed" in verdict.because and state == "dead"
    assert server.connections == 0 and statuses(sql) == {ANN: "suppressed"}


async def test_the_others_get_it(post, post_office, smtp, sql):
    """One of two is on the list: the other one has it, and the letter says who has not."""
    office = await post_office()
    suppress(sql, ANN)
    await post.send(Email(to=[ANN, BEN], **MAIL))
    [(verdict, state)] = await post.attempt(smtp(office.url()))
    assert isinstance(verdict, Dead) and state == "dead"
    assert office.messages[0].recipients == [BEN]
    assert statuses(sql) == {ANN: "suppressed", BEN: "delivered"}


async def test_a_replay_asks_the_list_again(post, post_office, smtp, sql):
    """Taken off the list and replayed, the address gets it."""
    office = await post_office()
    suppress(sql, ANN)
    email_id = await post.send(Email(to=ANN, **MAIL))
    await post.attempt(smtp(office.url()))
    sql.execute("delete from email_suppressions")
    sql.execute("select replay(%s, 'a test')", [email_id])
    assert (await post.attempt(smtp(office.url())))[0][1] == "done"
    assert statuses(sql) == {ANN: "delivered"}


async def test_a_dead_mailbox_is_suppressed_at_once(post, post_office, smtp, sql):
    """550 5.1.1 puts the address on the list, 550 5.7.1 does not."""
    office = await post_office()
    office.answers |= {ANN: ["550 5.1.1 no such user"], BEN: ["550 5.7.1 not from you"]}
    await post.send(Email(to=[ANN, BEN], **MAIL))
    await post.attempt(smtp(office.url()))
    listed = sql.execute("select address, reason, source from email_suppressions").fetchall()
    assert listed == [(ANN, "bounced", "smtp")]


@pytest.mark.parametrize(
    ("to", "plan", "listed"),
    [
        ([ANN, BEN], {"MAIL": ["553 5.1.2 <me@example.com>: Domain not found"]}, []),
        ([ANN], {"MAIL": ["550 5.1.1 <me@example.com>: no such user"]}, []),
        ([ANN, BEN], {"dot": ["550 5.1.1 <ben@example.com>: User unknown"]}, []),
        ([ANN, BEN], {"DATA": ["550 5.1.1 User unknown"]}, []),
        ([ANN], {"dot": ["550 5.1.1 User unknown"]}, [ANN]),
        ([ANN, BEN], {"RCPT": ["450 4.2.1 later"], "dot": ["550 5.1.1 User unknown"]}, [BEN]),
    ],
)  # fmt: skip
@pytest.mark.parametrize("offers", ["250 Ok", "250-test\r\n250 PIPELINING"])
async def test_only_what_is_said_of_one_address_suppresses(
    post, script, smtp, sql, to, plan, listed, offers
):
    """A refused sender, or a message for several, tells of nobody that the mailbox is dead."""
    server = await script(EHLO=[offers], **{step: list(said) for step, said in plan.items()})
    await post.send(Email(to=to, **MAIL))
    await post.attempt(smtp(server.url()))
    assert "refused" in statuses(sql).values()
    assert [row[0] for row in sql.execute("select address from email_suppressions")] == listed


async def test_what_a_provider_reports_ends_a_doubt(post, script, smtp, sql):
    """After silence a report that it was delivered settles it; nothing is sent again."""
    server = await script(dot=["drop"])
    email_id = await post.send(Email(to=ANN, **MAIL))
    sql.execute("update emails set on_unknown = 'verify' where id = %s", [email_id])
    await post.attempt(smtp(server.url()))
    message_id = sql.execute("select message_id from emails").fetchone()[0]
    report = {
        "event_id": "1", "kind": "delivered", "address": ANN, "at": "2026-01-01T00:00:00Z",
        "message_id": message_id,
    }  # fmt: skip
    sql.execute("select email_feedback('test', %s)", [json.dumps([report])])
    post.later()
    [(verdict, state)] = await post.attempt(smtp(server.url()))
    assert isinstance(verdict, Delivered) and state == "done"
    assert len(server.contents) == 1 and statuses(sql) == {ANN: "delivered"}
    assert sql.execute("select count(*) from email_submissions").fetchone() == (0,)


async def test_a_body_that_is_gone_is_not_sent(post, script, smtp, sql):
    """A letter replayed after its body was taken out is dead again, and says so."""
    server = await script()
    email_id = await post.send(Email(to=ANN, **MAIL))
    sql.execute("update emails set body_gone_at = now() where id = %s", [email_id])
    [(verdict, state)] = await post.attempt(smtp(server.url()))
    assert isinstance(verdict, Dead) and "taken out" in verdict.because and state == "dead"
    assert server.connections == 0
