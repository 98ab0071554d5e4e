"""Header lines: written at a tenth of the standard library's cost, and as it writes them."""

from email.headerregistry import BaseHeader
from email.message import EmailMessage

from hypothesis import assume, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from holdfast import Email
from holdfast.channels.email.header import Folding, Kinds
from holdfast.channels.email.message import render

OURS = Folding(linesep="\r\n", cte_type="7bit", header_factory=Kinds())
NAMES = st.sampled_from(
    ["Subject", "Message-ID", "MIME-Version", "Content-Type", "Content-Transfer-Encoding",
     "List-Unsubscribe", "References", "Content-ID", "X-Campaign"]
)  # fmt: skip
TEXTS = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=60) | st.lists(
    st.sampled_from(
        ["=?utf-8?q?a=5Fb?=", "=?", "?=", "a", " ", '"', "<a@b>", ";", "x=y", ",", "(c)", "\\"]
    ),
    max_size=12,
).map("".join)


@given(name=NAMES, text=TEXTS)
@hypothesis_settings(max_examples=300)
def test_what_fits_in_a_line_is_written_as_the_library_does(name, text):
    """To write a short header without folding it changes no byte of it."""
    message = EmailMessage(policy=OURS)
    try:
        message[name] = text
    except IndexError:  # the library's own, for some of what is no content type
        return
    value = message[name]
    assume(len(f"{name}: {value}") <= 76)
    assert OURS.fold_binary(name, value) == super(Folding, OURS).fold_binary(name, value)


def test_a_header_makes_no_class():
    """The classes of headers are made once: the library makes one for each header it is given."""
    kinds = Kinds()
    assert kinds["X-Any"] is kinds["x-other"] and kinds["subject"] is kinds["Subject"]
    assert kinds["Date"] is not kinds["Subject"]
    assert kinds("Date", "Fri, 27 Nov 2026 08:00:00 +0000").datetime.year == 2026


def test_an_email_makes_no_class():
    """However many are rendered, the headers of all of them are of the same few classes."""
    email = Email(to="ann@example.com", sender="me@example.com", subject="Hi", text="Hello")
    render(email)
    known = set(BaseHeader.__subclasses__())
    render(email)
    assert set(BaseHeader.__subclasses__()) <= known  # those of others may be gone meanwhile
