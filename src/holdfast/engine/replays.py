"""Replays as operations: plan, create, step, look, cancel."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from holdfast.database import Call, decode, encode

REPLAY = (
    "id", "state", "total", "replayed", "who", "why", "created_at", "ended_at", "rate", "note",
)  # fmt: skip
ITEM = ("job_id", "outcome", "state", "because", "at")


def plan(chosen: Mapping[str, Any], limit: int) -> Call[dict[str, Any]]:
    """What it would be: matching, replayable, excluded by reason, by queue and by group."""
    return Call(
        "plan_replay", {"p_filter": encode(dict(chosen)), "p_limit": limit},
        read=lambda rows: decode(rows[0][0]),
    )  # fmt: skip


def create(
    chosen: Mapping[str, Any], who: str, why: str | None, *, rate: float | None, canary: bool,
    limit: int,
) -> Call[int]:  # fmt: skip
    """Fix the letters that the filter names now; returns the replay's number."""
    return Call(
        "create_replay",
        {"p_filter": encode(dict(chosen)), "p_who": who, "p_why": why, "p_rate": rate,
         "p_canary": canary, "p_limit": limit},
        read=lambda rows: int(rows[0][0]), takes_s=600,
    )  # fmt: skip


def step(limit: int = 1000) -> Call[int]:
    """Move every open replay on by what its rate allows."""
    return Call("step_replays", {"p_limit": limit}, read=lambda rows: int(rows[0][0]))


def cancel(number: int, who: str, why: str | None) -> Call[int]:
    """End it; returns how many letters stay dead."""
    return Call(
        "cancel_replay", {"p_id": number, "p_who": who, "p_why": why},
        read=lambda rows: int(rows[0][0]),
    )  # fmt: skip


def show(number: int) -> Call[dict[str, Any]]:
    """One replay, its letters by outcome, and what became of those that came back."""
    return Call("replay_show", {"p_id": number}, read=lambda rows: decode(rows[0][0]))


def replay_list(limit: int) -> Call[list[dict[str, Any]]]:
    """The replays, the latest first."""
    return Call(
        "replay_list", {"p_limit": limit},
        read=lambda rows: [dict(zip(REPLAY, row, strict=True)) for row in rows],
        select=", ".join(REPLAY),
    )  # fmt: skip


def letter_list(
    number: int, limit: int, *, outcome: str | None = None, state: str | None = None,
    after: UUID | None = None,
) -> Call[list[dict[str, Any]]]:  # fmt: skip
    """The letters of a replay, in their order: of an outcome, a state, after one of them."""
    chosen = {"outcome": outcome, "state": state, "after": str(after) if after else None}
    return Call(
        "replay_item_list",
        {"p_id": number, "p_filter": encode({k: v for k, v in chosen.items() if v}),
         "p_limit": limit},
        read=lambda rows: [dict(zip(ITEM, row, strict=True)) for row in rows],
        select=", ".join(ITEM),
    )  # fmt: skip
