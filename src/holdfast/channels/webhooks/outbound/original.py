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
    """The headers without those that concern only the connection they came on."""
    return [(name, value) for name, value in headers if name.lower() not in _STAY]
