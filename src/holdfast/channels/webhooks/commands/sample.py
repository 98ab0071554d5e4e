"""A request as a sender would sign it, made up to see whether a source would take it."""

import json
import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from holdfast.channels.webhooks.schemes import (
    Accepted,
    Delivery,
    Scheme,
    Secret,
    is_public_key,
    sign,
    signature_of,
    verify,
)
from holdfast.channels.webhooks.source import Source
from holdfast.errors import ConfigError

_TOPIC = re.compile(r"arn:aws[a-z-]*:sns:[a-z0-9-]+:[0-9]+:[A-Za-z0-9_.-]{1,256}")
_KEY_PAIRS = ("ed25519", "ecdsa-sha256")


def try_out(source: Source, secret: Secret, now: float) -> str:
    """Try a secret, and tell how. Raises ConfigError if nothing can be verified with it."""
    scheme = source.scheme
    if scheme.algorithm == "sns":
        if not _TOPIC.fullmatch(secret.value.strip()):
            raise ConfigError(
                f"{secret.id}: the secret of SNS is the ARN of a topic, arn:aws:sns:…"
            )
        return "the ARN of a topic, as it has to be; only Amazon can sign"
    if scheme.algorithm in _KEY_PAIRS or (scheme.asymmetric and is_public_key(secret.value)):
        if not is_public_key(secret.value, bare=True):
            raise ConfigError(f"{secret.id}: this is no public key as {scheme.title} gives it")
        return f"a public key, as it has to be; only {scheme.title} can sign"
    url = source.public_url or f"https://example.com/webhooks/{source.name}"
    document = {"id": "evt_test", "type": "holdfast.test"}
    delivery = signed(scheme, document, secret.value, stamp=int(now), url=url)
    verdict = verify(scheme, delivery, [secret], now=now, tolerance=source.tolerance)
    if not isinstance(verdict, Accepted):
        raise ConfigError(f"{secret.id}: {verdict.detail}")
    return "sign and verify"


def signed(
    scheme: Scheme, document: dict[str, Any], secret: str, *, stamp: int, url: str,
    headers: Sequence[tuple[str, str]] = (),
) -> Delivery:  # fmt: skip
    """The document as a request that verifies; what the scheme needs for that is put into it."""
    is_form = "{form}" in scheme.signed
    kind = "application/x-www-form-urlencoded" if is_form else "application/json"
    unsigned = [("Content-Type", kind), *headers]
    for place, value in ((scheme.timestamp, stamp), (scheme.id, "test"), (scheme.token, "test")):
        if place.startswith("header:") and place == scheme.token:
            unsigned.append((place.partition(":")[2], str(value)))
        elif place.startswith("json:"):
            put(document, place, value)
    if scheme.signature:  # in the body itself
        delivery = Delivery("POST", url, unsigned, _written(document))
        put(document, scheme.signature, signature_of(scheme, delivery, secret, stamp))
        return Delivery("POST", url, unsigned, _written(document))
    body = urlencode(document).encode() if is_form else _written(document)
    made = sign(
        scheme, body, secret, timestamp=stamp, event_id=str(uuid4()), url=url, headers=unsigned
    )
    return Delivery("POST", url, [*unsigned, *made], body)


def of_type(scheme: Scheme, event_type: str) -> list[tuple[str, str]]:
    """The header that says the type; none where the body does."""
    return [
        (place.partition(":")[2], event_type)
        for place in scheme.event_type[:1] if place.startswith("header:")
    ]  # fmt: skip


def _written(document: dict[str, Any]) -> bytes:
    return json.dumps(document, indent=2, ensure_ascii=False).encode()


def put(document: dict[str, Any], place: str, value: Any) -> None:
    """Put a value at a place of JSON."""
    *path, last = [p.replace("~1", "/").replace("~0", "~") for p in place.split("/")[1:]]
    for part in path:
        document = document.setdefault(part, {})
    document[last] = value
