"""What is stored of events, as operations to be run: find, list, show, release, handle again."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from holdfast.database import Call, decode, encode
from holdfast.errors import InvalidInput, UnknownJob

BITE = 500
"""So many events are handled again in one transaction."""
_FORWARDS = "webhook:deliver"
LISTED = (
    "id", "received_at", "source", "event_type", "states", "event_id", "redeliveries", "size",
)  # fmt: skip


def listed(
    wanted: Mapping[str, Any], limit: int, columns: Sequence[str] = LISTED
) -> Call[list[Sequence[Any]]]:
    """The newest events; the filter knows source, type, object, held, since, until and before."""
    chosen = {name: value for name, value in wanted.items() if value is not None}
    return Call(
        "webhook_list", {"p_filter": encode(chosen), "p_limit": limit}, list, ", ".join(columns)
    )


def moment(text: str) -> Call[str]:
    """A time, or so long ago, as a time that stays. Raises InvalidInput when run."""
    return Call(
        "webhook_moment", {"p_text": text}, select="*",
        read=lambda rows: str(rows[0][0].isoformat()),
    )  # fmt: skip


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


def kinds(handlers: Sequence[str]) -> Call[list[str]]:
    """The kinds of the handlers that are meant, by their name or kind; of every application.

    Raises InvalidInput when run, if one is none, or gives answers: nobody waits for them now.
    """

    def read(rows: Sequence[Sequence[Any]]) -> list[str]:
        known = [("deliver", _FORWARDS, "queued"), *rows]
        found: list[str] = []
        for text in handlers:
            named = [one for one in known if text in {one[0], one[1], one[1].partition(":")[2]}]
            if not named:
                names = ", ".join(sorted({name for name, *_ in rows})) or "none"
                raise InvalidInput(f"no handler is called {text!r}; known: {names}")
            if all(mode == "answer" for *_, mode in named):
                raise InvalidInput(f"{text!r} gives answers, and nobody waits for one any more")
            found += [kind for _, kind, _ in named]
        return found

    return Call("webhook_handler_list", {}, read, select="name, kind, mode")


def plan(chosen: dict[str, Any], only: list[str] | None) -> Call[dict[str, Any]]:
    """How many events the filter names, how many can be handled again, and why others cannot."""
    return Call(
        "webhook_plan_replay", {"p_filter": encode(chosen), "p_kinds": only},
        read=lambda rows: dict(decode(rows[0][0])),
    )  # fmt: skip


def replay(
    chosen: dict[str, Any], who: str, why: str | None, only: list[str] | None, *, made: int,
    rate: float | None = None,
) -> Call[list[Any]]:  # fmt: skip
    """The next few of them, for `only` these kinds; `made` were before, for the rate."""
    return Call(
        "webhook_replay",
        {"p_filter": encode(chosen), "p_who": who, "p_why": why, "p_kinds": only,
         "p_rate": rate, "p_made": made, "p_limit": BITE},
        read=list, select="event",
    )  # fmt: skip
