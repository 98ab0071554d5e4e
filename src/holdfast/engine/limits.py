"""Rate limits, slots and breakers, as operations to be run."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, NamedTuple
from uuid import UUID

from holdfast.database import Call, encode
from holdfast.policy.gcra import Quota
from holdfast.policy.rate_headers import Told
from holdfast.redaction import reason

Mode = Literal["charge", "up_to", "peek", "refund"]


@dataclass(frozen=True, slots=True)
class Check:
    """Limits that are asked together: a quota for each key, all charged or none."""

    keys: tuple[str, ...]
    quotas: tuple[Quota, ...]
    cost: int = 1
    mode: Mode = "charge"

    def __hash__(self) -> int:
        """Without the quotas: who asks for the same keys has the same, and it is asked often."""
        return hash((self.keys, self.cost, self.mode))

    def to_json(self) -> dict[str, Any]:
        """As `rate_check_many` takes it."""
        policies = [
            {"name": q.name, "quota": q.quota, "per": q.per, "burst": q.most, "durable": q.durable}
            for q in self.quotas
        ]
        return {
            "keys": self.keys, "policies": policies, "cost": self.cost, "mode": self.mode
        }  # fmt: skip


class Answer(NamedTuple):
    """What one limit says; `retry_after` is None if so much never passes at once."""

    number: int
    key: str
    policy: str
    allowed: bool
    granted: int
    remaining: int
    retry_after: float | None
    reset_after: float
    quota: int
    per: float
    burst: int

    def told(self) -> Told:
        """As the headers are made of it."""
        return Told(
            self.policy, self.quota, self.per, self.remaining, self.reset_after, self.retry_after
        )


def check_many(checks: Sequence[Check]) -> Call[list[list[Answer]]]:
    """The answers to each check, in the order of its keys' policies.

    Raises (when run):
        InvalidInput: a value is out of range, or a transaction is open.
    """
    return Call(
        "rate_check_many",
        {"p_checks": encode([check.to_json() for check in checks])},
        read=lambda rows: _by_number([Answer._make(row) for row in rows], len(checks)),
    )


def _by_number(answers: Sequence[Answer], count: int) -> list[list[Answer]]:
    found: list[list[Answer]] = [[] for _ in range(count)]
    for answer in answers:
        found[answer.number - 1].append(answer)
    return found


# Slots: so many at once.


class Slot(NamedTuple):
    """A slot, or None and the seconds until one comes free at the latest."""

    slot: UUID | None
    retry_after: float | None


def take_slot(key: str, slots: int, lease: timedelta, holder: str) -> Call[Slot]:
    """One of so many slots of a key, for a time."""
    return Call(
        "take_slot", {"p_key": key, "p_slots": slots, "p_for": lease, "p_holder": holder},
        read=lambda rows: Slot(*rows[0]), select="slot, retry_after",
    )  # fmt: skip


def extend_slot(key: str, slot: UUID, lease: timedelta) -> Call[bool]:
    """Keep a slot for longer; False if it is lost."""
    return Call(
        "extend_slot", {"p_key": key, "p_slot": slot, "p_for": lease},
        read=lambda rows: bool(rows[0][0]),
    )  # fmt: skip


def release_slot(key: str, slot: UUID) -> Call[bool]:
    """Give a slot back."""
    return Call("release_slot", {"p_key": key, "p_slot": slot}, read=lambda rows: bool(rows[0][0]))


# Breakers: is the other side there?


class Pass(NamedTuple):
    """Whether a try may pass; `probe` if it is the one that finds out."""

    admitted: bool
    probe: UUID | None
    retry_after: float | None
    because: str | None


def ask_breaker(name: str) -> Call[Pass]:
    """May one try pass?"""
    return Call(
        "ask_breaker", {"p_name": name}, read=lambda rows: Pass(*rows[0]),
        select="admitted, probe, retry_after, because",
    )  # fmt: skip


def breaker_of_queue(queue: str) -> Call[tuple[bool, str | None]]:
    """Whether the breaker of a queue is open, half open or paused; and the probe that is out."""
    return Call(
        "breaker_of_queue", {"p_queue": queue}, read=lambda rows: (rows[0][0], rows[0][1]),
        select="is_open, probe::text",
    )  # fmt: skip


def tell_breaker(
    name: str, good: int, bad: int, probe: UUID | None = None, after: float | None = None,
    because: str | None = None,
) -> Call[bool]:  # fmt: skip
    """What became of tries; True if the breaker is open now."""
    return Call(
        "tell_breaker",
        {"p_name": name, "p_successes": good, "p_failures": bad, "p_probe": probe,
         "p_after": after, "p_because": because and reason(because)},
        read=lambda rows: bool(rows[0][0]),
    )  # fmt: skip


def return_probe(name: str, probe: UUID) -> Call[None]:
    """The one try said nothing about the destination; somebody else may have it."""
    return Call("return_probe", {"p_name": name, "p_probe": probe}, read=lambda _: None)


def set_breaker(
    name: str, policy: Mapping[str, Any], who: str | None = None, why: str | None = None
) -> Call[None]:
    """Make a breaker, or change what it tolerates. `who`: the database's user if None."""
    return Call(
        "set_breaker",
        {"p_name": name, "p_policy": encode(dict(policy)), "p_who": who, "p_why": why},
        read=lambda _: None,
    )


def breaker_named(name: str) -> Call[None]:
    """Raises UnknownJob when run if there is none of that name."""
    return Call("breaker_named", {"p_name": name}, read=lambda _: None, select="name")


def pause_breaker(name: str, who: str, why: str | None, until: datetime | None) -> Call[None]:
    """Let nothing pass, until then or until resumed."""
    return Call(
        "pause_breaker", {"p_name": name, "p_who": who, "p_why": why, "p_until": until},
        read=lambda _: None,
    )  # fmt: skip


def resume_breaker(name: str, who: str, why: str | None) -> Call[None]:
    """Close it, whatever opened it."""
    return Call("resume_breaker", {"p_name": name, "p_who": who, "p_why": why}, read=lambda _: None)


BREAKER = ("name", "state", "because", "open_until", "successes", "failures", "queues")
LIMIT = ("key", "policy", "remaining", "quota", "per", "burst", "full_at", "durable")


def breaker_list() -> Call[list[dict[str, Any]]]:
    """Every breaker, the open ones first."""
    return Call(
        "breaker_list", {}, read=lambda rows: [dict(zip(BREAKER, r, strict=True)) for r in rows],
        select=", ".join(BREAKER),
    )  # fmt: skip


def limit_list(limit: int) -> Call[list[dict[str, Any]]]:
    """The limits in use, those that take longest to be full again first."""
    return Call(
        "rate_limit_list", {"p_limit": limit},
        read=lambda rows: [dict(zip(LIMIT, r, strict=True)) for r in rows],
        select=", ".join(LIMIT),
    )  # fmt: skip


def reset_limit(key: str, who: str, why: str | None) -> Call[int]:
    """Make the limits of a key full again; how many there were."""
    return Call(
        "reset_rate", {"p_key": key, "p_who": who, "p_why": why}, read=lambda rows: int(rows[0][0])
    )
