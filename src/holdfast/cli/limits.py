"""holdfast limits: what is used up, when it is full again, and a reset by hand."""

from typing import Annotated

import typer

from holdfast.channel import Services
from holdfast.cli.context import add_noun
from holdfast.command import Command, Note, Rows, person
from holdfast.engine import limits
from holdfast.options import Newest, Who, Why


def register(app: typer.Typer) -> None:
    """Add the noun."""
    commands = [Command("limits", "list", list_limits), Command("limits", "reset", reset)]
    add_noun(app, "limits", "Rate limits in use.", commands, panel="Look and act")


async def list_limits(
    services: Services,
    limit: Newest = 50,
) -> Rows:
    """List the limits in use, those first that take longest to be full again.

    remaining: units left. per: seconds. A limit that is full again is not listed.
    """
    found = await services.database.run(limits.limit_list(limit))
    return Rows(
        limits.LIMIT,
        [list(row.values()) for row in found],
        empty="no limit is in use: each has all its units",
    )


async def reset(
    services: Services,
    key: Annotated[
        str, typer.Argument(metavar="KEY", help="The key, as listed.", show_default=False)
    ],
    why: Why = None,
    who: Who = None,
) -> Note:
    """Make all limits of a key full again, as if nothing had been charged.

    A process that has just refused it may do so for five seconds more.
    """
    count = await services.database.run(limits.reset_limit(key, person(who), why))
    return Note(f"{key} is full again", {"key": key, "limits": count})
