"""A command of the CLI as a value: what it is called, the function, and what it shows.

The function gets the services and its own typed options and returns what is to be shown: rows, the
details of one thing, or a sentence. It prints nothing; the CLI renders that for people, or as JSON
when asked to. So a channel can bring commands without knowing the CLI.
"""

import getpass
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Rows:
    """A table. `empty` is what people read when there is nothing: say what to do next.

    `more` is said below it, where a limit has ended it.
    """

    columns: Sequence[str]
    rows: Sequence[Sequence[Any]]
    empty: str = "nothing here"
    title: str = ""
    more: str = ""


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


def person(who: str | None) -> str:
    """The name that is recorded for what somebody does; whoever runs this if none is given."""
    if who is not None:
        return who
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # an account without a name, as containers have
        return f"uid {os.getuid()}"
