"""What is said about an email beside what it says: when, how urgent, whose, under which key.

The SQL functions check the same; here the error names the field as Python has it, and comes before
anything is on its way to the database. Each function gives the value back, or raises InvalidInput.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from holdfast.channels.email.header import check_line
from holdfast.errors import InvalidInput

_LOWEST_PRIORITY = 9
_LONGEST_TENANT, _LONGEST_KEY = 200, 300
_MOST_TAGS, _LONGEST_TAG = 50, 100
_ON_UNKNOWN = ("resend", "hold", "verify")


def tags(given: object) -> list[str]:
    """The tags: at most 50 texts of 1 to 100 characters."""
    if isinstance(given, str) or not isinstance(given, Sequence):
        raise InvalidInput("tags: a sequence of texts is needed")
    if len(given) > _MOST_TAGS:
        raise InvalidInput(f"tags: {len(given)} are too many; at most {_MOST_TAGS}")
    for place, tag in enumerate(given):
        if not 0 < len(check_line(f"tags[{place}]", tag)) <= _LONGEST_TAG:
            raise InvalidInput(f"tags[{place}]: 1 to {_LONGEST_TAG} characters are needed")
    return list(given)


def metadata(given: object) -> dict[str, Any]:
    """The metadata: a mapping; whether it is JSON is found out when it is encoded."""
    if not isinstance(given, Mapping):
        raise InvalidInput("metadata: a mapping is needed")
    if not all(isinstance(name, str) for name in given):
        raise InvalidInput("metadata: its keys are texts")
    return dict(given)


def priority(given: object) -> int:
    """The priority: 0 first to 9 last."""
    if isinstance(given, bool) or not isinstance(given, int) or not 0 <= given <= _LOWEST_PRIORITY:
        raise InvalidInput("priority: a whole number from 0 (first) to 9 (last) is needed")
    return given


def tenant(given: object) -> str | None:
    """Whose it is: 1 to 200 characters."""
    return _word("tenant", given, _LONGEST_TENANT)


def idempotency_key(given: object) -> str | None:
    """The key: 1 to 300 characters."""
    return _word("idempotency_key", given, _LONGEST_KEY)


def _word(what: str, word: object, longest: int) -> str | None:
    if word is None:
        return None
    text = check_line(what, word)
    if not 0 < len(text) <= longest:
        raise InvalidInput(f"{what}: 1 to {longest} characters are needed")
    return text


def times(send_at: object, expires_at: object) -> tuple[str | None, str | None]:
    """When not before, when not after; each with its time zone, and in this order."""
    start, end = _moment("send_at", send_at), _moment("expires_at", expires_at)
    if start is not None and end is not None and end <= start:
        raise InvalidInput("expires_at: it lies before send_at, so it would never be sent")
    return (start.isoformat() if start else None), (end.isoformat() if end else None)


def _moment(what: str, moment: object) -> datetime | None:
    if moment is None:
        return None
    if not isinstance(moment, datetime) or moment.utcoffset() is None:
        raise InvalidInput(f"{what}: a datetime with its time zone is needed")
    return moment


def on_unknown(given: object) -> str | None:
    """What becomes of it when nobody knows whether a server has taken it."""
    if given is not None and given not in _ON_UNKNOWN:
        raise InvalidInput("on_unknown: resend, hold or verify is needed")
    return given if isinstance(given, str) else None
