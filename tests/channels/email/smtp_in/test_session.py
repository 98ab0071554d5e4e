"""The conversation: what is announced is true, and nobody can take more than a share."""

import asyncio
import contextlib

import pytest
from tests.channels.email.smtp_in.conftest import trusting

from holdfast.channels.email.message import LARGEST
from holdfast.channels.email.smtp_in.command import path
from holdfast.channels.email.smtp_in.door import Door, Limits

ENVELOPE = ("MAIL FROM:<me@example.com>", "RCPT TO:<ann@example.com>", "DATA")


async def test_what_is_announced(listen):
    """EHLO names what is true, and STARTTLS only until TLS is there."""
    client = await (await listen()).talk()
    assert client.offers[1:] == [
        "250-PIPELINING", f"250-SIZE {LARGEST}", "250-8BITMIME", "250-SMTPUTF8",
        "250-ENHANCEDSTATUSCODES", "250-STARTTLS", "250-AUTH PLAIN LOGIN", "250 HELP",
    ]  # fmt: skip


async def test_everything_at_once(listen, sql):
    """Two whole messages in one packet, another command behind: answered one by one, in order."""
    client = await (await listen()).talk()
    one = "\r\n".join([*ENVELOPE, "Subject: Grüße", "", "..", "."])
    client.writer.write(f"{one}\r\n{one}\r\nNOOP\r\nRCPT TO:<x@y>\r\nQUIT\r\n".encode())
    codes = [(await client.answer())[:9].split(" ")[:2] for _ in range(11)]
    message = [["250", "2.1.0"], ["250", "2.1.5"], ["354", "go"], ["250", "2.0.0"]]
    assert codes == [*message, *message, ["250", "2.0.0"], ["503", "5.5.1"], ["221", "2.0.0"]]
    bodies = [bytes(raw) for (raw,) in sql.execute("select raw from emails").fetchall()]
    assert len(bodies) == 2 and all(raw.endswith(b"\r\n\r\n.\r\n") for raw in bodies)


async def test_a_message_in_the_smallest_pieces(listen, sql):
    """However the bytes are cut, the message is the same."""
    client = await (await listen()).talk()
    await client.say(*ENVELOPE)
    for byte in b"Subject: x\r\n\r\n..a\r\n.\rb\r\n\r.\r\n.\n\r\n.\r\n":
        client.writer.write(bytes([byte]))
        await asyncio.sleep(0)
    assert (await client.answer()).startswith("250 2.0.0 Ok: queued")
    raw = bytes(sql.execute("select raw from emails").fetchone()[0])
    assert raw.endswith(b"Subject: x\r\n\r\n.a\r\n\rb\r\n\r.\r\n\n\r\n")


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (f"MAIL FROM:<a@b> SIZE={LARGEST}", "250 2.1.0"),
        (f"MAIL FROM:<a@b> SIZE={LARGEST + 1}", "552 5.3.4"),
        ("MAIL FROM:<a@b> SIZE=" + "9" * 5000, "501 5.5.4"),
        ("MAIL FROM:<a@b> SIZE=x", "501 5.5.4"),
        ("MAIL FROM:<a@b> BODY=8BITMIME SMTPUTF8 SIZE=3", "250 2.1.0"),
        ("mail from: <ä@b> body=7bit auth=<>", "250 2.1.0"),
        ("mail from: <ä@b> body=7bit", "250 2.1.0"),
        ("MAIL FROM:<a@b> BODY=BINARYMIME", "501 5.5.4"),
        ("MAIL FROM:<a@b> RET=HDRS", "555 5.5.4"),
        ("MAIL FROM:<>", "250 2.1.0"),
        ("MAIL FROM:<@relay,@other:a@b>", "250 2.1.0"),
        ("MAIL FROM:<a>", "553 5.1.7"),
        ("MAIL FROM:<a@b>x", "501 5.5.4"),
        ("MAIL TO:<a@b>", "501 5.5.4"),
        ("MAIL", "501 5.5.4"),
        ("RCPT TO:<a@b>", "503 5.5.1"),
        ("DATA", "503 5.5.1"),
        ("VRFY root", "252 2.5.0"),
        ("EXPN root", "500 5.5.2"),
        (b"MAIL FROM:<\xff@b>", "501 5.5.2"),
    ],
)
async def test_each_answer_has_its_enhanced_code(listen, line, code):
    """What a command is answered, with the code of RFC 3463 in front of the words."""
    client = await (await listen()).talk()
    assert (await client.say(line)).startswith(code + " ")


def test_paths():
    """An address with its parameters, whatever its clothes."""
    assert path("FROM:<@a,@b:c@d> SIZE=1 X", "FROM:").address == "c@d"
    assert path("from: c@d", "FROM:").address == "c@d"
    assert path("FROM:<a@b:c@d>", "FROM:").address == "a@b:c@d"
    assert path("FROM:<a@b> X=1 Y", "FROM:").parameters == {"X": "1", "Y": ""}
    for wrong in ("FROM:", "FROM:<a@b", "FROM:a b@c =", "FROM:<a><b>", "FROM:<a@b> =1"):
        assert path(wrong, "FROM:") is None


async def test_who_is_silent_is_hung_up(listen, later):
    """Between commands, and in the middle of a message: a slow client does not keep its place."""
    smtp_in = await listen()
    client = await smtp_in.talk()
    await later(301)
    assert (await client.answer()).startswith("421 4.4.2")
    assert await client.reader.read() == b""
    client = await smtp_in.talk(ehlo=False)
    client.writer.write(b"EHLO x\r\nMAIL FROM:<a@b>\r\nRCPT TO:<a@b>\r\nDATA\r\nx")
    await later(301)
    assert b"421 4.4.2" in await client.reader.read()


async def test_who_drips_is_hung_up(listen, sql, later):
    """A message has a time for the whole of it, however alive its sender is."""
    client = await (await listen()).talk()
    await client.say(*ENVELOPE)
    for _ in range(4):
        assert not client.reader.at_eof()
        client.writer.write(b"x")
        await later(230)
    assert (await client.answer()).startswith("421 4.4.2")
    assert sql.execute("select count(*) from emails").fetchone() == (0,)


async def test_who_does_not_log_in_is_hung_up(listen, later):
    """Where a login is needed, chatting without one does not keep the place."""
    client = await (await listen(needs_login=True)).talk()
    for _ in range(3):
        assert (await client.say("NOOP")).startswith("250 ")
        await later(21)
    assert (await client.answer()).startswith("421 4.4.2")


@pytest.mark.parametrize("begin", [b"", b"EHLO test\r\nAUTH PLAIN\r\n"])
async def test_a_line_that_never_ends_keeps_no_place(listen, later, begin):
    """Without a login a command, or a password, that comes byte by byte is hung up like silence."""
    smtp_in = await listen(needs_login=True, implicit=True)
    client = await smtp_in.talk(ehlo=False, ssl=trusting())
    client.writer.write(begin)
    for _ in range(3):
        assert not client.reader.at_eof()
        client.writer.write(b"x")
        await later(21)
    assert b"421 4.4.2" in await asyncio.wait_for(client.reader.read(), 60)


async def test_too_many_connections(listen, caplog):
    """One more than allowed is sent away with 421, and comes in when another has left.

    The log has it once in a while, however many there are.
    """
    smtp_in = await listen(Limits(connections=2))
    first, _second = await smtp_in.talk(), await smtp_in.talk()
    for _ in range(20):
        assert (await smtp_in.talk(ehlo=False)).greeting.startswith("421 4.7.0")
    assert [record.message for record in caplog.records].count("smtp.full") == 1
    assert (await first.say("QUIT")).startswith("221")
    async with asyncio.timeout(10):
        greeting = "421"
        while greeting.startswith("421"):
            greeting = (await smtp_in.talk(ehlo=False)).greeting


def test_connections_of_one_address():
    """One address of elsewhere has a share; this machine has all of it."""
    door = Door(Limits(connections=5, per_address=2), lambda: 0.0)
    assert [door.enter("192.0.2.1") for _ in range(3)] == [True, True, False]
    door.leave("192.0.2.1")
    assert door.enter("192.0.2.1") and door.enter("127.0.0.1")
    assert [door.enter("127.0.0.1") for _ in range(3)] == [True, True, False]


async def test_enough_messages(listen, sql):
    """After so many messages the client is told to come again on a new connection."""
    client = await (await listen(Limits(messages=1))).talk()
    await client.say(*ENVELOPE)
    assert (await client.say("Subject: x\r\n\r\nx\r\n.")).startswith("250 ")
    assert (await client.say(ENVELOPE[0])).startswith("421 4.7.0")


async def test_too_many_mistakes(listen):
    """Whoever says nothing but nonsense is hung up."""
    client = await (await listen(Limits(errors=3))).talk()
    assert [(await client.say("FOO"))[:3] for _ in range(4)] == ["500", "500", "500", "421"]


@pytest.mark.parametrize("path", ["/", "/" + "x" * 20_000])
async def test_a_web_page_sends_no_mail(listen, sql, path):
    """What a browser posts to the port is hung up at its first line, whatever it goes on with."""
    client = await (await listen()).talk(ehlo=False)
    mail = "\r\n".join(["EHLO x", *ENVELOPE, "Subject: x", "", "x", ".", "QUIT", ""])
    client.writer.write(f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n{mail}".encode())
    with contextlib.suppress(ConnectionResetError):  # it hung up before all of it was read
        assert (await client.answer()).startswith("421 4.7.0")
        assert await client.reader.read() == b""
    assert sql.execute("select count(*) from emails").fetchone() == (0,)


async def test_memory_is_shared(listen, sql):
    """What does not fit beside the messages of others is told to come again."""
    smtp_in = await listen(Limits(memory=10_000))
    client = await smtp_in.talk()
    await client.say(*ENVELOPE)
    assert (await client.say(b"x" * 600_000 + b"\r\n.")).startswith("452 4.3.1")
    await client.say(*ENVELOPE)
    assert (await client.say("Subject: x\r\n\r\nx\r\n.")).startswith("250 ")


async def test_one_bad_message_does_not_spoil_the_batch(listen, sql):
    """Of messages that were stored together, one that is refused is refused alone."""
    sql.execute("alter table emails add check (raw not like '%poison%')")
    smtp_in = await listen()

    async def send(body):
        client = await smtp_in.talk()
        await client.say(*ENVELOPE)
        return (await client.say(f"Subject: x\r\n\r\n{body}\r\n."))[:3]

    answers = await asyncio.gather(*(send("poison" if i == 7 else "fine") for i in range(20)))
    assert answers.count("250") == 19 and answers[7] == "554"
    assert sql.execute("select count(*) from emails").fetchone() == (19,)
