"""Two versions of an application side by side, as in a deploy: no event passes a handler by."""

import json

import pytest

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
    old = await version(book="*")
    assert set(handlers()) == {"book"}
    await look_after(new.services)
    assert set(handlers()) == {"book", "mail"}
    await old.close()
    await new.close()


async def test_versions_do_not_change_a_handler_to_and_fro(version, handlers):
    """Of a handler that both versions have, the one that began last says what it wants."""
    old = await version(book="invoice.*")
    new = await version(book="invoice.paid")
    for hf in (old, new, old):
        await look_after(hf.services)
        assert handlers() == {"book": "invoice.paid"}
    await old.close()
    await new.close()


def test_what_no_worker_has_any_more_is_forgotten_half_a_minute_later(sql, handlers):
    """With its last worker a handler goes, as soon as another version says what it has."""

    def tell(function, *names, at):
        sql.execute("select set_config('holdfast.now', %s, false)", [f"2030-01-01 00:00:{at}+00"])
        mine = [{"kind": f"webhook:{name}", "name": name, "source": "stripe", "pattern": "*",
                 "queue": "webhooks"} for name in names]  # fmt: skip
        sql.execute(f"select {function}('default', %s)", [json.dumps(mine)])
        return set(handlers())

    tell("webhook_register", "book", "mail", at="00")
    tell("webhook_keep_handlers", "book", "mail", at="01")
    assert tell("webhook_register", "book", at="10") == {"book", "mail"}
    assert tell("webhook_keep_handlers", "book", at="30") == {"book", "mail"}
    assert tell("webhook_keep_handlers", "book", at="32") == {"book"}
    assert tell("webhook_register", "tell", at="33") == {"book", "tell"}
