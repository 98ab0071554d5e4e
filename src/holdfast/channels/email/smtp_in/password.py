"""Passwords of logins: made by us, stored as scrypt hashes (RFC 7914) with their parameters.

    scrypt$16384$8$1$<salt>$<hash>      N, r, p; salt and hash in base64

One check takes about 50 ms of CPU and 16 MiB. A password of ours has 192 random bits, so that no
list of words finds it; the hash is for the day when the table is stolen.
"""

import base64
import hashlib
import hmac
import secrets

_N, _R, _P = 16_384, 8, 1
_LONGEST = 1024
_MEMORY = 64 * 1024 * 1024


def make() -> str:
    """A new password: 32 characters that need no quotes anywhere."""
    return secrets.token_urlsafe(24)


def hashed(password: str, *, salt: bytes | None = None) -> str:
    """What is stored of it."""
    salt = salt or secrets.token_bytes(16)
    digest = hashlib.scrypt(password.encode(), salt=salt, n=_N, r=_R, p=_P, maxmem=_MEMORY)
    return "$".join(["scrypt", str(_N), str(_R), str(_P), _text(salt), _text(digest)])


def is_right(password: bytes, stored: str) -> bool:
    """Whether it is the one; takes the same time for each. False for what is no hash of ours."""
    try:
        kind, n, r, p, salt, digest = stored.split("$")
        if kind != "scrypt" or len(password) > _LONGEST:
            return False
        wanted = base64.b64decode(digest, validate=True)
        given = hashlib.scrypt(
            password, salt=base64.b64decode(salt, validate=True), n=int(n), r=int(r), p=int(p),
            maxmem=_MEMORY, dklen=len(wanted),
        )  # fmt: skip
    except (ValueError, MemoryError):
        return False
    return hmac.compare_digest(given, wanted)


def _text(value: bytes) -> str:
    return base64.b64encode(value).decode()
