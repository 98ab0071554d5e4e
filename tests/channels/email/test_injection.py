"""Nothing that somebody puts into a field becomes a header, a recipient or an SMTP command."""

import email
import email.policy
import re

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from holdfast import Attachment, Email, InvalidInput
from holdfast.channels.email.message import render
from holdfast.channels.email.templates import Template

PLAIN = {"to": "ann@example.com", "subject": "Hi", "text": "Hello", "sender": "me@example.com"}
COMMANDS = re.compile(
    rb"EHLO \S+|MAIL FROM:<[^\x00-\x20\x7f<>]+>( SMTPUTF8)?|RCPT TO:<[^\x00-\x20\x7f<>]+>|DATA|QUIT"
)
# what a forger would put into a field, anywhere in it
HOSTILE = st.builds(
    "{}{}{}".format,
    st.text(max_size=10),
    st.sampled_from(
        [
            "\r\nBcc: eve@evil.example", "\nX: 1", "\r", "\n", "\0", "\r\n\r\nbody",
            "\r\n.\r\nMAIL", "\x0b", "\x0c", "\x1c", "\x7f", "\x85", "\u2028", "\u2029", "\ud800",
            "> RCPT TO:<eve@evil.example", "=?utf-8?q?a=0D=0ABcc:_eve@evil.example?=",
        ]
    ),
    st.text(max_size=10),
)  # fmt: skip
FIELDS = {
    "subject": lambda text: {"subject": text},
    "to": lambda text: {"to": text},
    "to, quoted": lambda text: {"to": f'"{text}" <ann@example.com>'},
    "to, within": lambda text: {"to": f"ann{text}@example.com"},
    "cc": lambda text: {"cc": [f"Ann <ann@example.com{text}>"]},
    "bcc": lambda text: {"bcc": [f"{text} <ann@example.com>"]},
    "sender": lambda text: {"sender": f"{text}me@example.com"},
    "reply_to": lambda text: {"reply_to": [f"me@example.com{text}"]},
    "header name": lambda text: {"headers": {f"X-A{text}": "1"}},
    "header value": lambda text: {"headers": {"X-A": text}},
    "attachment name": lambda text: {"attachments": [Attachment(f"a{text}.txt", b"x")]},
    "attachment type": lambda text: {"attachments": [Attachment("a", b"x", type=f"a/b{text}")]},
    "content-id": lambda text: {
        "html": "x",
        "attachments": [Attachment("a", b"x", inline=f"a{text}")],
    },
    "body": lambda text: {"text": f"Hello\r\n.\r\nMAIL FROM:<a@b>\n.\n{text}"},
    "tag": lambda text: {"tags": [f"a{text}"]},
    "tenant": lambda text: {"tenant": f"a{text}"},
    "key": lambda text: {"idempotency_key": f"a{text}"},
    "template value": lambda text: {
        "subject": None,
        "text": None,
        "values": {"v": text},
        "template": Template("t", (("t.subject", "{{ v }}"), ("t.txt", "Hello"))),
    },
    "message_id": lambda text: {"message_id": f"<a{text}@example.com>"},
}


@pytest.mark.parametrize("field", FIELDS)
@given(text=HOSTILE)
def test_nothing_can_be_forged(field, text):
    """A line break, a control character or a command in any field is refused, or is just text."""
    try:
        rendered = render(Email(**PLAIN | FIELDS[field](text)))
    except InvalidInput:
        return
    for address in (rendered.sender, *rendered.recipients):
        assert not any(c.isspace() or c in "<>" or ord(c) < 33 or ord(c) == 127 for c in address)
    head = rendered.raw.partition(b"\r\n\r\n")[0]
    names = [line.partition(b":")[0] for line in head.split(b"\r\n") if line[:1] not in b" \t"]
    known = {
        b"From",
        b"To",
        b"Cc",
        b"Reply-To",
        b"Subject",
        b"Date",
        b"Message-ID",
        b"MIME-Version",
    }
    odd = set(names) - known - {b"Content-Type", b"Content-Transfer-Encoding"}
    assert len(names) == len(set(names)) and all(name.startswith(b"X-A") for name in odd)
    message = email.message_from_bytes(rendered.raw, policy=email.policy.default)
    said = message.get_body(("plain",)).get_content().strip()
    assert said == "Hello" or (field == "body" and said.startswith("Hello"))
    assert sum(1 for part in message.walk() if not part.is_multipart()) <= 3


@hypothesis_settings(max_examples=40)
@given(field=st.sampled_from(sorted(FIELDS)), text=HOSTILE)
async def test_nothing_reaches_the_wire(post, script, smtp, field, text):
    """Through rendering, SQL and the connection: the usual commands, one message, no more."""
    server = await script(EHLO=["250-test\r\n250 SMTPUTF8"])
    try:
        await post.send(Email(**PLAIN | FIELDS[field](text)))
    except InvalidInput:
        return
    assert [state for _, state in await post.attempt(smtp(server.url()))] == ["done"]
    assert all(COMMANDS.fullmatch(line.removesuffix(b"\r\n")) for line in server.lines)
    assert len(server.contents) == 1 and server.contents[0].count(b"\r\n.\r\n") == 1
    head = server.contents[0].partition(b"\r\n\r\n")[0]  # a body may say what it likes
    assert b"\r\nBcc:" not in head and b"\nX:" not in head
