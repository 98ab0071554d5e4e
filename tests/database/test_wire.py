"""Calls on connections that stay at hand: each answer is the right one, come what may."""

import asyncio
import logging
from functools import partial

import pytest
from psycopg.conninfo import make_conninfo
from tests.between import Between

from holdfast import Job
from holdfast.database import Call, Database
from holdfast.engine import jobs
from holdfast.errors import DatabaseUnavailable, InvalidInput

BACKEND = Call("pid", read=lambda rows: rows[0][0])
FUNCTIONS = """
    create function pid() returns integer language sql as 'select pg_catalog.pg_backend_pid()';
    create function echo(p_text text) returns text language sql as 'select p_text';
    create function slow() returns boolean language sql
      as 'select pg_catalog.pg_sleep(60) is not null';
    create table seats (n integer unique deferrable initially deferred);
    create function take_seat() returns integer language sql
      as 'insert into holdfast.seats values (1) returning n';
"""


def echo(text):
    """What the server answers to a text: the text."""
    return Call("echo", {"p_text": text}, read=lambda rows: rows[0][0], scalar=True)


@pytest.fixture(autouse=True)
def _functions(sql):
    sql.execute(FUNCTIONS)


async def test_each_caller_has_its_own_answer(database):
    """However many call at once, more than there are connections, each is told what it asked."""
    asked = [f"{n} ä 🎈" for n in range(300)]
    assert await asyncio.gather(*(database.run(echo(text)) for text in asked)) == asked
    assert await asyncio.gather(*(database.run(echo(text)) for text in asked)) == asked


async def test_a_connection_is_known_again(database):
    """What was asked before on a connection is asked again after it was lent to somebody else."""
    for n in range(4):
        for _ in range(3):
            assert await database.run(echo(str(n))) == str(n)
        async with database.connection() as connection:
            await connection.execute("select 1")


async def test_a_large_statement_arrives_whole(database):
    """What is more than a socket takes at once goes out piece by piece, and so comes the answer."""
    text = "x" * 30_000_000
    async with asyncio.timeout(60):
        assert await database.run(echo(text)) == text
    assert await database.run(echo("small")) == "small"


async def test_arguments_of_other_types_are_another_statement(database, sql):
    """The same call with numbers of all sizes and with nothing is understood each time."""
    sql.execute("create function number(n bigint) returns bigint language sql as 'select n'")
    for value in [7, None, 7, 2**40, 70_000, 7, None, 2**40, 2**40]:
        assert await database.run(Call("number", {"n": value}, scalar=True)) == [(value,)]


async def test_a_call_that_is_given_up_is_stopped(database, sql, eventually):
    """Whoever stops waiting stops the statement too, and the next call is answered as ever."""
    await database.run(echo("warm"))
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.2):
            await database.run(Call("slow", scalar=True))
    assert await database.run(echo("next")) == "next"
    running = "select 1 from pg_stat_activity where query like '%slow%' and state = 'active'"
    await eventually(lambda: not sql.execute(f"{running} and pid <> pg_backend_pid()").fetchall())


async def test_a_connection_that_died_in_its_sleep_is_not_used(database, sql):
    """The server may close a connection that nobody uses; the next call takes another one."""
    first = await database.run(BACKEND)
    sql.execute("select pg_terminate_backend(%s, 60000)", [first])
    for _ in range(10):
        await asyncio.sleep(0)  # the loop hears of it
    assert await database.run(BACKEND) != first


async def test_a_connection_that_dies_under_a_call_is_said(database, sql, eventually, caplog):
    """A call whose connection breaks ends with DatabaseUnavailable, and the next one works.

    The log has both: that the database is away, and once that it is back.
    """
    caplog.set_level(logging.INFO, "holdfast.database")
    waiting = asyncio.create_task(database.run(Call("slow", scalar=True)))
    found = "select pid from pg_stat_activity where query like '%slow%' and state = 'active'"
    other = f"{found} and pid <> pg_backend_pid()"
    await eventually(lambda: sql.execute(other).fetchall())
    sql.execute(f"select pg_terminate_backend(pid) from ({other}) _")
    with pytest.raises(DatabaseUnavailable):
        await waiting
    assert await database.run(echo("next")) == "next"
    said = [r.message for r in caplog.records if r.name == "holdfast.database"]
    assert said == ["database.unavailable", "database.back"]


async def test_rows_without_an_end_are_no_answer(dsn, alone):
    """Rows come before the commit: if the line breaks between the two, nobody is told "stored"."""
    async with Between(dsn) as between:
        database = alone(**between.there)
        for text in ("never prepared", "prepared", "known"):
            assert await database.run(echo(text)) == text
        between.cuts = True
        with pytest.raises(DatabaseUnavailable):
            await database.run(echo("lost"))
        between.cuts = False
        assert await database.run(echo("found")) == "found"


async def test_a_connection_that_hangs_is_not_waited_for_for_ever(dsn, alone, later, eventually):
    """Who asks on a connection from which nothing comes any more is told so after a minute.

    The other side may be well, as behind a proxy that hangs: the next call goes by another one.
    What takes its time, as it said, is waited for as long.
    """
    async with Between(dsn) as between:
        database = alone(**between.there)
        for text in ("never prepared", "prepared"):
            assert await database.run(echo(text)) == text
        between.freeze()
        asking = asyncio.create_task(database.run(echo("lost")._replace(takes_s=100)))
        for _ in range(3):
            await later(50)
            assert not asking.done()
        await later(20)
        await eventually(asking.done)
        with pytest.raises(DatabaseUnavailable, match="no answer within 160 s; it may have happ"):
            await asking
        assert await database.run(echo("found")) == "found"
        between.freeze()
        asking = asyncio.create_task(database.run(echo("lost")))
        await later(50)
        assert not asking.done()
        await later(15)
        await eventually(asking.done)
        with pytest.raises(DatabaseUnavailable, match="no answer within 60 s"):
            await asking


async def test_a_thread_waits_no_longer_either(dsn):
    """From a thread, too: it is told, its connection is given up, and the next call has another."""
    async with Between(dsn) as between:
        database = Database(make_conninfo(dsn, **between.there), patience_s=0.2)
        ask = partial(asyncio.to_thread, database.run_sync)
        assert await ask(echo("well")) == "well"
        between.freeze()
        with pytest.raises(DatabaseUnavailable, match=r"no answer within 0.3 s; it may"):
            await ask(echo("lost")._replace(takes_s=0.1))
        assert await ask(echo("found")) == "found"
        await database.close()


async def test_what_a_rollback_makes_the_driver_forget_is_prepared_again(alone):
    """After a transaction that failed, the driver discards all that is prepared; calls go on."""
    database = alone()
    for text in ("never prepared", "prepared", "known"):
        assert await database.run(echo(text)) == text

    async def fail() -> None:
        async with database.transaction() as tx:
            for n in range(8):  # so that the driver prepares it
                await tx.execute("select %s::integer", [n])
            raise ZeroDivisionError

    for _ in range(3):
        with pytest.raises(ZeroDivisionError):
            await fail()
        for text in ("again", "and again"):
            assert await database.run(echo(text)) == text


async def test_a_commit_that_fails_is_no_success(database):
    """Rows that came before the commit failed are not an answer."""
    take = Call("take_seat", scalar=True)
    assert await database.run(take) == [(1,)]
    for _ in range(3):
        with pytest.raises(InvalidInput):
            await database.run(take)


async def test_a_function_that_was_replaced_is_called_as_it_is_now(database, sql):
    """After a migration with another result no call fails."""
    for _ in range(3):
        await database.run(Call("pid"))
    sql.execute("drop function pid()")
    sql.execute("create function pid() returns text language sql as $$ select 'new' $$")
    for _ in range(3):
        assert await database.run(Call("pid")) == [("new",)]


async def test_connections_go_back_when_others_want_them(database):
    """What stays at hand is no more than the pool has, and is given up to who waits for it."""
    await asyncio.gather(*(database.run(echo(str(n))) for n in range(50)))
    async with asyncio.timeout(60), asyncio.TaskGroup() as group:
        for _ in range(30):
            group.create_task(hold(database))
    assert await database.run(echo("after")) == "after"


async def hold(database):
    """Use a connection with the driver's own means, and leave a transaction open."""
    async with database.connection() as connection:
        await connection.execute("begin")
        await connection.execute("select 1")


async def test_sixteen_senders_share_flights(hf, monkeypatch):
    """Sixteen that send at once go together, and each is told the id of its own job."""
    await hf.send(Job(kind="warm"))
    sizes = []
    run = hf.services.database.run

    async def counted(call, **how):
        sizes.append(str(call.args.get("p_payloads", "")).count('"n"'))
        return await run(call, **how)

    monkeypatch.setattr(hf.services.database, "run", counted)

    async def send(who):
        ids = [(await hf.send(Job(kind="k", payload={"n": f"{who}-{n}"}))).id for n in range(20)]
        done.append(len(sizes))
        return ids

    done = []
    ids = await asyncio.gather(*(send(who) for who in range(16)))
    assert len(sizes) <= 20 * 3
    together = sizes[: done[0]]  # one that was held up has to go alone in the end
    assert sum(size < 4 for size in together) <= len(together) / 4
    claimed = await run(jobs.claim("default", 400, "test"))
    told = {job.id: job.payload["n"] for job in claimed if job.kind == "k"}
    assert told == {i: f"{who}-{n}" for who, row in enumerate(ids) for n, i in enumerate(row)}
