"""What there is to see: queues, jobs, dead letters, workers; and whether all is well.

Lists come as dictionaries by column, newest first, at most 1000 of them. Filters are those of the
SQL functions in `sql/*lists.sql`; a name that they do not know is refused.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from holdfast.database import Call, decode, encode

Found = list[dict[str, Any]]

QUEUE = (
    "queue", "paused", "ready", "leased", "scheduled", "blocked", "held", "dead", "workers",
    "oldest_ready", "next_due", "paused_by", "paused_why", "paused_until",
)  # fmt: skip
JOB = (
    "id", "state", "queue", "kind", "attempts", "run_at", "because", "enqueued_at", "waits_for",
    "tenant", "ordering_key", "priority", "crashes", "deferrals", "expires_at", "worker",
    "lease_until", "ended_at", "replay_of",
)  # fmt: skip
DEAD_LETTER = (
    "id", "queue", "died_at", "error", "reason", "kind", "fingerprint", "attempts", "tenant",
    "ordering_key", "crashes", "enqueued_at", "replay_of",
)  # fmt: skip
GROUP = (
    "fingerprint", "letters", "latest_error", "queue", "kind", "last_died", "reasons", "first_died",
)  # fmt: skip
WORKER = ("worker", "alive", "running", "queues", "seen_at", "started_at", "host", "pid")
OPERATION = ("id", "at", "who", "action", "affected", "why", "filter")
BLOCKED_KEY = (
    "queue", "key", "waiting", "head", "head_state", "because", "head_run_at", "head_attempts",
    "since",
)  # fmt: skip
VIOLATION = ("invariant", "job_id", "detail")


def queue_list(queue: str | None = None) -> Call[Found]:
    """The queues at a glance, or one of them; 10001 of something means more than ten thousand."""
    return _list("queue_list", QUEUE, {"p_queue": queue})


def job_list(chosen: Mapping[str, Any], limit: int = 50) -> Call[Found]:
    """The newest jobs; the filter knows queue, state, kind, tenant and before (an id)."""
    return _list("job_list", JOB, {"p_filter": encode(dict(chosen)), "p_limit": limit})


def job_show(job_id: UUID) -> Call[dict[str, Any]]:
    """One job with its payload, and its attempts as `timeline`. Raises UnknownJob when run."""
    columns = (*JOB, "payload", "timeline")
    return _one("job_show", columns, job_id, documents=("payload", "timeline"))


def find_job(text: str) -> Call[UUID]:
    """The id that somebody means by it, or by its first or last six or more digits.

    Raises (when run):
        UnknownJob: there is none.
        InvalidInput: there are several, or these are no such digits.
    """
    return Call("find_job", {"p_text": text}, read=lambda rows: UUID(str(rows[0][0])))


def dead_letter_list(chosen: Mapping[str, Any], limit: int = 50) -> Call[Found]:
    """The latest dead letters; the filter is that of a replay."""
    return _list(
        "dead_letter_list", DEAD_LETTER, {"p_filter": encode(dict(chosen)), "p_limit": limit}
    )


def dead_letter_groups(chosen: Mapping[str, Any], limit: int = 50) -> Call[Found]:
    """Dead letters by what killed them, the largest group first."""
    return _list(
        "dead_letter_group_list", GROUP, {"p_filter": encode(dict(chosen)), "p_limit": limit}
    )


def dead_letter_show(job_id: UUID) -> Call[dict[str, Any]]:
    """One letter with its payload and `history`. Raises UnknownJob or NotReplayable when run."""
    columns = (*DEAD_LETTER, "priority", "deferrals", "expires_at", "payload", "history")
    return _one("dead_letter_show", columns, job_id, documents=("payload", "history"))


def blocked_key_list(queue: str | None = None, limit: int = 50) -> Call[Found]:
    """Ordering keys whose jobs wait, and for which head; the longest wait first."""
    return _list("blocked_key_list", BLOCKED_KEY, {"p_queue": queue, "p_limit": limit})


def operation_list(chosen: Mapping[str, Any], limit: int = 50) -> Call[Found]:
    """What people did, the latest first; the filter knows action, who, since, until, before."""
    found = _list("operation_list", OPERATION, {"p_filter": encode(dict(chosen)), "p_limit": limit})
    return found._replace(read=lambda rows: [
        row | {"filter": decode(row["filter"])} for row in found.read(rows)
    ])  # fmt: skip


def worker_list() -> Call[Found]:
    """Who works, those heard of last first."""
    return _list("worker_list", WORKER, {})


def checkup() -> Call[dict[str, Any]]:
    """The facts that tell whether all is well: clock, durability, workers, leases, letters."""
    return Call("checkup", read=lambda rows: decode(rows[0][0]))


def audit() -> Call[Found]:
    """Every violation of the queue's invariants; takes its time on large tables."""
    return _list("audit", VIOLATION, {})


def _list(function: str, columns: Sequence[str], args: Mapping[str, object]) -> Call[Found]:
    return Call(
        function,
        args,
        read=lambda rows: [dict(zip(columns, row, strict=True)) for row in rows],
        select=", ".join(columns),
    )


def _one(
    function: str, columns: Sequence[str], job_id: UUID, documents: Sequence[str]
) -> Call[dict[str, Any]]:
    def read(rows: Sequence[Sequence[Any]]) -> dict[str, Any]:
        one = dict(zip(columns, rows[0], strict=True))
        return one | {name: decode(one[name]) for name in documents}

    # as text: of a parsed document that is a string nobody can tell whether it was parsed
    names = (f"{name}::text" if name in documents else name for name in columns)
    return Call(function, {"p_id": job_id}, read, ", ".join(names))
