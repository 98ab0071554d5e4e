"""How what guards an application reaches the database, from coroutines and from threads."""

import asyncio
import math
from collections.abc import Awaitable, Callable, Coroutine
from functools import partial
from typing import Any, TypeVar

from holdfast.database import Call, Database, PerLoop
from holdfast.engine.limiter import Limiter
from holdfast.engine.limits import Answer, Check
from holdfast.limits.aside import Aside
from holdfast.limits.local import Local
from holdfast.limits.patience import Start
from holdfast.limits.unanswered import Unanswered

T = TypeVar("T")


class Asking:
    """Asks together with whoever else asks at this moment in this event loop.

    Args:
        database: where the counts are.
        prepare: finds the schema.
        last: what is done at the end for those who asked from threads.
    """

    def __init__(
        self, database: Database, prepare: Callable[[], Awaitable[None]],
        last: Callable[[], Coroutine[Any, Any, None]],
    ) -> None:  # fmt: skip
        self._database = database
        self._prepare = prepare
        self._limiters = PerLoop(partial(Limiter, database))
        self._starts = PerLoop(partial(Start, self._connect))
        self.aside = Aside(last)
        self.local = Local()
        self.unanswered = Unanswered()

    def start(self) -> Start:
        """The beginning of this event loop, in which one waits for connections."""
        return self._starts.here()

    def start_s(self) -> float:
        """How long a limit may wait beyond its timeout, since this process has just begun."""
        return self.start().left_s

    async def ask(self, check: Check, within_s: float = math.inf) -> list[Answer]:
        """What the database says. Raises DatabaseUnavailable, and TimeoutError if it is silent.

        In the first second of a process it has that second as well.
        """
        start = self.start()
        until = asyncio.get_running_loop().time() + within_s + start.left_s
        if not start.is_ready:
            async with asyncio.timeout_at(None if until == math.inf else until):
                await start.ready()
        try:
            return await self._limiters.here().ask(check, until)
        finally:
            if check.mode == "refund":
                for limiter in self._limiters:
                    limiter.forget(check.keys)

    def run_aside(self, asking: Coroutine[Any, Any, T]) -> T:
        """Ask from a thread."""
        return self.aside.run(asking)

    def forget(self) -> None:
        """This event loop asks no more."""
        self._limiters.forget()
        self._starts.forget()

    async def _connect(self) -> None:
        """Also open the connections of this event loop, so that the first question has one."""
        await self._prepare()
        await self._database.run(Call("clock"))
        self.aside.close_at_exit()
