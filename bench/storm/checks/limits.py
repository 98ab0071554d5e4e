"""Limits: never more at once, never faster than a queue allows, and nothing is lost by it."""

from collections import defaultdict
from collections.abc import Iterator
from math import inf

from bench.storm.checks.evidence import Evidence, Found
from bench.storm.hurts import LEASE_S
from bench.storm.ledger import StoredJob, Try
from bench.storm.paced import BURST, LIMITED, QUOTA

_CRASHES = {"kill postmaster", "stop Postgres", "kill backend"}
"""After each of them a rate is full again: what it remembers need not survive (decision 10)."""
_CRASH_TAKES_S = 15.0


def at_most(e: Evidence) -> Iterator[Found]:
    """While leases hold, no more of a queue, a tenant or a key run than its limit says."""
    for queue, most in (("few", 2), ("each", 1), ("pairs", 2)):
        groups: dict[str, list[tuple[float, int, str]]] = defaultdict(list)
        for job in e.stored.by_kind(f"task:{queue}"):
            group = job.tenant or job.ordering_key or queue
            for start, end in _running(e, queue, job):
                groups[group] += [(start, 1, job.id), (end, -1, job.id)]
        for group, edges in groups.items():
            running = 0
            for at, step, job_id in sorted(edges):
                running += step
                if running > most:
                    yield f"{queue}: {running} of {group} ran at {at:.3f}, not {most}", job_id


def _running(e: Evidence, queue: str, job: StoredJob) -> Iterator[tuple[float, float]]:
    """When it ran for sure, under a lease that was longer for sure."""
    for tried in e.stored.tries[job.id]:
        began = _first(e, f"begin:{queue}", job, tried)
        ended = _first(e, f"end:{queue}", job, tried)
        until = min(ended, tried.claimed + LEASE_S, tried.settled)
        if began < until:
            yield began, until


def _first(e: Evidence, what: str, job: StoredJob, tried: Try) -> float:
    """When the process of this attempt wrote that down, or never."""
    return min(
        (entry.at for entry in e.stored.diary[what, str(job.about)]
         if entry.at >= tried.claimed and f":{entry.pid}:" in tried.worker),
        default=inf,
    )  # fmt: skip


def not_faster(e: Evidence) -> Iterator[Found]:
    """In no span of time did more begin than a rate and its burst allow."""
    spans = [  # the claim was charged between the two
        (tried.claimed, min(_first(e, "begin:slow", job, tried), tried.settled), job.id)
        for job in e.stored.by_kind("task:slow") for tried in e.stored.tries[job.id]
    ]  # fmt: skip
    crashes = [at for at, name in e.hurts if name in _CRASHES]
    for since, _, job_id in spans:
        known = sorted(until for begun, until, _ in spans if begun >= since and until < inf)
        for count, until in enumerate(known, 1):
            full = 1 + sum(since - _CRASH_TAKES_S <= at <= until + 1 for at in crashes)
            if count > full * BURST + QUOTA * (until - since) + 0.01:
                yield f"slow: {count} in {until - since:.3f} s, {full - 1} crashes", job_id
                return


def unharmed(e: Evidence) -> Iterator[Found]:
    """A job that had to wait for its turn lost no attempt by it."""
    for queue in LIMITED:
        for job in e.stored.by_kind(f"task:{queue}"):
            for outcome, because in e.stored.history.get(job.id, []):
                if outcome in {"retry", "dead", "unknown"}:
                    yield f"{queue}: {outcome}: {because}", job.id
