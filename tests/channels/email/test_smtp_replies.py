"""What a server says, cut into replies; what is no reply ends the connection."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.channels.email.providers.smtp.reply import Malformed, Replies, Reply

_LINES = st.lists(st.text("ab .-", max_size=9), min_size=1, max_size=3)
_REPLIES = st.lists(st.tuples(st.integers(100, 599), _LINES), max_size=4)


@given(_REPLIES, st.data())
def test_replies_are_the_same_however_they_arrive(replies, data):
    """Cut anywhere, by CR LF or by LF, the same replies come out."""
    end = data.draw(st.sampled_from(["\r\n", "\n"]))
    wire = "".join(
        f"{code}{' ' if n == len(lines) - 1 else '-'}{line}{end}"
        for code, lines in replies
        for n, line in enumerate(lines)
    ).encode()
    cuts = sorted(data.draw(st.lists(st.integers(0, len(wire)), max_size=5)))
    parser, found = Replies(), []
    for start, stop in zip([0, *cuts], [*cuts, len(wire)], strict=True):
        found += parser.feed(wire[start:stop])
    assert found == [Reply(code, "\n".join(lines)) for code, lines in replies]
    assert parser.is_between


@given(st.binary(max_size=200))
def test_any_bytes_are_replies_or_malformed(data):
    """Whatever a server says, nothing but Malformed is raised."""
    with contextlib.suppress(Malformed):
        Replies().feed(data)


@pytest.mark.parametrize(
    "said", [b"hello\r\n", b"25 Ok\r\n", b"250_Ok\r\n", b"250-a\r\n251 b\r\n", b"\r\n"]
)
def test_what_is_no_reply_ends_the_connection(said):
    """No code, a wrong mark, a code that changes within a reply: nothing after it is believed."""
    with pytest.raises(Malformed):
        Replies().feed(said)


def test_a_reply_without_an_end_is_malformed():
    """A server cannot fill our memory with one reply."""
    parser = Replies()
    for _ in range(100):
        parser.feed(b"250-" + b"x" * 500 + b"\r\n")
    with pytest.raises(Malformed):
        parser.feed(b"250-" + b"x" * 20_000 + b"\r\n")
