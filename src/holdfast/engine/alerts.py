"""Alerts: what a person should look at, as rows that are raised once and stay until cleared."""

from collections.abc import Mapping
from typing import Any

from holdfast.database import Call, encode
from holdfast.engine.views import Found

ALERT = ("key", "text", "raised_at", "last_at", "times", "details", "cleared_at", "cleared_by")


def raise_alert(key: str, text: str, details: Mapping[str, Any] | None = None) -> Call[bool]:
    """Say that something is wrong; true if that is news. The same key again is counted.

    Args:
        key: 1 to 300 characters, the same for the same trouble: `queue.stuck:reports`.
        text: one sentence for the person who is paged: what, since when, what to do.
        details: what a program may want to know.
    """
    return Call(
        "raise_alert",
        {"p_key": key, "p_text": text, "p_details": encode(dict(details or {}))},
        read=lambda rows: bool(rows[0][0]),
    )


def clear_alert(key: str, who: str | None = None, why: str | None = None) -> Call[bool]:
    """It is well again, or a person has seen to it; true if it was open."""
    return Call(
        "clear_alert",
        {"p_key": key, "p_who": who, "p_why": why},
        read=lambda rows: bool(rows[0][0]),
    )


def alert_list(*, everything: bool = False, limit: int = 50) -> Call[Found]:
    """What is open, the newest first; with `everything` also what was cleared this month."""
    return Call(
        "alert_list",
        {"p_all": everything, "p_limit": limit},
        read=lambda rows: [dict(zip(ALERT, row, strict=True)) for row in rows],
        select=", ".join(ALERT),
    )


def take_alerts() -> Call[Found]:
    """The alerts that no log has yet; they count as told now."""
    return Call(
        "take_alerts",
        read=lambda rows: [{"key": key, "text": text} for key, text in rows],
        select="key, text",
    )
