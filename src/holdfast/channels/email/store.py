"""What the database does with emails, as operations to be run."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from holdfast.channels.email.parts import File, size_in_base64, whole
from holdfast.channels.email.providers.provider import Envelope, Outcome
from holdfast.database import Call, decode, encode
from holdfast.engine.model import Receipt
from holdfast.policy.verdict import Dead, Delivered


@dataclass(frozen=True, slots=True)
class Rendered:
    """A message as it is stored: its envelope, how it is called, and the bytes.

    `recipients` are the addresses of the envelope; the headers in `raw` may name others. `files`
    are the large attachments, whose base64 is left out of `raw`, in the order of their places.
    """

    sender: str
    recipients: tuple[str, ...]
    message_id: str
    subject: str | None
    raw: bytes
    files: tuple[File, ...] = ()

    @property
    def size(self) -> int:
        """Of the whole message, in bytes."""
        return len(self.raw) + sum(size_in_base64(len(file.data)) for file in self.files)

    def whole(self) -> bytes:
        """The bytes that are sent."""
        return whole(self.raw, self.files)


@dataclass(frozen=True, slots=True)
class Loaded:
    """What one attempt needs: who is still to get it, and what was answered about the others."""

    envelope: Envelope
    refusals: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """One email with all there is."""

    email: Mapping[str, Any]
    recipients: Sequence[Mapping[str, Any]]
    attempts: Sequence[Mapping[str, Any]]
    raw: bytes


def store(message: Rendered, options: Mapping[str, Any]) -> Call[Receipt]:
    """Store a message and its job; the options are those of the SQL function `email_send`.

    Raises (when run):
        InvalidInput: a value is out of range; the message says which.
    """
    files = {
        "p_places": [file.place for file in message.files],
        "p_files": [file.data for file in message.files],
    }
    return Call(
        "email_send_files" if message.files else "email_send",
        {
            "p_sender": message.sender,
            "p_recipients": list(message.recipients),
            "p_message_id": message.message_id,
            "p_subject": message.subject,
            "p_raw": message.raw,
            **(files if message.files else {}),
            "p_options": encode(dict(options)),
        },
        read=lambda rows: Receipt(rows[0][0], rows[0][1]),
        select="id, duplicate",
    )


def load(email_id: UUID) -> Call[Loaded | None]:
    """What one attempt needs, if there is such an email and its job is in somebody's hands."""

    def read(rows: Sequence[Sequence[Any]]) -> Loaded | None:
        if not rows:
            return None
        message_id, sender, raw, pending, refusals = rows[0]
        envelope = Envelope(email_id, message_id, sender, tuple(pending), bytes(raw))
        return Loaded(envelope, tuple(refusals))

    return Call(
        "email_load", {"p_id": email_id}, read, "message_id, sender, raw, pending, refusals"
    )


def record(email_id: UUID, outcomes: Sequence[Outcome]) -> Call[int]:
    """Store what became of each address; a delivery stays one, whatever is recorded later."""
    results = [
        {"address": o.address, "status": _status(o), "code": o.code, "answer": o.answer}
        for o in outcomes
    ]
    return Call(
        "email_record",
        {"p_id": email_id, "p_results": encode(results)},
        read=lambda rows: int(rows[0][0]),
    )


def listed(limit: int, state: str | None) -> Call[list[Sequence[Any]]]:
    """The emails, newest first. Raises InvalidInput (when run) for an unknown state."""
    return Call(
        "email_list",
        {"p_limit": limit, "p_state": state},
        read=list,
        select="id, created_at, status, sender, recipients, subject, attempts, last_error, "
        "next_attempt_at",
    )


def shown(email_id: UUID) -> Call[Shown]:
    """One email. Raises UnknownJob (when run) if there is none."""
    return Call(
        "email_show",
        {"p_id": email_id},
        read=_shown,
        select="email, recipients, attempts, raw",
    )


def _shown(rows: Sequence[Sequence[Any]]) -> Shown:
    email, recipients, attempts, raw = rows[0]
    return Shown(decode(email), decode(recipients), decode(attempts), bytes(raw))


def _status(outcome: Outcome) -> str:
    if isinstance(outcome.verdict, Delivered):
        return "captured" if outcome.captured else "delivered"
    return "refused" if isinstance(outcome.verdict, Dead) else "pending"
