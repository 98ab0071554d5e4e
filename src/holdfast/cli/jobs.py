"""`holdfast jobs`: list, show, explain and cancel."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any

import typer

from holdfast.channel import Services
from holdfast.cli.context import add_noun
from holdfast.cli.options import (
    JobId,
    Kind,
    Newest,
    Queue,
    Tenant,
    Who,
    Why,
    named_job,
)
from holdfast.command import Command, Detail, Note, Rows, person
from holdfast.engine import jobs, views

_TIMES = ("claimed_at", "settled_at", "next_at")
_TIMELINE = ("attempt", "outcome", "settled_at", "because", "next_at", "worker", "claimed_at")
_EXPLAINED = (
    "id", "state", "because", "rule", "until", "queue", "kind", "attempts", "max_attempts",
    "attempts_left", "crashes", "deferrals",
)  # fmt: skip


class State(StrEnum):
    """Where a job can be. A retry that waits for its time is ready, too."""

    READY = "ready"
    LEASED = "leased"
    HELD = "held"
    DEAD = "dead"
    DONE = "done"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


def register(app: typer.Typer) -> None:
    """Add the noun."""
    commands = [
        Command("jobs", "list", list_jobs),
        Command("jobs", "show", show),
        Command("jobs", "explain", explain),
        Command("jobs", "cancel", cancel),
    ]
    add_noun(
        app,
        "jobs",
        "Find jobs, see what happened to them, cancel them.",
        commands,
        panel="Look and act",
    )


async def list_jobs(
    services: Services,
    *,
    queue: Queue = None,
    state: Annotated[
        State | None,
        typer.Option(
            "--state",
            "-s",
            metavar="STATE",
            rich_help_panel="Which ones",
            help=f"In this state: {', '.join(State)}.",
        ),
    ] = None,
    kind: Kind = None,
    tenant: Tenant = None,
    before: Annotated[
        str | None,
        typer.Option(
            metavar="ID", help="Older than this job: the next page.", rich_help_panel="Which ones"
        ),
    ] = None,
    limit: Newest = 50,
) -> Rows:
    """List jobs, the newest first, in whatever state they are."""
    chosen = {"queue": queue, "state": state, "kind": kind, "tenant": tenant}
    if before is not None:
        chosen["before"] = str(await named_job(services, before))
    found = await services.database.run(
        views.job_list({name: value for name, value in chosen.items() if value}, limit)
    )
    empty = "no such job" if any(chosen.values()) else "no jobs yet"
    return Rows(views.JOB, [list(job.values()) for job in found], empty=empty)


async def show(services: Services, job_id: JobId) -> Detail:
    """Show a job: what it carries, where it is, and what became of each attempt."""
    job = await services.database.run(views.job_show(await named_job(services, job_id)))
    return Detail(job | {"timeline": timeline(job["timeline"], empty="not attempted yet")})


async def explain(services: Services, job_id: JobId) -> Detail:
    """Say why a job waits, until when, and by which rule."""
    told = await services.database.run(jobs.explain(await named_job(services, job_id)))
    if told["until"]:
        told["until"] = datetime.fromisoformat(told["until"])
    fields = {name: told[name] for name in _EXPLAINED}
    return Detail(fields | {"history": timeline(told["history"], empty="no attempt has failed")})


async def cancel(services: Services, job_id: JobId, why: Why = None, who: Who = None) -> Note:
    """End a job that has not ended.

    If it runs, its worker is told with the next heartbeat; what it did until then is done.
    """
    found = await named_job(services, job_id)
    state = await services.database.run(jobs.cancel(found, person(who), why))
    return Note(f"{found} is {state}", {"id": found, "state": state})


def timeline(attempts: Sequence[Mapping[str, Any]], *, empty: str) -> Rows:
    """Attempts as a table; their times come as text, for they come out of JSON."""
    rows = [
        [_time(attempt.get(name)) if name in _TIMES else attempt.get(name) for name in _TIMELINE]
        for attempt in attempts
    ]
    return Rows(_TIMELINE, rows, empty=empty)


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
