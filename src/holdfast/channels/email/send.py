"""One attempt at an email: load it, hand it to the provider, record each address, say the verdict.

What became of each address is recorded before the job is settled, so that the next attempt is for
those who lack it and for nobody else. The verdict is about the email as a whole: it is delivered
when everyone has it, and a dead letter when all who can have it do and somebody never will.
"""

import asyncio
import logging
from collections.abc import Sequence
from typing import Final

from holdfast import log
from holdfast.channel import Handler, Services
from holdfast.channels.email import store
from holdfast.channels.email.providers import Outcome, Provider, provider
from holdfast.channels.email.settings import EmailSettings
from holdfast.database import Database
from holdfast.engine.model import ClaimedJob
from holdfast.errors import DatabaseUnavailable
from holdfast.policy.verdict import Dead, Delivered, Retry, Snooze, Unknown, Verdict
from holdfast.settings import read

_EMAIL_ATTEMPTED = log.Event(
    "email.attempted",
    logging.INFO,
    "A server answered for every recipient of this attempt.",
    email_id=str,
    recipients=int,
    verdict=str,
)
_EMAIL_UNRECORDED = log.Event(
    "email.unrecorded",
    logging.ERROR,
    "What the server said could not be stored; the email may be sent again.",
    email_id=str,
)
KIND: Final = "email"
QUEUE: Final = "email"
_PAUSES_S = (0.1, 0.3, 1.0, 2.0, 4.0, 8.0)
_DATABASE_AFTER_S = 5.0
_MOST_REASONS = 5


def handlers(services: Services) -> Sequence[Handler]:
    """The handler of emails, with the provider that the settings name."""
    way_out = provider(read(EmailSettings))
    return [Handler(KIND, QUEUE, Delivery(services.database, way_out).run)]


class Delivery:
    """Makes one attempt at a time; any number may run together."""

    def __init__(self, database: Database, way_out: Provider) -> None:
        self._database = database
        self._provider = way_out

    async def run(self, job: ClaimedJob) -> Verdict:
        """The verdict on this attempt."""
        try:
            email = await self._database.run(store.load(job.id))
        except DatabaseUnavailable as error:
            return Snooze(f"nothing was sent: {error}", _DATABASE_AFTER_S)
        if email is None:
            return Dead("there is no email of this id: emails are made by sending one")
        outcomes: Sequence[Outcome] = ()
        if email.envelope.recipients:
            outcomes = await self._provider.deliver(email.envelope)
        verdict = judge(outcomes, email.refusals)
        _EMAIL_ATTEMPTED(
            email_id=str(job.id), recipients=len(outcomes), verdict=type(verdict).__name__.lower()
        )
        return verdict if await self._recorded(job, outcomes) else unrecorded(outcomes, verdict)

    async def _recorded(self, job: ClaimedJob, outcomes: Sequence[Outcome]) -> bool:
        """True when it is stored. The database may be away for a moment; the mail is out by now."""
        for pause_s in (*_PAUSES_S, None):
            try:
                await self._database.run(store.record(job.id, outcomes))
            except DatabaseUnavailable:
                if pause_s is not None:
                    await asyncio.sleep(pause_s)
            else:
                return True
        _EMAIL_UNRECORDED(email_id=str(job.id))
        return False


def judge(outcomes: Sequence[Outcome], refusals: Sequence[str]) -> Verdict:
    """The verdict on the email, from those on its addresses and earlier refusals."""
    verdicts = [outcome.verdict for outcome in outcomes]
    outage = any(getattr(verdict, "outage", False) for verdict in verdicts)
    if unknown := [v.because for v in verdicts if isinstance(v, Unknown)]:
        return Unknown(_reasons(unknown, len(verdicts)), outage)
    if retries := [v for v in verdicts if isinstance(v, Retry)]:
        wishes = [v.after for v in retries if v.after is not None]
        because = _reasons([v.because for v in retries], len(verdicts))
        return Retry(because, max(wishes, default=None), outage)
    if snoozes := [v for v in verdicts if isinstance(v, Snooze)]:
        wishes = [v.after for v in snoozes if v.after is not None]
        because = _reasons([v.because for v in snoozes], len(verdicts))
        return Snooze(because, max(wishes, default=None), outage=outage)
    refused = [v.because for v in verdicts if isinstance(v, Dead)]
    if refused or refusals:
        return Dead(_reasons([*refusals, *refused], len(verdicts) + len(refusals)))
    notes = [v.note for v in verdicts if isinstance(v, Delivered)]
    return Delivered(notes[0] if notes else "")


def unrecorded(outcomes: Sequence[Outcome], verdict: Verdict) -> Verdict:
    """The verdict if it could not be stored who has the email: nobody may get it twice unseen."""
    taken = sum(isinstance(outcome.verdict, Delivered) for outcome in outcomes)
    if isinstance(verdict, Delivered | Unknown) or not taken:
        return verdict
    because = getattr(verdict, "because", "")
    return Unknown(
        f"{taken} of {len(outcomes)} recipients have it, which could not be stored: {because}"
    )


def _reasons(reasons: Sequence[str], total: int) -> str:
    """One reason if all say the same; else how many of how many, and the first few."""
    different = list(dict.fromkeys(reasons))
    text = "; ".join(different[:_MOST_REASONS])
    if len(different) > _MOST_REASONS:
        text += f"; and {len(different) - _MOST_REASONS} more"
    return text if total == 1 else f"{len(reasons)} of {total} recipients: {text}"
