"""What the storm knows at the end: what was acknowledged, and what is there, read once."""

import json
import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from bench.storm.system import System

ENDS = {"done", "dead", "cancelled", "expired"}
_JOBS = """
    select id::text, queue, kind, state, attempts, crashes, ordering_key, because,
      coalesce(payload ->> 'n', payload ->> 'event',
               (payload ->> 'name') || '@' || (payload ->> 'tick')),
      enqueued_at, tenant from jobs"""
_HISTORY = """
    select job_id::text, outcome, coalesce(because, '') from attempts
    where outcome <> 'held' order by settled_at"""
_TRIES = """
    select job_id::text, outcome, worker, extract(epoch from claimed_at)::double precision,
      extract(epoch from settled_at)::double precision
    from job_attempts where claimed_at is not null and outcome <> 'held' order by claimed_at"""
_SCHEDULES = """
    select name, catch_up, extract(epoch from every)::double precision,
      extract(epoch from created_at)::double precision,
      extract(epoch from next_at)::double precision,
      extract(epoch from paused_at)::double precision from schedules"""
_TICKS = """
    select schedule, extract(epoch from tick)::double precision, job_id::text,
      extract(epoch from at)::double precision from schedule_ticks order by schedule, tick"""
_OPERATIONS = """
    select action, who, filter, affected, extract(epoch from at)::double precision
    from operations order by id"""
_REPLAYS = """
    select id, state, rate, canary::text, total, replayed,
      extract(epoch from created_at)::double precision,
      extract(epoch from ended_at)::double precision from replays order by id"""
_ITEMS = """
    select replay, job_id::text, outcome, extract(epoch from at)::double precision
    from replay_items order by replay, ordinal"""
_EFFECTS = "select what, ref from storm.effects order by id"


class StoredJob(NamedTuple):
    """A row of the view `jobs`; `about` is the number or the event that it is for."""

    id: str
    queue: str
    kind: str
    state: str
    attempts: int
    crashes: int
    ordering_key: str | None
    because: str | None
    about: str | None
    enqueued_at: Any
    tenant: str | None


class Try(NamedTuple):
    """An attempt, from its claim to when it was settled or found lost."""

    outcome: str
    worker: str
    claimed: float
    settled: float


class Schedule(NamedTuple):
    """A schedule as it stands at the end."""

    name: str
    catch_up: str
    every: float
    created: float
    next_at: float
    paused: float | None


class Tick(NamedTuple):
    """A moment of a schedule that was taken, and when."""

    schedule: str
    moment: float
    job: str
    at: float


class Operation(NamedTuple):
    """What a person did, as it is on record."""

    action: str
    who: str
    about: dict[str, Any]
    affected: int
    at: float


class Replay(NamedTuple):
    """A replay as an operation."""

    id: int
    state: str
    rate: float | None
    canary: str | None
    total: int
    replayed: int
    created: float
    ended: float | None


class Item(NamedTuple):
    """A letter of a replay, and what became of it there."""

    replay: int
    job: str
    outcome: str | None
    at: float | None


class Entry(NamedTuple):
    """A line of the diary."""

    pid: str
    at: float


@dataclass
class Stored:
    """What is in the database, and in the diary."""

    jobs: dict[str, list[StoredJob]] = field(default_factory=lambda: defaultdict(list))
    history: dict[str, list[tuple[str, str]]] = field(default_factory=lambda: defaultdict(list))
    tries: dict[str, list[Try]] = field(default_factory=lambda: defaultdict(list))
    schedules: list[Schedule] = field(default_factory=list)
    ticks: list[Tick] = field(default_factory=list)
    operations: list[Operation] = field(default_factory=list)
    replays: list[Replay] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)
    effects: dict[tuple[str, str], int] = field(default_factory=lambda: defaultdict(int))
    rows: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    diary: dict[tuple[str, str], list[Entry]] = field(default_factory=lambda: defaultdict(list))
    events: dict[str, tuple[str, list[str], str]] = field(default_factory=dict)
    event_ids: dict[str, str] = field(default_factory=dict)
    emails: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    orders: set[int] = field(default_factory=set)

    def by_kind(self, kind: str) -> Iterable[StoredJob]:
        """All jobs of a kind."""
        return (job for rows in self.jobs.values() for job in rows if job.kind == kind)


def read(system: System) -> Stored:
    """Read all of it. Raises psycopg.Error."""
    stored = Stored()
    for row in system.ask(_JOBS):
        stored.jobs[row[0]].append(StoredJob(*row))
    for job, outcome, because in system.ask(_HISTORY):
        stored.history[job].append((outcome, because))
    for job, outcome, worker, claimed, settled in system.ask(_TRIES):
        stored.tries[job].append(Try(outcome, worker or "", claimed, settled or math.inf))
    stored.schedules = [Schedule(*row) for row in system.ask(_SCHEDULES)]
    stored.ticks = [Tick(*row) for row in system.ask(_TICKS)]
    stored.operations = [Operation(*row) for row in system.ask(_OPERATIONS)]
    stored.replays = [Replay(*row) for row in system.ask(_REPLAYS)]
    stored.items = [Item(*row) for row in system.ask(_ITEMS)]
    for what, ref in system.ask(_EFFECTS):
        stored.effects[what, ref] += 1
        if " " in what:
            stored.rows[what].append(int(ref))
    if system.diary.exists():
        for line in system.diary.read_text().splitlines():
            what, ref, pid, at = line.split()
            stored.diary[what, ref].append(Entry(pid, float(at)))
    for event, ours, jobs, digest in system.ask(
        "select event_id, id::text, jobs::text[], encode(sha256(body), 'hex') from webhook_events"
    ):
        stored.events[event] = (ours, jobs, digest)
        stored.event_ids[ours] = event
    for message_id, email in system.ask("select message_id, id::text from emails"):
        stored.emails[message_id].append(email)
    stored.orders = {n for (n,) in system.ask("select n from storm.orders")}
    return stored


def lines(ledger: Path) -> list[dict[str, Any]]:
    """What the client wrote down."""
    return [json.loads(line) for line in ledger.read_text().splitlines() if line.endswith("}")]


def told(system: System, job: str) -> str:
    """The story of a job, for who has to find out."""
    rows = system.ask(
        "select attempt, outcome, coalesce(because, ''), worker, claimed_at::time, "
        "settled_at::time from job_attempts where job_id = %s::uuid order by settled_at",
        job,
    )
    return f"job {job}: " + "; ".join(" ".join(str(part) for part in row) for row in rows)
