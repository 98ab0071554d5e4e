"""Signatures by key pairs: ed25519 (Standard Webhooks v1a), ECDSA over P-256 (SendGrid)."""

import base64
import binascii
from functools import lru_cache

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key, load_pem_public_key

_PUBLIC = "whpk_"
_RAW_BYTES = 32


def holds(algorithm: str, key: str, signature: bytes, content: bytes) -> bool:
    """Whether the signature is that of the owner of this public key. Never raises.

    Args:
        algorithm: ed25519 or ecdsa-sha256.
        key: PEM, DER in base64, or 32 raw bytes in base64 after whpk_.
        signature: raw bytes; of ECDSA in DER.
        content: what was signed.
    """
    public = _public(key)
    try:
        if algorithm == "ed25519" and isinstance(public, Ed25519PublicKey):
            public.verify(signature, content)
            return True
        if algorithm == "ecdsa-sha256" and isinstance(public, EllipticCurvePublicKey):
            public.verify(signature, content, ECDSA(SHA256()))
            return True
    except (InvalidSignature, ValueError):
        return False
    return False


def is_public(secret: str, *, bare: bool = False) -> bool:
    """Whether it is a public key, which is no secret: whoever knows it must not be able to sign.

    32 bytes alone may as well be a shared secret: they are a key only if `bare` says so.
    """
    public = _public(secret)
    if secret.startswith(_PUBLIC) or "-----BEGIN" in secret:
        return public is not None or not bare
    if isinstance(public, Ed25519PublicKey) and not bare:
        return secret != base64.b64encode(public.public_bytes_raw()).decode()
    return public is not None


@lru_cache(maxsize=256)
def _public(key: str) -> object:
    """The key, whatever it is written in; None if it is none."""
    try:
        if "-----BEGIN" in key:
            return load_pem_public_key(key.encode())
        raw = base64.b64decode(key.removeprefix(_PUBLIC), validate=True)
        if len(raw) == _RAW_BYTES:
            return Ed25519PublicKey.from_public_bytes(raw)
        return load_der_public_key(raw)
    except (ValueError, TypeError, binascii.Error, UnsupportedAlgorithm):
        return None
