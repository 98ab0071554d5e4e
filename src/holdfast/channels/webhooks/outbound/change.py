"""holdfast endpoints set | show: one endpoint, looked at and changed."""

from typing import Annotated, Any

import typer

from holdfast.channel import Services
from holdfast.channels.webhooks.outbound.commands import Name, Who, Why
from holdfast.channels.webhooks.outbound.given import changes
from holdfast.command import Command, Detail, Note, Rows, Shown, person
from holdfast.database import Call, decode, encode

_SHOWN = (
    "id", "name", "purpose", "source", "tenant", "url", "patterns", "timeout", "rate_quota",
    "give_up_after", "headers", "state", "state_by", "state_why", "failures", "failing_since",
    "last_success_at", "created_at",
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
    give_up_after, header:NAME. Nothing after = sets it back, and drops a header.
    """
    wanted = changes(change)
    call: Call[str] = Call(
        "webhook_set_endpoint",
        {"p_name": name, "p_changes": encode(wanted), "p_who": person(who), "p_why": why},
        read=lambda rows: str(rows[0][0]),
        select="state",
    )
    state = await services.database.run(call)
    more = "" if state == "enabled" else f"; it is {state}: holdfast endpoints enable {name}"
    return Note(f"{name} is changed{more}", {"endpoint": name, "changed": wanted, "state": state})


async def show(services: Services, name: Name) -> Shown:
    """Show one endpoint: how it is set, how it does, and its secrets. Of headers the names."""
    found: Call[dict[str, Any]] = Call(
        "webhook_endpoint", {"p_name": name},
        lambda rows: dict(zip(_SHOWN, rows[0], strict=True)), ", ".join(_SHOWN),
    )  # fmt: skip
    endpoint = await services.database.run(found)
    counted: Call[list[Any]] = Call(
        "webhook_endpoint_list", select=", ".join(("id", *_COUNTED)), read=list
    )
    rows = await services.database.run(counted)
    counts = next((row[1:] for row in rows if row[0] == endpoint["id"]), (0, 0, 0))
    listed: Call[list[Any]] = Call(
        "webhook_secret_list", {"p_owner": f"endpoint:{endpoint['id']}"}, list, ", ".join(_SECRETS)
    )
    secrets = [
        [r[0], "sealed:…" if r[1].startswith("sealed:") else r[1], *r[2:]]
        for r in await services.database.run(listed)
    ]
    return Detail(
        {
            **endpoint, "headers": sorted(decode(endpoint["headers"])),
            **dict(zip(_COUNTED, counts, strict=True)),
            "secrets": Rows(_SECRETS, secrets, "none: nothing is signed", "secrets"),
        }
    )  # fmt: skip


COMMANDS = [Command("endpoints", "set", set_), Command("endpoints", "show", show)]
