"""Schedules: make, look, pause, resume, run, delete."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from holdfast.database import Call, decode, encode
from holdfast.engine.model import Job

SCHEDULE = (
    "name", "rhythm", "queue", "kind", "next_at", "last_at", "paused_by", "last_error", "timezone",
    "catch_up",
)  # fmt: skip


def set_schedule(
    name: str, job: Job, *, cron: str | None = None, every: str | timedelta | None = None,
    timezone: str = "UTC", catch_up: str = "one", who: str | None = None, why: str | None = None,
) -> Call[datetime]:  # fmt: skip
    """Make a schedule or change it; returns when it is due. What people paused stays paused.

    `who`: the database's user if None. Only what changes something is on record.

    Raises (when run):
        InvalidInput: neither or both of `cron` and `every`, or one of them cannot be read.
        UnknownQueue: the job's queue does not exist.
    """
    span = f"{every.total_seconds()} s" if isinstance(every, timedelta) else every
    options = {
        "job": job.to_json(), "cron": cron, "every": span, "timezone": timezone,
        "catch_up": catch_up,
    }  # fmt: skip
    given = {key: value for key, value in options.items() if value is not None}
    return Call(
        "set_schedule",
        {"p_name": name, "p_options": encode(given), "p_who": who, "p_why": why},
        read=lambda rows: rows[0][0],
    )


def schedule_list() -> Call[list[dict[str, Any]]]:
    """The schedules, the next one due first."""
    return Call(
        "schedule_list", read=lambda rows: [dict(zip(SCHEDULE, r, strict=True)) for r in rows],
        select=", ".join(SCHEDULE),
    )  # fmt: skip


def schedule_show(name: str) -> Call[dict[str, Any]]:
    """One schedule with the job that it makes. Raises UnknownJob when run."""
    columns = (*SCHEDULE, "paused_at", "paused_why", "job")
    return Call(
        "schedule_named", {"p_name": name},
        read=lambda rows: dict(zip(columns, (*rows[0][:-1], decode(rows[0][-1])), strict=True)),
        select="name, coalesce(cron, 'every ' || every), job ->> 'queue', job ->> 'kind', "
        "case when paused_at is null then next_at end, last_at, paused_by, last_error, timezone, "
        "catch_up, paused_at, paused_why, job::text",
    )  # fmt: skip


def preview(name: str, count: int = 5) -> Call[Sequence[datetime]]:
    """The moments to come."""
    return Call(
        "schedule_preview",
        {"p_name": name, "p_count": count},
        read=lambda rows: [r[0] for r in rows],
    )


def pause(name: str, who: str, why: str | None) -> Call[None]:
    """Take no ticks until resumed."""
    return Call("pause_schedule", {"p_name": name, "p_who": who, "p_why": why}, read=lambda _: None)


def resume(name: str, who: str, why: str | None) -> Call[datetime]:
    """Go on with the next tick that comes; returns when."""
    return Call(
        "resume_schedule", {"p_name": name, "p_who": who, "p_why": why},
        read=lambda rows: rows[0][0],
    )  # fmt: skip


def run(name: str, who: str, why: str | None) -> Call[UUID]:
    """Enqueue its job now, beside its ticks."""
    return Call(
        "run_schedule", {"p_name": name, "p_who": who, "p_why": why}, read=lambda rows: rows[0][0]
    )


def delete(name: str, who: str, why: str | None) -> Call[None]:
    """Take it away; its jobs stay."""
    return Call(
        "delete_schedule", {"p_name": name, "p_who": who, "p_why": why}, read=lambda _: None
    )
