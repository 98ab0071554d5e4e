"""What a client is told about limits, in the headers that HTTP is getting for it.

`RateLimit-Policy` and `RateLimit` as in draft-ietf-httpapi-ratelimit-headers-11 (2026, still a
draft), `Retry-After` as in RFC 9110, and the body as problem+json (RFC 9457).
"""

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

QUOTA_EXCEEDED = "https://iana.org/assignments/http-problem-types#quota-exceeded"


class Told(NamedTuple):
    """How one limit stands; seconds for `per`, `reset_after` and `retry_after` (None: never)."""

    policy: str
    quota: int
    per: float
    remaining: int
    reset_after: float
    retry_after: float | None = 0.0


def headers(limits: Sequence[Told], *, allowed: bool) -> dict[str, str]:
    """The headers for an answer; with `Retry-After`, never before a refusing limit's reset."""
    made = {
        "RateLimit-Policy": ", ".join(
            f"{_string(t.policy)};q={t.quota};w={_whole(t.per)}" for t in limits
        ),
        "RateLimit": ", ".join(
            f"{_string(t.policy)};r={max(t.remaining, 0)};t={_wait(t)}" for t in limits
        ),
    }
    waits = [t.retry_after for t in limits if t.retry_after]
    if not allowed and waits:
        made["Retry-After"] = str(max(1, *(_whole(wait) for wait in waits)))
    return made


def problem(limits: Sequence[Told]) -> dict[str, Any]:
    """The body of a 429: which limits are used up."""
    return {
        "type": QUOTA_EXCEEDED,
        "title": "Request quota exceeded",
        "status": 429,
        "violated-policies": [t.policy for t in limits if t.retry_after is None or t.retry_after],
    }


def unanswered() -> dict[str, Any]:
    """The body of a 503: nobody knows whether they are used up."""
    return {"type": "about:blank", "title": "Service Unavailable", "status": 503}


def _wait(told: Told) -> int:
    """Seconds until more is left: of a limit that refuses, until it would not."""
    return _whole(told.retry_after or told.reset_after)


def _whole(seconds: float) -> int:
    return max(0, math.ceil(seconds))


def _string(name: str) -> str:
    """A structured-field string (RFC 8941): printable ASCII, quoted."""
    plain = "".join(c if " " <= c <= "~" else "?" for c in name)
    return '"' + plain.replace("\\", "\\\\").replace('"', '\\"') + '"'
