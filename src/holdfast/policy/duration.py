"""A span of time as people say it."""

import re
from datetime import timedelta
from typing import Final

_SECONDS: Final = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}
_PART: Final = re.compile(
    r"(\d{1,9}(?:\.\d{1,9})?)\s*"
    r"(?:(s)(?:ecs?|econds?)?|(m)(?:ins?|inutes?)?|(h)(?:rs?|ours?)?|(d)(?:ays?)?|(w)(?:eeks?)?)"
    r"(?![a-z])\s*"
)


def duration(text: str) -> timedelta | None:
    """`90s`, `15m`, `2h`, `3 days`, `1w`, or several in a row (`1h30m`); None if it is no duration.

    Raises:
        OverflowError: longer than a time can be.
    """
    text, at, seconds = text.strip().lower(), 0, 0.0
    while part := _PART.match(text, at):
        number, *units = part.groups()
        seconds += float(number) * _SECONDS[next(unit for unit in units if unit)]
        at = part.end()
    return timedelta(seconds=seconds) if text and at == len(text) else None
