"""A channel hears of what comes in by another; neither names the other."""

from types import SimpleNamespace

import pytest

from holdfast import all_channels, channel
from holdfast.all_channels import connect_hearings
from holdfast.channel import Channel, Hearing
from holdfast.cli.serve import _prepare
from holdfast.database import Room
from holdfast.policy.verdict import Retry


class Listener:
    """A channel of somebody else's package that hears of Stripe's invoices."""

    def __init__(self, folder):
        self.seen = []
        self.failures = 0
        self.channel = Channel("listener", Room("listener", folder), hears=self.hears)

    def hears(self, _services):
        return [
            Hearing(("stripe", "invoice.*"), "invoices", self.hear),
            Hearing(("stripe", "invoice.paid"), "kept", self.keep),
        ]

    async def hear(self, event):
        self.seen.append((event.event_id, event.attempt))
        if self.failures:
            self.failures -= 1
            raise ConnectionError("not now")

    async def keep(self, event, tx):
        await tx.execute("insert into public.heard values (%s)", [event.event_id])
        return Retry("try again") if event.attempt == 1 else None


@pytest.fixture
def listener(tmp_path, monkeypatch, sql):
    """Installed as packages of others are: by an entry point."""
    made = Listener(tmp_path)
    entry = SimpleNamespace(load=lambda: made.channel)
    monkeypatch.setattr(channel, "entry_points", lambda group: [entry])
    channel.load.cache_clear()
    sql.execute("create table public.heard (event text)")
    sql.execute("select set_queue('webhooks', %s)", ['{"retry_base": "0 s", "retry_jitter": 0}'])
    yield made
    monkeypatch.undo()
    channel.load.cache_clear()


async def test_a_channel_hears_what_another_stores(hf, sender, announced, listener, sql):
    """An event of the source reaches the hearing, is retried as any handler's, and no other does.

    What it writes through `tx` is there once, although its first attempt did not hold.
    """
    listener.failures = 1
    await announced()
    await sender.post(sender.event(1))
    await sender.post(sender.event(2, type="customer.created"))
    await hf.work(until_idle=True)
    assert listener.seen == [("evt_1", 1), ("evt_1", 2)]
    assert sql.execute("select event from public.heard").fetchall() == [("evt_1",)]
    kinds = sql.execute("select kind, state from jobs order by kind").fetchall()
    assert kinds == [("webhook:listener:invoices", "done"), ("webhook:listener:kept", "done")]


async def test_the_users_own_handler_works_beside_it(hf, sender, announced, listener):
    """`hf.on` on the same source has its own job; the failures of one are not the other's."""
    mine = []

    @hf.on("stripe", "invoice.*")
    async def invoices(event):
        mine.append((event.event_id, event.attempt))

    listener.failures = 2
    await announced()
    await sender.post(sender.event(1))
    await hf.work(until_idle=True)
    assert mine == [("evt_1", 1)]
    assert listener.seen == [("evt_1", n) for n in (1, 2, 3)]


async def test_connecting_again_changes_nothing(hf, listener):
    """A server and a worker in one process connect the same hearings."""
    connect_hearings(hf.services)
    connect_hearings(hf.services)
    kinds = [h.kind for h in hf.services.registry.all() if not h.kind.startswith("webhook:email:")]
    assert kinds == ["webhook:listener:invoices", "webhook:listener:kept"]


async def test_nothing_is_heard_where_nothing_comes_in(hf, listener, monkeypatch):
    """Without a channel that offers subscriptions a channel that hears is no error."""
    monkeypatch.setattr(all_channels, "load", lambda: {"listener": listener.channel})
    connect_hearings(hf.services)
    assert hf.services.registry.all() == []


async def test_a_server_announces_what_is_heard(hf, listener, sql):
    """A server with handlers of the user's does not make the database forget the hearings."""

    @hf.on("stripe", "*")
    async def mine(event): ...

    await _prepare(hf)
    kinds = sql.execute(
        "select kind from webhook_handlers where kind not like 'webhook:email:%' order by kind"
    ).fetchall()
    assert kinds == [
        ("webhook:listener:invoices",), ("webhook:listener:kept",),
        ("webhook:test_a_server_announces_what_is_heard.mine",),
    ]  # fmt: skip
