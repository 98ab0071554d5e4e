"""The queue at a glance: for the page, for `up`, for whoever asks every few seconds."""

from collections.abc import Sequence
from typing import Any

from holdfast.database import Call

_QUEUE = (
    "queue", "paused", "paused_by", "paused_why", "paused_until", "ready", "leased", "scheduled",
    "blocked", "held", "dead", "oldest_ready", "next_due", "workers",
)  # fmt: skip
_GROUP = (
    "queue", "kind", "fingerprint", "reasons", "letters", "first_died", "last_died", "latest_error",
)  # fmt: skip


def queue_overview() -> Call[list[dict[str, Any]]]:
    """Every queue with its counts; a count of 10001 means more than ten thousand."""
    return Call("queue_list", read=lambda rows: _dicts(_QUEUE, rows), select=", ".join(_QUEUE))


def dead_letter_groups(limit: int = 50) -> Call[list[dict[str, Any]]]:
    """Dead letters by what killed them, the latest first."""
    return Call(
        "dead_letter_group_list", {"p_limit": limit}, lambda rows: _dicts(_GROUP, rows),
        ", ".join(_GROUP),
    )  # fmt: skip


def _dicts(names: Sequence[str], rows: Sequence[Sequence[Any]]) -> list[dict[str, Any]]:
    return [dict(zip(names, row, strict=True)) for row in rows]
