"""Statements and their answers, on a connection that is held for them.

The driver's own `execute` asks the event loop anew, for each answer, to watch the socket, and makes
a cursor for it: three quarters of what a short statement costs the client. A wire has the socket
watched for as long as it is kept, sends what was prepared by its name, and lets the driver's
library do all the rest: the protocol (its `pq`), the values (its Transformer), the errors.

A statement may be said behind another one that has no answer yet (libpq's pipeline mode): each is a
transaction of its own, they are run and answered in their order, and the server goes from one to
the next without waiting for us.
"""

import asyncio
import math
from collections import deque
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

_SOUND = pq.ConnStatus.OK
_REFUSED, _SYNC = pq.ExecStatus.FATAL_ERROR, pq.ExecStatus.PIPELINE_SYNC
_AUTO, _BINARY = PyFormat.AUTO, PyFormat.BINARY
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


class _Asked:
    """What was sent; `late_at` is when it is waited for no longer, by the loop's clock."""

    __slots__ = ("answer", "late_at", "results")

    def __init__(self, answer: "asyncio.Future[None]", late_at: float) -> None:
        self.answer = answer
        self.late_at = late_at
        self.results: list[pq.abc.PGresult] = []


class Wire:
    """Asks on a connection in autocommit mode, one thing behind the other.

    Attributes:
        until: when to give it back to where it came from, by the loop's clock.
        users: how many have it; whoever lends it counts them.
        is_direct: whether the session is ours. A pooler hands its own on at the first answer: what
            was prepared is not there, and the rest of what was said behind goes to another one.

    Args:
        connection: nobody else's meanwhile.
        plans: what was asked on it before; kept by whoever keeps the connection.
        until: as above.
    """

    def __init__(
        self, connection: psycopg.AsyncConnection[Any], plans: Plans, until: float
    ) -> None:
        self.connection = connection
        self.until = until
        self.users = 0
        self._plans = plans
        self._pgconn = connection.pgconn
        self._encoding = connection.info.encoding
        self.is_direct = connection.prepare_threshold is not None
        self._transformers: dict[str, Any] = {}
        self._asked: deque[_Asked] = deque()
        self._loop = asyncio.get_running_loop()
        self._pgconn.enter_pipeline_mode()
        self._watched: int | None = self._pgconn.socket
        self._loop.add_reader(self._watched, self._readable)

    @property
    def is_sound(self) -> bool:
        """False once the connection is of no more use."""
        return self._pgconn.status == _SOUND

    @property
    def is_silent(self) -> bool:
        """Whether nothing is waited for on it."""
        return not self._asked

    async def ask(
        self, statement: str, arguments: Sequence[object], patience_s: float = math.inf
    ) -> list[Row]:
        """Run it and return its rows, after its commit.

        Raises:
            psycopg.Error: as the server says; or the connection broke or was silent for longer
                than `patience_s`, and the commit may have happened.
        """
        try:
            return await self._ask(statement, arguments, patience_s)
        except psycopg.Error as error:
            if error.sqlstate not in _BROKEN_PLAN:
                raise
        # Nothing of it was run. Whoever had the connection before us rolled back, and the driver
        # then forgets all that was prepared on it (DEALLOCATE ALL); or a migration changed it.
        self._plans.clear()
        return await self._ask(statement, arguments, patience_s)

    async def _ask(
        self, statement: str, arguments: Sequence[object], patience_s: float
    ) -> list[Row]:
        transformer = self._transformers.get(statement)
        if transformer is None:
            transformer = self._transformers[statement] = Transformer(self.connection)
        self._say(transformer, statement, arguments)
        result = self._checked(await self._answered(patience_s))
        transformer.set_pgresult(result)
        rows: list[Row] = transformer.load_rows(0, result.ntuples, tuple)
        return rows

    def _say(self, transformer: Any, statement: str, arguments: Sequence[object]) -> None:
        values = transformer.dump_sequence(arguments, [
            _format(argument) if type(argument) is list else _AUTO for argument in arguments
        ])  # fmt: skip
        types, formats = transformer.types or (), transformer.formats
        plan = self._plans.get((statement, types))
        if plan is None:
            plan = self._plans[statement, types] = Plan(b"holdfast_%d" % next(_NUMBERS))
        plan.uses += 1
        try:
            if not self.is_direct or plan.uses == 1:
                self._pgconn.send_query_params(
                    statement.encode(self._encoding), values, types, formats, pq.Format.BINARY
                )
            else:
                if plan.uses == 2:  # noqa: PLR2004  what is asked only once needs no plan
                    self._pgconn.send_prepare(plan.name, statement.encode(self._encoding), types)
                self._pgconn.send_query_prepared(plan.name, values, formats, pq.Format.BINARY)
            self._pgconn.pipeline_sync()
        except psycopg.Error as error:
            self._lose(error)
            raise

    def look(self, now: float) -> None:
        """Give up waiting if it is too late: a connection may hang though its other side is well.

        Whoever keeps the wires looks at all of them; a timer for each statement would cost more.
        """
        for asked in self._asked:
            if now > asked.late_at:
                _end(asked, _Late())

    def unwatch(self) -> None:
        """Leave the connection to others; the wire is of no more use."""
        if self._watched is not None:
            self._loop.remove_reader(self._watched)
            self._loop.remove_writer(self._watched)
            self._watched = None
            with suppress(psycopg.Error):  # it broke, or is closed with what is on its way
                self._pgconn.exit_pipeline_mode()

    # ---------------------------------------------------------------- inside

    async def _answered(self, patience_s: float) -> list[pq.abc.PGresult]:
        """What was sent is on its way; until all of its answer is there."""
        asked = _Asked(self._loop.create_future(), self._loop.time() + patience_s)
        self._asked.append(asked)
        try:
            self._flush()
            await asked.answer
        except asyncio.CancelledError:
            self.until = -math.inf  # nobody else comes
            if self._asked and all(one.answer.done() for one in self._asked):
                await self._give_up()  # nobody else waits for his
            raise
        except _Late:
            self.until = -math.inf
            await self._give_up()
            told = f"no answer within {patience_s:g} s; it may have happened"
            raise psycopg.OperationalError(told) from None
        return asked.results

    def _checked(self, results: list[pq.abc.PGresult]) -> pq.abc.PGresult:
        """A commit can fail after the rows have come: every result counts."""
        for result in results:
            if result.status == _REFUSED:
                raise psycopg.errors.error_from_result(result, self._encoding)
        if not results:
            raise psycopg.OperationalError("the server gave no answer")
        return results[-1]

    def _flush(self) -> None:
        """Send; a large statement goes out as the other side takes it."""
        try:
            if self._pgconn.flush() and self._watched is not None:
                self._loop.add_writer(self._watched, self._writable)
        except psycopg.Error as error:
            self._lose(error)

    def _writable(self) -> None:
        if self._watched is not None:
            self._loop.remove_writer(self._watched)
        self._flush()

    def _readable(self) -> None:
        try:
            self._pgconn.consume_input()
            self._read()
        except psycopg.Error as error:
            self._lose(error)

    def _lose(self, error: Exception) -> None:
        """The line broke. The library has closed its socket, so nothing may watch that number."""
        self.unwatch()
        # Rows are no answer yet: the commit comes after them. An error of the server's is one.
        if self._asked and _is_refused(self._asked[0]):
            _end(self._asked.popleft(), None)
        self._break(error)

    def _read(self) -> None:
        """Results, a None behind those of each statement, and a mark where its transaction ends."""
        is_over = False
        while self._asked and not self._pgconn.is_busy():
            result = self._pgconn.get_result()
            if result is None and is_over:  # what we read is no answer, and the library gave up
                raise psycopg.OperationalError(self._pgconn.get_error_message(self._encoding))
            is_over = result is None
            if result is None:
                continue
            if result.status == _SYNC:
                _end(self._asked.popleft(), None)
            else:
                self._asked[0].results.append(result)

    def _break(self, error: Exception) -> None:
        """None of those that wait will have an answer."""
        while self._asked:
            _end(self._asked.popleft(), error)

    async def _give_up(self) -> None:
        """Nobody waits any more: ask the server to stop, and do not wait for what it says."""
        try:
            with suppress(psycopg.Error, OSError):
                await self.connection.cancel_safe(timeout=_CANCEL_TIMEOUT_S)
        finally:
            self.unwatch()
            self._break(
                psycopg.OperationalError("its connection was given up; it may have happened")
            )
            GIVEN_UP.add(self.connection)
            await self.connection.close()


def _is_refused(asked: _Asked) -> bool:
    """Whether the server said no; what the library says of a broken line has no SQLSTATE."""
    return any(
        result.status == _REFUSED and result.error_field(pq.DiagnosticField.SQLSTATE) is not None
        for result in asked.results
    )


def _end(asked: _Asked, error: Exception | None) -> None:
    if asked.answer.done():
        return
    if error is None:
        asked.answer.set_result(None)
    else:
        asked.answer.set_exception(error)


def _format(items: Sequence[object]) -> PyFormat:
    """Many bodies at once are written as text by default, at eight times the cost."""
    return _BINARY if items and type(items[0]) is bytes else _AUTO
