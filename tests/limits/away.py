"""Databases that give a limit no answer."""

import asyncio

from holdfast.errors import DatabaseUnavailable
from holdfast.limits.asking import Asking


class Away:
    """A database that is not there."""

    def __init__(self, database):
        self._database = database

    async def run(self, call):
        if call.function == "rate_check_many":
            await self.fail()
        return await self._database.run(call)

    async def fail(self):
        raise DatabaseUnavailable("away")


class Slow(Away):
    """A database that does not answer."""

    async def fail(self):
        await asyncio.Event().wait()


async def asking(hf, trouble=Away):
    """As of a process that has begun, and then the trouble came."""
    asks = Asking(trouble(hf.services.database), hf.prepare, hf.close)
    await asks.start().ready()
    return asks
