"""Which of the headers that an event came with go on with it."""

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


def passed_on(headers: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """The headers without those that concern only the connection they came on.

    Without those, too, that no request can have: a server that is not strict lets them in.
    """
    return [(name, value) for name, value in headers if goes_on(name) and is_sendable(name, value)]


def goes_on(name: str) -> bool:
    """Whether a header of that name may be another's than ours and the connection's."""
    return name.lower() not in _STAY


def is_sendable(name: str, value: str) -> bool:
    """Whether a request can have it: no control characters but the tab (RFC 9110, 5.5)."""
    return bool(name) and all(c == "\t" or (c >= " " and c != "\x7f") for c in name + value)
