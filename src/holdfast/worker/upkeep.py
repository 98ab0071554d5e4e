"""What any worker does every few seconds for everybody: rescue, prune, tick, tell alerts.

And whatever the channels want done. Nobody leads: each step may be done by anyone at any time.
"""

import logging

from holdfast.channel import Services, upkeep
from holdfast.database import Call
from holdfast.engine import alerts, maintenance
from holdfast.errors import HoldfastError

_log = logging.getLogger("holdfast.worker")


async def look_after(services: Services) -> None:
    """One round. What fails is logged and tried again in the next one; the rest is done."""
    database = services.database
    try:
        did = await database.run(maintenance.maintain())
        if did["rescued"]:
            _log.warning("jobs.rescued", extra={"count": did["rescued"]})
    except HoldfastError as error:
        _log.warning("worker.maintenance_failed", extra={"error": str(error)})
    for call in upkeep(services):
        await _try(services, call)
    try:
        for alert in await database.run(alerts.take_alerts()):
            _log.warning("alert.raised", extra={"key": alert["key"], "text": alert["text"]})
    except HoldfastError as error:
        _log.warning("worker.maintenance_failed", extra={"error": str(error)})


async def _try(services: Services, call: Call[object]) -> None:
    try:
        await services.database.run(call)
    except HoldfastError as error:
        _log.warning("worker.upkeep_failed", extra={"function": call.function, "error": str(error)})
