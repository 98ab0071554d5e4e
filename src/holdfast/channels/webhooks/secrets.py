"""Secrets are kept by reference: where to find one, or the secret itself, sealed.

    env:STRIPE_WHSEC        a variable of the environment of the process that needs it
    file:/run/secrets/whsec a file, read again when it changes; one line end is cut off
    sealed:…                encrypted with the key in HOLDFAST_SECRET_KEY (AES-256-GCM); whoever has
                            the database alone cannot read it, nor move it to another owner

A secret is resolved when it is needed, never stored in the clear, and never part of a message.
"""

import base64
import os
import secrets as chance
from pathlib import Path
from typing import Final

from holdfast.errors import ConfigError, InvalidInput
from holdfast.redaction import conceal
from holdfast.settings import Settings, read

_KEY_BYTES: Final = 32
_NONCE_BYTES: Final = 12
_LONGEST: Final = 65_536
KINDS: Final = ("env:", "file:", "sealed:")


class SecretSettings(Settings):
    """How secrets at rest are sealed.

    Attributes:
        secret_key: 32 bytes in base64; make one with: openssl rand -base64 32. HOLDFAST_SECRET_KEY
    """

    secret_key: str | None = None


def seal(value: str, owner: str) -> str:
    """Encrypt a secret for its owner (a source or an endpoint); returns the reference to store.

    Raises:
        ConfigError: HOLDFAST_SECRET_KEY is missing or no 32 bytes in base64.
        InvalidInput: the secret is blank or longer than 64 KiB.
    """
    if not value.strip() or len(value) > _LONGEST:
        raise InvalidInput("a secret is 1 to 65536 characters, and not blank")
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    nonce = chance.token_bytes(_NONCE_BYTES)
    sealed = AESGCM(_key()).encrypt(nonce, value.encode(), owner.encode())
    return "sealed:" + base64.b64encode(nonce + sealed).decode()


def resolve(reference: str, owner: str) -> str:
    """The secret that the reference stands for.

    Raises:
        ConfigError: the variable or file is missing or blank, or the seal does not open: with
            another key than it was made with, for another owner, or changed. The message names
            the reference and never the secret.
    """
    kind, _, rest = reference.partition(":")
    match kind:
        case "env":
            value = os.environ.get(rest, "")
        case "file":
            value = _of_file(rest)
        case "sealed":
            value = _opened(rest, owner)
        case _:
            raise ConfigError(f"a secret is named by {', '.join(KINDS)}…, not by {kind[:20]!r}:")
    if not value.strip():
        raise ConfigError(f"{kind}:{rest[:200]} is not set, or blank")
    conceal(value.strip())
    return value


def checked(reference: str) -> str:
    """The reference, if it is one that can be stored; raises InvalidInput if it is not."""
    kind, colon, rest = reference.partition(":")
    if f"{kind}{colon}" not in KINDS or not rest:
        raise InvalidInput(
            f"a secret is given as {', '.join(f'{kind}…' for kind in KINDS)}; "
            "to store one that you type or pipe in, sealed, use --secret-stdin"
        )
    return reference


def _of_file(path: str) -> str:
    try:
        with Path(path).open(encoding="utf-8", errors="surrogateescape") as file:
            return file.read(_LONGEST).removesuffix("\n").removesuffix("\r")
    except (OSError, ValueError) as error:
        raise ConfigError(f"file:{path} cannot be read: {error}") from None


def _opened(sealed: str, owner: str) -> str:
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    try:
        raw = base64.b64decode(sealed, validate=True)
        opened = AESGCM(_key()).decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], owner.encode())
        return opened.decode()
    except (InvalidTag, ValueError):
        raise ConfigError(
            f"a sealed secret of {owner!r} does not open: HOLDFAST_SECRET_KEY is not the key that "
            "it was sealed with, or the secret belongs to another owner"
        ) from None


def _key() -> bytes:
    given = read(SecretSettings).secret_key
    if given is None:
        raise ConfigError(
            "HOLDFAST_SECRET_KEY is not set; sealed secrets need it. Make one, and keep it: "
            "openssl rand -base64 32"
        )
    try:
        key = base64.b64decode(given, validate=True)
    except ValueError:
        key = b""
    conceal(given)
    if len(key) != _KEY_BYTES:
        raise ConfigError(
            "HOLDFAST_SECRET_KEY has to be 32 bytes in base64: openssl rand -base64 32"
        )
    return key
