"""Sign as a provider would: for `webhooks send` and `trigger`, and for what we send ourselves."""

import base64
import hashlib
import hmac
from collections.abc import Sequence

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from holdfast.channels.webhooks.schemes.places import Reader
from holdfast.channels.webhooks.schemes.scheme import Delivery, Scheme
from holdfast.channels.webhooks.schemes.signed import content, key_of
from holdfast.errors import InvalidInput

Headers = list[tuple[str, str]]
_HASHES = {"hmac-sha256": "sha256", "hmac-sha1": "sha1", "hmac-sha512": "sha512"}


def sign(
    scheme: Scheme, body: bytes, secret: str, *, timestamp: int, event_id: str, url: str = "",
    headers: Sequence[tuple[str, str]] = (),
) -> Headers:  # fmt: skip
    """The headers that the provider would send with this body, its id and its time among them.

    Args:
        scheme: how it signs.
        body: the request body, as it will be sent.
        secret: the shared secret; for Standard Webhooks a private key after whsk_ signs by v1a.
        timestamp: when it is signed, in Unix seconds.
        event_id: for schemes that have it in a header.
        url: where it is sent, for schemes that sign that.
        headers: what else is sent, such as the content type of a form.

    Raises:
        InvalidInput: the secret is blank or no key of this scheme; or only the provider can sign
            so, with a key that nobody else has.
    """
    if not secret.strip():
        raise InvalidInput("the signing secret is blank; give the whole secret")
    if scheme.sends_secret and scheme.instead is not None and secret.startswith("whsec_"):
        return sign(
            scheme.instead, body, secret, timestamp=timestamp, event_id=event_id, url=url,
            headers=headers,
        )  # fmt: skip
    if scheme.algorithm == "basic":
        basic = base64.b64encode(secret.encode()).decode()
        return [(scheme.header, f"Basic {basic}"), *_placed(scheme, event_id)]
    if scheme.algorithm == "equals":
        return [(scheme.header, secret), *_placed(scheme, event_id)]
    if scheme.signature and scheme.algorithm in _HASHES:
        raise InvalidInput(f"{scheme.title} signs inside the body; post a recorded request")
    if scheme.algorithm not in _HASHES:
        raise InvalidInput(f"only {scheme.title} itself can sign so; post a recorded request")
    added = [*_stamped(scheme, timestamp), *_placed(scheme, event_id)]
    unsigned = Delivery("POST", url, [*headers, *added], body)
    signature = signature_of(scheme, unsigned, secret, timestamp)
    if scheme.timestamp.startswith("element:"):
        name = scheme.timestamp.partition(":")[2]
        signature = f"{name}={timestamp}{scheme.separator}{signature}"
    return [*added, (scheme.header, signature)]


def signature_of(scheme: Scheme, delivery: Delivery, secret: str, timestamp: int) -> str:
    """The signature alone. Raises InvalidInput if the secret is no key of this scheme."""
    parts = content(scheme, Reader(delivery), str(timestamp), delivery.url)
    return _signature(scheme, secret, b"".join(parts))


def _signature(scheme: Scheme, secret: str, signed: bytes) -> str:
    if scheme.asymmetric and secret.startswith("whsk_"):
        seed = key_of(scheme, secret) or b""
        try:
            private = Ed25519PrivateKey.from_private_bytes(seed[:32])
        except ValueError:
            raise InvalidInput("what follows whsk_ is no private key of ed25519") from None
        return scheme.asymmetric[0] + base64.b64encode(private.sign(signed)).decode()
    key = key_of(scheme, secret)
    if key is None:
        raise InvalidInput(f"a secret of {scheme.title} is base64, with or without whsec_ before")
    mac = hmac.new(key, signed, getattr(hashlib, _HASHES[scheme.algorithm])).digest()
    text = mac.hex() if scheme.encoding == "hex" else base64.b64encode(mac).decode()
    return scheme.label + text


def _stamped(scheme: Scheme, timestamp: int) -> Headers:
    kind, _, name = scheme.timestamp.partition(":")
    return [(name, str(timestamp))] if kind == "header" else []


def _placed(scheme: Scheme, event_id: str) -> Headers:
    """The id, where the scheme has it in a header."""
    places = (scheme.id, *scheme.event_id[:1])
    names = {place.partition(":")[2] for place in places if place.startswith("header:")}
    return [(name, event_id) for name in sorted(names)]
