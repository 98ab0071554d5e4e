"""What a webhook body says about itself, as far as it can be believed.

A best effort over bytes that may be anything. Whatever is missing, of the wrong type, or could not
be stored as text in Postgres is None; the body itself is kept byte for byte elsewhere. Nothing here
decides whether the sender is genuine: that is the signature's part.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

LONGEST_NAME = 255
_LAST_SECOND = 253_402_300_799  # of the year 9999, the last that a datetime can hold


@dataclass(frozen=True, slots=True)
class Described:
    """The parts of an event that we file it under; each is None when the body does not say.

    `event_id` tells redeliveries, `object_id` tells events of one object (some, like
    `invoice.upcoming`, have none). `created` is in whole Unix seconds and so can not order events.
    """

    event_id: str | None = None
    event_type: str | None = None
    object_id: str | None = None
    livemode: bool | None = None
    account: str | None = None
    api_version: str | None = None
    created: int | None = None


def describe(body: bytes) -> Described:
    """Read a Stripe event, full or thin, out of a request body. Never raises."""
    event = _mapping(_parsed(body))
    subject = _mapping(_mapping(event.get("data")).get("object"))
    related = _mapping(event.get("related_object"))  # thin events name their object instead
    return Described(
        event_id=_name(event.get("id")),
        event_type=_name(event.get("type")),
        object_id=_name(subject.get("id")) or _name(related.get("id")),
        livemode=_flag(event.get("livemode")),
        account=_name(event.get("account")) or _name(event.get("context")),
        api_version=_name(event.get("api_version")),
        created=_seconds(event.get("created")),
    )


def _parsed(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):  # not UTF, not JSON, endless digits; nested too deep
        return None


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _name(value: Any) -> str | None:
    # isprintable also refuses NUL and lone surrogates, which Postgres can not hold as text.
    fits = isinstance(value, str) and 0 < len(value) <= LONGEST_NAME and value.isprintable()
    return value if fits else None


def _flag(value: Any) -> bool | None:
    return value if isinstance(value, bool) else None


def _seconds(value: Any) -> int | None:
    if isinstance(value, str):
        value = _instant(value)
    if not isinstance(value, int) or isinstance(value, bool):
        return None
    return value if 0 <= value <= _LAST_SECOND else None


def _instant(text: str) -> int | None:
    """Thin events write the time out: 2026-03-01T09:30:00.330Z."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return int(moment.timestamp()) if moment.tzinfo else None
