"""Schedules: each tick once, whoever looks."""

import json
import threading

import pytest

JOB = {"queue": "default", "kind": "report"}


def _set(queue, name="nightly", **options):
    options = {"job": JOB, **({"every": "5 minutes"} if "cron" not in options else {}), **options}
    return queue.one("select set_schedule(%s, %s)", name, json.dumps(options))


def _tick(queue):
    return queue.all("select * from tick_schedules()")


def _ready(queue):
    return queue.one("select count(*) from jobs where kind = 'report'")


def test_a_tick_becomes_a_job(queue):
    """When the time has come the job is there, and knows its tick."""
    _set(queue)
    assert _tick(queue) == []
    queue.at(300)
    (ticked,) = _tick(queue)
    (job,) = queue.claim()
    assert (job.id, job.kind) == (ticked.job_id, "report")
    assert job.payload["tick"].startswith("2030-01-01T12:05:00")
    assert _tick(queue) == []


def test_maintain_is_enough(queue):
    """Nobody has to know of schedules: whoever maintains takes the ticks."""
    _set(queue)
    queue.at(301)
    assert queue.row("select * from maintain()").ticked == 1


def test_many_who_look_at_once_make_one_job(queue, another):
    """Eight sessions at the same tick: one job."""
    _set(queue)
    sessions = [another() for _ in range(8)]
    for session in sessions:
        session.at(300)
    threads = [threading.Thread(target=_tick, args=[session]) for session in sessions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert _ready(queue) == 1


def test_a_tick_is_never_taken_twice(queue):
    """Whatever becomes of a schedule's own idea of the time, what is taken is, and it goes on."""
    _set(queue)
    queue.at(300)
    assert len(_tick(queue)) == 1
    queue.run("update schedules set next_at = next_at - interval '5 minutes'")
    assert _tick(queue) == []
    assert _ready(queue) == 1
    queue.at(600)
    assert len(_tick(queue)) == 1


def test_a_look_that_is_rolled_back_leaves_the_tick(queue):
    """Tick and job are one transaction: neither is lost, neither comes alone."""
    _set(queue)
    queue.at(300)
    queue.run("begin")
    assert len(_tick(queue)) == 1
    queue.run("rollback")
    assert _ready(queue) == 0
    assert len(_tick(queue)) == 1


@pytest.mark.parametrize(("catch_up", "jobs"), [("one", 1), ("all", 12), ("none", 0)])
def test_what_was_missed(queue, catch_up, jobs):
    """After two hours of nobody looking: one, all, or none of the ticks; then the rhythm."""
    _set(queue, every="10 minutes", catch_up=catch_up)
    queue.at(7200 + 299)
    _tick(queue)
    assert _ready(queue) == jobs
    queue.at(7200 + 600)
    assert len(_tick(queue)) == 1


def test_the_grid_does_not_drift(queue):
    """However late somebody looks, the next tick is on the grid."""
    _set(queue, every="10 minutes")
    for late in (607, 1299, 1801):
        queue.at(late)
        _tick(queue)
    ticks = queue.all("select to_char(tick at time zone 'UTC', 'HH24:MI:SS') from schedule_ticks")
    assert sorted(row[0] for row in ticks) == ["12:10:00", "12:20:00", "12:30:00"]


def test_a_paused_schedule_waits_and_goes_on_with_the_next(queue):
    """A pause is seen, says by whom, and is not made up for; resume without one leaves none out."""
    _set(queue)
    queue.run("select pause_schedule('nightly', 'ann', 'month end')")
    queue.at(3600)
    assert _tick(queue) == []
    assert queue.row("select * from schedule_list()").paused_by == "ann"
    _set(queue)
    assert queue.row("select * from schedule_list()").paused_by == "ann"
    queue.run("select resume_schedule('nightly', 'ann')")
    assert _tick(queue) == []
    queue.at(3900)
    queue.run("select resume_schedule('nightly', 'ann')")
    assert len(_tick(queue)) == 1


def test_one_that_can_not_enqueue_does_not_stop_the_others(queue):
    """Its queue is gone: the error is seen, the others tick, and it comes back once mended."""
    queue.policy("gone")
    _set(queue, "broken", job={"queue": "gone", "kind": "report"})
    _set(queue)
    queue.run("delete from queues where name = 'gone'")
    queue.at(300)
    assert [row.schedule for row in _tick(queue)] == ["nightly"]
    errors = dict(queue.all("select name, last_error from schedules"))
    assert (errors["nightly"], 'no queue "gone"' in errors["broken"]) == (None, True)
    queue.policy("gone")
    assert _tick(queue) == []
    queue.at(316)
    assert [row.schedule for row in _tick(queue)] == ["broken"]


@pytest.mark.parametrize(("catch_up", "minutes"), [("one", [5]), ("all", [5, 10, 15])])
def test_a_tick_that_failed_stays_the_tick_it_is(queue, catch_up, minutes):
    """What could not be enqueued at its time is enqueued later, as the tick of its own moment."""
    queue.policy("gone")
    _set(queue, catch_up=catch_up, job={"queue": "gone", "kind": "report"})
    queue.run("delete from queues where name = 'gone'")
    for moment in (300, 400, 910):
        queue.at(moment)
        assert _tick(queue) == []
    queue.policy("gone")
    queue.at(930)
    assert [row.tick.minute for row in _tick(queue)] == minutes
    queue.at(1199)
    assert _tick(queue) == []
    queue.at(1200)
    assert [row.tick.minute for row in _tick(queue)] == [20]


def test_a_new_job_keeps_the_rhythm_and_a_new_rhythm_begins_anew(queue):
    """Announcing a schedule again, as each worker does, moves nothing."""
    first = _set(queue)
    queue.at(200)
    assert _set(queue, job={**JOB, "kind": "other"}) == first
    assert _set(queue, every="1 hour") != first


def test_a_new_interval_is_kept_from_its_first_tick_on(queue):
    """A changed interval counts from its change, and not from when the schedule was made."""
    _set(queue, every="1 hour")
    queue.at(1200)
    _set(queue, every="50 minutes")
    ticks = queue.all("select * from schedule_preview('nightly', 3)")
    assert [(row[0] - queue.at(0)).total_seconds() for row in ticks] == [4200, 7200, 10200]


def test_a_new_rhythm_does_not_swallow_the_tick_that_is_due(queue):
    """Who deploys another rhythm over a due tick gets that tick, with the new job, and goes on."""
    _set(queue)
    queue.at(310)
    _set(queue, cron="0 3 * * *", job={**JOB, "kind": "other"})
    (ticked,) = _tick(queue)
    assert (ticked.tick - queue.at(0)).total_seconds() == 300
    assert queue.state(ticked.job_id) == "ready"
    queue.at(400)
    assert _tick(queue) == []
    assert queue.row("select * from schedule_list()").next_at.hour == 3


def test_a_new_rhythm_does_not_reach_back(queue):
    """With catch_up all, a rhythm has no ticks of the time before it: of the old one one is due."""
    _set(queue, every="1 hour", catch_up="all")
    queue.at(3 * 3600 + 30)
    _set(queue, every="1 minute", catch_up="all")
    queue.at(3 * 3600 + 180)
    ticks = [(row.tick - queue.at(0)).total_seconds() for row in _tick(queue)]
    assert ticks == [3600, 3 * 3600 + 90, 3 * 3600 + 150]


def test_a_rhythm_that_changes_while_somebody_resumes(queue, another, background):
    """The next tick is one of the schedule as it has become."""
    _set(queue)
    queue.run("select pause_schedule('nightly', 'ann')")
    first, second = another(), another()
    with first.transaction():
        _set(first, cron="0 3 * * *")
        resuming = background(second, second.one, "select resume_schedule('nightly', 'bob')")
    assert resuming.result().hour == 3
    assert queue.row("select * from schedule_list()").next_at.hour == 3


def test_many_schedules_are_due_at_once(queue):
    """A thousand at the full hour are a thousand jobs after one round, not after ten."""
    for n in range(300):
        _set(queue, f"s{n}", cron="0 * * * *")
    queue.at(3600)
    assert queue.row("select * from maintain()").ticked == 300


def test_run_now_and_delete(queue):
    """A person can run it beside its ticks and take it away; all is recorded."""
    _set(queue)
    job_id = queue.one("select run_schedule('nightly', 'ann')")
    assert queue.state(job_id) == "ready"
    queue.run("select delete_schedule('nightly', 'ann', 'no use')")
    assert queue.all("select * from schedule_list()") == []
    actions = queue.all("select action from operations order by id")
    assert [row.action for row in actions] == ["set", "run", "delete"]


def test_cron_in_a_time_zone(queue):
    """A cron schedule is local to its zone, and shows what is to come."""
    _set(queue, cron="0 9 * * mon", timezone="Europe/Berlin")
    times = queue.all("select schedule_preview('nightly', 2) at time zone 'UTC'")
    assert [f"{row[0]:%m-%d %H:%M}" for row in times] == ["01-07 08:00", "01-14 08:00"]


@pytest.mark.parametrize(
    "options",
    [{}, {"every": "5 minutes", "cron": "* * * * *"}, {"every": "0 s"},
     {"every": "a while"}, {"every": "1 month"}, {"every": "1 year"},
     {"every": "1 day", "timezone": "Europe/Berlin"},
     {"every": "5 minutes", "x": 1},
     {"every": "5 minutes", "catch_up": "perhaps"}, {"every": "5 minutes", "job": None},
     {"every": "5 minutes", "job": {"queue": "none", "kind": "k"}},
     {"every": "5 minutes", "job": {"queue": "default", "kind": "k", "dedupe_key": "a"}},
     {"cron": "* * *"}, {"cron": "* * * * *", "timezone": "Mars"}],
)  # fmt: skip
def test_what_makes_no_sense_is_refused(queue, options):
    """Nothing is made of it, and it says what is wrong."""
    error = queue.failure("select set_schedule('nightly', %s)", json.dumps({"job": JOB, **options}))
    assert error.sqlstate in {"JQ005", "JQ004"}
    assert queue.all("select * from schedules") == []


def test_an_unknown_name_is_told_with_those_there_are(queue):
    """A mistyped name is an error that helps."""
    _set(queue)
    error = queue.failure("select pause_schedule('nigthly', 'ann')")
    assert (error.sqlstate, error.diag.message_hint) == ("JQ001", "there are: nightly")


def test_old_ticks_are_forgotten(queue):
    """Ninety days of ticks are kept."""
    _set(queue)
    queue.at(300)
    _tick(queue)
    queue.at(100 * 86_400)
    queue.run("select prune()")
    assert queue.one("select count(*) from schedule_ticks") == 0


def test_who_changed_a_schedule_is_on_record(queue):
    """Made and changed is an operation with who, why and what; told again the same is none."""
    made = "select set_schedule('nightly', %s, %s, %s)"
    options = {"every": "1 hour", "job": JOB}
    queue.run(made, json.dumps(options), "ann", "reports")
    queue.run(made, json.dumps(options), "ben", None)
    queue.run(made, json.dumps(options | {"every": "2 hours"}), "ben", "too many")
    first, second = queue.all("select * from operations order by id")
    assert (first.action, first.who, first.why) == ("set", "ann", "reports")
    assert first.filter["schedule"] == "nightly"
    assert first.filter["changed"]["every"] == {"from": None, "to": "01:00:00"}
    assert (second.who, second.why) == ("ben", "too many")
    assert second.filter["changed"] == {"every": {"from": "01:00:00", "to": "02:00:00"}}


def test_who_changed_a_breaker_is_on_record(queue):
    """Likewise what a breaker tolerates; one that is only made is no news."""
    queue.run("select set_breaker('relay')")
    queue.run("select set_breaker('relay', '{\"minimum\": 7}', 'ann', 'it is small')")
    queue.run("select set_breaker('relay', '{\"minimum\": 7}', 'ben')")
    (only,) = queue.all("select * from operations")
    assert (only.action, only.who, only.why) == ("set", "ann", "it is small")
    assert only.filter["breaker"] == "relay" and only.filter["changed"]["minimum"]["to"] == 7


def test_a_busy_key_is_tried_once_for_all_its_schedules(queue, another):
    """Schedules of a key that somebody has do not wait for it one after the other."""
    job = {"queue": "default", "kind": "k", "ordering_key": "k"}
    options = json.dumps({"every": "5 s", "job": job})
    queue.run("select set_schedule('s' || n, %s) from generate_series(1, 80) n", options)
    queue.at(10)
    sender = another()
    with sender.transaction():
        sender.enqueue(ordering_key="k")
        queue.run("set statement_timeout = '6 s'")  # each of them would wait for a tenth of one
        assert queue.all("select * from tick_schedules(1000)") == []
    assert len(queue.all("select * from tick_schedules(1000)")) == 80
