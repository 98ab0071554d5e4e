"""One endpoint that is slow, hangs, is unknown or limited takes nothing from the others."""

import asyncio
import resource
import socket
import threading

import pytest
from aiohttp import web
from tests.channels.webhooks.outbound.conftest import jobs
from tests.serving import other_side

from holdfast import Webhook
from holdfast.channels.webhooks.outbound import deliver
from holdfast.channels.webhooks.outbound.post import Poster
from holdfast.channels.webhooks.outbound.turns import LONGEST_S, Turns
from holdfast.policy.client_address import networks
from holdfast.policy.verdict import Delivered, Retry, Snooze

LOOPBACK = networks(["127.0.0.0/8", "::1"])


async def test_an_endpoint_that_hangs_leaves_hands_for_the_others(
    hf, sql, target, endpoint, work
):  # fmt: skip
    """However much waits for an endpoint that never answers, another one's goes out at once."""
    await hf.prepare()
    arrived, reached, let_go = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def answer(request):
        if request.path == "/in/ann":
            reached.set()
        else:
            arrived.set()
            await let_go.wait()
        return web.Response()

    endpoint("hangs", target.url, tenant="hangs")
    endpoint("ann", target.url + "/ann", tenant="ann")
    target.script = [answer] * 151
    for _ in range(150):
        await hf.send(Webhook(type="a", tenant="hangs"))
    async with work():
        async with asyncio.timeout(60):
            await arrived.wait()
        running = "select count(*) from leased_jobs where queue = 'webhooks-out'"
        await hf.send(Webhook(type="a", tenant="ann"))
        async with asyncio.timeout(10):
            await reached.wait()
        assert sql.execute(running).fetchone()[0] <= 21
        let_go.set()


async def test_nobody_waits_for_a_connection():
    """A delivery that may go gets a connection, however many others the same host has."""
    many, here = 40, []
    together = asyncio.Event()

    async def all_at_once(_request):
        here.append(1)
        if len(here) == many:
            together.set()
        await together.wait()
        return web.Response()

    application = web.Application()
    application.router.add_post("/", all_at_once)
    poster = Poster(LOOPBACK)
    async with other_side(application) as address:
        posts = [poster.post(f"{address}/", b"{}", [], 20.0) for _ in range(many)]
        answers = await asyncio.gather(*posts)
        assert all(isinstance(answer.verdict, Delivered) for answer in answers)
        await poster.close()


async def test_of_kept_connections_that_are_all_gone_no_second_one_is_tried():
    """After a failover every kept connection is dead: a delivery goes on a new one all the same."""
    begun, together = [], asyncio.Event()

    async def answer_once(reader, writer):
        begun.append(writer)
        await reader.readuntil(b"{}")
        if len(begun) == 3:
            together.set()
        await together.wait()
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        await reader.read(1)
        writer.transport.abort()

    async with await asyncio.start_server(answer_once, "127.0.0.1", 0) as server:
        url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
        poster = Poster(LOOPBACK)
        await asyncio.gather(*[poster.post(url, b"{}", [], 20.0) for _ in range(3)])
        posted = await poster.post(url, b"{}", [], 20.0)
        await poster.close()
    assert isinstance(posted.verdict, Delivered) and len(begun) == 4


async def test_names_that_are_not_found_keep_no_other_name_waiting(target, monkeypatch):
    """While forty names of customers have servers that do not answer, others are found at once."""
    answered, all_ask, asked = threading.Event(), asyncio.Event(), []
    look_up, loop = socket.getaddrinfo, asyncio.get_running_loop()

    def slow(host, *args, **kwargs):
        if str(host).endswith(".hangs.example"):
            asked.append(host)
            if len(asked) == 40:
                loop.call_soon_threadsafe(all_ask.set)
            answered.wait(60)
            raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")
        return look_up(host, *args, **kwargs)

    monkeypatch.setattr(socket, "getaddrinfo", slow)
    poster = Poster(LOOPBACK)
    hanging = [
        asyncio.create_task(poster.post(f"http://a{n}.hangs.example/", b"", [], 30.0))
        for n in range(40)
    ]
    async with asyncio.timeout(10):
        await all_ask.wait()
        found = await poster.post(target.url.replace("127.0.0.1", "localhost"), b"{}", [], 20.0)
    assert isinstance(found.verdict, Delivered)
    answered.set()
    failed = await asyncio.gather(*hanging)
    assert {str(one.verdict.because).partition(": ")[2] for one in failed} == {
        "Temporary failure in name resolution"
    }
    await poster.close()


async def test_what_a_rate_refuses_comes_back_one_after_the_other(
    hf, sql, target, endpoint, stands_still
):
    """A thousand that wait for a slow endpoint are not asked again all at the same moment."""
    await hf.prepare()
    endpoint("ann", target.url, rate_quota=1)
    for _ in range(12):
        await hf.send(Webhook(type="a"))
    await hf.worker().once(20)
    waits = sql.execute(
        "select extract(epoch from run_at - min(run_at) over ()) from deferred_jobs order by run_at"
    ).fetchall()
    assert len(waits) == 11 and waits[-1][0] > 8
    assert {attempts for state, attempts, _ in jobs(sql) if state == "ready"} == {0}


def test_each_that_is_refused_gets_a_turn_of_its_own():
    """At five a second the turns are a fifth of a second apart, and none is too far away."""
    now = [100.0]
    turns = Turns(lambda: now[0])
    given = [turns.at_rate("ann", 0.1, 5) for _ in range(4)]
    assert [round(wait, 3) for wait in given] == [0.1, 0.3, 0.5, 0.7]
    assert round(turns.at_rate("bob", 0.1, 5), 3) == 0.1
    for _ in range(5000):
        turns.at_rate("ann", 0.1, 5)
    assert turns.at_rate("ann", 0.1, 5) == LONGEST_S
    now[0] += 10_000
    assert round(turns.at_rate("ann", 0.1, 5), 3) == 0.1


def test_behind_a_breaker_one_tries_and_the_others_wait_for_it():
    """When a breaker lets one pass, the others come when that trial has ended, not meanwhile."""
    now = [100.0]
    turns = Turns(lambda: now[0])
    assert turns.behind_breaker("ann", 30.0, 15.0) == 30.0
    assert [turns.behind_breaker("ann", 30.0, 15.0) for _ in range(3)] == [45.0] * 3
    now[0] += 46
    assert turns.behind_breaker("ann", 60.0, 15.0) == 60.0


@pytest.mark.parametrize(
    ("said", "verdict"),
    [
        (b"HTTP/1.0 204 No Content\r\n\r\nok", Delivered("HTTP 204 No Content")),
        (b"HTTP/1.1 103 Soon\r\nA: b\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n\xc3\xaf",
         Delivered("HTTP 200 OK")),
        (b"HTTP/1.1 503 Busy\r\nRetry-After: 7\r\nContent-Length: 1\r\n\r\nno",
         Retry("HTTP 503 Service Unavailable", 7.0, outage=True)),
        (b"HTTP/1.1 429 Slow\r\nRetry-After: 7\r\n" + b"A: b\r\n" * 300 + b"\r\n",
         Snooze("HTTP 429 Too Many Requests", 7.0, outage=True)),
        (b"HTTP/1.1 200 OK\r\nA: b\r\nB: " + b"b" * 70_000, Delivered("HTTP 200 OK")),
        (b"HTTP/1.1 2000 OK\r\nContent-Length: 1\r\n\r\nno", None),
    ],
)  # fmt: skip
async def test_an_answer_is_its_status_whatever_follows(said, verdict):
    """A receiver that writes more than it says has answered: nothing is delivered to it again.

    Nor to one that sends more headers, or a longer one, than anybody reads.
    """

    async def answer(reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        writer.write(said)
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    poster = Poster(LOOPBACK)
    address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
    posted = await poster.post(address, b"{}", [], 60.0)
    assert posted.verdict == verdict or (verdict is None and posted.status is None)
    assert ": b" not in posted.answer  # a header is no body
    await poster.close()
    server.close()


async def test_an_answer_is_to_what_was_asked(eventually):
    """What a receiver says on a kept connection after its answer is none to the next delivery."""
    writers = []

    async def answer(reader, writer):
        writers.append(writer)
        status = b"200 OK" if len(writers) == 1 else b"500 No"
        while await reader.readuntil(b"\r\n\r\n{}"):
            writer.write(b"HTTP/1.1 %b\r\nContent-Length: 0\r\n\r\n" % status)

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    poster = Poster(LOOPBACK)
    address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
    for _ in range(2):
        assert (await poster.post(address, b"{}", [], 60.0)).status == 200
    ((kept,),) = poster._session.connector._conns.values()
    writers[0].write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
    await eventually(lambda: kept[0].should_close)
    assert (await poster.post(address, b"{}", [], 60.0)).status == 500
    assert len(writers) == 2
    await poster.close()
    server.close()


async def test_what_a_worker_knows_of_endpoints_is_bounded(hf, monkeypatch):
    """However many endpoints there were, a worker keeps a thousand breakers and no turn of old."""
    monkeypatch.setattr(deliver, "_MOST_BREAKERS", 3)
    now = [100.0]
    turns = Turns(lambda: now[0])
    worker = deliver.Deliverer(hf.services)
    for number in range(9):
        turns.at_rate(f"e{number}", 0.1, 5)
        turns.behind_breaker(f"e{number}", 30.0, 15.0)
        worker._breaker(f"e{number}"), worker._breaker("e0")
    assert list(worker._breakers) == ["e7", "e8", "e0"]
    now[0] += 61
    turns.at_rate("last", 0.1, 5)
    assert list(turns._last) == ["last"] and turns._probing == {}
    now[0] += 59.75
    turns.at_rate("slow", 0.0, 1)
    turns.behind_breaker("slow", 0.0, 3.0)
    now[0] += 0.5  # they go again, but for what still says when the next turn is
    assert turns.at_rate("slow", 0.0, 1) == 0.5
    assert turns.behind_breaker("slow", 0.0, 3.0) == 2.5


async def test_what_is_wanting_here_is_not_the_endpoints_fault(target):
    """Without a free file for a socket nothing is sent: no attempt is used, and no outage met."""
    poster = Poster(LOOPBACK)
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (1, limits[1]))
    try:
        posted = await poster.post(target.url, b"{}", [], 60.0)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, limits)
    assert isinstance(posted.verdict, Snooze) and not posted.verdict.outage
    assert "Too many open files" in posted.verdict.because
    assert isinstance((await poster.post(target.url, b"{}", [], 60.0)).verdict, Delivered)
    await poster.close()
