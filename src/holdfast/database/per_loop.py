"""What belongs to an event loop: made when it is first asked for, forgotten with its loop.

A script may call `asyncio.run` again and again, each time with a loop of its own.
"""

import asyncio
import os
from collections.abc import Callable, Iterator
from typing import Any, Generic, TypeVar
from weakref import WeakSet

T = TypeVar("T")


class PerLoop(Generic[T]):
    """One of each for each event loop; `make` makes it. A forked process begins without any."""

    def __init__(self, make: Callable[[], T]) -> None:
        self._make = make
        self._made: dict[asyncio.AbstractEventLoop, T] = {}
        _ALL.add(self)

    def here(self) -> T:
        """That of this event loop."""
        loop = asyncio.get_running_loop()
        try:
            return self._made[loop]
        except KeyError:
            for closed in [known for known in list(self._made) if known.is_closed()]:
                self._made.pop(closed, None)
            return self._made.setdefault(loop, self._make())

    def known(self) -> T | None:
        """That of this event loop, if it was asked for before."""
        return self._made.get(asyncio.get_running_loop())

    def forget(self) -> T | None:
        """That of this event loop, which gets another one when it asks again."""
        return self._made.pop(asyncio.get_running_loop(), None)

    def __iter__(self) -> Iterator[T]:
        return iter(list(self._made.values()))

    def _begin_anew(self) -> None:
        _OF_THE_PARENT.append(self._made)
        self._made = {}


_ALL: WeakSet[PerLoop[Any]] = WeakSet()
_OF_THE_PARENT: list[object] = []
"""Kept: what is thrown away is closed, and its connections are still in use there."""


def _forget_in_child() -> None:
    for one in list(_ALL):
        one._begin_anew()  # noqa: SLF001  this module's own class


os.register_at_fork(after_in_child=_forget_in_child)
