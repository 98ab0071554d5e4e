"""How many connections there may be at a time, and who goes when there is one more.

Each takes a file descriptor; when the last one is taken nobody is heard any more, and no connection
to Postgres can be opened. So who has let us wait the longest makes room for who comes: between two
requests, in the middle of one, or before the first. Nobody who waits for us is sent away; so of who
is, nothing was begun, and he sees his connection end where others see an answer.

Who came a moment ago is not spared: his request may be on its way, but then a thousand that never
say anything, a few hundred a second, would keep everybody out.
"""

import resource
from typing import Final, Protocol

CONNECTIONS: Final = 1000
_OURS: Final = 64
"""Files that this process needs for other things."""


class Waiting(Protocol):
    """A connection that can be ended while it waits for its client."""

    def make_room(self) -> None:
        """End it."""


class Crowd:
    """The connections of one server.

    Args:
        most: so many at a time; fewer where the process may not open as many files.
    """

    def __init__(self, most: int = CONNECTIONS) -> None:
        files = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
        self._most = most if files == resource.RLIM_INFINITY else max(1, min(most, files - _OURS))
        self._all: set[Waiting] = set()
        self._waiting: dict[Waiting, None] = {}  # who has waited longest is first

    def enter(self, one: Waiting) -> bool:
        """One more; False if all others wait for us, so that there is no room for it."""
        if len(self._all) >= self._most:
            longest = next(iter(self._waiting), None)
            if longest is None:
                return False
            self.leave(longest)
            longest.make_room()
        self._all.add(one)
        self._waiting[one] = None
        return True

    def leave(self, one: Waiting) -> None:
        """It is gone."""
        self._all.discard(one)
        self._waiting.pop(one, None)

    def waits(self, one: Waiting, for_its_client: bool) -> None:
        """Who has to do the next thing; whoever waits on keeps its place."""
        if not for_its_client:
            self._waiting.pop(one, None)
        elif one in self._all:
            self._waiting.setdefault(one)
