"""A command of the CLI as a value: what it is called, the function, and what it shows.

The function gets the services and its own typed options and returns what is to be shown: rows, the
details of one thing, or a sentence. It prints nothing; the CLI renders that for people, or as JSON
when asked to. So a channel can bring commands without knowing the CLI. One that takes a while tells
`progress` how far it is.
"""

import getpass
import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Rows:
    """A table. `empty` is what people read when there is nothing: say what to do next.

    `more` is said below it, where a limit has ended it. `whole`: its texts are told to their end,
    since there is no other place to read them.
    """

    columns: Sequence[str]
    rows: Sequence[Sequence[Any]]
    empty: str = "nothing here"
    title: str = ""
    more: str = ""
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Detail:
    """One thing and its fields; a value may be a `Rows`, which is shown below."""

    fields: Mapping[str, Any]
    title: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """A sentence about what was done, and the same as data."""

    text: str
    data: Mapping[str, Any] = field(default_factory=dict)
    failed: bool = False


Shown = Rows | Detail | Note


@dataclass(frozen=True, slots=True)
class Command:
    """`noun` and `verb` as typed: holdfast <noun> <verb>. The function's docstring is its help.

    A noun can stand below another one that was there before: "webhooks sources".

    `function(services, **options)` is async; its options are annotated as Typer reads them.
    """

    noun: str
    verb: str
    function: Callable[..., Any]


Advance = Callable[[int], None]
Meter = Callable[[str, int | None], AbstractContextManager[Advance]]


def _unseen(_doing: str, _total: int | None) -> AbstractContextManager[Advance]:
    return nullcontext(lambda _count: None)


METER: ContextVar[Meter] = ContextVar("holdfast_meter", default=_unseen)
"""How a command's progress is shown; the CLI sets it, elsewhere nobody looks."""


def progress(doing: str, total: int | None = None) -> AbstractContextManager[Advance]:
    """Gives a function to be told how many more are done, of so many if that is known."""
    return METER.get()(doing, total)


def counted(number: int, noun: str) -> str:
    """`1 dead letter`, `2,000 dead letters`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def person(who: str | None) -> str:
    """The name that is recorded for what somebody does; whoever runs this if none is given."""
    if who is not None:
        return who
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # an account without a name, as containers have
        return f"uid {os.getuid()}"
