"""Does a stored event still verify, as of when it came? And if not, why?"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from holdfast.channels.webhooks.amazon import Amazon
from holdfast.channels.webhooks.book import Book
from holdfast.channels.webhooks.handle import Event
from holdfast.channels.webhooks.schemes import (
    Delivery,
    Finding,
    Reason,
    Rejected,
    Secret,
    explain,
    verify,
)
from holdfast.channels.webhooks.secrets import resolve
from holdfast.channels.webhooks.source import Source
from holdfast.database import Call, Database
from holdfast.errors import ConfigError, InvalidInput


async def recheck(
    database: Database, book: Book, amazon: Amazon, event: Event
) -> Sequence[Finding]:
    """Why it does not verify, the likeliest first; empty if it does.

    Raises:
        InvalidInput: what was verified is not kept, or there never was anything to verify.
        ConfigError: its source is gone.
        DatabaseUnavailable: the database, or Amazon, does not answer.
    """
    came: Call[list[Any]] = Call("webhook_load", {"p_id": event.id}, select="via, verified_by")
    ((via, verified_by),) = await database.run(came)
    if event.redacted:
        raise InvalidInput("parts of its body were taken out: it cannot be verified any more")
    if via == "reconcile" or verified_by is None:
        origin = "the provider's own list" if via == "reconcile" else "SQL, by webhook_receive"
        raise InvalidInput(f"it came from {origin}, not as a request: there was no signature")
    source = await book.look(event.source)
    if source is None:
        raise ConfigError(f"there is no source {event.source!r} here any more")
    had = await _secrets(database, source, verified_by)
    found = await _reasons(source, had.secrets, book, amazon, event)
    if found and source.scheme.sends_secret:
        raise InvalidInput("the secret itself was sent, and is not kept; it was right when it came")
    if found and had.missing:
        return [Finding("secret_gone", f"the secret that verified it {had.missing}"), *found]
    return found


async def _reasons(
    source: Source, secrets: Sequence[Secret], book: Book, amazon: Amazon, event: Event
) -> Sequence[Finding]:
    delivery = Delivery("POST", event.url or source.public_url, event.headers, event.body)
    now, tolerance = event.received_at.timestamp(), source.tolerance
    verdict = verify(
        source.scheme, delivery, secrets, now=now, tolerance=tolerance, keys=amazon.certificate
    )
    if isinstance(verdict, Rejected) and verdict.reason is Reason.KEY_NEEDED:
        await amazon.fetch(verdict.key)
    return explain(
        source.scheme, delivery, secrets, now=now, tolerance=tolerance,
        other_secrets=book.others(source), keys=amazon.certificate,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Had:
    """The secrets that can be had, that which verified it first; and if that is missing, why."""

    secrets: Sequence[Secret]
    missing: str = ""


async def _secrets(database: Database, source: Source, verified_by: str) -> _Had:
    """Those that are good now, and those that have ended."""
    owner = f"source:{source.name}"
    listed: Call[list[Any]] = Call(
        "webhook_secret_list", {"p_owner": owner}, select="id, reference"
    )
    found = {dated.secret.id: dated.secret for dated in source.secrets}
    missing = "" if verified_by in found else f"({verified_by}) is not known here"
    for key, reference in await database.run(listed):
        if key in found or key == reference:  # that of a variable, which is here or is not
            continue
        try:
            found[key] = Secret(key, resolve(reference, owner))
        except ConfigError as error:
            missing = f"cannot be had any more: {error}" if key == verified_by else missing
        else:
            missing = "" if key == verified_by else missing
    return _Had(sorted(found.values(), key=lambda s: s.id != verified_by), missing)
