"""Sources as they are looked at: all that this process and the database know, and one of them."""

import time
from collections.abc import Sequence
from typing import Any

from holdfast.channel import Services
from holdfast.channels.webhooks.book import UNSEEN, Book
from holdfast.channels.webhooks.outbound.given import plain_url
from holdfast.channels.webhooks.settings import sources
from holdfast.channels.webhooks.source import Source
from holdfast.database import Call
from holdfast.errors import ConfigError, UnknownJob

LISTED = ("name", "scheme", "defined_in", "secrets", "trouble")
SECRETS = ("id", "reference", "not_before", "not_after", "created_at", "last_used_at")


async def listed(services: Services) -> Sequence[dict[str, Any]]:
    """Each by its name, with how many secrets hold now, and what is wrong with it."""
    book = Book(services.database, sources())
    await book.look("")
    now = time.time()
    found = [source for name in book.names() if (source := book.known(name)) and _is_real(source)]
    return [dict(zip(LISTED, _row(source, now), strict=True)) for source in found]


async def shown(services: Services, name: str) -> dict[str, Any]:
    """Its policy, and of its secrets where they are and when they were used last, not what.

    Raises:
        UnknownJob: no source of that name is known here.
    """
    book = Book(services.database, sources())
    source = await book.look(name)
    if source is None:
        raise UnknownJob(f"no source {name[:100]!r}; known: {', '.join(book.names())}")
    return {**_policy(source), "secrets": await _secrets(services, name)}


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
        "rate": source.rate, "revive": source.revive,
        "retention": source.retention or "90 days",
        "silence": source.silence or None,
        "redact_paths": list(source.redact_paths),
        "redact_headers": list(source.redact_headers), "redact_after": source.redact_after,
        "trouble": source.trouble or None,
    }  # fmt: skip


async def _secrets(services: Services, name: str) -> list[dict[str, Any]] | None:
    call: Call[list[Any]] = Call(
        "webhook_secret_list", {"p_owner": f"source:{name}"}, select=", ".join(SECRETS)
    )
    try:
        rows = [dict(zip(SECRETS, r, strict=True)) for r in await services.database.run(call)]
    except ConfigError:  # a role that may only look sees all but these
        return None
    return [{**row, "reference": _unopened(row["reference"])} for row in rows]


def _unopened(reference: str) -> str:
    return "sealed:…" if reference.startswith("sealed:") else reference
