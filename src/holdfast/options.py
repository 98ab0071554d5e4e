"""The options that commands of all rooms share: who, why, moments, how many, and what to change."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from holdfast.policy.duration import duration

Who = Annotated[
    str | None,
    typer.Option("--who", metavar="NAME", help="Who does this, for the record; you, if not given."),
]
Why = Annotated[str | None, typer.Option("--why", metavar="TEXT", help="Why, for the record.")]

Changes = Annotated[
    list[str], typer.Argument(metavar="KEY=VALUE", help="What to change.", show_default=False)
]

Newest = Annotated[
    int,
    typer.Option("--limit", "-n", min=1, max=1000, metavar="N", help="At most this many."),
]


def pair(change: str, such_as: str) -> tuple[str, str]:
    """The key and the value of one of the `Changes`; the key as a column has it."""
    key, sign, value = change.partition("=")
    if not sign or not key.strip():
        raise typer.BadParameter(f"{change!r} is not KEY=VALUE, such as {such_as}")
    return key.strip().replace("-", "_"), value.strip()


def past(text: str) -> datetime:
    """A time, or so long ago. UTC unless it says otherwise."""
    return _moment(text, -1)


def future(text: str) -> datetime:
    """A time, or in so long. UTC unless it says otherwise."""
    return _moment(text, +1)


Until = Annotated[
    datetime | None,
    typer.Option(
        "--until",
        parser=future,
        metavar="WHEN",
        help="Resume by itself then: 30m, 2h, or a time.",
    ),
]


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
