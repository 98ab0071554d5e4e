"""Which sources there are: those of the environment, and those of the database, which can change.

The database is looked at again every few seconds, beside the requests and not before them. A
request is refused only after a look that began later than the request: a secret that was added a
moment ago must not cost a valid event. When the database is down, what was known last goes on being
known.
"""

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from holdfast.channels.webhooks.schemes import SCHEMES, Scheme, Secret, generic
from holdfast.channels.webhooks.secrets import resolve
from holdfast.channels.webhooks.source import Dated, Source
from holdfast.database import Call, Database, decode, within
from holdfast.errors import ConfigError, DatabaseUnavailable, HoldfastError

UNSEEN = "this database role does not see its secrets"
_FRESH_S = 5.0
_LOOK_S = 4.0  # a sender waits for two, if one is on its way when he comes


class Book:
    """The sources by name."""

    def __init__(
        self,
        database: Database,
        environment: Mapping[str, Source],
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._database = database
        self._environment = environment
        self._now = now
        self._found: Mapping[str, Source] = environment
        self._read_at: float | None = None
        self._reading: asyncio.Task[None] | None = None

    def known(self, name: str) -> Source | None:
        """The source as it was known last; looks again soon, if that was a while ago."""
        if self._read_at is None or self._now() - self._read_at > _FRESH_S:
            self._start()
        return self._found.get(name)

    def names(self) -> list[str]:
        """Every source that is known."""
        return sorted(self._found)

    def others(self, source: Source) -> list[Secret]:
        """What a mistaken sender may have signed with: secrets of other sources, and ended ones."""
        near = sorted(self._found.values(), key=lambda s: s.scheme_name != source.scheme_name)
        return [
            replace(dated.secret, id=f"{dated.secret.id} of the source {other.name}")
            for other in (source, *near) for dated in other.secrets
            if other is not source or not dated.is_good(time.time())
        ]  # fmt: skip

    async def find(self, name: str) -> Source | None:
        """The source; one that is not known is looked for.

        Raises:
            DatabaseUnavailable: it is not known, and cannot be looked for.
        """
        return self.known(name) or await self.look(name)

    async def look(self, name: str) -> Source | None:
        """The source as it is in the database now, whatever was known. Raises as `find`."""
        await within(2 * _LOOK_S, self._look())
        return self._found.get(name)

    async def _look(self) -> None:
        if self._reading is not None:
            await asyncio.wait([self._reading])  # this one began before we asked
        await asyncio.shield(self._start())

    def _start(self) -> "asyncio.Task[None]":
        if self._reading is None or self._reading.done():
            self._reading = asyncio.create_task(self._read())
            self._reading.add_done_callback(_seen)
        return self._reading

    async def _read(self) -> None:
        try:
            rows = await within(_LOOK_S, self._rows())
        except DatabaseUnavailable:
            raise
        except HoldfastError as error:  # such as a schema that is not there yet
            raise DatabaseUnavailable(f"the sources cannot be read: {error}") from error
        shared = [_source(decode(row[0]), row[1] and decode(row[1])) for row in rows]
        self._found = {
            **self._environment,
            **{s.name: _joined(self._environment.get(s.name), s) for s in shared},
        }
        self._read_at = self._now()

    async def _rows(self) -> list[Any]:
        try:
            return await self._database.run(_BOOK)
        except ConfigError:  # who may only look sees no secrets; who may not even look is told so
            return await self._database.run(_KNOWN)


_BOOK: Call[list[Any]] = Call("webhook_source_book", select="source, secrets")
_KNOWN: Call[list[Any]] = Call("webhook_sources_known", select="source, secrets")


def _seen(task: "asyncio.Task[None]") -> None:
    """A look that nobody waited for may fail in silence: the next one tells."""
    if not task.cancelled():
        task.exception()


def _joined(ours: Source | None, shared: Source) -> Source:
    """The database has the policy, the environment what that does not say; all secrets are good."""
    if ours is None:
        return shared
    return replace(
        shared,
        secrets=(*ours.secrets, *shared.secrets),
        public_url=shared.public_url or ours.public_url,
        livemode=ours.livemode if shared.livemode is None else shared.livemode,
        accounts=ours.accounts if shared.accounts is None else shared.accounts,
        rate=ours.rate if shared.rate is None else shared.rate,
    )


def _scheme(name: str, settings: Mapping[str, Any]) -> Scheme:
    if name == "generic":
        return generic(settings)
    if name not in SCHEMES:
        raise ConfigError(f"{name!r} is no scheme; known: {', '.join(sorted(SCHEMES))}")
    if settings:
        raise ConfigError(f"the scheme {name} is known as it is; settings are for generic")
    return SCHEMES[name]


def _source(row: Mapping[str, Any], secrets: list[Mapping[str, Any]] | None) -> Source:
    name, scheme_name = row["name"], row["scheme"]
    trouble = []
    if secrets is None:
        trouble, secrets = [UNSEEN], []
    try:
        scheme = _scheme(scheme_name, row["settings"])
    except ConfigError as error:
        trouble.append(str(error))
        # Nobody knows how it signs: without a secret nothing verifies, and it is told why.
        scheme, secrets = SCHEMES["generic"], []
    dated = []
    for secret in secrets:
        try:
            value = resolve(secret["reference"], f"source:{name}")
        except ConfigError as error:
            if (secret["not_after"] or float("inf")) > time.time():
                trouble.append(str(error))
        else:
            dated.append(
                Dated(Secret(secret["id"], value), secret["not_before"], secret["not_after"])
            )
    return Source(
        name=name, scheme=scheme, scheme_name=scheme_name, secrets=tuple(dated),
        tolerance=float(row["tolerance"]), public_url=row["public_url"] or "",
        livemode=row["livemode"], accounts=tuple(row["accounts"]) if row["accounts"] else None,
        max_body=row["max_body"], rate=row["rate_quota"], revive=row["revive"],
        retention=row["retention"], silence=row["silence"],
        redact_paths=tuple(row["redact_paths"] or ()),
        redact_headers=tuple(row["redact_headers"] or ()), redact_after=row["redact_after"],
        trouble="; ".join(trouble), shared=True,
    )  # fmt: skip
