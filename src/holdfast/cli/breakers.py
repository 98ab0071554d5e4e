"""holdfast breakers: is the other side there, and a pause by hand."""

from datetime import datetime
from typing import Annotated

import typer

from holdfast.channel import Services
from holdfast.cli.context import add_noun
from holdfast.command import Command, Note, Rows, person
from holdfast.engine import limits
from holdfast.errors import UnknownJob
from holdfast.options import Changes, Who, Why, future, pair

Name = Annotated[str, typer.Argument(metavar="NAME", help="The breaker.", show_default=False)]


def register(app: typer.Typer) -> None:
    """Add the noun."""
    commands = [
        Command("breakers", "list", list_breakers),
        Command("breakers", "set", set_),
        Command("breakers", "pause", pause),
        Command("breakers", "resume", resume),
    ]
    add_noun(
        app, "breakers", "Destinations: is the other side there?", commands, panel="Look and act"
    )


async def list_breakers(services: Services) -> Rows:
    """List the breakers, the open ones first, a thousand at most.

    closed: all passes. open: nothing does, until then. half open: one try at a time. paused: by
    hand.
    """
    found = await services.database.run(limits.breaker_list())
    return Rows(
        limits.BREAKER,
        [list(breaker.values()) for breaker in found],
        empty="no breakers yet: hf.breaker(NAME) makes one; or holdfast queues set NAME breaker=…",
    )


async def set_(
    services: Services,
    breaker: Name,
    changes: Changes,
    why: Why = None,
    who: Who = None,
) -> Note:
    """Make a breaker, or change what it tolerates.

    holdfast breakers set smtp:relay failure_rate=0.5 minimum=10 per=60s open_for=30s open_cap=15m
    """
    wanted = dict(pair(change, "minimum=10") for change in changes)
    await services.database.run(limits.set_breaker(breaker, wanted, person(who), why))
    return Note(f"{breaker} is set", {"breaker": breaker, "changed": wanted})


async def pause(
    services: Services,
    breaker: Name,
    why: Why = None,
    until: Annotated[
        datetime | None,
        typer.Option(parser=future, metavar="WHEN", help="Until then: 30m, 2h, or a time."),
    ] = None,
    who: Who = None,
) -> Note:
    """Let nothing pass to a destination; jobs wait, and lose no attempt."""
    new = ""
    try:
        await services.database.run(limits.breaker_named(breaker))
    except UnknownJob:
        new = f". It is new: is there a {breaker} at all?"
    await services.database.run(limits.pause_breaker(breaker, person(who), why, until))
    end = f"{until:%Y-%m-%d %H:%M} UTC" if until else f"holdfast breakers resume {breaker}"
    return Note(
        f"{breaker} is paused until: {end}{new}",
        {"breaker": breaker, "paused": True, "until": until},
    )


async def resume(services: Services, breaker: Name, why: Why = None, who: Who = None) -> Note:
    """Close a breaker, whatever opened it, and forget what it counted."""
    await services.database.run(limits.resume_breaker(breaker, person(who), why))
    return Note(f"{breaker} is closed", {"breaker": breaker, "paused": False})
