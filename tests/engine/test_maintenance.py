"""Maintenance: promote, rescue, expire, prune, and the partitions of the history."""

import json
from datetime import timedelta

import pytest
from psycopg import Rollback
from tests.reads import counted

LATER = 3652 * 86400  # 2040-01-01: no other test has made partitions for these days


def test_maintain_does_all_of_it_for_every_queue(queue):
    """One call promotes, rescues, expires and prunes, in all queues, and says how many."""
    queue.policy("other", lease="1 second")
    queue.enqueue("other")
    queue.claim("other")
    queue.policy(dedupe_retention="1 second")
    queue.enqueue(dedupe_key="old")
    queue.verdict(queue.claim_one(), "delivered")
    queue.enqueue(run_at=queue.at(0) + timedelta(seconds=5))
    queue.enqueue("other", expires_at=queue.at(0) + timedelta(seconds=5))
    queue.run("select set_idle('gone', 'other', '-2 minutes')")
    queue.at(10)
    assert queue.row("select * from maintain()") == (1, 1, 1, 1, 0, 0)
    assert queue.all("select from idle_workers") == []
    assert queue.row("select * from maintain()") == (0, 0, 0, 0, 0, 0)


def test_a_rescue_is_of_one_queue_and_so_many(queue):
    """A claim takes back what its own queue lost, and nobody more than was asked for."""
    for name in ("one", "two"):
        queue.policy(name, lease="1 second")
        queue.enqueue_many(*({"queue": name, "kind": "k"} for _ in range(3)))
        queue.claim(name)
    queue.at(10)
    leases = "select string_agg(queue, ' ' order by queue) from leased_jobs"
    assert queue.one("select rescue('two', 2)") == 2
    assert queue.one("select rescue('two')") == 1
    assert queue.one(leases) == "one one one"
    queue.claim("two", lease="1 second")
    queue.at(20)
    assert queue.one("select rescue(p_limit => 4)") == 4


def test_dead_letters_are_forgotten_by_age(queue):
    """A dead letter is kept for its queue's dead_retention and then pruned, in bounded bites."""
    queue.policy(dead_retention="2 days")
    for _ in range(3):
        queue.kill()
    queue.at(2 * 86400 - 1)
    assert queue.one("select prune()") == 0
    queue.at(2 * 86400 + 1)
    assert queue.one("select prune(2)") == 2
    assert queue.one("select prune(2)") == 1
    assert queue.all("select * from jobs") == []


def test_what_others_keep_is_not_read(queue):
    """Where nothing is due, forgetting reads nothing of what queues with more patience keep."""
    queue.policy("short", dedupe_retention="1 hour", dead_retention="1 day")
    queue.run("select prune()")  # planned while there is nothing
    queue.run(
        "insert into dedupe_keys select 'default', '', n::text, gen_random_uuid(),"
        " clock() - n * interval '1 s' from generate_series(1, 5000) n"
    )
    queue.kill()
    queue.run(
        "insert into dead_letters select (jsonb_populate_record(d, jsonb_build_object("
        " 'id', gen_random_uuid(), 'died_at', clock() - n * interval '1 min'))).*"
        " from dead_letters d, generate_series(1, 5000) n"
    )
    for statistics in ("select", "analyze"):  # the server makes them by itself, sooner or later
        queue.run(statistics)
        with counted(queue.connection) as read:
            assert queue.one("select prune()") == 0
        assert read["dedupe_keys"] == read["dead_letters"] == 0
    queue.at(90 * 86400 - 3600)
    assert queue.one("select prune()") == 1400 + 4940


def test_a_letter_that_is_to_be_replayed_is_kept(queue):
    """What an open replay is still to bring back does not become too old meanwhile."""
    queue.policy(dead_retention="2 days")
    waiting, late = queue.kill(), queue.kill()
    ids = json.dumps({"ids": [str(waiting)]})
    replay = queue.one("select create_replay(%s, 'ann', 'mended', 0.001)", ids)
    queue.at(3 * 86400)
    assert queue.one("select prune()") == 1
    assert queue.all("select id from dead_letters") == [(waiting,)]
    queue.run("select cancel_replay(%s, 'ann')", replay)
    assert queue.one("select prune()") == 1
    assert late not in {i for (i,) in queue.all("select id from jobs")}


def test_forgotten_limits_go_faster_than_they_come(queue):
    """Keys of limits that a stranger makes up are forgotten by the ten thousand."""
    queue.run(
        "insert into rate_limits select n % 2 = 0, n::text, 'p', 1, 1, 1, 1"
        " from generate_series(1, 20000) n"
    )
    assert queue.one("select prune()") == 20000


def test_limits_are_read_through_now_and_then(queue):
    """However many workers ask, what limits leave behind is looked for once in ten seconds."""
    take = "select take_slot('k' || %s, 1, '1 second')"
    queue.run(take, 1)
    left = []
    for second in (5, 13, 15):
        queue.at(second)
        queue.run("select prune()")
        queue.run(take, second)
        left.append(queue.one("select count(*) from slots"))
    assert left == [1, 2, 1]


def test_breakers_that_say_nothing_are_forgotten(queue):
    """One that nobody told of or tried for a month is gone; one that was set or paused stays."""
    for name in ("idle", "used", "set", "paused"):
        queue.run("select tell_breaker(%s, 1, 0)", name)
    queue.run("select tell_breaker('removed', 0, 10, p_because => 'no answer')")
    queue.run("select set_breaker('set', '{\"minimum\": 3}')")
    queue.run("select pause_breaker('paused', 'ann')")
    queue.at(30 * 86400)
    queue.run("select tell_breaker('used', 1, 0)")
    queue.at(30 * 86400 + 1)
    assert queue.one("select prune_breakers(clock())") == 1  # the other was open for a while
    queue.at(30 * 86400 + 60)
    assert queue.one("select prune_breakers(clock())") == 1
    assert queue.all("select name from breakers order by 1") == [("paused",), ("set",), ("used",)]
    queue.run("select prune()")
    assert queue.one("select count(*) from breakers") == 3


def test_silent_workers_are_forgotten(queue):
    """A worker that was not heard of for an hour is off the list."""
    queue.run("select heartbeat('w1', '{default}', 'box', 1)")
    queue.at(3599)
    queue.run("select prune()")
    assert queue.one("select count(*) from workers") == 1
    queue.at(3601)
    queue.run("select prune()")
    assert queue.one("select count(*) from workers") == 0


def _partitions(queue, table):
    rows = queue.all(
        "select c.relname from pg_inherits h join pg_class c on c.oid = h.inhrelid"
        " where h.inhparent = %s::regclass order by 1",
        table,
    )
    return [name for (name,) in rows]


def test_partitions_are_made_ahead_and_dropped_behind(queue):
    """Days to come get a partition; days older than any queue keeps are dropped."""
    queue.policy(retention="2 days", max_age="1 day")
    with queue.transaction():
        queue.at(LATER)
        assert queue.row("select * from maintain_partitions(2)").made == 6
        assert queue.row("select * from maintain_partitions(2)") == (0, 0)
        queue.enqueue()
        queue.verdict(queue.claim_one(), "delivered")
        place = "select tableoid::regclass::text from finished_jobs"
        assert queue.one(place) == "finished_jobs_2040_01_01"
        queue.at(LATER + 3 * 86400)
        queue.run("select maintain_partitions(0)")
        assert "finished_jobs_2040_01_01" in _partitions(queue, "finished_jobs")
        queue.at(LATER + 5 * 86400)
        queue.run("select maintain_partitions(0)")
        assert "finished_jobs_2040_01_01" not in _partitions(queue, "finished_jobs")
        assert "attempts_2040_01_01" not in _partitions(queue, "attempts")
        assert queue.all("select * from jobs") == []
        raise Rollback


def test_the_default_partition_refuses_nothing(queue):
    """Without a partition for the day a job still ends, and can be found."""
    queue.at(LATER)
    job_id = queue.enqueue()
    queue.verdict(queue.claim_one(), "delivered")
    place = queue.one("select tableoid::regclass::text from finished_jobs")
    assert place == "finished_jobs_default"
    assert queue.state(job_id) == "done"


def test_a_day_with_rows_in_the_default_partition(queue):
    """Maintenance that comes late leaves a day to the default partition, and goes on."""
    with queue.transaction():
        queue.at(LATER)
        queue.enqueue()
        queue.verdict(queue.claim_one(), "retry")
        queue.at(LATER + 86400)
        queue.verdict(queue.claim_one(), "delivered")
        queue.at(LATER)
        assert queue.row("select * from maintain_partitions(2)").made == 4
        raise Rollback


def test_the_default_partition_forgets_too(queue):
    """What ended up in the default partition is not kept for ever."""
    queue.policy(retention="2 days", max_age="1 day")
    with queue.transaction():
        queue.at(LATER)
        queue.enqueue()
        queue.verdict(queue.claim_one(), "delivered")
        assert queue.one("select count(*) from finished_jobs_default") == 1
        queue.at(LATER + 30 * 86400)
        queue.run("select maintain()")
        assert queue.all("select * from finished_jobs") == []
        raise Rollback


def test_sql_alone_keeps_the_partitions_up(queue):
    """Who calls nothing but maintain() has partitions for the days to come."""
    with queue.transaction():
        queue.at(LATER)
        queue.run("select maintain()")
        assert "finished_jobs_2040_01_02" in _partitions(queue, "finished_jobs")
        raise Rollback


@pytest.fixture
def days(queue):
    """The partitions that a test has committed are gone after it."""
    yield
    queue.connection.rollback()
    for table in ("finished_jobs", "attempts"):
        for name in _partitions(queue, table):
            if "_2040_" in name:
                queue.run(f"drop table {name}")


@pytest.mark.usefixtures("days")
def test_a_reader_stops_nobody(queue, another, background):
    """A transaction that has looked at the jobs and stays open holds up no maintenance, no work."""
    queue.at(LATER)
    queue.enqueue()
    job = queue.claim_one()
    reader, keeper, worker = another(), another(), another()
    keeper.at(LATER)
    worker.at(LATER)
    with reader.transaction():
        reader.all("select * from jobs")
        keeping = background(keeper, keeper.row, "select * from maintain()")
        settling = background(worker, worker.verdict, job, "delivered")
        assert settling.result(60) == (True, "done")
        keeping.result(60)


@pytest.mark.usefixtures("days")
def test_two_maintainers_at_once(queue, another, background):
    """Two maintainers that both end jobs on a new day do not wait for each other in a circle."""
    queue.at(LATER)
    for _ in range(2):
        queue.enqueue(expires_at=queue.at(LATER))
    one, two, holder = another(), another(), another()
    one.at(LATER)
    two.at(LATER)
    with one.transaction():
        one.run("select expire('default', 1, clock())")
        with holder.transaction():
            holder.run("select pg_advisory_xact_lock(hashtext('holdfast.partitions holdfast'))")
            second = background(two, two.row, "select * from maintain()")
            first = background(one, one.row, "select * from maintain()")
        first.result(60)
    assert second.result(60).expired == 1


def test_a_queue_can_be_made_and_changed(queue):
    """A queue is made once with its policy; making it again leaves it as the operator has it."""
    assert queue.one("""select create_queue('mail', '{"batch": 7, "lease": "9 s"}')""") is True
    queue.run("""select set_queue('mail', '{"batch": 8}')""")
    assert queue.one("""select create_queue('mail', '{"batch": 7}')""") is False
    row = queue.row("select * from queues where name = 'mail'")
    assert (row.batch, row.lease) == (8, timedelta(seconds=9))


def test_a_policy_that_is_wrong_is_refused(queue):
    """Unknown columns and values out of range are refused by name; nothing has changed."""
    before = queue.row("select * from queues")
    error = queue.failure("""select set_queue('default', '{"max_atempts": 5}')""")
    assert (error.sqlstate, error.diag.message_primary) == ("JQ005", "unknown policy: max_atempts")
    for bad in ("max_attempts", "batch", "concurrency", "max_crashes", "lease", "timeout"):
        error = queue.failure(f"""select set_queue('default', '{{"{bad}": "0"}}')""")
        assert (error.sqlstate, bad in error.diag.message_primary) == ("JQ005", True)
    for name in ("", "Mail", "1st", "a b", "a" * 64, None):
        assert queue.failure("select create_queue(%s)", name).sqlstate == "JQ005"
    assert queue.all("select * from queues") == [before]


@pytest.mark.parametrize("part", ["tick", "replay"])
def test_maintain_ends_no_batch_that_takes_its_keys(queue, another, background, part):
    """What it does all at once meets a batch with the same keys: nobody ends as a deadlock."""
    queue.policy(lease="1 second", max_crashes=1)
    if part == "replay":
        queue.kill(ordering_key="a")
    queue.enqueue(ordering_key="z")
    queue.claim()
    if part == "tick":
        job = {"queue": "default", "kind": "k", "ordering_key": "a"}
        queue.run("select set_schedule('s', %s)", json.dumps({"every": "5 s", "job": job}))
    else:
        queue.run("""select create_replay('{"queue": "default"}', 'ann')""")
    batch, upkeep = another(), another()
    upkeep.at(10)  # the job of z is buried; what has a comes to its queue
    with batch.transaction():
        batch.enqueue(ordering_key="a")
        doing = background(upkeep, upkeep.row, "select * from maintain()")
        batch.enqueue(ordering_key="z")
    assert doing.result(60).rescued == 1
    upkeep.run("select * from maintain()")  # what was busy then
    states = upkeep.all("select ordering_key, state from jobs order by 1, 2")
    assert states == [("a", "ready"), ("a", "ready"), ("z", "dead"), ("z", "ready")]
    assert upkeep.all("select last_error from schedules") == [(None,)] * (part == "tick")


@pytest.mark.parametrize(
    ("call", "limit"),
    [
        ("select * from maintain()", "max_crashes"),
        ("select * from claim('default', 0)", "max_attempts"),
    ],
)
def test_a_key_that_somebody_has_holds_up_no_other(queue, another, call, limit):
    """What needs an ordering key of a long transaction is for later; all else is done, at once."""
    queue.policy(lease="1 second", **{limit: 1})
    for key in ("a", "b"):
        queue.enqueue(ordering_key=key)
        job = {"queue": "default", "kind": "tick", "ordering_key": key}
        queue.run("select set_schedule(%s, %s)", key, json.dumps({"every": "5 s", "job": job}))
    dead = [queue.kill(kind="again", because=key, ordering_key=f"{key}2") for key in ("a", "b")]
    for letter in dead:
        queue.run("select create_replay(%s, 'ann')", json.dumps({"ids": [str(letter)]}))
    queue.claim()
    sender = another()
    queue.at(10)
    with sender.transaction():
        sender.enqueue(ordering_key="a")
        sender.enqueue(ordering_key="a2")
        queue.run("set lock_timeout = '2 s'")
        queue.all(call)
        if limit == "max_attempts":  # a claim does not do these: they, too, wait for nobody
            queue.run("set lock_timeout = 0")
            queue.run("select * from tick_schedules()")
            queue.run("select step_replays()")
        assert [queue.state(job) for job in dead] == ["dead", "ready"]
        ticked = "select ordering_key from jobs where kind = 'tick'"
        assert [row.ordering_key for row in queue.all(ticked)] == ["b"]
        lost = queue.all("select ordering_key, state from jobs where kind = 'kind' order by 1")
        assert lost == [("a", "leased"), ("b", "dead")]
    queue.all(call)
    lost = "select state from jobs where kind = 'kind' and ordering_key = 'a' and crashes > 0"
    assert queue.one(lost) == "dead"


def test_a_tick_waits_with_no_key_of_a_lost_job_in_hand(queue, another, background):
    """A sender to both keys, who has that of the tick, is given the other one."""
    queue.policy(lease="1 second", max_crashes=1)
    lost = queue.enqueue(ordering_key="z")
    queue.claim()
    job = {"queue": "default", "kind": "tick", "ordering_key": "a"}
    queue.run("select set_schedule('s', %s)", json.dumps({"every": "5 seconds", "job": job}))
    sender, upkeep = another(), another()
    upkeep.at(10)
    sender.run("set deadlock_timeout = '10ms'")
    with sender.transaction():
        sender.enqueue(ordering_key="a")
        maintaining = background(upkeep, upkeep.row, "select * from maintain()")
        sender.enqueue(ordering_key="z")
    maintaining.result(60)
    queue.at(10)
    queue.run("select maintain()")
    assert queue.state(lost) == "dead"


def test_a_lost_job_whose_key_is_gone_is_buried_all_the_same(queue):
    """A key that nobody has at all is not busy: the job does not wait for it for ever."""
    queue.policy(lease="1 second", max_crashes=1)
    job = queue.enqueue(ordering_key="k")
    queue.claim()
    queue.run("delete from ordering_keys")
    queue.at(10)
    assert queue.row("select * from maintain()").rescued == 1
    assert queue.state(job) == "dead"
