"""Jobs: enqueue, claim, settle, extend, cancel, as operations to be run."""

import json
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from holdfast.database import Call, JsonText, Row, decode, encode
from holdfast.engine.model import ClaimedJob, Job, Receipt, Settled, receipts
from holdfast.policy.verdict import Dead, Delivered, Hold, Retry, Snooze, Unknown, Verdict
from holdfast.redaction import reason

_CLAIMED = (
    "id, kind, payload::text, attempt, tenant, ordering_key, enqueued_at, expires_at, deferrals, "
    "claim_token::text"
)
_SLOWLY = 500  # jobs a second, where it is very busy


def enqueue_many(jobs: Sequence[Job]) -> Call[list[Receipt]]:
    """All or none, in one transaction; receipts in the order of the jobs.

    Raises (when run):
        UnknownQueue: a queue does not exist.
        InvalidInput: a value is out of range; the message says which job and which value.
    """
    if not jobs:
        return _enqueue_objects(jobs)
    queue, kind = jobs[0].queue, jobs[0].kind
    if not all(job.is_plain and job.kind == kind and job.queue == queue for job in jobs):
        return _enqueue_objects(jobs)
    payloads = encode([job.payload for job in jobs])
    return Call(
        "enqueue_payloads",
        {"p_queue": queue, "p_kind": kind, "p_payloads": payloads},
        read=lambda rows: receipts(rows[0][0], len(jobs)),
        scalar=True,
        takes_s=len(jobs) / _SLOWLY,
    )


def _enqueue_objects(jobs: Sequence[Job]) -> Call[list[Receipt]]:
    array = {"p_jobs": encode([job.to_json() for job in jobs])}
    if any(job.is_special for job in jobs):
        return Call(
            "enqueue_many", array, lambda rows: [Receipt._make(row) for row in rows],
            select="id, duplicate", takes_s=len(jobs) / _SLOWLY,
        )  # fmt: skip
    return Call(
        "enqueue_plain", array, lambda rows: receipts(rows[0][0], len(jobs)), scalar=True,
        takes_s=len(jobs) / _SLOWLY,
    )  # fmt: skip


def enqueue(job: Job) -> Call[Receipt]:
    """One job; as `enqueue_many`."""
    if job.is_plain:
        return Call(
            "enqueue",
            {"p_queue": job.queue, "p_kind": job.kind, "p_payload": encode(job.payload)},
            read=lambda rows: Receipt(rows[0][0]),
            scalar=True,
        )
    many = enqueue_many([job])
    return many._replace(read=lambda rows: many.read(rows)[0])  # type: ignore[arg-type,return-value]


def claim(
    queue: str, limit: int | None, worker: str, lease: timedelta | None = None
) -> Call[list[ClaimedJob]]:
    """Up to `limit` due jobs (default: the queue's batch), for the queue's lease."""
    return Call(
        "claim",
        {"p_queue": queue, "p_limit": limit, "p_worker": worker, "p_lease": lease},
        read=lambda rows: _claimed(rows, queue),
        select=_CLAIMED,
    )


def claim_job(
    job_id: UUID, queue: str, worker: str, lease: timedelta | None = None
) -> Call[ClaimedJob | None]:
    """One ready job by its id, to be worked on at once; None if it is not ready (any more)."""
    return Call(
        "claim_job",
        {"p_id": job_id, "p_worker": worker, "p_lease": lease},
        read=lambda rows: _claimed(rows, queue)[0] if rows else None,
        select=_CLAIMED,
    )


def _claimed(rows: Sequence[Row], queue: str) -> list[ClaimedJob]:
    payloads = json.loads(f"[{','.join([row[2] for row in rows])}]")  # one call for all of them
    return [
        ClaimedJob._make((job_id, kind, payload, *others, queue))
        for (job_id, kind, _, *others), payload in zip(rows, payloads, strict=True)
    ]


def settle(
    results: Sequence[tuple[UUID, str, Verdict]], *, only_news: bool = False
) -> Call[list[Settled]]:
    """Verdicts on claimed jobs as (id, claim token, verdict); late ones are only recorded.

    With `only_news` the answer leaves out what was accepted, but for dead letters.
    """
    if only_news and all(v.__class__ is Delivered and not v.note for _, _, v in results):
        return Call(
            "settle_done",
            {  # as text: the driver's way with lists costs as much as all the rest
                "p_ids": f"{{{','.join([job_id.hex for job_id, _, _ in results])}}}",
                "p_tokens": f"{{{','.join([token for _, token, _ in results])}}}",
            },
            read=lambda rows: [Settled(*row) for row in rows],
        )
    return Call(
        "settle",
        {"p_results": JsonText(f"[{','.join([_result(*result) for result in results])}]")},
        read=lambda rows: [Settled(*row) for row in rows],
        select="id, accepted, state",
        where="not accepted or state = 'dead'" if only_news else "true",
    )


def _result(job_id: UUID, token: str, verdict: Verdict) -> str:
    """One result as JSON text; the plain success, which most are, without a detour."""
    if verdict.__class__ is Delivered and not verdict.note:
        return f'{{"id":"{job_id}","token":"{token}","verdict":"delivered"}}'
    return encode({"id": str(job_id), "token": token, **_said(verdict)})


def _said(verdict: Verdict) -> dict[str, Any]:
    outage = {"outage": True} if getattr(verdict, "outage", False) else {}
    return {**_words(verdict), **outage}


def _words(verdict: Verdict) -> dict[str, Any]:
    match verdict:
        case Delivered(note):
            return {"verdict": "delivered", "because": reason(note)}
        case Retry(because, after):
            return {"verdict": "retry", "because": reason(because), "after": after}
        case Snooze(because, after, until):
            moment = until.isoformat() if until else None
            said = {"verdict": "snooze", "because": reason(because), "after": after}
            return {**said, "until": moment}
        case Hold(because):
            return {"verdict": "hold", "because": reason(because)}
        case Dead(because):
            return {"verdict": "dead", "because": reason(because)}
        case Unknown(because):
            return {"verdict": "unknown", "because": reason(because)}


def leases(held: Sequence[tuple[UUID, str]]) -> str:
    """Pairs of job and claim token, as the SQL functions take them."""
    return encode([{"id": str(job_id), "token": token} for job_id, token in held])


def extend(held: Sequence[tuple[UUID, str]], lease: timedelta | None = None) -> Call[set[UUID]]:
    """Keep jobs for longer; returns those that are still ours."""
    return Call(
        "extend",
        {"p_leases": leases(held), "p_lease": lease},
        read=lambda rows: {r[0] for r in rows},
    )


def release(held: Sequence[tuple[UUID, str]], because: str) -> Call[list[Settled]]:
    """Give jobs back unworked; consumes no attempt."""
    return Call(
        "release",
        {"p_leases": leases(held), "p_because": because},
        read=lambda rows: [Settled(*row) for row in rows],
        select="id, accepted, state",
    )


def cancel(job_id: UUID, who: str, why: str | None = None) -> Call[str]:
    """End a job that has not ended.

    Raises (when run):
        UnknownJob: no such job.
        NotReplayable: it has ended already.
    """
    return Call(
        "cancel", {"p_id": job_id, "p_who": who, "p_why": why}, read=lambda rows: rows[0][0]
    )


def hold(job_id: UUID, who: str, why: str | None = None) -> Call[None]:
    """Set a waiting job aside until a person lets it go on.

    Raises (when run):
        UnknownJob: no such job.
        NotReplayable: it runs, or has ended.
    """
    return Call("hold", {"p_id": job_id, "p_who": who, "p_why": why}, read=lambda _: None)


def unhold(job_id: UUID, who: str, why: str | None = None) -> Call[None]:
    """Let a held job go on, now or as its time and its ordering key allow.

    Raises (when run):
        UnknownJob: no such job.
        NotReplayable: it is not held.
    """
    return Call("unhold", {"p_id": job_id, "p_who": who, "p_why": why}, read=lambda _: None)


def skip(job_id: UUID, who: str, why: str | None = None) -> Call[None]:
    """Send a job to the end of its ordering key, so that those behind it pass.

    Raises (when run):
        UnknownJob: no such job.
        NotReplayable: it runs, has ended, or has no ordering key.
    """
    return Call("skip", {"p_id": job_id, "p_who": who, "p_why": why}, read=lambda _: None)


def explain(job_id: UUID) -> Call[dict[str, Any]]:
    """Why the job waits, until when and by which rule; with its attempts."""
    return Call("explain", {"p_id": job_id}, read=lambda rows: decode(rows[0][0]))


def unhold_many(chosen: Mapping[str, Any], who: str, why: str | None = None) -> Call[int]:
    """Let held jobs go on; the filter knows queue, kind, tenant and ids. Returns how many."""
    return Call(
        "unhold_many",
        {"p_filter": encode(dict(chosen)), "p_who": who, "p_why": why},
        read=lambda rows: int(rows[0][0]),
    )


def cancel_many(
    chosen: Mapping[str, Any], who: str, why: str | None = None, *, limit: int,
    dry_run: bool = False,
) -> Call[int]:  # fmt: skip
    """End so many of the jobs that wait; the filter is that of `unhold_many`. Returns how many."""
    return Call(
        "cancel_many",
        {
            "p_filter": encode(dict(chosen)), "p_who": who, "p_why": why, "p_limit": limit,
            "p_dry_run": dry_run,
        },
        read=lambda rows: int(rows[0][0]),
        takes_s=limit / _SLOWLY,
    )  # fmt: skip


def run_now(job_id: UUID, who: str, why: str | None = None) -> Call[None]:
    """Have a job run now that waits for its time, or for its next attempt.

    Raises (when run):
        UnknownJob: no such job.
        NotReplayable: it waits for something else, runs, or has ended.
    """
    return Call("run_now", {"p_id": job_id, "p_who": who, "p_why": why}, read=lambda _: None)


def run_now_many(chosen: Mapping[str, Any], who: str, why: str | None = None) -> Call[int]:
    """Have all run now that have failed or were put off; the filter is that of `unhold_many`."""
    return Call(
        "run_now_many",
        {"p_filter": encode(dict(chosen)), "p_who": who, "p_why": why},
        read=lambda rows: int(rows[0][0]),
    )
