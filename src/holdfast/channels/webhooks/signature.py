"""Is this request from whom it says? Signatures over the exact bytes that came.

Every scheme is a row in `SCHEMES`: which header it uses, and the functions that verify, sign and
describe. To verify is total: any header and any body are accepted or refused with a reason, never
an exception, because whoever can make us raise can make us answer 500.

Stripe's scheme: the header says `t=<unix seconds>,v1=<hex>[,v1=<hex>][,v0=...]`, where v1 is
HMAC-SHA256 over `t`, a dot and the raw body. The key is the secret as it is shown, `whsec_`
included. While a secret is rolled there are several `v1` and several secrets; any pair will do.

We are stricter than the official library in three ways: `t` must be given once and in plain digits,
a timestamp from the future is refused like an old one, and a hostile header costs little.
"""

import hmac
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from typing import Final, Protocol

from holdfast.channels.webhooks.event import Described, describe
from holdfast.errors import InvalidInput

TOLERANCE: Final = 300.0
LONGEST_HEADER: Final = 8192
MOST_CANDIDATES: Final = 20
_MOST_DIGITS: Final = 20


class Reason(StrEnum):
    """Why a request was refused; the words appear in metrics and answers."""

    MISSING_HEADER = "missing_header"
    MALFORMED_HEADER = "malformed_header"
    NO_SIGNATURE = "no_signature"
    BAD_SIGNATURE = "bad_signature"
    TOO_OLD = "too_old"
    TOO_NEW = "too_new"
    NO_SECRET = "no_secret"  # noqa: S105  # the name of a reason


@dataclass(frozen=True, slots=True)
class Accepted:
    """The signature holds; `secret_index` is the place of the secret that verified it."""

    timestamp: int | None
    secret_index: int


@dataclass(frozen=True, slots=True)
class Rejected:
    """The request must not be stored; `detail` is for people and holds no secret and no input."""

    reason: Reason
    detail: str


@dataclass(frozen=True, slots=True)
class _Claim:
    """What a well-formed header claims: when it was signed, and the signatures offered."""

    stamp: bytes
    candidates: tuple[bytes, ...]


def verify_stripe(
    body: bytes,
    header: bytes | str | None,
    secrets: Sequence[str],
    *,
    now: float,
    tolerance: float = TOLERANCE,
) -> Accepted | Rejected:
    """Check a `Stripe-Signature` header against the raw body. Never raises.

    Args:
        body: The request body as it came over the wire.
        header: The header's value, or None when the request had none.
        secrets: The active secrets of the source, blank ones are passed over.
        now: The present Unix time.
        tolerance: How far, in seconds, the timestamp may lie in the past or in the future.
    """
    if not any(secret.strip() for secret in secrets):
        return Rejected(Reason.NO_SECRET, "no signing secret is configured for this source")
    claim = _read_stripe(header)
    if isinstance(claim, Rejected):
        return claim
    index = _fitting_secret(body, claim, secrets)
    if index is None:
        return Rejected(
            Reason.BAD_SIGNATURE,
            f"no v1 signature of {len(claim.candidates)} offered fits this body; check that the "
            "secret is this endpoint's own and that nothing on the way rewrites the body",
        )
    timestamp = int(claim.stamp)
    return _untimely(timestamp, now, tolerance) or Accepted(timestamp, index)


def sign_stripe(body: bytes, secret: str, *, timestamp: int) -> str:
    """Make the `Stripe-Signature` header that Stripe would send with this body.

    Raises:
        InvalidInput: The secret is blank, which no receiver accepts.
    """
    if not secret.strip():
        raise InvalidInput("the signing secret is blank; give the whole secret, whsec_ included")
    stamp = str(timestamp)
    return f"t={stamp},v1={_stripe_hex(body, stamp.encode(), secret)}"


def _read_stripe(header: bytes | str | None) -> _Claim | Rejected:
    if not header or not header.strip():
        return Rejected(Reason.MISSING_HEADER, "the request has no Stripe-Signature header")
    if len(header) > LONGEST_HEADER:
        return _malformed(f"is {len(header)} long; at most {LONGEST_HEADER} is read")
    stamps, candidates = _elements(
        header.encode("utf-8", "replace") if isinstance(header, str) else header
    )
    if len(stamps) != 1:
        return _malformed(f"must give t= once, it gives it {len(stamps)} times")
    if not stamps[0].isdigit() or len(stamps[0]) > _MOST_DIGITS:
        return _malformed("must give t= as Unix seconds in plain digits")
    return _claim(stamps[0], candidates)


def _elements(header: bytes) -> tuple[list[bytes], list[bytes]]:
    stamps: list[bytes] = []
    candidates: list[bytes] = []
    places = {b"t": stamps, b"v1": candidates}
    for element in header.split(b","):
        name, _, value = element.strip(b" \t").partition(b"=")
        if name in places:
            places[name].append(value)
    return stamps, candidates


def _claim(stamp: bytes, candidates: Sequence[bytes]) -> _Claim | Rejected:
    if len(candidates) > MOST_CANDIDATES:
        return _malformed(f"offers {len(candidates)} v1 signatures; at most {MOST_CANDIDATES} may")
    if not candidates:
        return Rejected(Reason.NO_SIGNATURE, "the Stripe-Signature header offers no v1 signature")
    return _Claim(stamp, tuple(candidates))


def _malformed(what: str) -> Rejected:
    return Rejected(Reason.MALFORMED_HEADER, f"the Stripe-Signature header {what}")


def _fitting_secret(body: bytes, claim: _Claim, secrets: Sequence[str]) -> int | None:
    for index, secret in enumerate(secrets):
        if not secret.strip():
            continue
        # The stamp is signed as the text that was sent; reading it as a number comes later.
        expected = _stripe_hex(body, claim.stamp, secret).encode("ascii")
        if any(hmac.compare_digest(expected, candidate) for candidate in claim.candidates):
            return index
    return None


def _stripe_hex(body: bytes, stamp: bytes, secret: str) -> str:
    signed = hmac.new(secret.encode("utf-8", "surrogatepass"), stamp + b".", sha256)
    signed.update(body)
    return signed.hexdigest()


def _untimely(timestamp: int, now: float, tolerance: float) -> Rejected | None:
    # Asked as "is it within", so that a clock or a tolerance of NaN refuses.
    if not timestamp >= now - tolerance:
        return Rejected(
            Reason.TOO_OLD,
            f"signed {now - timestamp:.0f} s ago, {tolerance:g} s are allowed; check the clocks, "
            "or sign again",
        )
    if not timestamp <= now + tolerance:
        return Rejected(
            Reason.TOO_NEW,
            f"signed {timestamp - now:.0f} s in the future, {tolerance:g} s are allowed; check "
            "this machine's clock",
        )
    return None


class Verify(Protocol):
    """Accepts or refuses a body by its signature header; never raises."""

    def __call__(
        self,
        body: bytes,
        header: bytes | str | None,
        secrets: Sequence[str],
        *,
        now: float,
        tolerance: float = ...,
    ) -> Accepted | Rejected:
        """Check the header against the raw body."""
        ...


class Sign(Protocol):
    """Makes the header's value for a body."""

    def __call__(self, body: bytes, secret: str, *, timestamp: int) -> str:
        """Sign the raw body."""
        ...


@dataclass(frozen=True, slots=True)
class Scheme:
    """How one provider signs, and how its events say what they are."""

    header: str
    verify: Verify
    sign: Sign
    describe: Callable[[bytes], Described]


SCHEMES: Final[Mapping[str, Scheme]] = {
    "stripe": Scheme("Stripe-Signature", verify_stripe, sign_stripe, describe),
}
