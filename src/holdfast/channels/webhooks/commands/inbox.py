"""holdfast webhooks release | verify | replay | refused."""

import asyncio
import sys
from collections.abc import Callable
from typing import Annotated, Any
from uuid import UUID

import typer

from holdfast.channel import Services
from holdfast.channels.webhooks import inbox
from holdfast.channels.webhooks.amazon import Amazon
from holdfast.channels.webhooks.book import Book
from holdfast.channels.webhooks.commands.options import (
    EventId,
    OfObject,
    OfSource,
    OfType,
    Since,
    Until,
)
from holdfast.channels.webhooks.handle import load_many, read_event
from holdfast.channels.webhooks.recheck import recheck
from holdfast.channels.webhooks.settings import sources
from holdfast.command import Command, Detail, Note, Rows, Shown, person, progress
from holdfast.database import Call
from holdfast.errors import HoldfastError, InvalidInput, UnknownJob
from holdfast.options import Who, Why


async def release(services: Services, event: EventId, why: Why = None, who: Who = None) -> Shown:
    """Let a held event go to its handlers."""
    found = await services.database.run(inbox.find(event))
    made = await services.database.run(inbox.release(found, person(who), why))
    return Note(f"{found} is released; jobs: {made}", {"id": str(found), "jobs": made})


async def verify(services: Services, event: EventId) -> Shown:
    """Verify a stored event again, as of when it came; if it fails, say why."""
    named = await services.database.run(inbox.find(event))
    (row,) = await services.database.run(load_many([named]))
    if row is None:
        raise UnknownJob(f"no event {event}; see: holdfast webhooks list")
    stored = read_event(row)
    book = Book(services.database, sources())
    found = await recheck(services.database, book, Amazon(), stored)
    if not found:
        return Note(f"{stored.id} verifies, as of {stored.received_at:%Y-%m-%d %H:%M:%S} UTC")
    data = {"reasons": [{"code": f.code, "text": f.text} for f in found]}
    return Note(
        "it does not verify:\n" + "\n".join(f"- {f.text}" for f in found), data, failed=True
    )


async def replay(
    services: Services,
    event: Annotated[
        list[str] | None, typer.Argument(metavar="[ID]…", help="These events, or: which ones.")
    ] = None,
    source: OfSource = None,
    event_type: OfType = None,
    object_id: OfObject = None,
    since: Since = None,
    until: Until = None,
    after: Annotated[
        str | None,
        typer.Option(
            metavar="ID", help="Only those after this one; a replay that was broken off says which."
        ),
    ] = None,
    handler: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME", help="Only for this handler, by its name or kind; deliver: forwards."
        ),
    ] = None,
    rate: Annotated[
        float | None,
        typer.Option(min=0.001, metavar="N", help="Spread them: so many become due per second."),
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="Every event there is.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only count.")] = False,
    why: Why = None,
    who: Who = None,
) -> Shown:
    """Handle events again: new jobs for their handlers, with the same bytes.

    Dead letters are replayed by `holdfast dead-letters replay`; this is for events that ended well.
    """
    chosen: dict[str, Any] = {"source": source, "type": event_type, "object": object_id}
    for name, text in (("since", since), ("until", until)):
        if text is not None:  # once: what is so long ago moves on
            chosen[name] = await services.database.run(inbox.moment(text))
    if after:
        chosen["after"] = str(await _found(services, after))
    if event:
        chosen["ids"] = [str(await _found(services, text)) for text in event]
    chosen = {name: value for name, value in chosen.items() if value is not None}
    if not chosen and not everything:
        raise InvalidInput("which events? Give ids, --source, --type, --since, …, or --all")
    only = None
    if handler:
        only = await services.database.run(inbox.kinds(handler))
    planned = await services.database.run(inbox.plan(chosen, only))
    if dry_run:
        return Detail(planned, title="dry run: nothing was done")
    with progress("replaying", planned["replayable"]) as advance:
        made = await _replay(services, chosen, only, rate, person(who), why, advance)
    left = ", ".join(f"{count} {name}" for name, count in planned["excluded"].items())
    text = f"{made} of {planned['matching']} events replayed" + (f"; left: {left}" if left else "")
    return Note(text, {**planned, "replayed": made})


async def _replay(
    services: Services, chosen: dict[str, Any], only: list[str] | None, rate: float | None,
    who: str, why: str | None, advance: Callable[[int], None],
) -> int:  # fmt: skip
    """A bite at a time, each committed by itself; one that is broken off says where to go on."""
    made = 0
    while True:
        call = inbox.replay(chosen, who, why, only, made=made, rate=rate)
        try:
            rows = await services.database.run(call)
        except (asyncio.CancelledError, HoldfastError):
            if made:
                sys.stderr.write(f"\n{made} are replayed; go on with: --after {chosen['after']}\n")
            raise
        made += len(rows)
        advance(len(rows))
        if len(rows) < inbox.BITE:
            return made
        chosen = {**chosen, "after": str(rows[-1][0])}
        await asyncio.sleep(0)


async def _found(services: Services, text: str) -> UUID:
    return await services.database.run(inbox.find(text))


async def refused(
    services: Services,
    days: Annotated[int, typer.Option(min=1, max=90, metavar="N", help="Of so many days.")] = 7,
) -> Shown:
    """Show what was refused lately, and why; of a refused request only this is kept."""
    columns = ("source", "reason", "count", "last_at", "latest")
    listed: Call[list[Any]] = Call(
        "webhook_refusal_list", {"p_days": days}, select=", ".join(columns)
    )
    rows = await services.database.run(listed)
    nothing = "nothing was refused; what was just now is counted within seconds"
    return Rows(columns, rows, empty=nothing, whole=True)


COMMANDS = [
    Command("webhooks", "release", release),
    Command("webhooks", "verify", verify),
    Command("webhooks", "replay", replay),
    Command("webhooks", "refused", refused),
]
