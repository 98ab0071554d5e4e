"""The JSON API for a person on duty: schedules, breakers, limits, alerts, queues and replays."""

import json

import pytest

SET = "select set_schedule('nightly', %s)"
JOB = {"queue": "default", "kind": "task:report", "payload": {"month": 5}}


@pytest.fixture
def there(sql, api_address):
    """A schedule, a breaker, a limit in use and an open alert; each with a name of its own."""
    sql.execute(SET, [json.dumps({"every": "1 hour", "job": JOB})])
    sql.execute("select set_breaker('https://relay.example/out')")
    checks = [{"keys": ["login:ann/7"], "policies": [{"name": "a", "quota": 5, "per": 60}]}]
    sql.execute("select rate_check_many(%s)", [json.dumps(checks)])
    sql.execute("select raise_alert('queue.stuck:a/b', 'It is stuck.', '{\"since\": 7}')")


async def test_a_schedule_is_seen_paused_resumed_and_run(asks, there, sql):
    """It takes no ticks while it is paused, goes on with the next one, and runs beside them."""
    _, [listed] = await asks("reader")("GET", "/schedules")
    assert (listed["name"], listed["rhythm"]) == ("nightly", "every 01:00:00")
    assert await asks()("POST", "/schedules/nightly/pause", {"why": "a holiday"}) == (
        200, {"schedule": "nightly", "state": "paused"},
    )  # fmt: skip
    _, shown = await asks("reader")("GET", "/schedules/nightly")
    assert (shown["job"], shown["next_at"], len(shown["next"])) == (JOB, None, 5)
    assert (shown["paused_by"], shown["paused_why"]) == ("api:oncall", "a holiday")
    status, resumed = await asks()("POST", "/schedules/nightly/resume")
    _, shown = await asks("reader")("GET", "/schedules/nightly")
    assert (status, resumed["next_at"]) == (200, shown["next_at"])
    status, ran = await asks()("POST", "/schedules/nightly/run")
    _, job = await asks("reader")("GET", f"/jobs/{ran['id']}")
    assert (status, job["kind"], job["payload"]["month"]) == (202, "task:report", 5)
    who = "select array_agg(action order by at) from operations where who = 'api:oncall'"
    assert sql.execute(who).fetchone() == (["pause", "resume", "run"],)


async def test_a_schedule_is_made_changed_and_taken_away(asks, sql):
    """An application in another language has schedules, too; each change is on record."""
    new = {"job": JOB, "cron": "30 3 * * *", "timezone": "Europe/Berlin", "why": "reports"}
    status, made = await asks()("POST", "/schedules/nightly/set", new)
    _, shown = await asks("reader")("GET", "/schedules/nightly")
    assert (status, made["next_at"], shown["job"]) == (200, shown["next_at"], JOB)
    await asks()("POST", "/schedules/nightly/pause")
    await asks()("POST", "/schedules/nightly/set", {"job": JOB, "every": "90 minutes"})
    _, shown = await asks("reader")("GET", "/schedules/nightly")
    assert (shown["rhythm"], shown["paused_by"]) == ("every 01:30:00", "api:oncall")
    assert (await asks()("POST", "/schedules/nightly/remove", {"why": "x"}))[0] == 200
    assert (await asks()("GET", "/schedules"))[1] == []
    who = "select array_agg(action order by at) from operations where who = 'api:oncall'"
    assert sql.execute(who).fetchone() == (["set", "pause", "set", "delete"],)


async def test_a_schedule_makes_no_job_of_a_channel(asks, sql):
    """What a channel alone can make, such as an email, is refused: it would be a job of nothing."""
    email = JOB | {"kind": "email", "queue": "email"}
    status, told = await asks()("POST", "/schedules/nightly/set", {"job": email, "every": "1 h"})
    assert (status, sql.execute("select count(*) from schedules").fetchone()) == (422, (0,)), told


async def test_a_breaker_is_paused_and_resumed(asks, there, sql):
    """By a name that no path can hold: nothing passes until then, or until it is resumed."""
    name = "https://relay.example/out"
    wanted = {"breaker": name, "why": "they asked", "until": "2099-01-01T00:00:00Z"}
    status, told = await asks()("POST", "/breakers/pause", wanted)
    assert (status, told) == (
        200, {"breaker": name, "state": "paused", "until": "2099-01-01T00:00:00+00:00"},
    )  # fmt: skip
    _, [listed] = await asks("reader")("GET", "/breakers")
    assert (listed["name"], listed["because"]) == (name, "paused by api:oncall: they asked")
    assert sql.execute("select admitted from ask_breaker(%s)", [name]).fetchone() == (False,)
    assert await asks()("POST", "/breakers/resume", {"breaker": name}) == (
        200, {"breaker": name, "state": "closed"},
    )  # fmt: skip
    assert (await asks("reader")("GET", "/breakers"))[1][0]["state"] == "closed"


async def test_a_limit_is_seen_and_made_full(asks, there, sql):
    """What is used up is listed with when it is full again; a reset is on record."""
    _, [listed] = await asks("reader")("GET", "/limits?limit=5")
    assert [listed[n] for n in ("key", "remaining", "quota", "per")] == ["login:ann/7", 4, 5, 60]
    assert await asks()("POST", "/limits/reset", {"key": "login:ann/7", "why": "our mistake"}) == (
        200, {"key": "login:ann/7", "limits": 1},
    )  # fmt: skip
    assert (await asks("reader")("GET", "/limits"))[1] == []
    assert sql.execute("select who, why from operations order by id desc").fetchone() == (
        "api:oncall", "our mistake",
    )  # fmt: skip


async def test_an_alert_is_seen_and_cleared(asks, there):
    """What is open is listed; cleared it is in the list of all, with who cleared it."""
    _, [listed] = await asks("reader")("GET", "/alerts")
    assert (listed["text"], listed["details"]) == ("It is stuck.", {"since": 7})
    wanted = {"key": "queue.stuck:a/b", "why": "mended"}
    assert await asks()("POST", "/alerts/clear", wanted) == (
        200, {"key": "queue.stuck:a/b", "cleared": True},
    )  # fmt: skip
    assert (await asks("reader")("GET", "/alerts"))[1] == []
    _, [cleared] = await asks("reader")("GET", "/alerts?all=true&limit=1")
    assert cleared["cleared_by"] == "api:oncall"
    assert (await asks()("POST", "/alerts/clear", wanted))[0] == 404


async def test_a_queue_is_shown_and_paused_for_a_time(asks):
    """One queue with its policy; a pause can have an end, and is shown with it."""
    until = "2099-01-01T00:00:00+00:00"
    assert await asks()("POST", "/queues/default/pause", {"why": "so", "until": until}) == (
        200, {"state": "paused", "until": until},
    )  # fmt: skip
    status, shown = await asks("reader")("GET", "/queues/default")
    assert (status, shown["paused"], shown["paused_until"]) == (200, True, until)
    assert shown["policy"]["max_attempts"] == 8
    assert (await asks()("POST", "/queues/default/resume"))[1] == {"state": "running"}


async def test_replays_are_listed_with_their_letters(asks, hf, work, eventually, sql):
    """The latest first; of each letter what became of it."""

    @hf.task(queue="shop", max_attempts=1)
    async def ship(n):
        raise ConnectionError("no answer")

    receipts = await hf.send_many([ship.job(n) for n in range(2)])
    dead = "select count(*) from dead_letters"
    async with work():
        await eventually(lambda: sql.execute(dead).fetchone() == (2,))
    wanted = {"filter": {"queue": "shop"}, "why": "mended", "rate": 0.001}
    numbers = []
    for _ in range(2):
        _, made = await asks()("POST", "/replays", wanted)
        await asks()("POST", f"/replays/{made['id']}/cancel")
        numbers.append(made["id"])
    _, listed = await asks("reader")("GET", "/replays")
    assert [row["id"] for row in listed] == numbers[::-1]
    assert [row["id"] for row in (await asks("reader")("GET", "/replays?limit=1"))[1]] == [
        numbers[1]
    ]
    _, letters = await asks("reader")("GET", f"/replays/{numbers[0]}/letters")
    assert {row["job_id"] for row in letters} == {str(receipt.id) for receipt in receipts}
    assert {row["outcome"] for row in letters} == {"cancelled"}


@pytest.mark.parametrize(
    ("method", "path", "needs"),
    [
        *(("GET", path, "read") for path in (
            "/schedules", "/schedules/nightly", "/breakers", "/limits", "/alerts", "/replays",
            "/replays/1/letters", "/queues/default",
        )),
        *(("POST", path, "operate") for path in (
            "/schedules/nightly/pause", "/schedules/nightly/resume", "/schedules/nightly/run",
            "/schedules/nightly/set", "/schedules/nightly/remove",
            "/breakers/pause", "/breakers/resume", "/limits/reset", "/alerts/clear",
        )),
    ],
)  # fmt: skip
async def test_who_may_not_is_refused_and_nothing_happens(asks, there, sql, method, path, needs):
    """Who sends sees none of it, who looks changes none of it, and is told what it needs."""
    before = sql.execute("select count(*) from operations").fetchone()
    for name in ("shop",) if needs == "read" else ("shop", "reader"):
        status, told = await asks(name)(method, path)
        assert (status, told["error"].endswith(f"needs {needs}")) == (403, True)
    assert sql.execute("select count(*) from operations").fetchone() == before


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "told"),
    [
        ("GET", "/schedules/nigthly", None, 404, "there are: nightly"),
        ("POST", "/schedules/nigthly/pause", None, 404, "there are: nightly"),
        ("POST", "/schedules/nigthly/resume", None, 404, "there are: nightly"),
        ("POST", "/schedules/nigthly/run", None, 404, "there are: nightly"),
        ("POST", "/schedules/nightly/pause", {"reason": "x"}, 422, "reason: there is no such"),
        ("POST", "/schedules/nigthly/remove", None, 404, "there are: nightly"),
        ("POST", "/schedules/nightly/set", {"job": JOB}, 422, "either cron or every"),
        ("POST", "/schedules/nightly/set", {"job": JOB, "cron": "x"}, 422, "cron"),
        ("POST", "/schedules/nightly/set", {"job": {"kind": "x", "run_at": None}, "every": 60}, 422,
         "run_at: there is no such field"),
        ("POST", "/schedules/nightly/set", {"job": {"kind": "email"}, "every": 60}, 422,
         "the jobs of email are made by its own operations"),
        ("POST", "/schedules/Nightly/set", {"job": JOB, "every": 60}, 422, "a schedule's name is"),
        ("POST", "/breakers/pause", {"breaker": "x"}, 404, "there are: https://relay.example/out"),
        ("POST", "/breakers/resume", {"breaker": "x"}, 404, "there are: https://relay.example/out"),
        ("POST", "/breakers/pause", None, 422, "Field required"),
        ("POST", "/breakers/pause", {"breaker": "https://relay.example/out", "until": "2h"}, 422,
         "until: a time as text is needed, such as"),
        ("POST", "/breakers/pause",
         {"breaker": "https://relay.example/out", "until": "2001-01-01T00:00Z"}, 422,
         "give a time to come, or none"),
        ("POST", "/queues/default/pause", {"until": "2001-01-01T00:00Z"}, 422,
         "give a time to come, or none"),
        ("GET", "/queues/none", None, 404, 'no queue "none"'),
        ("POST", "/limits/reset", {"key": "x"}, 404, "no limit is in use for the key"),
        ("POST", "/limits/reset", {"key": 7}, 422, "key: "),
        ("POST", "/alerts/clear", {"key": "x"}, 404, "GET /api/alerts lists those there are"),
        ("GET", "/alerts?all=perhaps", None, 422, "all: "),
        ("GET", "/limits?limit=1001", None, 422, "limit: "),
        ("GET", "/replays/99", None, 404, "no replay 99"),
        ("GET", "/replays/99/letters", None, 404, "no replay 99"),
        ("POST", "/replays/99/cancel", None, 404, "no replay 99"),
    ],
)  # fmt: skip
async def test_a_mistake_is_told_and_changes_nothing(
    asks, there, sql, method, path, body, status, told
):
    """A name that is not there is 404 with those that are; what cannot be is 422 in words."""
    before = sql.execute("select count(*) from operations").fetchone()
    answered, content = await asks()(method, path, body)
    assert (answered, told in content["error"]) == (status, True), content
    assert sql.execute("select count(*) from operations").fetchone() == before
