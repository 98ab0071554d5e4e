"""Results on their way back, when the database is away, or says what nobody foresaw."""

import asyncio
import json
import logging
from dataclasses import dataclass
from typing import ClassVar
from uuid import uuid4

import psycopg
import pytest

from holdfast import Dead, Delivered, Job, Retry
from holdfast.database import Database
from holdfast.engine import jobs
from holdfast.errors import DatabaseUnavailable
from holdfast.redaction import conceal
from holdfast.worker.settle import Result, Settler


class Flaky(Database):
    """A database whose first calls fail, as those of a process that was frozen do."""

    failures = 0

    async def run(self, call, **how):
        if self.failures:
            self.failures -= 1
            raise DatabaseUnavailable("the pool is closed")
        return await super().run(call, **how)


@dataclass
class Over:
    """A lease that was over long ago."""

    deadline: float = 0.0


@pytest.mark.parametrize(("failures", "reported"), [(0, 1), (2, 1), (9, 0)])
async def test_a_late_result_is_reported_though_the_first_tries_fail(dsn, failures, reported):
    """Past its lease a result gets a few tries, and not for ever."""
    database = Flaky(dsn)
    await database.run(jobs.enqueue(Job(kind="x")))
    [job] = await database.run(jobs.claim("default", 1, "test"))
    out_of_hands = []
    settler = Settler(database, out_of_hands.append)
    database.failures = failures
    settler.put(Result(job, Delivered(), Over()))
    settler.close()
    async with asyncio.timeout(60):
        await settler.run()
    database.failures = 0
    explained = await database.run(jobs.explain(job.id))
    await database.close()
    assert out_of_hands == [job.id]
    assert explained["state"] == ("done" if reported else "leased")


async def test_a_dead_letter_is_said(database, caplog):
    """The log says which job became a dead letter, and not why: that may name a person."""
    caplog.set_level(logging.INFO, "holdfast.job")
    await database.run(jobs.enqueue_many([Job(kind="x"), Job(kind="y"), Job(kind="z")]))
    claimed = await database.run(jobs.claim("default", 3, "test"))
    settler = Settler(database, lambda _: None)
    verdicts = [Delivered(), Dead("550 no such user ann@example.com"), Retry("busy")]
    for job, verdict in zip(claimed, verdicts, strict=True):
        settler.put(Result(job, verdict, Over(float("inf"))))
    settler.close()
    await settler.run()
    [said] = caplog.records
    assert (said.getMessage(), said.levelname) == ("job.dead", "WARNING")
    assert (said.job_id, said.kind, said.queue, said.attempt) == (
        str(claimed[1].id), "y", "default", 1,
    )  # fmt: skip
    assert "ann" not in repr(vars(said))


@pytest.mark.parametrize(
    ("place", "name"),
    [("function {}() rename to", "make_durable"), ("table finished_jobs rename {} to", "note")],
)
async def test_a_result_is_not_lost_to_an_upgrade(database, sql, eventually, place, name):
    """What meets functions as they are replaced is said again, and does not count as failed."""
    await database.run(jobs.enqueue(Job(kind="x")))
    [job] = await database.run(jobs.claim("default", 1, "test"))
    sql.execute(f"alter {place.format(name)} gone")
    with pytest.raises(DatabaseUnavailable, match=f"try again, an upgrade .*{name}"):
        await database.run(jobs.settle([(job.id, job.claim_token, Delivered())], only_news=True))
    settler = Settler(database, lambda _: None)
    settler.put(Result(job, Delivered(), Over(float("inf"))))
    settler.close()
    settling = asyncio.create_task(settler.run())
    await eventually(lambda: not settler._waiting)
    sql.execute(f"alter {place.format('gone')} {name}")
    await settling
    explained = await database.run(jobs.explain(job.id))
    assert (explained["state"], explained["history"]) == ("done", [])


def test_a_secret_at_the_end_of_a_reason_is_stored_nowhere():
    """A reason is cut after its secrets are hidden: no half of one stays behind."""
    secret = "canary-" + "q7Z" * 9
    conceal(secret)
    for place in range(1960, 2001, 4):
        call = jobs.settle([(uuid4(), uuid4().hex, Dead("a" * place + secret))])
        because = json.loads(str(call.args["p_results"]))[0]["because"]
        assert "canary" not in because and len(because) <= 2000


@pytest.mark.parametrize("once", [True, False])
async def test_a_worker_that_can_not_settle_ends(hf, sql, once):
    """An unforeseen error of settling ends the worker: else it kept for ever what it had done."""
    sql.execute(
        """create or replace function settle_done(p_ids uuid[], p_tokens uuid[])
           returns table (id uuid, accepted boolean, state text) language plpgsql as $$
           begin
             perform pg_sleep(0.1);   -- the last handler has ended long before
             raise exception 'odd' using errcode = 'XX000';
           end $$"""
    )

    @hf.task
    async def done():
        pass

    await hf.send(done.job())
    worker = hf.worker(grace_s=0)
    with pytest.raises(psycopg.errors.InternalError, match="odd"):
        async with asyncio.timeout(60):
            await (worker.once(5) if once else worker.run())


class Hanging(Database):
    """A database of which the first calls of some functions have no answer, ever."""

    hanging: ClassVar[list[str]] = []

    async def run(self, call, **how):
        if call.function in self.hanging:
            self.hanging.remove(call.function)
            await asyncio.Event().wait()
        return await super().run(call, **how)


async def test_a_connection_that_hangs_holds_up_no_result_and_no_claim(
    hf, work, sql, monkeypatch, eventually
):
    """A claim or a settle without an answer is made again, on another connection."""
    for module in ("loop", "settle"):
        monkeypatch.setattr(f"holdfast.worker.{module}._ANSWER_WITHIN_S", 1.0)
    monkeypatch.setattr(Hanging, "hanging", ["claim", "settle_done"])
    hf.services.database.__class__ = Hanging

    @hf.task
    async def done():
        pass

    async with work():
        receipt = await hf.send(done.job())
        found = "select state from jobs where id = %s"
        await eventually(lambda: sql.execute(found, [receipt.id]).fetchone() == ("done",))
    assert Hanging.hanging == []


async def test_what_a_late_claim_brings_goes_back_when_once_is_cancelled(hf, sql, monkeypatch):
    """Who is told to end while he claims gives back what that claim brings; no attempt is used."""
    begun, go = asyncio.Event(), asyncio.Event()
    run = Database.run

    async def slowly(self, call):
        answer = await run(self, call)
        if call.function == "claim":
            begun.set()
            await go.wait()
        return answer

    @hf.task
    async def never():
        pass

    await hf.send_many([never.job() for _ in range(5)])
    monkeypatch.setattr(Database, "run", slowly)
    once = asyncio.create_task(hf.worker(grace_s=0).once(5))
    await begun.wait()
    once.cancel()
    await asyncio.sleep(0)
    go.set()
    with pytest.raises(asyncio.CancelledError):
        await once
    assert sql.execute("select state, attempts from jobs").fetchall() == [("ready", 0)] * 5
