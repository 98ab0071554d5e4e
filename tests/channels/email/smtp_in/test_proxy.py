"""SMTP-in behind a balancer, which says by the PROXY protocol for whom it comes."""

import asyncio
import base64
import contextlib
import ipaddress
import logging
import ssl

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.channels.email.smtp_in.conftest import trusting

from holdfast.channels.email.settings import EmailSettings
from holdfast.channels.email.smtp_in.address import address
from holdfast.channels.email.smtp_in.door import Limits
from holdfast.channels.email.smtp_in.proxy import NoHeader, client, wanted
from holdfast.errors import ConfigError
from holdfast.policy.client_address import networks

SIGNATURE = b"\r\n\r\n\0\r\nQUIT\n"
HERE = networks(["127.0.0.1"])


def second(source, command=1, more=b"", family=None):
    """A header of version 2, for a client of that address."""
    found = ipaddress.ip_address(source)
    to = ipaddress.ip_address("192.0.2.9" if found.version == 4 else "2001:db8::9")
    body = found.packed + to.packed + bytes([1, 2, 0, 25]) + more
    kind = family if family is not None else 0x11 if found.version == 4 else 0x21
    return SIGNATURE + bytes([0x20 | command, kind]) + len(body).to_bytes(2) + body


def first(source):
    """The same of version 1."""
    six = ":" in source
    to = "2001:db8::9" if six else "192.0.2.9"
    return f"PROXY TCP{6 if six else 4} {source} {to} 51000 25\r\n".encode()


def read(data, sizes=None):
    """What a header says, read by as much as is wanted or less, and what is left behind it."""
    head = b""
    while need := wanted(head):
        step = min(need, sizes.pop()) if sizes else need
        if not (more := data[len(head) : len(head) + step]):
            return "more", b""
        head += more
    return client(head), data[len(head) :]


ADDRESSES = st.one_of(st.ip_addresses(v=4), st.ip_addresses(v=6)).map(str)


@given(ADDRESSES, st.sampled_from([first, second]), st.binary(max_size=300), st.lists(
    st.integers(1, 20), max_size=60))  # fmt: skip
def test_who_it_is_however_it_arrives(source, header, behind, sizes):
    """In both versions and in any pieces; not a byte of what is behind it is read."""
    assert read(header(source) + behind, sizes) == (source, behind)


@given(
    st.one_of(
        st.binary(max_size=200),
        st.binary(max_size=200).map(SIGNATURE.__add__),
        st.binary(max_size=200).map(b"PROXY TCP4 ".__add__),
        st.text("PROXYTC46 .:0129af\r\n", max_size=120).map(lambda text: text.encode()),
    )
)
def test_any_bytes_are_a_header_or_none(data):
    """Whatever a balancer says, nothing but NoHeader is raised, and what is found is an address."""
    with contextlib.suppress(NoHeader):
        found, _ = read(data)
        assert found in {None, "more"} or ipaddress.ip_address(found)


@pytest.mark.parametrize(
    "header",
    [
        b"PROXY UNKNOWN\r\n",
        b"PROXY UNKNOWN ffff:f::1 ffff::2 1 2\r\n",
        second("192.0.2.7", command=0),
        SIGNATURE + b"\x20\0\0\0",
        SIGNATURE + b"\x21\0\0\x03abc",
        second("192.0.2.7", family=0x31),
    ],
)
def test_a_balancer_that_speaks_for_nobody(header):
    """A look at our health, and what is no TCP, come from the balancer itself."""
    assert read(header + b"EHLO x\r\n") == (None, b"EHLO x\r\n")


@pytest.mark.parametrize(
    "header",
    [
        b"EHLO me\r\n",
        b"PROXY TCP4 192.0.2.7 192.0.2.9 1\r\n",
        b"PROXY TCP4 192.0.2.7 192.0.2.9 1 65536\r\n",
        b"PROXY TCP4 2001:db8::1 192.0.2.9 1 2\r\n",
        b"PROXY TCP6 fe80::1%eth0 2001:db8::9 1 2\r\n",
        b"PROXY TCP4 192.0.2.7 192.0.2.9 1 2" + b" " * 100,
        SIGNATURE + b"\x11\x11\0\x0c" + bytes(12),
        SIGNATURE + b"\x22\x11\0\x0c" + bytes(12),
        SIGNATURE + b"\x21\x11\0\x0b" + bytes(11),
        SIGNATURE + b"\x21\x11\xff\xff",
    ],
)
def test_what_is_no_header(header):
    """Too short, too long, of another kind or version: it is not guessed what was meant."""
    with pytest.raises(NoHeader):
        read(header)


async def knock(port, header, **secure):
    """A connection as a balancer makes it; TLS begins behind the header."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(header)
    if secure:
        await writer.start_tls(**secure)
    return reader, writer


@pytest.mark.parametrize("header", [first, second])
async def test_clients_are_told_apart_behind_a_balancer(listen, header):
    """The limit of an address is that of each client, and not of the balancer for all of them."""
    server = await listen(Limits(per_address=1), proxies=HERE, needs_login=True)
    said, writers = [], []
    for source in ("192.0.2.1", "192.0.2.1", "192.0.2.2", "2001:db8::1", "2001:db8::2"):
        reader, writer = await knock(server.port, header(source) + b"EHLO x\r\n")
        said.append((await reader.readline())[:3])
        writers.append(writer)
    assert said == [b"220", b"421", b"220", b"220", b"421"]
    for writer in writers:
        writer.close()


async def test_failed_logins_are_counted_by_client(listen, shop, caplog):
    """Who guesses passwords through a balancer keeps nobody else from logging in."""
    server = await listen(proxies=HERE, needs_login=True, implicit=True)
    wrong, right = b"AUTH PLAIN AHNob3AAeA==\r\n", f"\0shop\0{shop}".encode()

    async def log_in(source, line):
        reader, writer = await knock(server.port, second(source), sslcontext=trusting())
        writer.write(b"EHLO x\r\n" + line)
        while not (answer := await reader.readline()).startswith((b"5", b"4", b"235")):
            pass
        writer.close()
        return answer[:3]

    with caplog.at_level(logging.WARNING):
        assert [await log_in("192.0.2.1", wrong) for _ in range(11)][-2:] == [b"535", b"421"]
    assert {r.peer for r in caplog.records if r.message == "smtp.login_failed"} == {"192.0.2.1"}
    line = b"AUTH PLAIN " + base64.b64encode(right) + b"\r\n"
    assert await log_in("192.0.2.1", line) == b"421"
    assert await log_in("192.0.2.2", line) == b"235"


async def test_tls_that_comes_with_the_header(listen):
    """The client's first bytes of TLS in the same packet as the header are TLS."""
    server = await listen(proxies=HERE, needs_login=True, implicit=True)
    coming, going = ssl.MemoryBIO(), ssl.MemoryBIO()
    tls = trusting().wrap_bio(coming, going)
    with contextlib.suppress(ssl.SSLWantReadError):
        tls.do_handshake()
    reader, writer = await knock(server.port, first("192.0.2.1") + going.read())
    while True:
        coming.write(await asyncio.wait_for(reader.read(65536), 60))
        try:
            tls.do_handshake()
            break
        except ssl.SSLWantReadError:
            writer.write(going.read())
    writer.write(going.read())
    said = b""
    while b"\n" not in said:
        with contextlib.suppress(ssl.SSLWantReadError):
            said += tls.read()
            continue
        coming.write(await asyncio.wait_for(reader.read(65536), 60))
    assert said.startswith(b"220 ")
    writer.close()


async def test_a_balancer_without_a_header_is_hung_up(listen, caplog):
    """Its clients' words are not taken for a header, nor the other way round."""
    server = await listen(Limits(header_s=0.05), proxies=HERE, needs_login=True)
    for said in (b"EHLO me\r\nQUIT\r\n", b"PROXY TCP4 nobody\r\nEHLO me\r\n", b"", b"PROXY "):
        reader, writer = await knock(server.port, said)
        with contextlib.suppress(ConnectionError):
            assert await asyncio.wait_for(reader.read(), 60) == b""
        writer.close()
    told = [record.peer for record in caplog.records if record.message == "smtp.no_header"]
    assert told == ["127.0.0.1"]  # once in a while


async def test_nobody_else_says_who_he_is(listen):
    """A header from elsewhere is no command of SMTP; who comes without one is who he is."""
    server = await listen(proxies=networks(["10.0.0.0/8"]), needs_login=True)
    assert (await server.talk()).greeting.startswith("220 ")
    client = await server.talk(ehlo=False)
    assert (await client.say(first("192.0.2.1").rstrip())).startswith("421 ")


def test_a_balancer_brings_others_in(certificates):
    """Behind one this machine's own address is open to others: TLS and a login, as anywhere."""
    pem = certificates / "localhost.pem"
    found = address(EmailSettings(smtp_cert=pem, smtp_proxies="10.0.0.0/8, ::1"), "127.0.0.1:0")
    assert found.needs_login and found.proxies == networks(["10.0.0.0/8", "::1"])
    for wrong, why in (
        (EmailSettings(smtp_proxies="10.0.0.1"), "HOLDFAST_SMTP_CERT"),
        (EmailSettings(smtp_cert=pem, smtp_login="optional", smtp_proxies="::1"), "SMTP_LOGIN"),
        (EmailSettings(smtp_cert=pem, smtp_proxies="balancer"), "HOLDFAST_SMTP_PROXIES: 'balan"),
    ):
        with pytest.raises(ConfigError, match=why):
            address(wrong, "127.0.0.1:0")
