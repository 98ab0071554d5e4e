"""One address in one text; and addresses that are not shown."""

import pytest
from email_validator import EmailNotValidError, validate_email
from hypothesis import example, given
from hypothesis import strategies as st

from holdfast import InvalidInput
from holdfast.channels.email.address import in_ascii, mailbox, mask


@pytest.mark.parametrize(
    ("text", "name", "address"),
    [
        ("ann@example.com", "", "ann@example.com"),
        (" Ann@Example.COM ", "", "Ann@example.com"),
        ("<ann@example.com>", "", "ann@example.com"),
        ("Dr. Ann Müller <ann@example.com>", "Dr. Ann Müller", "ann@example.com"),
        ('"Smith, \\"A\\" <x@y>" <ann@example.com>', 'Smith, "A" <x@y>', "ann@example.com"),
        ("o'hara+tag@sub.example.com", "", "o'hara+tag@sub.example.com"),
        ("ann@bücher.example", "", "ann@xn--bcher-kva.example"),
        ("root@mailhost", "", "root@mailhost"),
        ("ann@shop.test", "", "ann@shop.test"),
        ("Ann <ann@LOCALHOST>", "Ann", "ann@localhost"),
        ("ann@printer.büro.local", "", "ann@printer.xn--bro-hoa.local"),
    ],
)
def test_one_address(text, name, address):
    """What people write is understood, with or without a name, in any script."""
    read = mailbox("to", text)
    assert (read.name, read.address) == (name, address)


@pytest.mark.parametrize(
    ("address", "plain"),
    [
        ("Ann@Example.com", "Ann@Example.com"),
        ("ann@Bücher.example", "ann@xn--bcher-kva.example"),
        ("ünï@bücher.example", "ünï@xn--bcher-kva.example"),
        ("ann@\u2603 .example", "ann@\u2603 .example"),
        ("", ""),
    ],
)
def test_a_domain_in_ascii(address, plain):
    """What has such a form gets it; whatever has none stays as it is."""
    assert in_ascii(address) == plain


_PIECES = [
    *"aB0_+-.@é\n", "..", "xn--", "test", "onion", "local", "example.com", "postmaster",
]  # fmt: skip


@given(st.lists(st.sampled_from(_PIECES), max_size=8).map("".join))
@example("ann@ab--c.example.com")
@example("ann@xn--0.example.com")
@example("ann@x.invalid")
@example(f"{'a' * 32}.{'b' * 15}.{'c' * 15}@{'d' * 63}.example.com")
def test_what_is_read_quickly_is_read_alike(text):
    """An address that looks simple is the one that email-validator makes of it."""
    try:
        known = validate_email(text, check_deliverability=False, globally_deliverable=False)
    except EmailNotValidError:
        if not text.lower().endswith(("@localhost", ".localhost", ".local", ".test")):
            with pytest.raises(InvalidInput):
                mailbox("to", text)
    else:
        assert mailbox("to", text).address == f"{known.local_part}@{known.ascii_domain}"


LONG = f"{'a' * 65}@{'b' * 60}.{'c' * 60}.{'d' * 60}.{'e' * 60}.com"
NONE = [
    "", " ", "ann", "@example.com", "ann@", "a@b@c", "ann@@localhost", "ann@.local", ".ann@x.com",
    "ann@exa mple.com", "ann@example..com", "a@[127.0.0.1]", LONG, f"a@{'b' * 64}.com",
    "a@x.com;b@x.com", "Ann, Ben <ann@example.com>", "Ann <ann@example.com> x", "Ann <a@x.com",
    "Ann@evil <ann@example.com>", f'"{"n" * 201}" <ann@example.com>', '"Ann <ann@example.com>',
    "ann@example.com\r\nDATA",
]  # fmt: skip


@pytest.mark.parametrize("text", NONE)
def test_no_address(text):
    """Anything that is not exactly one address is refused, with the place and without the text."""
    with pytest.raises(InvalidInput, match=r"cc\[2\]: "):
        mailbox("cc[2]", text)


def test_mask():
    """Who is meant can be guessed by one who knows, and by nobody else."""
    text = "550 <ann.lee@example.com>: no; see mailto:x@y.example, rcpt=bob@z.example"
    shown = "550 <a***@example.com>: no; see mailto:x***@y.example, rcpt=b***@z.example"
    assert mask(text) == shown
