"""What the database does with emails, as operations to be run."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

from holdfast.channels.email.address import in_ascii
from holdfast.channels.email.parts import File, size_in_base64, whole
from holdfast.channels.email.providers.provider import Envelope, Outcome
from holdfast.database import Call, decode, encode
from holdfast.engine.model import Receipt
from holdfast.policy.verdict import Dead, Delivered, Unknown


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


class Doubt(NamedTuple):
    """An earlier attempt handed the message over, and nobody knows what became of it.

    `for_s`: how long ago the provider was first asked. `is_asked`: a person has let it go on.
    `recipients`: for whom it was handed over; `had`: who of them has it for certain.
    """

    provider: str
    for_s: float
    is_asked: bool
    recipients: tuple[str, ...] = ()
    had: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Loaded:
    """What one attempt needs: who is still to get it, and what was answered about the others.

    `on_unknown` is what to do about a doubt, `is_own_rule` whether the email itself says so;
    `is_old`: no further attempt would be planned. Of the recipients, `suppressed` are those who get
    no mail, and `reported` those who have it, as the provider has said since. `is_gone`: the body
    was taken out. `expires_s`: how long it may still go.
    """

    envelope: Envelope
    refusals: tuple[str, ...]
    tenant: str | None = None
    on_unknown: str = "resend"
    is_old: bool = False
    doubt: Doubt | None = None
    is_own_rule: bool = False
    suppressed: tuple[str, ...] = ()
    reported: tuple[str, ...] = ()
    is_gone: bool = False
    expires_s: float | None = None


class Handed(NamedTuple):
    """An email that is handed to a provider now, for these recipients."""

    id: UUID
    provider: str
    recipients: Sequence[str]


class Said(NamedTuple):
    """What was answered in one attempt; `verdict` is the one on the email as a whole."""

    id: UUID
    token: str
    attempt: int
    provider: str
    outcomes: Sequence[Outcome]
    verdict: str


class Finished(NamedTuple):
    """An email that everyone has now."""

    id: UUID
    token: str
    provider: str
    outcomes: Sequence[Outcome]


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


def load(ids: Sequence[UUID]) -> Call[Sequence[Loaded | None]]:
    """What each attempt needs; None where there is no such email in somebody's hands."""

    def read(rows: Sequence[Sequence[Any]]) -> list[Loaded | None]:
        found = {row[0]: _loaded(row) for row in rows}
        return [found.get(email_id) for email_id in ids]

    return Call(
        "email_load",
        {"p_ids": list(ids)},
        read,
        "id, message_id, sender, raw, tenant, pending, refusals, on_unknown, is_own_rule, "
        "is_old, doubt, doubt_s, is_asked, doubted, had, expires_s, suppressed, reported, is_gone",
    )


def submit(handed: Sequence[Handed]) -> Call[Sequence[None]]:
    """Emails are handed to these providers now; committed while it can still be turned back."""
    each = [(one, address) for one in handed for address in one.recipients]
    return Call(
        "email_submit",
        {
            "p_ids": [one.id for one, _ in each],
            "p_providers": [one.provider for one, _ in each],
            "p_addresses": [address for _, address in each],
        },
        read=lambda _: [None] * len(handed),
    )


def record(said: Sequence[Said]) -> Call[Sequence[None]]:
    """Store what became of each address; a delivery stays one, whatever is recorded later."""
    results = [
        {
            "id": str(one.id), "token": one.token, "attempt": one.attempt,
            "provider": one.provider, "address": o.address, "status": _status(o),
            "code": o.code, "answer": o.answer,
            "provider_message_id": o.provider_message_id, "verdict": one.verdict,
            "unknown": isinstance(o.verdict, Unknown), "personal": o.personal,
        }
        for one in said
        for o in one.outcomes
    ]  # fmt: skip
    return Call("email_record", {"p_results": encode(results)}, read=lambda _: [None] * len(said))


def finish(done: Sequence[Finished]) -> Call[Sequence[bool]]:
    """Record and settle emails that everyone has; for each, whether the job was still ours."""
    each = [(one, outcome) for one in done for outcome in one.outcomes]

    def read(rows: Sequence[Sequence[Any]]) -> list[bool]:
        late = {row[0] for row in rows}
        return [one.id not in late for one in done]

    return Call(
        "email_finish",
        {
            "p_ids": [one.id for one in done],
            "p_tokens": [UUID(one.token) for one in done],
            "p_emails": [one.id for one, _ in each],
            "p_addresses": [o.address for _, o in each],
            "p_status": [_status(o) for _, o in each],
            "p_codes": [o.code for _, o in each],
            "p_answers": [o.answer for _, o in each],
            "p_providers": [one.provider for one, _ in each],
            "p_provider_ids": [o.provider_message_id for _, o in each],
        },
        read,
        "id",
    )


def listed(limit: int, wanted: Mapping[str, str | None]) -> Call[list[Sequence[Any]]]:
    """The emails, newest first; the filter is that of the SQL function `email_find`.

    Raises (when run):
        InvalidInput: there is no such state, or `before` is no id.
    """
    given = {name: value for name, value in wanted.items() if value is not None}
    if "recipient" in given:
        given["recipient"] = in_ascii(given["recipient"])  # as it is stored
    return Call(
        "email_find",
        {"p_filter": encode(given), "p_limit": limit},
        read=list,
        select="id, created_at, status, sender, recipients, subject, attempts, last_error, "
        "next_attempt_at",
    )


def named(text: str) -> Call[UUID]:
    """The email that a person means.

    Raises (when run):
        UnknownJob: there is none.
        InvalidInput: it is no id, or there are several.
    """
    return Call("email_named", {"p_text": text}, read=lambda rows: UUID(str(rows[0][0])))


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


def _loaded(row: Sequence[Any]) -> Loaded:
    email_id, message_id, sender, raw, tenant, pending, refusals, rule, is_own, old, *rest = row
    provider, for_s, is_asked, doubted, had, expires_s, suppressed, reported, is_gone = rest
    doubt = Doubt(provider, for_s, is_asked, tuple(doubted), tuple(had)) if provider else None
    return Loaded(
        Envelope(email_id, message_id, sender, tuple(pending), bytes(raw)),
        tuple(refusals), tenant, rule, old, doubt, is_own,
        tuple(suppressed or ()), tuple(reported or ()), is_gone, expires_s,
    )  # fmt: skip


def _status(outcome: Outcome) -> str:
    if outcome.suppressed:
        return "suppressed"
    if isinstance(outcome.verdict, Delivered):
        return "captured" if outcome.captured else "delivered"
    return "refused" if isinstance(outcome.verdict, Dead) else "pending"
