"""holdfast limits: what is used up, and when it is full again."""

from typing import Annotated

import typer

from holdfast.channel import Services
from holdfast.cli.context import add_noun
from holdfast.command import Command, Rows
from holdfast.engine import limits


def register(app: typer.Typer) -> None:
    """Add the noun."""
    add_noun(
        app, "limits", "Rate limits in use.", [Command("limits", "list", list_limits)],
        panel="Look and act",
    )  # fmt: skip


async def list_limits(
    services: Services,
    limit: Annotated[int, typer.Option("--limit", help="At most so many, up to 1000.")] = 50,
) -> Rows:
    """List the limits in use, those first that take longest to be full again.

    remaining: units left. per: seconds. A limit that is full again is not listed.
    """
    found = await services.database.run(limits.limit_list(limit))
    return Rows(
        limits.LIMIT,
        [list(row.values()) for row in found],
        empty="every limit is full: nothing is used",
    )
