"""The bytes: they say what the application said, and nothing that somebody put into a field."""

import email
import email.policy
import threading
from datetime import UTC, datetime
from email.header import decode_header, make_header
from email.utils import getaddresses
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast import Email, InvalidInput
from holdfast.channels.email.message import LARGEST, render, send

NOW = datetime(2030, 1, 1, 12, 0, tzinfo=UTC)
LINE = st.text(st.characters(blacklist_categories=("Cc", "Cs", "Zl", "Zp")), max_size=200)
TEXT = st.text(st.characters(blacklist_categories=("Cs",), blacklist_characters="\0"))
LONG = f"{'x' * 70}\n" * (LARGEST // 140)
PLAIN = {"to": "ann@example.com", "subject": "Hi", "text": "Hello", "sender": "me@example.com"}


def parsed(raw):
    """As a mail program reads it."""
    return email.message_from_bytes(raw, policy=email.policy.default)


def test_a_plain_email():
    """Date and Message-ID are fixed; Bcc gets it and is not named; each address once."""
    rendered = render(
        Email(
            **PLAIN | {"bcc": ["eve@example.com", "ann@example.com"], "cc": "Bo <bo@example.com>"}
        ),
        now=NOW,
    )
    message = parsed(rendered.raw)
    assert rendered.recipients == ("ann@example.com", "bo@example.com", "eve@example.com")
    assert message["Date"] == "Tue, 01 Jan 2030 12:00:00 +0000"
    assert message["Message-ID"] == rendered.message_id and rendered.message_id.endswith(
        "@example.com>"
    )
    assert message["Cc"] == "Bo <bo@example.com>" and b"eve@" not in rendered.raw
    assert message.get_content().strip() == "Hello"


def test_two_renderings_have_two_identities():
    """A Message-ID belongs to one email, unless the caller gave it."""
    assert render(Email(**PLAIN)).message_id != render(Email(**PLAIN)).message_id
    assert render(Email(**PLAIN, message_id="<a@b>")).message_id == "<a@b>"


def test_text_and_html_are_alternatives():
    """The reader's program finds both; from HTML alone a text is made, if there is any in it."""
    both = parsed(render(Email(**PLAIN, html="<p>Hällo</p>")).raw)
    assert [part.get_content_type() for part in both.iter_parts()] == ["text/plain", "text/html"]
    assert both.get_body(("html",)).get_content().strip() == "<p>Hällo</p>"
    only = parsed(render(Email(**PLAIN | {"text": None, "html": "<p>Hi <b>Ann</b></p>"})).raw)
    assert only.get_body(("plain",)).get_content().strip() == "Hi Ann"
    picture = parsed(render(Email(**PLAIN | {"text": None, "html": "<p></p>"})).raw)
    assert picture.get_content_type() == "text/html"


def test_the_sender_can_come_from_the_settings(monkeypatch):
    """HOLDFAST_EMAIL_FROM is who it is from if the email does not say."""
    with pytest.raises(InvalidInput, match="HOLDFAST_EMAIL_FROM"):
        render(Email(**PLAIN | {"sender": None}))
    monkeypatch.setenv("HOLDFAST_EMAIL_FROM", "Shop <shop@example.com>")
    rendered = render(Email(**PLAIN | {"sender": None}))
    assert rendered.sender == "shop@example.com"
    assert parsed(rendered.raw)["From"] == "Shop <shop@example.com>"


@given(subject=LINE, names=st.lists(LINE, min_size=1, max_size=8), text=TEXT, header=LINE)
def test_what_goes_in_comes_out(subject, names, text, header):
    """Any text in any field is read as it was written, and is ASCII on the wire."""
    quoted = [name.replace("\\", "\\\\").replace('"', '\\"') for name in names]
    to = [f'"{name}" <u{place}@example.com>' for place, name in enumerate(quoted)]
    rendered = render(
        Email(to=to, subject=subject, text=text, sender="me@example.com", headers={"X-A": header})
    )
    lines = rendered.raw.split(b"\r\n")
    assert rendered.raw.isascii() and not any(b"\r" in line or b"\n" in line for line in lines)
    assert max(map(len, lines)) <= 998
    message = parsed(rendered.raw)
    assert message["Subject"] == " ".join(subject.split()) == rendered.subject
    assert " ".join(message["X-A"].split()) == " ".join(header.split())
    assert [a.addr_spec for a in message["To"].addresses] == list(rendered.recipients)
    assert shown_names(rendered.raw) == [" ".join(name.split()) for name in names]
    assert lines_of(message.get_content()) == lines_of(text)


def lines_of(text):
    """The lines, whatever ends them."""
    return text.replace("\r\n", "\n").replace("\r", "\n").removesuffix("\n").split("\n")


def shown_names(raw):
    """As RFC 2047 reads them; the newer parser of the standard library keeps a space too many."""
    to = email.message_from_bytes(raw)["To"].replace("\r\n", "")
    names = [name for name, _ in getaddresses([to])]
    return [
        " ".join(str(make_header(decode_header(name))).split()) if "=?utf-8?b?" in name else name
        for name in names
    ]


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"to": ()}, "nobody"),
        ({"to": "a@x.com, b@x.com"}, "to: one address"),
        ({"to": ["ann@example.com", "Smith, Ann <a@x.com>"]}, r"to\[1\]: put the name in quotes"),
        ({"to": 7}, "to: one address or a sequence"),
        ({"to": [b"a@x.com"]}, r"to\[0\]: an address is text"),
        ({"to": [f"a{i}@x.com" for i in range(1001)]}, "at most 1000"),
        ({"to": "ann"}, "to: one address"),
        ({"to": "ann@"}, "to: one address"),
        ({"to": "alice@example.org)bob@example.org"}, "to: one address"),
        ({"to": "<a@x.com> <b@x.com>"}, "to: one address"),
        ({"subject": None}, "subject: text"),
        ({"subject": "x" * 501}, "at most 500"),
        ({"text": None}, "no body"),
        ({"text": b"Hi"}, "text: text is needed"),
        ({"text": "\0"}, "U\\+0000"),
        ({"html": "\ud800"}, "surrogate"),
        ({"text": "x" * (LARGEST + 1)}, "at most"),
        ({"text": LONG, "html": LONG}, "25 MiB"),
        ({"headers": {"Bcc": "a@x.com"}}, "Bcc is not set here"),
        ({"headers": {"content-type": "text/html"}}, "content-type is not set here"),
        ({"headers": {"Resent-To": "a@x.com"}}, "not set here"),
        ({"headers": {"X A": "1"}}, "a name is"),
        ({"headers": {"X:A": "1"}}, "a name is"),
        ({"headers": {"Ümlaut": "1"}}, "a name is"),
        ({"headers": {"": "1"}}, "a name is"),
        ({"headers": {"X-A": 1}}, r"headers\[X-A\]: text"),
        ({"headers": {"X-A": "x" * 901}}, "fits in no line"),
        ({"headers": {f"X-{i}": "" for i in range(101)}}, "too many"),
        ({"headers": [("X-A", "1")]}, "a mapping"),
        ({"message_id": "nonsense"}, "message_id"),
        ({"message_id": "<a @b>"}, "message_id"),
        ({"tags": "abc"}, "tags"),
        ({"metadata": [1]}, "metadata"),
        ({"metadata": {"a": float("nan")}}, "JSON"),
        ({"metadata": {"a": "\0"}}, "NUL"),
        ({"send_at": datetime(2030, 1, 1)}, "time zone"),  # noqa: DTZ001
        ({"expires_at": "tomorrow"}, "time zone"),
    ],
)
def test_what_can_not_be_sent_is_said_at_once(change, complaint):
    """The error names the field and says what to do; nothing is stored."""
    with pytest.raises(InvalidInput, match=complaint):
        send(Email(**PLAIN | change))


def test_long_links_stay_links():
    """List-Unsubscribe works only unencoded, however long its address is."""
    url = f"<https://example.com/unsubscribe?token={'t' * 400}>"
    rendered = render(Email(**PLAIN, headers={"List-Unsubscribe": url}))
    assert f"List-Unsubscribe: {url}\r\n".encode() in rendered.raw


@pytest.mark.parametrize(
    ("value", "boxes"),
    [
        ("é <a@b.example>", [("é", "a@b.example")]),
        ('"Müller, A" <a@b.example>, c@d.example', [
            ("Müller, A", "a@b.example"), ("", "c@d.example")]),
        ("Ann <a@b.example>", [("Ann", "a@b.example")]),
    ],
)  # fmt: skip
def test_a_name_in_an_address_header_of_ones_own(value, boxes):
    """The name is encoded, the address never is: who reads the header finds it."""
    name = "Disposition-Notification-To"
    raw = render(Email(**PLAIN, headers={name: value})).raw
    found = getaddresses([email.message_from_bytes(raw)[name]])
    assert [(str(make_header(decode_header(n))), spec) for n, spec in found] == boxes


@given(st.text(st.sampled_from('ab <>@,;:"\\()[].é=?_-\t\u00a0漢'), max_size=60))
def test_any_value_of_an_address_header_stays_one_header(value):
    """Whatever stands in it, the message has one such header more, and its body is as it was."""
    found = parsed(render(Email(**PLAIN, headers={"Errors-To": f"{value} <a@b.example>"})).raw)
    assert len(found.keys()) == len(parsed(render(Email(**PLAIN)).raw).keys()) + 1
    assert found.get_content().strip() == "Hello"


def test_international_addresses():
    """A domain is written in ASCII; a local part beyond it stays as it is."""
    rendered = render(Email(**PLAIN | {"to": ["Jo <jo@bücher.example>", "jörg@example.com"]}))
    assert rendered.recipients == ("jo@xn--bcher-kva.example", "jörg@example.com")
    assert "To: Jo <jo@xn--bcher-kva.example>,\r\n jörg@example.com\r\n".encode() in rendered.raw


async def test_what_takes_long_is_made_beside_the_event_loop(hf, sql):
    """Other coroutines go on while a long HTML becomes a text: 2 s for a megabyte of small tags."""
    made_in = []

    class Html(str):
        __slots__ = ()

        def encode(self, *args):
            made_in.append(threading.current_thread() is threading.main_thread())
            return super().encode(*args)

    for count in (10, 2000):
        await hf.send(Email(**PLAIN | {"text": None, "html": Html("<p>Hi <b>Ann</b></p>" * count)}))
    assert made_in[0] is True and made_in[-1] is False
    assert sql.execute("select count(*) from emails").fetchone() == (2,)


def test_an_email_to_a_thousand_holds_nobody_up():
    """It is made in hundredths of a second: other coroutines wait meanwhile (it was 0.3 s)."""
    to = [f"Ann Number {n} <ann.{n}@shop{n}.example>" for n in range(1000)]
    took = []
    for _ in range(3):
        began = process_time()
        rendered = render(Email(to=to, sender="me@example.com", subject="Hi", text="Hi"))
        took.append(process_time() - began)
    assert min(took) < 0.1
    assert len(getaddresses([parsed(rendered.raw)["To"]])) == 1000 == len(rendered.recipients)
