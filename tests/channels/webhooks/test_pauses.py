"""A source or a type of it is paused: stored, held, visible, and all of it goes on afterwards."""

import json

import psycopg
import pytest
from tests.reads import counted


@pytest.fixture
async def handled(hf, announced):
    """What was handled so far, by two handlers of one source."""
    seen = []

    @hf.on("stripe", "invoice.*", ordering="object")
    async def book(event):
        seen.append(event.event_id)

    @hf.on("stripe", "user.*", inline=True)
    async def greet(event):
        seen.append(event.event_id)

    await announced()
    return seen


async def test_a_paused_type_is_held_and_goes_on(
    hf, sender, sql, handled, holdfast, asks, work, eventually
):
    """What a pause names is stored, held with all its attempts, and told; then it goes on.

    Whoever lets one of its jobs go before that is told what holds it again.
    """
    pause = ("webhooks", "pause", "stripe", "--type", "invoice.*", "--why", "bad deploy")
    code, out, complaints = await holdfast(*pause, "--who", "ann")
    assert code == 0 and "webhooks resume stripe" in out, complaints
    for number, kind in enumerate(["invoice.paid", "invoice.void", "user.made"]):
        answer = await sender.post(sender.event(number, type=kind, object_id="o1"))
        assert answer.status_code == 200
    held = "select id::text, attempts, because from jobs where state = 'held'"
    async with work():
        await eventually(lambda: sql.execute(held).fetchone())
        (job, attempts, because) = sql.execute(held).fetchone()
        assert handled == ["evt_2"] and attempts == 0
        assert because.startswith("stripe invoice.* is paused by ann: bad deploy")
        _, out, _ = await holdfast("jobs", "explain", job)
        assert "holdfast webhooks resume stripe" in " ".join(out.split())
        _, out, _ = await holdfast("jobs", "unhold", job)
        assert "goes on" in out and "holdfast webhooks resume stripe" in out
        await eventually(lambda: sql.execute(held).fetchone())
        _, out, _ = await holdfast("webhooks", "sources", "list", "--json")
        [listed] = json.loads(out)
        assert listed["paused"].startswith("invoice.*, by ann since 2")
        assert listed["paused"].endswith("UTC: bad deploy")
        _, out, _ = await holdfast("doctor", "--json")
        assert "alerts" in {check["name"] for check in json.loads(out)["checks"]}
        _, out, _ = await holdfast("alerts", "list", "--json")
        assert "its jobs are held" in json.loads(out)[0]["text"]
        status, told = await asks()("POST", "/webhooks/sources/stripe/resume", {"why": "ok"})
        assert (status, told) == (200, {"source": "stripe", "paused": [], "released": 1})
        await eventually(lambda: len(handled) == 3)
    assert handled == ["evt_2", "evt_0", "evt_1"]
    assert sql.execute("select max(attempts) from finished_jobs").fetchone() == (1,)
    assert sql.execute("select count(*) from alerts where cleared_at is null").fetchone() == (0,)


async def test_what_is_held_just_after_the_resume_goes_on(hf, sender, sql, handled, asks):
    """A worker that looked before the resume and holds after it loses nothing: upkeep lets go."""
    ask = asks()
    status, told = await ask("POST", "/webhooks/sources/stripe/pause", {"type": "user.*"})
    assert (status, told["paused"]) == (200, ["user.*"])
    for none in ("", " ", "x" * 201):
        assert (await ask("POST", "/webhooks/sources/stripe/pause", {"type": none}))[0] == 422
    await ask("POST", "/webhooks/sources/stripe/pause")
    await sender.post(sender.event(1, type="user.made"))
    assert handled == []  # inline as well: the request held it
    code = sql.execute("select because from jobs where state = 'held'").fetchone()[0]
    sql.execute("update deferred_jobs set because = 'an operator looks at it'")
    status, told = await ask("POST", "/webhooks/sources/stripe/resume", {"type": "*"})
    assert (status, told["paused"], told["released"]) == (200, ["user.*"], 0)
    status, told = await ask("POST", "/webhooks/sources/stripe/resume")
    sql.execute("select webhook_upkeep_step()")
    states = "select state from jobs"
    assert sql.execute(states).fetchone() == ("held",)  # what a person holds, he lets go
    sql.execute("update deferred_jobs set because = %s", [code])
    sql.execute("select webhook_upkeep_step()")
    assert sql.execute(states).fetchone() == ("ready",)
    status, told = await ask("POST", "/webhooks/sources/stripe/resume")
    assert status == 409 and "no source is paused" in told["error"]
    status, told = await ask("POST", "/webhooks/sources/strip/pause")
    assert status == 404 and "stripe" in told["error"]


async def test_a_paused_source_forwards_nothing(hf, sender, sql, holdfast):
    """Its forwards are held with all their attempts; what the pause does not name goes out."""
    await hf.prepare()
    nobody = json.dumps({"url": "http://127.0.0.1:1/", "purpose": "forward", "source": "stripe"})
    sql.execute("select webhook_add_endpoint('app', %s, 'ann')", [nobody])
    await holdfast("webhooks", "pause", "stripe", "--type", "invoice.*", "--who", "ann")
    for number, kind in enumerate(["invoice.paid", "user.made"]):
        assert (await sender.post(sender.event(number, type=kind))).status_code == 200
    held = "select attempts, because from jobs where state = 'held'"
    await hf.worker().once(5)
    [(attempts, because)] = sql.execute(held).fetchall()
    assert attempts == 0 and because.startswith("stripe invoice.* is paused by ann")
    tried = """select e.event_type from webhook_deliveries d
        join webhook_events e on e.id = d.subject"""
    assert sql.execute(tried).fetchall() == [("user.made",)]
    _, out, _ = await holdfast("webhooks", "resume", "stripe")
    assert "1 held job" in out and sql.execute(held).fetchall() == []


async def test_a_pause_ends_by_itself(hf, sender, sql, handled, holdfast, asks):
    """With a time it holds until then and no longer: handlers go on, and so does what was held."""
    over = {"until": "2026-03-01T00:00:00Z"}
    assert (await asks()("POST", "/webhooks/sources/stripe/pause", over))[0] == 422
    code, out, _ = await holdfast("webhooks", "pause", "stripe", "--until", "2h")
    assert code == 0 and out.count("until") == 1 and out.rstrip().endswith(" UTC)")
    await sender.post(sender.event(1, type="invoice.paid", object_id="a"))
    await hf.work(until_idle=True)
    because = sql.execute("select because from jobs where state = 'held'").fetchone()[0]
    assert "it goes on at 20" in because and handled == []
    paused = "select l.paused is not null from webhook_events e, webhook_load(e.id) l"
    assert sql.execute(paused).fetchone() == (True,)
    sql.execute("update webhook_pauses set ends_at = clock()")
    assert sql.execute(paused).fetchone() == (False,)
    assert sql.execute("select * from webhook_pause_list()").fetchall() == []
    await sender.post(sender.event(2, type="invoice.paid", object_id="b"))
    sql.execute("select webhook_upkeep_step()")
    await hf.work(until_idle=True)
    assert sorted(handled) == ["evt_1", "evt_2"]
    assert sql.execute("select count(*) from alerts where cleared_at is null").fetchone() == (0,)


def test_what_goes_on_is_found_by_its_reason(sql):
    """A resume and the upkeep after it look at what that pause held, not at all that is held."""
    sql.execute("select webhook_pause('stripe', '*', 'ann')")
    sql.execute(
        """insert into deferred_jobs (id, queue, kind, payload, priority, attempts, crashes,
             deferrals, enqueued_at, run_at, waits_for)
           select gen_random_uuid(), 'webhooks', 'webhook:a', '{}', n, 0, 0, 0, clock(), clock(),
                  'time' from generate_series(1, 3000) n"""
    )
    sql.execute("vacuum analyze deferred_jobs")  # the statistics of a time when nothing was held
    sql.execute(
        """update deferred_jobs set waits_for = 'person', because = case when priority > 5
             then 'stripe b is paused by ann' else (
               select webhook_paused(p) from webhook_pauses p) end"""
    )
    assert sql.execute("select webhook_resume('stripe', null, 'ann')").fetchone() == (5,)
    with counted(sql) as read:
        assert sql.execute("select webhook_go_on()").fetchone() == (0,)
    assert read["deferred_jobs"] < 100
    sql.execute("select set_config('holdfast.now', (clock() + interval '2 hours')::text, false)")
    sql.execute("select webhook_upkeep_step()")
    assert sql.execute("select count(*) from webhook_pauses").fetchone() == (0,)


@pytest.mark.parametrize("how", ["pause", "endpoint"])
def test_a_key_that_somebody_has_holds_up_nothing_else_that_goes_on(sql, dsn, how):
    """Keys are waited for in one order or not at all: what is busy follows with the next call."""
    call, because = "webhook_go_on", "stripe * is paused by ann"
    sql.execute("select webhook_pause('stripe', '*', 'ann'), webhook_resume('stripe', '*', 'ann')")
    sql.execute("""select webhook_add_endpoint('e', '{"url": "https://e.test"}', 'ann')""")
    if how == "endpoint":
        call, because = "webhook_let_go", "its endpoint e is paused: no reason"
        sql.execute("select webhook_set_endpoint_state('e', 'paused', 'ann')")
    queue = {"pause": "webhooks", "endpoint": "webhooks-out"}[how]
    jobs = [{"queue": queue, "kind": "webhook:a", "ordering_key": key} for key in "abc"]
    sql.execute("select enqueue_many(%s)", [json.dumps(jobs)])
    sql.execute("select hold(id, 'ann') from ready_jobs")
    sql.execute(
        "update deferred_jobs set because = %s, tenant = (select id from webhook_endpoints)",
        [because],
    )
    if how == "endpoint":
        assert sql.execute("select webhook_let_go()").fetchone() == (0,)  # it is paused yet
        sql.execute("update webhook_endpoints set state = 'enabled'")
    sql.execute("set statement_timeout = '5s'")
    with psycopg.connect(dsn) as other:
        other.execute("select holdfast.enqueue_many(%s)", [json.dumps(jobs[1:2])])
        assert sql.execute(f"select {call}()").fetchone() == (2,)
    assert sql.execute(f"select {call}()").fetchone() == (1,)


def test_a_batch_for_plain_sql_has_nothing_of_a_paused_source(sql):
    """get_webhook_retry_batch holds what is paused, as a worker does, and hands out the rest.

    Also what was paused, resumed and is paused again; and a batch in which one event is paused.
    """
    sql.execute(
        """select webhook_register('edge', '[{"kind": "webhook:a", "name": "a",
             "source": "stripe", "pattern": "*", "queue": "webhooks"}]')"""
    )
    for do in ("pause", "resume", "pause"):
        sql.execute(f"select webhook_{do}('stripe', 'user.*', 'ann')")
    for event in ("invoice.paid", "user.made", "batch"):
        sql.execute(
            """select webhook_receive('stripe', %s, %s, null, null, true, '{}'::bytea)""",
            [event, event],
        )
    sql.execute(
        "update webhook_events set event_types = '{a,user.gone}' where event_type = 'batch'"
    )
    batch = "select event_type from get_webhook_retry_batch()"
    assert sql.execute(batch).fetchall() == [("invoice.paid",)]
    held = sql.execute("select attempts, because from jobs where state = 'held'").fetchall()
    assert len(held) == 2 and {attempts for attempts, _ in held} == {0}
    assert held[0][1].startswith("stripe user.* is paused by ann")
