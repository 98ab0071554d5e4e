"""Connections of the SMTP client: opened, kept, renewed and given up."""

import asyncio
import contextlib
import socket

import pytest
from tests.channels.email.letters import ANN, BEN, CLEO, PIPELINING, verdicts

from holdfast.policy.verdict import Dead, Delivered, Snooze, Unknown


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


async def test_who_waits_too_long_for_a_connection_comes_again(script, smtp, eventually, later):
    """The one connection that it takes hangs: that is the outage, and not who waited for it."""
    server = await script(connect=["220 script", "421 one is enough"], dot=["hang"])
    provider = smtp(server.url())
    first = asyncio.create_task(verdicts(provider))
    await eventually(lambda: server.contents)
    waiting = asyncio.create_task(verdicts(provider))
    await eventually(lambda: server.connections == 2)
    await later(31)
    [second] = await waiting
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


@pytest.mark.parametrize(("offers", "each"), [("250 Ok", 1), (PIPELINING, 2)])
async def test_a_server_that_has_heard_of_enough_dead_mailboxes(script, smtp, offers, each):
    """Before ten refusals in a row the connection is renewed: Postfix grows slow, then hangs up."""
    gone, nobody, most = ["550 5.1.1 no such user"], ["554 no valid recipients"], 8 // each
    rcpt = [*gone * (most - 1), "250 Ok", *gone * most]
    data = [*nobody * (most - 1), "354 Go on", *nobody * most] if each == 2 else []
    server = await script(EHLO=[offers], RCPT=rcpt, DATA=data)
    provider = smtp(server.url())
    for _ in range(2 * most):
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


@pytest.mark.parametrize("offers", ["250 test", PIPELINING])
@pytest.mark.parametrize(
    "fault",
    [
        "drop",
        "421 4.4.2 idle for too long",
        "503 nested MAIL",
        "452 4.5.3 Too many recipients: Too many messages sent",  # OpenSMTPD, which stays
        "450 Maximum messages per connection",
    ],
)
async def test_a_goodbye_to_the_first_command_costs_nothing(script, smtp, fault, offers):
    """A server that ends an old connection with its next answer gets the message on a new one.

    So does one that is out of step on it, or takes no more messages on it.
    """
    server = await script(EHLO=[offers] * 2)
    provider = smtp(server.url())
    await verdicts(provider)
    server.plan["MAIL"] = [fault]
    assert await verdicts(provider) == [Delivered("250 2.0.0 Ok")]
    assert server.connections == 2 and len(server.contents) == 2


async def test_a_server_that_wants_something_first(script, smtp):
    """What a fresh connection is not ready for is our mistake, and no message's: none is dead."""
    server = await script(MAIL=["503 5.5.4 log in first"])
    [found] = await verdicts(smtp(server.url()))
    assert found == Snooze("at MAIL: 503 5.5.4 log in first", outage=True)
    assert server.connections == 1


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
