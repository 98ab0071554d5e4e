"""What is stored of events, as operations to be run: find, list, show, release, handle again."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from holdfast.database import Call, decode, encode
from holdfast.errors import UnknownJob

BITE = 500
"""So many events are handled again in one transaction."""
LISTED = (
    "id", "received_at", "source", "event_type", "event_id", "states", "redeliveries", "size",
)  # fmt: skip


def listed(
    source: str | None, event_type: str | None, held: bool, limit: int
) -> Call[list[Sequence[Any]]]:
    """The newest events."""
    wanted = {"source": source, "type": event_type, "held": held or None}
    chosen = {name: value for name, value in wanted.items() if value is not None}
    return Call(
        "webhook_list", {"p_filter": encode(chosen), "p_limit": limit}, list, ", ".join(LISTED)
    )


def shown(event: UUID) -> Call[dict[str, Any]]:
    """One event with its jobs. Raises UnknownJob when run."""

    def read(rows: Sequence[Sequence[Any]]) -> dict[str, Any]:
        if not rows or rows[0][0] is None:
            raise UnknownJob(f"no event {event}; see: holdfast webhooks list")
        return dict(decode(rows[0][0]))

    return Call("webhook_show", {"p_id": event}, read)


def find(text: str) -> Call[UUID]:
    """The event that a person means."""
    return Call("webhook_find", {"p_text": text}, read=lambda rows: UUID(str(rows[0][0])))


def release(event: UUID, who: str, why: str | None) -> Call[int]:
    """Makes the jobs of a held event; returns how many."""
    return Call(
        "webhook_release", {"p_id": event, "p_who": who, "p_why": why},
        read=lambda rows: int(rows[0][0]),
    )  # fmt: skip


def plan(chosen: dict[str, Any], handlers: list[str] | None) -> Call[dict[str, Any]]:
    """How many events the filter names, how many can be handled again, and why others can not."""
    return Call(
        "webhook_plan_replay", {"p_filter": encode(chosen), "p_kinds": _kinds(handlers)},
        read=lambda rows: dict(decode(rows[0][0])),
    )  # fmt: skip


def replay(
    chosen: dict[str, Any], who: str, why: str | None, handlers: list[str] | None, *, made: int,
    rate: float | None = None,
) -> Call[list[Any]]:  # fmt: skip
    """The next few of them; `made` is how many were before, for the rate."""
    return Call(
        "webhook_replay",
        {"p_filter": encode(chosen), "p_who": who, "p_why": why, "p_kinds": _kinds(handlers),
         "p_rate": rate, "p_made": made, "p_limit": BITE},
        read=list, select="event",
    )  # fmt: skip


def _kinds(handlers: list[str] | None) -> list[str] | None:
    return [k if ":" in k else f"webhook:{k}" for k in handlers or []] or None
