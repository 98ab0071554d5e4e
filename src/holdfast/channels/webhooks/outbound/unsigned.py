"""What cannot be signed, since a secret is not there: it waits, and a person is told.

Nothing is wrong with the endpoint, and no attempt is used up: the process lacks a variable, a file
or the key of sealed secrets, and another one may have it.
"""

import platform
import time
from collections.abc import Callable
from typing import Final

from holdfast.database import Call, Database
from holdfast.engine.alerts import clear_alert, raise_alert
from holdfast.errors import DatabaseUnavailable
from holdfast.policy.verdict import Snooze

_AFTER_S: Final = 60.0


class Unsigned:
    """The endpoints that this process could not sign for, and when it last told of each."""

    def __init__(self, database: Database, clock: Callable[[], float] = time.monotonic) -> None:
        self._database = database
        self._clock = clock
        self._told: dict[str, float] = {}
        self._signed: set[str] = set()

    async def wait(self, endpoint: str, why: str) -> Snooze:
        """Look again in a minute; the alert is raised once in that time, however many wait."""
        now = self._clock()
        if self._told.get(endpoint, float("-inf")) + _AFTER_S <= now:
            self._told[endpoint] = now
            text = (
                f"a worker on {platform.node()} cannot sign for the endpoint {endpoint}: {why}. "
                "Put it where that worker runs; a variable is there when it was started again. "
                "What waits keeps its attempts, and is looked at every minute. "
                "The first that it signs then clears this, or: "
                f"holdfast alerts clear {_key(endpoint)}"
            )
            await self._try(raise_alert(_key(endpoint), text))
        return Snooze(f"not sent: {why}", _AFTER_S)

    async def over(self, endpoint: str) -> None:
        """It was signed; what this process raised is cleared, or the one before it in its place."""
        if endpoint in self._signed and endpoint not in self._told:
            return
        if await self._try(clear_alert(_key(endpoint))):
            self._told.pop(endpoint, None)
            self._signed.add(endpoint)

    async def _try(self, call: Call[bool]) -> bool:
        """Whether it could be said; a delivery does not fail because of it."""
        try:
            await self._database.run(call)
        except DatabaseUnavailable:
            return False
        return True


def _key(endpoint: str) -> str:
    return f"webhooks.unsigned:{endpoint}"
