"""Functions of the user's as coroutines: a plain one runs in a thread."""

import asyncio
import contextvars
import functools
import inspect
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Any


@cache
def _threads() -> ThreadPoolExecutor:
    """For handlers alone: the event loop needs its own threads to reach the database."""
    return ThreadPoolExecutor(64, thread_name_prefix="holdfast-handler")


def awaitable(function: Callable[..., Any]) -> Callable[..., Awaitable[Any]]:
    """A function of the user's as a coroutine: a plain one runs in a thread."""
    if inspect.iscoroutinefunction(function):
        return function

    async def in_a_thread(*args: Any, **kwargs: Any) -> Any:
        call = functools.partial(contextvars.copy_context().run, function, *args, **kwargs)
        result = await asyncio.get_running_loop().run_in_executor(_threads(), call)
        return await result if inspect.isawaitable(result) else result

    return in_a_thread
