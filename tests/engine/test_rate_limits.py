"""Rate limits in SQL, as any language calls them."""

import json
import threading
from pathlib import Path

import psycopg
import pytest
from tests.reads import counted

VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "gcra.json").read_text())
TEN = {"quota": 10, "per": 10}


def _check(session, keys=("a",), policies=TEN, cost=1, mode="charge", inside=False):
    return session.all(
        "select * from rate_check(%s, %s, %s, %s, %s)",
        list(keys), json.dumps(policies), cost, mode, inside,
    )  # fmt: skip


def _one(session, *args, **kwargs):
    (answer,) = _check(session, *args, **kwargs)
    return answer


def test_agrees_with_the_vectors(queue):
    """The SQL functions and the Python ones compute the same."""
    for v in VECTORS:
        period = int(v["per"] * 1e9)
        left = queue.one(
            "select rate_left(%s::bigint, %s::integer, %s::bigint, %s::integer, %s::bigint)",
            v["full_at"], v["quota"], period, v["burst"], v["now"],
        )  # fmt: skip
        worth = queue.one(
            "select rate_worth(%s::integer, %s::integer, %s::bigint)",
            v["units"],
            v["quota"],
            period,
        )
        assert left == v["left"], v
        assert max(v["now"], max(v["full_at"], v["now"]) + worth) == v["after"], v


def test_so_many_and_no_more(queue):
    """Ten pass, the eleventh is told when to come again, and passes then."""
    assert [_one(queue).remaining for _ in range(10)] == [9, 8, 7, 6, 5, 4, 3, 2, 1, 0]
    refused = _one(queue)
    assert (refused.allowed, refused.remaining) == (False, 0)
    assert refused.retry_after == pytest.approx(1)
    assert refused.reset_after == pytest.approx(10)
    queue.at(1)
    assert _one(queue).allowed
    assert not _one(queue).allowed


def test_who_waits_for_a_new_key_holds_no_other(queue, another, background):
    """Rows that are missing are made before the others are locked: nobody waits in a circle."""
    _one(queue, ["b"])
    asking = another()
    with queue.transaction():
        _one(queue, ["a"], inside=True)
        both = background(asking, _check, asking, ("a", "b"))
        assert not both.done()
        queue.run("select from rate_limits where key = 'b' for update nowait")
    assert [answer.remaining for answer in both.result(60)] == [8, 8]


def test_a_key_that_was_pruned_meanwhile_is_made_anew(queue):
    """Between the look and the lock somebody may have forgotten it."""
    wishes = json.dumps([{"keys": ["a"], "policies": TEN}])
    assert queue.one("select lock_rates(read_rate_checks(%s), '{1}')", wishes) == [0]


def test_keys_and_policies_have_their_own(queue):
    """One key does not use up another one's units, nor one policy those of another."""
    _one(queue, cost=10)
    assert _one(queue, ["b"]).allowed
    assert _one(queue, policies={**TEN, "name": "other"}).allowed


def test_all_or_none(queue):
    """If one of several limits refuses, none is charged, and each says how it stands."""
    both = [{"name": "burst", "quota": 2, "per": 1}, {"name": "daily", "quota": 100, "per": 86400}]
    for _ in range(2):
        assert all(a.allowed for a in _check(queue, ["k", "k"], both))
    burst, daily = _check(queue, ["k", "k"], both)
    assert (burst.allowed, daily.allowed, daily.remaining) == (False, True, 98)


def test_too_much_at_once_charges_nothing(queue):
    """A cost that does not fit is refused whole: what was left is left."""
    _one(queue, cost=8)
    refused = _one(queue, cost=3)
    assert (refused.allowed, refused.granted, refused.remaining) == (False, 0, 2)
    assert _one(queue, cost=2).allowed


def test_a_refusal_writes_nothing(queue):
    """A refusal takes no transaction number, locks no row, and leaves no trace."""
    _one(queue, cost=10)
    with queue.transaction():
        assert not _one(queue).allowed
        assert _one(queue, mode="peek", cost=0).remaining == 0
        assert queue.one("select pg_current_xact_id_if_assigned()") is None


@pytest.mark.parametrize("args", [{"mode": "peek"}, {"cost": 0}])
def test_a_look_charges_nothing(queue, args):
    """Peek says what a charge would, a cost of nothing is always allowed; neither is counted."""
    for _ in range(30):
        assert _one(queue, **args).allowed
    assert _one(queue, cost=10).allowed


def test_what_never_fits_is_told_never(queue):
    """A cost above the burst has no time to come again."""
    answer = _one(queue, cost=11)
    assert (answer.allowed, answer.retry_after) == (False, None)


def test_as_much_as_there_is(queue):
    """up_to grants what is left, of all limits together, and no more."""
    assert _one(queue, cost=7).allowed
    assert _one(queue, cost=7, mode="up_to").granted == 3
    assert _one(queue, cost=7, mode="up_to").granted == 0


def test_units_come_back(queue):
    """A refund gives back what was not used, and never more than there can be."""
    _one(queue, cost=10)
    _one(queue, cost=4, mode="refund")
    assert _one(queue, cost=4).allowed
    _one(queue, cost=1000, mode="refund")
    assert not _one(queue, cost=11, mode="charge").allowed
    assert _one(queue, cost=10).allowed


def test_a_policy_may_change_while_in_use(queue):
    """A new limit holds at once, and the time that was used up stays used up."""
    _one(queue, cost=10)
    assert not _one(queue, policies={"quota": 1, "per": 10}).allowed
    assert _one(queue, policies={"quota": 100, "per": 100}).remaining == 89


def test_durable_limits_are_written_ahead(queue):
    """A durable limit lives in a logged table, the others in one that a crash empties."""
    _one(queue)
    _one(queue, ["b"], {**TEN, "durable": True})
    kept = queue.all(
        "select r.key, c.relpersistence from rate_limits r join pg_class c on c.oid = r.tableoid"
        " order by 1"
    )
    assert [tuple(row) for row in kept] == [("a", "u"), ("b", "p")]


def test_many_at_once_are_counted_exactly(queue, another):
    """Sixteen sessions ask at the same time: as many pass as there are units."""
    sessions, passed = [another() for _ in range(8)], []

    def ask(session):
        policy = {"quota": 50, "per": 3600}
        passed.extend([_one(session, policies=policy).allowed for _ in range(20)])

    threads = [threading.Thread(target=ask, args=[s]) for s in sessions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(passed), sum(passed)) == (160, 50)


def test_keys_in_any_order_do_not_lock_in_a_circle(queue, another):
    """Checks of the same keys in different orders wait for each other in a row."""
    sessions, failed = [another() for _ in range(6)], []

    def ask(session, keys):
        try:
            for n in range(30):
                _check(session, [*keys, f"new {n}"], {"quota": 1000000, "per": 1})
        except psycopg.Error as error:
            failed.append(error)

    orders = [["a", "b", "c"], ["c", "b", "a"], ["b", "a", "c"]] * 2
    threads = [threading.Thread(target=ask, args=a) for a in zip(sessions, orders, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []


def test_the_clock_is_read_after_the_lock(queue, another, background):
    """Whoever waited for the row is judged by the time at which he got it."""
    first, second = another(), another()
    for session in (first, second):
        session.run("set holdfast.now = ''")
    tight = {"quota": 1, "per": 0.2}
    _one(first, policies=tight, cost=0)
    first.run("begin")
    _one(first, ["a"], tight, inside=True, mode="refund")
    first.run("insert into rate_limits values (false, 'a', 'default', 0, 1, 200000000, 1)"
              " on conflict do nothing")  # fmt: skip
    waiting = background(second, _one, second, ["a"], tight)
    first.run("select pg_sleep(0.01)")
    released = first.one("select nanoseconds(clock_timestamp())")
    first.run("commit")
    assert waiting.result().allowed
    assert second.one("select full_at from rate_limits") >= released + 200_000_000


@pytest.mark.parametrize("how", ["written", "old"])
def test_it_refuses_to_be_asked_inside_of_a_transaction(queue, how):
    """The row would stay locked until the commit; it says so, and can be told to go on."""
    queue.run("begin")
    queue.run("select pg_sleep(0.11)" if how == "old" else "select make_durable()")
    error = queue.failure("select * from rate_check('{a}', '{\"quota\": 1, \"per\": 1}')")
    assert error.sqlstate == "JQ005"
    assert "transaction of its own" in error.diag.message_primary
    assert _one(queue, inside=True).allowed


def test_it_refuses_an_isolation_level_that_turns_answers_into_errors(queue):
    """REPEATABLE READ would fail every second caller of a busy key."""
    queue.run("begin isolation level repeatable read")
    error = queue.failure("select * from rate_check('{a}', '{\"quota\": 1, \"per\": 1}')")
    assert "READ COMMITTED" in error.diag.message_primary


@pytest.mark.parametrize(
    "checks",
    [
        "{}", "null", "[1]", '[{"keys": []}]', '[{"keys": "a"}]',
        '[{"keys": ["a"]}]', '[{"keys": [""], "policies": {}}]',
        '[{"keys": ["a"], "policies": {"quota": 0, "per": 1}}]',
        '[{"keys": ["a"], "policies": {"quota": 1, "per": "NaN"}}]',
        '[{"keys": ["a"], "policies": {"quota": 1, "per": 1, "brst": 2}}]',
        '[{"keys": ["a"], "policies": {"quota": 1e30, "per": 1}}]',
        '[{"keys": ["a"], "policies": {"quota": "many", "per": 1}}]',
        '[{"keys": ["a"], "policies": {"quota": 1, "per": 1}, "cost": -1}]',
        '[{"keys": ["a"], "policies": {"quota": 1, "per": 1}, "mode": "steal"}]',
        '[{"keys": ["a", "b"], "policies": [{"quota": 1, "per": 1}]}]',
        '[{"keys": ["a"], "policies": {"quota": 1.5, "per": 1}}]',
        '[{"keys": ["a"], "policies": {"quota": 1000000000, "per": 0.001}}]',
        '[{"keys": ["a"], "policies": {"quota": 1, "per": 1, "durable": "perhaps"}}]',
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused(queue, checks):
    """Whatever is sent, it is refused as input and charges nothing."""
    error = queue.failure("select * from rate_check_many(%s)", checks)
    assert error.sqlstate in {"JQ005", "22P02"}, error
    assert queue.one("select count(*) from rate_limits") == 0


def test_limits_that_are_full_again_are_forgotten(queue):
    """Pruning takes away only what says the same as no row."""
    _one(queue)
    _one(queue, ["b"], {"quota": 1, "per": 3600})
    queue.at(100)
    assert queue.one("select prune_rates()") == 1
    assert not _one(queue, ["b"], {"quota": 1, "per": 3600}).allowed


def test_the_simple_question(queue):
    """rate_allowed answers yes or no."""
    asked = "select rate_allowed('login:ann', 2, '1 minute')"
    assert [queue.one(asked) for _ in range(3)] == [True, True, False]


def test_limits_in_use_are_listed(queue):
    """What is used up can be seen, and when it is full again."""
    _one(queue, cost=4)
    (row,) = queue.all("select * from rate_limit_list()")
    assert (row.key, row.remaining, row.quota) == ("a", 6, 10)
    assert queue.one("select count(*) from rate_limit_counters") == 1


def test_a_person_makes_a_limit_full_again(queue):
    """All policies of a key, also what a wrong clock has charged for a year; it is on record."""
    check = "select * from rate_check('{k,k}', %s)"
    policies = json.dumps([{"name": n, "quota": 1, "per": 60, "durable": n == "b"} for n in "ab"])
    queue.at(365 * 86400)
    assert queue.row(check, policies).allowed
    queue.at(0)
    assert not queue.row(check, policies).allowed
    assert queue.one("select reset_rate('k', 'ann', 'the clock was wrong')") == 2
    assert queue.row(check, policies).allowed
    assert queue.row("select who, action, affected from operations") == ("ann", "reset", 2)
    with pytest.raises(psycopg.Error, match='no limit is in use for the key "other"'):
        queue.run("select reset_rate('other', 'ann')")


# ---------------------------------------------------------------- slots


def test_slots_are_taken_given_back_and_run_out(queue):
    """So many at once; a dead holder's slot comes free by itself."""
    take = "select * from take_slot('expo', 2, '60 s', %s)"
    first, second = queue.row(take, "a").slot, queue.row(take, "b").slot
    queue.at(20)
    refused = queue.row(take, "c")
    assert (refused.slot, refused.retry_after) == (None, pytest.approx(40))
    assert queue.one("select release_slot('expo', %s)", first)
    assert queue.row(take, "c").slot
    assert queue.one("select extend_slot('expo', %s, '60 s')", second)
    queue.at(79)
    assert queue.row(take, "d").slot is None
    queue.at(80)
    assert queue.row(take, "d").slot
    assert not queue.one("select release_slot('expo', %s)", second)
    assert not queue.one("select extend_slot('expo', %s)", second)


def test_slots_taken_at_the_same_time_are_never_too_many(queue, another, background):
    """The second one waits until the first is counted."""
    first, second = another(), another()
    first.run("begin")
    assert first.row("select * from take_slot('k', 1)").slot
    waiting = background(second, second.row, "select * from take_slot('k', 1)")
    first.run("commit")
    assert waiting.result().slot is None


def test_what_a_check_reads_does_not_grow_with_the_table(queue):
    """A few looks, though all was planned while the table was empty, and nobody analyzed it."""
    checks = json.dumps([{"keys": ["a", "b"], "policies": {"quota": 1000, "per": 1}}])
    for _ in range(3):
        queue.all("select * from rate_check_many(%s)", checks)
    queue.run(
        "insert into rate_limits (durable, key, policy, full_at, quota, period, burst)"
        " select false, n::text, 'p', 0, 1, 1, 1 from generate_series(1, 20000) n"
    )
    with counted(queue.connection) as read:
        queue.all("select * from rate_check_many(%s, true)", checks)
    assert sum(count for table, count in read.items() if "rate_limits" in table) <= 20


def test_slots_are_not_taken_with_an_old_snapshot(queue):
    """Who would not see what others have taken meanwhile is refused, and told why."""
    for level in ("repeatable read", "serializable"):
        queue.run(f"begin isolation level {level}")
        with pytest.raises(psycopg.Error, match="READ COMMITTED") as caught:
            queue.run("select take_slot('k', 1)")
        queue.run("rollback")
        assert caught.value.sqlstate == "JQ005"
