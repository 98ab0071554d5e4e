"""Our SMTP client: pipelined, never out of step, and honest about what was not sent."""

import asyncio
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.channels.email.letters import ANN, BEN, CLEO, PIPELINING, envelope, verdicts
from tests.until import turns

from holdfast.channels.email.providers.smtp.answer import said
from holdfast.channels.email.providers.wire import with_dots, with_line_ends
from holdfast.errors import DatabaseUnavailable
from holdfast.policy.verdict import Dead, Delivered, Retry, Snooze, Unknown

# ---------------------------------------------------------------- the wire


@given(st.binary(max_size=300))
def test_nothing_in_a_message_can_end_it(raw):
    """On the wire every line end is CR LF, no line is a lone dot, and the lines come back."""
    wire = with_dots(with_line_ends(raw))
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


async def test_without_pipelining_each_step_waits(script, smtp, out_of_patience):
    """A server that does not offer it gets one command at a time."""
    server = await script(MAIL=["hang"])
    [verdict] = await out_of_patience(server, verdicts(smtp(server.url())))
    assert isinstance(verdict, Snooze) and [line[:4] for line in server.lines] == [b"EHLO", b"MAIL"]


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
async def test_every_step_can_fail_in_every_way(script, smtp, out_of_patience, fault, pipelining):
    """Only silence after the dot is unknown; and the message after it always goes out, once."""
    for step, expected in zip(STEPS, FAULTS[fault], strict=True):
        server = await script()
        if pipelining:
            server.plan["EHLO"] = [PIPELINING] * 3
        server.plan[step] = [fault]
        provider = smtp(server.url("?dot=30"))
        first = verdicts(provider, raw=b"Subject: 1\r\n\r\n1\r\n")
        [verdict] = await out_of_patience(server, first)
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
        (454, "Throttling failure: Maximum sending rate exceeded.", Snooze),
        (450, "4.7.1 too many messages, slow down", Snooze),
        (450, "4.2.1 The user is over a rate limit", Retry),
        (450, "4.7.28 Mail to this domain is rate limited", Retry),
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


async def test_the_wait_for_it_is_not_the_servers(script, smtp, later):
    """The time that a server has stands still while it is we who are waited for."""
    server = await script()

    async def may_go():
        await later(60)  # twice the time that the server has

    provider = smtp(server.url())
    [outcome] = await provider.deliver(envelope(), may_go)
    assert isinstance(outcome.verdict, Delivered)


async def test_a_server_that_leaves_meanwhile_has_not_taken_it(script, smtp):
    """Hung up on while we were waited for: it is tried again, and costs no doubt."""
    server = await script()

    async def may_go():
        server.hang_up()
        await turns()  # until it is noticed

    [outcome] = await smtp(server.url()).deliver(envelope(), may_go)
    assert isinstance(outcome.verdict, Retry)
