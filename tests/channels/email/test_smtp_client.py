"""Our SMTP client: pipelined, on connections that stay open, and never out of step."""

import asyncio
import contextlib
import email
import socket
from dataclasses import replace
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from holdfast.channels.email.providers.provider import Envelope
from holdfast.channels.email.providers.smtp.answer import said
from holdfast.channels.email.providers.smtp.reply import Malformed, Replies, Reply
from holdfast.channels.email.providers.wire import on_the_wire
from holdfast.errors import DatabaseUnavailable
from holdfast.policy.verdict import Dead, Delivered, Retry, Snooze, Unknown

PIPELINING = "250-test\r\n250 PIPELINING"
ANN, BEN, CLEO = "ann@example.com", "ben@example.com", "cleo@example.com"


def envelope(*to, raw=b"Subject: x\r\n\r\nHello\r\n"):
    """A message to Ann, or to those named."""
    return Envelope(uuid4(), "<1@example.com>", "me@example.com", to or (ANN,), raw)


async def verdicts(provider, *to, raw=b"Subject: x\r\n\r\nHello\r\n"):
    """What became of each address."""
    return [outcome.verdict for outcome in await provider.deliver(envelope(*to, raw=raw))]


# ---------------------------------------------------------------- replies


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
    """A server can not fill our memory with one reply."""
    parser = Replies()
    for _ in range(100):
        parser.feed(b"250-" + b"x" * 500 + b"\r\n")
    with pytest.raises(Malformed):
        parser.feed(b"250-" + b"x" * 20_000 + b"\r\n")


# ---------------------------------------------------------------- the wire


@given(st.binary(max_size=300))
def test_nothing_in_a_message_can_end_it(raw):
    """On the wire every line end is CR LF, no line is a lone dot, and the lines come back."""
    wire = on_the_wire(raw)
    assert wire.endswith(b"\r\n") and b"\r\n.\r\n" not in b"\r\n" + wire
    assert wire.count(b"\r\n") == wire.count(b"\n") == wire.count(b"\r")
    lines = [
        line.removeprefix(b".") if line.startswith(b".") else line
        for line in wire[:-2].split(b"\r\n")
    ]
    wanted = raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    assert b"\n".join(lines) == wanted.removesuffix(b"\n")


async def test_the_envelope_leaves_in_one_piece(script, smtp):
    """With PIPELINING a server that answers nothing before DATA has come still gets the message."""
    server = await script(
        EHLO=[PIPELINING], MAIL=["quiet"], RCPT=["quiet"], DATA=["250 1\r\n250 2\r\n354 Go on"]
    )
    assert await verdicts(smtp(server.url("?timeout=5"))) == [Delivered("250 2.0.0 Ok")]


async def test_without_pipelining_each_step_waits(script, smtp):
    """A server that does not offer it gets one command at a time."""
    server = await script(MAIL=["hang"])
    [verdict] = await verdicts(smtp(server.url("?timeout=0.3")))
    assert isinstance(verdict, Snooze) and [line[:4] for line in server.lines] == [b"EHLO", b"MAIL"]


# ---------------------------------------------------------------- connections


async def test_an_address_that_does_not_answer(script, smtp, monkeypatch):
    """Of a server with two addresses, of which one is a hole, the other one takes the message."""
    server, loop = await script(), asyncio.get_running_loop()
    with contextlib.ExitStack() as open_:
        deaf = open_.enter_context(socket.socket())
        deaf.bind(("127.0.0.2", server.port))
        deaf.listen(0)  # one connection fills its queue, and the next ones wait for ever
        for _ in range(3):
            client = open_.enter_context(socket.socket())
            client.setblocking(False)
            client.connect_ex(deaf.getsockname())

        async def found(_host, port, **_):
            return [
                (socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", (address, port))
                for address in ("127.0.0.2", "127.0.0.1")
            ]

        monkeypatch.setattr(loop, "getaddrinfo", found)
        provider = smtp(f"smtp://two.example:{server.port}?starttls=never&timeout=10")
        assert await verdicts(provider) == [Delivered("250 2.0.0 Ok")]


async def test_a_server_that_takes_only_some_connections(smtp):
    """Ten at once, and it takes three connections: they carry all, and it is no outage."""
    open_, refused, taken = set(), 0, []

    async def serve(reader, writer):
        nonlocal refused
        if len(open_) == 3:
            refused += 1
            writer.write(b"421 4.7.0 Too many connections\r\n")
            writer.close()
            return
        open_.add(writer)
        writer.write(b"220 three\r\n")
        while line := await reader.readline():
            if line == b".\r\n":
                taken.append(line)
            if line[:4] in {b"EHLO", b"MAIL", b"RCPT", b".\r\n"}:
                writer.write(b"250 Ok\r\n")
            elif line[:4] == b"DATA":
                writer.write(b"354 Go on\r\n")

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    provider = smtp(f"smtp://127.0.0.1:{server.sockets[0].getsockname()[1]}")
    found = await asyncio.gather(*(verdicts(provider) for _ in range(10)))
    assert found == [[Delivered("250 Ok")]] * 10 and len(taken) == 10 and 0 < refused <= 7
    await provider.close()
    for writer in open_:
        writer.close()
    server.close()


async def test_who_waits_too_long_for_a_connection_comes_again(script, smtp, eventually):
    """The one connection that it takes hangs: that is the outage, and not who waited for it."""
    server = await script(connect=["220 script", "421 one is enough"], dot=["hang"])
    provider = smtp(server.url("?timeout=0.5&dot=20"))
    first = asyncio.create_task(verdicts(provider))
    await eventually(lambda: server.contents)
    [second] = await verdicts(provider)
    assert isinstance(second, Snooze) and not second.outage and "in use" in second.because
    first.cancel()
    assert isinstance((await first)[0], Unknown)


async def test_where_it_takes_none_it_is_an_outage(script, smtp):
    """Without any connection that could carry them all are told, and nobody waits."""
    server = await script(connect=["421 4.7.0 Too many connections"] * 10)
    provider = smtp(server.url("?timeout=20"))
    found = await asyncio.gather(*(verdicts(provider) for _ in range(10)))
    assert all(verdict.outage for [verdict] in found) and server.connections == 10


async def test_what_we_call_ourselves(script, smtp):
    """A server that wants a name it believes (Google's relay takes no 127.0.0.1) is given one."""
    server = await script()
    assert await verdicts(smtp(server.url("?ehlo=mail.example.com"))) == [Delivered("250 2.0.0 Ok")]
    assert server.lines[0] == b"EHLO mail.example.com\r\n"


async def test_connections_stay_open(script, smtp):
    """Ten messages in a row are one connection, one EHLO."""
    server = await script(EHLO=[PIPELINING])
    provider = smtp(server.url())
    for _ in range(10):
        assert await verdicts(provider) == [Delivered("250 2.0.0 Ok")]
    assert server.connections == 1 and len(server.contents) == 10
    await provider.close()


async def test_a_connection_is_renewed_after_so_many_messages(script, smtp):
    """With messages=3 seven messages take three connections."""
    server = await script()
    provider = smtp(server.url("?messages=3"))
    for _ in range(7):
        await verdicts(provider)
    assert server.connections == 3 and server.lines.count(b"QUIT\r\n") == 2


async def test_a_server_that_has_heard_of_enough_dead_mailboxes(script, smtp):
    """After ten refusals in a row the connection is renewed: Postfix grows slow, then hangs up."""
    gone = "550 5.1.1 no such user"
    server = await script(RCPT=[gone] * 9 + ["250 Ok"] + [gone] * 10)
    provider = smtp(server.url())
    for _ in range(20):
        await verdicts(provider)
    assert server.connections == 1
    assert await verdicts(provider) == [Delivered("250 2.0.0 Ok")] and server.connections == 2


async def test_too_many_errors_are_of_this_connection(script, smtp):
    """Who is refused is told so; the others come again at once, and the provider is no outage."""
    server = await script(
        RCPT=["550 5.1.1 no such user", "421 4.7.0 mx.example Error: too many errors"]
    )
    ann, ben, cleo = await verdicts(smtp(server.url()), ANN, BEN, CLEO)
    assert isinstance(ann, Dead) and isinstance(ben, Snooze) and ben == cleo
    assert ben.after == 5 and not ben.outage and server.contents == []


async def test_a_server_that_left_meanwhile_costs_nothing(script, smtp, eventually):
    """An idle connection that was closed by the server is replaced, and the message goes out."""
    server = await script(EHLO=[PIPELINING, PIPELINING])
    provider = smtp(server.url())
    await verdicts(provider)
    server.hang_up()
    assert await verdicts(provider) == [Delivered("250 2.0.0 Ok")]
    assert server.connections == 2 and len(server.contents) == 2


@pytest.mark.parametrize("fault", ["drop", "421 4.4.2 idle for too long"])
async def test_a_goodbye_to_the_first_command_costs_nothing(script, smtp, fault):
    """A server that ends an old connection with its next answer gets the message on a new one."""
    server = await script()
    provider = smtp(server.url())
    await verdicts(provider)
    server.plan["MAIL"] = [fault]
    assert await verdicts(provider) == [Delivered("250 2.0.0 Ok")]
    assert server.connections == 2 and len(server.contents) == 2


async def test_idle_connections_are_closed(script, smtp, eventually):
    """A connection that is not needed says QUIT."""
    server = await script()
    provider = smtp(server.url("?idle=0.05"))
    await verdicts(provider)
    await eventually(lambda: b"QUIT\r\n" in server.lines)


async def test_a_half_said_message_is_reset(script, smtp):
    """After a refusal in the middle the next message begins with RSET, on the same connection."""
    server = await script(RCPT=["550 5.1.1 no such user"])
    provider = smtp(server.url())
    [refused] = await verdicts(provider)
    assert isinstance(refused, Dead)
    assert await verdicts(provider) == [Delivered("250 2.0.0 Ok")]
    assert server.connections == 1
    assert [line[:4] for line in server.lines] == [
        b"EHLO", b"MAIL", b"RCPT", b"RSET", b"MAIL", b"RCPT", b"DATA",
    ]  # fmt: skip


async def test_a_reset_that_is_refused_closes_the_connection(script, smtp):
    """Out of step is out: the next message gets a connection of its own."""
    server = await script(RCPT=["550 5.1.1 no"], RSET=["503 what?"])
    provider = smtp(server.url())
    await verdicts(provider)
    assert await verdicts(provider) == [Delivered("250 2.0.0 Ok")]
    assert server.connections == 2


async def test_an_answer_that_nobody_asked_for_closes_the_connection(script, smtp):
    """A second answer to one command would be taken for the answer to the next one."""
    server = await script(dot=["250 Ok\r\n250 Ok again"])
    provider = smtp(server.url())
    await verdicts(provider)
    assert await verdicts(provider) == [Delivered("250 2.0.0 Ok")]
    assert server.connections == 2


# ---------------------------------------------------------------- pipelined answers


async def test_pipelined_refusals_are_for_those_they_name(script, smtp):
    """Of three recipients one is refused for ever, one for now; the third gets the message."""
    server = await script(EHLO=[PIPELINING], RCPT=["250 Ok", "550 5.1.1 no", "450 4.2.1 busy"])
    ann, ben, cleo = await verdicts(smtp(server.url()), ANN, BEN, CLEO)
    assert ann == Delivered("250 2.0.0 Ok") and ben == Dead("550 5.1.1 no")
    assert cleo == Retry("450 4.2.1 busy") and len(server.contents) == 1


CROWDED = ["452 4.5.3 Error: too many recipients", "452 Too many recipients", "552 5.5.3 no more"]


@pytest.mark.parametrize("said", CROWDED)
@pytest.mark.parametrize("offers", [PIPELINING, "250 Ok"])
async def test_those_too_many_get_the_next_message(script, smtp, said, offers):
    """A server with two recipients a message: five get three messages at once, each one of them."""
    answers = ["250 Ok", "250 Ok", said, said, said] + ["250 Ok"] * 3
    server = await script(EHLO=[offers], RCPT=answers)
    to = [f"{n}@example.com" for n in range(5)]
    assert await verdicts(smtp(server.url()), *to) == [Delivered("250 2.0.0 Ok")] * 5
    named = [line[9:-3].decode() for line in server.lines if line.startswith(b"RCPT")]
    assert named[5:] == to[2:] and len(server.contents) == 3 and server.connections == 1


async def test_who_is_too_many_and_not_tried_waits(script, smtp):
    """If the next message fails, the others are neither dead nor a failed attempt."""
    many = "552 too many recipients"
    server = await script(RCPT=["250 Ok", many, many, "421 4.3.2 leaving"])
    ann, ben, cleo = await verdicts(smtp(server.url()), ANN, BEN, CLEO)
    assert ann == Delivered("250 2.0.0 Ok") and cleo == Snooze("too many recipients")
    assert isinstance(ben, Snooze) and ben.outage


async def test_stopped_between_two_messages(script, smtp, eventually):
    """Who was in the first one has it, and that is told."""
    server = await script(RCPT=["250 Ok", "452 4.5.3 no more"], MAIL=["250 Ok", "hang"])
    running = asyncio.create_task(verdicts(smtp(server.url()), ANN, BEN))
    await eventually(lambda: len([x for x in server.lines if x.startswith(b"MAIL")]) == 2)
    running.cancel()
    ann, ben = await running
    assert ann == Delivered("250 2.0.0 Ok") and isinstance(ben, Snooze) and not ben.outage


async def test_data_taken_although_nobody_is_left(script, smtp):
    """A server that accepts DATA after refusing all recipients gets an empty message, not ours."""
    server = await script(EHLO=[PIPELINING], RCPT=["550 5.1.1 no"], dot=["554 no valid recipients"])
    provider = smtp(server.url())
    assert await verdicts(provider) == [Dead("550 5.1.1 no")]
    assert server.contents == [b".\r\n"]
    assert await verdicts(provider) == [Delivered("250 2.0.0 Ok")]


async def test_a_refused_sender_says_nothing_about_recipients(script, smtp):
    """After a refused MAIL the 503s that follow are no news; all share the refusal of MAIL."""
    server = await script(
        EHLO=[PIPELINING], MAIL=["451 4.7.1 later"], RCPT=["503 no"], DATA=["503 no"]
    )
    provider = smtp(server.url())
    assert await verdicts(provider, ANN, BEN) == [Retry("451 4.7.1 later")] * 2
    assert await verdicts(provider) == [Delivered("250 2.0.0 Ok")]


STEPS = ("connect", "EHLO", "MAIL", "RCPT", "DATA", "dot")
FAULTS = {
    "450 4.2.1 later": (Snooze, Snooze, Retry, Retry, Retry, Retry),
    "550 5.7.1 never": (Snooze, Snooze, Dead, Dead, Dead, Dead),
    "421 4.3.2 leaving": (Snooze, Snooze, Snooze, Snooze, Snooze, Snooze),
    "drop": (Snooze, Snooze, Snooze, Retry, Retry, Unknown),
    "hang": (Snooze, Snooze, Snooze, Retry, Retry, Unknown),
}


@pytest.mark.parametrize("pipelining", [True, False])
@pytest.mark.parametrize("fault", FAULTS)
async def test_every_step_can_fail_in_every_way(script, smtp, fault, pipelining):
    """Only silence after the dot is unknown; and the message after it always goes out, once."""
    for step, expected in zip(STEPS, FAULTS[fault], strict=True):
        server = await script()
        if pipelining:
            server.plan["EHLO"] = [PIPELINING] * 3
        server.plan[step] = [fault]
        provider = smtp(server.url("?timeout=0.25&dot=0.25"))
        [verdict] = await verdicts(provider, raw=b"Subject: 1\r\n\r\n1\r\n")
        assert isinstance(verdict, expected), step
        before = len(server.contents)
        assert await verdicts(provider, raw=b"Subject: 2\r\n\r\n2\r\n") == [
            Delivered("250 2.0.0 Ok")
        ]
        assert server.contents[before:] == [b"Subject: 2\r\n\r\n2\r\n.\r\n"], step
        await provider.close()


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.sampled_from(["250 Ok", "550 5.1.1 no", "450 4.2.1 busy"]), min_size=1, max_size=5)
)
def test_any_mix_of_answers_keeps_in_step(answers):
    """Whatever mix of recipients is refused, each has its answer and the next message is whole."""
    from tests.channels.email.conftest import Script, smtp_server_of

    async def run():
        scripted = Script({"EHLO": [PIPELINING], "RCPT": list(answers)})
        async with smtp_server_of(scripted) as provider:
            to = [f"u{n}@example.com" for n in range(len(answers))]
            found = [o.verdict for o in await provider.deliver(envelope(*to))]
            kinds = {"250": Delivered, "550": Dead, "450": Retry}
            assert [type(v) for v in found] == [kinds[a[:3]] for a in answers]
            assert await verdicts(provider) == [Delivered("250 2.0.0 Ok")]

    asyncio.run(run())


async def test_a_hundred_at_a_time(post_office, smtp):
    """Many messages at once, to a real server: each arrives once, whole."""
    office = await post_office()
    provider = smtp(office.url())
    raws = [f"Subject: {n}\r\n\r\n{n}\r\n".encode() for n in range(100)]
    found = await asyncio.gather(*(verdicts(provider, raw=raw) for raw in raws))
    assert all(isinstance(v, Delivered) for [v] in found)
    assert sorted(m.content for m in office.messages) == sorted(raws)
    await provider.close()


@pytest.mark.parametrize("offers", [PIPELINING, "250 Ok"])
async def test_who_can_not_be_named_stops_nobody_else(script, smtp, offers):
    """Without SMTPUTF8 an address beyond ASCII is refused, and the others get the message."""
    server = await script(EHLO=[offers])
    provider = smtp(server.url())
    umlaut, ann = await verdicts(provider, "ünï@x.example", ANN)
    assert isinstance(umlaut, Dead) and "SMTPUTF8" in umlaut.because
    assert ann == Delivered("250 2.0.0 Ok") and len(server.contents) == 1
    assert isinstance((await verdicts(provider, "ünï@x.example"))[0], Dead)
    assert await verdicts(provider) == [Delivered("250 2.0.0 Ok")] and server.connections == 1


async def test_a_domain_beyond_ascii_needs_no_smtputf8(script, smtp):
    """It has a form in ASCII, which every server takes; the outcomes are for the address as it was.

    The two forms are one recipient.
    """
    server = await script()
    boxes = ("ann@bücher.example", "ann@xn--bcher-kva.example", "ünï@bücher.example")
    sent = replace(envelope(*boxes), sender="me@büro.example")
    outcomes = await smtp(server.url()).deliver(sent)
    assert tuple(outcome.address for outcome in outcomes) == boxes
    assert [type(o.verdict) for o in outcomes] == [Delivered, Delivered, Dead]
    assert [line for line in server.lines if line[:4] in {b"MAIL", b"RCPT"}] == [
        b"MAIL FROM:<me@xn--bro-hoa.example>\r\n",
        b"RCPT TO:<ann@xn--bcher-kva.example>\r\n",
    ]


# ---------------------------------------------------------------- 7 bits


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
    assert plain == on_the_wire(raw)
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


# ---------------------------------------------------------------- of the account


@pytest.mark.parametrize(
    ("code", "text", "kind"),
    [
        (554, "Message rejected: Sending paused for this account. For more information", Snooze),
        (550, "5.7.0 Your SMTP account is not yet activated.", Snooze),
        (550, "5.7.1 your account has been temporarily suspended", Snooze),
        (421, "Domain mg.example.com is not allowed to send: account disabled", Snooze),
        (550, "5.1.8 Access denied, bad outbound sender", Snooze),
        (550, "5.4.5 Daily user sending limit exceeded", Snooze),
        (451, "Maximum credits exceeded", Snooze),
        (554, "Message rejected: Email address is not verified. The following", Retry),
        (550, "The from address does not match a verified Sender Identity", Retry),
        (554, "5.7.1 <ann@example.com>: Relay access denied", Retry),
        (550, "relay not permitted!", Retry),
        (550, "5.7.1 Unable to relay", Retry),
        (550, "Unauthenticated senders not allowed", Retry),
        (550, "5.7.1 the relay that you came by is on a list", Dead),
        (550, "5.2.1 The email account that you tried to reach is disabled", Dead),
        (550, "5.1.1 This user's account has been disabled", Dead),
        (550, "this account is disabled", Dead),
        (452, "4.2.2 daily message quota exceeded", Retry),
        (552, "5.2.2 mailbox over its quota limit, exceeded", Dead),
        (550, "5.7.1 Your IP is blocked", Dead),
        (250, "your account is suspended, but take this", Delivered),
    ],
)
def test_what_is_said_of_the_account(code, text, kind):
    """Ours is out of order for everybody; a recipient's is that recipient's."""
    verdict = said(code, text).verdict
    assert isinstance(verdict, kind) and getattr(verdict, "outage", False) == (kind is Snooze)


@pytest.mark.parametrize("step", ["DATA", "message"])
async def test_a_message_that_was_not_sent_is_not_delivered(script, smtp, step):
    """A server that is out of step may say 250 before it has the message: that is no receipt."""
    server = await script(**{step: ["250 2.0.0 Ok"]})
    provider = smtp(server.url())
    [verdict] = await verdicts(provider, raw=b"Subject: x\r\n\r\n" + b"hello \r\n" * 1_000_000)
    assert isinstance(verdict, Retry) and "had not got the message" in verdict.because
    assert await verdicts(provider) == [Delivered("250 2.0.0 Ok")] and server.connections == 2


async def test_an_answer_to_something_else_leaves_it_unknown(script, smtp):
    """After the final dot only a receipt or a refusal says what became of it."""
    server = await script(dot=["354 Go on"])
    [verdict] = await verdicts(smtp(server.url()))
    assert isinstance(verdict, Unknown) and "354" in verdict.because


# ---------------------------------------------------------------- before the final dot


@pytest.mark.parametrize("raw", [b"Subject: x\r\n\r\nHello\r\n", b"Subject: x\r\n\r\n" + b"x" * 9])
async def test_what_may_not_go_is_not_sent(script, smtp, raw):
    """Whoever says no before the final dot is heard, and the server has taken nothing."""
    server = await script()
    provider = smtp(server.url())

    async def no():
        raise DatabaseUnavailable("away")

    with pytest.raises(DatabaseUnavailable):
        await provider.deliver(envelope(raw=raw), no)
    assert await verdicts(provider) == [Delivered("250 2.0.0 Ok")]
    assert len(server.contents) == 1


@pytest.mark.parametrize("size", [10, 100_000])
async def test_it_is_asked_while_one_can_still_turn_back(script, smtp, size):
    """Of a long message all but the dot may be out by then; the server waits for that."""
    server = await script()
    asked = []

    async def may_go():
        asked.append(list(server.contents))

    raw = b"Subject: x\r\n\r\n" + b"x" * size + b"\r\n"
    [outcome] = await smtp(server.url()).deliver(envelope(raw=raw), may_go)
    assert isinstance(outcome.verdict, Delivered) and asked == [[]]


async def test_the_wait_for_it_is_not_the_servers(script, smtp):
    """The time that a server has stands still while it is we who are waited for."""
    server = await script()

    async def may_go():
        await asyncio.sleep(0.1)  # twice the time that the server has

    provider = smtp(server.url("?timeout=0.05&dot=5"))
    [outcome] = await provider.deliver(envelope(), may_go)
    assert isinstance(outcome.verdict, Delivered)


async def test_a_server_that_leaves_meanwhile_has_not_taken_it(script, smtp):
    """Hung up on while we were waited for: it is tried again, and costs no doubt."""
    server = await script()

    async def may_go():
        server.hang_up()
        await asyncio.sleep(0.01)  # until it is noticed

    [outcome] = await smtp(server.url()).deliver(envelope(), may_go)
    assert isinstance(outcome.verdict, Retry)
