"""holdfast endpoints set | show: one endpoint, looked at and changed."""

from typing import Annotated, Any

import typer

from holdfast.channel import Services
from holdfast.channels.webhooks.outbound import endpoint, history
from holdfast.channels.webhooks.outbound.commands import Name, Who, Why
from holdfast.channels.webhooks.outbound.given import changes, plain_url
from holdfast.command import Command, Detail, Note, Rows, Shown, person
from holdfast.database import Call, decode

_SHOWN = (
    "id", "name", "purpose", "source", "tenant", "url", "patterns", "timeout", "rate_quota",
    "give_up_after", "headers", "state", "state_at", "state_by", "state_why", "failures",
    "failing_since", "last_success_at", "created_at",
)  # fmt: skip
_COUNTED = ("waiting", "held", "dead")
_SECRETS = ("id", "reference", "not_before", "not_after", "created_at")


async def set_(
    services: Services,
    name: Name,
    change: Annotated[
        list[str],
        typer.Argument(metavar="KEY=VALUE…", help="What to change.", show_default=False),
    ],
    why: Why = None,
    who: Who = None,
) -> Shown:
    """Change an endpoint; what waits for it goes by what is said now.

    url, patterns (with commas), timeout, rate_quota (deliveries a second), tenant, source,
    give_up_after, header:NAME. none sets it back; nothing after = drops a header.
    """
    wanted = changes(change)
    state = await services.database.run(endpoint.change(name, wanted, person(who), why))
    if wanted.get("url"):
        wanted["url"] = plain_url(wanted["url"])
    more = "" if state == "enabled" else f"; it is {state}: holdfast endpoints enable {name}"
    return Note(f"{name} is changed{more}", {"endpoint": name, "changed": wanted, "state": state})


async def show(services: Services, name: Name) -> Shown:
    """Show one endpoint: how it is set, how it does, and its secrets. Of headers the names."""
    found: Call[dict[str, Any]] = Call(
        "webhook_endpoint", {"p_name": name},
        lambda rows: dict(zip(_SHOWN, rows[0], strict=True)), ", ".join(_SHOWN),
    )  # fmt: skip
    shown = await services.database.run(found)
    shown["url"] = plain_url(shown["url"])
    counted: Call[list[Any]] = Call(
        "webhook_endpoint_list", select=", ".join(("id", *_COUNTED)), read=list
    )
    rows = await services.database.run(counted)
    counts = next((row[1:] for row in rows if row[0] == shown["id"]), (0, 0, 0))
    listed: Call[list[Any]] = Call(
        "webhook_secret_list", {"p_owner": f"endpoint:{shown['id']}"}, list, ", ".join(_SECRETS)
    )
    secrets = [
        [r[0], "sealed:…" if r[1].startswith("sealed:") else r[1], *r[2:]]
        for r in await services.database.run(listed)
    ]
    return Detail(
        {
            **shown, "headers": sorted(decode(shown["headers"])),
            **dict(zip(_COUNTED, counts, strict=True)),
            **await _breaker(services, name=shown["name"]),
            "secrets": Rows(_SECRETS, secrets, "none: nothing is signed", "secrets"),
        }
    )  # fmt: skip


async def _breaker(services: Services, name: str) -> dict[str, Any]:
    """Whether anything is sent there now; a closed one needs no word."""
    columns = "name, state, because, open_until"
    call: Call[list[Any]] = Call("breaker_list", select=columns, read=list)
    rows = await services.database.run(call)
    found = next((row for row in rows if row[0] == f"endpoint:{name}"), None)
    if found is None or found[1] == "closed":
        return {"breaker": "closed"}
    return {"breaker": found[1], "breaker_because": found[2], "breaker_until": found[3]}


COMMANDS = [
    Command("endpoints", "set", set_),
    Command("endpoints", "show", show),
    *history.COMMANDS,
]
