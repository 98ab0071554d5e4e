"""The face as its users type it. Checked by mypy, never run."""

from datetime import UTC, datetime

import holdfast
from holdfast import Dead, Delivered, Email, Event, Job, Receipt, Retry, Snooze, Verdict

hf: holdfast.Holdfast = holdfast.connect()


@hf.on("stripe", "invoice.*")
async def grant(event: Event) -> Verdict | None:
    """A handler may return a verdict or nothing."""
    if event.livemode is False:
        return Dead("a test event")
    return Delivered("granted")


@hf.task
async def greet(name: str, times: int = 1) -> None:
    """A task keeps its signature."""


@hf.task(queue="reports", max_attempts=3)
def report(day: str) -> Retry | Snooze | None:
    """A plain function, on a queue of its own."""
    return Retry("no data yet", after=60) if day else Snooze(until=datetime.now(UTC))


async def sending() -> None:
    """Everything that is sent gives a receipt."""
    receipt: Receipt = await hf.send(Email(to="ann@example.com", subject="Hi", text="Hello"))
    job: Job = greet.job("Ann", times=2).options(priority=1, tenant="acme")
    receipts: list[Receipt] = await hf.send_many([job, report.job(day="2026-01-01")])
    again: Receipt = hf.sync.send(job)
    assert receipts[0] == again or receipt.duplicate
