"""A handler inside the transaction of its own job: its writes and the `done` mark commit together.

That is what makes an effect in the same database happen exactly once: there is no moment between
the two at which a crash could be. A handler asks for it with a parameter named `tx`. A coroutine is
given a psycopg `AsyncConnection`, a plain function a `Connection`; both are in an open transaction,
which the handler neither commits nor rolls back. What is sent with `using=tx` goes with it, too.
An attempt that is given up leaves none open: a coroutine is cancelled, and a plain function, which
cannot be, loses its session.

A verdict other than `Delivered` undoes what was written, and so does an exception. So does a lease
that was lost meanwhile: somebody else has the job, and this attempt has not happened.
"""

import asyncio
import inspect
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

from holdfast.database import Database, Loan, run_on, run_on_async
from holdfast.engine import jobs
from holdfast.engine.model import ClaimedJob
from holdfast.engine.model import Settled as Answer
from holdfast.errors import LeaseLost, Postponed
from holdfast.functions import is_async, refuse_unrun
from holdfast.policy.verdict import Delivered, Settled, Verdict
from holdfast.threads import awaitable

Run = Callable[..., Awaitable[Verdict | None]]
_LATER_S = 5.0


def takes_transaction(function: Callable[..., Any]) -> bool:
    """Whether the function has a parameter named `tx`."""
    return "tx" in inspect.signature(function).parameters


def runner(database: Database, function: Callable[..., Any]) -> Run:
    """The function as `run(job, *args, **kwargs)`; one that takes `tx` is also settled in there.

    Raises:
        ConfigError: it is a generator.

    Raises (when run, with `tx`):
        LeaseLost: the job is no longer ours; nothing was written.
        Postponed: it was given up while it waited for a connection; nothing of it has run.
        DatabaseUnavailable: the outcome of the commit is unknown; the job's state tells it later.
    """
    call = awaitable(function)
    if not takes_transaction(function):
        return lambda _job, *args, **kwargs: call(*args, **kwargs)
    # a decorator's plain wrapper returns what the coroutine inside of it is
    if is_async(function) or is_async(inspect.unwrap(function)):
        return _for_coroutine(database, function)
    return _for_function(database, function)


class _Undone(Exception):
    def __init__(self, verdict: Any) -> None:
        self.verdict = verdict


def _for_coroutine(database: Database, function: Callable[..., Any]) -> Run:
    async def run(job: ClaimedJob, *args: Any, **kwargs: Any) -> Verdict | None:
        room = await _entered(database)
        try:
            async with database.transaction() as tx:
                result = await function(*args, tx=tx, **kwargs)
                verdict = _to_keep(result)
                call = jobs.settle([(job.id, job.claim_token, verdict)])
                _accepted(await run_on_async(tx, call, database.schema))
        except _Undone as undone:
            return undone.verdict  # type: ignore[no-any-return]
        finally:
            room.release()
        return Settled(verdict.note, None if result is verdict else result)

    return run


def _for_function(database: Database, function: Callable[..., Any]) -> Run:
    def work(job: ClaimedJob, loan: Loan, *args: Any, **kwargs: Any) -> Any:
        try:
            with database.transaction_sync() as tx:
                with loan.of(tx):
                    result = function(*args, tx=tx, **kwargs)
                verdict = _to_keep(result)
                call = jobs.settle([(job.id, job.claim_token, verdict)])
                _accepted(run_on(tx, call, database.schema))
        except _Undone as undone:
            return undone.verdict
        return Settled(verdict.note, None if result is verdict else result)

    in_a_thread = awaitable(lambda call: call())

    async def run(job: ClaimedJob, *args: Any, **kwargs: Any) -> Verdict | None:
        loop, loan, begun = asyncio.get_running_loop(), Loan(), False
        room = await _entered(database)

        def in_there() -> Any:
            nonlocal begun
            begun = True
            try:
                return work(job, loan, *args, **kwargs)
            finally:  # not sooner, though nobody waits any more: it has its connection until now
                with suppress(RuntimeError):  # the loop has ended
                    loop.call_soon_threadsafe(room.release)

        try:
            result: Verdict | None = await in_a_thread(in_there)
        except asyncio.CancelledError:
            loan.end()
            raise
        except Postponed:
            if not begun:
                room.release()
            raise
        return result

    return run


async def _entered(database: Database) -> asyncio.Semaphore:
    """Room for one more; whoever enters releases it."""
    room = database.room()
    try:
        await room.acquire()
    except asyncio.CancelledError:
        raise Postponed("no connection was free: other handlers with tx run", _LATER_S) from None
    return room


def _to_keep(result: Any) -> Delivered:
    """What a handler returns, if it means that what it wrote is to stay."""
    if isinstance(result, Delivered):
        return result
    if isinstance(result, Verdict):
        raise _Undone(result)
    refuse_unrun(result)
    return Delivered()


def _accepted(answers: list[Answer]) -> None:
    if not answers[0].accepted:
        raise LeaseLost(f"job {answers[0].id} is {answers[0].state}: somebody else has it")
