"""What can be asked about webhooks by the JSON API: look, handle again, release; and who sends."""

from collections.abc import Sequence
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from holdfast.channel import Services
from holdfast.channels.webhooks import inbox, known, pauses
from holdfast.errors import UnknownJob
from holdfast.operation import Caller, Limit, Moment, Operation, Texts, Why


class Types(Why):
    """Which types of the source: * stands for anything; all of it unless given."""

    type: str | None = None


class Stop(Types):
    """Until then, or until it is resumed."""

    until: Moment | None = None


class Again(Why):
    """Which handlers are to handle it again, by name; all that want it unless given."""

    handlers: Annotated[Texts, Field(min_length=1)] | None = None


async def list_events(
    services: Services, source: str | None = None, type: str | None = None,  # noqa: A002
    object: str | None = None, held: bool = False, since: str | None = None,  # noqa: A002
    until: str | None = None, before: UUID | None = None, limit: Limit = 50,
) -> list[dict[str, Any]]:  # fmt: skip
    """The events that came in, newest first.

    `since` and `until` are so long ago, such as 2h or 3d, or a time; in `type`, * stands for
    anything; `object` is what they are about; `before` an id gives those older than it.
    """
    chosen = {
        "source": source, "type": type, "object": object, "held": held or None, "since": since,
        "until": until, "before": None if before is None else str(before),
    }  # fmt: skip
    rows = await services.database.run(inbox.listed(chosen, limit))
    return [dict(zip(inbox.LISTED, row, strict=True)) for row in rows]


async def show_event(services: Services, event: str) -> dict[str, Any]:
    """One event, by our id or theirs: where it came from, its headers, its jobs."""
    return await services.database.run(inbox.shown(await _found(services, event)))


async def list_sources(services: Services) -> Sequence[dict[str, Any]]:
    """Who may send, by name: how many secrets hold now, and what is wrong with a source."""
    return await known.listed(services)


async def show_source(services: Services, name: str) -> dict[str, Any]:
    """One source: its policy, and of its secrets where each is kept and when it was used last."""
    return await known.shown(services, name)


async def pause_source(
    services: Services, name: str, caller: Caller, stop: Stop | None = None
) -> dict[str, Any]:
    """Handle nothing of it, or of a type of it: what comes is stored, and its jobs are held.

    With `until` it goes on by itself.
    """
    how = stop or Stop()
    pattern = pauses.ALL if how.type is None else how.type
    return await pauses.pause(services, name, pattern, caller.name, how.why, how.until)


async def resume_source(
    services: Services, name: str, caller: Caller, stop: Types | None = None
) -> dict[str, Any]:
    """Let it go on, with what was held: every pause of it, or that of one type."""
    how = stop or Types()
    return await pauses.resume(services, name, how.type, caller.name, how.why)


async def release_event(
    services: Services, event: str, caller: Caller, reason: Why | None = None
) -> dict[str, Any]:
    """Let a held event go to its handlers."""
    found = await _found(services, event)
    why = reason.why if reason is not None else None
    made = await services.database.run(inbox.release(found, caller.name, why))
    return {"id": found, "jobs": made}


async def replay_event(
    services: Services, event: str, caller: Caller, again: Again | None = None
) -> dict[str, Any]:
    """Handle it again: new jobs for its handlers, with the same bytes."""
    how = again or Again()
    chosen = {"ids": [str(await _found(services, event))]}
    only = None
    if how.handlers:
        only = await services.database.run(inbox.kinds(how.handlers))
    planned = await services.database.run(inbox.plan(chosen, only))
    made = await services.database.run(inbox.replay(chosen, caller.name, how.why, only, made=0))
    return {**planned, "replayed": len(made)}


async def _found(services: Services, event: str) -> UUID:
    """By a whole id: ours, or else theirs."""
    found = await services.database.run(inbox.find(event))
    if event != str(found):
        named = await services.database.run(inbox.shown(found))
        if named["event_id"] != event:
            raise UnknownJob(f"no event has the id {event[:60]!r}; the API wants all of it")
    return found


OPERATIONS = (
    Operation("read", "GET", "/webhooks", list_events, cursor=("before", "id")),
    Operation("read", "GET", "/webhooks/sources", list_sources),
    Operation("read", "GET", "/webhooks/sources/{name}", show_source),
    Operation("operate", "POST", "/webhooks/sources/{name}/pause", pause_source),
    Operation("operate", "POST", "/webhooks/sources/{name}/resume", resume_source),
    Operation("read", "GET", "/webhooks/{event}", show_event),
    Operation("operate", "POST", "/webhooks/{event}/release", release_event),
    Operation("operate", "POST", "/webhooks/{event}/replay", replay_event),
)
