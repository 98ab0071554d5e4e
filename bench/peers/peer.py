"""What a peer is to the bench: how it is installed, opened and emptied, and what its settings are.

Each peer is used through the best interface that its own documentation names, with the fastest
settings that we found among those it allows; `settings` says which, and the page repeats it.
"""

from collections.abc import Awaitable, Callable, Coroutine, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Protocol

Handle = Callable[[int], None]
"""Told the number that the job carries, from within the peer's handler."""


class Client(Protocol):
    """One open peer: what an application and its worker hold, in one process."""

    async def send(self, n: int) -> None:
        """Enqueue one job and return when it is committed."""
        ...

    async def send_many(self, numbers: Sequence[int]) -> None:
        """Enqueue all of them in one call."""
        ...

    async def work(self, handle: Handle) -> None:
        """Run one worker until `stop` is called."""
        ...

    def stop(self) -> None:
        """End `work` when what it has at hand is settled."""
        ...


@dataclass(frozen=True, slots=True)
class Peer:
    """A queue that somebody else has written.

    `tables` are emptied before each measurement; `live` is a FROM clause with a row for each job
    that is not settled; `done` counts those that are, or is None if they are deleted. `drained` is
    how many jobs a drain has, since the slow ones would take minutes. `notify` turns on what wakes
    an idle worker, where that is not always on.
    """

    name: str
    package: str
    settings: str
    tables: tuple[str, ...]
    live: str
    done: str | None
    drained: int
    install: Callable[[str], Coroutine[None, None, None]]
    connect: Callable[[str, int], AbstractAsyncContextManager[Client]]
    notify: Callable[[str, bool], Awaitable[None]] | None = None
