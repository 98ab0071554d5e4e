"""Is this delivery from whom it says? Signatures over the exact bytes that came.

To verify is total: any header and any body are accepted or refused with a reason, never an
exception, because whoever can make us raise can make us answer 500. Every signature that is offered
is tried with every active secret, so that either side can roll its secret; how many there are is
bounded, and so a hostile header costs little. All comparisons take the same time.

We are stricter than the official libraries in three ways: a timestamp is given once and in plain
digits, one from the future is refused like an old one, and a missing secret refuses.
"""

import base64
import binascii
import hmac
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from holdfast.channels.webhooks.schemes import keys as public_keys
from holdfast.channels.webhooks.schemes import sns
from holdfast.channels.webhooks.schemes.places import LONGEST_HEADER, Reader
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
from holdfast.channels.webhooks.schemes.signed import key_of, variants
from holdfast.channels.webhooks.schemes.times import unix_seconds, untimely

MOST_CANDIDATES: Final = 20
MOST_SECRETS: Final = 20
_HASHES: Final = {"hmac-sha256": "sha256", "hmac-sha1": "sha1", "hmac-sha512": "sha512"}


def verify(
    scheme: Scheme, delivery: Delivery, secrets: Sequence[Secret], *, now: float,
    tolerance: float = TOLERANCE, keys: Keys | None = None,
) -> Accepted | Rejected:  # fmt: skip
    """Check a delivery against the active secrets of its source. Never raises.

    Args:
        scheme: how its sender signs.
        delivery: the request as it came over the wire.
        secrets: the active ones; blank ones are passed over, at most twenty are tried.
        now: the present Unix time.
        tolerance: how far, in seconds, the signed time may lie in the past or in the future.
        keys: the certificate at a checked address, or None if it is not there yet (SNS alone).
    """
    verdict = _verify(scheme, delivery, secrets, now, tolerance, keys)
    if isinstance(verdict, Accepted) or scheme.instead is None:
        return verdict
    other = verify(scheme.instead, delivery, secrets, now=now, tolerance=tolerance, keys=keys)
    offered = isinstance(other, Accepted) or other.reason is not Reason.MISSING_HEADER
    return other if offered else verdict


def _verify(  # noqa: PLR0911  one way out for each thing that can be wrong
    scheme: Scheme, delivery: Delivery, secrets: Sequence[Secret], now: float, tolerance: float,
    keys: Keys | None,
) -> Accepted | Rejected:  # fmt: skip
    usable = [secret for secret in secrets[:MOST_SECRETS] if secret.value.strip()]
    if not usable:
        return Rejected(Reason.NO_SECRET, "no secret is configured for this source")
    reader = Reader(delivery)
    match scheme.algorithm:
        case "equals" | "basic":
            return _shared(scheme, reader, usable)
        case "sns":
            return sns.verify(reader, usable, now=now, tolerance=tolerance, keys=keys)
    claim = _read(scheme, reader)
    if isinstance(claim, Rejected):
        return claim
    secret = _fitting(scheme, reader, claim, usable)
    if secret is None:
        return Rejected(
            Reason.BAD_SIGNATURE,
            "none of the signatures offered fits this body; check that "
            "the secret is this endpoint's own and that nothing on the way rewrites the body",
        )
    if claim.stamp is None:
        return Accepted(secret.id)
    timestamp = int(claim.stamp)
    return untimely(timestamp, now, tolerance) or Accepted(secret.id, timestamp)


@dataclass(frozen=True, slots=True)
class Claim:
    """What a well-formed delivery claims: when it was signed, and the signatures offered."""

    stamp: str | None
    candidates: tuple[tuple[str, bytes], ...]  # algorithm and signature


def _read(scheme: Scheme, reader: Reader) -> Claim | Rejected:
    elements = _elements(scheme, reader)
    if isinstance(elements, Rejected):
        return elements
    stamp = None
    if scheme.timestamp:
        found = _stamps(scheme, reader, elements)
        if len(found) != 1:
            return _malformed(scheme, f"must give its time once, it gives it {len(found)} times")
        if unix_seconds(found[0]) is None:
            return _malformed(scheme, "must give its time as Unix seconds in plain digits")
        stamp = found[0]
    candidates = list(_candidates(scheme, elements))
    if len(candidates) > MOST_CANDIDATES:
        return _malformed(scheme, f"offers more than {MOST_CANDIDATES} signatures")
    if not candidates:
        wanted = f" {scheme.label}…" if scheme.label else ""
        return Rejected(Reason.NO_SIGNATURE, f"the request offers no signature{wanted}")
    return Claim(stamp, tuple(candidates))


def _elements(scheme: Scheme, reader: Reader) -> list[str] | Rejected:
    """The parts of the signature header, which may come several times."""
    if scheme.signature:
        found = reader.at(scheme.signature)
        values = [found] if isinstance(found, str) and found else []
        missing = f"the body has no signature at {scheme.signature}"
    else:
        values = [value for value in reader.headers(scheme.header) if value.strip()]
        missing = f"the request has no {scheme.header} header"
    if not values:
        return Rejected(Reason.MISSING_HEADER, missing)
    if sum(map(len, values)) > LONGEST_HEADER:
        return _malformed(scheme, f"is too long; at most {LONGEST_HEADER} bytes are read")
    parts = [p for v in values for p in (v.split(scheme.separator) if scheme.separator else [v])]
    return [part.strip(" \t") for part in parts]


def _stamps(scheme: Scheme, reader: Reader, elements: Sequence[str]) -> list[str]:
    kind, _, name = scheme.timestamp.partition(":")
    if kind == "element":
        return [e[len(name) + 1 :] for e in elements if e.startswith(f"{name}=")]
    if kind == "header":
        return [value.strip() for value in reader.headers(name)]
    found = reader.at(scheme.timestamp)
    return [] if found is None else [str(found)]


def _candidates(scheme: Scheme, elements: Sequence[str]) -> Iterator[tuple[str, bytes]]:
    """What can be a signature at all; a broken element does not spoil its neighbours."""
    labels: list[tuple[str, str]] = [(scheme.label, scheme.algorithm)]
    if scheme.asymmetric:
        labels.append(scheme.asymmetric)
    for element in elements:
        for label, algorithm in labels:
            if element.startswith(label):
                signature = _decoded(element[len(label) :], scheme.encoding)
                if signature is not None:
                    yield algorithm, signature
                break


def _decoded(text: str, encoding: str) -> bytes | None:
    """The signature, if it is written in the one way in which it can be: no bit of it is free."""
    try:
        if encoding == "hex":
            raw = bytes.fromhex(text)
            return raw if raw and raw.hex() == text else None
        raw = base64.b64decode(text.encode("ascii"), validate=True)
        return raw if raw and base64.b64encode(raw).decode() == text else None
    except (ValueError, binascii.Error):
        return None


def _fitting(
    scheme: Scheme, reader: Reader, claim: Claim, secrets: Sequence[Secret]
) -> Secret | None:
    contents = [b"".join(parts) for parts in variants(scheme, reader, claim.stamp or "")]
    for secret in secrets:
        is_public = scheme.asymmetric is not None and public_keys.is_public(secret.value)
        for content in contents:
            mac = None if is_public else _mac(scheme, secret, content)
            for algorithm, signature in claim.candidates:
                if algorithm in _HASHES:
                    holds = mac is not None and hmac.compare_digest(mac, signature)
                elif scheme.asymmetric and not is_public:
                    holds = False
                else:
                    holds = public_keys.holds(algorithm, secret.value, signature, content)
                if holds:
                    return secret
    return None


def _mac(scheme: Scheme, secret: Secret, content: bytes) -> bytes | None:
    """Made once, however many signatures are offered; of a public key never.

    What that signs as if it were a secret, anybody can sign.
    """
    key = key_of(scheme, secret.value) if scheme.algorithm in _HASHES else None
    return None if key is None else hmac.digest(key, content, _HASHES[scheme.algorithm])


def _shared(scheme: Scheme, reader: Reader, secrets: Sequence[Secret]) -> Accepted | Rejected:
    """A secret that is sent as it is."""
    values = reader.headers(scheme.header)
    if not values:
        return Rejected(Reason.MISSING_HEADER, f"the request has no {scheme.header} header")
    if len(values) > 1 or len(values[0]) > LONGEST_HEADER:
        return _malformed(scheme, f"is to come once, with at most {LONGEST_HEADER} bytes")
    offered = values[0].encode("utf-8", "surrogatepass")
    if scheme.algorithm == "basic" and offered[:6].lower() == b"basic ":
        offered = b"Basic " + offered[6:].strip()
    for secret in secrets:
        wanted = secret.value.encode("utf-8", "surrogatepass")
        if scheme.algorithm == "basic":
            wanted = b"Basic " + base64.b64encode(wanted)
        if hmac.compare_digest(wanted, offered):
            return Accepted(secret.id)
    return Rejected(
        Reason.BAD_SIGNATURE, f"what {scheme.header} says is none of this source's secrets"
    )


def _malformed(scheme: Scheme, what: str) -> Rejected:
    name = f"the {scheme.header} header" if scheme.header else "the signature"
    return Rejected(Reason.MALFORMED_HEADER, f"{name} {what}")
