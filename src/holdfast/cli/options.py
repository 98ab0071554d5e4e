"""The options that several nouns of the engine share."""

from datetime import datetime
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

from holdfast.channel import Services
from holdfast.engine import views
from holdfast.errors import Refused
from holdfast.options import past

_FILTER = "Which ones"

Queue = Annotated[
    str | None,
    typer.Option("--queue", "-q", metavar="NAME", help="Of this queue.", rich_help_panel=_FILTER),
]
Kind = Annotated[
    str | None, typer.Option(metavar="KIND", help="Of this kind.", rich_help_panel=_FILTER)
]
Tenant = Annotated[
    str | None, typer.Option(metavar="NAME", help="Of this tenant.", rich_help_panel=_FILTER)
]
Group = Annotated[
    str | None,
    typer.Option(
        "--group", "-g", metavar="FINGERPRINT", rich_help_panel=_FILTER,
        help="With this kind of error, as dead-letters groups shows it.",
    ),
]  # fmt: skip
Since = Annotated[
    datetime | None,
    typer.Option(
        parser=past, metavar="WHEN", rich_help_panel=_FILTER,
        help="Died since then: 2h, 3d (ago), or a time such as 2026-03-01T14:30Z.",
    ),
]  # fmt: skip
Until = Annotated[
    datetime | None,
    typer.Option(
        parser=past, metavar="WHEN", rich_help_panel=_FILTER, help="Died before then; as --since."
    ),
]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]
JobId = Annotated[
    str,
    typer.Argument(
        metavar="ID", help="The job's id, or its first or last six or more digits.",
        show_default=False,
    ),
]  # fmt: skip
OneJob = Annotated[
    str | None,
    typer.Argument(
        metavar="ID", show_default=False,
        help="One job: its id, or its first or last six or more digits.",
    ),
]  # fmt: skip

# of up, serve and work

App = Annotated[
    str | None,
    typer.Option(metavar="MODULE:NAME", help="Your holdfast object.", envvar="HOLDFAST_APP"),
]
Http = Annotated[
    str | None,
    typer.Option(
        metavar="HOST:PORT",
        help="Where to serve HTTP; else 127.0.0.1:8025.",
        envvar="HOLDFAST_HTTP",
    ),
]
Smtp = Annotated[
    str | None,
    typer.Option(
        metavar="HOST:PORT",
        help="Where to take mail in; else 127.0.0.1:1025.",
        envvar="HOLDFAST_SMTP_LISTEN",
    ),
]
Data = Annotated[
    Path | None,
    typer.Option(
        metavar="DIR",
        help="Folder of the embedded Postgres; else ./.holdfast.",
        envvar="HOLDFAST_DATA",
    ),
]
DatabaseUrl = Annotated[
    str | None,
    typer.Option(metavar="URL", help="Use this Postgres instead.", envvar="HOLDFAST_DATABASE_URL"),
]
Schema = Annotated[
    str | None,
    typer.Option(
        metavar="NAME",
        help="The schema holdfast lives in; else holdfast.",
        envvar="HOLDFAST_SCHEMA_NAME",
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="JSON log lines, also on a terminal.")]


async def named_job(services: Services, text: str) -> UUID:
    """The job that a person means by a whole id or a part of one."""
    try:
        return UUID(text.strip())
    except ValueError:
        pass
    if "\x00" in text:
        raise Refused("an id has hexadecimal digits only")
    return await services.database.run(views.find_job(text))
