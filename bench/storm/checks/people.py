"""What people do: held is held, cancelled is cancelled, paused is paused, edited is replaced."""

from collections import Counter
from collections.abc import Iterator
from math import inf

from bench.storm.checks.evidence import Evidence, Found
from bench.storm.ledger import Operation, StoredJob

_BETWEEN_S = 0.2
"""A claim reads the queue's policy and then the clock: so long may a pause come in between."""


def held(e: Evidence) -> Iterator[Found]:
    """What is held is not tried before somebody has let it go on."""
    let_go = [op for op in e.stored.operations if op.action == "unhold"]
    holds = [op for op in e.stored.operations if op.action == "hold"]
    for job_id, rows in e.stored.jobs.items():
        job, tries = rows[0], e.stored.tries[job_id]
        since = [op.at for op in holds if op.about["id"] == job_id]
        since += [
            t.settled for t in tries
            if t.outcome == "hold" or (t.outcome == "unknown" and job.queue == "doubts")
        ]  # fmt: skip
        released = [op.at for op in let_go if _names(op, job)] if since else []
        for at in since:
            until = min((moment for moment in released if moment > at), default=inf)
            if any(at < tried.claimed < until for tried in tries):
                yield f"{job.kind} was tried although it was held", job_id
            if until == inf and job.state != "cancelled":
                yield f"{job.kind} is {job.state}: nobody let it go on", job_id


def _names(op: Operation, job: StoredJob) -> bool:
    if "id" in op.about:
        return bool(op.about["id"] == job.id)
    return op.about.get("queue") in {None, job.queue}


def cancelled(e: Evidence) -> Iterator[Found]:
    """What somebody cancelled is cancelled, and nothing else is."""
    by_people = {op.about["id"] for op in e.stored.operations
                 if op.action == "cancel" and "id" in op.about}  # fmt: skip
    for job_id, rows in e.stored.jobs.items():
        is_cancelled = rows[0].state == "cancelled"
        if is_cancelled != (job_id in by_people or job_id in e.edited):
            yield f"{rows[0].kind} is {rows[0].state}: {rows[0].because}", job_id


def paused(e: Evidence) -> Iterator[Found]:
    """Nothing is claimed of a queue that is paused, and a paused schedule takes no tick."""
    since: dict[tuple[str, str], float] = {}
    for op in e.stored.operations:
        what = next(((w, op.about[w]) for w in ("queue", "schedule") if w in op.about), None)
        if what is None or op.action not in {"pause", "resume"}:
            continue
        if op.action == "pause":
            since.setdefault(what, op.at)
        elif began := since.pop(what, 0.0):
            yield from _meanwhile(e, what, began + _BETWEEN_S, op.at)


def _meanwhile(e: Evidence, what: tuple[str, str], since: float, until: float) -> Iterator[Found]:
    if what[0] == "schedule":
        for tick in e.stored.ticks:
            if tick.schedule == what[1] and since < tick.at < until:
                yield f"{what[1]}: a tick while it was paused", tick.job
        return
    for job in (row for rows in e.stored.jobs.values() for row in rows if row.queue == what[1]):
        if any(since < tried.claimed < until for tried in e.stored.tries[job.id]):
            yield f"{job.kind} was claimed while {what[1]} was paused", job.id


def edited(e: Evidence) -> Iterator[Found]:
    """An edited dead letter is replaced by one job, which does what the letter did not."""
    for letter, became in e.edited.items():
        old, new = e.job(letter), e.job(became)
        if old is None or new is None or became not in (old.because or ""):
            yield f"replaced by {became}, which is not so: {old} {new}", letter
    if len(set(e.edited.values())) != len(e.edited):
        yield "one job replaces several letters", ""
    jobs = Counter(job.about for job in e.stored.by_kind("task:picky") if job.state == "done")
    for n in {job.about for job in e.stored.by_kind("task:picky")}:
        if not jobs[n] == e.stored.effects["picky", str(n)] <= 1:
            yield f"picky {n}: {jobs[n]} done, effects {e.stored.effects['picky', str(n)]}", ""


def told(e: Evidence) -> Iterator[Found]:
    """People are told why something is held, and no act of theirs meets an error of ours."""
    yield from ((lie, "") for lie in e.people.lies)
