"""What the CLI shows of emails."""

from datetime import UTC, datetime
from typing import get_args, get_type_hints

import pytest

from holdfast import Email, InvalidInput
from holdfast.channels.email import CHANNEL, store
from holdfast.channels.email.commands.send import send_email
from holdfast.channels.email.commands.show import list_emails, show_email
from holdfast.command import Rows
from holdfast.errors import UnknownJob


def cells(rows: Rows, *columns):
    """Some columns of a table."""
    places = [rows.columns.index(column) for column in columns]
    return [tuple(row[place] for place in places) for row in rows.rows]


async def test_send_list_show(services, post):
    """What was sent is listed, and shown with its recipients, its timeline and its body."""
    note = await send_email(
        services, ["Ann <ann@example.com>"], "Grüße", text="Hallo Welt", sender="me@example.com",
        bcc=["ben@example.com"], key="k",
    )  # fmt: skip
    email_id = note.data["id"]
    again = await send_email(
        services, ["ben@example.com"], "Grüße", text="x", sender="me@example.com",
        cc=["ann@example.com"], key="k",
    )  # fmt: skip
    assert again.data == {"id": email_id, "duplicate": True} and "before" in again.text
    with pytest.raises(InvalidInput, match="another email needs another key"):
        await send_email(
            services, ["ann@example.com"], "x", text="x", sender="me@example.com", key="k"
        )
    listed = await list_emails(services)
    assert cells(listed, "status", "recipients", "subject") == [
        ("ready", "ann@example.com, ben@example.com", "Grüße")
    ]
    await post.attempt()
    assert cells(await list_emails(services, state="done"), "status") == [("done",)]
    assert (await list_emails(services, state="dead")).rows == []
    shown = (await show_email(services, email_id)).fields
    assert (shown["status"], shown["subject"], shown["captured"]) == ("done", "Grüße", True)
    assert shown["body"].strip() == "Hallo Welt"
    assert cells(shown["recipients"], "address", "status") == [
        ("ann@example.com", "captured"), ("ben@example.com", "captured"),
    ]  # fmt: skip
    assert cells(shown["timeline"], "attempt", "outcome") == [(1, "done")]
    assert ("To", "Ann <ann@example.com>") in shown["headers"].rows


async def test_everything_can_be_said(services, sql, monkeypatch):
    """What `Email` has, the command has: tags, metadata, tenant, headers, times, a link."""
    monkeypatch.setenv("HOLDFAST_PUBLIC_URL", "https://mail.example.com")
    monkeypatch.setenv("HOLDFAST_LINK_SECRET", "a secret of ours")
    note = await send_email(
        services, ["ann@example.com"], "x", text="x", sender="me@example.com",
        reply_to=["desk@example.com"], header=["X-Order: 7", "X-Url:https://x"], tag=["a", "b"],
        metadata='{"order": 7}', tenant="acme", priority=2, send_at="2098-01-01T00:00+02:00",
        expires_at="2099-01-01", unsubscribe="news", on_unknown="hold",
    )  # fmt: skip
    shown = (await show_email(services, note.data["id"])).fields
    assert (shown["tags"], shown["metadata"]) == (["a", "b", "list:news"], {"order": 7})
    assert (shown["tenant"], shown["priority"]) == ("acme", 2)
    assert sql.execute("select on_unknown from emails").fetchone() == ("hold",)
    assert shown["next_attempt_at"].startswith("2097-12-31T22:00")
    assert shown["expires_at"].startswith("2099-01-01T00:00")
    headers = dict(shown["headers"].rows)
    assert (headers["X-Order"], headers["X-Url"]) == ("7", "https://x")
    assert headers["Reply-To"] == "desk@example.com" and "List-Unsubscribe-Post" in headers
    for wrong in (
        {"header": ["X"]}, {"header": ["X: 1", "X: 2"]}, {"metadata": "[7]"}, {"metadata": "{"},
        {"send_at": "soon"}, {"expires_at": "2020-01-01"}, {"priority": 10}, {"unsubscribe": "a b"},
    ):  # fmt: skip
        with pytest.raises(InvalidInput):
            await send_email(
                services, ["a@b.example"], "x", text="x", sender="c@d.example", **wrong
            )
    assert sql.execute("select count(*) from emails").fetchone() == (1,)


async def test_it_is_found_by_what_is_known_of_it(services, sql):
    """By tag, tenant, recipient, source and state, and by several of these."""
    mail = {"text": "x", "sender": "me@example.com"}
    await send_email(services, ["Ann@example.com"], "one", tag=["order"], tenant="acme", **mail)
    await send_email(services, ["ben@example.com"], "two", bcc=["ann@example.com"], **mail)
    sql.execute("select email_send('', '{cy@example.com}', '<3@x>', 'three', 'x')")
    sql.execute("select email_cancel(id, 'bo') from emails where subject = 'two'")
    for wanted, subjects in [
        ({}, ["three", "two", "one"]), ({"tag": "order"}, ["one"]), ({"tenant": "acme"}, ["one"]),
        ({"recipient": "ANN@example.com"}, ["two", "one"]), ({"source": "sql"}, ["three"]),
        ({"recipient": "ann@example.com", "state": "cancelled"}, ["two"]), ({"tag": "x"}, []),
        ({"state": "cancelled"}, ["two"]), ({"limit": 1}, ["three"]),
        ({"recipient": "ann@example.com", "limit": 1}, ["two"]), ({"message_id": "3@x"}, ["three"]),
        ({"message_id": "<3@x>", "source": "sql"}, ["three"]), ({"message_id": "<4@x>"}, []),
        ({"subject": "T"}, ["three", "two"]), ({"subject": "t_"}, []), ({"subject": "%"}, []),
        ({"subject": "tw", "recipient": "ben@example.com"}, ["two"]),
    ]:  # fmt: skip
        found = cells(await list_emails(services, **wanted), "subject")
        assert [subject for (subject,) in found] == subjects, wanted
    first = await list_emails(services, limit=1)
    [(newest,)] = cells(first, "id")
    assert first.more == f"there may be more: --before {newest}"
    page = await list_emails(services, before=str(newest))
    assert (cells(page, "subject"), page.more) == ([("two",), ("one",)], "")
    sql.execute("select email_erase('ann@example.com', 'bo')")
    erased = await list_emails(services, recipient="ann@example.com")
    assert len(erased.rows) == 2
    sql.execute("set role holdfast_read")
    found = sql.execute("""select id from email_find('{"tenant": "acme"}')""").fetchall()
    assert len(found) == 1


async def test_a_domain_beyond_ascii_is_found(services):
    """By the address as people write it: what is stored has the domain in ASCII."""
    await send_email(services, ["ann@bücher.example"], "x", text="x", sender="me@example.com")
    for written in ("Ann@Bücher.example", "ann@xn--bcher-kva.example"):
        assert len((await list_emails(services, recipient=written)).rows) == 1, written


async def test_many_recipients_are_counted(services):
    """The list names the first of them and how many more there are; the email shows all."""
    to = [f"a{n}@example.com" for n in range(200)]
    note = await send_email(services, to, "x", text="x", sender="me@example.com")
    [(shown,)] = cells(await list_emails(services), "recipients")
    assert shown == "a0@example.com, a1@example.com, a2@example.com and 197 more"
    fields = (await show_email(services, note.data["id"])).fields
    assert len(fields["recipients"].rows) == 200


async def test_times_read_alike(services):
    """What comes next is told with times as they are everywhere: in UTC, to the second."""
    note = await send_email(
        services, ["ann@example.com"], "x", text="x", sender="me@example.com",
        send_at="2098-01-01T00:00:00.25Z",
    )  # fmt: skip
    shown = (await show_email(services, note.data["id"])).fields
    assert shown["next"].endswith(" 2098-01-01T00:00:00Z")
    assert shown["until"] == datetime(2098, 1, 1, 0, 0, 0, 250_000, UTC)


def test_an_option_says_what_it_takes_in_words():
    """No help shows a type of Python where a person wants to know what to write."""
    for command in CHANNEL.commands():
        for name, hint in get_type_hints(command.function, include_extras=True).items():
            for option in getattr(hint, "__metadata__", ()):
                kind = get_args(hint)[0]
                assert kind is bool or option.metavar, f"{command.noun} {command.verb}: {name}"


async def test_what_is_not_there(services):
    """An id that is none, and one that nobody has."""
    with pytest.raises(InvalidInput, match="holdfast email list"):
        await show_email(services, "nonsense")
    with pytest.raises(UnknownJob):
        await show_email(services, "00000000-0000-0000-0000-000000000000")
    with pytest.raises(InvalidInput, match="state"):
        await list_emails(services, state="nonsense")
    with pytest.raises(InvalidInput, match='"nonsense" is no id'):
        await services.database.run(store.listed(50, {"before": "nonsense"}))
    assert "email send" in (await list_emails(services)).empty


ODD = [
    b"no headers at all",
    b"Content-Type: text/plain; charset=nonsense\r\n\r\n\xff\xfe",
    b"Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n\r\nhi",
    b"Content-Type: multipart/mixed\r\n\r\n",
    b"Content-Transfer-Encoding: base64\r\n\r\n!!!",
    b"Subject: =?utf-8?b?/w==?=\r\nTo: <<<\r\nDate: nonsense\r\n\xff: \xff\r\n\r\n",
    b"Content-Type: message/rfc822\r\n\r\nSubject: inner\r\n\r\nhi",
    b"\x00\x01\r\n\r\n",
]


async def test_any_message_can_be_shown(services, sql):
    """What came in by SMTP may be anything; it is shown as far as it can be read."""
    for raw in ODD:
        (email_id,) = sql.execute(
            "select id from email_send('me@x.com', '{a@x.com}', '<1@x>', null, %s)", [raw]
        ).fetchone()
        detail = await show_email(services, str(email_id))
        assert isinstance(detail.fields["body"], str)
        repr(detail).encode()


async def test_a_long_body_is_cut_unless_it_stayed_here(services, post, smtp, post_office):
    """A preview of what was sent out; all of what was captured."""
    office = await post_office()
    ids = []
    for provider in (smtp(office.url()), None):
        ids.append(
            await post.send(
                Email(to="a@x.com", subject="Hi", text="x" * 5000, sender="me@example.com")
            )
        )
        await post.attempt(provider)
    sent, captured = [(await show_email(services, str(i))).fields["body"] for i in ids]
    assert "characters more" in sent and len(sent) < 2100
    assert len(captured.strip()) == 5000


def test_the_channel():
    """What the rest of the house sees of it: its message, commands under its own noun, its SQL."""
    assert CHANNEL.name == "email" and CHANNEL.sends.keys() == {Email}
    commands = [(c.noun, c.verb) for c in CHANNEL.commands()]
    assert {("email", "send"), ("email", "list"), ("email", "show")} <= set(commands)
    assert all(noun.split()[0] == "email" for noun, _ in commands)
    assert len(set(commands)) == len(commands)
    tables = [path.name for path in CHANNEL.room.files() if path.name[0].isdigit()]
    assert tables == sorted(tables) and tables[0] == "0001_emails.sql"


async def test_an_email_is_known_by_a_part_of_its_id(services, sql):
    """Its first or last six digits name it, and its Message-ID; several, or none, are told."""
    sent = [
        await send_email(services, ["ann@example.com"], "x", text="x", sender="me@example.com")
        for _ in range(2)
    ]
    first, second = (note.data["id"] for note in sent)
    [[message_id]] = sql.execute("select message_id from emails where id = %s", [second])
    for name in (
        second,
        second.upper(),
        f" {second[-6:]} ",
        second[:30],
        message_id,
        f"<{message_id}>",
    ):
        assert (await show_email(services, name)).fields["id"] == second
    for name, error, told in [
        (first[:6], InvalidInput, "several emails"),
        ("abc", InvalidInput, "first or last six digits, or the Message-ID"),
        ("x\0", InvalidInput, "is no id"),
        ("ffffffff", UnknownJob, 'no email "ffffffff"'),
        ("<a@b>", UnknownJob, 'no email "<a@b>"'),
    ]:
        with pytest.raises(error, match=told):
            await show_email(services, name)
