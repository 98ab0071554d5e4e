"""What belongs to an event loop: made when it is first asked for, forgotten with its loop.

A script may call `asyncio.run` again and again, each time with a loop of its own.
"""

import asyncio
from collections.abc import Callable, Iterator
from typing import Generic, TypeVar

from holdfast.errors import ConfigError

T = TypeVar("T")


def running() -> asyncio.AbstractEventLoop:
    """The event loop that runs here.

    Raises:
        ConfigError: none of asyncio's does.
    """
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        raise ConfigError(
            "no event loop of asyncio runs here. Under another one, such as trio's, call hf.sync in"
            " a thread: await trio.to_thread.run_sync(hf.sync.send, message)"
        ) from None


class PerLoop(Generic[T]):
    """One of each for each event loop; `make` makes it."""

    def __init__(self, make: Callable[[], T]) -> None:
        self._make = make
        self._made: dict[asyncio.AbstractEventLoop, T] = {}

    def here(self) -> T:
        """That of this event loop."""
        loop = running()
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
