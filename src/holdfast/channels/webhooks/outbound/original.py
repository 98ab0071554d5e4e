"""Which of the headers that an event came with go on with it."""

import re
from collections.abc import Iterable
from typing import Final

_STAY: Final = frozenset(
    {
        "host", "content-length", "connection", "keep-alive", "proxy-authenticate",
        "proxy-authorization", "te", "trailer", "transfer-encoding", "upgrade", "expect",
        "webhook-id", "webhook-timestamp", "webhook-signature", "holdfast-event",
        "holdfast-attempt",
    }
)  # fmt: skip
"""Hop by hop (RFC 9110, 7.6.1), and those that are ours to set."""


_NAME: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,200}")
_CONTROL: Final = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")


def passed_on(headers: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """The headers that go on with an event, all of one name, so that their bytes are as they came.

    Left out are those that concern only the connection they came on, and those that no request can
    have: a server that is not strict lets them in. One name has one spelling: of two that differ
    in it aiohttp sends the last.
    """
    spelled: dict[str, str] = {}
    read = [
        (spelled.setdefault(name.lower(), name), _as_it_came(value))
        for name, value in headers if goes_on(name)
    ]  # fmt: skip
    return [(name, value) for name, value in read if value is not None and is_sendable(name, value)]


def goes_on(name: str) -> bool:
    """Whether a header of that name may be another's than ours and the connection's."""
    return name.lower() not in _STAY


def is_sendable(name: str, value: str) -> bool:
    """Whether a request can have it (RFC 9110, 5.1 and 5.5)."""
    return bool(_NAME.fullmatch(name)) and not _CONTROL.search(value)


def _as_it_came(value: str) -> str | None:
    """As text that is written as the bytes it was read from: we read Latin-1, and UTF-8 is written.

    None for bytes that are no UTF-8: nothing is written as those.
    """
    try:
        return value.encode("latin-1").decode()
    except UnicodeEncodeError:  # it was never bytes: who has only SQL has told it
        return value
    except UnicodeDecodeError:
        return None
