"""Pauses: a source, or types of it, whose events are stored and not handled for now."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from holdfast.channel import Services
from holdfast.channels.webhooks.book import Book
from holdfast.channels.webhooks.settings import sources
from holdfast.database import Call
from holdfast.errors import UnknownJob

ALL = "*"


async def pause(
    services: Services, source: str, pattern: str, who: str, why: str | None,
    until: datetime | None = None,
) -> dict[str, Any]:  # fmt: skip
    """Hold the jobs of its events, of these types; until then, or until it is resumed.

    Raises:
        UnknownJob: nobody knows the source: not this process, nor the database.
        InvalidInput: that time is over.
    """
    book = Book(services.database, sources())
    if await book.look(source) is None:
        seen = await services.database.run(_SEEN)
        if source not in seen:
            known = ", ".join(sorted({*book.names(), *seen}))
            raise UnknownJob(f"no source {source[:100]!r}; known: {known}")
    given = {"p_source": source, "p_pattern": pattern, "p_who": who, "p_why": why, "p_until": until}
    await services.database.run(Call("webhook_pause", given, read=lambda _: None))
    stopped = (await paused(services)).get(source, [])
    return {"source": source, "paused": stopped, "until": until}


async def resume(
    services: Services, source: str, pattern: str | None, who: str, why: str | None
) -> dict[str, Any]:
    """Let them go on; every pause of the source if no pattern is given. Raises NotReplayable."""
    given = {"p_source": source, "p_pattern": pattern, "p_who": who, "p_why": why}
    call = Call("webhook_resume", given, read=lambda rows: int(rows[0][0]))
    on = await services.database.run(call)
    left = (await paused(services)).get(source, [])
    return {"source": source, "paused": left, "released": on}


async def paused(services: Services, *, whole: bool = False) -> dict[str, list[str]]:
    """What is paused of which source, and until when if it goes on by itself.

    `whole`: also by whom, since when, and why.
    """
    found: dict[str, list[str]] = {}
    for source, pattern, ends_at, who, since, why in await services.database.run(_PAUSED):
        told = pattern + (f" until {_minute(ends_at)}" if ends_at else "")
        if whole:
            told += f", by {who} since {_minute(since)}" + (f": {why}" if why else "")
        found.setdefault(source, []).append(told)
    return found


def _minute(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


_SEEN: Call[list[str]] = Call(
    "webhook_sources_seen", select="*", read=lambda rows: [str(row[0]) for row in rows]
)
_PAUSED: Call[list[Sequence[Any]]] = Call(
    "webhook_pause_list", select="source, pattern, ends_at, paused_by, paused_at, why"
)
