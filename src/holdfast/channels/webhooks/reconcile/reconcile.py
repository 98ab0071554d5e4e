"""Compare a provider's list with the inbox, page by page, and store what is missing.

Pages are handled as they come and each is committed before the cursor moves on: whenever it is
stopped, it goes on from there. The list may change meanwhile; what is seen twice is known the
second time. The look begins a while before the cursor, since events can appear late in a list.
"""

import json
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Protocol

import aiohttp

from holdfast.channels.webhooks.intake import Arrival, receive_many
from holdfast.channels.webhooks.receive import event_of
from holdfast.channels.webhooks.schemes import Accepted, Delivery, describe
from holdfast.channels.webhooks.source import Source
from holdfast.channels.webhooks.whole import whole
from holdfast.database import Call, Database
from holdfast.engine import alerts
from holdfast.errors import ConfigError, HoldfastError
from holdfast.policy import retry_after
from holdfast.retry import retry

OVERLAP: Final = timedelta(hours=1)
_OLD: Final = timedelta(days=25)
_TIMEOUT: Final = aiohttp.ClientTimeout(total=30)
_MOST_BYTES: Final = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Listed:
    """An event as the provider's list has it."""

    event_id: str
    created: datetime
    headers: Sequence[tuple[str, str]]
    body: bytes
    delivery: str = ""  # the provider's own name of how it was sent, where it can send it again


class Pages(Protocol):
    """A provider's list, oldest pages or newest first; each page is an iterable of events."""

    def __call__(self, since: datetime) -> AsyncIterator[Sequence[Listed]]:
        """The events since then."""
        ...


Redeliver = Callable[[Listed], Awaitable[None]]


@dataclass(slots=True)
class Report:
    """What was found."""

    seen: int = 0
    known: int = 0
    missing: int = 0
    asked: int = 0
    stored: int = 0
    types: Counter[str] = field(default_factory=Counter)
    ids: list[str] = field(default_factory=list)


class Busy(HoldfastError):
    """The provider does not answer well now; `wait_s` is how long it asks us to wait."""

    def __init__(self, message: str, wait_s: float | None) -> None:
        super().__init__(message)
        self.wait_s = wait_s


def _worth(error: Exception) -> bool | float:
    if isinstance(error, Busy):
        return True if error.wait_s is None else error.wait_s
    return isinstance(error, aiohttp.ClientConnectionError | TimeoutError)


@retry(on=_worth, attempts=6, total_s=300, name="reconcile")
async def get(
    session: aiohttp.ClientSession, url: str, headers: dict[str, str],
    params: Sequence[tuple[str, str]] = (), method: str = "GET",
) -> tuple[Any, dict[str, str]]:  # fmt: skip
    """The JSON at an address of a provider, and the answer's headers; tried again when it is busy.

    Raises:
        ConfigError: the provider refuses us (key, address); trying again will not help.
        Busy: it went on being busy.
    """
    async with session.request(
        method, url, params=list(params), headers=headers, timeout=_TIMEOUT
    ) as answer:
        wait_s = retry_after.parse(answer.headers.get("Retry-After"), now=datetime.now(UTC))
        if answer.status == 429 or answer.status >= 500:  # noqa: PLR2004
            raise Busy(f"{answer.url.host} answers {answer.status}", wait_s)
        if answer.status >= 400:  # noqa: PLR2004
            raise ConfigError(
                f"{answer.url.host} refuses with {answer.status}: "
                f"{(await answer.text())[:200]}. Is the key right, and may it read this?"
            )
        raw = await whole(answer.content, _MOST_BYTES)
        if raw is None:
            raise ConfigError(f"{answer.url.host} answers with more than {_MOST_BYTES} bytes")
        return json.loads(raw or b"null"), dict(answer.headers)


async def reconcile(
    database: Database, source: Source, account: str, pages: Pages, *, horizon: timedelta,
    dry_run: bool, told: Callable[[Report], None], now: datetime,
    redeliver: Redeliver | None = None,
) -> Report:  # fmt: skip
    """Look through the list since the cursor, at most as far back as the provider keeps events.

    Args:
        database: where the inbox is.
        source: whose events they are.
        account: of this connected account; empty for our own.
        pages: the provider's list.
        horizon: how long the provider keeps events.
        dry_run: store nothing, and leave the cursor.
        told: hears of each page.
        now: the present time.
        redeliver: asks the provider to send an event again; then nothing is stored from the list,
            and the cursor stays where it is until nothing is missing any more.
    """
    name = f"reconcile:{source.name}:{account}"
    reached = await database.run(_reached(name))
    await _warn(database, source.name, reached, now)
    since = max(now - horizon, (reached or now - horizon) - OVERLAP)
    report, latest = Report(), reached or since
    async for page in pages(since):
        arrivals = await _page(database, source, account, page, report)
        if redeliver is not None and not dry_run:
            report.asked += await _ask(redeliver, page, arrivals)
        elif arrivals and not dry_run:
            stored = await database.run(receive_many(arrivals))
            report.stored += sum(not one.duplicate for one in stored)
        latest = max([latest, *(event.created for event in page)])
        told(report)
    if not dry_run and not report.asked:
        await database.run(_move(name, min(latest, now)))
        await database.run(alerts.clear_alert(f"webhooks.reconcile:{source.name}"))
    return report


async def _page(
    database: Database, source: Source, account: str, page: Sequence[Listed], report: Report,
) -> list[Arrival]:  # fmt: skip
    """What of a page we do not have."""
    ids = list(dict.fromkeys(event.event_id for event in page))
    lacking = await database.run(_missing(source.name, account, ids))
    missing = set(lacking)
    arrivals = [
        _arrival(source, account, event)
        for event in {e.event_id: e for e in page if e.event_id in missing}.values()
    ]
    report.seen += len(ids)
    report.known += len(ids) - len(missing)
    report.missing += len(missing)
    report.types.update(str(a.event.get("event_type") or "?") for a in arrivals)
    report.ids += [str(a.event["event_id"]) for a in arrivals][: 1000 - len(report.ids)]
    return arrivals


async def _ask(redeliver: Redeliver, page: Sequence[Listed], missing: list[Arrival]) -> int:
    ids = {arrival.event["event_id"] for arrival in missing}
    wanted = {event.event_id: event for event in page if event.event_id in ids}
    for event in wanted.values():
        await redeliver(event)
    return len(wanted)


def _arrival(source: Source, account: str, event: Listed) -> Arrival:
    delivery = Delivery("POST", source.public_url, event.headers, event.body)
    described = describe(source.scheme, delivery)
    item = event_of(source, delivery, described, Accepted("reconcile"))
    # The list has other bytes than a delivery: they are not to be compared with one.
    item |= {"via": "reconcile", "event_id": event.event_id, "account": account, "identity": ""}
    return Arrival(item, event.body)


async def _warn(
    database: Database, source: str, reached: datetime | None, now: datetime
) -> None:  # fmt: skip
    if reached is not None and now - reached > _OLD:
        await database.run(
            alerts.raise_alert(
                f"webhooks.reconcile:{source}",
                f"{source} was last compared up to {reached:%Y-%m-%d}; providers forget events "
                "after about 30 days. Run: holdfast webhooks reconcile",
            )
        )


def _reached(name: str) -> Call[datetime | None]:
    return Call(
        "webhook_cursor", {"p_name": name}, lambda rows: rows[0][0] if rows else None, "reached"
    )


def _move(name: str, reached: datetime) -> Call[None]:
    return Call("webhook_move_cursor", {"p_name": name, "p_reached": reached}, read=lambda _: None)


def _missing(source: str, account: str, ids: list[str]) -> Call[list[str]]:
    return Call(
        "webhook_missing", {"p_source": source, "p_account": account, "p_ids": ids},
        read=lambda rows: [str(row[0]) for row in rows],
    )  # fmt: skip
