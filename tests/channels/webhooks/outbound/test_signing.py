"""With which secret a delivery is signed, and what becomes of it where there is none."""

import contextlib

import pytest
from standardwebhooks import Webhook as Official
from tests.channels.webhooks.outbound.conftest import KEY, NEW, add_secret, jobs

from holdfast import Webhook, connect
from holdfast.redaction import scrub


async def test_a_secret_is_rotated_without_one_refusal(hf, sql, target, endpoint, tmp_path):
    """While a secret is rolled, deliveries verify with the old and with the new one."""
    await hf.prepare()
    made = endpoint("ann", target.url)
    await hf.send(Webhook(type="a"))
    await hf.work(until_idle=True)
    (tmp_path / "new").write_text(NEW)
    add_secret(sql, made, f"file:{tmp_path / 'new'}", "1 hour")
    await hf.send(Webhook(type="a"))
    await hf.work(until_idle=True)
    sql.execute("update webhook_secrets set not_after = now() where not_after is not null")
    await hf.send(Webhook(type="a"))
    await hf.work(until_idle=True)

    def verifies(secret, request):
        _, headers, body = request
        with contextlib.suppress(Exception):
            return bool(Official(secret).verify(body, {k.lower(): v for k, v in headers.items()}))
        return False

    assert [verifies(KEY, r) for r in target.requests] == [True, True, False]
    assert [verifies(NEW, r) for r in target.requests] == [False, True, True]


async def test_a_secret_that_can_not_be_used_is_seen_at_the_deliveries(hf, sql, target, endpoint):
    """What could not be signed was not sent, and stands among the attempts with the reason."""
    await hf.prepare()
    endpoint("ann", target.url, secret="my-secret!")
    await hf.send(Webhook(type="a"))
    await hf.worker().once(5)
    assert target.requests == [] and jobs(sql)[0][:2] == ("ready", 1)
    (because,) = sql.execute("select because from webhook_delivery_list('ann')").fetchone()
    assert because.startswith("not sent: ") and "base64" in because


@pytest.mark.parametrize("started_again", [False, True])
async def test_a_secret_that_is_not_there_costs_no_attempt(
    hf, dsn, sql, target, endpoint, monkeypatch, started_again
):
    """Deliveries wait for a secret that a worker lacks; one alert says so until it signs again.

    A variable is there when the worker was started again: that one clears what the one before said.
    """
    await hf.prepare()
    add_secret(sql, endpoint("ann", target.url, secret=None), "env:APP_SECRET")
    for number in range(2):
        await hf.send(Webhook(type="a", data={"n": number}))
    await hf.worker().once(5)
    assert target.requests == []
    waiting = "select state, attempts, deferrals, run_at > now() + interval '50 s' from jobs"
    assert sql.execute(waiting).fetchall() == [("ready", 0, 1, True)] * 2
    ((key, text, times),) = sql.execute("select key, text, times from alert_list()").fetchall()
    assert (key, times) == ("webhooks.unsigned:ann", 1)
    assert scrub(f"{key} {text}") == f"{key} {text}"  # as a log has it
    assert "env:APP_SECRET is not set" in text and "holdfast alerts clear" in text
    monkeypatch.setenv("APP_SECRET", KEY)
    sql.execute("update deferred_jobs set run_at = now()")
    async with connect(dsn) as next_one:
        holder = next_one if started_again else hf
        await holder.worker().once(5)
        assert len(target.requests) == 2 and {job[:2] for job in jobs(sql)} == {("done", 1)}
        assert sql.execute("select key from alert_list()").fetchall() == []
        for told in (1, 0):  # and once more
            monkeypatch.setenv("APP_SECRET", KEY)
            if told:
                monkeypatch.delenv("APP_SECRET")
            await hf.send(Webhook(type="a", data={}))
            await holder.worker().once(5)
            assert len(sql.execute("select key from alert_list()").fetchall()) == told
