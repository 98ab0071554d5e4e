"""holdfast endpoints set | show: one endpoint, looked at and changed."""

from holdfast.channel import Services
from holdfast.channels.webhooks.outbound import endpoint, history, shown
from holdfast.channels.webhooks.outbound.commands import Name
from holdfast.channels.webhooks.outbound.given import changes, plain_url, trouble_of
from holdfast.command import Command, Detail, Note, Rows, Shown, person
from holdfast.options import Changes, Who, Why


async def set_(
    services: Services,
    name: Name,
    change: Changes,
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
    trouble = await trouble_of(services, wanted.get("source"))
    told = {"endpoint": name, "changed": wanted, "state": state, "trouble": trouble or None}
    return Note(f"{name} is changed{more}" + (f"; {trouble}" if trouble else ""), told)


async def show(services: Services, name: Name) -> Shown:
    """Show one endpoint: how it is set, how it does, and its secrets. Of headers the names."""
    found = await shown.endpoint(services, name)
    if found["secrets"] is None:
        return Detail({**found, "secrets": "this database role does not see them"})
    secrets = [list(secret.values()) for secret in found["secrets"]]
    rows = Rows(shown.SECRETS, secrets, "none: nothing is signed")
    return Detail({**found, "secrets": rows})


COMMANDS = [
    Command("endpoints", "set", set_),
    Command("endpoints", "show", show),
    *history.COMMANDS,
]
