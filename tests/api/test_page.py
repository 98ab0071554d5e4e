"""The page at /: what it shows, and that nothing in it can do harm."""

import asyncio
import contextlib
import re
import time
from types import SimpleNamespace

import httpx
from psycopg.conninfo import make_conninfo
from starlette.applications import Starlette
from tests.between import Between

from holdfast import Job, connect
from holdfast.api import build
from holdfast.engine import alerts


async def get(app: Starlette, path: str) -> httpx.Response:
    """Ask the application itself."""
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        return await client.get(path)


async def test_queues_and_dead_letters_are_shown(hf, sql):
    """The page names every queue with its counts, and how to replay what died."""
    await hf.send(Job(kind="task:x", payload={}))
    sql.execute("select claim('default')")
    sql.execute(
        "select settle(jsonb_agg(jsonb_build_object('id', id, 'token', claim_token, "
        "'verdict', 'dead', 'because', 'the <script>alert(1)</script> other side'))) "
        "from leased_jobs"
    )
    page = await get(build(hf.services), "/")
    assert page.status_code == 200 and "default" in page.text
    assert "holdfast dead-letters replay --group" in page.text
    assert "<script>" not in page.text and "&lt;script&gt;" in page.text
    assert "default-src 'none'" in page.headers["content-security-policy"]


async def test_a_database_that_hangs_is_a_banner(dsn, later, eventually):
    """Where connections hang the page shows what it last saw, and readyz says no, in seconds."""
    async with Between(dsn) as between, contextlib.AsyncExitStack() as stack:
        hf = connect(make_conninfo(dsn, **between.there))
        stack.push_async_callback(hf.close)
        await hf.prepare()
        app = build(hf.services)
        assert "The database does not answer" not in (await get(app, "/")).text
        between.freeze(new_ones=True)
        asking = [asyncio.create_task(get(app, path)) for path in ("/", "/readyz")]
        await later(6)
        await eventually(lambda: all(task.done() for task in asking))
        page, ready = await asyncio.gather(*asking)
        assert "The database does not answer" in page.text and "default" in page.text
        assert ready.status_code == 503 and ready.json()["because"] == "no answer within 5 s"
        between.cut()


async def test_a_database_that_cannot_be_written_is_a_banner(dsn, monkeypatch):
    """Where all can be read and nothing stored, the page says so, and its age; readyz says no."""
    hf = connect(make_conninfo(dsn, options="-c default_transaction_read_only=on"))
    app = build(hf.services)
    page, ready = await get(app, "/"), await get(app, "/readyz")
    clock = SimpleNamespace(monotonic=lambda: time.monotonic() + 7500)
    monkeypatch.setattr("holdfast.api.page.time", clock)
    assert "What you see is 2 h old" in (await get(app, "/")).text
    await hf.close()
    assert "Nothing can be stored: transactions are read-only" in page.text
    assert "What you see is 0 s old" in page.text and "<title>nothing is stored" in page.text
    assert ready.status_code == 503 and "read-only" in ready.json()["because"]


async def test_nobody_outside_sees_the_page(hf):
    """Served to the outside, the page of queues is not there; webhooks and health are."""
    await hf.prepare()
    app = build(hf.services, public=True)
    assert (await get(app, "/")).status_code == 404
    assert (await get(app, "/healthz")).status_code == 200
    assert (await get(app, "/readyz")).status_code == 200


async def test_an_unforeseen_error_tells_nothing(hf, monkeypatch):
    """What nobody foresaw is a 500 with a reference, and no word of the error itself."""
    await hf.prepare()

    async def broken(_call):
        raise RuntimeError("secret of the house")

    monkeypatch.setattr(hf.services.database, "run", broken)
    transport = httpx.ASGITransport(build(hf.services), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        answer = await client.get("/readyz")
    assert answer.status_code == 500 and set(answer.json()) == {"error", "reference"}
    assert "secret" not in answer.text


async def test_open_alerts_stand_first_and_in_the_title(hf):
    """What a person should look at is on the page and in the tab, until it is cleared."""
    await hf.prepare()
    app = build(hf.services)
    assert "<title>holdfast</title>" in (await get(app, "/")).text
    key = "queue.stuck:it's <b>; rm -rf x"
    await hf.services.database.run(alerts.raise_alert(key, "nothing <i>moves</i> in it"))
    page = (await get(app, "/")).text
    assert "<title>1 alert · holdfast</title>" in page
    assert "nothing &lt;i&gt;moves&lt;/i&gt; in it" in page and "<b>" not in page
    assert page.index("nothing &lt;i&gt;") < page.index('<h2 id="queues">')
    # pasted into a shell the key is one word, whoever has chosen it
    assert "holdfast alerts clear &#x27;queue.stuck:it&#x27;&quot;&#x27;&quot;&#x27;s" in page
    await hf.services.database.run(alerts.clear_alert(key))
    assert "<title>holdfast</title>" in (await get(app, "/")).text


async def test_what_was_never_seen_is_not_called_empty():
    """A page that never reached the database does not say that there are no dead letters."""
    hf = connect("postgresql://127.0.0.1:1/nowhere?connect_timeout=1")
    try:
        page = (await get(build(hf.services), "/")).text
    finally:
        await hf.close()
    assert "The database does not answer" in page and "nothing is shown" in page
    assert "<title>no database · holdfast</title>" in page
    assert "Dead letters" not in page and "it may have happened" not in page


async def test_who_looks_is_told_of_held_jobs(hf, sql):
    """What waits for a person is not said to be on its way, and the command that lists it is."""
    await hf.prepare()
    [[job]] = sql.execute("select enqueue('default', 'report', '{}')").fetchall()
    hint = "<code>holdfast jobs list --state held</code>"
    well = "is done or on its way"
    page = (await get(build(hf.services), "/")).text
    assert well in page and hint not in page
    sql.execute("select hold(%s, 'ann', 'ask her')", [job])
    page = (await get(build(hf.services), "/")).text
    assert well not in page and hint in page


async def test_nobody_is_missed_where_nothing_waits(hf):
    """A queue without a worker is an alarm only while it has jobs that wait for one."""
    await hf.prepare()
    app = build(hf.services)
    alarm = re.compile(r'class="dead" data-of="workers">0<')
    assert not alarm.search((await get(app, "/")).text)
    await hf.send(Job(kind="task:x", payload={}))
    assert alarm.search((await get(app, "/")).text)
