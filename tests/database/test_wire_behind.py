"""Calls said behind each other on one connection: each is a transaction with its own answer."""

import asyncio

import pytest
from tests.between import Between

from holdfast.database import Call, wire
from holdfast.errors import DatabaseUnavailable, InvalidInput

FUNCTIONS = """
    create table passed (who text primary key, pid integer default pg_backend_pid());
    create function pass(p_who text) returns integer language sql
      as 'insert into holdfast.passed (who) values (p_who) returning pid';
    create function gate(p_who text) returns integer language sql
      as 'select pg_advisory_xact_lock(7);
          insert into holdfast.passed (who) values (p_who) returning pid';
    create function door(p_who text) returns integer language sql
      as 'select pg_advisory_xact_lock(8); select holdfast.pass(p_who)';
    create function bad(p_who text) returns integer language plpgsql
      as $$ begin raise exception 'no' using errcode = 'JQ005'; end $$;
"""


def asks(database, function, who):
    """A task that calls it, behind another such call if there is one."""
    call = Call(function, {"p_who": who}, read=lambda rows: rows[0][0], scalar=True)
    return asyncio.create_task(database.run(call, behind=True))


@pytest.fixture(autouse=True)
async def gate(sql, database):
    """Whoever calls `gate` waits until this is unlocked; all functions are known and prepared."""
    sql.execute(FUNCTIONS)
    for function in ("pass", "gate", "pass", "gate"):
        await asks(database, function, "warm")
        sql.execute("truncate passed")
    sql.execute("select pg_advisory_lock(7)")
    return lambda: sql.execute("select pg_advisory_unlock(7)")


@pytest.fixture
def waits(sql, eventually):
    """Until somebody stands before the gate."""
    waiting = "select 1 from pg_locks where locktype = 'advisory' and not granted"
    return lambda: eventually(lambda: sql.execute(waiting).fetchall())


async def two(database, waits, second="pass"):
    """One call that stands before the gate, and one that was sent behind it."""
    first = asks(database, "gate", "first")
    await waits()
    behind = asks(database, second, "second")
    await asyncio.sleep(0)
    return first, behind


def passed(sql):
    """Who is stored."""
    return {row[0] for row in sql.execute("select who from passed")}


async def test_the_second_follows_on_the_same_connection(database, gate, waits, sql):
    """It is sent before the first is answered, and each is answered with what it asked for."""
    first, second = await two(database, waits)
    other = asks(database, "pass", "other")  # two are enough on one connection
    pid = await other
    assert not first.done() and not second.done()
    gate()
    assert await first == await second != pid
    assert passed(sql) == {"first", "second", "other"}


async def test_an_error_is_that_of_one(database, gate, waits, sql):
    """A call that is refused takes nothing of the one before it, nor of the one behind it."""
    first, second = await two(database, waits, "bad")
    sql.execute("insert into passed values ('first')")
    gate()
    with pytest.raises(Exception, match="duplicate key"):
        await first
    with pytest.raises(InvalidInput):
        await second
    assert await asks(database, "pass", "third") > 0


async def test_a_plan_that_holds_no_more_is_made_anew(database, gate, waits, sql):
    """A function that was replaced while another call was under way is called as it is now."""
    first, second = await two(database, waits)
    sql.execute("drop function pass; create function pass(p_who text) returns text language sql"
                " as 'insert into holdfast.passed (who) values (p_who) returning who'")  # fmt: skip
    gate()
    assert await first > 0
    assert await second == "second"
    assert passed(sql) == {"first", "second"}


@pytest.mark.parametrize("cancelled", ["first", "second"])
async def test_who_gives_up_takes_nobody_with_him(database, gate, waits, sql, caplog, cancelled):
    """The other's call is done and answered; nobody else comes on that connection, nor any news."""
    tasks = dict(zip(("first", "second"), await two(database, waits), strict=True))
    tasks.pop(cancelled).cancel()
    await asyncio.sleep(0)
    third = await asks(database, "pass", "third")
    gate()
    (left,) = tasks.values()
    pid = await left
    assert pid != third
    assert passed(sql) >= {"third", *tasks}
    assert await asks(database, "pass", "fourth") != pid
    assert caplog.messages == []


async def test_what_is_still_under_way_is_not_lent_again(database, gate, waits, sql, caplog):
    """A connection on which somebody gave up comes to nobody before that call has ended."""
    sql.execute("select pg_advisory_lock(8)")
    first, second = await two(database, waits, "door")
    second.cancel()
    gate()
    pid = await first
    async with database.connection() as connection:
        assert connection.info.backend_pid != pid
    assert await asks(database, "pass", "third") != pid
    assert caplog.messages == []


async def test_who_gives_up_as_his_answer_comes_stops_nobody(
    database, gate, waits, sql, monkeypatch
):
    """A call that is cancelled in the moment of its answer leaves the one behind it alone."""
    sql.execute("select pg_advisory_lock(8)")
    first, second = await two(database, waits, "door")
    end = wire._end

    def ended(asked, error):
        end(asked, error)
        first.cancel()

    monkeypatch.setattr(wire, "_end", ended)
    gate()
    with pytest.raises(asyncio.CancelledError):
        await first
    sql.execute("select pg_advisory_unlock(8)")
    assert await second > 0
    assert passed(sql) == {"first", "second"}


async def test_what_nobody_waits_for_any_more_is_stopped(database, gate, waits, sql, eventually):
    """When both have given up, the server is asked to stop, as for one that was alone."""
    tasks = [asks(database, "gate", "first")]
    await waits()
    tasks.append(asks(database, "pass", "second"))
    await asyncio.sleep(0)
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks)
    waiting = "select 1 from pg_locks where locktype = 'advisory' and not granted"
    await eventually(lambda: not sql.execute(waiting).fetchall(), within=10)
    assert "first" not in passed(sql)


async def test_who_gives_up_alone_is_joined_by_nobody(database, gate, waits):
    """While his call is being stopped, the next one goes by another connection, and is stored."""
    first = asks(database, "gate", "first")
    await waits()
    first.cancel()
    for _ in range(3):
        await asyncio.sleep(0)
    assert await asks(database, "pass", "second") > 0
    gate()
    with pytest.raises(asyncio.CancelledError):
        await first


async def test_a_line_that_breaks_is_told_to_both(database, gate, waits, sql):
    """Neither of them waits for ever, and the next call goes by another connection."""
    first, second = await two(database, waits)
    sql.execute("select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory'"
                " and not granted")  # fmt: skip
    for broken in (first, second):
        with pytest.raises(DatabaseUnavailable):
            await broken
    assert await asks(database, "pass", "third") > 0
    gate()
    assert passed(sql) == {"third"}


async def test_who_cannot_send_tells_the_one_before_him(database, sql):
    """The library closes a socket that it cannot write to: who waits for it is told at once.

    And nobody watches it any more, since the next connection has its number.
    """
    line = (await database._wires())._idle[-1]
    ended = ("select pg_terminate_backend(%s, 60000)", [line.connection.info.backend_pid])
    asyncio.get_running_loop().call_soon(sql.execute, *ended)
    both = [asks(database, "pass", n * 100_000) for n in "12"]
    _, left = await asyncio.wait(both, timeout=10)
    assert not left
    for broken in both:
        with pytest.raises(DatabaseUnavailable):
            await broken
    assert line._watched is None
    assert passed(sql) == set()
    assert await asks(database, "pass", "third") > 0


async def test_who_stands_in_line_is_not_overtaken(alone, gate, waits):
    """A connection on which one follows the other all the time comes to who waits for it, too."""
    database = alone()
    first = asks(database, "gate", "first")
    await waits()
    order = []
    other = asyncio.create_task(database.run(Call("pass", {"p_who": "other"}, scalar=True)))
    other.add_done_callback(lambda _: order.append("other"))
    await asyncio.sleep(0)
    second = asks(database, "pass", "second")
    second.add_done_callback(lambda _: order.append("second"))
    await asyncio.sleep(0)
    gate()
    await asyncio.gather(first, second, other)
    assert order == ["other", "second"]


async def test_a_line_that_hangs_is_told_to_both(dsn, alone, later, eventually):
    """When the first was waited for as long as one waits, both are told that nobody knows."""
    async with Between(dsn) as between:
        database = alone(**between.there)
        await asks(database, "pass", "warm")
        between.freeze()
        first = asks(database, "pass", "first")
        await later(30)
        second = asks(database, "pass", "second")
        await later(31)
        await eventually(first.done)
        await asyncio.wait([second], timeout=15)
        assert second.done()
        with pytest.raises(DatabaseUnavailable, match="no answer within 60 s"):
            await first
        with pytest.raises(DatabaseUnavailable, match="it may have happened"):
            await second
        assert await asks(database, "pass", "third") > 0


async def test_what_is_no_answer_is_told_to_both(dsn, alone, gate, waits):
    """When what comes makes no sense, nobody waits for the rest of it."""
    async with Between(dsn) as between:
        database = alone(**between.there)
        first, second = await two(database, waits)
        between.say(b"Z\0\0\0\0")
        _, left = await asyncio.wait([first, second], timeout=30)
        assert not left
        for broken in (first, second):
            with pytest.raises(DatabaseUnavailable):
                await broken
        gate()
        assert await asks(database, "pass", "third") > 0
