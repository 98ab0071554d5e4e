"""One statement and its answer, on a connection that is held for it.

The driver's own `execute` asks the event loop anew, for each answer, to watch the socket, and makes
a cursor for it: three quarters of what a short statement costs the client. A wire has the socket
watched for as long as it is kept, sends what was prepared by its name, and lets the driver's
library do all the rest: the protocol (its `pq`), the values (its Transformer), the errors.
"""

import asyncio
import math
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from typing import Any
from weakref import WeakSet

import psycopg
from psycopg import pq
from psycopg.adapt import PyFormat, Transformer

from holdfast.database.call import Row

_BROKEN_PLAN = {"0A000", "26000"}  # what was prepared has changed, or was forgotten
_CANCEL_TIMEOUT_S = 3
_NUMBERS = count()  # a name that we forgot may still be known to the server


GIVEN_UP: WeakSet[psycopg.AsyncConnection[Any]] = WeakSet()
"""Closed by us, since nobody waited for the answer any more: no news for a log."""


class _Late(Exception):
    """The server was waited for as long as one waits."""


@dataclass(slots=True)
class Plan:
    """A statement with arguments of certain types, as the connection knows it."""

    name: bytes
    uses: int = 0


Plans = dict[tuple[str, tuple[int, ...]], Plan]


class Wire:
    """Asks one thing at a time on a connection in autocommit mode.

    Args:
        connection: nobody else's meanwhile.
        plans: what was asked on it before; kept by whoever keeps the connection.
        until: when to give it back to where it came from, by the loop's clock.
    """

    def __init__(
        self, connection: psycopg.AsyncConnection[Any], plans: Plans, until: float
    ) -> None:
        self.connection = connection
        self.until = until
        self._plans = plans
        self._pgconn = connection.pgconn
        self._encoding = connection.info.encoding
        self._prepares = connection.prepare_threshold is not None
        self._transformers: dict[str, Any] = {}
        self._results: list[pq.abc.PGresult] = []
        self._answer: asyncio.Future[None] | None = None
        self._late_at = math.inf
        self._patience_s = math.inf
        self._loop = asyncio.get_running_loop()
        self._watched: int | None = self._pgconn.socket
        self._loop.add_reader(self._watched, self._readable)

    @property
    def is_sound(self) -> bool:
        """False once the connection is of no more use."""
        return self._pgconn.status == pq.ConnStatus.OK

    async def ask(
        self, statement: str, arguments: Sequence[object], patience_s: float = math.inf
    ) -> list[Row]:
        """Run it and return its rows, after its commit.

        Raises:
            psycopg.Error: as the server says; or the connection broke or was silent for longer
                than `patience_s`, and the commit may have happened.
        """
        self._patience_s = patience_s
        try:
            return await self._ask(statement, arguments)
        except psycopg.Error as error:
            if error.sqlstate not in _BROKEN_PLAN:
                raise
        # Nothing of it was run. Whoever had the connection before us rolled back, and the driver
        # then forgets all that was prepared on it (DEALLOCATE ALL); or a migration changed it.
        self._plans.clear()
        return await self._ask(statement, arguments)

    async def _ask(self, statement: str, arguments: Sequence[object]) -> list[Row]:
        transformer = self._transformers.get(statement)
        if transformer is None:
            transformer = self._transformers[statement] = Transformer(self.connection)
        values = transformer.dump_sequence(arguments, [_format(a) for a in arguments])
        types, formats = transformer.types or (), transformer.formats
        plan = self._plans.get((statement, types))
        if plan is None:
            plan = self._plans[statement, types] = Plan(b"holdfast_%d" % next(_NUMBERS))
        plan.uses += 1
        if not self._prepares or plan.uses == 1:
            self._pgconn.send_query_params(
                statement.encode(self._encoding), values, types, formats, pq.Format.BINARY
            )
        else:
            if plan.uses == 2:  # noqa: PLR2004  what is asked only once needs no plan
                self._pgconn.send_prepare(plan.name, statement.encode(self._encoding), types)
                self._checked(await self._answered())
            self._pgconn.send_query_prepared(plan.name, values, formats, pq.Format.BINARY)
        result = self._checked(await self._answered())
        transformer.set_pgresult(result)
        rows: list[Row] = transformer.load_rows(0, result.ntuples, tuple)
        return rows

    def look(self, now: float) -> None:
        """Give up waiting if it is too late: a connection may hang though its other side is well.

        Whoever keeps the wires looks at all of them; a timer for each statement would cost more.
        """
        if now > self._late_at:
            self._end(_Late())

    def unwatch(self) -> None:
        """Leave the connection to others; the wire is of no more use."""
        if self._watched is not None:
            self._loop.remove_reader(self._watched)
            self._loop.remove_writer(self._watched)
            self._watched = None

    # ---------------------------------------------------------------- inside

    async def _answered(self) -> list[pq.abc.PGresult]:
        """What was sent is on its way; until the server is ready for the next one."""
        self._results = []
        self._answer = self._loop.create_future()
        self._late_at = self._loop.time() + self._patience_s
        try:
            self._flush()
            await self._answer
        except asyncio.CancelledError:
            await self._give_up()
            raise
        except _Late:
            await self._give_up()
            told = f"no answer within {self._patience_s:g} s; it may have happened"
            raise psycopg.OperationalError(told) from None
        finally:
            self._answer = None
            self._late_at = math.inf
        return self._results

    def _checked(self, results: list[pq.abc.PGresult]) -> pq.abc.PGresult:
        """A commit can fail after the rows have come: every result counts."""
        for result in results:
            if result.status == pq.ExecStatus.FATAL_ERROR:
                raise psycopg.errors.error_from_result(result, self._encoding)
        if not results:
            raise psycopg.OperationalError("the server gave no answer")
        return results[-1]

    def _flush(self) -> None:
        """Send; a large statement goes out as the other side takes it."""
        if self._pgconn.flush():
            self._loop.add_writer(self._pgconn.socket, self._writable)

    def _writable(self) -> None:
        try:
            if self._pgconn.flush():
                return
        except psycopg.Error as error:
            self._end(error)
        self._loop.remove_writer(self._pgconn.socket)

    def _readable(self) -> None:
        try:
            self._pgconn.consume_input()
            if self._answer is None:
                return  # a notice, or news of a setting
            while not self._pgconn.is_busy():
                result = self._pgconn.get_result()
                if result is None:
                    self._end(None)
                    return
                self._results.append(result)
        except psycopg.Error as error:
            self.unwatch()
            # Rows are no answer yet: the commit comes after them. An error of the server's is one.
            last = self._results[-1].status if self._results else None
            self._end(None if last == pq.ExecStatus.FATAL_ERROR else error)

    def _end(self, error: Exception | None) -> None:
        if self._answer is None or self._answer.done():
            return
        if error is None:
            self._answer.set_result(None)
        else:
            self._answer.set_exception(error)

    async def _give_up(self) -> None:
        """Nobody waits any more: ask the server to stop, and do not wait for what it says."""
        try:
            with suppress(psycopg.Error, OSError):
                await self.connection.cancel_safe(timeout=_CANCEL_TIMEOUT_S)
        finally:
            self.unwatch()
            GIVEN_UP.add(self.connection)
            await self.connection.close()


def _format(argument: object) -> PyFormat:
    """Many bodies at once are written as text by default, at eight times the cost."""
    is_bodies = type(argument) is list and bool(argument) and type(argument[0]) is bytes
    return PyFormat.BINARY if is_bodies else PyFormat.AUTO
