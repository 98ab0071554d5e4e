"""The tree of commands, and what becomes of errors: one line on stderr and an exit code."""

import sys
from collections.abc import Callable, Sequence
from importlib.metadata import version
from itertools import groupby
from typing import Annotated, Any, Final

import typer
from rich.text import Text

from holdfast.channel import load
from holdfast.cli import (
    alerts,
    breakers,
    database,
    dead_letters,
    jobs,
    limits,
    operations,
    queues,
    replays,
    schedules,
    serve,
    up,
    work,
)  # fmt: skip
from holdfast.cli.context import add_noun, flowing
from holdfast.cli.help import Noun
from holdfast.cli.terminal import fresh_line, remark
from holdfast.cli.values import clean
from holdfast.errors import ConfigError, DatabaseUnavailable, HoldfastError, SchemaError
from holdfast.redaction import scrub

PANELS: Final = ("Run", "Look and act", "Channels", "Database")
"""The order of the help screen."""

REGISTER: Final[Sequence[Callable[[typer.Typer], None]]] = (
    up.register,
    serve.register,
    work.register,
    queues.register,
    breakers.register,
    limits.register,
    schedules.register,
    jobs.register,
    dead_letters.register,
    replays.register,
    alerts.register,
    operations.register,
    database.register,
)
"""Every file of a noun; the channels' commands are found, not named."""

EXIT_CODES: Final = {
    0: "ok",
    1: "failed, refused or not found",
    2: "wrong usage",
    3: "configuration or schema",
    4: "database unavailable",
    130: "interrupted",
}

_COMMANDS: Final = {
    "rate_limit_list": "holdfast limits list",
    "replay_list": "holdfast replays list",
}
"""The database says what to look at in SQL; who has typed a command is told a command."""


def exit_code(error: HoldfastError) -> int:
    """The exit code that tells a script what kind of error it was."""
    match error:
        case ConfigError() | SchemaError():
            return 3
        case DatabaseUnavailable():
            return 4
    return 1


class Root(Noun):
    """The tree's root: orders the help screen, and ends every command's errors."""

    def list_commands(self, ctx: Any) -> list[str]:
        """By panel, within it as registered."""

        def place(name: str) -> int:
            panel = getattr(self.commands[name], "rich_help_panel", None)
            return PANELS.index(panel) if panel in PANELS else len(PANELS)

        return sorted(super().list_commands(ctx), key=place)

    def invoke(self, ctx: Any) -> Any:
        """Run the command; an error that we raise on purpose becomes a line and a code."""
        try:
            return super().invoke(ctx)
        except HoldfastError as error:
            if ctx.params.get("traceback"):
                raise
            complain(error)
            raise typer.Exit(exit_code(error)) from None
        except KeyboardInterrupt:
            fresh_line()
            raise


def complain(error: HoldfastError) -> None:
    """Say on stderr what is wrong."""
    text = scrub(clean(str(error).strip())) or type(error).__name__
    for function, command in _COMMANDS.items():
        text = text.replace(f"{function}()", f"`{command}`")
    remark(Text.assemble(("error: ", "bold red"), text))


def build(asked: str | None = None) -> typer.Typer:
    """The tree; of one word that is asked for, only its branch, if there is one of that name.

    Reading the options of all commands takes longer than most commands do.

    Raises:
        ConfigError: a channel cannot be loaded.
    """
    codes = [f"[bold]{code}[/bold] {meaning}" for code, meaning in EXIT_CODES.items()]
    rows = [" · ".join(codes[:3]), " · ".join(codes[3:])]
    app = typer.Typer(
        name="holdfast",
        cls=Root,
        no_args_is_help=True,
        add_completion=False,
        rich_markup_mode="rich",
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
        epilog="Exit codes: " + "\n            ".join(rows),
    )
    app.callback(help=flowing(_holdfast.__doc__ or ""))(_holdfast)
    for register in REGISTER:
        register(app)
    if not _keep_only(app, asked):
        _add_channels(app)
        _keep_only(app, asked)
    return app


def _add_channels(app: typer.Typer) -> None:
    groups = {"": app}
    for channel in load().values():
        for noun, commands in groupby(channel.commands(), key=lambda command: command.noun):
            verbs = list(commands)
            named = f"{', '.join(command.verb for command in verbs).capitalize()}."
            about = channel.nouns.get(noun, named)
            parent, _, name = noun.rpartition(" ")
            panel = "Groups of commands" if parent else "Channels"
            groups[noun] = add_noun(groups[parent], name, about, verbs, panel=panel)


def _keep_only(app: typer.Typer, asked: str | None) -> bool:
    """Leave out every other branch; false if there is none of that name, and all are kept."""
    groups = [group for group in app.registered_groups if group.name == asked]
    commands = [command for command in app.registered_commands if command.name == asked]
    if asked is None or not (groups or commands):
        return False
    app.registered_groups, app.registered_commands = groups, commands
    return True


def run() -> None:
    """The entry point `holdfast`."""
    for stream in (sys.stdout, sys.stderr):
        # what an old terminal's encoding does not have is spelt out, not an error
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    try:
        app = build(next(iter(sys.argv[1:]), None))
    except HoldfastError as error:
        complain(error)
        sys.exit(exit_code(error))
    app(prog_name="holdfast")


def _version(asked: bool) -> None:
    if asked:
        sys.stdout.write(f"holdfast {version('holdfast')}\n")
        raise typer.Exit


def _holdfast(
    traceback: Annotated[
        bool, typer.Option("--traceback", help="Show where an error comes from.")
    ] = False,
    _: Annotated[
        bool, typer.Option("--version", help="Show the version.", callback=_version, is_eager=True)
    ] = False,
) -> None:
    """Ties an application's side effects to its Postgres.

    Stored before acknowledged, retried until done or a visible dead letter, replayable. Commands
    find their database by --database-url or --data; what they show, they show as --json, too.
    """
