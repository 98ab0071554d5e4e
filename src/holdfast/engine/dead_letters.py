"""Dead letters: replay one or a group, discard with a reason."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from holdfast.database import Call, encode

LINEAGE = ("id", "state", "because", "enqueued_at", "ended_at")


def payload_text(job_id: UUID) -> Call[str]:
    """What a letter carries, as JSON text to be edited: no number loses a digit on the way.

    Raises (when run):
        UnknownJob: no such job.
        NotReplayable: it is not dead.
    """
    return Call(
        "dead_letter_show", {"p_id": job_id}, lambda rows: str(rows[0][0]), "jsonb_pretty(payload)"
    )


def replay_edited(job_id: UUID, payload: str, who: str, why: str | None = None) -> Call[UUID]:
    """As `replay`, with the new payload as JSON text."""
    return Call(
        "replay",
        {"p_id": job_id, "p_who": who, "p_why": why, "p_payload": payload},
        read=lambda rows: UUID(str(rows[0][0])),
    )


def lineage(job_id: UUID) -> Call[list[dict[str, Any]]]:
    """The letters that a job is an edited replay of, itself, and its own edited replays."""
    return Call(
        "lineage", {"p_id": job_id},
        read=lambda rows: [dict(zip(LINEAGE, row, strict=True)) for row in rows],
        select=", ".join(LINEAGE),
    )  # fmt: skip


def replay(
    job_id: UUID,
    who: str,
    why: str | None = None,
    *,
    payload: Any = None,
    run_at: datetime | None = None,
) -> Call[UUID]:
    """Bring one letter back to life; with a `payload`, as a new job that names it as its origin.

    Raises (when run):
        UnknownJob: no such job.
        NotReplayable: it is not dead.
    """
    return Call(
        "replay",
        {
            "p_id": job_id,
            "p_who": who,
            "p_why": why,
            "p_payload": None if payload is None else encode(payload),
            "p_run_at": run_at,
        },
        read=lambda rows: UUID(str(rows[0][0])),
    )


def discard_many(
    chosen: Mapping[str, Any], who: str, why: str, *, limit: int = 10_000, dry_run: bool = False
) -> Call[int]:
    """Take letters out for good, with a reason; returns how many."""
    return Call(
        "discard_dead_letters",
        {
            "p_filter": encode(dict(chosen)),
            "p_who": who,
            "p_why": why,
            "p_limit": limit,
            "p_dry_run": dry_run,
        },
        read=lambda rows: int(rows[0][0]),
    )
