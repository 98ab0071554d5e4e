"""`holdfast migrate`, `doctor` and `version`: the database and whether all is well."""

import asyncio
import platform
from importlib.metadata import version as installed
from typing import Annotated

import typer

from holdfast.channel import Services
from holdfast.cli.context import AsJson, add_verb
from holdfast.cli.diagnosis import examine
from holdfast.cli.help import Verb
from holdfast.cli.render import Verbatim, show
from holdfast.cli.terminal import waiting
from holdfast.command import Command, Note
from holdfast.database import lost_rights, newer, script
from holdfast.database import migrate as apply
from holdfast.database import pending as missing
from holdfast.database.migrate import RIGHTS
from holdfast.installation import rooms

_PANEL = "Database"


def register(app: typer.Typer) -> None:
    """Add the verbs that need no noun."""
    add_verb(app, Command("", "migrate", migrate), panel=_PANEL, ready=False)
    add_verb(app, Command("", "doctor", doctor), panel=_PANEL, ready=False)
    app.command("version", cls=Verb, rich_help_panel=_PANEL)(version)


async def migrate(
    services: Services,
    pending: Annotated[
        bool, typer.Option("--pending", help="Only say what would be applied.")
    ] = False,
    print_: Annotated[
        bool,
        typer.Option(
            "--print",
            help="Only print the SQL, for a tool of yours: all, or --pending what is missing.",
        ),
    ] = False,
) -> Note:
    """Bring the schema to the present.

    Safe to run at any time, by any number of processes at once, while others work: it waits a
    minute for tables that are in use. The schema of a newer holdfast stays as it is. On the
    embedded server every command does it by itself.
    """
    database = services.database
    if print_ and not pending:
        return _script(script(rooms(), database.schema))
    dsn = await asyncio.to_thread(database.dsn)
    if print_:
        titles = await asyncio.to_thread(missing, dsn, rooms(), database.schema)
        return _script(script(rooms(), database.schema, titles))
    step = missing if pending else apply
    files = await asyncio.to_thread(step, dsn, rooms(), database.schema)
    if pending and not files:
        lost = await asyncio.to_thread(lost_rights, dsn, database.schema)
        files = [RIGHTS] if lost else []
    told = "to be applied" if pending else "applied"
    text = "\n".join(f"{told}: {file}" for file in files)
    if not text and (what := await asyncio.to_thread(newer, dsn, rooms(), database.schema)):
        text = f"the schema is of a newer holdfast ({what}) and stays as it is"
    text = text or "the schema is up to date"
    return Note(text, {"pending" if pending else "applied": files})


def _script(text: str) -> Note:
    return Verbatim(text, {"script": text})


async def doctor(
    services: Services,
    patience: Annotated[
        float,
        typer.Option(metavar="SECONDS", min=0, help="How long the invariants may be checked."),
    ] = 15.0,
) -> Note:
    """Check that all is well, and say what to do if not.

    Looks at the server, its disk, the schema, durability, clocks, workers, leases and dead letters;
    checks the invariants of the queue on the live data. The exit code is 1 if something is wrong.
    """
    with waiting() as say:
        checks = await examine(services, patience, say)
    ok = all(check.fine is not False for check in checks)
    return Note(
        "\n".join(check.text() for check in checks),
        {"ok": ok, "checks": [check.data() for check in checks]},
        failed=not ok,
    )


def version(as_json: AsJson = False) -> None:
    """Show the version."""
    data = {"holdfast": installed("holdfast"), "python": platform.python_version()}
    show(Note(f"holdfast {data['holdfast']}", data), as_json=as_json)
