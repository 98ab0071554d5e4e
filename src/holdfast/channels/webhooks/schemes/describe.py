"""What a delivery says about itself, as far as it can be believed. Never raises.

A best effort over bytes that may be anything. Whatever is missing, of the wrong type, or could not
be stored as text in Postgres is None; the body itself is kept byte for byte elsewhere. Nothing here
decides whether the sender is genuine: that is the signature's part.
"""

from datetime import datetime
from typing import Any

from holdfast.channels.webhooks.schemes.coded import plain
from holdfast.channels.webhooks.schemes.places import Reader
from holdfast.channels.webhooks.schemes.scheme import Delivery, Described, Scheme

LONGEST_NAME = 255
_MOST_TYPES = 100
_LAST_SECOND = 253_402_300_799  # of the year 9999, the last that a datetime can hold


def describe(scheme: Scheme, delivery: Delivery) -> Described:
    """Read what the scheme names out of a delivery."""
    reader = Reader(plain(delivery))
    return Described(
        event_id=_first_name(reader, scheme.event_id),
        event_type=_first_name(reader, scheme.event_type),
        object_id=_first_name(reader, scheme.object_id),
        livemode=_flag(reader.first(scheme.livemode)),
        account=_first_name(reader, scheme.account),
        api_version=_first_name(reader, scheme.api_version),
        created=_seconds(reader.first(scheme.created)),
        event_types=_types(reader, scheme.each_type),
    )


def _first_name(reader: Reader, places: tuple[str, ...]) -> str | None:
    for place in places:
        name = _name(reader.at(place))
        if name:
            return name
    return None


def _types(reader: Reader, place: str) -> tuple[str, ...]:
    """Those of a batch, if it has several."""
    found = dict.fromkeys(_name(value) for value in reader.each(place)) if place else {}
    names = tuple(name for name in found if name)
    return names[:_MOST_TYPES] if len(names) > 1 else ()


def _name(value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**63:
        return str(value)
    # isprintable also refuses NUL and lone surrogates, which Postgres cannot hold as text.
    fits = isinstance(value, str) and 0 < len(value) <= LONGEST_NAME and value.isprintable()
    return value if fits else None


def _flag(value: Any) -> bool | None:
    return value if isinstance(value, bool) else None


def _seconds(value: Any) -> int | None:
    if isinstance(value, str):
        value = _instant(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return int(value) if 0 <= value <= _LAST_SECOND else None


def _instant(text: str) -> int | None:
    """As digits, or written out: 2026-03-01T09:30:00.330Z."""
    if text.isascii() and text.isdigit() and len(text) < 15:  # noqa: PLR2004
        return int(text)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return int(moment.timestamp()) if moment.tzinfo else None
