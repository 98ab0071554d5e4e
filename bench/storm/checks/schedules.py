"""Schedules: each tick is taken once, and none is left out but those that may be."""

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from bench.storm.checks.evidence import Evidence, Found
from bench.storm.ledger import Schedule, Tick

_LATE_S = 20.0
"""A tick that is older than this when the schedule is paused for good was forgotten."""
_ROUNDING = 1e-4


def ticked(e: Evidence) -> Iterator[Found]:
    """Each tick is taken once, has one job, and its effect is there once if that is done."""
    taken = Counter(tick.job for tick in e.stored.ticks)
    for tick in e.stored.ticks:
        job = e.job(tick.job)
        if job is None or job.kind != "task:ticked" or taken[tick.job] != 1:
            yield f"{tick.schedule} at {tick.moment}: has no job of its own", tick.job
        elif tick.at < tick.moment:
            yield f"{tick.schedule} at {tick.moment}: taken before its time", tick.job
    about = Counter(job.about for job in e.stored.by_kind("task:ticked"))
    for job in e.stored.by_kind("task:ticked"):
        if not taken[job.id] and job.id not in e.run_by_hand:
            yield f"{job.about}: a job without a tick", job.id
        if about[job.about] != 1:
            yield f"{job.about}: {about[job.about]} jobs for one tick", job.id
        if (times := e.stored.effects["ticked", str(job.about)]) != (job.state == "done"):
            yield f"{job.about} is {job.state}, its effect is there {times} times", job.id


def in_rhythm(e: Evidence) -> Iterator[Found]:
    """No tick is left out, but those that the schedule's catch_up or a pause leaves out."""
    if len(e.stored.schedules) != 3:
        yield f"there are {len(e.stored.schedules)} schedules, not 3", ""
    for schedule in e.stored.schedules:
        ticks = [tick for tick in e.stored.ticks if tick.schedule == schedule.name]
        end = schedule.paused or schedule.next_at
        if not ticks or schedule.next_at < end - _LATE_S:
            yield f"{schedule.name}: nobody looked at it for long before its end", ""
            continue
        steps = [_step(schedule, tick.moment) for tick in ticks]
        if any(abs(step - round(step)) > _ROUNDING for step in steps):
            yield f"{schedule.name}: not on its grid", ""
        yield from _left_out(e, schedule, ticks)


def _step(schedule: Schedule, moment: float) -> float:
    return (moment - schedule.created) / schedule.every


def _left_out(e: Evidence, schedule: Schedule, ticks: list[Tick]) -> Iterator[Found]:
    """The next tick is the one behind the last, or behind the moment at which that was taken."""
    first = Tick(schedule.name, schedule.created, "", schedule.created)
    last = Tick(schedule.name, schedule.next_at, "", 0)
    for one, other in pairwise([first, *ticks, last]):
        since = one.moment if schedule.catch_up == "all" else one.at
        soonest = int(_step(schedule, since) + _ROUNDING) + 1
        found = round(_step(schedule, other.moment))
        resumed = any(since <= at for at in e.resumed(schedule.name))
        if abs(found - soonest) > (schedule.catch_up != "all") * _edge(schedule, since):
            if resumed and found > soonest:
                continue
            yield f"{schedule.name}: after tick {_step(schedule, one.moment):.0f} came {found}", ""


def _edge(schedule: Schedule, since: float) -> int:
    """1 if the moment is so near to a tick that rounding decides which one is next."""
    step = _step(schedule, since)
    return int(abs(step - round(step)) < 2 * _ROUNDING)
