"""Who may use the JSON API: keys, one variable each.

    HOLDFAST_API_KEY_SHOP=send:5f1d…         its own mail and jobs, and nothing else
    HOLDFAST_API_KEY_GRAFANA=read:c0a8…      looks, also into payloads and addresses
    HOLDFAST_API_KEY_ONCALL=operate:77e0…    does all of it: replays, cancels, holds
    HOLDFAST_API_KEY_BACKOFFICE=read+send:…  several rights

The secret is yours to choose, 24 characters or more (`openssl rand -hex 24`); it is sent as
`Authorization: Bearer <secret>`. The name is recorded with what somebody does, as `api:shop`.
Several keys are valid at a time: to change one, give the new one another name first. Without any
key the API answers nothing.
"""

import hashlib
import hmac
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import get_args

from holdfast.errors import ConfigError
from holdfast.operation import Caller, Right
from holdfast.redaction import conceal
from holdfast.settings import API_KEY, named

SHORTEST = 24
_RIGHTS: tuple[Right, ...] = get_args(Right)


@dataclass(frozen=True, slots=True)
class Key:
    """A name, what it may do, and the hash of its secret."""

    name: str
    rights: frozenset[str]
    digest: bytes = field(repr=False)

    @property
    def caller(self) -> Caller:
        """As it is recorded."""
        return Caller(f"api:{self.name}")


def keys() -> Sequence[Key]:
    """The keys in the environment.

    Raises:
        ConfigError: one that cannot be used, by its variable.
    """
    found = [_key(variable, value) for variable, value in sorted(named(API_KEY).items()) if value]
    for number, key in enumerate(found):
        if any(key.digest == other.digest for other in found[:number]):
            raise ConfigError(
                f"HOLDFAST_API_KEY_{key.name.upper()}: another key has the same secret; who asks "
                "could not be told"
            )
    return found


def _key(variable: str, value: str) -> Key:
    wanted, _, secret = value.partition(":")
    conceal(secret)
    rights = {right.strip() for right in wanted.split("+")}
    if not rights <= set(_RIGHTS):
        raise ConfigError(
            f"{variable}: say what it may do before the secret: read, send or operate, a colon, "
            "the secret; several rights with + between them"
        )
    if len(secret) < SHORTEST or not secret.isascii() or not secret.isprintable() or " " in secret:
        raise ConfigError(
            f"{variable}: the secret needs {SHORTEST} characters or more, printable ASCII without "
            "spaces; openssl rand -hex 24 makes one"
        )
    name = variable.removeprefix("HOLDFAST_API_KEY_").lower()
    held = frozenset(_RIGHTS if "operate" in rights else rights)
    return Key(name, held, _digest(secret))


def find(known: Iterable[Key], authorization: str) -> Key | None:
    """Whose secret the header has. All are compared, each in the same time."""
    kind, _, secret = authorization.strip().partition(" ")
    if kind.lower() != "bearer":
        return None
    digest = _digest(secret.strip())
    found = [key for key in known if hmac.compare_digest(key.digest, digest)]
    return found[0] if found else None


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode("utf-8", "surrogateescape")).digest()
