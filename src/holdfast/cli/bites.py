"""What is done to many at a time, bite by bite."""

from collections.abc import Callable

from holdfast.channel import Services
from holdfast.cli.terminal import progress
from holdfast.database import Call

_BITE = 2000


async def in_bites(
    services: Services, doing: str, found: int, bite: Callable[[int], Call[int]]
) -> int:
    """Do it to all that were found; returns how many. `bite` makes the call for so many at most.

    Each is a transaction of its own: progress can be seen, and Ctrl-C stops between two.
    """
    count = 0
    with progress(doing, found) as advance:
        while count < found:
            gone = await services.database.run(bite(min(_BITE, found - count)))
            if gone == 0:  # somebody else was quicker
                break
            count += gone
            advance(gone)
    return count
