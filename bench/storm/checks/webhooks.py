"""Webhooks: what was acknowledged is stored, what is forwarded arrived."""

from collections.abc import Iterator
from typing import Any

from bench.storm.app import ASKS, HANDLERS
from bench.storm.checks.evidence import Evidence, Found


def no_lies(e: Evidence) -> Iterator[Found]:
    """Senders heard nothing that is not so."""
    yield from ((lie, "") for lie in e.stripe.lies)
    yield from ((f"forged: {what}", "") for what in e.endpoint.forged)


def events_stored(e: Evidence) -> Iterator[Found]:
    """Every webhook that was answered 2xx is stored, byte for byte, with all of its jobs."""
    for event in e.stripe.events.values():
        found = e.stored.events.get(event.id)
        if found is None:
            if event.acknowledged:
                yield f"{event.id} was acknowledged as {event.acknowledged}: not stored", ""
            continue
        ours, jobs, digest = found
        if event.acknowledged not in {None, ours}:
            yield f"{event.id} was acknowledged as {event.acknowledged}, stored as {ours}", ""
        if digest not in event.bodies:
            yield f"{event.id}: its body is another one", ""
        kinds = sorted(job.kind for j in jobs if (job := e.job(j)))
        kinds = _once(kinds, "webhook:decide")  # one for each time that it was asked
        wanted = sorted([*HANDLERS[event.type], "webhook:deliver"])
        if kinds != wanted:
            yield f"{event.id}: has the jobs {kinds}, not {wanted}", ""


def _once(kinds: list[str], kind: str) -> list[str]:
    return sorted([*(k for k in kinds if k != kind), *({kind} & set(kinds))])


def answered(e: Evidence) -> Iterator[Found]:
    """Whoever waits for an answer gets the handler's, once, unless its way back was cut."""
    done: dict[str, list[str]] = {}
    unsettled = set()  # answered, and there was no database to write it down in
    for job in e.stored.by_kind("webhook:decide"):
        if job.state == "done":
            done.setdefault(e.event_of(job), []).append(job.id)
        elif job.state == "expired":
            unsettled.add(e.event_of(job))
        for tried in e.stored.tries[job.id]:
            if tried.outcome == "done" and not tried.worker.startswith("request:"):
                yield f"{e.event_of(job)}: a worker answered, and nobody heard it", job.id
    for event in e.stripe.events.values():
        if event.type != ASKS:
            continue
        jobs = done.get(event.id, [])
        written = len(jobs) == 1 or (not jobs and event.id in unsettled)
        if not written or not e.stored.diary["decide", event.id]:
            yield f"{event.id}: {len(jobs)} jobs have answered", ""
        if event.approved != 1 and not event.unheard:
            yield f"{event.id}: heard the answer {event.approved} times", jobs[0] if jobs else ""


def forwarded(e: Evidence) -> Iterator[Found]:
    """What is delivered was answered 2xx, with one id and the bytes that were stored."""
    seen: dict[str, list[Any]] = {}
    for arrival in e.endpoint.arrivals:
        seen.setdefault(arrival.event, []).append(arrival)
    for job in e.stored.by_kind("webhook:deliver"):
        event = e.event_of(job)
        arrivals = seen.get(event, [])
        if job.state == "done" and not any(a.status == 200 for a in arrivals):
            yield f"{event} is delivered, and nobody took it", job.id
        if len({(a.webhook_id, a.digest) for a in arrivals}) > 1:
            yield f"{event}: ids or bytes differ from one try to the other", job.id
        taken = sum(a.status == 200 for a in arrivals)
        if taken > 1 + len(e.stored.history.get(job.id, [])):
            yield f"{event} was taken {taken} times, without a trace", job.id
