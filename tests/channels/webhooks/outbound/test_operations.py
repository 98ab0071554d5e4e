"""Endpoints by the JSON API: made, looked at, changed, stopped, let go, taken away."""

import base64
import re

import pytest
from standardwebhooks import Webhook as Official

SEAL = base64.b64encode(b"0" * 32).decode()
HERE = "https://ann:hunter2secret@ann.example/in"


@pytest.fixture(autouse=True)
def _sealing(monkeypatch):
    monkeypatch.setenv("HOLDFAST_SECRET_KEY", SEAL)
    monkeypatch.setenv("HOLDFAST_WEBHOOKS_ALLOW_NETWORKS", "127.0.0.0/8")


@pytest.fixture
def makes(asks):
    """Make an endpoint by the API; gives what is answered."""

    async def making(name="ann", url="https://ann.example/in", **more):
        status, made = await asks()("POST", "/endpoints", {"name": name, "url": url, **more})
        assert status == 201, made
        return made

    return making


@pytest.fixture
def forward(sql):
    """A forward of our own, as the command line makes it."""
    sql.execute(
        "select webhook_add_endpoint('app', "
        '\'{"url": "http://127.0.0.1:9/in", "purpose": "forward", "source": "*"}\', \'ann\')'
    )


async def test_an_endpoint_is_made_and_its_secret_verifies(asks, makes, hf, target, sql):
    """What is answered verifies what is delivered; after a rotation, the old and the new one do."""
    made = await makes(url=target.url, tenant="ann", patterns=["order.*"], timeout="20s",
                       rate_quota=50, give_up_after="2 days",
                       headers={"X-Region": "eu"})  # fmt: skip
    status, rotated = await asks()("POST", "/endpoints/ann/rotate", {"overlap": "1 hour"})
    assert (status, rotated["overlap"]) == (200, 3600)
    await asks()("POST", "/endpoints/send", {"type": "order.paid", "tenant": "ann"})
    await hf.work(until_idle=True)
    [(_, headers, body)] = target.requests
    for secret in (made["secret"], rotated["secret"]):
        Official(secret).verify(body, {k.lower(): v for k, v in headers.items()})
    assert headers["X-Region"] == "eu"
    stored = "select timeout::text, give_up_after::text, rate_quota from webhook_endpoints"
    assert sql.execute(stored).fetchone() == ("00:00:20", "48:00:00", 50)


async def test_a_secret_is_said_once_and_nowhere_else(asks, makes, sql, caplog):
    """Neither lists nor the record nor the log have a secret, a header's value or a password."""
    caplog.set_level("DEBUG")
    made = await makes(url=HERE, headers={"Authorization": "Bearer for-ann-alone"})
    _, rotated = await asks()("POST", "/endpoints/ann/rotate")
    seen = [made["url"]]
    for path in ("/endpoints", "/endpoints/ann", f"/endpoints/{made['id']}", "/endpoints/messages"):
        status, shown = await asks("reader")("GET", path)
        assert status == 200
        seen.append(str(shown))
    seen += [str(row) for row in sql.execute("select to_jsonb(o) from operations o").fetchall()]
    seen += [record.getMessage() + str(record.__dict__) for record in caplog.records]
    for secret in (made["secret"], rotated["secret"], "hunter2secret", "for-ann-alone"):
        assert not any(secret in text for text in seen)
    _, shown = await asks("reader")("GET", "/endpoints/ann")
    assert (shown["url"], shown["headers"]) == ("https://…@ann.example/in", ["Authorization"])
    assert [secret["reference"] for secret in shown["secrets"]] == ["sealed:…", "sealed:…"]


async def test_endpoints_are_listed_by_pages(asks, makes, forward):
    """By name, `after` one those behind it; a tenant's, a source's, or those in a state."""
    for name, tenant in (("cy", "b"), ("ann", "a"), ("ben", "b")):
        await makes(name, tenant=tenant)
    await asks()("POST", "/endpoints/cy/pause", {"why": "night"})

    async def names(query):
        return [row["name"] for row in (await asks("reader")("GET", f"/endpoints?{query}"))[1]]

    assert await names("limit=2") == ["ann", "app"]
    assert await names("after=app&limit=2") == ["ben", "cy"]
    assert await names("tenant=b") == ["ben", "cy"]
    assert await names("source=*") == ["app"]
    assert await names("state=paused") == ["cy"]
    _, [row] = await asks("reader")("GET", "/endpoints?state=paused")
    assert row["state_why"] == "night"


async def test_deliveries_and_messages_come_by_pages(asks, makes, pages, hf, target):
    """Page by page all come, each once: also of one message to many, and what nobody wanted."""
    for name in ("ann", "ben", "cy"):
        await makes(name, url=target.url, patterns=["order.*"])
    for number in range(2):
        await asks()("POST", "/endpoints/send", {"type": "order.paid", "id": f"m{number}"})
        await asks()("POST", "/endpoints/send", {"type": "user.made", "id": f"n{number}"})
    await hf.work(until_idle=True)
    for path, key, count in (("messages", ("message_id", "endpoint"), 8),
                             ("deliveries", ("message_id", "endpoint"), 6)):  # fmt: skip
        _, whole = await asks("reader")("GET", f"/endpoints/{path}")
        assert len(whole) == count
        for limit in (1, 2, 4):
            paged = [
                row for page in await pages(f"/endpoints/{path}?limit={limit}") for row in page
            ]
            assert [[row[k] for k in key] for row in paged] == [
                [row[k] for k in key] for row in whole
            ]
    assert sum(map(len, await pages("/endpoints/deliveries?endpoint=ben&limit=1"))) == 2
    assert sum(map(len, await pages("/endpoints?limit=1"))) == 3


async def test_what_is_named_is_changed(asks, makes, sql):
    """What is not named stays, null sets it back; so with each header. It is on record."""
    await makes(tenant="a", rate_quota=5, headers={"X-Region": "eu", "X-Team": "7"})
    status, told = await asks()("POST", "/endpoints/ann/set", {
        "url": "https://new.example/in", "timeout": 20, "rate_quota": None,
        "headers": {"X-Region": None}, "why": "it moved",
    })  # fmt: skip
    assert (status, told) == (200, {"endpoint": "ann", "state": "enabled"})
    _, shown = await asks("reader")("GET", "/endpoints/ann")
    assert [shown[n] for n in ("url", "timeout", "rate_quota", "tenant", "headers")] == [
        "https://new.example/in", 20, None, "a", ["X-Team"],
    ]  # fmt: skip
    last = "select who, why, action from operations order by at desc limit 1"
    assert sql.execute(last).fetchone() == ("api:oncall", "it moved", "set endpoint")


async def test_an_endpoint_is_stopped_let_go_and_taken_away(asks, makes, hf, target, sql):
    """While it is paused what comes is held; enabled it goes on; 409 while something waits."""
    await makes(url=target.url)
    message = {"type": "order.paid", "id": "msg_1"}
    assert await asks()("POST", "/endpoints/ann/pause", {"why": "night"}) == (
        200, {"endpoint": "ann", "state": "paused", "released": 0},
    )  # fmt: skip
    await asks("shop")("POST", "/endpoints/send", message)
    await hf.work(until_idle=True)
    status, told = await asks()("POST", "/endpoints/ann/remove")
    assert (status, "cancel" in told["error"]) == (409, True)
    assert (await asks()("POST", "/endpoints/ann/enable"))[1]["released"] == 1
    await hf.work(until_idle=True)
    assert len(target.requests) == 1
    _, [tried] = await asks("reader")("GET", "/endpoints/deliveries?endpoint=ann&since=1h")
    assert (tried["outcome"], tried["status"], tried["message_id"]) == ("delivered", 200, "msg_1")
    assert (await asks("reader")("GET", "/endpoints/deliveries?failed=true"))[1] == []
    _, [sent] = await asks("reader")("GET", "/endpoints/messages?endpoint=ann&type=order.*")
    assert (sent["state"], sent["message_id"]) == ("done", "msg_1")
    _, shown = await asks("reader")("GET", "/endpoints/messages/msg_1")
    assert [one["state"] for one in shown["endpoints"]] == ["done"]
    assert (await asks()("POST", "/endpoints/ann/disable"))[1]["state"] == "disabled"
    await asks("shop")("POST", "/endpoints/send", {"type": "order.paid"})
    assert await asks()("POST", "/endpoints/ann/remove", {"cancel": True}) == (
        200, {"cancelled": 1},
    )  # fmt: skip
    assert (await asks("reader")("GET", "/endpoints/ann"))[0] == 404
    actions = "select distinct action from operations where who = 'api:oncall'"
    assert {row[0] for row in sql.execute(actions)} >= {
        "add endpoint", "paused endpoint", "enabled endpoint", "disabled endpoint",
        "remove endpoint",
    }  # fmt: skip


async def test_what_failed_is_sent_again(asks, makes, hf, target, sql):
    """`recover` counts with dry_run, and sends again what was given up; `test` sends one to try."""
    await makes(url=target.url)
    sql.execute('select set_queue(\'webhooks-out\', \'{"retry_base": "0 s", "max_attempts": 1}\')')
    from aiohttp import web

    target.script = [web.Response(status=500)]
    status, _ = await asks()("POST", "/endpoints/ann/test")
    assert status == 202
    await hf.work(until_idle=True)
    wanted = {"since": "1h", "dry_run": True}
    assert await asks()("POST", "/endpoints/ann/recover", wanted) == (
        200, {"failed": 1, "missing": 0, "dry_run": True},
    )  # fmt: skip
    wanted = {"since": "1h", "why": "it is mended"}
    assert (await asks()("POST", "/endpoints/ann/recover", wanted))[1]["failed"] == 1
    await hf.work(until_idle=True)
    assert len(target.requests) == 2


@pytest.mark.parametrize(
    ("method", "path", "needs"),
    [
        ("GET", "/endpoints", "read"),
        ("GET", "/endpoints/app", "read"),
        ("GET", "/endpoints/deliveries", "read"),
        ("GET", "/endpoints/messages", "read"),
        ("GET", "/endpoints/messages/msg_1", "read"),
        ("POST", "/endpoints", "operate"),
        ("POST", "/endpoints/app/set", "operate"),
        ("POST", "/endpoints/app/pause", "operate"),
        ("POST", "/endpoints/app/disable", "operate"),
        ("POST", "/endpoints/app/enable", "operate"),
        ("POST", "/endpoints/app/rotate", "operate"),
        ("POST", "/endpoints/app/remove", "operate"),
        ("POST", "/endpoints/app/test", "operate"),
        ("POST", "/endpoints/app/recover", "operate"),
    ],
)
async def test_who_may_not_is_refused_and_nothing_happens(asks, forward, sql, method, path, needs):
    """Who sends sees no endpoint, who looks changes none, and the refusal says what it needs."""
    before = sql.execute("select * from webhook_endpoints").fetchall()
    for name in ("shop",) if needs == "read" else ("shop", "reader"):
        status, told = await asks(name)(method, path)
        assert (status, told["error"].endswith(f"needs {needs}")) == (403, True)
    assert sql.execute("select * from webhook_endpoints").fetchall() == before
    assert sql.execute("select count(*) from webhook_secrets").fetchone() == (0,)


@pytest.mark.parametrize(
    ("path", "body", "status", "told"),
    [
        ("", {"name": "Ann Smith", "url": "https://a.example/"}, 422, "the name of an endpoint"),
        ("", {"name": "app", "url": "https://a.example/"}, 422, 'an endpoint "app" already'),
        ("", {"name": "b", "url": "ftp://me:hunter2@x/"}, 422, "such as https"),
        ("", {"name": "b", "url": "https://a.example/", "timeout": "soon"}, 422,
         "timeout: a span of time is needed, such as 15s"),
        ("", {"name": "b", "url": "https://a.example/", "timeout": True}, 422, "such as 15s"),
        ("", {"name": "b", "url": "https://a.example/", "timeout": 0}, 422, "1 second to 5 min"),
        ("", {"name": "b", "url": "https://a.example/", "timeout": "9w"}, 422, "to 5 minutes"),
        ("", {"name": "b", "url": "https://a.example/", "patterns": [""]}, 422, "not blank"),
        ("", {"name": "b", "url": "https://a.example/", "rate_quota": 0}, 422, "rate_quota: "),
        ("", {"name": "b", "url": "https://a.example/", "give_up_after": 1e300}, 422, "such as"),
        ("", {"name": "b", "url": "https://a.example/", "source": "*"}, 422, "source: there is no"),
        ("", {"name": "b", "url": "https://a.example/", "secret": "env:HOME"}, 422, "secret: "),
        ("", {"name": "b", "url": "https://a.example/", "headers": {"Host": "x"}}, 422, "Host is"),
        ("", {"name": "b", "url": "https://a.example/", "headers": {"X": "a\nb"}}, 422, "header"),
        ("/app/set", {}, 422, "what is to change"),
        ("/app/set", {"why": "so"}, 422, "what is to change"),
        ("/app/set", {"url": "https://evil.example/"}, 422, "where a forward goes to"),
        ("/app/set", {"source": "stripe"}, 422, "source: there is no such field"),
        ("/app/set", {"headers": {"webhook-id": "x"}}, 422, "webhook-id is set by holdfast"),
        ("/app/set", {"timeout": "a month"}, 422, "such as 15s"),
        ("/app/rotate", {"overlap": "-1h"}, 422, "such as 15s"),
        ("/app/rotate", {"secret": "file:/etc/passwd"}, 422, "secret: there is no such field"),
        ("/app/remove", {"cancel": "yes"}, 422, "cancel: "),
        ("/app/recover", {}, 422, "since: Field required"),
        ("/app/recover", {"since": "soon"}, 422, "neither so long ago, such as"),
        ("/app/recover", {"since": "1h", "rate": 0}, 422, "rate: "),
        *((f"/nobody/{verb}", None, 404, 'no endpoint "nobody"')
          for verb in ("pause", "disable", "enable", "rotate", "remove", "test")),
        ("/nobody/set", {"timeout": 5}, 404, 'no endpoint "nobody"'),
        ("/nobody/recover", {"since": "1h"}, 404, 'no endpoint "nobody"'),
    ],
)  # fmt: skip
async def test_a_mistake_is_told_and_changes_nothing(asks, forward, sql, path, body, status, told):
    """What cannot be is refused in words, without the value, and an unknown name is 404."""
    before = sql.execute("select * from webhook_endpoints").fetchall()
    answered, content = await asks()("POST", f"/endpoints{path}", body)
    assert (answered, bool(re.search(told, content["error"]))) == (status, True), content
    assert "hunter2" not in content["error"]
    assert sql.execute("select * from webhook_endpoints").fetchall() == before
    assert sql.execute("select count(*) from webhook_secrets").fetchone() == (0,)


@pytest.mark.parametrize(
    ("path", "status", "told"),
    [
        ("/endpoints/nobody", 404, 'no endpoint "nobody"'),
        ("/endpoints/messages/none", 404, 'no message "none"'),
        ("/endpoints/deliveries?endpoint=nobody", 404, 'no endpoint "nobody"'),
        ("/endpoints/messages?endpoint=nobody", 404, 'no endpoint "nobody"'),
        ("/endpoints?state=gone", 422, "known: enabled, paused, disabled"),
        ("/endpoints?name=app", 422, "name: there is no such parameter"),
        ("/endpoints?limit=2000", 422, "limit: "),
        ("/endpoints/deliveries?since=soon", 422, "neither so long ago, such as"),
    ],
)
async def test_what_is_not_there_is_told(asks, forward, path, status, told):
    """A name that nobody knows is 404, a filter that cannot be 422, each with what to do."""
    answered, content = await asks("reader")("GET", path)
    assert (answered, told in content["error"]) == (status, True), content


async def test_without_a_key_to_seal_with_it_says_so(asks, monkeypatch, sql):
    """Where HOLDFAST_SECRET_KEY is missing, the answer says how to make one; nothing is stored."""
    monkeypatch.delenv("HOLDFAST_SECRET_KEY")
    wanted = {"name": "ann", "url": "https://ann.example/in"}
    status, told = await asks()("POST", "/endpoints", wanted)
    assert (status, told["type"]) == (500, "ConfigError")
    assert "openssl rand -base64 32" in told["error"]
    assert sql.execute("select count(*) from webhook_endpoints").fetchone() == (0,)
