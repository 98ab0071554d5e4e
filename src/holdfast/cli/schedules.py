"""`holdfast schedules`: jobs that come by the clock."""

import json
from datetime import UTC, datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import typer

from holdfast.channel import Services
from holdfast.cli.context import add_noun
from holdfast.command import Command, Detail, Note, Rows, person
from holdfast.engine import schedules
from holdfast.engine.model import Job
from holdfast.options import Who, Why

Name = Annotated[str, typer.Argument(metavar="NAME", help="The schedule.", show_default=False)]


def register(app: typer.Typer) -> None:
    """Add the noun."""
    commands = [
        Command("schedules", "list", list_schedules),
        Command("schedules", "show", show),
        Command("schedules", "set", set_),
        Command("schedules", "pause", pause),
        Command("schedules", "resume", resume),
        Command("schedules", "run", run),
        Command("schedules", "delete", delete),
    ]
    add_noun(app, "schedules", "Jobs that come by the clock.", commands, panel="Look and act")


async def list_schedules(services: Services) -> Rows:
    """List the schedules, the next one due first, a thousand at most."""
    found = await services.database.run(schedules.schedule_list())
    return Rows(
        schedules.SCHEDULE[:8],
        [list(row.values())[:8] for row in found],
        empty='no schedules yet: hf.schedule(NAME, job, every="1 hour"), or holdfast schedules set',
    )


async def show(services: Services, schedule: Name) -> Detail:
    """Show one schedule and its next five times."""
    row = await services.database.run(schedules.schedule_show(schedule))
    times = await services.database.run(schedules.preview(schedule))
    ticks = [[time, _by_its_clock(time, row["timezone"])] for time in times]
    return Detail(row | {"next": Rows(("tick", "local_time"), ticks)})


def _by_its_clock(time: datetime, timezone: str) -> str:
    """As the cron line means it: what one looks for here is whether it says what was wanted."""
    try:
        local = time.astimezone(ZoneInfo(timezone))
    except (ZoneInfoNotFoundError, ValueError):  # the server knows more of them
        local = time.astimezone(UTC)
    return f"{local:%a %Y-%m-%d %H:%M:%S %Z}"


async def set_(
    services: Services,
    schedule: Name,
    kind: Annotated[str, typer.Option("--kind", help="Which handler its jobs are for.")],
    queue: Annotated[str, typer.Option("--queue", help="Where its jobs go.")] = "default",
    payload: Annotated[
        str | None,
        typer.Option(
            metavar="JSON", help="What its jobs carry, such as '{\"month\": 3}'; else nothing."
        ),
    ] = None,
    cron: Annotated[
        str | None, typer.Option("--cron", help="When: '*/5 * * * *', '30 3 * * mon-fri', @daily.")
    ] = None,
    every: Annotated[
        str | None, typer.Option("--every", help="How often: '5 minutes', '1 hour'.")
    ] = None,
    timezone: Annotated[
        str, typer.Option("--timezone", help="The time zone of the cron line.")
    ] = "UTC",
    catch_up: Annotated[
        str, typer.Option("--catch-up", help="Of missed ticks, run: one, all or none.")
    ] = "one",
    why: Why = None,
    who: Who = None,
) -> Note:
    """Make a schedule, or change all of it.

    holdfast schedules set nightly --kind task:report --cron "30 3 * * *" --timezone Europe/Berlin
    """
    due = await services.database.run(
        schedules.set_schedule(
            schedule, Job(queue=queue, kind=kind, payload=_object(payload)), cron=cron,
            every=every, timezone=timezone, catch_up=catch_up, who=person(who), why=why,
        )
    )  # fmt: skip
    return _due(schedule, due)


async def pause(services: Services, schedule: Name, why: Why = None, who: Who = None) -> Note:
    """Take no ticks until resumed; those that pass meanwhile are left out."""
    await services.database.run(schedules.pause(schedule, person(who), why))
    return Note(
        f"{schedule} is paused until: holdfast schedules resume {schedule}", {"name": schedule}
    )


async def resume(services: Services, schedule: Name, why: Why = None, who: Who = None) -> Note:
    """Go on with the next tick that comes."""
    due = await services.database.run(schedules.resume(schedule, person(who), why))
    return _due(schedule, due)


async def run(services: Services, schedule: Name, why: Why = None, who: Who = None) -> Note:
    """Enqueue the schedule's job now, beside its ticks."""
    job_id = await services.database.run(schedules.run(schedule, person(who), why))
    return Note(f"enqueued as {job_id}", {"name": schedule, "job_id": job_id})


async def delete(services: Services, schedule: Name, why: Why = None, who: Who = None) -> Note:
    """Take a schedule away; its jobs stay."""
    await services.database.run(schedules.delete(schedule, person(who), why))
    return Note(f"{schedule} is deleted", {"name": schedule})


def _object(text: str | None) -> dict[str, Any]:
    try:
        found = json.loads(text or "{}")
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise typer.BadParameter("--payload: a JSON object is needed, such as '{\"month\": 3}'")
    return found


def _due(schedule: str, due: datetime) -> Note:
    told = f"{schedule} is due {due:%Y-%m-%d %H:%M:%S} UTC"
    return Note(told, {"name": schedule, "next_at": due})
