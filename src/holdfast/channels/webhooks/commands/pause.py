"""holdfast webhooks pause | resume: what a source sends is stored, and not handled for now."""

from typing import Annotated

import typer

from holdfast.channel import Services
from holdfast.channels.webhooks import pauses
from holdfast.channels.webhooks.commands.sources import Name
from holdfast.command import Command, Note, Shown, counted, person
from holdfast.options import Until, Who, Why


async def pause(
    services: Services,
    name: Name,
    event_type: Annotated[
        str,
        typer.Option("--type", metavar="TYPE", help="Only this type; * stands for anything."),
    ] = pauses.ALL,
    why: Why = None,
    until: Until = None,
    who: Who = None,
) -> Shown:
    """Handle nothing of a source, or of a type of it; what comes is stored, its jobs are held.

    Those of handlers and those that forward it: they are held when a worker comes to them, with
    all their attempts; those that run finish. A handler that is to answer the sender gives no
    answer.
    """
    done = await pauses.pause(services, name, event_type, person(who), why, until)
    what = ", ".join(done["paused"])
    end = "" if until else f" until: holdfast webhooks resume {name}"
    return Note(f"{name} is paused ({what}){end}", done)


async def resume(
    services: Services,
    name: Name,
    event_type: Annotated[
        str | None,
        typer.Option("--type", metavar="TYPE", help="Only the pause of this; default: all of it."),
    ] = None,
    why: Why = None,
    who: Who = None,
) -> Shown:
    """Let a paused source go on, with what was held."""
    done = await pauses.resume(services, name, event_type, person(who), why)
    left = ", ".join(done["paused"])
    more = f"; still paused: {left}" if left else ""
    return Note(f"{name} goes on, with {counted(done['released'], 'held job')}{more}", done)


COMMANDS = [Command("webhooks", "pause", pause), Command("webhooks", "resume", resume)]
