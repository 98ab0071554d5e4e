"""Mail that other programs send: stored unchanged, or not acknowledged."""

import asyncio
import smtplib
import socket
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from functools import partial

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from holdfast import ConfigError
from holdfast.channels.email.message import LARGEST
from holdfast.channels.email.smtp_in.address import Address
from holdfast.channels.email.smtp_in.arrival import complete
from holdfast.channels.email.smtp_in.server import listening, open_server
from holdfast.database import Database

WHOLE = (
    b"Message-ID: <1@example.com>\r\nDate: Mon, 1 Jan 2030 00:00:00 +0000\r\nSubject: Hi\r\n\r\n"
)


@pytest.fixture
async def port(database):
    """SMTP-in, listening."""
    async with listening(database, Address("127.0.0.1", 0)) as server:
        yield server.sockets[0].getsockname()[1]


@asynccontextmanager
async def client(port):
    """A program that has smtplib: `await say("docmd", "NOOP")`."""
    loop = asyncio.get_running_loop()
    with ThreadPoolExecutor(1) as thread:  # its own: a program waits for us, and we for nobody
        smtp = await loop.run_in_executor(
            thread, partial(smtplib.SMTP, "127.0.0.1", port, timeout=20)
        )

        async def say(method, *args):
            return await loop.run_in_executor(thread, getattr(smtp, method), *args)

        try:
            yield say
        finally:
            smtp.close()


async def send(port, content, sender="me@example.com", to=("ann@example.com",)):
    """As any program sends mail."""
    async with client(port) as say:
        return await say("sendmail", sender, list(to), content)


def stored(sql):
    """What is there."""
    return sql.execute("select message_id, sender, subject, raw, source from emails").fetchall()


CONTENTS = {
    "plain": WHOLE + b"Hello\r\n",
    "dots": WHOLE + b".\r\n..\r\n.x\r\n",
    "eight bit": WHOLE + bytes(range(128, 256)) + b"\r\n",
    "nul": WHOLE + b"a\0b\r\n",
    "a long line": WHOLE + b"x" * 300_000 + b"\r\n",
    "no body": WHOLE[:-2],
    "folded": b"Subject: a\r\n  b\r\n" + WHOLE[:-2] + b"\r\n",
}


async def test_the_content_is_stored_byte_for_byte(port, sql):
    """What a program sent is what will be sent, whatever is in it."""
    async with client(port) as say:
        await say("ehlo")
        for name, content in CONTENTS.items():
            await say("mail", "me@example.com")
            await say("rcpt", "ann@example.com")
            code, answer = await say("data", content)
            assert code == 250 and answer.startswith(b"2.0.0 Ok: queued as "), name
            row = sql.execute(
                "select message_id, e.sender, raw, e.source, status from emails e "
                "join email_queue using (id, message_id) where id = %s",
                [answer.decode().rpartition(" ")[2]],
            ).fetchone()
            assert row == ("<1@example.com>", "me@example.com", content, "smtp-in", "ready"), name


async def test_an_empty_message(port, sql):
    """Even nothing is a message: it gets its headers, and is stored."""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as raw:
        commands = b"EHLO x\r\nMAIL FROM:<me@x.com>\r\nRCPT TO:<a@x.com>\r\nDATA\r\n.\r\nQUIT\r\n"
        answers = await asyncio.to_thread(converse, raw, commands)
    assert b"250 2.0.0 Ok: queued as" in answers
    assert stored(sql)[0][3].startswith(b"Message-ID: <")


def converse(raw, commands):
    """Say it all at once, and read all answers."""
    raw.sendall(commands)
    answers = b""
    while chunk := raw.recv(4096):
        answers += chunk
    return answers


async def test_the_envelope_is_kept(port, sql):
    """Recipients that no header names, and the empty sender of a bounce."""
    await send(port, b"Subject: Hi\r\n\r\n", "", ["ann@example.com", "ben@example.com"])
    assert stored(sql)[0][1] == ""
    addresses = sql.execute("select address from email_recipients order by position").fetchall()
    assert addresses == [("ann@example.com",), ("ben@example.com",)]


async def test_addresses_that_are_none_are_refused_at_once(port, sql):
    """553 to the command, so that the program knows which one."""
    async with client(port) as say:
        await say("ehlo")
        assert (await say("docmd", "MAIL FROM:<nobody>"))[0] == 553
        assert (await say("docmd", "MAIL FROM:<me@example.com>"))[0] == 250
        for wrong in ("<root>", "<a b@x.com>", '<"a b"@x.com>', "<>", "nonsense", "<a@x.com\x00>"):
            code, _ = await say("docmd", f"RCPT TO:{wrong}")
            assert code in range(500, 600), wrong
        for several in ("a@b.example,c@d.example", "a;b@c.example", "a@b@c.example"):
            assert (await say("docmd", f"RCPT TO:<{several}>"))[0] == 553, several
        assert (await say("docmd", 'RCPT TO:<"a,b"@c.example>'))[0] == 250
        assert (await say("docmd", "RCPT TO:<ann@example.com>"))[0] == 250
    assert stored(sql) == []


async def test_too_many_recipients(port):
    """The program is told to send the rest in another message."""
    async with client(port) as say:
        await say("ehlo")
        await say("mail", "me@example.com")
        codes = {(await say("rcpt", f"a{i}@example.com"))[0] for i in range(1000)}
        assert codes == {250} and (await say("rcpt", "last@example.com"))[0] == 452


async def test_too_big(port, sql):
    """Announced or not, more than 25 MiB is refused with 552, and the connection lives on."""
    async with client(port) as say:
        _, answer = await say("ehlo")
        assert f"SIZE {LARGEST}".encode() in answer
        with pytest.raises(smtplib.SMTPSenderRefused) as refused:
            await say("sendmail", "me@example.com", ["ann@example.com"], b"x" * (LARGEST + 1))
        assert refused.value.smtp_code == 552
        await say("mail", "me@example.com")
        await say("rcpt", "ann@example.com")
        assert (await say("data", b"y" * 1000 + b"x" * LARGEST))[0] == 552
        assert await say("sendmail", "me@example.com", ["ann@example.com"], WHOLE) == {}
    assert len(stored(sql)) == 1


async def test_the_database_is_away():
    """451: the program keeps its mail and comes again; nothing is promised."""
    database = Database("postgresql://nobody@127.0.0.1:1/nowhere")
    async with (
        listening(database, Address("127.0.0.1", 0)) as server,
        client(server.sockets[0].getsockname()[1]) as say,
    ):
        with pytest.raises(smtplib.SMTPDataError) as refused:
            await say("sendmail", "me@example.com", ["ann@example.com"], WHOLE)
    assert refused.value.smtp_code == 451 and refused.value.smtp_error.startswith(b"4.3.0 ")
    await database.close()


async def test_a_database_that_comes_back(dsn, database, sql):
    """The connections are killed under it; the next mail is stored."""
    async with listening(database, Address("127.0.0.1", 0)) as server:
        port = server.sockets[0].getsockname()[1]
        await send(port, WHOLE)
        sql.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity "
            "where application_name = 'holdfast' and datname = current_database()"
        )
        with suppress(smtplib.SMTPDataError):
            await send(port, WHOLE)
        if len(stored(sql)) == 1:
            await send(port, WHOLE)
    assert len(stored(sql)) == 2


async def test_an_error_that_nobody_foresaw_is_451(database, sql):
    """A schema that is not there is our fault, not the mail's."""
    sql.execute("alter function email_receive_many rename to receive_")
    async with (
        listening(database, Address("127.0.0.1", 0)) as server,
        client(server.sockets[0].getsockname()[1]) as say,
    ):
        with pytest.raises(smtplib.SMTPDataError) as refused:
            await say("sendmail", "me@example.com", ["ann@example.com"], WHOLE)
    assert refused.value.smtp_code == 451


async def test_many_at_once(port, sql):
    """Fifty programs at the same time: each is answered after its own commit."""
    await asyncio.gather(*(send(port, WHOLE + f"{i}\r\n".encode()) for i in range(50)))
    assert len({raw for *_, raw, _ in stored(sql)}) == 50


async def test_smuggling(port, sql):
    """Only CR LF dot CR LF ends a message: nothing can be hidden behind another ending."""
    inner = b"MAIL FROM:<eve@x.com>\r\nRCPT TO:<b@x.com>\r\nDATA\r\nSubject: evil\r\n\r\n"
    for ending in (
        b"\n.\n",
        b"\r\n.\n",
        b"\n.\r\n",
        b"\r.\r",
        b"\r\n.\r",
        b"\r.\r\n",
        b"\r\r\n.\r\r\n",
    ):
        content = WHOLE + b"Hello" + ending + inner
        with socket.create_connection(("127.0.0.1", port), timeout=20) as raw:
            start = b"EHLO x\r\nMAIL FROM:<me@x.com>\r\nRCPT TO:<a@x.com>\r\nDATA\r\n"
            await asyncio.to_thread(converse, raw, start + content + b"\r\n.\r\nQUIT\r\n")
    senders = {row[1] for row in stored(sql)}
    assert senders == {"me@x.com"} and len(stored(sql)) == 7


@hypothesis_settings(max_examples=25)
@given(
    lines=st.lists(
        st.one_of(
            st.binary(max_size=60),
            st.sampled_from(
                [b"EHLO x", b"MAIL FROM:<", b"MAIL FROM:<a@b> X=", b"RCPT TO:<@@>", b"DATA x"]
            )
            | st.sampled_from(
                [b"VRFY \xff", b"x" * 100_000, b"\0" * 1000, b"MAIL FROM:(((", b"HELP \xff"]
            )
            | st.sampled_from(
                [b"RCPT TO:" + b"(" * 400, b'MAIL FROM:<"\\">', b"AUTH PLAIN AA==", b"RSET"]
            ),
        ),
        max_size=12,
    )
)
async def test_hostile_lines(port, lines):
    """Whatever is said, the answer is a reply or a hang-up, and the next client is served."""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as raw:
        try:
            answers = await asyncio.to_thread(converse, raw, b"\r\n".join(lines) + b"\r\nQUIT\r\n")
        except ConnectionError:
            answers = b""
    for answer in answers.split(b"\r\n")[:-1]:
        assert answer[:3].isdigit() and not answer.startswith(b"250 2.0.0 Ok: queued")
    async with client(port) as say:
        assert (await say("noop"))[0] == 250


@pytest.mark.parametrize(
    ("content", "added"),
    [
        (WHOLE, []),
        (b"Message-ID: <1@x>\r\n\r\nHi", [b"Date"]),
        (b"Date: x\n\nHi", [b"Message-ID"]),
        (b"message-id:\r\n <1@x>\r\ndate: x\r\n\r\n", []),
        (b"Hi there", [b"Message-ID", b"Date", b""]),
        (b"Hi there\r\nMessage-ID: <1@x>\r\n", [b"Message-ID", b"Date", b""]),
        (b"\r\nMessage-ID: <1@x>", [b"Message-ID", b"Date"]),
        (b"", [b"Message-ID", b"Date", b""]),
    ],
)
def test_what_is_missing_is_put_before_it(content, added):
    """A Message-ID and a Date if there are none; what came stays as it came."""
    arrived = complete(content, "me@example.com", ("ann@example.com",))
    assert arrived.raw.endswith(content)
    before = arrived.raw[: len(arrived.raw) - len(content)].split(b"\r\n")[:-1]
    assert [line.partition(b":")[0] for line in before] == added
    assert arrived.message_id.startswith("<")


ID = b"Message-ID: <1@x>\r\nDate: x\r\n"


@pytest.mark.parametrize(
    ("content", "stays"),
    [
        (ID + b"Bcc: ben@x\r\n\r\nBcc: body", ID + b"\r\nBcc: body"),
        (ID + b"BCC : ben@x,\r\n\tcy@x\r\nX: y\r\n\r\n", ID + b"X: y\r\n\r\n"),
        (b"bcc: a\r\nBcc:\r\n b\r\nResent-Bcc: c\r\n" + ID + b"\r\nHi", ID + b"\r\nHi"),
        (ID + b"Subject: x\r\n Bcc: y\r\nX-Bcc: z\r\n\r\n", None),
        (ID.replace(b"\r", b"") + b"Bcc: a\n b\n\nHi", ID.replace(b"\r", b"") + b"\nHi"),
        (ID + b"X: y\rBcc: a\r\n\r\nHi", ID + b"X: y\r\r\nHi"),
        (ID + b"Bcc: a", ID),
        (b"\r\nBcc: a\r\n", None),
    ],
)
def test_blind_copies_stay_blind(content, stays):
    """Bcc is taken out of the headers, however it is written; nothing else is touched."""
    arrived = complete(content, "me@example.com", ("ann@example.com",))
    assert arrived.raw.endswith(content if stays is None else stays)
    if stays is not None:
        assert arrived.raw == stays


@given(st.binary(max_size=300), st.text(max_size=20))
def test_anything_can_arrive(content, sender):
    """No content makes it raise, and what is stored of it fits the tables."""
    for head in (b"", b"Subject: ", b"Message-ID: ", b"Subject: =?utf-8?b?", b"Subject: =?x?q?="):
        arrived = complete(head + content, sender, ())
        assert arrived.raw.endswith(content) or b"bcc" in (head + content).lower()
        assert arrived.message_id and all("!" <= c <= "~" for c in arrived.message_id)
        assert arrived.subject is None or arrived.subject.isprintable() or not arrived.subject


def test_the_line_of_a_mailbox_file():
    """`From …` before the headers, as programs write it that keep mailboxes, is no text."""
    for line in (b"From me@example.com Thu Nov 26 19:00:00 2026\r\n", b">From me\n"):
        assert complete(line + WHOLE, "me@example.com", ()).raw == WHOLE
    text = b"From here on\r\n\r\nHi"
    assert complete(text, "me@example.com", ()).raw.endswith(text)


async def test_domains_are_stored_in_ascii(port, sql):
    """So that a suppression finds them, and no server needs SMTPUTF8 for them."""

    def mail():
        with smtplib.SMTP("127.0.0.1", port) as smtp:
            smtp.ehlo()
            smtp.command_encoding = "utf-8"
            return [
                smtp.docmd("MAIL FROM:<me@büro.example> SMTPUTF8")[0],
                smtp.docmd("RCPT TO:<ann@bücher.example>")[0],
                smtp.data(b"Subject: Hi\r\n\r\nHi")[0],
            ]

    assert await asyncio.to_thread(mail) == [250, 250, 250]
    assert sql.execute("select sender from emails").fetchone() == ("me@xn--bro-hoa.example",)
    assert sql.execute("select address from email_recipients").fetchone() == (
        "ann@xn--bcher-kva.example",
    )


async def test_subjects_are_read(port, sql):
    """The subject is shown as people read it."""
    await send(port, b"Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\r\n =?utf-8?q?_an_alle?=\r\n\r\n")
    assert stored(sql)[0][2] == "Grüße an alle"


@pytest.mark.parametrize(
    ("subject", "read"),
    [
        ("Grüße".encode(), "Grüße"),
        (b"Gr\xfc\xdfe", "Gr\ufffd\ufffde"),
    ],
)
def test_a_subject_in_utf_8(subject, read):
    """With SMTPUTF8 it stands there as it reads; in an unknown charset what can be read is."""
    message = complete(b"Subject: " + subject + b"\r\n\r\nx", "a@b.example", ("c@d.example",))
    assert message.subject == read


async def test_only_this_machine(database):
    """Without TLS it is not opened to others."""
    with pytest.raises(ConfigError, match="HOLDFAST_SMTP_CERT"):
        async with open_server(database, "0.0.0.0:0"):
            pass
    async with open_server(database, "127.0.0.1:0"):
        pass
    with pytest.raises(ConfigError, match=r"is 0\.0\.0\.0 here"):  # as if localhost had such a name
        async with listening(database, Address("0.0.0.0", 0)):
            pass


async def test_leaving_hangs_up(database):
    """When the service stops, idle clients do not keep it."""
    async with asyncio.timeout(10):
        async with listening(database, Address("127.0.0.1", 0)) as server:
            port = server.sockets[0].getsockname()[1]
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            await reader.readline()
        assert (await reader.read()).startswith(b"421 4.3.2 ")
        writer.close()
