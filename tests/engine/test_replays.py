"""Replays as operations: fixed, watched, stopped, and one first."""

import json
import threading

import pytest
from tests.reads import counted


def _kill(queue, count, **options):
    """Letters in the order of a replay: of those that died at one moment the ids count."""
    return sorted(queue.kill(because="it broke", **options) for _ in range(count))


def _create(queue, filter=None, **options):  # noqa: A002  the word of the function
    named = {"p_" + name: value for name, value in options.items()}
    more = "".join(f", {name} => %s" for name in named)
    return queue.one(
        f"select create_replay(%s, 'ann'{more})", json.dumps(filter or {}), *named.values()
    )


def _step(queue):
    return queue.one("select step_replays()")


def _show(queue, number):
    return queue.one("select replay_show(%s)", number)


def test_all_that_it_names_come_back(queue):
    """Each letter is a job again, and the replay says what became of them."""
    letters = _kill(queue, 3)
    number = _create(queue)
    assert [queue.state(letter) for letter in letters] == ["dead"] * 3
    assert _step(queue) == 3
    assert [queue.state(letter) for letter in letters] == ["ready"] * 3
    for job in queue.claim(limit=2):
        queue.verdict(job, "delivered")
    shown = _show(queue, number)
    assert (shown["state"], shown["items"]) == ("done", {"replayed": 3})
    assert shown["became"] == {"done": 2, "ready": 1}


def test_the_letters_are_fixed_when_it_is_made(queue):
    """What dies after that is not part of it, whatever the filter says."""
    _kill(queue, 2)
    number = _create(queue)
    late = queue.enqueue()
    queue.verdict(next(j for j in queue.claim() if j.id == late), "dead", because="it broke")
    while _step(queue):
        pass
    assert queue.state(late) == "dead"
    assert _show(queue, number)["total"] == 2


def test_a_plan_changes_nothing_and_counts(queue):
    """How many, which not and why, of which queues and groups."""
    _kill(queue, 3)
    _create(queue, limit=1)
    plan = queue.one("select plan_replay('{}')")
    assert (plan["matching"], plan["replayable"]) == (3, 2)
    assert plan["excluded"] == {"it is in another replay": 1}
    assert (plan["queues"], list(plan["groups"].values())) == ({"default": 2}, [2])


def test_why_letters_are_left_out_is_found_for_all_at_once(queue):
    """A plan and a replay of many letters make no call for each of them, and look each one up."""
    queue.run("vacuum replay_items")  # what other tests have deleted is read over
    _kill(queue, 40)
    _create(queue, limit=15)
    queue.run("set track_functions = 'all'")
    calls = """select coalesce(sum(calls), 0)::integer from pg_stat_xact_user_functions
               where funcname = 'replay_excluded'"""
    with counted(queue.connection) as read:
        plan = queue.one("select plan_replay('{}')")
        number = _create(queue)
        assert queue.one(calls) <= 3
    assert plan["excluded"] == {"it is in another replay": 15}
    assert _show(queue, number)["items"] == {"excluded": 15, "waiting": 25}
    assert read["replay_items"] <= 300, read


def test_a_rate_holds_between_calls(queue):
    """Two a second: each letter has its own moment, and no call goes too far ahead."""
    _kill(queue, 30)
    number = _create(queue, rate=2)
    assert _step(queue) == 10
    assert _step(queue) == 0
    assert len(queue.claim()) == 1
    queue.at(2)
    assert _step(queue) == 4
    assert len(queue.claim()) == 4
    queue.at(100)
    _step(queue)
    assert _show(queue, number)["state"] == "done"


def test_several_who_step_at_once_replay_each_once(queue, another):
    """Four sessions step the same replay: every letter comes back once."""
    letters = _kill(queue, 40)
    number = _create(queue)
    sessions, counts = [another() for _ in range(4)], []
    threads = [threading.Thread(target=lambda s=s: counts.append(_step(s))) for s in sessions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(counts) == 40
    assert len({job.id for job in queue.claim()} & set(letters)) == 40
    assert _show(queue, number)["replayed"] == 40


def test_a_step_that_is_cut_off_is_done_again(queue):
    """Nothing is half replayed: the next step takes what the last one lost."""
    letters = _kill(queue, 3)
    _create(queue)
    queue.run("begin")
    _step(queue)
    queue.run("rollback")
    assert {queue.state(letter) for letter in letters} == {"dead"}
    assert _step(queue) == 3


def test_letters_that_are_gone_are_told(queue):
    """Somebody replayed or discarded them meanwhile: that is an outcome, not an error."""
    first, second, third = _kill(queue, 3)
    number = _create(queue)
    queue.run("select replay(%s, 'bob')", first)
    queue.run(
        "select discard_dead_letters(%s, 'bob', 'no use')", json.dumps({"ids": [str(second)]})
    )
    assert _step(queue) == 1
    assert _show(queue, number)["items"] == {"gone": 2, "replayed": 1}
    items = queue.all("select * from replay_item_list(%s)", number)
    assert [item.because for item in items[:2]] == ["it is ready by now", "it is cancelled by now"]
    assert queue.state(third) == "ready"


def test_which_ones_died_again_is_asked_for(queue):
    """Of a large replay one reads what failed, not everything: by outcome, by state, by pages."""
    letters = _kill(queue, 5)
    number = _create(queue, limit=4)
    _step(queue)
    (again,) = queue.claim(limit=1)
    queue.verdict(again, "dead", because="again")

    def listed(limit=50, **chosen):
        asked = "select job_id from replay_item_list(%s, %s, %s)"
        return [row.job_id for row in queue.all(asked, number, json.dumps(chosen), limit)]

    with counted(queue.connection) as read:  # of a million that are done nobody is looked at
        assert listed(outcome="replayed", state="dead") == [again.id]
    assert read["ready_jobs"] == 0
    assert listed(state="ready") == [letter for letter in letters[:4] if letter != again.id]
    assert listed(state="forgotten") == []
    _, second = listed(2)
    assert [*listed(2), *listed(after=str(second))] == letters[:4]
    for wrong, sqlstate in (
        ({"after": str(letters[4])}, "JQ001"), ({"status": "dead"}, "JQ005"),
        ({"state": "died"}, "JQ005"), ({"outcome": "dead"}, "JQ005"),
    ):  # fmt: skip
        asked = "select replay_item_list(%s, %s)"
        assert queue.failure(asked, number, json.dumps(wrong)).sqlstate == sqlstate


@pytest.mark.parametrize(
    ("verdict", "state", "others"),
    [("delivered", "running", "ready"), ("dead", "stopped", "dead")],
)
def test_a_canary_goes_first(queue, verdict, state, others):
    """One letter is tried; only if it is done the others follow, else they stay dead."""
    letters = _kill(queue, 5)
    number = _create(queue, canary=True)
    assert _step(queue) == 1
    assert (_step(queue), _show(queue, number)["state"]) == (0, "canary")
    queue.verdict(queue.claim_one(), verdict, because="again")
    _step(queue)
    shown = _show(queue, number)
    assert shown["state"] == ("done" if state == "running" else state)
    assert {queue.state(letter) for letter in letters[1:]} == {others}
    if others == "dead":
        assert "stay dead" in shown["note"]
        assert queue.one("select plan_replay('{}')")["replayable"] == 5


def test_cancelled_half_way(queue):
    """What came back goes on, the rest stays dead and can be replayed again; both are recorded."""
    letters = _kill(queue, 20)
    number = _create(queue, rate=1)
    _step(queue)
    assert queue.one("select cancel_replay(%s, 'bob', 'wrong group')", number) == 15
    queue.at(100)
    assert _step(queue) == 0
    assert [queue.state(letter) for letter in letters].count("dead") == 15
    actions = queue.all("select action, who, affected from operations order by id")
    assert [tuple(row) for row in actions[-2:]] == [("replay", "ann", 20), ("cancel", "bob", 15)]
    error = queue.failure("select cancel_replay(%s, 'bob')", number)
    assert error.sqlstate == "JQ003"
    assert queue.one("select plan_replay('{}')")["replayable"] == 15


def test_maintain_goes_on_with_it(queue):
    """Nobody has to stay: every worker moves it on."""
    _kill(queue, 3)
    _create(queue)
    assert queue.row("select * from maintain()").replayed == 3


def test_nothing_to_replay_is_done_at_once(queue):
    """An empty replay ends, and harms nobody; with a canary, too."""
    for canary in (False, True):
        number = _create(queue, canary=canary)
        _step(queue)
        assert _show(queue, number)["state"] == "done"


@pytest.mark.parametrize(
    "call",
    ["create_replay('{\"que\": 1}', 'ann')", "create_replay('{}', '')",
     "create_replay('{}', 'ann', p_rate => 0)", "create_replay('{}', 'ann', p_rate => 'NaN')",
     "create_replay('[]', 'ann')"],
)  # fmt: skip
def test_what_makes_no_sense_is_refused(queue, call):
    """It says what is wrong and leaves nothing behind."""
    assert queue.failure(f"select {call}").sqlstate == "JQ005"
    assert queue.all("select * from replays") == []


@pytest.mark.parametrize("call", ["replay_show(99)", "cancel_replay(99, 'ann')"])
def test_an_unknown_number_is_told(queue, call):
    """What is not there has an error of its own, which is 404 by HTTP."""
    assert queue.failure(f"select {call}").sqlstate == "JQ001"


def test_a_pause_is_not_made_up_for(queue):
    """After an hour in which nobody stepped, the rate holds: there is no flood."""
    _kill(queue, 60)
    _create(queue, rate=1)
    queue.at(3600)
    assert _step(queue) <= 11
    assert len(queue.claim()) <= 6


def test_two_replays_made_at_once_share_no_letter(queue, another, background):
    """Each letter is in one of them; the other says that it was left out."""
    _kill(queue, 10)
    first, second = another(), another()
    first.run("begin")
    one = _create(first)
    waiting = background(second, _create, second)
    first.run("commit")
    two = waiting.result()
    assert _show(queue, one)["items"] == {"waiting": 10}
    assert _show(queue, two)["items"] == {"excluded": 10}


def test_one_that_can_not_come_back_does_not_stop_the_others(queue):
    """Its queue was taken away: that is told of it, and maintain goes on for everybody."""
    queue.policy("gone")
    queue.kill("gone", because="it broke")
    _kill(queue, 2)
    number = _create(queue)
    queue.run("delete from queues where name = 'gone'")
    queue.run("alter table ready_jobs add constraint no_gone check (queue <> 'gone')")
    try:
        assert queue.row("select * from maintain()").replayed == 2
    finally:
        queue.run("alter table ready_jobs drop constraint no_gone")
    assert _show(queue, number)["items"] == {"excluded": 1, "replayed": 2}


def test_a_canary_that_is_forgotten_stops_the_replay(queue):
    """Nobody knows whether it went well: the others stay dead."""
    _kill(queue, 3)
    number = _create(queue, canary=True)
    _step(queue)
    queue.run("delete from ready_jobs")
    _step(queue)
    shown = _show(queue, number)
    assert (shown["state"], "forgotten" in shown["note"]) == ("stopped", True)


def test_a_slow_replay_begins_at_once(queue):
    """At one letter in a hundred seconds the first one is not a hundred seconds late."""
    for _ in range(3):
        queue.kill()
    _create(queue, rate=0.01)
    steps = []
    for moment in (0, 94, 96, 194, 196):
        queue.at(moment)
        steps.append(queue.one("select step_replays()"))
    assert steps == [1, 0, 1, 0, 1]


def test_a_long_replay_does_not_decay_under_an_old_snapshot(queue, another):
    """While somebody's transaction stays open, the last letters cost no more than the first."""
    queue.kill()
    queue.run(
        "insert into dead_letters select (jsonb_populate_record(d, jsonb_build_object("
        " 'id', gen_random_uuid()))).* from dead_letters d, generate_series(1, 1199)"
    )
    queue.run("select create_replay('{}', 'ann')")
    old = another()
    old.run("begin isolation level repeatable read")
    old.run("select count(*) from replays")
    for _ in range(11):
        assert queue.one("select step_replays(100)") == 100
    with counted(queue.connection) as read:
        assert queue.one("select step_replays(10)") == 10
    old.run("rollback")
    assert read["replay_items"] < 2000
    assert queue.one("select step_replays(100)") == 90
    assert queue.one("select state from replays") == "done"


@pytest.mark.parametrize("canary", [False, True])
def test_a_busy_letter_is_put_off_and_holds_up_no_other(queue, another, canary):
    """A letter that somebody has, or its key, is passed over, and comes back in a later step."""
    busy, keyed, new = queue.kill(), queue.kill(ordering_key="k"), queue.kill(ordering_key="n")
    free = queue.kill()
    queue.enqueue(ordering_key="k")
    number = _create(queue, canary=canary)
    other = another()
    with other.transaction():
        other.run("select from dead_letters where id = %s for update", busy)
        other.enqueue(ordering_key="k")
        other.enqueue(ordering_key="n")  # nobody had that key before
        for _ in range(4 if canary else 1):
            _step(queue)
        assert [queue.state(x) for x in (busy, keyed, new, free)] == ["dead"] * 3 + ["ready"]
        if canary:
            jobs = {job.id: job for job in queue.claim()}
            queue.verdict(jobs[free], "delivered")
            _step(queue)
        assert _show(queue, number)["state"] == "running"
    assert _step(queue) == 3
    assert _show(queue, number)["items"] == {"replayed": 4}
    assert _show(queue, number)["state"] == "done"


def test_letters_of_a_key_come_back_in_their_order(queue, another):
    """One that was put off since its key was busy goes before those of the key that died later."""
    first = queue.kill(ordering_key="k")
    queue.at(1)
    _kill(queue, 2)
    queue.at(2)
    last = queue.kill(ordering_key="k")
    number = _create(queue)
    other = another()
    other.run("begin")
    other.enqueue(ordering_key="k")
    assert queue.one("select step_replays(1)") == 1
    other.run("rollback")
    assert _step(queue) == 2
    assert _step(queue) == 1
    assert _show(queue, number)["state"] == "done"
    assert [queue.job(letter).waits_for for letter in (first, last)] == [None, "key"]


@pytest.mark.parametrize("canary", [False, True])
def test_a_letter_that_was_put_off_and_is_gone_holds_up_none_of_its_key(queue, another, canary):
    """A person discards it meanwhile, and those behind it come back; a step looks at a few."""
    first, *others = _kill(queue, 4, ordering_key="k")
    number = _create(queue, canary=canary)
    other = another()
    other.run("begin")
    other.enqueue(ordering_key="k")
    assert queue.one("select step_replays(1)") == 0
    assert _show(queue, number)["gone_to"] == 2
    assert _step(queue) == 0
    other.run("rollback")
    queue.run("select discard_dead_letters(%s, 'ann', 'no')", json.dumps({"ids": [str(first)]}))
    _step(queue)
    if canary:
        queue.verdict(queue.claim_one(), "delivered")
    _step(queue)
    assert _show(queue, number)["items"] == {"gone": 1, "replayed": 3}
    waiting = [letter for letter in others if queue.job(letter).waits_for == "key"]
    assert waiting == others[2 if canary else 1 :]


def test_replays_of_the_same_letters_are_made_in_one_order(queue):
    """Whoever fixes letters fixes them in the replay's order, so that two of them wait in a row."""
    for moment in range(8, 0, -1):
        queue.at(moment)
        queue.kill()
    number = _create(queue)
    rows = queue.all("select ordinal from replay_items where replay = %s order by ctid", number)
    assert [row.ordinal for row in rows] == list(range(1, 9))


def test_letters_that_stay_busy_do_not_decay_a_replay(queue, another):
    """While somebody has a key for long, a step looks at its letters, not at the past."""
    queue.run("vacuum analyze replay_items")  # plans are made for very few
    for _ in range(30):
        queue.kill(ordering_key="k")
    _create(queue)
    sender = another()
    with sender.transaction():
        sender.enqueue(ordering_key="k")
        sender.run("select from replays")
        for _ in range(20):
            assert _step(queue) == 0
        with counted(queue.connection) as read:
            assert _step(queue) == 0
    assert read["replay_items"] < 400
    assert _step(queue) == 30
