"""The JSON API: what is answered to mistakes, and what it does."""

import asyncio
import json
import uuid

import pytest
from tests.serving import serving

from holdfast.api import build
from holdfast.api.json_api import described, offered
from holdfast.client import connect
from holdfast.engine import jobs


async def _deads(hf, work, eventually, sql, count=1):
    """Dead letters of one kind; their ids."""

    @hf.task(queue="shop", max_attempts=1)
    async def ship(n):
        raise ConnectionError(f"no answer about {n}")

    receipts = await hf.send_many([ship.job(n) for n in range(count)])
    async with work():
        await eventually(
            lambda: sql.execute("select count(*) from dead_letters").fetchone() == (count,)
        )
    return [str(receipt.id) for receipt in receipts]


async def _head(api_address, *lines):
    """What is answered to a head whose sender waits before he sends the body."""
    reader, writer = await asyncio.open_connection("127.0.0.1", int(api_address.rpartition(":")[2]))
    asked = ("POST /api/jobs HTTP/1.1", "host: x", "expect: 100-continue", *lines, "", "")
    writer.write("\r\n".join(asked).encode())
    head = await reader.readuntil(b"\r\n\r\n")
    writer.close()
    return head.decode().lower()


async def test_a_body_is_not_read_before_the_key_is_known(api_address):
    """Who has no key and asks before he sends is told at once, and the connection is closed."""
    head = await _head(api_address, "content-length: 30000000")
    assert head.startswith("http/1.1 401") and "connection: close" in head


# ---------------------------------------------------------------- mistakes


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "told"),
    [
        ("GET", "/jobs?stat=dead", None, 422, "stat: there is no such parameter"),
        ("GET", "/jobs?services=1", None, 422, "services: there is no such parameter"),
        ("GET", "/jobs?limit=0", None, 422, "limit: .*greater than or equal to 1"),
        ("GET", "/jobs?state=nothing", None, 422, "nothing"),
        ("GET", "/jobs/1", None, 422, "job_id: .*UUID"),
        ("GET", f"/jobs/{uuid.UUID(int=1)}", None, 404, "no job"),
        ("POST", "/jobs", {"kind": "x", "runat": "now"}, 422, "runat: there is no such field"),
        ("POST", "/jobs", {}, 422, "kind: Field required"),
        ("POST", "/jobs", {"kind": "x", "queue": "none"}, 404, "none"),
        ("POST", "/jobs", {"kind": "x", "priority": 99}, 422, "priority"),
        ("POST", f"/dead-letters/{uuid.UUID(int=1)}/replay", None, 404, "no job"),
        ("GET", "/webhooks/nothing", None, 404, "no event"),
        ("GET", "/nothing", None, 404, "Not Found"),
        ("DELETE", "/jobs", None, 405, "Method Not Allowed"),
        ("POST", "/emails", {"subject": "Hi", "text": "x"}, 422, "sender: who is it from"),
        ("POST", "/emails", {"sender": "a@b.example", "text": "x"}, 422, "to: nobody"),
        ("POST", "/emails", {"sender": "a@b.example", "to": "a@b.example\r\nBcc: c@d"}, 422, "to"),
        ("POST", "/emails/preview", {"template": "none"}, 422, "none"),
        ("GET", f"/emails/{uuid.UUID(int=1)}", None, 404, "no email"),
        ("POST", "/endpoints/send", {"type": ""}, 422, ""),
    ],
)
async def test_a_mistake_is_told_by_its_name(asks, method, path, body, status, told):
    """What is wrong is refused with its name, and nothing is stored."""
    import re

    answered, content = await asks()(method, path, body)
    assert (answered, bool(re.search(told, content["error"]))) == (status, True), content
    assert (await asks()("GET", "/jobs"))[1] == []


@pytest.mark.parametrize(
    ("sent", "kind", "told"),
    [
        (b"kind=x", "application/json", "the body is no JSON"),
        (b'{"kind": ', "application/json", "the body is no JSON"),
        (b"[1]", "application/json", "the body has to be a JSON object"),
        (b'{"kind": "x"}', "text/plain", "Content-Type: application/json"),
        (b'{"kind": "x"}', "application/x-www-form-urlencoded", "Content-Type: application/json"),
    ],
)
@pytest.mark.parametrize("path", ["/jobs", "/queues/default/pause"])
async def test_a_body_that_is_no_object_is_told(
    asks, api_address, http_client, path, sent, kind, told
):
    """What is no JSON object, or does not say that it is one, is 422 and told what it has to be."""
    headers = asks().headers | {"Content-Type": kind}
    async with http_client.post(f"{api_address}/api{path}", data=sent, headers=headers) as answer:
        assert (answer.status, told in (await answer.json())["error"]) == (422, True), (
            await answer.text()
        )


async def test_a_wrong_value_is_not_said_back(asks):
    """What was sent, which may be a secret in the wrong place, is not part of the answer."""
    _, told = await asks()("POST", "/jobs", {"kind": ["sk_live_not_to_be_seen"]})
    assert "kind" in told["error"] and "sk_live" not in json.dumps(told)
    secret = "sk_live_" + "4eC39HqLyjWDarjtT1zdp7dc"
    _, told = await asks()("POST", "/jobs", {"kind": "x", secret: 1})
    assert "no such field" in told["error"] and secret not in json.dumps(told)


@pytest.mark.parametrize("known", [True, False])
@pytest.mark.parametrize("version", [b"1.0", b"1.1"])
async def test_who_hangs_up_is_told_why(asks, api_address, version, known):
    """Who wants the connection closed, and sends too much or may not, is answered before it is."""
    reader, writer = await asyncio.open_connection("127.0.0.1", int(api_address.rpartition(":")[2]))
    bearer = asks().headers["Authorization"] if known else "Bearer nobody"
    writer.write(
        b"POST /api/jobs HTTP/%b\r\nHost: x\r\nConnection: close\r\nAuthorization: %b\r\n"
        b"Content-Type: application/json\r\nContent-Length: 3000000\r\n\r\n"
        % (version, bearer.encode())
    )
    writer.write(b" " * 3_000_000)
    await asyncio.wait_for(writer.drain(), 60)
    answer = await asyncio.wait_for(reader.read(), 60)
    assert answer.startswith(b"HTTP/1.1 413 " if known else b"HTTP/1.1 401 ")
    writer.close()


async def test_who_asks_before_sending_is_not_told_to_send_what_is_refused(asks, api_address):
    """A body that is declared too large is refused without a 100, also where that is the end."""
    reader, writer = await asyncio.open_connection("127.0.0.1", int(api_address.rpartition(":")[2]))
    writer.write(
        b"POST /api/jobs HTTP/1.1\r\nHost: x\r\nConnection: close\r\nExpect: 100-continue\r\n"
        b"Content-Type: application/json\r\nContent-Length: 3000000\r\nAuthorization: %b\r\n\r\n"
        % asks().headers["Authorization"].encode()
    )
    answer = await asyncio.wait_for(reader.read(), 60)
    assert answer.startswith(b"HTTP/1.1 413 ")
    writer.close()


@pytest.mark.parametrize("asking", [b"Expect: 100-continue\r\n", b""])
@pytest.mark.parametrize("closing", [b"Connection: close\r\n", b""])
async def test_who_sends_too_much_in_pieces_has_the_answer(asks, api_address, closing, asking):
    """Whoever sends too much in chunks reads the 413, asked before or not, to be closed or not."""
    reader, writer = await asyncio.open_connection("127.0.0.1", int(api_address.rpartition(":")[2]))
    writer.write(
        b"POST /api/jobs HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n"
        b"Content-Type: application/json\r\nAuthorization: %b\r\n%b%b\r\n"
        % (asks().headers["Authorization"].encode(), closing, asking)
    )
    if asking:
        assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 100 ")
    for _ in range(300):
        writer.write(b"2710\r\n%b\r\n" % (b" " * 10_000))
        await asyncio.wait_for(writer.drain(), 60)
    writer.write(b"0\r\n\r\n")
    answer = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 60)
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert (b"connection: close" in answer.lower()) is bool(closing)
    writer.close()


@pytest.mark.parametrize("declared", [True, False])
async def test_a_body_has_an_end(asks, api_address, http_client, declared):
    """A body that is larger than its operation takes is refused as soon as that is known."""

    async def pieces():
        for _ in range(20):
            yield b" " * 2**17

    headers = asks().headers | {"Content-Type": "application/json"}
    if declared:
        headers["Content-Length"] = str(20 * 2**17)
    try:
        async with http_client.post(
            f"{api_address}/api/jobs", data=pieces(), headers=headers
        ) as answer:
            assert answer.status == 413
            assert "1310720" in (await answer.json())["error"]
    except OSError:
        assert declared  # it is hung up on who goes on sending


async def test_the_right_is_asked_for_before_the_body(api_address):
    """Who may not send is told so by the head of his request."""
    key = "authorization: Bearer reader-secret-of-24-characters"
    assert (await _head(api_address, key, "content-length: 9")).startswith("http/1.1 403")


async def test_many_mistakes_are_told_in_a_few_words(asks):
    """However many there are, the answer is short, and the server has little to do."""
    many = {"to": [1] * 100_000, **{f"x{n}": n for n in range(1000)}}
    status, told = await asks()("POST", "/emails", many)
    assert status == 422 and len(json.dumps(told)) < 1000
    status, told = await asks()("POST", "/emails", {"to": [1] * 100_000})
    assert status == 422 and len(json.dumps(told)) < 1000


@pytest.mark.parametrize(
    "job",
    [
        {"kind": "webhook:book", "payload": {"event": str(uuid.UUID(int=1))}},
        {"kind": "x", "queue": "email", "dedupe_key": "parcel 8"},
        {"kind": "email"},
        {"kind": "x", "queue": "webhooks-out"},
        {"kind": "x", "revive": True},
        {"kind": "x", "supersede": True},
    ],
)
async def test_a_sender_can_not_reach_what_is_not_his(asks, sql, job):
    """Jobs of the channels are made by the channels, and nobody's jobs are changed by sending."""
    for name in ("shop", "oncall"):
        assert (await asks(name)("POST", "/jobs", job))[0] == 422
    assert sql.execute("select count(*) from jobs").fetchone() == (0,)


async def test_what_is_deep_can_be_shown(asks):
    """Whatever was taken can be looked at."""
    deep = "x"
    for _ in range(400):
        deep = [deep]
    _, sent = await asks()("POST", "/jobs", {"kind": "x", "payload": {"a": deep}})
    status, shown = await asks()("GET", f"/jobs/{sent['id']}")
    assert (status, shown["payload"]) == (200, {"a": deep})


@pytest.mark.parametrize("moment", ["2030-01-01T00:00:00", "2030-01-01", 5, "5", True, "soon"])
async def test_a_time_has_a_zone(asks, moment):
    """A time that could be several, and a number, are refused."""
    status, told = await asks()("POST", "/jobs", {"kind": "x", "run_at": moment})
    assert (status, told["error"].startswith("run_at: ")) == (422, True)


async def test_every_parameter_of_a_list_filters(asks, hf, work, eventually, sql):
    """What is described is known to the database, too."""
    await _deads(hf, work, eventually, sql)
    _, [group] = await asks()("GET", "/dead-letters/groups")
    values = {"fingerprint": group["fingerprint"], "queue": "shop", "kind": "task:ship",
              "state": "dead", "tenant": "t", "before": str(uuid.UUID(int=2**127)),
              "limit": "5", "source": "stripe", "type": "invoice.*", "held": "true", "tag": "order",
              "recipient": "ann@example.com", "message_id": "<1@example.com>",
              "subject": "Thanks", "endpoint": "ann", "failed": "true", "since": "2h",
              "until": "2030-01-01T00:00Z", "after": "a", "all": "true",
              "object": "in_1",
              "address": "ann@example.com", "reason": "manual", "list": "news"}  # fmt: skip
    special = {
        ("/endpoints", "state"): "paused", ("/dead-letters", "since"): "2026-01-01T00:00Z"
    }  # fmt: skip
    of_one = {
        (f"/endpoints/{what}", name)
        for what in ("deliveries", "messages")
        for name in ("before", "message")
    }
    sql.execute("select webhook_add_endpoint('ann', '{\"url\": \"https://a.example/\"}', 'ann')")
    for path, methods in described()["paths"].items():
        for parameter in methods.get("get", {}).get("parameters", ()):
            name = parameter["name"]
            if parameter["in"] == "query" and "{" not in path and (path, name) not in of_one:
                value = special.get((path, name), values[name])
                status, told = await asks()("GET", f"{path}?{name}={value}")
                assert status == 200, (path, name, told)
    path = f"/dead-letters?fingerprint={group['fingerprint']}"
    assert len((await asks()("GET", path))[1]) == 1


async def test_what_is_allowed_instead_is_told(asks, api_address, http_client):
    """A method that a path does not have is 405 with all that it has (RFC 9110, 15.5.6)."""
    for path, allowed in (("/api/jobs", "GET, POST"), ("/email/unsubscribe/x", "GET, HEAD, POST")):
        async with http_client.put(api_address + path, headers=asks().headers) as answer:
            assert (answer.status, answer.headers["Allow"]) == (405, allowed)


async def test_nobody_is_sent_elsewhere(asks, api_address, http_client):
    """A path that is nearly one is 404, and no redirect to a host that the caller names."""
    for path in ("/api", "/api/jobs/", "/healthz/"):
        headers = asks().headers | {"Host": "evil.example"}
        async with http_client.get(
            api_address + path, headers=headers, allow_redirects=False
        ) as answer:
            assert answer.status in {401, 404}


@pytest.mark.usefixtures("api_keys")
async def test_what_is_wrong_with_the_database_is_503(http_client):
    """Without its database the API says when to come again."""
    away = connect("postgresql://nobody@127.0.0.1:1/nothing")
    async with serving(build(away.services)) as port:
        headers = {"Authorization": "Bearer oncall-secret-of-24-characters"}
        for method, path in (("GET", "jobs"), ("POST", "jobs")):
            sent = http_client.request(
                method, f"http://127.0.0.1:{port}/api/{path}", headers=headers, json={"kind": "x"}
            )
            async with sent as answer:
                assert (answer.status, answer.headers["Retry-After"]) == (503, "5")
                assert (await answer.json())["type"] == "DatabaseUnavailable"
    await away.close()


async def test_an_unforeseen_error_says_nothing(asks, sql, caplog):
    """What nobody planned is a 500 with a reference; the rest is in the log alone."""
    sql.execute(
        "create or replace function checkup() returns jsonb language plpgsql as"
        " $$ begin raise exception 'odd' using errcode = 'XX000'; end $$"
    )
    caplog.set_level("ERROR")
    status, told = await asks()("GET", "/checkup")
    assert (status, set(told)) == (500, {"error", "reference"})
    assert [record.reference for record in caplog.records] == [told["reference"]]


# ---------------------------------------------------------------- what it does


async def test_it_describes_itself(api_address, http_client):
    """openapi.json, without a key, has every operation with its right, and a name of its own."""
    async with http_client.get(f"{api_address}/api/openapi.json") as answer:
        described = await answer.json()
    told = {
        (method.upper(), path): about
        for path, methods in described["paths"].items()
        for method, about in methods.items()
    }
    assert set(told) == {(o.method, o.path) for o in offered()}
    assert all(about["description"] and about["x-right"] for about in told.values())
    assert len({about["operationId"] for about in told.values()}) == len(told)
    assert described["components"]["securitySchemes"]["key"]["scheme"] == "bearer"


async def test_a_job_is_sent_and_seen(asks, hf, work, sql, eventually):
    """202 comes after the commit; the key makes it safe to repeat; its end is seen."""
    ran = []

    @hf.task
    async def pack(n):
        ran.append(n)

    asked = {"kind": pack.job(1).kind, "payload": {"n": 7}, "dedupe_key": "order 7"}
    status, sent = await asks("shop")("POST", "/jobs", asked)
    assert (status, sent["duplicate"]) == (202, False)
    assert await asks("shop")("POST", "/jobs", asked) == (202, {**sent, "duplicate": True})
    async with work():
        await eventually(lambda: ran)
        found = "select state from jobs where id = %s"
        await eventually(lambda: sql.execute(found, [sent["id"]]).fetchone() == ("done",))
    _, shown = await asks("reader")("GET", f"/jobs/{sent['id']}")
    assert (shown["state"], shown["payload"], ran) == ("done", {"n": 7}, [7])
    assert [row["id"] for row in (await asks("reader")("GET", "/jobs?state=done"))[1]] == [
        sent["id"]
    ]


async def test_jobs_are_held_let_go_and_cancelled(asks, hf):
    """hold, unhold, cancel; what the state does not allow is 409."""
    _, sent = await asks()("POST", "/jobs", {"kind": "x"})
    path = f"/jobs/{sent['id']}"
    for verb, state in (("hold", "held"), ("unhold", "ready"), ("cancel", "cancelled")):
        assert await asks()("POST", f"{path}/{verb}", {"why": "so"}) == (200, {"state": state})
        assert (await asks()("GET", path))[1]["state"] == state
    status, told = await asks()("POST", f"{path}/cancel")
    assert (status, told["type"]) == (409, "NotReplayable")
    assert (await asks()("GET", f"{path}/explain"))[1]["state"] == "cancelled"
    assert await hf.run(jobs.explain(uuid.UUID(sent["id"])))
    _, later = await asks()("POST", "/jobs", {"kind": "x", "run_at": "2999-01-01T00:00:00Z"})
    run = f"/jobs/{later['id']}/run"
    assert await asks()("POST", run, {"why": "now"}) == (200, {"state": "ready"})
    assert (await asks()("GET", f"/jobs/{later['id']}/explain"))[1]["rule"] != "run_at"


async def test_many_jobs_are_held_run_and_cancelled_by_filter(asks, sql):
    """unhold, run and cancel of all that a filter names say of how many; {} is all of them."""
    for kind in ("x", "x", "y"):
        _, sent = await asks()("POST", "/jobs", {"kind": kind})
        await asks()("POST", f"/jobs/{sent['id']}/hold")
    only = {"filter": {"kind": "x"}, "why": "so"}
    assert await asks()("POST", "/jobs/unhold", only) == (200, {"unheld": 2})
    assert await asks()("POST", "/jobs/run", only) == (200, {"due": 0})
    assert await asks()("POST", "/jobs/cancel", {**only, "limit": 1}) == (200, {"cancelled": 1})
    assert (await asks()("POST", "/jobs/cancel", {"why": "no filter"}))[0] == 422
    assert (await asks()("POST", "/jobs/cancel", {"filter": {"stat": "x"}}))[0] == 422
    assert (await asks("reader")("POST", "/jobs/cancel", {"filter": {}}))[0] == 403
    assert await asks()("POST", "/jobs/cancel", {"filter": {}}) == (200, {"cancelled": 2})
    told = sql.execute("select why, affected from operations where action = 'cancel'").fetchall()
    assert told == [("so", 1), (None, 2)]


async def test_dead_letters_are_seen_and_brought_back(asks, hf, work, sql, eventually):
    """One by one, or all that a filter names, as an operation with a plan before it."""
    ids = await _deads(hf, work, eventually, sql, 5)
    _, groups = await asks("reader")("GET", "/dead-letters/groups")
    assert [(g["letters"], g["queue"]) for g in groups] == [(5, "shop")]
    _, letters = await asks("reader")("GET", "/dead-letters?queue=shop&limit=3")
    assert len(letters) == 3
    _, letter = await asks("reader")("GET", f"/dead-letters/{ids[0]}")
    assert letter["history"] and letter["payload"]["n"] == 0
    assert await asks()("POST", f"/dead-letters/{ids[0]}/replay") == (200, {"id": ids[0]})
    wanted = {"filter": {"queue": "shop"}, "why": "mended", "rate": 0.001}
    _, planned = await asks("reader")("POST", "/replays/plan", wanted)
    assert planned["replayable"] == 4
    status, made = await asks()("POST", "/replays", wanted)
    _, shown = await asks("reader")("GET", f"/replays/{made['id']}")
    assert (status, shown["total"], shown["who"]) == (201, 4, "api:oncall")
    _, ended = await asks()("POST", f"/replays/{made['id']}/cancel", {"why": "not yet"})
    assert ended["left"] == 4 - (await asks()("GET", f"/replays/{made['id']}"))[1]["replayed"]


async def test_how_it_is_can_be_asked(asks, work, eventually):
    """Queues, workers, alerts and the check-up answer with what the command line shows."""
    async with work(queues=["default"]):
        assert [q["queue"] for q in (await asks("reader")("GET", "/queues"))[1]]
        await eventually(lambda: _count(asks("reader"), "/workers"))
        assert (await asks("reader")("GET", "/alerts"))[1] == []
        assert (await asks("reader")("GET", "/checkup"))[0] == 200


async def _count(ask, path):
    return len((await ask("GET", path))[1])
