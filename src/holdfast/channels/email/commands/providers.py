"""holdfast email providers, limits: by whom mail goes out, and how fast."""

from typing import Annotated

import typer

from holdfast.channel import Services
from holdfast.channels.email.paces import paced, set_pace
from holdfast.channels.email.providers.smtp.dkim import SHAPE
from holdfast.channels.email.roster import roster
from holdfast.channels.email.settings import EmailSettings
from holdfast.command import Command, Note, Rows
from holdfast.engine.limits import breaker_list
from holdfast.errors import InvalidInput
from holdfast.settings import read

_UNITS = {"s": 1, "second": 1, "m": 60, "minute": 60, "h": 3600, "hour": 3600, "day": 86_400}


async def list_providers(services: Services) -> Rows:
    """List the providers of this machine's settings, and how they are."""
    breakers = {b["name"]: b["state"] for b in await services.database.run(breaker_list())}
    paces = {row[0]: row[1] for row in await services.database.run(paced())}
    rows = [
        [
            entry.name, type(entry.provider).__name__.lower(), entry.tier, entry.weight,
            entry.provider.most, paces.get(f"provider:{entry.name}"),
            breakers.get(f"email:{entry.name}", "closed"),
        ]
        for entry in roster(read(EmailSettings), services.database)
    ]  # fmt: skip
    columns = ("name", "kind", "tier", "weight", "at_once", "per_second", "breaker")
    return Rows(columns, rows)


async def list_dkim(services: Services) -> Rows:
    """List the DNS records that belong to the keys mail is signed with."""
    rows = [
        [entry.name, *signer.record()]
        for entry in roster(read(EmailSettings), services.database)
        for signer in getattr(entry.provider, "signers", ())
    ]
    return Rows(
        ("provider", "name", "txt"), rows,
        empty=f"nothing is signed here. Add to an smtp provider: dkim={SHAPE}",
    )  # fmt: skip


async def list_limits(services: Services) -> Rows:
    """List what has a limit now: providers, domains, tenants."""
    rows = await services.database.run(paced())
    return Rows(
        ("scope", "per_second", "ceiling", "changed_at", "because"),
        [list(row) for row in rows],
        empty="nothing is limited. Limit a scope: holdfast email limits set domain:example.com 5/s",
    )


async def set_limit(
    services: Services,
    scope: Annotated[
        str, typer.Argument(metavar="SCOPE", help="provider:NAME, domain:NAME or tenant:NAME.")
    ],
    rate: Annotated[
        str, typer.Argument(metavar="RATE", help="Messages: 5, 5/s, 300/minute, 200/day; or none.")
    ],
) -> Note:
    """Limit how fast mail may go, for all workers together."""
    per_second = None if rate == "none" else _per_second(rate)
    await services.database.run(set_pace(scope.lower(), per_second))
    what = "has no limit now" if per_second is None else f"gets at most {rate}"
    return Note(f"{scope} {what}", {"scope": scope, "per_second": per_second})


def _per_second(text: str) -> float:
    count, _, unit = text.partition("/")
    try:
        found = float(count) / _UNITS[unit or "s"]
    except (ValueError, KeyError):
        found = 0.0
    if not 0 < found <= 1_000_000:  # noqa: PLR2004
        raise InvalidInput(f"{text!r} is no rate; such as 5, 5/s, 300/minute, 200/day, or none")
    return found


COMMANDS = (
    Command("email providers", "list", list_providers),
    Command("email dkim", "list", list_dkim),
    Command("email limits", "list", list_limits),
    Command("email limits", "set", set_limit),
)
