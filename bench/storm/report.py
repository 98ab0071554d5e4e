"""What is printed at the end: what was done, what was hurt, what was found."""

import argparse
from collections import Counter
from collections.abc import Iterator
from typing import Protocol

from rich.console import Console
from rich.table import Table

from bench.storm.checks import Evidence, Found, doubts
from bench.storm.hurts import Plan

CALLS = {"phone", "tell"}
MOST_SHOWN = 6
"""Of each broken promise."""


class Run(Protocol):
    """A run that has ended."""

    arguments: argparse.Namespace
    plan: Plan
    evidence: Evidence | None
    found: dict[str, list[Found]]
    rested_s: float


def _tally(run: Run, e: Evidence) -> Iterator[tuple[str, str]]:
    states = Counter(row.state for rows in e.stored.jobs.values() for row in rows)
    outcomes = Counter(o for rows in e.stored.history.values() for o, _ in rows)
    ways = Counter(line["way"] for line in e.ledger)
    copies = Counter((c.message_id, a) for c in e.copies for a in c.recipients)
    extra = sum(
        max(0, n - len(e.stored.emails.get(message_id, [])))
        for (message_id, _), n in copies.items()
    )
    doubted = sum(doubts(e, job.id) for job in e.stored.by_kind("email"))
    answered = Counter(a.event for a in e.endpoint.arrivals if a.status == 200)
    named = {
        "webhooks": f"{e.stripe.acknowledged} of {len(e.stripe.events)} acknowledged",
        "webhooks, answers": _counts(e.stripe.answers),
        "mails": f"{e.mailer.acknowledged} of {len(e.mailer.mails)} acknowledged",
        "mails, answers": _counts(e.mailer.answers),
        "client": _counts(ways),
        "people": _counts(e.people.acts),
        "ticks": _counts(Counter(tick.schedule for tick in e.stored.ticks)),
        "replays": _counts(Counter(replay.state for replay in e.stored.replays)),
        "letters in them": _counts(Counter(item.outcome or "?" for item in e.stored.items)),
        "hurt": _counts(run.plan.counts),
        "faults of the mail server": _counts(e.office.faults),
        f"faults of {e.api.kind}{', second' if e.api.is_second else ''}": _counts(e.api.faults),
        "faults of the endpoint": _counts(e.endpoint.faults),
        "jobs": _counts(states),
        "attempts": _counts(outcomes),
        "at rest": f"{run.rested_s:.0f} s after the last hurt",
        "emails twice": f"{extra}, with {doubted} attempts in doubt",
        "forwards twice": str(sum(answered.values()) - len(answered)),
        "phone calls twice": str(
            sum(len(calls) - 1 for (what, _), calls in e.stored.diary.items() if what in CALLS)
        ),
    }
    yield from named.items()


def _counts(counter: Counter[str]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counter.most_common() if count)


def report(run: Run, console: Console) -> None:
    table = Table(title=f"storm, seed {run.arguments.seed}", show_header=False)
    if run.evidence is not None:
        for name, said in _tally(run, run.evidence):
            table.add_row(name, said)
    table.add_row("broken", str(sum(map(len, run.found.values()))) if run.found else "nothing")
    console.print()
    console.print(table)
    for promise, found in run.found.items():
        console.print(f"\nBROKEN ({len(found)}): {promise}", markup=False)
        for what, told in found[:MOST_SHOWN]:
            console.print(f"  - {what}", markup=False, highlight=False)
            if told:
                console.print(f"      {told}", markup=False, highlight=False)
