"""Schedules of an application: told by its worker, ticked by whoever looks."""

from holdfast.engine import maintenance, schedules


async def test_a_worker_tells_its_schedules_and_handles_their_jobs(hf, sql):
    """A scheduled task runs at its tick, with its arguments and the moment."""
    seen = []

    @hf.task(name="report")
    def report(kind, tick=None):
        seen.append((kind, tick))

    @hf.task(name="plain")
    def plain():
        seen.append(("plain", None))

    hf.schedule("nightly", report.job("sales"), every="1 hour")
    hf.schedule("plain", plain.job(), cron="@hourly")
    await hf.worker().once(10)
    listed = {row["name"]: row["kind"] for row in await hf.run(schedules.schedule_list())}
    assert (listed, seen) == ({"nightly": "task:report", "plain": "task:plain"}, [])
    sql.execute("update schedules set next_at = next_at - interval '1 hour'")
    assert (await hf.run(maintenance.maintain()))["ticked"] == 2
    await hf.work(until_idle=True)
    ticks = dict(seen)
    assert ticks.keys() == {"sales", "plain"}
    assert ticks["sales"][:2] == "20"
