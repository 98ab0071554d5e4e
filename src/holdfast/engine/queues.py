"""Queues: make, change, pause, resume."""

import difflib
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from holdfast.database import Call, decode, encode
from holdfast.engine.model import is_option
from holdfast.errors import ConfigError

POLICY = (
    "max_attempts", "max_age", "max_crashes", "retry_base", "retry_factor", "retry_cap",
    "retry_jitter", "retry_after_cap", "on_unknown", "lease", "timeout", "batch", "concurrency",
    "max_running", "max_running_per_tenant", "max_running_per_key", "rate_quota", "rate_per",
    "rate_burst", "breaker", "retention", "dead_retention", "dedupe_retention",
)  # fmt: skip


_ELSEWHERE = {
    "max_retries": "max_attempts", "retries": "max_attempts", "retry": "max_attempts",
    "retry_delay": "retry_base", "default_retry_delay": "retry_base", "backoff": "retry_base",
    "retry_backoff": "retry_base", "time_limit": "timeout", "soft_time_limit": "timeout",
    "rate_limit": "rate_quota", "concurrency_limit": "max_running",
}  # fmt: skip
_NEAR = 0.7  # less is a guess: max_retries is as near to max_crashes as to max_attempts


def check_options(given: Mapping[str, Any], *options: str) -> None:
    """Raise ConfigError if something given is none of these options and no part of a policy."""
    known = [*options, *POLICY]
    for name in given:
        if name not in known:
            raise ConfigError(f"unknown option {name}; {_hint(name, known)}")


def _hint(name: str, known: Sequence[str]) -> str:
    if is_option(name):
        return f"a job that is sent may have it: task.job(...).options({name}=...)"
    near = [_ELSEWHERE[name]] if name in _ELSEWHERE else []
    near = near or difflib.get_close_matches(name, known, n=1, cutoff=_NEAR)
    return f"did you mean {near[0]}?" if near else f"known: {', '.join(known)}"


def create_queue(queue: str, policy: Mapping[str, Any] | None = None) -> Call[bool]:
    """Make a queue if there is none of that name; an existing one stays as it is."""
    return Call(
        "create_queue",
        {"p_queue": queue, "p_policy": encode(_texts(policy or {}))},
        read=lambda rows: bool(rows[0][0]),
    )


def set_queue(
    queue: str, policy: Mapping[str, Any], who: str | None = None, why: str | None = None
) -> Call[None]:
    """Change named columns of the policy; the others stay. `who`: the database's user if None."""
    return Call(
        "set_queue",
        {"p_queue": queue, "p_policy": encode(_texts(policy)), "p_who": who, "p_why": why},
        read=lambda _: None,
    )


def pause(queue: str, who: str, why: str | None, until: datetime | None = None) -> Call[None]:
    """Stop claims from the queue; jobs go on arriving and wait."""
    return Call(
        "pause_queue",
        {"p_queue": queue, "p_who": who, "p_why": why, "p_until": until},
        read=lambda _: None,
    )


def resume(queue: str, who: str, why: str | None = None) -> Call[None]:
    """Let claims go on."""
    return Call("resume_queue", {"p_queue": queue, "p_who": who, "p_why": why}, read=lambda _: None)


def policy(queue: str) -> Call[dict[str, Any]]:
    """The policy row; durations as text. Raises UnknownQueue when run."""
    return Call(
        "queue_policy", {"p_queue": queue}, read=lambda rows: decode(rows[0][0]),
        select="to_jsonb(queue_policy)",
    )  # fmt: skip


def apart(queue: str, wanted: Mapping[str, Any]) -> Call[dict[str, dict[str, Any]]]:
    """Where the queue has another policy than wanted: {"batch": {"from": 500, "to": 100}}."""
    return Call(
        "policy_apart", {"p_queue": queue, "p_policy": encode(_texts(wanted))},
        read=lambda rows: decode(rows[0][0]),
    )  # fmt: skip


def limits(queue: str) -> Call[dict[str, float]]:
    """What a worker needs of the policy: lease and timeout in seconds, batch, concurrency.

    `limited` is 1 if the queue limits how many run, and a job that ends makes room for another;
    `breaker` is 1 if its jobs pass one.
    """
    names = ("lease", "timeout", "batch", "concurrency", "limited", "breaker")
    return Call(
        "queue_policy", {"p_queue": queue},
        read=lambda rows: {n: float(v) for n, v in zip(names, rows[0], strict=True)},
        select="extract(epoch from lease), extract(epoch from timeout), batch, "
        "concurrency, (coalesce(max_running, max_running_per_tenant) is not null)::integer, "
        "(breaker is not null)::integer",
    )  # fmt: skip


def _texts(values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: f"{value.total_seconds()} s" if isinstance(value, timedelta) else value
        for name, value in values.items()
    }
