"""What a person on duty can ask for by the JSON API: schedules, breakers, limits and alerts.

The names of queues and schedules are part of the path. Those of breakers and the keys of limits and
alerts can hold anything, also what no path can, and stand in the body.
"""

from typing import Any, Literal

from pydantic import Field, StrictInt

from holdfast.api.operations import of_no_channel
from holdfast.channel import Services
from holdfast.engine import alerts, limits, schedules
from holdfast.engine.model import Job
from holdfast.errors import UnknownJob
from holdfast.operation import Body, Caller, Limit, Moment, Name, Operation, Span, Why, why

Found = list[dict[str, Any]]


class OfBreaker(Why):
    """Which breaker, by its name."""

    breaker: str


class BreakerPause(OfBreaker):
    """Until then, or until it is resumed."""

    until: Moment | None = None


class OfKey(Why):
    """Which one, by its key, as it is listed."""

    key: str


class ScheduledJob(Body):
    """A job as one is sent; its tick gives it a time and a `dedupe_key`."""

    kind: Name
    queue: Name = "default"
    payload: dict[str, Any] = Field(default_factory=dict)
    priority: StrictInt = 5
    tenant: Name | None = None
    ordering_key: Name | None = None


class NewSchedule(Why):
    """When, by `cron` or `every`, and the job that is made then, as when one is sent.

    `catch_up` says which of missed ticks are run: one, all or none.
    """

    job: ScheduledJob
    cron: str | None = None
    every: Span | None = None
    timezone: str = "UTC"
    catch_up: Literal["one", "all", "none"] = "one"


async def set_schedule(
    services: Services, name: str, new: NewSchedule, caller: Caller
) -> dict[str, Any]:
    """Make a schedule, or change all of it; one that people paused stays paused.

    Those of the channels' jobs are made by the channels alone.
    """
    job = of_no_channel(Job(**dict(new.job)))
    call = schedules.set_schedule(
        name, job, cron=new.cron, every=new.every, timezone=new.timezone,
        catch_up=new.catch_up, who=caller.name, why=new.why,
    )  # fmt: skip
    return {"schedule": name, "next_at": await services.database.run(call)}


async def remove_schedule(
    services: Services, name: str, caller: Caller, reason: Why | None = None
) -> dict[str, Any]:
    """Take it away; its jobs stay."""
    await services.database.run(schedules.delete(name, caller.name, why(reason)))
    return {"schedule": name, "removed": True}


async def list_schedules(services: Services, limit: Limit = 1000) -> Found:
    """The schedules, the next one due first."""
    return (await services.database.run(schedules.schedule_list()))[:limit]


async def show_schedule(services: Services, name: str) -> dict[str, Any]:
    """One schedule with the job that it makes, and its `next` five times."""
    shown = await services.database.run(schedules.schedule_show(name))
    return {**shown, "next": await services.database.run(schedules.preview(name))}


async def pause_schedule(
    services: Services, name: str, caller: Caller, reason: Why | None = None
) -> dict[str, Any]:
    """Take no ticks until it is resumed; those that pass meanwhile are left out."""
    await services.database.run(schedules.pause(name, caller.name, why(reason)))
    return {"schedule": name, "state": "paused"}


async def resume_schedule(
    services: Services, name: str, caller: Caller, reason: Why | None = None
) -> dict[str, Any]:
    """Go on with the next tick that comes."""
    due = await services.database.run(schedules.resume(name, caller.name, why(reason)))
    return {"schedule": name, "state": "running", "next_at": due}


async def run_schedule(
    services: Services, name: str, caller: Caller, reason: Why | None = None
) -> dict[str, Any]:
    """Enqueue its job now, beside its ticks; `id` is the job's. Each call makes one."""
    job_id = await services.database.run(schedules.run(name, caller.name, why(reason)))
    return {"schedule": name, "id": job_id}


async def list_breakers(services: Services, limit: Limit = 1000) -> Found:
    """The breakers, the open ones first.

    closed: all passes. open: nothing does, until then. half open: one try at a time. paused: by
    hand.
    """
    return (await services.database.run(limits.breaker_list()))[:limit]


async def pause_breaker(services: Services, wanted: BreakerPause, caller: Caller) -> dict[str, Any]:
    """Let nothing pass to a destination; jobs wait, and lose no attempt.

    One that is not there yet is made by `holdfast breakers set`.
    """
    await services.database.run(limits.breaker_named(wanted.breaker))
    call = limits.pause_breaker(wanted.breaker, caller.name, wanted.why, wanted.until)
    await services.database.run(call)
    return {"breaker": wanted.breaker, "state": "paused", "until": wanted.until}


async def resume_breaker(services: Services, wanted: OfBreaker, caller: Caller) -> dict[str, Any]:
    """Close it, whatever opened it, and forget what it counted."""
    call = limits.resume_breaker(wanted.breaker, caller.name, wanted.why)
    await services.database.run(call)
    return {"breaker": wanted.breaker, "state": "closed"}


async def list_limits(services: Services, limit: Limit = 50) -> Found:
    """The limits in use, those first that take longest to be full again.

    One that is full again is not listed. `per` is seconds, `remaining` units.
    """
    return await services.database.run(limits.limit_list(limit))


async def reset_limit(services: Services, wanted: OfKey, caller: Caller) -> dict[str, Any]:
    """Make all limits of a key full again, as if nothing had been charged.

    A process that has just refused it may do so for five seconds more.
    """
    call = limits.reset_limit(wanted.key, caller.name, wanted.why)
    return {"key": wanted.key, "limits": await services.database.run(call)}


async def list_alerts(
    services: Services, all: bool = False, limit: Limit = 50  # noqa: A002
) -> Found:  # fmt: skip
    """What somebody should look at, the newest first; `all` has what was cleared, too."""
    return await services.database.run(alerts.alert_list(everything=all, limit=limit))


async def clear_alert(services: Services, wanted: OfKey, caller: Caller) -> dict[str, Any]:
    """Say that it was seen to. It is raised again if the trouble is still there."""
    if not await services.database.run(alerts.clear_alert(wanted.key, caller.name, wanted.why)):
        raise UnknownJob("no open alert has that key; GET /api/alerts lists those there are")
    return {"key": wanted.key, "cleared": True}


OPERATIONS = (
    Operation("read", "GET", "/schedules", list_schedules),
    Operation("read", "GET", "/schedules/{name}", show_schedule),
    Operation("operate", "POST", "/schedules/{name}/set", set_schedule),
    Operation("operate", "POST", "/schedules/{name}/remove", remove_schedule),
    Operation("operate", "POST", "/schedules/{name}/pause", pause_schedule),
    Operation("operate", "POST", "/schedules/{name}/resume", resume_schedule),
    Operation("operate", "POST", "/schedules/{name}/run", run_schedule, 202),
    Operation("read", "GET", "/breakers", list_breakers),
    Operation("operate", "POST", "/breakers/pause", pause_breaker),
    Operation("operate", "POST", "/breakers/resume", resume_breaker),
    Operation("read", "GET", "/limits", list_limits),
    Operation("operate", "POST", "/limits/reset", reset_limit),
    Operation("read", "GET", "/alerts", list_alerts),
    Operation("operate", "POST", "/alerts/clear", clear_alert),
)
