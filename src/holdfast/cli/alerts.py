"""holdfast alerts: what a person should look at."""

from typing import Annotated

import typer

from holdfast.channel import Services
from holdfast.cli.context import add_noun
from holdfast.command import Command, Note, Rows, person
from holdfast.engine import alerts
from holdfast.errors import InvalidInput
from holdfast.options import Newest, Who, Why


def register(app: typer.Typer) -> None:
    """Add the noun."""
    commands = [Command("alerts", "list", list_alerts), Command("alerts", "clear", clear)]
    add_noun(app, "alerts", "What a person should look at.", commands, panel="Look and act")


async def list_alerts(
    services: Services,
    everything: Annotated[
        bool, typer.Option("--all", help="Also what was cleared in the last month.")
    ] = False,
    limit: Newest = 50,
) -> Rows:
    """List the open alerts, the newest first."""
    found = await services.database.run(alerts.alert_list(everything=everything, limit=limit))
    return Rows(
        alerts.ALERT,
        [list(alert.values()) for alert in found],
        empty="no open alert. Those of the last month: holdfast alerts list --all",
        whole=True,
    )


async def clear(
    services: Services,
    key: Annotated[str, typer.Argument(metavar="KEY", help="The alert.", show_default=False)],
    why: Why = None,
    who: Who = None,
) -> Note:
    """Say that an alert was seen to. It is raised again if the trouble is still there."""
    if not await services.database.run(alerts.clear_alert(key, person(who), why)):
        raise InvalidInput(f"no open alert {key!r}; see: holdfast alerts list")
    return Note(f"{key} is cleared", {"key": key, "cleared": True})
