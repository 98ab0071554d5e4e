"""Functions of the user's as coroutines: a plain one runs in a thread."""

import asyncio
import contextvars
import functools
import inspect
import os
import sys
import threading
import weakref
from collections.abc import Awaitable, Callable
from concurrent.futures import Future
from functools import cache
from queue import SimpleQueue
from typing import Any

from holdfast.errors import ConfigError, Postponed
from holdfast.functions import is_async, is_generator, name_of

MOST = 64
"""So many plain handlers run at a time; others wait for their turn as long as they may take."""
_LATER_S = 5.0
_ended: contextvars.ContextVar[threading.Event] = contextvars.ContextVar("holdfast_ended")
_attempt: contextvars.ContextVar[weakref.ref[asyncio.Task[Any]]] = contextvars.ContextVar(
    "holdfast_attempt"
)


class _Threads:
    """For handlers alone: the event loop needs its own threads to reach the database.

    The end of the process waits for none of them, as it would for those of a ThreadPoolExecutor: a
    handler that hangs was given back, and must not keep its worker from stopping.
    """

    def __init__(self) -> None:
        self._waiting: SimpleQueue[tuple[Future[Any], Callable[[], Any]]] = SimpleQueue()
        self._lock = threading.Lock()
        self._calls = 0  # that have not ended
        self._count = 0

    def submit(self, call: Callable[[], Any]) -> Future[Any]:
        """What becomes of the call; it can be cancelled until one of the threads begins it.

        Raises:
            Postponed: there is no thread, and none can be started; the call will not be run.
        """
        future: Future[Any] = Future()
        with self._lock:
            try:
                if self._count < min(self._calls + 1, MOST):
                    self._begin_one()
            except RuntimeError as error:  # a container may have so many, and other code has them
                if not self._count:
                    raise Postponed(f"no thread could be started: {error}", _LATER_S) from error
            self._calls += 1
            self._waiting.put((future, call))
        return future

    def _begin_one(self) -> None:
        name = f"holdfast-handler_{self._count + 1}"
        threading.Thread(target=self._work, name=name, daemon=True).start()
        self._count += 1

    def _work(self) -> None:
        while True:
            future, call = self._waiting.get()
            told: Callable[[], None] | None = None
            if future.set_running_or_notify_cancel():
                try:
                    told = functools.partial(future.set_result, call())
                except BaseException as error:  # noqa: BLE001  it is for whoever waits
                    told = functools.partial(future.set_exception, error)
            with self._lock:
                self._calls -= 1  # before: whoever hears of it finds this thread free
            if told is not None:
                told()
            del future, call, told  # who waits for the next one keeps nothing of this one


@cache
def _threads() -> _Threads:
    return _Threads()


os.register_at_fork(after_in_child=_threads.cache_clear)  # those threads are the parent's


def begin_attempt() -> None:
    """The present task is an attempt, about which threads may ask."""
    task = asyncio.current_task()
    if task is not None:
        _attempt.set(weakref.ref(task))  # its context is its own: it would never be let go


def is_stopped() -> bool:
    """Whether this attempt is over, for code in a thread: no thread can be stopped, so let it ask.

    True when its time is over, its lease is lost, a person has cancelled the job, or its worker
    leaves and the grace is over. A coroutine is told by `CancelledError`, and what it runs by
    `asyncio.to_thread` may ask. What a plain handler writes by `tx` is undone, and what it returns
    is not asked for any more.
    """
    if (ended := _ended.get(None)) is not None and ended.is_set():
        return True
    if (reference := _attempt.get(None)) is None:
        return False
    task = reference()
    return task is None or task.done() or task.cancelling() > 0


def awaitable(function: Callable[..., Any]) -> Callable[..., Awaitable[Any]]:
    """A function of the user's as a coroutine: a plain one runs in a thread.

    Raises:
        ConfigError: it is a generator; to call it would run nothing of it.

    Raises (when awaited):
        Postponed: it was cancelled while it waited for a thread, or there is none; nothing of it
            has run.
    """
    if is_generator(function):
        raise ConfigError(f"{name_of(function)} is a generator: called, it would run nothing of it")
    if is_async(function):
        return function

    async def in_a_thread(*args: Any, **kwargs: Any) -> Any:
        ended = threading.Event()
        context = contextvars.copy_context()
        context.run(_ended.set, ended)
        call = functools.partial(context.run, _called, function, args, kwargs)
        future = _threads().submit(call)
        try:
            result = await asyncio.wrap_future(future)
        except asyncio.CancelledError:
            ended.set()
            if not future.cancel():
                raise
            raise Postponed(f"no thread was free: {MOST} plain handlers run", _LATER_S) from None
        return await result if inspect.isawaitable(result) else result

    return in_a_thread


def _called(function: Callable[..., Any], args: Any, kwargs: Any) -> Any:
    """What generators end with comes through no future: who waits would wait for ever.

    And Ctrl-C reaches the main thread alone: what looks like it here is the function's own.
    """
    _drop_old_connections()
    try:
        return function(*args, **kwargs)
    except (StopIteration, GeneratorExit, KeyboardInterrupt) as error:
        told = RuntimeError(f"{type(error).__name__} was raised, and nobody caught it")
        raise told.with_traceback(error.__traceback__) from error  # where the function did it
    finally:
        _drop_old_connections()


def _drop_old_connections() -> None:
    """As Django does around a request: else a thread keeps one that has died for good."""
    conf, db = sys.modules.get("django.conf"), sys.modules.get("django.db")
    if conf is not None and db is not None and conf.settings.configured:
        db.close_old_connections()
