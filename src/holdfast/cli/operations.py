"""`holdfast operations`: who did what, and why."""

from datetime import datetime
from typing import Annotated

import typer

from holdfast.channel import Services
from holdfast.cli.context import add_noun
from holdfast.command import Command, Rows
from holdfast.engine import views
from holdfast.options import Newest, past

_WHICH = "Which ones"


def register(app: typer.Typer) -> None:
    """Add the noun."""
    commands = [Command("operations", "list", list_operations)]
    add_noun(
        app, "operations", "Who did what, to how many, and why.", commands, panel="Look and act"
    )


async def list_operations(
    services: Services,
    *,
    action: Annotated[
        str | None,
        typer.Option(
            metavar="NAME", rich_help_panel=_WHICH,
            help="This action: set, pause, resume, cancel, hold, skip, replay, discard, ...",
        ),
    ] = None,
    by: Annotated[
        str | None,
        typer.Option("--who", metavar="NAME", help="Done by them.", rich_help_panel=_WHICH),
    ] = None,
    since: Annotated[
        datetime | None,
        typer.Option(
            parser=past, metavar="WHEN", rich_help_panel=_WHICH,
            help="Since then: 2h, 3d (ago), or a time such as 2026-03-01T14:30Z.",
        ),
    ] = None,
    until: Annotated[
        datetime | None,
        typer.Option(
            parser=past, metavar="WHEN", rich_help_panel=_WHICH, help="Before then; as --since."
        ),
    ] = None,
    before: Annotated[
        int | None,
        typer.Option(
            metavar="ID", help="Older than this one: the next page.", rich_help_panel=_WHICH
        ),
    ] = None,
    limit: Newest = 50,
) -> Rows:  # fmt: skip
    """List what people did, the latest first: pauses, replays, changes of a policy, ..."""
    chosen = {
        "action": action, "who": by, "before": before,
        "since": since and since.isoformat(), "until": until and until.isoformat(),
    }  # fmt: skip
    given = {name: value for name, value in chosen.items() if value is not None}
    found = await services.database.run(views.operation_list(given, limit))
    return Rows(
        views.OPERATION,
        [list(operation.values()) for operation in found],
        empty="no operation matches" if given else "nobody has done anything yet",
        whole=True,
    )
