"""What any worker does every few seconds for everybody: rescue, prune, tick, tell alerts.

And whatever the channels want done. Nobody leads: each step may be done by anyone at any time.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any, TypeVar

from holdfast import log
from holdfast.all_channels import keeping, upkeep
from holdfast.channel import Services
from holdfast.database import Call
from holdfast.engine import alerts, maintenance
from holdfast.errors import HoldfastError

T = TypeVar("T")
EVERY_S = 5.0
_LEAST_S = 0.2
"""Between two looks at the schedules, also while the ticks of one cannot be taken."""
_BEHIND_S = 0.005
_MAY_TAKE_S = 300.0
_JOBS_RESCUED = log.Event(
    "jobs.rescued", logging.WARNING, "Jobs of workers that are gone were given back.", count=int
)
_ALERT_RAISED = log.Event(
    "alert.raised", logging.WARNING, "A person should look at something.", key=str, text=str
)
_WORKER_MAINTENANCE_FAILED = log.Event(
    "worker.maintenance_failed",
    logging.WARNING,
    "A part of the upkeep did not run; it is tried again.",
    function=str,
    error=str,
)


async def look_after(services: Services) -> None:
    """One round. What fails is logged and tried again in the next one; the rest is done.

    What takes ordering keys has a transaction of its own and takes them in the order of all others;
    all in one would go back in that order, and could end as a deadlock.
    """
    rescued = await _try(services, maintenance.rescue()) or 0
    await _try(services, maintenance.tick_schedules())
    await _try(services, maintenance.step_replays())
    did = await _try(services, maintenance.maintain())
    if did:
        rescued += did["rescued"]
    if rescued:
        _JOBS_RESCUED(count=rescued)
    for call in [*keeping(services), *upkeep(services)]:
        await _try(services, call)
    for alert in await _try(services, alerts.take_alerts()) or ():
        _ALERT_RAISED(key=alert["key"], text=alert["text"])


async def keep_time(
    services: Services, sleep: Callable[[float], Awaitable[Any]] = asyncio.sleep
) -> None:
    """Take each tick when it is due, for ever: a round of the upkeep may come seconds later."""
    within = timedelta(seconds=EVERY_S)
    while True:
        due_s = await _try(services, maintenance.next_tick_in(within))
        await sleep(EVERY_S if due_s is None else max(_LEAST_S, due_s + _BEHIND_S))
        if due_s is not None:
            await _try(services, maintenance.tick_schedules())


async def _try(services: Services, call: Call[T]) -> T | None:
    try:
        return await services.database.run(call._replace(takes_s=_MAY_TAKE_S))
    except HoldfastError as error:
        _WORKER_MAINTENANCE_FAILED(function=call.function, error=str(error))
        return None
