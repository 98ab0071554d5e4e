"""A message in short lines says the same as before."""

import asyncio
import email
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.channels.email.providers.encoded import LONGEST_LINE, has_long_line, in_short_lines
from holdfast.channels.email.providers.provider import Envelope
from holdfast.channels.email.providers.smtp import provider
from holdfast.channels.email.providers.wire import with_line_ends
from holdfast.policy.verdict import Delivered

MIME = b"Subject: x\r\nMIME-Version: 1.0\r\nContent-Type: "
MIXED = MIME + b"multipart/mixed; boundary=b\r\n\r\n--b\r\n%s\r\n\r\n%s\r\n--b--\r\n"
WORDS = b"many words, " * 420
LONG = {
    "a text, no MIME": b"Subject: x\r\n\r\n" + WORDS + b"\r\n.\r\nend = \r\n",
    "8 bits": MIME + b"text/plain; charset=utf-8\r\n\r\n" + "ü".encode() * 4000 + b"\r\n.\r\n",
    "HTML in a part": MIXED % (b"Content-Type: text/html", b"<p>a=b " + WORDS),
    "JSON in a part": MIXED % (b"Content-Type: application/json", b'{"a": "' + b"x" * 5000 + b'"}'),
    "base64 in one line": MIXED
    % (b"Content-Type: image/png\r\nContent-Transfer-Encoding: Base64", b"QUJD" * 2000),
    "quoted-printable": MIME
    + b"text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
    + b"=C3=BC" * 900 + b"\r\n",
    "a message in it": MIXED % (b"Content-Type: message/rfc822", b"Subject: in\r\n\r\n" + WORDS),
}  # fmt: skip
SIGNED = {
    "DKIM": b"DKIM-Signature: v=1\r\n" + LONG["a text, no MIME"],
    "S/MIME": MIME + b"multipart/signed; boundary=b\r\n\r\n--b\r\n\r\n" + WORDS + b"\r\n--b--\r\n",
    "no place to break at": b"X-Word:" + b"x" * 2000 + b"\r\n\r\nHi\r\n",
}


def contents(raw):
    """What the parts say."""
    parts = email.message_from_bytes(raw).walk()
    return [
        (p.get_content_type(), p.get_payload(decode=True)) for p in parts if not p.is_multipart()
    ]


def envelope(raw):
    """The message, to Ann."""
    return Envelope(uuid4(), "<1@example.com>", "me@example.com", ("ann@example.com",), raw)


@pytest.mark.parametrize("raw", LONG.values(), ids=LONG)
async def test_a_server_that_refuses_long_lines_takes_it(post_office, smtp, raw):
    """A line of more than 998 bytes goes out in shorter ones, and says the same."""
    office = await post_office()
    [outcome] = await smtp(office.url()).deliver(envelope(raw))
    assert isinstance(outcome.verdict, Delivered), outcome
    [message] = office.messages
    assert not has_long_line(message.content)
    assert contents(message.content) == contents(raw)


async def test_the_time_that_it_takes_is_not_the_servers(script, smtp, monkeypatch):
    """A server that is allowed half a minute is not blamed for the whole one that we need."""
    server, loop = await script(), asyncio.get_running_loop()
    real, ahead = loop.time, [0.0]
    monkeypatch.setattr(loop, "time", lambda: real() + ahead[0])

    def in_a_minute(raw):
        ahead[0] += 60
        return in_short_lines(raw)

    monkeypatch.setattr(provider, "in_short_lines", in_a_minute)
    raw = b"Subject: x\r\n\r\n" + b"x" * 100_000
    [outcome] = await smtp(server.url("?timeout=30")).deliver(envelope(raw))
    assert isinstance(outcome.verdict, Delivered) and ahead == [60], outcome


@pytest.mark.parametrize("raw", SIGNED.values(), ids=SIGNED)
def test_what_may_not_be_changed_stays(raw):
    """Signed, or without a space where a header could be folded: it goes out as it is."""
    assert in_short_lines(raw) == raw


def test_a_long_header_is_folded():
    """Where there are spaces, and in no other way: unfolded it is what it was."""
    raw = b"To: " + b"ann@example.com, " * 500 + b"\r\nX-Kept:a\tb \r\n  c\r\n\r\nHi\r\n"
    made = in_short_lines(raw)
    assert not has_long_line(made) and made.replace(b"\r\n ann", b" ann").startswith(raw[:-6])


def test_what_has_no_header_stays_a_body():
    """Of a message that is all body nothing is taken for a header."""
    raw = b"\r\n" + WORDS + b"\r\n\r\n" + WORDS + b"\r\n"
    assert contents(in_short_lines(raw)) == contents(raw)


def test_a_header_of_a_megabyte_takes_no_time():
    """Whoever writes such a header makes no worker busy."""
    made = in_short_lines(b"X: " + b"y " * 500_000 + b"\r\n\r\nHi\r\n")
    assert not has_long_line(made)


_LINES = st.tuples(st.sampled_from([b"x", b"=", b" ", b".", b"\xff"]), st.integers(0, 1100))
_ENDS = st.sampled_from([b"\r\n", b"\n", b"\r"])


@given(st.lists(st.tuples(_LINES, _ENDS), max_size=5), st.sampled_from([b"", MIME + b"text/html"]))
def test_short_lines_say_the_same(lines, head):
    """Whatever the text: lines get short, only where one is long, and nothing else is changed."""
    raw = head + b"\r\n\r\n" + b"".join(sign * count + end for (sign, count), end in lines)
    text = with_line_ends(raw)
    long = max(map(len, text.split(b"\r\n"))) > LONGEST_LINE
    assert has_long_line(text) is long
    made = in_short_lines(raw)
    assert not has_long_line(with_line_ends(made))
    assert contents(with_line_ends(made)) == contents(text)
    assert long or made is raw


@given(st.binary(max_size=200), st.binary(max_size=50))
def test_any_bytes_can_be_asked_for_short_lines(head, tail):
    """Bytes of any program raise nothing."""
    in_short_lines(head + b"z" * 1200 + tail)
