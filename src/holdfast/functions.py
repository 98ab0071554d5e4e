"""Functions of the user's: of what kind one is, its name, and results that have not run yet."""

import inspect
from collections.abc import Callable
from typing import Any

from holdfast.policy.verdict import Verdict


def is_async(function: Callable[..., Any]) -> bool:
    """Whether calling it gives a coroutine: also of an object with such a `__call__`."""
    return _is(function, inspect.iscoroutinefunction)


def is_generator(function: Callable[..., Any]) -> bool:
    """Whether calling it gives a generator, of either kind."""
    return _is(function, inspect.isgeneratorfunction) or is_async_generator(function)


def is_async_generator(function: Callable[..., Any]) -> bool:
    """Whether calling it gives an asynchronous generator."""
    return _is(function, inspect.isasyncgenfunction)


def name_of(function: Callable[..., Any]) -> str:
    """Its name within its module; of an object that can be called, that of its class."""
    return getattr(function, "__qualname__", None) or type(function).__qualname__


def refuse_unrun(result: object) -> None:
    """For what a handler returned: it must not be something of which nothing has happened yet.

    Raises:
        TypeError: it is a coroutine or a generator, which nobody will run; or the class of a
            verdict, where one of its instances was meant.
    """
    if isinstance(result, type) and issubclass(result, Verdict):
        raise TypeError(f"the class {result.__name__} was returned; return {result.__name__}(...)")
    refuse_unawaited(result)
    if inspect.isgenerator(result) or inspect.isasyncgen(result):
        raise TypeError("a generator was returned; nothing of it has run")


def refuse_unawaited(result: object) -> None:
    """For what a plain function returned: it must not be a coroutine.

    Raises:
        TypeError: it is one. A plain wrapper around a coroutine function returns such a thing.
    """
    if inspect.iscoroutine(result):
        result.close()
        raise TypeError("a coroutine was returned and nobody awaited it; nothing of it has run")


def _is(function: Callable[..., Any], kind: Callable[[Any], bool]) -> bool:
    return kind(function) or kind(getattr(function, "__call__", None))  # noqa: B004  not "can it"
