"""Compare a provider's list with the inbox, page by page, and store what is missing.

Pages are handled as they come and each is committed before the cursor moves on: whenever it is
stopped, what it had is known to the next run. The list may change meanwhile; what is seen twice is
known the second time. The look begins a while before the cursor, since events can appear late in a
list. What we have is never asked for one by one: providers count requests.
"""

from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final, Protocol

from holdfast.channels.webhooks.as_stored import event_of
from holdfast.channels.webhooks.intake import Arrival, receive_many
from holdfast.channels.webhooks.reconcile import told
from holdfast.channels.webhooks.reconcile.ask import Busy, Gone
from holdfast.channels.webhooks.schemes import Accepted, Delivery, describe
from holdfast.channels.webhooks.source import Source
from holdfast.database import Call, Database
from holdfast.errors import ConfigError, HoldfastError

OVERLAP: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Listed:
    """An event as the provider's list has it."""

    event_id: str
    created: datetime
    type: str = ""
    account: str = ""  # whose it is, where the list tells
    headers: Sequence[tuple[str, str]] = ()
    body: bytes = b""
    delivery: str = ""  # the provider's own name of how it was sent, where it can send it again


class Pages(Protocol):
    """A provider's list, oldest pages or newest first; each page is an iterable of events.

    Attributes:
        part: which part of a source's events it has; each part has a cursor of its own.
    """

    part: str

    def __call__(self, since: datetime) -> AsyncIterator[Sequence[Listed]]:
        """The events since then."""
        ...

    async def whole(self, event: Listed) -> Listed:
        """One of them with its headers and its body, where the list has it without."""
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


async def reconcile(
    database: Database, source: Source, account: str, pages: Pages, *, horizon: timedelta,
    dry_run: bool, advance: Callable[[Report], None], now: datetime,
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
        advance: hears of each page.
        now: the present time.
        redeliver: asks the provider to send an event again; then nothing is stored from the list,
            and the cursor stays where it is until nothing is missing any more.

    Raises:
        Busy: the provider wants to be asked later. What was found until then is kept, and the next
            run does not ask for it again.
    """
    cursor = f"reconcile:{source.name}:{account}" + (f":{pages.part}" if pages.part else "")
    name = ":".join(filter(None, (source.name, account, pages.part)))
    reached, looked = await database.run(_reached(cursor))
    await _all(database, told.old(name, looked, now, horizon))
    since = max(now - horizon, (reached or now - horizon) - OVERLAP)
    fetch = _Fetch(database, source, account, pages, dry_run=dry_run, redeliver=redeliver)
    report, late, latest = Report(), 0, reached or since
    try:
        async for page in pages(since):
            missing = await fetch(page, report)
            late += sum(event.created < now - OVERLAP for event in missing)
            latest = max([latest, *(event.created for event in page)])
            advance(report)
    except (Busy, ConfigError) as error:
        if not dry_run:
            await database.run(told.failing(name, error))
        raise _broken_off(error, report) from None
    if not dry_run:
        if late and looked is not None:  # at the first look all that ever came may be new here
            await database.run(told.missing(name, late))
        if not report.asked:
            await _all(database, [_move(cursor, min(latest, now), now), *told.through(name)])
    return report


async def _all(database: Database, calls: Sequence[Call[Any]]) -> None:
    for call in calls:
        await database.run(call)


def _broken_off(error: Busy | ConfigError, report: Report) -> HoldfastError:
    """What of it was done all the same is said, where the next run goes on from there."""
    done = f"{report.stored} stored, {report.asked} asked for again; the next run goes on"
    return Busy(f"{error}; {done}", error.wait_s) if isinstance(error, Busy) else error


@dataclass(frozen=True, slots=True)
class _Fetch:
    """What of a page we do not have is stored, or asked for; answers what that was."""

    database: Database
    source: Source
    account: str
    pages: Pages
    dry_run: bool
    redeliver: Redeliver | None

    async def __call__(self, page: Sequence[Listed], report: Report) -> list[Listed]:
        missing = await self._missing_of(page, report)
        if self.dry_run:
            return missing
        if self.redeliver is None:
            await self._store(missing, report)
            return missing
        gone: Gone | None = None
        for event in missing:
            try:
                await self.redeliver(event)
                report.asked += 1
            except Gone as error:
                gone = error
        if gone is not None and not report.asked:  # so is a key told that may only read
            raise gone
        return missing

    async def _missing_of(self, page: Sequence[Listed], report: Report) -> list[Listed]:
        events = {(self.account or event.account, event.event_id): event for event in page}
        lacking = set[tuple[str, str]]()
        for whose in {whose for whose, _ in events}:
            ids = [event_id for of, event_id in events if of == whose]
            found = await self.database.run(_missing(self.source.name, whose, ids))
            lacking.update((whose, event_id) for event_id in found)
        missing = [event for key, event in events.items() if key in lacking]
        report.seen += len(events)
        report.known += len(events) - len(missing)
        report.missing += len(missing)
        report.types.update(event.type or "?" for event in missing)
        report.ids += [event.event_id for event in missing][: 1000 - len(report.ids)]
        return missing

    async def _store(self, missing: Sequence[Listed], report: Report) -> None:
        arrivals, busy = [], None
        for event in missing:
            try:
                with suppress(Gone):  # since the page was read
                    whole = await self.pages.whole(event)
                    if whole.body:  # else it has forgotten what it sent
                        arrivals.append(_arrival(self.source, self.account, whole))
            except Busy as error:  # what we have of the page is kept
                busy = error
                break
        if arrivals:
            stored = await self.database.run(receive_many(arrivals))
            report.stored += sum(not one.duplicate for one in stored)
        if busy is not None:
            raise busy


def _arrival(source: Source, account: str, event: Listed) -> Arrival:
    delivery = Delivery("POST", source.public_url, event.headers, event.body)
    described = describe(source.scheme, delivery)
    item = event_of(source, delivery, described, Accepted("reconcile"))
    # The list has other bytes than a delivery: they are not to be compared with one.
    item |= {"via": "reconcile", "event_id": event.event_id, "identity": ""}
    item["account"] = account or described.account or ""  # as the one that was posted has it
    return Arrival(item, event.body)


def _reached(cursor: str) -> Call[tuple[datetime | None, datetime | None]]:
    """How far the list was looked through, and when: for long there may be nothing to tell."""

    def read(rows: Sequence[Sequence[Any]]) -> tuple[datetime | None, datetime | None]:
        if not rows:
            return None, None
        reached, at = rows[0]
        return reached, datetime.fromisoformat(at) if at else reached

    return Call("webhook_cursor", {"p_name": cursor}, read, "reached, place")


def _move(cursor: str, reached: datetime, now: datetime) -> Call[None]:
    return Call(
        "webhook_move_cursor",
        {"p_name": cursor, "p_reached": reached, "p_place": now.isoformat()},
        read=lambda _: None,
    )


def _missing(source: str, account: str, ids: list[str]) -> Call[list[str]]:
    return Call(
        "webhook_missing", {"p_source": source, "p_account": account, "p_ids": ids},
        read=lambda rows: [str(row[0]) for row in rows],
    )  # fmt: skip
