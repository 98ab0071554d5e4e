"""What can be asked about endpoints by the JSON API: make, look, change, stop, send, send again.

A forward may post into your own network; so where one goes to is said on its machine, by the
command line, and by nobody who only has a key. Secrets are made up here, and said once.
"""

from datetime import timedelta
from typing import Annotated, Any

from pydantic import Field, StrictBool, StrictInt

from holdfast.channel import Services
from holdfast.channels.webhooks.outbound import endpoint as endpoints
from holdfast.channels.webhooks.outbound import shown
from holdfast.channels.webhooks.outbound.given import plain_url
from holdfast.channels.webhooks.outbound.message import Webhook, send
from holdfast.errors import InvalidInput
from holdfast.operation import Body, Caller, Limit, Moment, Name, Operation, Sent, Span, Texts, Why

Found = list[dict[str, Any]]
Rate = Annotated[StrictInt, Field(ge=1, le=1_000_000)]


class NewWebhook(Body):
    """A message to the endpoints of a customer, as `Webhook` in Python."""

    type: str
    data: Any = Field(default_factory=dict)
    tenant: str | None = None
    endpoint: str | None = None
    id: str | None = None
    timestamp: Moment | None = None


class NewEndpoint(Body):
    """A customer's address; of the types it wants, all unless given, * stands for anything.

    rate_quota is deliveries a second, timeout so long as 15s.
    """

    name: str
    url: str
    tenant: Name | None = None
    patterns: Texts | None = None
    timeout: Span | None = None
    rate_quota: Rate | None = None
    give_up_after: Span | None = None
    headers: dict[str, str] = Field(default_factory=dict)


class Changes(Why):
    """What is named changes, null sets it back; so with each header."""

    url: str | None = None
    tenant: Name | None = None
    patterns: Texts | None = None
    timeout: Span | None = None
    rate_quota: Rate | None = None
    give_up_after: Span | None = None
    headers: dict[str, str | None] = Field(default_factory=dict)

    def named(self) -> dict[str, Any]:
        """As `webhook_set_endpoint` takes them."""
        given = {name: getattr(self, name) for name in self.model_fields_set - {"why"}}
        return {
            name: _seconds(value) if isinstance(value, timedelta) else value
            for name, value in given.items()
        }


class Rotation(Body):
    """How long the old secret signs as well: 24 hours unless given."""

    overlap: Span | None = None


class Removal(Body):
    """Whether what waits for it may be cancelled."""

    cancel: StrictBool = False


class Recovery(Why):
    """Since when: so long ago, such as 2h or 3d, or a time such as 2026-03-01T14:30Z."""

    since: str
    until: str | None = None
    missing: StrictBool = False
    rate: Annotated[float, Field(ge=0.001, le=1_000_000)] | None = None
    dry_run: StrictBool = False


async def add_endpoint(services: Services, new: NewEndpoint, caller: Caller) -> dict[str, Any]:
    """Make an endpoint of a customer. The answer has its secret, which is not shown again.

    If the answer is lost, `rotate` gives it another one. A forward of a source is made by
    `holdfast endpoints add`.
    """
    timeout = timedelta(seconds=15) if new.timeout is None else new.timeout
    gives_up = None if new.give_up_after is None else _seconds(new.give_up_after)
    made = await services.database.run(endpoints.add(
        new.name, new.url, tenant=new.tenant, types=["*"] if new.patterns is None else new.patterns,
        per_second=new.rate_quota, timeout_s=timeout.total_seconds(), headers=new.headers,
        give_up_after=gives_up, who=caller.name,
    ))  # fmt: skip
    return {"id": made.id, "name": made.name, "url": plain_url(new.url), "secret": made.secret}


async def list_endpoints(
    services: Services, tenant: str | None = None, source: str | None = None,
    state: str | None = None, after: str | None = None, limit: Limit = 50,
) -> Found:  # fmt: skip
    """The endpoints by name, and how they do; `after` a name gives those behind it."""
    chosen = {"tenant": tenant, "source": source, "state": state, "after": after}
    return await services.database.run(shown.page(chosen, limit))


async def show_endpoint(services: Services, name: str) -> dict[str, Any]:
    """One endpoint, by its name or id: how it is set, how it does, and when its secrets hold.

    Of its headers there are the names, of its secrets the ids and where each is kept.
    """
    return await shown.endpoint(services, name)


async def set_endpoint(
    services: Services, name: str, caller: Caller, changes: Changes
) -> dict[str, Any]:
    """Change an endpoint; what waits for it goes by what is said now. Answers its state."""
    wanted = changes.named()
    if not wanted:
        raise InvalidInput("what is to change? Name at least one field, such as url or timeout")
    found = await services.database.run(shown.known(name))
    if found["purpose"] == "forward" and "url" in wanted:
        raise InvalidInput(
            "where a forward goes to is changed on its machine: holdfast endpoints set "
            f"{found['name']} url=…"
        )
    call = endpoints.change(str(found["id"]), wanted, caller.name, changes.why)
    return {"endpoint": found["name"], "state": await services.database.run(call)}


async def pause_endpoint(
    services: Services, name: str, caller: Caller, reason: Why | None = None
) -> dict[str, Any]:
    """Post nothing there; what comes is held, and goes on when it is enabled."""
    return await _state(services, name, "paused", caller, reason)


async def disable_endpoint(
    services: Services, name: str, caller: Caller, reason: Why | None = None
) -> dict[str, Any]:
    """Pause it for good: an address that is not to be used any more."""
    return await _state(services, name, "disabled", caller, reason)


async def enable_endpoint(
    services: Services, name: str, caller: Caller, reason: Why | None = None
) -> dict[str, Any]:
    """Post there again, and let go on what was held; `released` is how much that was."""
    return await _state(services, name, "enabled", caller, reason)


async def rotate_endpoint(
    services: Services, name: str, caller: Caller, rotation: Rotation | None = None
) -> dict[str, Any]:
    """Give it a new secret, which is not shown again; for the overlap, both sign: 24 hours."""
    wanted = (rotation or Rotation()).overlap
    overlap = timedelta(hours=24) if wanted is None else wanted
    found = await services.database.run(shown.known(name))
    made = await services.database.run(endpoints.rotate(
        found["id"], found["name"], overlap=_seconds(overlap), who=caller.name
    ))  # fmt: skip
    return {"endpoint": made.name, "secret": made.secret, "overlap": overlap}


async def remove_endpoint(
    services: Services, name: str, caller: Caller, removal: Removal | None = None
) -> dict[str, int]:
    """Take it away. 409 while something waits for it, unless `cancel` says to cancel that."""
    cancel = (removal or Removal()).cancel
    call = endpoints.remove(name, cancel=cancel, who=caller.name)
    return {"cancelled": await services.database.run(call)}


async def test_endpoint(services: Services, name: str) -> Sent:
    """Send it a message of the type holdfast.test; `deliveries` has what it answers."""
    data = {"hello": name}
    receipt = await services.database.run(
        send(Webhook(type="holdfast.test", data=data, endpoint=name))
    )
    return Sent(receipt.id, receipt.duplicate)


async def recover_endpoint(
    services: Services, name: str, caller: Caller, recovery: Recovery
) -> dict[str, Any]:
    """Send again what failed since then; with `missing` also what it would get today.

    `dry_run` only counts.
    """
    failed, missing = await services.database.run(endpoints.recover(
        name, recovery.since, caller.name, recovery.why, until=recovery.until,
        missing=recovery.missing, rate=recovery.rate, dry_run=recovery.dry_run,
    ))  # fmt: skip
    return {"failed": failed, "missing": missing, "dry_run": recovery.dry_run}


async def list_deliveries(
    services: Services, endpoint: str | None = None, message: str | None = None,
    failed: bool = False, type: str | None = None, since: str | None = None,  # noqa: A002
    until: str | None = None, before: str | None = None, limit: Limit = 50,
) -> Found:  # fmt: skip
    """The latest attempts, of one endpoint, one message or all, and how each answer begins.

    `message` is a webhook-id, or the id that sending gave; `since` and `until` are so long ago,
    such as 2h or 3d, or a time; in `type`, * stands for anything; `before` the `at/job` of one
    gives those older than it.
    """
    chosen = {
        "endpoint": endpoint, "message": message, "failed": failed or None, "type": type,
        "since": since, "until": until, "before": before,
    }  # fmt: skip
    return await services.database.run(shown.attempts(chosen, limit))


async def list_messages(
    services: Services, endpoint: str | None = None, message: str | None = None,
    tenant: str | None = None,
    type: str | None = None, state: str | None = None,  # noqa: A002
    since: str | None = None, until: str | None = None, before: str | None = None,
    limit: Limit = 50,
) -> Found:  # fmt: skip
    """The latest messages to customers, or one of them, and how each stands at each endpoint.

    `message` is a webhook-id, or the id that sending gave. `state` is ready, leased, held, done,
    dead, cancelled, or nobody: no endpoint wanted it; `before` the `id/job` of one gives the rows
    after it. A rare combination of common filters is searched for in a million; an error then
    says how to go on.
    """
    chosen = {
        "endpoint": endpoint, "message": message, "tenant": tenant, "type": type, "state": state,
        "since": since, "until": until, "before": before,
    }  # fmt: skip
    return await services.database.run(shown.messages(chosen, limit))


async def show_message(services: Services, message: str) -> dict[str, Any]:
    """One message, by its webhook-id or ours: its body, a hundred endpoints and attempts.

    Where `more_endpoints` or `more_attempts` say so, /endpoints/messages and /endpoints/deliveries
    have all of them, by `message`.
    """
    return await shown.message(services, message)


async def send_webhook(services: Services, webhook: NewWebhook) -> Sent:
    """Send to the endpoints that want it. 202 comes after the commit; an `id` makes it safe."""
    receipt = await services.database.run(send(Webhook(**dict(webhook))))
    return Sent(receipt.id, receipt.duplicate)


def _seconds(span: timedelta) -> str:
    return f"{span.total_seconds()} s"


async def _state(
    services: Services, name: str, state: str, caller: Caller, reason: Why | None
) -> dict[str, Any]:
    why = reason.why if reason is not None else None
    released = await services.database.run(endpoints.set_state(name, state, caller.name, why))
    return {"endpoint": name, "state": state, "released": released}


OPERATIONS = (
    Operation("operate", "POST", "/endpoints", add_endpoint, 201),
    Operation("read", "GET", "/endpoints", list_endpoints, cursor=("after", "name")),
    Operation("send", "POST", "/endpoints/send", send_webhook, 202, 1_310_720),
    Operation(
        "read", "GET", "/endpoints/deliveries", list_deliveries, cursor=("before", "at", "job")
    ),
    Operation("read", "GET", "/endpoints/messages", list_messages, cursor=("before", "id", "job")),
    Operation("read", "GET", "/endpoints/messages/{message}", show_message),
    Operation("read", "GET", "/endpoints/{name}", show_endpoint),
    Operation("operate", "POST", "/endpoints/{name}/set", set_endpoint),
    Operation("operate", "POST", "/endpoints/{name}/pause", pause_endpoint),
    Operation("operate", "POST", "/endpoints/{name}/disable", disable_endpoint),
    Operation("operate", "POST", "/endpoints/{name}/enable", enable_endpoint),
    Operation("operate", "POST", "/endpoints/{name}/rotate", rotate_endpoint),
    Operation("operate", "POST", "/endpoints/{name}/remove", remove_endpoint),
    Operation("operate", "POST", "/endpoints/{name}/test", test_endpoint, 202),
    Operation("operate", "POST", "/endpoints/{name}/recover", recover_endpoint),
)
