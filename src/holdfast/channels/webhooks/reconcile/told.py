"""What a person is told of the looks through a provider's list; each trouble has a key of its own.

    webhooks.reconcile:NAME           the last look is almost as old as the provider's memory
    webhooks.reconcile.gap:NAME       it was older: nobody can tell any more what came in between
    webhooks.reconcile.failing:NAME   the list could not be read
    webhooks.reconcile.missing:NAME   events had not come in by themselves

NAME is the source, with the account, the hook or the types that were looked through. A look that
comes to its end clears the first and the third; the others are for a person to clear.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from holdfast.database import Call
from holdfast.engine import alerts


def old(
    name: str, looked: datetime | None, now: datetime, horizon: timedelta
) -> Sequence[Call[Any]]:
    """Told before the look: how long ago the last one was."""
    if looked is None or now - looked <= horizon * 5 / 6:
        return ()
    keeps, day = f"the provider forgets events after {horizon.days} days", f"{looked:%Y-%m-%d}"
    late = _raise(
        "", name, f"{name} was last compared on {day}; {keeps}. Run: holdfast webhooks reconcile"
    )
    if now - looked <= horizon:
        return [late]
    until = f"{now - horizon:%Y-%m-%d}"
    return [late, _raise(".gap", name, f"{name} was not compared from {day} to {until}; {keeps}")]


def failing(name: str, error: Exception) -> Call[Any]:
    """The list could not be read to its end."""
    return _raise(".failing", name, f"{name} cannot be compared with the provider's list: {error}")


def through(name: str) -> Sequence[Call[Any]]:
    """It was."""
    return [alerts.clear_alert(f"webhooks.reconcile{kind}:{name}") for kind in ("", ".failing")]


def missing(name: str, count: int) -> Call[Any]:
    """So many events were in the list and not here."""
    return _raise(
        ".missing", name,
        f"{count} events of {name} had not come in by themselves, and are fetched now. Is the "
        "endpoint enabled on their side, and is it sent these types (--type)?",
    )  # fmt: skip


def _raise(kind: str, name: str, text: str) -> Call[Any]:
    return alerts.raise_alert(f"webhooks.reconcile{kind}:{name}", text)
