"""A server that takes 7 bits only gets 7 bits, and loses nothing."""

import email

import pytest
from tests.channels.email.letters import verdicts

from holdfast.channels.email.providers.wire import with_dots, with_line_ends
from holdfast.policy.verdict import Dead, Delivered

MIME = b"Subject: x\r\nMIME-Version: 1.0\r\nContent-Type: "
MIXED = MIME + b"multipart/mixed; boundary=b\r\n\r\n--b\r\n%s\r\n\r\n%s\r\n--b--\r\n"
TEXT = b"text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
UMLAUTS = "Über\r\n.\r\nmany words \r\n".encode()
HTML = b"Content-Type: text/html; charset=utf-8"
EIGHT_BIT = [
    MIME + TEXT + UMLAUTS,
    b"Subject: x\n\n" + UMLAUTS.replace(b"\r\n", b"\n"),
    "Subject: Ü\r\nX-Long: ".encode() + b"a " * 300 + b"\r\n\r\n" + "ü".encode() * 499 + b"\r\n",
    MIXED % (HTML, UMLAUTS),
]


@pytest.mark.parametrize("raw", EIGHT_BIT)
async def test_a_text_of_eight_bits_is_encoded_where_nobody_takes_them(script, smtp, raw):
    """Without 8BITMIME a text goes out in 7 bits and says the same; its headers are not touched."""
    server = await script(EHLO=["250 Ok", "250-test\r\n250 8BITMIME"])
    for url in ("", "?messages=1"):
        assert await verdicts(smtp(server.url(url)), raw=raw) == [Delivered("250 2.0.0 Ok")]
    encoded, plain = (content.removesuffix(b".\r\n") for content in server.contents)
    assert plain == with_dots(with_line_ends(raw))
    head, _, body = encoded.partition(b"\r\n\r\n")
    assert body.isascii() and max(map(len, body.split(b"\r\n"))) <= 78
    kept = [
        line for line in plain.partition(b"\r\n\r\n")[0].split(b"\r\n") if b"Transfer" not in line
    ]
    assert [line for line in head.split(b"\r\n") if line in kept] == kept
    mails = [line for line in server.lines if line.startswith(b"MAIL")]
    assert [b"8BITMIME" in line for line in mails] == [False, True]
    parts = [
        [p.get_payload(decode=True).replace(b"..", b".") for p in m.walk() if not p.is_multipart()]
        for m in map(email.message_from_bytes, (encoded, plain))
    ]
    assert parts[0] == parts[1]


@pytest.mark.parametrize(
    "raw",
    [
        MIME + b"application/pdf\r\n\r\n\xff\r\n",
        MIME + b"multipart/signed; boundary=b\r\n\r\n--b\r\n\r\n\xff\r\n--b--\r\n",
        b"DKIM-Signature: v=1\r\n" + EIGHT_BIT[0],
        MIXED % (HTML + b"\r\nContent-Transfer-Encoding: base64", b"\xff"),
        MIXED % ("X-Name: Ü".encode(), b"x"),
    ],
)
async def test_what_can_not_be_encoded_is_refused(script, smtp, raw):
    """Signed, or no text: nothing is sent that the server would spoil, and it is said why."""
    server = await script()
    provider = smtp(server.url())
    [verdict] = await verdicts(provider, raw=raw)
    assert isinstance(verdict, Dead) and "8BITMIME" in verdict.because and server.contents == []
    assert await verdicts(provider) == [Delivered("250 2.0.0 Ok")] and server.connections == 1
