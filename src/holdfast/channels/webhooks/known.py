"""Sources as they are looked at: all that this process and the database know, and one of them."""

import time
from collections.abc import Sequence
from typing import Any

from holdfast.channel import Services
from holdfast.channels.webhooks.book import UNSEEN, Book
from holdfast.channels.webhooks.outbound.given import plain_url
from holdfast.channels.webhooks.pauses import paused
from holdfast.channels.webhooks.references import references
from holdfast.channels.webhooks.settings import sources
from holdfast.channels.webhooks.source import Source
from holdfast.errors import UnknownJob

LISTED = ("name", "scheme", "defined_in", "secrets", "trouble", "paused")
SECRETS = ("id", "reference", "not_before", "not_after", "created_at", "last_used_at")


async def listed(services: Services) -> Sequence[dict[str, Any]]:
    """Each by its name, with how many secrets hold now, what is wrong with it, what is paused.

    One that is paused is listed also where only another process knows it.
    """
    book = Book(services.database, sources())
    await book.look("")
    now = time.time()
    stopped = await paused(services, whole=True)
    found = [source for name in book.names() if (source := book.known(name)) and _is_real(source)]
    rows = [[*_row(source, now), _text(stopped.pop(source.name, []))] for source in found]
    rows += [[name, None, "elsewhere", None, "", _text(what)] for name, what in stopped.items()]
    return [dict(zip(LISTED, row, strict=True)) for row in rows]


async def shown(services: Services, name: str) -> dict[str, Any]:
    """Its policy, and of its secrets where they are and when they were used last, not what.

    Raises:
        UnknownJob: no source of that name is known here.
    """
    book = Book(services.database, sources())
    source = await book.look(name)
    if source is None:
        raise UnknownJob(f"no source {name[:100]!r}; known: {', '.join(book.names())}")
    stopped = (await paused(services, whole=True)).get(name, [])
    secrets = await references(services.database, f"source:{name}", SECRETS)
    return {**_policy(source), "paused": _text(stopped), "secrets": secrets}


def _text(stopped: Sequence[str]) -> str | None:
    return "; ".join(stopped) or None


def _is_real(source: Source) -> bool:
    return bool(source.secrets) or source.shared


def _row(source: Source, now: float) -> Sequence[Any]:
    active = source.active(now)
    trouble = source.trouble or ("" if active else "no secret: answered with 500")
    where = "database" if source.shared else "environment"
    count = None if trouble == UNSEEN and not active else len(active)
    return [source.name, source.scheme_name, where, count, trouble]


def _policy(source: Source) -> dict[str, Any]:
    return {
        "name": source.name, "scheme": source.scheme_name, "signed": source.scheme.signed,
        "page": source.scheme.page, "weakness": source.scheme.weakness or None,
        "public_url": plain_url(source.public_url) or None,
        "tolerance": source.tolerance, "livemode": source.livemode,
        "accounts": list(source.accounts or []), "max_body": source.max_body,
        "rate_quota": source.rate, "revive": source.revive,
        "retention": source.retention or "90 days",
        "silence": source.silence or None,
        "redact_paths": list(source.redact_paths),
        "redact_headers": list(source.redact_headers), "redact_after": source.redact_after,
        "trouble": source.trouble or None,
    }  # fmt: skip
