"""Two versions of an application side by side, as in a deploy: no event passes a handler by."""

import asyncio
import json
from uuid import uuid4

import pytest
from psycopg.conninfo import make_conninfo

from holdfast.cli import serve
from holdfast.cli.serve import _prepare
from holdfast.client import connect
from holdfast.worker.upkeep import look_after


@pytest.fixture
def version(dsn, announced_by):
    """A version of the application, begun: it has these handlers, by name and pattern."""

    async def beginning(**patterns):
        hf = connect(dsn)
        for name, pattern in patterns.items():

            @hf.on("stripe", pattern, name=name)
            async def handle(event): ...

        await announced_by(hf)
        return hf

    return beginning


@pytest.fixture
def handlers(sql):
    """Who would get an event now, by name and pattern."""

    def registered():
        found = sql.execute("select name, pattern from webhook_handlers where app = 'default'")
        return {name: pattern for name, pattern in found if not name.startswith("email:")}

    return registered


async def test_an_old_version_that_begins_again_takes_no_handler_from_the_new_one(
    version, sender, handlers
):
    """An old worker that starts beside a new one: events go on to the handlers of both."""
    new = await version(book="*", mail="*")
    await look_after(new.services)  # as its worker does, from its first second on
    old = await version(book="*", tell="*")
    assert (await sender.post(sender.event())).json()["jobs"] == 3
    await look_after(old.services)
    await look_after(new.services)
    assert set(handlers()) == {"book", "mail", "tell"}
    await old.close()
    await new.close()


async def test_a_handler_that_was_forgotten_comes_back(version, sql, handlers):
    """A worker that could not speak for long registers again what was forgotten meanwhile."""
    new = await version(book="*", mail="*")
    sql.execute("update webhook_handlers_seen set seen_at = seen_at - interval '2 hours'")
    old = await version(book="*")
    assert set(handlers()) == {"book"}
    await look_after(new.services)
    assert set(handlers()) == {"book", "mail"}
    await old.close()
    await new.close()


async def test_who_has_no_handlers_takes_none(dsn, sql, version, handlers):
    """A server or a worker that is begun without the application leaves its handlers alone."""
    theirs = await version(book="*")
    sql.execute("update webhook_handlers_seen set seen_at = seen_at - interval '2 hours'")
    bare = connect(dsn)
    assert await _prepare(bare)
    await bare.worker().once(10)
    assert set(handlers()) == {"book"}
    await bare.close()
    await theirs.close()


async def test_what_was_announced_outlives_old_workers(version, handlers):
    """What a deploy script announces is there, whatever the old workers say that still run."""
    old = await version(book="*")
    new = await version(book="*", mail="*")
    await new.close()
    await look_after(old.services)
    assert set(handlers()) == {"book", "mail"}
    await old.close()


async def test_a_server_says_what_it_has(dsn, sql, handlers, monkeypatch, eventually):
    """A server with handlers has them as a worker has, also if no database was there at first."""
    monkeypatch.setattr(serve, "_KEEP_EVERY_S", 0.01)
    hf = connect(dsn)

    @hf.on("stripe", "*", name="book")
    async def handle(event): ...

    saying = asyncio.create_task(serve._keep(hf, told=False))
    await eventually(lambda: set(handlers()) == {"book"})
    sql.execute("delete from webhook_handlers")
    await eventually(lambda: set(handlers()) == {"book"})
    saying.cancel()
    await hf.close()


async def test_who_may_only_take_in_serves(dsn, sql, version, handlers):
    """A server whose role may send and receive, and no more, begins and takes events in."""
    theirs = await version(book="*")
    role = f"web_{uuid4().hex[:8]}"
    sql.execute(f"create role {role} login in role holdfast_enqueue")
    try:
        web = connect(make_conninfo(dsn, user=role))
        assert await _prepare(web)
        await web.close()
    finally:
        sql.execute(f"drop role {role}")
    assert set(handlers()) == {"book"}
    await theirs.close()


async def test_versions_do_not_change_a_handler_to_and_fro(version, handlers):
    """Of a handler that both versions have, the one that began last says what it wants."""
    old = await version(book="invoice.*")
    new = await version(book="invoice.paid")
    for hf in (old, new, old):
        await look_after(hf.services)
        assert handlers() == {"book": "invoice.paid"}
    await old.close()
    await new.close()


def test_what_nobody_has_any_more_is_forgotten_an_hour_later(sql, handlers):
    """An hour after its last process a handler goes, as soon as another says what it has."""

    def tell(function, *names, at):
        sql.execute("select set_config('holdfast.now', %s, false)", [f"2030-01-01 0{at}+00"])
        mine = [{"kind": f"webhook:{name}", "name": name, "source": "stripe", "pattern": "*",
                 "queue": "webhooks"} for name in names]  # fmt: skip
        sql.execute(f"select {function}('default', %s)", [json.dumps(mine)])
        return set(handlers())

    tell("webhook_register", "book", "mail", at="0:00:00")
    tell("webhook_keep_handlers", "book", "mail", at="0:02:00")
    assert tell("webhook_register", "book", at="0:02:10") == {"book", "mail"}
    assert tell("webhook_keep_handlers", "book", at="1:01:59") == {"book", "mail"}
    assert tell("webhook_keep_handlers", "book", at="1:02:01") == {"book"}
    assert tell("webhook_register", "tell", at="1:02:02") == {"book", "tell"}
