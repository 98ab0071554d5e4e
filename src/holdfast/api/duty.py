"""What a person on duty can ask for by the JSON API: schedules, breakers, limits and alerts.

The names of queues and schedules are part of the path. Those of breakers and the keys of limits and
alerts can hold anything, also what no path can, and stand in the body.
"""

from typing import Any

from holdfast.channel import Services
from holdfast.engine import alerts, limits, schedules
from holdfast.errors import UnknownJob
from holdfast.operation import Caller, Limit, Moment, Operation, Why, why

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


async def list_schedules(services: Services) -> Found:
    """The schedules, the next one due first, a thousand at most."""
    return await services.database.run(schedules.schedule_list())


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


async def list_breakers(services: Services) -> Found:
    """The breakers, the open ones first, a thousand at most.

    closed: all passes. open: nothing does, until then. half open: one try at a time. paused: by
    hand.
    """
    return await services.database.run(limits.breaker_list())


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
