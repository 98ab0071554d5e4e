"""Alerts: raised once, told once, cleared by what raised them or by a person."""

import logging

from holdfast.engine import alerts


async def test_an_alert_is_news_once(hf, sql):
    """The same trouble again is counted and is no news; after it was cleared it is news again."""
    raise_it = alerts.raise_alert("disk", "the disk is nearly full", {"left": "1 GB"})
    assert [await hf.run(raise_it) for _ in range(3)] == [True, False, False]
    (row,) = await hf.run(alerts.alert_list())
    assert (row["key"], row["times"], row["details"]) == ("disk", 3, {"left": "1 GB"})
    assert await hf.run(alerts.clear_alert("disk", "ann", "bought one")) is True
    assert await hf.run(alerts.clear_alert("disk")) is False
    assert await hf.run(alerts.alert_list()) == []
    assert len(await hf.run(alerts.alert_list(everything=True))) == 1
    assert await hf.run(raise_it) is True
    assert sql.execute("select action, who from operations").fetchall() == [("clear alert", "ann")]


async def test_a_worker_writes_each_alert_to_its_log_once(hf, caplog):
    """An alert that anybody raised stands once in the log of one worker."""
    caplog.set_level(logging.WARNING)

    @hf.task
    async def nothing(): ...

    await hf.run(alerts.raise_alert("queue", "nobody works"))
    for _ in range(2):
        await hf.worker().once(1)
    told = [r for r in caplog.records if r.message == "alert.raised"]
    assert [(r.key, r.text) for r in told] == [("queue", "nobody works")]


async def test_an_application_that_listens_is_told_by_a_job(hf, sql):
    """With `hf.on_alert` a new alert is a job of its own: a page that failed is retried."""
    heard = []

    @hf.on_alert
    async def page(alert):
        heard.append(alert["text"])
        if len(heard) == 1:
            raise ConnectionError("the pager is down")

    await hf.worker().once(1)  # makes the queue
    sql.execute("""select set_queue('alerts', '{"retry_base": "0 s"}')""")
    await hf.run(alerts.raise_alert("queue", "nobody works"))
    await hf.run(alerts.raise_alert("queue", "nobody works"))
    await hf.work(until_idle=True)
    assert heard == ["nobody works"] * 2
    assert sql.execute("select state, attempts from jobs").fetchall() == [("done", 2)]


async def test_who_begins_to_listen_is_told_of_what_is_open(hf, sql):
    """An alert from before anybody listened is handed over once, unless it was cleared by then."""
    heard = []
    for key in ("over", "open"):
        await hf.run(alerts.raise_alert(key, f"{key} since long", {"n": 1}))
    await hf.run(alerts.clear_alert("over"))
    hf.on_alert(heard.append)
    for _ in range(2):
        await hf.work(until_idle=True)
    assert [(a["key"], a["text"], a["details"]) for a in heard] == [
        ("open", "open since long", {"n": 1})
    ]
    (raised_at,) = sql.execute("select to_jsonb(raised_at) from alert_list()").fetchone()
    assert heard[0]["raised_at"] == raised_at
