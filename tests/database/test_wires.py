"""Connections are lent, waited for, and come back."""

import asyncio
import random
import threading
from datetime import timedelta

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from tests.between import Between
from tests.until import turns

from holdfast.database import Call, Database, thread_connections
from holdfast.database.session import Renewal
from holdfast.engine import jobs, queues, schedules
from holdfast.engine.model import Job
from holdfast.errors import DatabaseUnavailable
from holdfast.policy.verdict import Retry

STRANGE = {
    "client_encoding": "latin1",
    "standard_conforming_strings": "off",
    "intervalstyle": "iso_8601",
    "datestyle": "German, DMY",
    "timezone": "Asia/Kathmandu",
    "bytea_output": "escape",
    "default_transaction_isolation": "serializable",
    "idle_session_timeout": "1s",
}
NUMBER = Call("clock", read=len)


@pytest.fixture
async def small(dsn):
    """A database of two connections."""
    opened = Database(dsn, size=2)
    yield opened
    await opened.close()


async def _wires(database):
    return await database._wires()


async def test_who_finds_all_in_use_waits(small, later):
    """A call waits for its turn, far longer than the server would be waited for."""
    async with small.connection(), small.connection():
        waiting = [asyncio.create_task(small.run(NUMBER)) for _ in range(50)]
        await later(10)
        assert not any(task.done() for task in waiting)
    assert await asyncio.gather(*waiting) == [1] * 50


async def test_nobody_waits_for_ever(small, later):
    """After half a minute it is told that we are busy; nothing is given up because of it."""
    wires = await _wires(small)
    async with small.connection(), small.connection():
        waiting = asyncio.create_task(small.run(NUMBER))
        await later(31)
        with pytest.raises(DatabaseUnavailable, match=r"all 2 connections .* in use for 30 s"):
            await waiting
    assert await small.run(NUMBER) == 1
    assert await _wires(small) is wires


async def test_a_turn_that_nobody_takes_goes_to_the_next(small):
    """Whoever gives up while he waits, or in the moment of his turn, keeps nobody from his."""
    chance = random.Random(7)
    wires = await _wires(small)
    for _ in range(30):
        tasks = [asyncio.create_task(small.run(NUMBER)) for _ in range(12)]
        for task in chance.sample(tasks, 6):
            for _ in range(chance.randrange(12)):
                await asyncio.sleep(0)
            task.cancel()
        done = await asyncio.gather(*tasks, return_exceptions=True)
        assert [o for o in done if o != 1 and not isinstance(o, asyncio.CancelledError)] == []
    assert wires._free == 2 and not wires._line
    assert await small.run(NUMBER) == 1


@pytest.mark.parametrize("ticks", range(8))
async def test_who_is_cancelled_as_the_connection_comes_is_cancelled(dsn, ticks):
    """A cancellation is not lost in the moment in which the pool has a connection for the call."""
    loop = asyncio.get_running_loop()
    database = Database(dsn, size=2)
    await database.run(NUMBER)
    begin = database._sessions.begin

    def cancel(left):
        _ = waiting.cancel() if left == 0 else loop.call_soon(cancel, left - 1)

    async def begun(connection):
        await begin(connection)
        cancel(ticks)

    async def wait():
        await (await _wires(database)).take()
        await asyncio.Event().wait()

    database._sessions.begin = begun
    async with database.connection():
        waiting = asyncio.create_task(wait())
        await asyncio.wait([waiting], timeout=60)
        assert waiting.cancelled()
        waiting.cancel()
    await database.close()


async def test_who_was_cancelled_may_store_something_on_his_way_out(small):
    """A cancellation that was met before is not taken for one of the wait for a connection."""
    stored = []

    async def leave():
        try:
            await asyncio.Event().wait()
        finally:
            async with small.connection() as connection:
                stored.append(await (await connection.execute("select 1")).fetchone())

    leaving = asyncio.create_task(leave())
    await asyncio.sleep(0)
    leaving.cancel()
    await asyncio.wait([leaving])
    assert stored == [(1,)]


async def test_a_session_that_cannot_begin_is_closed(small, monkeypatch):
    """A connection that fails while its session is being set is not left to the server."""
    begun = []

    async def cut(connection):
        begun.append(connection)
        raise psycopg.OperationalError("cut off")

    monkeypatch.setattr(small._sessions, "begin", cut)
    for connect in (small.listen, small.connection().__aenter__):
        with pytest.raises(DatabaseUnavailable, match="cut off"):
            await connect()
    assert [connection.closed for connection in begun] == [True, True]


async def test_a_dropped_connection_fails_those_who_wait(small):
    """When the server is gone, who waits in line is told so and does not wait on."""
    wires = await _wires(small)
    async with small.connection(), small.connection():
        waiting = [asyncio.create_task(small.run(NUMBER)) for _ in range(3)]
        for _ in range(20):
            await asyncio.sleep(0)
        assert len(wires._line) == 3
        await small._drop_wires(wires)
        for task in waiting:
            with pytest.raises(DatabaseUnavailable, match=r"did not come.* all its connections"):
                await task
        assert await small.run(NUMBER) == 1  # by new ones
        fresh = await _wires(small)
    await small._drop_wires(wires)  # somebody else's failure, noticed late
    assert await _wires(small) is fresh


async def test_a_cancelled_statement_costs_nobody_else_his_connection(small, sql):
    """A statement timeout or a cancel ends that statement alone."""
    wires = await _wires(small)
    sql.execute("create function slow() returns int language sql as 'select 1 from pg_sleep(60)'")
    running = asyncio.create_task(small.run(Call("slow", read=len)))
    while not running.done():  # a cancel that comes between two messages is ignored
        sql.execute(
            "select pg_cancel_backend(pid) from pg_stat_activity where query like '%slow%'"
            " and datname = current_database() and state = 'active' and pid <> pg_backend_pid()"
        )
        await asyncio.sleep(0.01)
    with pytest.raises(Exception, match="cancel"):
        await running
    assert await _wires(small) is wires


def test_threads_wait_as_well(dsn, monkeypatch):
    """Threads that find all connections in use wait, and are told if it is too long."""
    database = Database(dsn, size=2)
    results = []

    def ask() -> None:
        results.append(database.run_sync(NUMBER))

    with database.transaction_sync(), database.transaction_sync():
        with monkeypatch.context() as impatient:
            impatient.setattr(thread_connections, "BUSY_S", 0.0)
            with pytest.raises(DatabaseUnavailable, match="all 2 connections"):
                database.run_sync(NUMBER)
        threads = [threading.Thread(target=ask) for _ in range(8)]
        for thread in threads:
            thread.start()
        assert results == []
    for thread in threads:
        thread.join(60)
    assert results == [1] * 8
    database.close_sync()


def test_threads_outlive_a_cut(dsn, sql):
    """Connections that are ended while nobody uses them cost no thread a call."""
    database = Database(dsn, size=2)
    with database.transaction_sync(), database.transaction_sync():
        pass
    ended = sql.execute(
        "select pg_terminate_backend(pid, 60000) from pg_stat_activity"
        " where datname = current_database() and pid <> pg_backend_pid()"
    )
    assert ended.fetchall() == [(True,), (True,)]
    assert database.run_sync(NUMBER) == 1
    database.close_sync()


async def test_a_thread_is_told_at_once_why_there_is_no_server(dsn):
    """Who had connections when the server went is told what the driver is, and waits for no pool.

    The pool's own word came after three seconds, and was that there was no connection.
    """
    async with Between(dsn) as between:
        database = Database(make_conninfo(dsn, **between.there))
        assert await asyncio.to_thread(database.run_sync, NUMBER) == 1
    await turns()  # the lines end
    for _ in range(2):  # whoever finds it out, and whoever comes after him
        with pytest.raises(DatabaseUnavailable, match="Connection refused"):
            await asyncio.to_thread(database.run_sync, NUMBER)


def test_a_thread_whose_connections_another_gave_up_has_one_of_the_next(dsn, monkeypatch):
    """Another thread that lost its connection just then, or closed them all, costs it no call."""
    database = Database(dsn, size=2)
    threads = database._threads
    opened = threads._opened
    given_up = opened()
    threads.close()
    seen = iter([given_up])
    monkeypatch.setattr(threads, "_opened", lambda: next(seen, None) or opened())
    assert database.run_sync(NUMBER) == 1
    database.close_sync()


async def test_who_is_cancelled_while_he_gives_back_keeps_nothing(small, monkeypatch):
    """A connection on its way back arrives, though nobody waits for it any more."""
    wires = await _wires(small)
    put, begun = wires._pool.putconn, asyncio.Event()

    async def slowly(connection):
        begun.set()
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        await put(connection)

    async def borrow() -> None:
        async with small.connection():
            pass

    monkeypatch.setattr(wires._pool, "putconn", slowly)
    for _ in range(3):
        begun.clear()
        task = asyncio.create_task(borrow())
        await begun.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    assert await small.run(NUMBER) == 1


async def test_a_server_of_another_isolation_changes_nothing(dsn, database, sql):
    """Where transactions are stricter by default, those of ours are as they have to be."""
    name = conninfo_to_dict(dsn)["dbname"]
    sql.execute(f'alter database "{name}" set default_transaction_isolation = "serializable"')
    level = Call("current_level", read=lambda rows: rows[0][0], scalar=True)
    sql.execute(
        "create function current_level() returns text language sql volatile"
        " as $$ select current_setting('transaction_isolation') $$"
    )
    assert await database.run(level) == "read committed"
    assert await asyncio.to_thread(database.run_sync, level) == "read committed"
    async with database.transaction() as tx:
        cursor = await tx.execute("select current_setting('transaction_isolation')")
        found = await cursor.fetchone()
    assert found == ("read committed",)


async def test_what_a_role_is_set_to_changes_nothing(dsn, hf, sql):
    """Dates, durations, backslashes and encodings: however a role has them, the same is stored."""
    name = conninfo_to_dict(dsn)["dbname"]
    for setting, value in STRANGE.items():
        sql.execute(f"alter database \"{name}\" set {setting} = '{value}'")
    text = "\\d \\\\ \N{EURO SIGN} \N{GRINNING FACE}"
    await hf.run(queues.set_queue("default", {"retry_base": "45 min", "retry_jitter": 0}))
    await hf.run(schedules.set_schedule("daily", Job(kind="k"), cron="30 2 * * 1-5"))
    await hf.send(Job(kind="k", payload=text))
    [job] = await hf.run(jobs.claim("default", 1, "test"))
    assert job.payload == text
    async with hf.services.database.connection() as ours:
        assert await (await ours.execute("show idle_session_timeout")).fetchone() == ("0",)
    await hf.run(jobs.settle([(job.id, job.claim_token, Retry(text))]))
    waits = sql.execute("select run_at - clock() from deferred_jobs").fetchone()[0]
    assert timedelta(minutes=44) < waits <= timedelta(minutes=45)
    assert (await hf.run(jobs.explain(job.id)))["history"][0]["because"] == text
    policy = queues.policy("default")
    for found in (await hf.run(policy), await asyncio.to_thread(hf.sync.run, policy)):
        assert found["retry_base"] == "00:45:00"


@pytest.mark.parametrize(
    ("limit", "told"),
    [
        ("statement_timeout", "nothing was stored, try again: canceling"),
        ("transaction_timeout", "Postgres ended the connection: terminating"),
    ],
)
async def test_what_a_limit_of_the_role_ends_is_told_as_it_is(dsn, sql, limit, told):
    """A timeout that the role brings is no server that cannot be reached."""
    sql.execute("create function nap() returns void language sql as $$ select pg_sleep(5) $$")
    database = Database(make_conninfo(dsn, options=f"-c {limit}=200ms"))
    with pytest.raises(DatabaseUnavailable, match=f"^{told}"):
        await database.run(Call("nap", read=len))
    assert await database.run(NUMBER) == 1
    await database.close()


async def test_who_was_read_only_writes_as_soon_as_one_may(dsn, database, sql, later):
    """A session keeps what its database was set to: ours are made anew, and who reads goes on.

    Who only asks whether one may write is told why not, and has new sessions, too. So has a
    handler with tx.
    """
    name = conninfo_to_dict(dsn)["dbname"]
    ask = jobs.enqueue(Job(kind="k"))
    sql.execute(f'alter database "{name}" set default_transaction_read_only = on')
    asked = [database.run(call) for _ in range(30) for call in (ask, NUMBER)]
    told = await asyncio.gather(*asked, return_exceptions=True)
    assert told[1::2] == [1] * 30
    assert all("nothing was stored" in str(error) for error in told[::2])
    with pytest.raises(DatabaseUnavailable, match=r"nothing was stored.*read-only"):
        await asyncio.to_thread(database.run_sync, ask)
    with pytest.raises(DatabaseUnavailable, match=r"nothing was stored.*read-only"):
        await _write(database)
    await later(1)
    assert "read-only" in await database.why_read_only()
    sql.execute(f'alter database "{name}" reset default_transaction_read_only')
    await later(1)
    assert not await database.why_read_only()
    assert await database.run(ask)
    assert await asyncio.to_thread(database.run_sync, ask)


async def _write(database):
    async with database.transaction() as tx:
        await tx.execute("create table made ()")


def test_sessions_are_made_anew_where_one_could_not_write_and_once_a_second():
    """A database that stays read-only for an hour is not asked for a connection at each call."""
    renewal = Renewal()
    assert not renewal.is_due(0)
    for now, due in ((0, True), (0.9, False), (1, True), (1.5, False)):
        renewal.want()
        assert renewal.is_due(now) is due
    assert [renewal.is_due(now) for now in (3, 5)] == [True, False]
