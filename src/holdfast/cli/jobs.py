"""`holdfast jobs`: list, show, explain, cancel; hold, let go on, run now, skip."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Any

import typer

from holdfast.channel import Services
from holdfast.cli.bites import in_bites
from holdfast.cli.context import add_noun
from holdfast.cli.options import JobId, Kind, OneJob, Queue, Tenant, Yes, named_job
from holdfast.cli.terminal import confirmed
from holdfast.cli.values import Count
from holdfast.command import Command, Detail, Note, Rows, counted, person
from holdfast.database import Call
from holdfast.engine import jobs, views
from holdfast.options import Newest, Who, Why

_TIMES = ("claimed_at", "settled_at", "next_at")
_TIMELINE = ("attempt", "outcome", "settled_at", "because", "next_at", "worker", "claimed_at")
_EXPLAINED = (
    "id", "state", "because", "rule", "until", "queue", "kind", "attempts", "max_attempts",
    "attempts_left", "crashes", "deferrals",
)  # fmt: skip

_MOST_COUNTED = 10_000_000
_LOOKED_AT = 200
_TOLD = 3


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
        Command("jobs", "hold", hold),
        Command("jobs", "unhold", unhold),
        Command("jobs", "run", run),
        Command("jobs", "blocked", blocked),
        Command("jobs", "skip", skip),
    ]
    add_noun(
        app,
        "jobs",
        "Find jobs, see what happened to them, cancel or hold them.",
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
    empty = "no job matches" if any(chosen.values()) else "no jobs yet"
    more = f"there may be more: --before {found[-1]['id']}" if len(found) == limit else ""
    return Rows(views.JOB, [list(job.values()) for job in found], empty=empty, more=more)


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


async def cancel(
    services: Services, job_id: OneJob = None, *, queue: Queue = None, kind: Kind = None,
    tenant: Tenant = None,
    every: Annotated[
        bool, typer.Option("--all", help="All that wait.", rich_help_panel="Which ones")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only count them.")] = False,
    yes: Yes = False, why: Why = None, who: Who = None,
) -> Note:  # fmt: skip
    """End a job that has not ended, or all that wait.

    If it runs, its worker stops it within half a minute; what it did until then is done. With
    options: those that wait, for a worker, their time, their key or a person; what runs goes on.
    Pause the queue first if none of it may run meanwhile.
    """
    chosen = _chosen(job_id, every=every, queue=queue, kind=kind, tenant=tenant)
    if job_id is not None:
        found = await named_job(services, job_id)
        if dry_run:
            return Note(f"{found} would be cancelled", {"matching": 1, "cancelled": 0})
        state = await services.database.run(jobs.cancel(found, person(who), why))
        return Note(f"{found} is {state}", {"id": found, "state": state})

    def bite(size: int, *, dry_run: bool = False) -> Call[int]:
        return jobs.cancel_many(chosen, person(who), why, limit=size, dry_run=dry_run)

    matching = await services.database.run(bite(_MOST_COUNTED, dry_run=True))
    data = {"matching": matching, "cancelled": 0}
    told = counted(matching, "job")
    if dry_run or not matching:
        return Note(f"{told} would be cancelled" if matching else "no waiting job matches", data)
    if not yes and not confirmed(f"Cancel {told} ({_in_words(chosen)})?"):
        return Note("nothing was changed", data, failed=True)
    gone = await in_bites(services, "cancelling", matching, bite)
    return Note(f"{counted(gone, 'job')} cancelled", data | {"cancelled": gone})


async def hold(services: Services, job_id: JobId, why: Why = None, who: Who = None) -> Note:
    """Set a waiting job aside until somebody lets it go on.

    A running one cannot be held: cancel it, or wait. Jobs behind it in its ordering key wait, too.
    """
    found = await named_job(services, job_id)
    await services.database.run(jobs.hold(found, person(who), why))
    told = f"{found} is held until: holdfast jobs unhold {found}"
    return Note(told, {"id": found, "state": "held"})


async def unhold(
    services: Services, job_id: OneJob = None, *, queue: Queue = None, kind: Kind = None,
    tenant: Tenant = None,
    every: Annotated[
        bool, typer.Option("--all", help="All that are held.", rich_help_panel="Which ones")
    ] = False,
    yes: Yes = False, why: Why = None, who: Who = None,
) -> Note:  # fmt: skip
    """Let a held job go on, or all held jobs that the options name.

    What still holds, such as a pause of their source, holds them again. Those that are due later
    wait on for their time, those of an ordering key for their turn.
    """
    chosen = _chosen(job_id, every=every, queue=queue, kind=kind, tenant=tenant)
    if job_id is not None:
        found = await named_job(services, job_id)
        was = await services.database.run(views.job_show(found))
        await services.database.run(jobs.unhold(found, person(who), why))
        told = f"{found} {_goes_on(was['expires_at'])}{_was_held([was['because']])}"
        return Note(told, {"id": found, "unheld": 1})
    if not yes and not confirmed(f"Let all held jobs go on ({_in_words(chosen)})?"):
        return Note("nothing was changed", {"unheld": 0}, failed=True)
    some = await services.database.run(views.job_list({**chosen, "state": "held"}, _LOOKED_AT))
    count = await services.database.run(jobs.unhold_many(chosen, person(who), why))
    told = "1 job goes on" if count == 1 else f"{count:,} jobs go on"
    told += _was_held([job["because"] for job in some])
    return Note(told if count else "no held job matches", {"unheld": count})


async def run(
    services: Services, job_id: OneJob = None, *, queue: Queue = None, kind: Kind = None,
    tenant: Tenant = None,
    every: Annotated[
        bool,
        typer.Option(
            "--all", help="All that have failed or were put off.", rich_help_panel="Which ones"
        ),
    ] = False,
    yes: Yes = False, why: Why = None, who: Who = None,
) -> Note:  # fmt: skip
    """Run a job now that waits for its time, or all that wait for their next attempt.

    For when the cause is mended and the retries are still an hour away. With options: those that
    have failed, or were put off; what is for later from the beginning is run early only by its id.
    The attempts that are left, limits, breakers and pauses are as before.
    """
    chosen = _chosen(job_id, every=every, queue=queue, kind=kind, tenant=tenant)
    if job_id is not None:
        found = await named_job(services, job_id)
        await services.database.run(jobs.run_now(found, person(who), why))
        return Note(f"{found} is due now", {"id": found, "due": 1})
    if not yes and not confirmed(f"Run all jobs now that wait for a retry ({_in_words(chosen)})?"):
        return Note("nothing was changed", {"due": 0}, failed=True)
    count = await services.database.run(jobs.run_now_many(chosen, person(who), why))
    told = "1 job is due now" if count == 1 else f"{count:,} jobs are due now"
    return Note(told if count else "no job that waits for a retry matches", {"due": count})


def _chosen(job_id: str | None, *, every: bool, **filters: str | None) -> dict[str, str]:
    """The filters that were given: one job is named by its id alone, and all only on purpose."""
    chosen = {name: value for name, value in filters.items() if value}
    if job_id is not None and (chosen or every):
        raise typer.BadParameter("an id names one job: leave out the filters and --all")
    if job_id is None and not chosen and not every:
        raise typer.BadParameter("which ones? Give an id, --queue, --kind, --tenant, or --all")
    return chosen


def _in_words(chosen: Mapping[str, str]) -> str:
    return ", ".join(f"{name} {value}" for name, value in chosen.items()) or "whatever queue"


def _goes_on(expires_at: datetime | None) -> str:
    if expires_at is None or expires_at > datetime.now(UTC):
        return "goes on"
    end = f"{expires_at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
    return f"expires, and does not run: it was to begin by {end}"


def _was_held(reasons: Sequence[str | None]) -> str:
    """Why, in so many lines: what still holds, as a pause of a source, holds them again."""
    told = [reason for reason in dict.fromkeys(reasons) if reason]
    return "".join(f"\nheld until now: {reason}" for reason in told[:_TOLD])


async def blocked(services: Services, *, queue: Queue = None, limit: Newest = 50) -> Rows:
    """List the ordering keys whose jobs wait, and the head that they wait for.

    Let them pass a head that is stuck: holdfast jobs skip HEAD
    """
    found = await services.database.run(views.blocked_key_list(queue, limit))
    rows = [list((key | {"waiting": Count(key["waiting"])}).values()) for key in found]
    return Rows(views.BLOCKED_KEY, rows, empty="no job waits for its ordering key")


async def skip(services: Services, job_id: JobId, why: Why = None, who: Who = None) -> Note:
    """Send a job to the end of its ordering key, so that the jobs behind it pass.

    It keeps the attempts that it has used up and the time that it waits for; a held one stays held.
    """
    found = await named_job(services, job_id)
    await services.database.run(jobs.skip(found, person(who), why))
    state = (await services.database.run(views.job_show(found)))["state"]
    told = f"{found} is at the end of its ordering key"
    return Note(told, {"id": found, "state": state})


def timeline(attempts: Sequence[Mapping[str, Any]], *, empty: str) -> Rows:
    """Attempts as a table; their times come as text, for they come out of JSON."""
    rows = [
        [_time(attempt.get(name)) if name in _TIMES else attempt.get(name) for name in _TIMELINE]
        for attempt in attempts
    ]
    return Rows(_TIMELINE, rows, empty=empty)


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
