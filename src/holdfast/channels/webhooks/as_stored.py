"""A verified delivery as it is stored, whichever way it came: posted, listed or made up."""

import re
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any, Final

from holdfast.channels.webhooks.schemes import Accepted, Delivery, Described, Scheme
from holdfast.channels.webhooks.source import Source
from holdfast.redaction import HIDDEN

_CHANGES_ITSELF: Final[Mapping[str, re.Pattern[bytes]]] = {
    "stripe": re.compile(rb'"pending_webhooks"\s*:\s*\d+'),
}
"""What a sender changes from one delivery of the same event to the next."""


def event_of(
    source: Source, delivery: Delivery, described: Described, verdict: Accepted
) -> dict[str, Any]:
    """A verified delivery as `webhook_receive_many` stores it."""
    # An event without an id is known by its bytes.
    body_hash = sha256(delivery.body).hexdigest()
    event: dict[str, Any] = {
        "source": source.name,
        "event_id": described.event_id or f"sha256:{body_hash}",
        "event_type": described.event_type,
        "event_types": described.event_types or None,
        "object_id": described.object_id,
        "account": described.account,
        "livemode": described.livemode,
        "created": described.created,
        "headers": _storable(source.scheme, delivery.headers),
        "scheme": source.scheme_name,
        "verified_by": verdict.secret_id,
        "held": source.why_held(described),
        "sha256": body_hash,
        "identity": identity(source.scheme_name, delivery.body) or body_hash,
        "revive": source.revive or None,
        "url": (delivery.url or None) if "{url}" in source.scheme.signed else None,
    }
    return {name: value for name, value in event.items() if value is not None}


def identity(scheme_name: str, body: bytes) -> str | None:
    """The hash by which deliveries of one event are compared, where it is not that of the body."""
    changing = _CHANGES_ITSELF.get(scheme_name)
    if changing is None:
        return None
    kept, changes = changing.subn(b"", body)
    return sha256(kept).hexdigest() if changes else None


def _storable(scheme: Scheme, headers: Sequence[tuple[str, str]]) -> list[list[str]]:
    """JSON in Postgres holds no NUL; a server lets none in, but who mounts us may have another.

    A secret that is sent itself is not kept: it was right, and whoever reads the events must not
    be able to send some.
    """
    secret = scheme.header.lower() if scheme.sends_secret else None
    texts = [[name, HIDDEN if name.lower() == secret else value] for name, value in headers]
    if "\x00" in "".join([text for pair in texts for text in pair]):
        return [
            [text.replace("\x00", "\N{REPLACEMENT CHARACTER}") for text in pair] for pair in texts
        ]
    return texts
