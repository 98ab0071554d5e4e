"""Everything works through PgBouncer in transaction mode, by polling."""

import asyncio
import logging

import asyncpg
import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from holdfast import Job
from holdfast.cli.diagnosis import examine
from holdfast.client import connect
from holdfast.database import Call, migrate
from holdfast.engine import dead_letters, views
from holdfast.installation import rooms
from holdfast.policy.verdict import Dead


async def test_jobs_go_round(pooled, work, eventually, caplog):
    """Sent by many at once, claimed, handled and settled, each once; nobody is woken by NOTIFY."""
    caplog.set_level(logging.INFO, "holdfast.worker")
    seen = []

    @pooled.task(queue="one")
    async def one(n):
        seen.append(n)

    @pooled.task(queue="two")
    def two(n):
        seen.append(n)

    worker = pooled.worker(grace_s=5)
    working = asyncio.create_task(worker.run())
    jobs = [task.job(n) for n, task in enumerate([one, two] * 100)]
    await asyncio.gather(*(pooled.send(job) for job in jobs))
    await pooled.send_many([one.job(n) for n in range(200, 300)])

    def said():
        about = {"worker.polls_only", "worker.not_listening"}
        return [r.message for r in caplog.records if r.message in about]

    await eventually(lambda: len(seen) == 300 and said())
    worker.stop()
    await working
    assert sorted(seen) == list(range(300))
    assert await pooled.run(views.audit()) == []
    assert said() == ["worker.polls_only"]


async def test_nothing_is_said_behind_another(pooled, sql, eventually):
    """A pooler gives the session to others at the first answer, with half of the second in it."""
    sql.execute("create function gate(p_key bigint) returns integer language sql as"
                " 'select pg_advisory_xact_lock(p_key); select pg_backend_pid()'")  # fmt: skip
    sql.execute("select pg_advisory_lock(7)")
    run, key = pooled.services.database.run, {"p_key": 7}
    first = asyncio.create_task(run(Call("gate", key, scalar=True), behind=True))
    waiting = "select 1 from pg_locks where locktype = 'advisory' and not granted"
    await eventually(lambda: sql.execute(waiting).fetchall())
    async with asyncio.timeout(20):
        second = await run(Call("gate", {"p_key": 8}, scalar=True), behind=True)
    sql.execute("select pg_advisory_unlock(7)")
    assert await first != second


async def test_limits_slots_and_breakers(pooled):
    """What is asked in a transaction of its own needs no session."""
    limit = pooled.limit("login", quota=2, per=3600, timeout=30)
    assert [(await limit.check("ann")).allowed for _ in range(3)] == [True, True, False]
    async with pooled.slot("expo", 1, timeout=30), pooled.breaker("relay"):
        pass


async def test_in_the_callers_own_transaction(pooled, pooler, sql):
    """With psycopg and asyncpg, through the pooler, a job is committed and rolled back with it."""
    address = pooler("transaction")
    await pooled.prepare()
    connection = await psycopg.AsyncConnection.connect(address, prepare_threshold=None)
    async with connection:
        for keep in (True, False):
            await pooled.send(Job(kind="psycopg"), using=connection)
            await (connection.commit() if keep else connection.rollback())
    parts = conninfo_to_dict(address)
    other = await asyncpg.connect(
        host=parts["host"], port=int(parts["port"]), user=parts["user"],
        database=parts["dbname"], ssl=False, statement_cache_size=0,
    )  # fmt: skip
    async with other.transaction():
        await pooled.send(Job(kind="asyncpg"), using=other)
    await other.close()
    kinds = sql.execute("select kind from ready_jobs order by 1").fetchall()
    assert [row[0] for row in kinds] == ["asyncpg", "psycopg"]


async def test_sessions_that_are_cut_off_are_replaced(pooled, sql):
    """When the server ends the pooler's connections, the next calls find new ones."""
    await pooled.send(Job(kind="before"))
    sql.execute(
        "select pg_terminate_backend(pid) from pg_stat_activity"
        " where datname = current_database() and pid <> pg_backend_pid()"
    )
    for _ in range(5):
        try:
            await pooled.send(Job(kind="after"))
            break
        except Exception:  # noqa: BLE001  one call may meet the connection that was cut off
            continue
    assert sql.execute("select count(*) from ready_jobs where kind = 'after'").fetchone()[0] >= 1


async def test_dead_letters_come_back(pooled):
    """Replay and its audit, through the pooler."""

    @pooled.task
    def fails():
        return Dead("no")

    receipt = await pooled.send(fails.job())
    await pooled.work(until_idle=True)
    assert await pooled.run(dead_letters.replay(receipt.id, "ann")) == receipt.id


def test_the_schema_is_installed_through_it(server, pooler, dsn):
    """Migration takes its lock for one transaction, and so needs no session."""
    assert migrate(pooler("transaction"), rooms(), "pooled")
    assert migrate(pooler("transaction"), rooms(), "pooled") == []


async def test_doctor_says_what_it_found(pooled, pooler, hf):
    """Direct, through a pooler, or through one that refuses transactions: it says what follows.

    While it looks, it says at what.
    """

    async def found(holdfast):
        said = []
        checks = await examine(holdfast.services, 5, said.append)
        assert said[0] == "looking for the server"
        return next(check for check in checks if check.name == "pooler")

    assert (await found(hf)).fine is True
    through = await found(pooled)
    assert (through.fine, "through a pooler" in through.found) == (None, True)
    strict = connect(pooler("statement"))
    refused = await found(strict)
    await strict.close()
    assert (refused.fine, "pool_mode = transaction" in refused.advice) == (False, True)


async def test_doctor_names_an_isolation_that_is_not_ours_to_change(pooled, sql):
    """Behind a pooler a stricter default is found, since it would stop workers and limits."""
    name = sql.info.dbname
    sql.execute(f'alter database "{name}" set default_transaction_isolation = "repeatable read"')
    sql.execute(
        "select pg_terminate_backend(pid, 60000) from pg_stat_activity"
        " where datname = current_database() and pid <> pg_backend_pid()"
    )
    [check] = [
        c for c in await examine(pooled.services, 30, lambda _: None) if c.name == "isolation"
    ]
    assert check.fine is False and "repeatable read" in check.found


@pytest.mark.parametrize("calls", [20])
async def test_no_prepared_statement_is_left_behind(pooled, calls):
    """The same call many times over many sessions: none meets a statement that is not its own."""
    await asyncio.gather(*(pooled.run(views.queue_list()) for _ in range(calls)))
    for _ in range(calls):
        await pooled.run(views.queue_list())
    pooled.sync.run(views.queue_list())
