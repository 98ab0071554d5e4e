"""The options that commands of all rooms share: who does it and why, and how moments are typed."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from holdfast.policy.duration import duration

Who = Annotated[
    str | None,
    typer.Option("--who", metavar="NAME", help="Who does this, for the record; you, if not given."),
]
Why = Annotated[str | None, typer.Option("--why", metavar="TEXT", help="Why, for the record.")]


def past(text: str) -> datetime:
    """A time, or so long ago. UTC unless it says otherwise."""
    return _moment(text, -1)


def future(text: str) -> datetime:
    """A time, or in so long. UTC unless it says otherwise."""
    return _moment(text, +1)


def _moment(text: str, sign: int) -> datetime:
    try:
        if (length := duration(text)) is not None:
            return datetime.now(UTC) + sign * length
        moment = datetime.fromisoformat(text.strip())
    except (ValueError, OverflowError):
        raise typer.BadParameter(
            f"{text!r} is neither a duration such as 90s, 15m, 2h, 3d "
            "nor a time such as 2026-03-01 or 2026-03-01T14:30Z"
        ) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
