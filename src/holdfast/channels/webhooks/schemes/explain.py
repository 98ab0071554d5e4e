"""Why did it fail? The usual mistakes, tried out one by one.

Most signatures that fail in the first days do so for one of a handful of reasons, and each can be
told apart by asking again: with the other secret, with the clock turned back, with the body as it
was before somebody parsed it and wrote it anew.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from holdfast.channels.webhooks.schemes.places import Reader
from holdfast.channels.webhooks.schemes.scheme import (
    TOLERANCE,
    Accepted,
    Delivery,
    Keys,
    Reason,
    Rejected,
    Scheme,
    Secret,
)
from holdfast.channels.webhooks.schemes.verify import verify

_Holds = Callable[[Delivery, Sequence[Secret]], str | None]


@dataclass(frozen=True, slots=True)
class Finding:
    """One reason, and what to do about it."""

    code: str
    text: str


def explain(
    scheme: Scheme, delivery: Delivery, secrets: Sequence[Secret], *, now: float,
    tolerance: float = TOLERANCE, other_secrets: Sequence[Secret] = (), keys: Keys | None = None,
) -> Sequence[Finding]:  # fmt: skip
    """Why a delivery was refused, the likeliest first; empty if it was not. Never raises.

    All arguments are those of `verify`, and `other_secrets` are secrets of other sources, and old
    ones of this source.
    """
    verdict = verify(scheme, delivery, secrets, now=now, tolerance=tolerance, keys=keys)
    if isinstance(verdict, Accepted):
        return []
    found = list(_reasons(scheme, delivery, secrets, other_secrets, verdict, keys))
    return found or [Finding(str(verdict.reason), verdict.detail)]


def _reasons(
    scheme: Scheme, delivery: Delivery, secrets: Sequence[Secret], others: Sequence[Secret],
    verdict: Rejected, keys: Keys | None,
) -> Iterator[Finding]:  # fmt: skip
    def holds(what: Delivery, with_secrets: Sequence[Secret]) -> str | None:
        """Whose secret fits, whatever the time."""
        answer = verify(scheme, what, with_secrets, now=0.0, tolerance=float("inf"), keys=keys)
        return answer.secret_id if isinstance(answer, Accepted) else None

    if verdict.reason in {Reason.TOO_OLD, Reason.TOO_NEW}:
        yield Finding(
            "stale_clock",
            f"the signature is right, its time is not: {verdict.detail}. A request that was "
            "recorded has to be signed again, or checked with the time it came at",
        )
        return
    if verdict.reason is not Reason.BAD_SIGNATURE:
        return
    found = list(_secrets(delivery, secrets, others, holds))
    yield from found
    if any(finding.code != "test_live" for finding in found):
        return
    for name, body in _written_anew(delivery):
        if holds(replace(delivery, body=body), [*secrets, *others]):
            yield Finding(
                "rewritten_body",
                f"the signature fits the body written as {name}: something on the way parsed it "
                "and wrote it anew. Give us the raw bytes, before any JSON middleware",
            )
            return


def _secrets(
    delivery: Delivery, secrets: Sequence[Secret], others: Sequence[Secret], holds: _Holds
) -> Iterator[Finding]:
    fitting = holds(delivery, others)
    if fitting:
        yield Finding(
            "wrong_secret",
            f"it is signed with another secret that is known here: {fitting}. Is it sent to the "
            "address of another endpoint, is a test secret used for live events, or has it ended?",
        )
        return
    trimmed = [replace(s, value=s.value.strip()) for s in secrets if s.value != s.value.strip()]
    if trimmed and holds(delivery, trimmed):
        yield Finding("blank_around_secret", "the secret has blanks or a line end around it")
    prefixed = [
        replace(s, value=s.value.removeprefix("whsec_") if s.value.startswith("whsec_")
                else f"whsec_{s.value}")
        for s in secrets
    ]  # fmt: skip
    if holds(delivery, prefixed):
        yield Finding("prefix", "the secret is right but for whsec_ before it; copy it whole")
    live = Reader(delivery).at("json:/livemode")
    if isinstance(live, bool):
        kind = "live" if live else "test"
        yield Finding(
            "test_live",
            f"it is a {kind} event: it takes the secret of the {kind}-mode endpoint; the same "
            "address has another one in the other mode",
        )


def _written_anew(delivery: Delivery) -> Iterator[tuple[str, bytes]]:
    body = delivery.body
    for name, other in (
        ("with no line end after it", body.rstrip(b"\r\n")),
        ("with a line end after it", body + b"\n"),
        ("with LF for CR LF", body.replace(b"\r\n", b"\n")),
    ):
        if other != body:
            yield name, other
    document = Reader(delivery).document()
    if document is None:
        return
    forms: Sequence[tuple[str, dict[str, Any]]] = (
        ("JSON with an indent of two", {"indent": 2}),
        ("JSON without blanks", {"separators": (",", ":")}),
        ("JSON with blanks", {}),
        ("JSON without blanks, in Unicode", {"separators": (",", ":"), "ensure_ascii": False}),
    )
    for name, form in forms:
        try:
            text = json.dumps(document, **form)
        except (ValueError, RecursionError):
            return
        yield name, text.encode("utf-8", "surrogatepass")
