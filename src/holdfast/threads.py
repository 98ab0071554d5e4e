"""Functions of the user's as coroutines: a plain one runs in a thread."""

import asyncio
import contextvars
import functools
import inspect
import os
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Any

from holdfast.errors import ConfigError
from holdfast.policy.verdict import Verdict
from holdfast.retry import is_async, is_generator


@cache
def _threads() -> ThreadPoolExecutor:
    """For handlers alone: the event loop needs its own threads to reach the database."""
    return ThreadPoolExecutor(64, thread_name_prefix="holdfast-handler")


os.register_at_fork(after_in_child=_threads.cache_clear)  # those threads are the parent's


def awaitable(function: Callable[..., Any]) -> Callable[..., Awaitable[Any]]:
    """A function of the user's as a coroutine: a plain one runs in a thread.

    Raises:
        ConfigError: it is a generator; to call it would run nothing of it.
    """
    if is_generator(function):
        raise ConfigError(f"{_name(function)} is a generator: called, it would run nothing of it")
    if is_async(function):
        return function

    async def in_a_thread(*args: Any, **kwargs: Any) -> Any:
        call = functools.partial(contextvars.copy_context().run, _called, function, args, kwargs)
        result = await asyncio.get_running_loop().run_in_executor(_threads(), call)
        return await result if inspect.isawaitable(result) else result

    return in_a_thread


def _called(function: Callable[..., Any], args: Any, kwargs: Any) -> Any:
    """What generators end with comes through no future: who waits would wait for ever."""
    try:
        return function(*args, **kwargs)
    except (StopIteration, GeneratorExit) as error:
        raise RuntimeError(f"{type(error).__name__} was raised, and nobody caught it") from error


def has_run(result: object) -> None:
    """Look at what a function returned: whether anything of it is still to be run, or to be made.

    Raises:
        TypeError: it is a coroutine or a generator, of which nothing has happened; or the class
            of a verdict, which says something else than done.
    """
    if isinstance(result, type) and issubclass(result, Verdict):
        raise TypeError(f"the class {result.__name__} was returned; return {result.__name__}(...)")
    if inspect.iscoroutine(result):
        result.close()
        raise TypeError("a coroutine was returned and nobody awaited it; nothing of it has run")
    if inspect.isgenerator(result) or inspect.isasyncgen(result):
        raise TypeError("a generator was returned; nothing of it has run")


def _name(function: Callable[..., Any]) -> str:
    return getattr(function, "__qualname__", type(function).__name__)
