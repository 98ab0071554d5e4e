"""All that the checks look at."""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from bench.storm.ledger import Stored, StoredJob
from bench.storm.mail_api import MailApi
from bench.storm.people import People
from bench.storm.senders import Mailer, Stripe
from bench.storm.sinks import Copy, Endpoint, Office
from bench.storm.system import System


@dataclass
class Evidence:
    """All that is looked at."""

    system: System
    stored: Stored
    stripe: Stripe
    mailer: Mailer
    office: Office
    endpoint: Endpoint
    ledger: list[dict[str, Any]]
    hurts: list[tuple[float, str]]
    people: People
    api: MailApi

    @cached_property
    def copies(self) -> list[Copy]:
        """All mail that was taken, by whomever; an API that names the email is told apart by it."""
        by_id = {email: name for name, emails in self.stored.emails.items() for email in emails}
        return [
            *self.office.copies,
            *(
                replace(c, message_id=by_id.get(c.message_id, c.message_id))
                for c in self.api.copies
            ),
        ]

    @cached_property
    def run_by_hand(self) -> set[str]:
        """Jobs that somebody made with `schedules run`."""
        runs = [op.about for op in self.stored.operations if op.action == "run"]
        return {about["job"] for about in runs if "schedule" in about}

    @cached_property
    def edited(self) -> dict[str, str]:
        """Dead letters that an edited replay replaced, and by which job."""
        return {
            op.about["id"]: op.about["became"] for op in self.stored.operations
            if op.action == "replay" and op.about.get("became") not in {None, op.about.get("id")}
        }  # fmt: skip

    def resumed(self, schedule: str) -> list[float]:
        """When people let a schedule go on."""
        return [
            op.at for op in self.stored.operations
            if op.action == "resume" and op.about.get("schedule") == schedule
        ]  # fmt: skip

    def job(self, job_id: str) -> StoredJob | None:
        """The job, if it is in one place only."""
        found = self.stored.jobs.get(job_id, [])
        return found[0] if len(found) == 1 else None

    def event_of(self, job: StoredJob) -> str:
        """The sender's id of the event that a job is for."""
        return self.stored.event_ids.get(str(job.about), "")


Found = tuple[str, str]
"""What contradicts, and the job that it is about or an empty string."""


def doubts(e: Evidence, job_id: str) -> int:
    """How many attempts may have had their effect without being recorded as done."""
    return sum(
        outcome in {"lost", "unknown", "hold"} or "timed out" in because or "stopped" in because
        for outcome, because in e.stored.history.get(job_id, [])
    )
