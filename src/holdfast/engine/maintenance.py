"""What any worker may do at any time: say that it lives, rescue, promote, prune."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from holdfast.database import Call
from holdfast.engine.jobs import leases

_TICKS = 1000


def heartbeat(
    worker: str, queues: Sequence[str], host: str, pid: int, held: Sequence[tuple[UUID, str]]
) -> Call[set[UUID]]:
    """One statement per worker and interval; returns the jobs whose leases still hold."""
    return Call(
        "heartbeat",
        {
            "p_worker": worker,
            "p_queues": list(queues),
            "p_host": host,
            "p_pid": pid,
            "p_leases": leases(held),
        },
        read=lambda rows: {row[0] for row in rows},
    )


def still_leased(held: Sequence[tuple[UUID, str]]) -> Call[set[UUID]]:
    """Which of these jobs are still ours, also those whose lease could not be made longer."""
    return Call(
        "still_leased", {"p_leases": leases(held)}, read=lambda rows: {row[0] for row in rows}
    )


def set_idle(worker: str, queue: str, duration: timedelta | None) -> Call[None]:
    """For so long an enqueue notifies this worker; None: it is busy and will look by itself."""
    return Call(
        "set_idle", {"p_worker": worker, "p_queue": queue, "p_for": duration}, read=lambda _: None
    )


def sign_off(worker: str) -> Call[None]:
    """The worker leaves."""
    return Call("sign_off", {"p_worker": worker}, read=lambda _: None)


def rescue() -> Call[int]:
    """Take back jobs whose lease ran out; how many."""
    return Call("rescue", read=lambda rows: int(rows[0][0]))


def tick_schedules() -> Call[int]:
    """Enqueue the jobs of schedules that are due; how many."""
    return Call("tick_schedules", {"p_limit": _TICKS}, read=len)


def next_tick_in(within: timedelta) -> Call[float | None]:
    """In how many seconds a schedule is due, below 0 if it is late; None: not within that time."""
    return Call("next_tick_in", {"p_within": within}, read=lambda rows: rows[0][0])


def step_replays() -> Call[int]:
    """Move open replays on; how many letters came back."""
    return Call("step_replays", read=lambda rows: int(rows[0][0]))


def maintain() -> Call[dict[str, int]]:
    """Promote what is due, rescue, expire, prune, tick, replay; returns how many of each."""
    names = ("promoted", "rescued", "expired", "pruned", "ticked", "replayed")
    return Call("maintain", read=lambda rows: dict(zip(names, rows[0], strict=True)))


def next_due(queue: str) -> Call[float | None]:
    """In how many seconds time alone brings the queue something; None if nothing is planned."""
    return Call("next_due", {"p_queue": queue}, read=lambda rows: rows[0][0] if rows else None)
