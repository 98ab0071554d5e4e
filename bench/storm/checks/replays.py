"""Replays as operations: each ends, and each letter has one outcome in it and is not lost."""

from collections import Counter
from collections.abc import Iterator

from bench.storm.checks.evidence import Evidence, Found

_AHEAD_S = 5.0
"""A replay with a rate plans so far ahead."""


def ended(e: Evidence) -> Iterator[Found]:
    """Each replay reaches an end, and each of its letters has one outcome there."""
    for replay in e.stored.replays:
        items = [item for item in e.stored.items if item.replay == replay.id]
        outcomes = Counter(item.outcome for item in items)
        name = f"replay {replay.id}"
        if replay.state not in {"done", "stopped", "cancelled"} or replay.ended is None:
            yield f"{name} is {replay.state}, and does not end", ""
        if outcomes[None]:
            yield f"{name}: {outcomes[None]} letters have no outcome", ""
        if replay.total != len(items) or replay.replayed != outcomes["replayed"]:
            yield f"{name} says {replay.replayed} of {replay.total}: {dict(outcomes)}", ""
        if replay.state == "done" and outcomes["cancelled"]:
            yield f"{name} is done, and {outcomes['cancelled']} were cancelled", ""
        for job, times in Counter(item.job for item in items).items():
            if times > 1:
                yield f"{name} has the letter {times} times", job
        for item in items:
            if len(e.stored.jobs.get(item.job, ())) != 1:
                yield f"{name}: a letter that is gone", item.job


def each_letter(e: Evidence) -> Iterator[Found]:
    """A dead letter came back as often as somebody replayed it, and died once in each life."""
    lives = Counter(item.job for item in e.stored.items if item.outcome == "replayed")
    for op in e.stored.operations:
        if op.action == "replay" and "id" in op.about:
            lives[op.about["id"]] += op.about.get("became", op.about["id"]) == op.about["id"]
    for job_id, rows in e.stored.jobs.items():
        deaths = sum(outcome == "dead" for outcome, _ in e.stored.history.get(job_id, ()))
        died_last = rows[0].state == "dead" or job_id in e.edited
        if deaths != lives[job_id] + died_last:
            yield (
                f"{rows[0].kind} is {rows[0].state}: died {deaths} times, replayed {lives[job_id]}",
                job_id,
            )


def not_faster(e: Evidence) -> Iterator[Found]:
    """A replay with a rate brings back no more than that, and one with a canary waits for it."""
    for replay in e.stored.replays:
        if replay.rate is not None and replay.ended is not None:
            most = (replay.ended - replay.created + _AHEAD_S) * replay.rate + 1
            if replay.replayed > most:
                yield f"replay {replay.id}: {replay.replayed} letters, at most {most:.0f}", ""
        if replay.canary is None:
            continue
        others = [
            item.at for item in e.stored.items
            if item.replay == replay.id and item.outcome == "replayed" and item.job != replay.canary
        ]  # fmt: skip
        done = [t.settled for t in e.stored.tries[replay.canary] if t.outcome == "done"]
        if others and (not done or min(filter(None, others)) < done[0]):
            yield f"replay {replay.id}: others went before the canary was done", replay.canary
