"""What is kept, for how long, and what is left of an address that was erased."""

import json
import logging
from base64 import b64encode, encodebytes
from email import message_from_bytes
from email.policy import default
from textwrap import wrap

import pytest

from holdfast import InvalidInput
from holdfast.channels.email.address import mask
from holdfast.channels.email.privacy import erase
from holdfast.channels.email.store import Rendered, store
from holdfast.channels.email.suppression import add, bring_in, remove
from holdfast.policy.verdict import Retry

RAW = b"To: Ann@example.com, joann@example.com\r\nSubject: Hi\r\n\r\nhello ann@example.com\r\n"


def everything(desk):
    """Every text of this channel and of the record of what people did."""
    tables = (
        "emails", "email_recipients", "email_events", "email_suppressions", "email_answers", "jobs",
        "attempts", "dead_letters", "operations",
    )  # fmt: skip
    rows = [desk.sql.execute(f"select t::text from {table} t").fetchall() for table in tables]
    raw = desk.sql.execute("select convert_from(raw, 'UTF8') from emails").fetchall()
    return str([rows, raw])


async def test_an_erased_address_is_nowhere(services, desk):
    """Recipients, feedback, bytes, suppressions, audit: no trace of it, and others untouched."""
    alone = desk.send("ann@example.com", raw=RAW, metadata={"for": "ann@example.com"}, tags=["ann"])
    shared = desk.send("Ann@example.com", "joann@example.com", raw=RAW)
    other = desk.send("joann@example.com", message_id="<2@x>")
    desk.end("done", alone, shared, other)
    desk.report(desk.event("bounced", code="5.1.1", because="ann@example.com is gone"))
    note = await erase(services, "ANN@example.com", why="ann@example.com asked", who="carl")
    assert note.data["emails"] == 2 and note.data["bodies"] == 1
    assert note.data["shared_masked"] == 1 and note.data["left_shared"] == 0
    text = everything(desk)
    assert "ann@example.com" not in text.lower().replace("joann@example.com", "")
    assert "joann@example.com" in text and "hello erased" in text
    assert desk.with_body() == {shared, other}
    assert desk.one("select who, why from operations where action = 'erase address'") == (
        "carl", "erased asked",
    )  # fmt: skip


@pytest.mark.parametrize(
    "odd",
    ["A..b@docomo.example", "ann@under_score.example", "ann@[192.0.2.1]", "a..b@büro.example"],
)
async def test_what_breaks_the_rules_and_came_in_can_go(services, desk, tmp_path, odd):
    """Whom SMTP-in or SQL sent mail to can be suppressed and erased, rules for addresses or not."""
    email = desk.send(odd, raw=b"Subject: Hi\r\n\r\nhello")
    desk.end("done", email)
    file = tmp_path / "list.csv"
    file.write_text(f"address\n{odd}\n", "utf-8")
    assert (await add(services, odd)).data == {"new": 1}
    assert (await bring_in(services, file)).data == {"rows": 1, "new": 0}
    assert (await remove(services, odd)).data["removed"] == 1
    assert (await erase(services, odd)).data["emails"] == 1
    assert odd.partition("@")[2] not in everything(desk)
    for no_address in (
        "ann",
        "a@b@c",
        "a b@x.example",
        "ann@x.example, ben@x.example",
        "a\nb@x.de",
    ):
        with pytest.raises(InvalidInput, match=r"^address: "):
            await erase(services, no_address)


QUOTED = "see https://x.example/?to=3Dann=2Bnews%40example.com and ann=2Bnews=40exam=\r\nple.com"


@pytest.mark.parametrize(
    ("headers", "text"),
    [
        ("", "hello ann+news@example.com, bye"),
        ("Content-Transfer-Encoding: base64\r\n", b64encode("Grüße ann+news@example.com".encode())),
        ("Content-Transfer-Encoding: BASE64\r\nX-A: b\r\n", b64encode(b"\0ann+news@example.com")),
        ("Content-Transfer-Encoding: quoted-printable\r\n", QUOTED),
        (
            "",
            '<a href="https://x.example/?to=ann%2Bnews%40example.com">ann&#43;news&#64;example.com',
        ),
        ('To: "Ann, A." <ann+news@example.com>,\r\n Ben <ben@example.com>\r\n', "hello"),
        ("From: Ann\r\n Smith <ann+news@example.com>\r\n", "hello"),
        (f"X-For: =?utf-8?b?{b64encode(b'to ann+news@example.com').decode()}?=\r\n", "hello"),
    ],
)
async def test_an_address_is_erased_however_it_is_encoded(services, desk, headers, text):
    """In base64, quoted-printable, URLs, HTML and encoded words, with the name before it."""
    body = text if isinstance(text, str) else "\r\n".join(wrap(text.decode(), 76))
    raw = f"Subject: Hi\r\n{headers}\r\n{body}\r\n".encode()
    shared = desk.send("ann+news@example.com", "ben@example.com", raw=raw, metadata={
        "for": "ann+news@example.com"}, tags=["ann+news@example.com"])  # fmt: skip
    other = desk.send("ben@example.com", "cy@example.com", message_id="<2@x>", raw=raw)
    desk.end("done", shared, other)
    await erase(services, "ann+news@example.com", who="carl")
    kept = desk.one("select raw from emails where id = %s", shared)[0]
    message = message_from_bytes(kept, policy=default)
    said = str(message.get_payload(decode=True)) + str(message.items())
    assert "erased" in said and "news" not in said and "Ann" not in said, said
    assert ("ben@example.com" in said) == ("Ben" in headers)
    assert desk.one("select tags, metadata from emails where id = %s", shared) == (
        ["erased"], {"for": "erased"},
    )  # fmt: skip
    assert desk.one("select raw from emails where id = %s", other)[0] == raw
    again = await erase(services, "ann+news@example.com", who="carl")
    assert again.data["shared_masked"] == 0


@pytest.mark.parametrize("encoding", ["7bit", "base64"])
def test_erasing_takes_as_long_as_the_message_is(desk, encoding):
    """Not its square: one that names the address 20 000 times was more than a minute's work."""
    text = b"hello, ann@example.com\r\n" * 20_000
    body = encodebytes(text).replace(b"\n", b"\r\n") if encoding == "base64" else text
    raw = f"Subject: Hi\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n".encode() + body
    desk.sql.execute("set statement_timeout = '15s'")
    kept = desk.one("select email_mask_bytes(%s, 'ann@example.com')", raw)[0]
    desk.sql.execute("reset statement_timeout")
    said = message_from_bytes(kept).get_payload(decode=True)
    assert said.count(b"hello, erased") == 20_000 and b"ann" not in said


SAID = "550 5.1.1 <Ann@example.com>: user ann@example.com unknown"
MASKED = "550 5.1.1 <A***@example.com>: user a***@example.com unknown"


def test_what_is_said_with_psql_is_masked(desk):
    """Addresses in an error or a report are masked on the way in, as the worker masks them."""
    desk.send("ann@example.com")
    (email, token) = desk.one("select id, claim_token from get_email_queue_batch()")
    desk.sql.execute("select mark_email_failed(%s, %s, %s, true)", [email, token, SAID])
    desk.report(desk.event("bounced", because=SAID))
    assert desk.one("select error from dead_letters") == (MASKED,)
    assert desk.one("select answer from email_recipients") == (MASKED,)
    assert desk.one("select because from email_events") == (MASKED,)
    for text in (SAID, "x" * 70 + "@y.de, 'b@c.de';(d@e.fr)=f@g.it", "no @ all", "a@b@c <@x>"):
        assert desk.one("select email_mask(%s)", text) == (mask(text),)


def test_what_was_said_is_erased(desk):
    """Errors with the address in them lose it, wherever the engine has them."""
    desk.send("ann@example.com", "ben@example.com")
    (email, token) = desk.one("select id, claim_token from get_email_queue_batch()")
    settle = "select settle(jsonb_build_array(jsonb_build_object('id', %s::uuid, 'token', %s::uuid,"
    settle += " 'verdict', %s::text, 'because', %s::text)))"
    desk.sql.execute(settle, [email, token, "retry", SAID])
    desk.age("1 hour")
    (email, token) = desk.one("select id, claim_token from get_email_queue_batch()")
    desk.sql.execute(
        "select email_record_all(%s, '{ben@example.com}', 'refused', %s, 1)", [email, SAID]
    )
    desk.sql.execute(settle, [email, token, "dead", SAID])
    assert "ann@example.com" in everything(desk)
    desk.sql.execute("set role holdfast_operate")
    desk.sql.execute("select email_erase('ann@example.com', 'carl')")
    desk.sql.execute("reset role")
    assert "ann@example.com" not in str(desk.one("select error, history from dead_letters"))
    rest = desk.sql.execute("select because from attempts").fetchall()
    answers = desk.sql.execute("select answer from email_recipients").fetchall()
    assert "ann@example.com" not in str([rest, answers]).lower() and "erased" in str(rest)


async def test_an_erased_address_stays_suppressed(services, desk):
    """Its hash is on the list: no mail to it, a late report names nobody; it can be removed."""
    desk.send("ann@example.com")
    desk.report(desk.event("complained"))
    await erase(services, "ann@example.com", who="carl")
    assert desk.suppressed("Ann@example.com", "ben@example.com") == ["Ann@example.com"]
    desk.report(desk.event("opened"))
    await add(services, "ann@example.com", who="carl")
    assert "ann@example.com" not in everything(desk)
    assert (await erase(services, "ann@example.com", who="carl")).data["emails"] == 0
    assert (await remove(services, "ann@example.com", reason="complained")).data["removed"] == 1


async def test_what_waits_for_an_erased_address_is_not_sent(services, desk, post):
    """Of a waiting email to others too, the others get it, in its frozen bytes; that is said."""
    alone = desk.send("ann@example.com", raw=RAW)
    shared = desk.send("ann@example.com", "joann@example.com", raw=RAW)
    note = await erase(services, "ann@example.com", who="carl")
    assert note.data["left_shared"] == 1 and "erase again" in note.text
    assert bytes(desk.one("select raw from emails where id = %s", shared)[0]) == RAW
    assert b"hello" not in bytes(desk.one("select raw from emails where id = %s", alone)[0])
    await post.attempt()
    rows = desk.sql.execute("select status, count(*) from email_recipients group by 1").fetchall()
    assert dict(rows) == {"suppressed": 2, "captured": 1}
    again = await erase(services, "ann@example.com", who="carl")
    assert (again.data["emails"], again.data["shared_masked"]) == (0, 1)
    assert b"hello erased" in bytes(desk.one("select raw from emails where id = %s", shared)[0])
    assert (await erase(services, "ann@example.com", who="carl")).data["shared_masked"] == 0


async def test_a_replay_asks_for_nobody_who_was_erased(services, desk, post, script, smtp):
    """Of two who were refused one is erased: the other one gets it, and no server is told a hash.

    Nor when it is sent again.
    """
    server = await script(RCPT=["550 5.7.1 no", "550 5.7.1 no"])
    email = desk.send("ann@example.com", "ben@example.com")
    assert [state for _, state in await post.attempt(smtp(server.url()))] == ["dead"]
    await erase(services, "ann@example.com", who="carl")
    desk.sql.execute("select replay(%s, 'carl')", [email])
    server.lines.clear()
    assert [state for _, state in await post.attempt(smtp(server.url()))] == ["done"]
    desk.sql.execute("select email_resend(%s)", [email])
    assert [state for _, state in await post.attempt(smtp(server.url()))] == ["done"]
    told = [line for line in server.lines if line[:4] == b"RCPT"]
    assert told == [b"RCPT TO:<ben@example.com>\r\n"] * 2


async def test_an_answer_that_comes_after_an_erasure(services, desk, post, script, smtp):
    """Who is erased while a server is asked comes back neither by its answer nor as suppressed."""
    server = await script(RCPT=["550 5.1.1 <ann@example.com> is unknown", "450 4.2.0 later"])
    provider = smtp(server.url())
    await post.database.run(
        store(Rendered("me@example.com", ("ann@example.com", "ben@example.com"), "<1@x>", None,
                       b"Subject: x\r\n\r\nx\r\n"), {})
    )  # fmt: skip
    ask = provider.deliver

    async def deliver(*args):
        outcomes = await ask(*args)
        await erase(services, "ann@example.com", who="carl")
        return outcomes

    provider.deliver = deliver
    [(verdict, _)] = await post.attempt(provider)
    assert isinstance(verdict, Retry)
    kept = [
        desk.sql.execute(f"select * from {table}").fetchall()
        for table in ("email_recipients", "email_answers", "email_suppressions")
    ]
    assert "ann@" not in str(kept) and "ben@example.com" in str(kept[1]) and not kept[2]


async def test_mail_from_an_erased_address(services, desk):
    """What somebody sent through SMTP-in goes as well, once it has ended."""
    call = "select id from email_send('ann@example.com', '{ben@x.com}', '<9@x>', 'Hi', %s)"
    email = desk.one(call, RAW)[0]
    assert (await erase(services, "ann@example.com", who="carl")).data["left_from"] == 1
    desk.end("done", email)
    assert (await erase(services, "ann@example.com", who="carl")).data["bodies"] == 1
    assert "ann@example.com" not in everything(desk).lower()


def test_masking_takes_that_address_only(desk):
    """However it is written; not a longer one that contains it; what is no text goes altogether."""
    call = "select email_without_address(%s, 'a.b+c@x.com')"
    for text, masked in [
        ("<A.B+c@X.com>", "<erased>"), ("a.b+c@x.com.", "erased."), ("aab+c@x.com", "aab+c@x.com"),
        ("za.b+c@x.com", "za.b+c@x.com"), ("a.b+c@x.com.au", "a.b+c@x.com.au"),
        ("a.b+c@x.com,a.b+c@x.com", "erased,erased"), ("a.b+c@x.company", "a.b+c@x.company"),
    ]:  # fmt: skip
        assert desk.one(call, text)[0] == masked
    mask = "select convert_from(email_mask_bytes(%s, %s), 'UTF8')"
    assert desk.one(mask, "grüß dich jörg@x.de".encode(), "jörg@x.de")[0] == "grüß dich erased"
    assert "taken out" in desk.one(mask, b"\x00a@x.de", "a@x.de")[0]


async def test_errors_and_logs_name_nobody(services, desk, caplog):
    """An address that is refused is not in the error, and no record of the log has one."""
    caplog.set_level(logging.DEBUG)
    for call in (
        erase(services, "canary example.com"),
        add(services, "canary@@example.com"),
        add(services, "canary@example.com", reason="canary@example.com"),
        remove(services, "canary@example.com", reason="canary@example.com"),
    ):
        with pytest.raises(InvalidInput) as caught:
            await call
        assert "canary" not in str(caught.value)
    await add(services, "canary@example.com")
    await erase(services, "canary@example.com")
    desk.sql.execute("select email_suppress_many(%s, 'me')", [json.dumps([])])
    assert not [r for r in caplog.records if "canary" in str(r.__dict__)]
