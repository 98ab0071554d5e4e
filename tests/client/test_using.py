"""Sending inside the caller's own transaction, whatever driver it is on."""

import asyncio
import contextlib
import json
import uuid
from datetime import UTC, datetime, timedelta
from functools import partial

import asyncpg
import psycopg
import pytest
import sqlalchemy
from psycopg.conninfo import conninfo_to_dict
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.orm import Session

from holdfast import ConfigError, Email, InvalidInput, Job, UnknownQueue
from holdfast.engine import jobs

JOB = Job(kind="task:x", payload={"n": 1, "text": "ä 🎈"}, tenant="acme", dedupe_key="k1")
EMAIL = Email(to="ann@example.com", sender="shop@example.com", subject="Hi", text="Hello")


def alchemy_url(dsn, driver):
    """The same database as SQLAlchemy writes it."""
    parts = conninfo_to_dict(dsn)
    return sqlalchemy.URL.create(
        f"postgresql+{driver}", parts["user"], database=parts["dbname"],
        query={"host": parts["host"], "port": str(parts.get("port", 5432))},
    )  # fmt: skip


def asyncpg_arguments(dsn):
    """The same database as asyncpg takes it."""
    parts = conninfo_to_dict(dsn)
    return {
        "host": parts["host"], "port": int(parts.get("port", 5432)),
        "user": parts["user"], "database": parts["dbname"],
    }  # fmt: skip


@contextlib.contextmanager
def psycopg_sync(dsn):
    """A plain connection."""
    with psycopg.connect(dsn) as connection:
        yield connection, connection.commit, connection.rollback


@contextlib.contextmanager
def psycopg_dict_rows(dsn):
    """A connection whose owner has set another kind of rows."""
    with psycopg.connect(dsn, row_factory=psycopg.rows.dict_row) as connection:
        yield connection, connection.commit, connection.rollback


@contextlib.contextmanager
def alchemy_connection(dsn):
    """A connection of an engine."""
    engine = sqlalchemy.create_engine(alchemy_url(dsn, "psycopg"))
    with engine.connect() as connection:
        yield connection, connection.commit, connection.rollback
    engine.dispose()


@contextlib.contextmanager
def alchemy_session(dsn):
    """An ORM session."""
    engine = sqlalchemy.create_engine(alchemy_url(dsn, "psycopg"))
    with Session(engine) as session:
        yield session, session.commit, session.rollback
    engine.dispose()


@contextlib.asynccontextmanager
async def psycopg_async(dsn):
    """An async connection."""
    connection = await psycopg.AsyncConnection.connect(dsn)
    yield connection, connection.commit, connection.rollback
    await connection.close()


@contextlib.asynccontextmanager
async def asyncpg_connection(dsn):
    """asyncpg, with a transaction begun by hand."""
    connection = await asyncpg.connect(**asyncpg_arguments(dsn))
    transaction = connection.transaction()
    await transaction.start()

    async def end(finish):
        nonlocal transaction
        await finish()
        transaction = connection.transaction()
        await transaction.start()

    async def commit():
        await end(transaction.commit)

    async def rollback():
        await end(transaction.rollback)

    yield connection, commit, rollback
    await connection.close()


@contextlib.asynccontextmanager
async def alchemy_async(dsn):
    """An async ORM session on asyncpg."""
    engine = create_async_engine(alchemy_url(dsn, "asyncpg"))
    async with AsyncSession(engine) as session:
        yield session, session.commit, session.rollback
    await engine.dispose()


SYNC = [psycopg_sync, psycopg_dict_rows, alchemy_connection, alchemy_session]
ASYNC = [psycopg_async, asyncpg_connection, alchemy_async]


def count(sql):
    """How many jobs there are."""
    return sql.execute("select count(*) from jobs").fetchone()[0]


@pytest.mark.parametrize("message", [JOB, EMAIL], ids=["job", "email"])
@pytest.mark.parametrize("driver", SYNC, ids=lambda f: f.__name__)
async def test_a_sync_transaction_decides(hf, dsn, sql, driver, message):
    """Rolled back, nothing is enqueued; committed, it is, and not a moment sooner."""
    with driver(dsn) as (connection, commit, rollback):
        hf.sync.send(message, using=connection)
        rollback()
        assert count(sql) == 0
        receipt = hf.sync.send(message, using=connection)
        assert count(sql) == 0
        commit()
    assert sql.execute("select id, state from jobs").fetchone() == (receipt.id, "ready")
    hf.sync.close()


@pytest.mark.parametrize("message", [JOB, EMAIL], ids=["job", "email"])
@pytest.mark.parametrize("driver", ASYNC, ids=lambda f: f.__name__)
async def test_an_async_transaction_decides(hf, dsn, sql, driver, message):
    """Rolled back, nothing is enqueued; committed, it is, and not a moment sooner."""
    async with driver(dsn) as (connection, commit, rollback):
        await hf.send(message, using=connection)
        await rollback()
        assert count(sql) == 0
        receipt = await hf.send(message, using=connection)
        assert count(sql) == 0
        await commit()
    assert sql.execute("select id, state from jobs").fetchone() == (receipt.id, "ready")


async def test_every_option_arrives_by_every_driver(hf, dsn, sql):
    """Times, nulls, text and numbers mean the same whatever the driver."""
    due = datetime.now(UTC) + timedelta(hours=1)
    job = JOB.options(run_at=due, expires_at=due + timedelta(hours=1), priority=2, dedupe_key=None)
    for driver in ASYNC:
        async with driver(dsn) as (connection, commit, _):
            await hf.send(job, using=connection)
            await commit()
    rows = sql.execute("select run_at, expires_at, priority, tenant, payload from jobs").fetchall()
    expected = (due, due + timedelta(hours=1), 2, "acme", JOB.payload)
    assert rows == [expected] * len(ASYNC)


@pytest.mark.parametrize("driver", ASYNC, ids=lambda f: f.__name__)
async def test_errors_are_ours_on_any_driver(hf, dsn, driver):
    """What the database refuses comes back as the same typed error, with its hint."""
    async with driver(dsn) as (connection, _, rollback):
        with pytest.raises(UnknownQueue, match=r'no queue "nowhere".*create_queue'):
            await hf.send(JOB.options(queue="nowhere"), using=connection)
        await rollback()
        with pytest.raises(InvalidInput, match="kind is 1 to 200"):
            await hf.send(JOB.options(kind=""), using=connection)


async def test_the_wrong_face_says_so(hf, dsn):
    """An async connection or loop and the sync face, or the reverse: each is told the way."""
    with pytest.raises(ConfigError, match=r"await hf\.work\(\)"):
        hf.sync.work(until_idle=True)
    for coroutine in (hf.send(JOB), hf.run(jobs.explain(uuid.uuid4()))):
        with pytest.raises(ConfigError, match=r"trio's, call hf\.sync"):
            await asyncio.to_thread(coroutine.send, None)  # where no loop of asyncio runs
    async with psycopg_async(dsn) as (connection, _, _):
        with pytest.raises(ConfigError, match="sync connection"):
            hf.sync.send(JOB, using=connection)
    async with alchemy_async(dsn) as (session, _, _):
        with pytest.raises(ConfigError, match="sync connection"):
            hf.sync.send(JOB, using=session)
    with psycopg_sync(dsn) as (connection, _, _), pytest.raises(ConfigError, match=r"hf\.sync"):
        await hf.send(JOB, using=connection)
    with pytest.raises(ConfigError, match="using=object"):
        await hf.send(JOB, using=object())


async def test_a_dedupe_key_has_one_effect(hf, sql):
    """The same key again, alone or among many at once, gives the first receipt back."""
    import asyncio

    first = await hf.send(JOB)
    again = await asyncio.gather(*(hf.send(JOB) for _ in range(20)))
    assert {receipt.id for receipt in again} == {first.id}
    assert all(receipt.duplicate for receipt in again) and not first.duplicate
    assert count(sql) == 1


@pytest.mark.parametrize(
    "payload",
    [{"x": float("nan")}, {"x": float("inf")}, {"x": "\x00"}, {"x": "\ud800"}, {"x": object()}],
    ids=["nan", "infinity", "nul", "surrogate", "object"],
)
async def test_a_payload_that_can_not_be_stored_is_refused(hf, sql, payload):
    """What jsonb cannot hold is a typed error before anything is sent, and harms nobody else."""
    with pytest.raises(InvalidInput):
        await hf.send(Job(kind="x", payload=payload))
    deep: list = []
    for _ in range(100_000):
        deep = [deep]
    with pytest.raises(InvalidInput, match="deep"):
        await hf.send(Job(kind="x", payload=deep))
    with pytest.raises(InvalidInput, match="1 MiB"):
        await hf.send(Job(kind="x", payload="x" * 2_000_000))
    await hf.send(Job(kind="x"))
    assert count(sql) == 1


async def test_many_are_jobs(hf, sql):
    """An email among many is refused with the way that sends it, and nothing is stored."""
    for send_many in (hf.send_many, partial(asyncio.to_thread, hf.sync.send_many)):
        with pytest.raises(InvalidInput, match=r"Email: send_many takes jobs alone; send each"):
            await send_many([JOB, EMAIL])
    assert sql.execute("select count(*) from jobs").fetchone() == (0,)


async def test_codecs_of_the_owner_make_no_difference(hf, dsn, sql):
    """A connection of asyncpg that has a codec for JSON, as most have, stores what is sent."""
    connection = await asyncpg.connect(**asyncpg_arguments(dsn))
    for kind in ("json", "jsonb"):
        await connection.set_type_codec(
            kind, schema="pg_catalog", encoder=json.dumps, decoder=json.loads
        )
    plain = Job(kind="task:x", payload={"n": 1})
    await hf.send(plain, using=connection)
    await hf.send(JOB, using=connection)
    await hf.send_many([plain, plain], using=connection)
    await hf.send(EMAIL, using=connection)
    await connection.close()
    kept = sql.execute("select payload ->> 'n' from jobs where kind = 'task:x'").fetchall()
    assert kept == [("1",)] * 4


@pytest.mark.parametrize("factory", ["RawCursor", "ClientCursor"])
async def test_cursors_of_the_owner_make_no_difference(hf, dsn, sql, factory):
    """A connection of psycopg whose cursors write placeholders otherwise stores what is sent."""
    with psycopg.connect(dsn, cursor_factory=getattr(psycopg, factory)) as connection:
        hf.sync.send(JOB, using=connection)
    kind = getattr(psycopg, f"Async{factory}")
    async with await psycopg.AsyncConnection.connect(dsn, cursor_factory=kind) as connection:
        await hf.send(EMAIL, using=connection)
    hf.sync.close()
    assert count(sql) == 2


async def test_what_has_no_transaction_is_refused(hf, dsn):
    """A pool, an engine or a cursor is none to send on: nobody knows when it would be committed."""
    pool = await asyncpg.create_pool(**asyncpg_arguments(dsn), min_size=0)
    engine = create_async_engine(alchemy_url(dsn, "asyncpg"))
    for without in (pool, engine):
        with pytest.raises(ConfigError, match="no pool and no engine"):
            await hf.send(JOB, using=without)
    with psycopg.connect(dsn) as connection:
        for without in (engine.sync_engine, connection.cursor(), "default"):
            with pytest.raises(ConfigError, match="no pool and no engine"):
                hf.sync.send(JOB, using=without)
    await pool.close()
    await engine.dispose()


def test_a_connection_of_psycopg2_is_refused(hf):
    """One that cannot tell us what it stored is refused before anything is written."""
    kind = type("connection", (), {"__module__": "psycopg2.extensions", "cursor": None})
    with pytest.raises(ConfigError, match="psycopg 3"):
        hf.sync.send(JOB, using=kind())
