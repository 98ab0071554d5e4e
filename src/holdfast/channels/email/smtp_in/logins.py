"""Logins: who may send mail by SMTP-in, and whose mail it then is.

The database is asked at each login, so that one that was disabled or rotated stops at once. Only
the hash is spared: a password that was right is recognised for a minute by a keyed digest of it,
as long as the stored hash is the same. The hash runs in a thread, two at a time.
"""

import asyncio
import hashlib
import hmac
import secrets
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from holdfast.channels.email.smtp_in import password
from holdfast.database import Call, Database

LISTED = (
    "name", "tenant", "created_at", "created_by", "rotated_at", "old_until", "last_used_at",
    "disabled_at", "disabled_by",
)  # fmt: skip
_CHECKS = 2
_REMEMBERED_S = 60.0
_REMEMBERED = 1000


@dataclass(frozen=True, slots=True)
class Login:
    """Somebody who has shown the password."""

    name: str
    tenant: str | None


def find(name: str) -> Call[list[tuple[str, str | None]]]:
    """Hash and tenant, for each password that is good at the moment; none if it is disabled."""

    def read(rows: Sequence[Sequence[Any]]) -> list[tuple[str, str | None]]:
        return [(row[0], row[1]) for row in rows]

    return Call("email_login", {"p_name": name}, read, "password_hash, tenant")


def used(name: str) -> Call[Any]:
    """Note that it was used; not more often than every ten minutes."""
    return Call("email_login_used", {"p_name": name})


def add(name: str, password_hash: str, tenant: str | None, by: str) -> Call[Any]:
    """Make one. Raises InvalidInput (when run) if the name is malformed or taken."""
    args = {"p_name": name, "p_password_hash": password_hash, "p_tenant": tenant, "p_by": by}
    return Call("email_login_add", args)


def rotate(name: str, password_hash: str, overlap: str = "0") -> Call[Any]:
    """Give it another password and enable it; for the overlap the one before goes on.

    Raises (when run):
        UnknownJob: there is none of that name.
        InvalidInput: the overlap is no time, or not 0 to 90 days.
    """
    args = {"p_name": name, "p_password_hash": password_hash, "p_overlap": overlap}
    return Call("email_login_rotate", args)


def disable(name: str, by: str) -> Call[Any]:
    """Let it no more in. Raises UnknownJob (when run) if there is none."""
    return Call("email_login_disable", {"p_name": name, "p_by": by})


def listed() -> Call[list[Sequence[Any]]]:
    """All of them, by name."""
    return Call("email_login_list", read=list, select=", ".join(LISTED))


class Logins:
    """Checks passwords for one event loop."""

    def __init__(self, database: Database, clock: Callable[[], float]) -> None:
        self._database = database
        self._clock = clock
        self._checks = asyncio.Semaphore(_CHECKS)
        self._key = secrets.token_bytes(32)
        # an unknown name takes as long as a known one
        self._nobody = password.hashed(secrets.token_urlsafe(24))
        self._right: OrderedDict[bytes, float] = OrderedDict()

    async def check(self, name: bytes, given: bytes) -> Login | None:
        """Who this is; None if the name, the password or both are wrong, or it is disabled.

        Raises:
            DatabaseUnavailable: nobody can tell at the moment.
        """
        try:
            text = name.decode()
        except UnicodeDecodeError:
            text = ""
        found = await self._database.run(find(text)) if "\0" not in text else []
        hashes = [stored for stored, _ in found] or [self._nobody]
        right = await asyncio.gather(*(self._is_right(given, stored) for stored in hashes))
        if not any(right) or not found:
            return None
        await self._database.run(used(text))
        return Login(text, found[0][1])

    async def _is_right(self, given: bytes, stored: str) -> bool:
        digest = hmac.digest(self._key, given + b"\0" + stored.encode(), hashlib.sha256)
        if self._right.get(digest, 0.0) > self._clock():
            return True
        async with self._checks:
            right = await asyncio.to_thread(password.is_right, given, stored)
        if right:
            self._right[digest] = self._clock() + _REMEMBERED_S
            self._right.move_to_end(digest)
            while len(self._right) > _REMEMBERED:
                self._right.popitem(last=False)
        return right
