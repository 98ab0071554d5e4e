"""What the storm knows at the end: what was acknowledged, and what is there, read once."""

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from bench.storm.system import System

ENDS = {"done", "dead", "cancelled", "expired"}
_JOBS = """
    select id::text, queue, kind, state, attempts, crashes, ordering_key, because,
      coalesce(payload ->> 'n', payload ->> 'event'), enqueued_at from jobs"""
_HISTORY = """
    select job_id::text, outcome, coalesce(because, '') from attempts order by settled_at"""
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


@dataclass
class Stored:
    """What is in the database, and in the diary."""

    jobs: dict[str, list[StoredJob]] = field(default_factory=lambda: defaultdict(list))
    history: dict[str, list[tuple[str, str]]] = field(default_factory=lambda: defaultdict(list))
    effects: dict[tuple[str, str], int] = field(default_factory=lambda: defaultdict(int))
    rows: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    diary: dict[tuple[str, str], int] = field(default_factory=lambda: defaultdict(int))
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
    for what, ref in system.ask(_EFFECTS):
        stored.effects[what, ref] += 1
        if " " in what:
            stored.rows[what].append(int(ref))
    if system.diary.exists():
        for line in system.diary.read_text().splitlines():
            what, ref, _ = line.split()
            stored.diary[what, ref] += 1
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
