"""Functions of the user's: of what kind one is, its name, whether what it returned has run."""

import inspect
from collections.abc import Callable
from typing import Any

from holdfast.policy.verdict import Verdict


def is_async(function: Callable[..., Any]) -> bool:
    """Whether calling it gives a coroutine: also of an object with such a `__call__`."""
    return _is(function, inspect.iscoroutinefunction)


def is_generator(function: Callable[..., Any]) -> bool:
    """Whether calling it gives a generator, of either kind."""
    return _is(function, inspect.isgeneratorfunction) or _is(function, inspect.isasyncgenfunction)


def name_of(function: Callable[..., Any]) -> str:
    """Its name within its module; of an object that can be called, that of its class."""
    return getattr(function, "__qualname__", None) or type(function).__qualname__


def has_run(result: object) -> None:
    """Look at what a function returned: whether anything of it is still to be run, or to be made.

    Raises:
        TypeError: it is a coroutine or a generator, of which nothing has happened; or the class
            of a verdict, which says something else than done.
    """
    if isinstance(result, type) and issubclass(result, Verdict):
        raise TypeError(f"the class {result.__name__} was returned; return {result.__name__}(...)")
    was_awaited(result)
    if inspect.isgenerator(result) or inspect.isasyncgen(result):
        raise TypeError("a generator was returned; nothing of it has run")


def was_awaited(result: object) -> None:
    """Look at what a plain function returned.

    Raises:
        TypeError: it is a coroutine, as of a wrapper that is none itself around one.
    """
    if inspect.iscoroutine(result):
        result.close()
        raise TypeError("a coroutine was returned and nobody awaited it; nothing of it has run")


def _is(function: Callable[..., Any], kind: Callable[[Any], bool]) -> bool:
    return kind(function) or kind(getattr(function, "__call__", None))  # noqa: B004  not "can it"
