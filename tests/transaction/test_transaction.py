"""Handlers inside the transaction of their own job: effects in the same database, exactly once."""

import asyncio
import re
import threading
from functools import partial

import psycopg
import pytest
from psycopg_pool import PoolTimeout

from holdfast import InvalidInput, Retry
from holdfast.database import PerLoop
from holdfast.engine import jobs


@pytest.fixture
def ledger(sql):
    """A table of the application's own."""
    sql.execute("create table public.ledger (job text, note text)")
    return lambda: [row[0] for row in sql.execute("select note from public.ledger order by note")]


def states(sql):
    """The state of every job, in their order."""
    return [row[0] for row in sql.execute("select state from jobs order by id")]


async def test_writes_and_done_are_one_commit(hf, sql, ledger):
    """What a handler writes through its transaction is there exactly when its job is done."""

    @hf.task
    async def book(note: str, tx: psycopg.AsyncConnection):
        await tx.execute("insert into public.ledger values ('a', %s)", [note])
        inside = await (
            await tx.execute("select count(*) from holdfast.jobs where state = 'done'")
        ).fetchone()
        assert inside == (0,)

    await hf.send(book.job("first"))
    assert await hf.work(until_idle=True) == 1
    assert (ledger(), states(sql)) == (["first"], ["done"])


async def test_a_plain_function_gets_a_plain_connection(hf, sql, ledger):
    """A handler without an event loop has the same promise, on a sync connection in its thread."""

    @hf.task
    def book(note: str, *, tx: psycopg.Connection):
        tx.execute("insert into public.ledger values ('a', %s)", [note])

    await hf.send(book.job(note="plain"))
    await hf.work(until_idle=True)
    assert (ledger(), states(sql)) == (["plain"], ["done"])


@pytest.mark.parametrize("plain", [True, False])
async def test_a_failure_undoes_what_was_written(hf, sql, ledger, plain):
    """An exception, or a verdict other than delivered, rolls back and leaves the attempt failed."""

    async def book(tx, how):
        await tx.execute("insert into public.ledger values ('a', 'never')")
        return _fail(how)

    def book_plainly(tx, how):
        tx.execute("insert into public.ledger values ('a', 'never')")
        return _fail(how)

    def _fail(how):
        if how == "raise":
            raise RuntimeError("broken")
        return Retry("later", after=3600)

    task = hf.task(book_plainly if plain else book)
    await hf.send_many([task.job(how="raise"), task.job(how="retry")])
    await hf.worker().once(10)
    assert ledger() == []
    outcomes = sql.execute("select outcome, because from attempts order by because").fetchall()
    assert [o for o, _ in outcomes] == ["retry", "retry"]
    assert "broken" in outcomes[0][1] and outcomes[1][1] == "later"


@pytest.mark.parametrize("plain", [True, False])
@pytest.mark.parametrize(
    "error",
    [
        ConnectionRefusedError("the shop's API refused"),
        psycopg.OperationalError("another database is gone"),
        PoolTimeout("no connection of another pool"),
    ],
)
async def test_what_a_handler_could_not_reach_is_not_our_database(hf, sql, ledger, plain, error):
    """An error of what the handler asked is told as it is, and costs nobody his connection."""

    async def book(tx):
        raise error

    def book_plainly(tx):
        raise error

    task = hf.task(book_plainly if plain else book)
    await hf.send(task.job())
    database = hf.services.database
    wires = await database._wires()
    await hf.worker().once(10)
    assert await database._wires() is wires
    (because,) = sql.execute("select because from attempts").fetchone()
    assert because.startswith(f"{type(error).__name__}: {error}")


@pytest.mark.parametrize("plain", [True, False])
@pytest.mark.parametrize(
    "wrong", [("select * from no_such_table",), ("select %s", [1, 2])], ids=["table", "placeholder"]
)
async def test_a_wrong_statement_of_a_handler_is_told_as_the_driver_says_it(hf, sql, plain, wrong):
    """A table that the application lacks is no old schema of ours, nor is a placeholder our URL."""

    async def book(tx):
        await tx.execute(*wrong)

    def book_plainly(tx):
        tx.execute(*wrong)

    task = hf.task(book_plainly if plain else book)
    await hf.send(task.job())
    await hf.worker().once(10)
    (because,) = sql.execute("select because from attempts").fetchone()
    assert re.match(r"(UndefinedTable: relation|ProgrammingError: the query has 1)", because)
    assert "holdfast" not in because and "(test_transaction.py:" in because


async def test_what_the_error_of_a_handler_came_from_is_told(hf):
    """An error in a handler's tx keeps the one that it was raised from, and shows none of ours."""

    async def fail():
        async with hf.services.database.transaction() as tx:
            try:
                await tx.execute("select 1 / 0")
            except psycopg.Error:
                await tx.execute("select 1")

    with pytest.raises(psycopg.errors.InFailedSqlTransaction) as failed:
        await fail()
    assert isinstance(failed.value.__context__, psycopg.errors.DivisionByZero)
    assert not failed.value.__suppress_context__


@pytest.mark.parametrize("plain", [True, False])
async def test_a_lost_lease_takes_the_writes_with_it(hf, sql, ledger, plain):
    """Who has lost the job to somebody else writes nothing, and the report is recorded as late."""

    def lose():
        """Somebody else rescues the job while the handler runs, and finishes it."""
        with psycopg.connect(sql.info.dsn, autocommit=True) as other:
            other.execute("set search_path to holdfast")
            other.execute("update leased_jobs set lease_until = clock() - interval '1 s'")
            other.execute("select rescue('default', 10)")
            other.execute(
                "select settle(jsonb_build_array(jsonb_build_object("
                "'id', id, 'token', claim_token, 'verdict', 'delivered'))) from claim('default')"
            )

    async def book(tx):
        await tx.execute("insert into public.ledger values ('a', 'zombie')")
        lose()

    def book_plainly(tx):
        tx.execute("insert into public.ledger values ('a', 'zombie')")
        lose()

    task = hf.task(book_plainly if plain else book)
    await hf.send(task.job())
    await hf.worker().once(1)  # it claims no second time, and so not what was rescued
    assert ledger() == []
    assert states(sql) == ["done"]
    late = sql.execute("select because from attempts where outcome = 'late'").fetchall()
    assert len(late) == 1 and "LeaseLost" in late[0][0]


async def test_a_plain_handler_that_is_given_up_holds_nothing(
    hf, work, sql, ledger, eventually, monkeypatch
):
    """Its locks go at once; its connection is counted until its thread ends, and costs no attempt.

    Else each that hangs would have one more, until no plain handler has one.
    """
    monkeypatch.setattr(hf.services.database, "_rooms", PerLoop(partial(asyncio.Semaphore, 1)))
    ended = threading.Event()

    @hf.task(name="hang", queue="plain", timeout="0.3 s", retry_base="1 h", retry_cap="1 h")
    def hang(tx):
        tx.execute("lock table public.ledger")
        ended.wait()

    @hf.task(name="quick", queue="plain")
    def quick(tx): ...

    await hf.send(hang.job())
    told = "select kind, attempts, because from jobs where because is not null order by kind"
    async with work():
        await eventually(lambda: len(sql.execute(told).fetchall()) == 1)
        sql.execute("set lock_timeout = '10s'")
        assert ledger() == []
        await hf.send(quick.job())
        seen = (
            "select from jobs where kind = 'task:quick' and (because is not null or state = 'done')"
        )
        await eventually(lambda: sql.execute(seen).fetchall())
    ended.set()
    assert sql.execute(told).fetchall() == [
        ("task:hang", 1, "timed out after 0.3 s"),
        ("task:quick", 0, "no connection was free: other handlers with tx run"),
    ]


async def test_what_is_sent_with_the_transaction_goes_with_it(hf, sql, ledger):
    """A job that is sent with `using=tx` exists exactly if the handler's job is done."""

    @hf.task
    async def follow(n: int): ...

    @hf.task
    async def book(tx, fail: bool):
        await hf.send(follow.job(1), using=tx)
        if fail:
            raise RuntimeError("no")

    await hf.send(book.job(fail=True))
    await hf.worker().once(10)
    count = "select count(*) from jobs where kind like '%%follow'"
    assert sql.execute(count).fetchone() == (0,)
    await hf.send(book.job(fail=False))
    await hf.worker().once(10)
    assert sql.execute(count).fetchone() == (1,)


async def test_more_transactions_than_connections(hf, sql, ledger):
    """A hundred transactional jobs at once wait for each other's connection; none fails for it."""

    @hf.task
    async def book(n: int, tx):
        await tx.execute("insert into public.ledger values ('a', %s)", [f"{n:03}"])

    await hf.send_many([book.job(n) for n in range(100)])
    assert await hf.work(until_idle=True) == 100
    assert ledger() == [f"{n:03}" for n in range(100)]
    assert sql.execute("select count(*) from attempts").fetchone() == (0,)


async def test_the_transaction_is_no_argument_to_be_stored(hf):
    """`tx` is given when the job runs; to store one is refused with a sentence that says so."""

    @hf.task
    async def book(tx, note: str): ...

    assert book.job("x").payload == {"note": "x"}
    with pytest.raises(InvalidInput, match="leave it out"):
        book.job(note="x", tx=None)


async def test_a_held_job_waits_for_a_person(hf, sql):
    """`Hold` sets a job aside with its reason and without using an attempt, until it is let go."""
    from holdfast import Hold

    answers = [Hold("is this address right?"), None]

    @hf.task
    async def ask():
        return answers.pop(0)

    receipt = await hf.send(ask.job())
    await hf.work(until_idle=True)
    held = sql.execute("select state, because, attempts from jobs").fetchone()
    assert held == ("held", "is this address right?", 0)
    assert await hf.run(jobs.unhold_many({"ids": [str(receipt.id)]}, "ann", "it is")) == 1
    await hf.work(until_idle=True)
    assert states(sql) == ["done"]
    recorded = sql.execute("select action, who, affected from operations").fetchall()
    assert recorded == [("unhold", "ann", 1)]


async def test_one_job_is_claimed_by_its_id(hf, sql):
    """A ready job can be claimed by who knows its id; one that is paused or taken cannot."""

    @hf.task
    async def ask(): ...

    first, second = await hf.send_many([ask.job(), ask.job()])
    claimed = await hf.run(jobs.claim_job(second.id, "default", "me"))
    assert claimed is not None and (claimed.id, claimed.attempt) == (second.id, 1)
    assert await hf.run(jobs.claim_job(second.id, "default", "me")) is None
    sql.execute("select pause_queue('default', 'ann')")
    assert await hf.run(jobs.claim_job(first.id, "default", "me")) is None
