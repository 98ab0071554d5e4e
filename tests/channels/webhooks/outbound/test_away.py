"""The database is away while a webhook goes out: nothing is delivered twice, or forgotten."""

import sys

import pytest
from aiohttp import web
from tests.channels.webhooks.outbound.conftest import jobs

from holdfast import Webhook
from holdfast.database import Database
from holdfast.errors import DatabaseUnavailable


@pytest.fixture
def away(monkeypatch):
    """Makes the database be away for the next calls of a function; below 0: after its commit."""
    failing = {}
    run = Database.run

    async def run_or_fail(self, call):
        left = failing.get(call.function, 0)
        failing[call.function] = left - (left > 0) + (left < 0)
        answer = None if left > 0 else await run(self, call)
        if left:
            raise DatabaseUnavailable("it is away")
        return answer

    monkeypatch.setattr(Database, "run", run_or_fail)
    monkeypatch.setattr(sys.modules["holdfast.database.insist"], "PAUSES_S", (0.0, 0.0))
    return failing


@pytest.mark.parametrize("failures", [1, 9])
async def test_what_was_delivered_is_not_delivered_again(hf, sql, target, endpoint, away, failures):
    """If the database is away when a delivery is to be written down, its verdict stands."""
    await hf.prepare()
    endpoint("ann", target.url)
    await hf.send(Webhook(type="a"))
    away["webhook_delivered"] = failures
    await hf.work(until_idle=True)
    assert len(target.requests) == 1
    assert jobs(sql)[0][:2] == ("done", 1)
    noted = sql.execute("select count(*) from webhook_deliveries").fetchone()
    assert noted == (1 if failures == 1 else 0,)


async def test_an_attempt_whose_record_had_no_word_counts_once(hf, sql, target, endpoint, away):
    """What is written down again because nobody knows whether it is stored counts once."""
    await hf.prepare()
    endpoint("ann", target.url)
    await hf.send(Webhook(type="a"))
    target.script = [web.Response(status=500)]
    away["webhook_delivered"] = -2
    await hf.worker().once(5)
    assert jobs(sql)[0][:2] == ("ready", 1)
    assert sql.execute("select count(*) from webhook_deliveries").fetchone() == (1,)
    assert sql.execute("select failures from webhook_endpoints").fetchone() == (1,)


async def test_a_410_that_could_not_be_written_down_is_met_again(hf, sql, target, endpoint, away):
    """Nobody is told of an endpoint that is gone by a hold alone: the next attempt says it."""
    await hf.prepare()
    endpoint("ann", target.url)
    await hf.send(Webhook(type="a"))
    target.script = [web.Response(status=410), web.Response(status=410)]
    away["webhook_delivered"] = 3
    await hf.worker().once(5)
    assert jobs(sql)[0][:2] == ("ready", 0)
    sql.execute("select set_config('holdfast.now', (clock() + interval '1 h')::text, false)")
    sql.execute("update deferred_jobs set run_at = enqueued_at")
    await hf.work(until_idle=True)
    assert jobs(sql)[0][0] == "held"
    state = "select state from webhook_endpoints"
    assert sql.execute(state).fetchone() == ("disabled",)


@pytest.mark.parametrize("away_for", ["webhook_delivery", "rate_check_many"])
async def test_what_could_not_be_begun_costs_no_attempt(hf, sql, target, endpoint, away, away_for):
    """If the database is away before anything was sent, the delivery waits."""
    await hf.prepare()
    endpoint("ann", target.url, rate_quota=100)
    await hf.send(Webhook(type="a"))
    away[away_for] = 1
    await hf.worker().once(5)
    assert target.requests == [] and jobs(sql)[0][:2] == ("ready", 0)
