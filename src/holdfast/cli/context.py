"""From a command value to a Typer command: find the database, open it, run, close, show.

The Typer command has the options of the command's own function and those that all commands share.
The function gets the services; what it returns is rendered after the database is closed.
"""

import asyncio
import inspect
import logging
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.text import Text

from holdfast.channel import Registry, Services
from holdfast.cli import render
from holdfast.cli.help import Noun, Verb
from holdfast.cli.terminal import progress, remark, waiting
from holdfast.client import core_settings
from holdfast.command import METER, Command, Note, Shown
from holdfast.database import Database
from holdfast.installation import ensure_schema
from holdfast.settings import CoreSettings

_PATIENCE_S = 900.0  # whoever has seen enough of it can end it
_SHARED = "Where and how"

DatabaseUrl = Annotated[
    str | None,
    typer.Option(
        metavar="URL", rich_help_panel=_SHARED,
        help="The Postgres server to use. [dim]HOLDFAST_DATABASE_URL[/dim]",
    ),
]  # fmt: skip
Data = Annotated[
    Path | None,
    typer.Option(
        metavar="DIR", rich_help_panel=_SHARED, file_okay=False,
        help="Without a URL: the folder of the embedded server. "
        "[dim]HOLDFAST_DATA, default ./.holdfast[/dim]",
    ),
]  # fmt: skip
Schema = Annotated[
    str | None,
    typer.Option(
        "--schema", metavar="NAME", rich_help_panel=_SHARED,
        help="The schema holdfast lives in. [dim]HOLDFAST_SCHEMA_NAME, default holdfast[/dim]",
    ),
]  # fmt: skip
AsJson = Annotated[
    bool,
    typer.Option("--json", help="One JSON document on stdout.", rich_help_panel=_SHARED),
]


@dataclass(frozen=True, slots=True)
class Where:
    """The database that a command line names."""

    database_url: str | None = None
    data: Path | None = None
    schema: str | None = None

    def settings(self) -> CoreSettings:
        """The settings of this process; what the command line says goes before the environment.

        Raises:
            ConfigError: a variable is unknown, or a value cannot be used.
        """
        if self.database_url and self.data:
            raise typer.BadParameter("--database-url names a server, --data starts one: give one")
        # --data on the command line means the embedded server, whatever the environment says
        url = "" if self.data else self.database_url
        return core_settings(database_url=url, data=self.data, schema_name=self.schema)


@asynccontextmanager
async def services(where: Where, *, ready: bool = True) -> AsyncIterator[Services]:
    """The services on the named database; with `ready`, its schema is the present one.

    Raises:
        ConfigError: see `Where.settings`.
        DatabaseUnavailable: there is no server, or it does not start.
        SchemaError: the schema of a server of yours is missing or not the one of this holdfast.
    """
    core = where.settings()
    is_new = ready and not core.database_url and not core.data.exists()
    logging.getLogger("psycopg.pool").setLevel(logging.ERROR)  # what it says we say, once
    with waiting() as say:
        database = Database(
            core.database_url or None, data=core.data, schema=core.schema_name, size=4,
            patience_s=_PATIENCE_S, progress=say,
        )  # fmt: skip
        try:
            if ready:
                await asyncio.to_thread(ensure_schema, database)
        except BaseException:
            await database.close()
            raise
    if is_new:  # "no dead letters" of an empty one made just now is no news for who is paged
        remark(Text(
            f"made a new, empty database in {core.data}; is yours elsewhere? "
            "Name it with --database-url or --data",
            style="yellow",
        ))  # fmt: skip
    try:
        yield Services(database, core, Registry())
    finally:
        await database.close()


# ---------------------------------------------------------------- Typer


def add_noun(
    app: typer.Typer, noun: str, about: str, commands: Sequence[Command], *, panel: str
) -> typer.Typer:
    """Add a noun with its verbs; a noun below it can be added to what is returned."""
    group = typer.Typer(cls=Noun, no_args_is_help=True)
    for command in commands:
        group.command(command.verb, cls=Verb)(callback(command))
    app.add_typer(group, name=noun, help=about, rich_help_panel=panel)
    return group


def add_verb(app: typer.Typer, command: Command, *, panel: str, ready: bool = True) -> None:
    """Add a command that has no noun. Without `ready` it opens the database by itself."""
    app.command(command.verb, cls=Verb, rich_help_panel=panel)(callback(command, ready=ready))


def callback(command: Command, *, ready: bool = True) -> Callable[..., None]:
    """The function that Typer calls: the command's own options and the shared ones.

    A function that has no use for the services, and calls them `_services`, needs no database.
    """
    services, *own = inspect.signature(command.function, eval_str=True).parameters.values()
    shared = inspect.signature(_shared, eval_str=True).parameters.values()
    ready = ready and not services.name.startswith("_")

    def call(**values: Any) -> None:
        where = Where(*(values.pop(name) for name in ("database_url", "data", "schema")))
        as_json = values.pop("as_json")
        _check_text(values)
        finish(_run(command, where, values, ready=ready), as_json=as_json)

    parameters = [p.replace(kind=inspect.Parameter.KEYWORD_ONLY) for p in (*own, *shared)]
    call.__name__ = command.function.__name__
    call.__doc__ = flowing(inspect.getdoc(command.function) or "")
    call.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    call.__annotations__ = {p.name: p.annotation for p in parameters}
    return call


def flowing(text: str) -> str:
    """Paragraphs without the line breaks of the source; a help screen has a width of its own."""
    return "\n\n".join(" ".join(part.split()) for part in text.split("\n\n"))


def finish(showing: Coroutine[Any, Any, Shown], *, as_json: bool) -> None:
    """Run a command to its end and show what it returns; a failed note is exit code 1."""
    shown = asyncio.run(showing)
    render.show(shown, as_json=as_json)
    if isinstance(shown, Note) and shown.failed:
        raise typer.Exit(1)


async def _run(command: Command, where: Where, values: dict[str, Any], *, ready: bool) -> Shown:
    METER.set(progress)
    async with services(where, ready=ready) as opened:
        shown: Shown = await command.function(opened, **values)
        return shown


def _shared(
    *,
    as_json: AsJson = False,
    database_url: DatabaseUrl = None,
    data: Data = None,
    schema: Schema = None,
) -> None:
    """The options that all commands have."""


def _check_text(values: dict[str, Any]) -> None:
    """Bytes that are no text arrive as halves of surrogate pairs, which no database can store."""
    for value in values.values():
        for text in value if isinstance(value, list | tuple) else [value]:
            if isinstance(text, str) and _is_broken(text):
                raise typer.BadParameter("an argument is not valid UTF-8")


def _is_broken(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return True
    return False
