"""Limits before HTTP: one answer for Starlette and FastAPI, and whose request it is."""

import fastapi
import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from holdfast.api.limits import (
    LimitMiddleware,
    TooManyRequests,
    by_address,
    limited,
    too_many_requests,
)
from holdfast.policy.client_address import client_address, proxies
from holdfast.policy.rate_headers import Told, headers

OURS = proxies(["10.0.0.0/8", "::1", "fd00::/8"])


def _client(app, peer="203.0.113.9"):
    transport = httpx.ASGITransport(app, client=(peer, 1234))
    return httpx.AsyncClient(transport=transport, base_url="http://here")


async def _hello(_request):
    return PlainTextResponse("hello")


async def test_the_middleware_answers_429_with_all_that_a_client_needs(hf):
    """Two requests pass with headers, the third gets a problem and when to come again."""
    app = Starlette(routes=[Route("/", _hello)])
    app.add_middleware(LimitMiddleware, limit=hf.limit("page", quota=2, per=60, timeout=30))
    async with _client(app) as client:
        answers = [await client.get("/") for _ in range(3)]
    assert [a.status_code for a in answers] == [200, 200, 429]
    assert answers[0].headers["ratelimit"].startswith('"page";r=1;t=')
    refused = answers[2]
    assert refused.headers["content-type"] == "application/problem+json"
    assert refused.json()["violated-policies"] == ["page"]
    assert 5 <= int(refused.headers["retry-after"]) <= 30
    async with _client(app, "203.0.113.10") as client:
        assert (await client.get("/")).status_code == 200


async def test_who_is_not_let_in_since_nobody_could_count_is_told_so(hf):
    """With on_error=deny an outage of ours is a 503, not a quota that the client has used up."""
    limit = hf.limit("page", quota=2, per=60, timeout=1e-6, on_error="deny")
    hf._asking.start().is_ready = True
    middle = Starlette(routes=[Route("/", _hello)])
    middle.add_middleware(LimitMiddleware, limit=limit)
    app = fastapi.FastAPI()
    app.add_exception_handler(TooManyRequests, too_many_requests)
    app.get("/", dependencies=[fastapi.Depends(limited(limit))])(_hello)
    for one in (middle, app):
        async with _client(one) as client:
            answer = await client.get("/")
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
        assert answer.json()["title"] == "Service Unavailable"


async def test_a_dependency_of_one_route(hf):
    """FastAPI's Depends refuses in the same words."""
    app = fastapi.FastAPI()
    limit = hf.limit("route", quota=1, per=60, timeout=30)

    @app.get("/", dependencies=[fastapi.Depends(limited(limit, by_address(["10.0.0.0/8"])))])
    async def root():
        return "hello"

    async with _client(app, "10.1.2.3") as client:
        ann = {"X-Forwarded-For": "198.51.100.1"}
        statuses = [(await client.get("/", headers=ann)).status_code for _ in range(2)]
        bob = await client.get("/", headers={"X-Forwarded-For": "198.51.100.2"})
    assert (statuses, bob.status_code) == ([200, 429], 200)


async def test_a_dependency_tells_what_the_middleware_tells(hf):
    """The headers are on every answer, and with its handler the 429 is a problem+json."""
    app = fastapi.FastAPI()
    app.add_exception_handler(TooManyRequests, too_many_requests)
    limit = hf.limit("route", quota=1, per=60, timeout=30)

    @app.get("/", dependencies=[fastapi.Depends(limited(limit))])
    async def root():
        return "hello"

    async with _client(app) as client:
        allowed, refused = [await client.get("/") for _ in range(2)]
    assert allowed.headers["ratelimit"].startswith('"route";r=0;t=')
    assert allowed.headers["ratelimit-policy"] == '"route";q=1;w=60'
    assert (refused.status_code, refused.headers["content-type"]) == (
        429, "application/problem+json",
    )  # fmt: skip
    assert refused.json()["violated-policies"] == ["route"]
    assert 35 <= int(refused.headers["retry-after"]) <= 60
    assert refused.headers["ratelimit-policy"] == '"route";q=1;w=60'


async def test_limits_one_behind_the_other_all_tell(hf):
    """No middleware writes over what another one, or a dependency, has said."""
    app = fastapi.FastAPI()
    inner, outer, route = (
        hf.limit(name, quota=9, per=60, timeout=30) for name in ("inner", "outer", "route")
    )

    @app.get("/", dependencies=[fastapi.Depends(limited(route))])
    async def root():
        return "hello"

    app.add_middleware(LimitMiddleware, limit=inner)
    app.add_middleware(LimitMiddleware, limit=outer)
    async with _client(app) as client:
        policies = (await client.get("/")).headers["ratelimit-policy"]
    assert policies == '"route";q=9;w=60, "inner";q=9;w=60, "outer";q=9;w=60'


@pytest.mark.parametrize("key", ["k" * 5000, "nul\0", "half \ud800", "ü" * 400])
async def test_a_stranger_can_not_break_it_with_a_key(hf, key):
    """Whatever a key function takes from a request is counted, each as its own."""
    app = Starlette(routes=[Route("/", _hello)])
    limit = hf.limit("page", quota=1, per=60, timeout=30)
    said = [key, key, key + "x"]
    app.add_middleware(LimitMiddleware, limit=limit, key=lambda _: said.pop(0))
    async with _client(app) as client:
        assert [(await client.get("/")).status_code for _ in range(3)] == [200, 429, 200]


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("203.0.113.9", [], "203.0.113.9"),
        ("203.0.113.9", ["1.2.3.4"], "203.0.113.9"),
        ("10.0.0.1", ["1.2.3.4"], "1.2.3.4"),
        ("10.0.0.1", ["6.6.6.6, 1.2.3.4"], "1.2.3.4"),
        ("10.0.0.1", ["6.6.6.6, 1.2.3.4, 10.9.9.9"], "1.2.3.4"),
        ("10.0.0.1", ["6.6.6.6", "1.2.3.4"], "1.2.3.4"),
        ("10.0.0.1", ["nonsense"], "10.0.0.1"),
        ("10.0.0.1", ["1.2.3.4:5678"], "1.2.3.4"),
        ("::1", ['"[2001:db8:1:2:3:4:5:6]:443"'], "2001:db8:1:2::/64"),
        ("::ffff:10.0.0.1", ["1.2.3.4"], "1.2.3.4"),
        ("2001:db8:1:2::9", ["1.2.3.4"], "2001:db8:1:2::/64"),
        ("10.0.0.1", [], "10.0.0.1"),
        ("unix", ["1.2.3.4"], "unix"),
    ],
)
def test_whose_request_it_is(peer, forwarded, client):
    """Only a trusted proxy may say for whom it asks, and only the last hop before it counts."""
    assert client_address(peer, forwarded, OURS) == client


def test_whose_request_comes_by_a_unix_socket():
    """A socket has no address: who comes by it speaks for others if `unix` is trusted, else not."""
    told = ["6.6.6.6, 1.2.3.4, 10.9.9.9"]
    assert client_address("", told, proxies(["10.0.0.0/8", " unix"])) == "1.2.3.4"
    assert client_address("", ["6.6.6.6, 1.2.3.4"], proxies(["unix"])) == "1.2.3.4"
    assert client_address("", ["nonsense"], proxies(["unix"])) == ""
    assert client_address("", told, OURS) == client_address("", [], proxies(["unix"])) == ""
    assert client_address("203.0.113.9", told, proxies(["unix"])) == "203.0.113.9"


@given(st.text(), st.lists(st.text()))
def test_headers_of_strangers_change_nothing(peer, forwarded):
    """Whatever a client writes into its headers, it is counted as the same."""
    assert client_address("203.0.113.9", forwarded, OURS) == "203.0.113.9"
    assert len(client_address(peer, forwarded, proxies([]))) <= 50


@given(st.text(min_size=1, max_size=200))
def test_a_name_can_not_break_out_of_its_header(name):
    """Any name is one quoted ASCII string of a structured field."""
    made = headers([Told(name, 1, 60, 0, 30.2, 30.2)], allowed=False)
    policy = made["RateLimit-Policy"]
    assert policy.isascii()
    assert policy.isprintable()
    inside = policy.removesuffix(";q=1;w=60")[1:-1].replace("\\\\", "").replace('\\"', "")
    assert '"' not in inside
    assert made["Retry-After"] == "31"
