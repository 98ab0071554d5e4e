"""Hears what providers report: their webhooks come in by another channel, verified and stored.

The source has the name of the provider: what comes for HOLDFAST_EMAIL_PROVIDER_RESEND is posted to
/webhooks/resend. The names of those whose reports can be read are heard in any case: mail may go to
them by SMTP. Each event is a job; its reports are stored, and what follows from them is done,
in the transaction that ends the job.
"""

import logging
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from holdfast import log
from holdfast.channel import Hearing, Services
from holdfast.channels.email.address import mask
from holdfast.channels.email.feedback.feedback import Feedback, PartlyRead
from holdfast.channels.email.feedback.readers import READERS, Reader
from holdfast.channels.email.settings import PATTERN
from holdfast.database import Call, encode, run_on_async
from holdfast.engine.alerts import raise_alert
from holdfast.policy.verdict import Dead, Delivered, Verdict
from holdfast.settings import named

_EMAIL_FEEDBACK = log.Event(
    "email.feedback",
    logging.INFO,
    "A provider reported what became of emails; those it had reported before are not new.",
    provider=str,
    reports=int,
    new=int,
)


class Event(Protocol):
    """What is needed of a verified event, whichever channel it came in by."""

    @property
    def body(self) -> bytes:
        """As it came."""
        ...

    @property
    def headers(self) -> Sequence[tuple[str, str]]:
        """Likewise."""
        ...


def hears(services: Services, readers: Mapping[str, Reader] = READERS) -> Sequence[Hearing]:
    """One hearing for each provider whose reports can be read, by its own name and by ours."""
    schemes = {name: name for name in readers} | {
        found[1].lower(): url.partition("://")[0].lower()
        for variable, url in named(PATTERN).items()
        if (found := PATTERN.fullmatch(variable)) and url.partition("://")[0].lower() in readers
    }
    return [_hearing(services, provider, readers[scheme]) for provider, scheme in schemes.items()]


def _hearing(services: Services, provider: str, read: Reader) -> Hearing:
    async def run(event: Event, tx: Any) -> Verdict:
        try:
            reports, unread = _read(read, event)
            call = feedback(provider, reports)
        except ValueError as error:
            return Dead(f"{provider}: this is no report of theirs: {mask(str(error))}")
        new = await run_on_async(tx, call, services.database.schema)
        if unread is not None:
            await run_on_async(tx, _unread(provider, unread), services.database.schema)
        _EMAIL_FEEDBACK(provider=provider, reports=len(reports), new=new)
        return Delivered()

    return Hearing((provider, "*"), provider, run)


def _read(read: Reader, event: Event) -> tuple[Sequence[Feedback], PartlyRead | None]:
    """What can be read, and what is said of the rest of a batch."""
    try:
        return read(event.body, event.headers), None
    except PartlyRead as partly:
        return partly.reports, partly


def _unread(provider: str, partly: PartlyRead) -> Call[bool]:
    return raise_alert(
        f"email.feedback:{provider}",
        f"{partly.unread} of the events in a batch of {provider} cannot be read: "
        f"{mask(str(partly))}; the rest is heard, and the batch is among: holdfast webhooks list",
    )


def feedback(provider: str, reports: Sequence[Feedback]) -> Call[int]:
    """Store reports and do what follows from them; returns how many were new.

    Raises:
        ValueError: a report's moment has no time zone.
    """
    return Call(
        "email_feedback",
        {"p_provider": provider, "p_events": encode([_row(report) for report in reports])},
        read=lambda rows: int(rows[0][0]),
    )


def _row(report: Feedback) -> dict[str, Any]:
    if report.at.utcoffset() is None:
        raise ValueError("the moment of a report has no time zone")
    return {
        "event_id": report.event_id,
        "kind": report.kind,
        "address": report.address,
        "at": report.at.isoformat(),
        "message_id": report.message_id,
        "provider_message_id": report.provider_message_id,
        "code": report.code,
        "because": mask(report.because),
        "dead_mailbox": report.dead_mailbox,
    }
