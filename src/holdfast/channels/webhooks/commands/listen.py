"""holdfast webhooks tail | listen: read along, and bring events to an application on this machine.

The inbox is read by a cursor, in an order in which nothing is missed. Where a listener is, stands
in the database: while the laptop sleeps nothing is lost, it goes on from there.
"""

import asyncio
import functools
import json
import platform
import sys
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, Final
from uuid import UUID

import typer

from holdfast.channel import Services
from holdfast.channels.webhooks.book import Book
from holdfast.channels.webhooks.commands.options import OfSource, OfType
from holdfast.channels.webhooks.outbound.original import passed_on
from holdfast.channels.webhooks.schemes import SCHEMES, sign
from holdfast.channels.webhooks.settings import sources
from holdfast.command import Command, Note, Shown
from holdfast.database import Call, Database, decode, encode
from holdfast.errors import DatabaseUnavailable, InvalidInput

if TYPE_CHECKING:
    import aiohttp  # takes longer to import than most commands take to run

_LOOK_EVERY_S: Final = 0.5
_PAUSES_S: Final = (1.0, 2.0, 5.0, 15.0)
_TIMEOUT_S: Final = 30
_AWAY_S: Final = 1.0
_AT_ONCE: Final = 50
_NOTE_EVERY_S: Final = 30
"""So often the place is written down while nothing comes that is wanted."""


@dataclass(frozen=True, slots=True)
class Place:
    """How far a reader has come."""

    xact: str = "0"
    event: UUID | None = None

    @property
    def order(self) -> tuple[int, int]:
        """Which of two places is further on."""
        return int(self.xact), self.event.int if self.event else 0


@dataclass(frozen=True, slots=True)
class Read:
    """An event as a reader gets it, and the place behind it."""

    place: Place
    id: UUID
    source: str
    event_id: str
    type: str | None
    received_at: datetime
    body: bytes
    headers: Sequence[tuple[str, str]]
    scheme: str


async def tail(
    services: Services,
    source: OfSource = None,
    event_type: OfType = None,
    last: Annotated[
        int, typer.Option("-n", "--last", min=0, max=1000, metavar="N", help="Begin so far back.")
    ] = 10,
    follow: Annotated[
        bool,
        typer.Option(
            "--follow/--no-follow", help="Wait for more; --no-follow ends after what is there."
        ),
    ] = True,
) -> Shown:
    """Watch events come in. Ctrl-C ends it."""
    database = services.database
    wanted = {"source": source, "type": event_type}
    chosen = {name: value for name, value in wanted.items() if value is not None}
    listed: Call[list[Any]] = Call(
        "webhook_list",
        {"p_filter": encode(chosen), "p_limit": max(last, 1)},
        select="received_at, source, event_type, event_id",
    )
    place = await _end(database)
    for row in reversed((await _last(database, listed))[:last]):
        _say(_line(*row))
    while follow:
        events, place = await _next(database, place, source, event_type)
        for event in events:
            _say(_line(event.received_at, event.source, event.type, event.event_id))
        await asyncio.sleep(_LOOK_EVERY_S)
    return Note("")


async def _last(database: Database, listed: Call[list[Any]]) -> list[Any]:
    """None if they are so rare that to look for them has an end: the next ones are waited for."""
    try:
        return await database.run(listed)
    except InvalidInput as error:
        sys.stderr.write(f"{error}\n")
        return []


async def listen(
    services: Services,
    forward: Annotated[
        str, typer.Option(metavar="URL", help="Post each event there.", show_default=False)
    ],
    source: OfSource = None,
    event_type: OfType = None,
    name: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Who listens; default: this machine, for that URL."),
    ] = None,
    start: Annotated[
        str | None,
        typer.Option(
            "--from",
            metavar="WHERE",
            help="now or beginning; default: where this listener has been.",
        ),
    ] = None,
    sign_with: Annotated[
        str | None,
        typer.Option(metavar="TEXT", help="Sign anew with this secret: old signatures are stale."),
    ] = None,
    skip_failures: Annotated[
        bool, typer.Option("--skip-failures", help="Go on after an answer that is no 2xx.")
    ] = False,
    once: Annotated[bool, typer.Option("--once", help="End when all has been posted.")] = False,
) -> Shown:
    """Bring events to an application on this machine, in order, from where it was left.

    Each listener has its own place: by its name, its source and its type. An event that is not
    answered 2xx is posted again until it is. Events that are held here come, too: what is posted
    is a copy, and changes nothing here. Ctrl-C ends it.
    """
    import aiohttp

    if not forward.startswith(("http://", "https://")):
        raise InvalidInput(f"--forward {forward}: an http:// or https:// address is asked for")
    if sign_with is not None and not sign_with.strip():
        raise InvalidInput("--sign-with is blank; give the whole secret")
    # not by its name alone: what another filter passed over was never looked at by this one
    cursor = f"listen:{name or f'{platform.node()} {forward}'}:{source or '*'}:{event_type or '*'}"
    place = await _begin(services.database, cursor, start)
    timeout = aiohttp.ClientTimeout(total=_TIMEOUT_S)
    async with aiohttp.ClientSession(timeout=timeout, trust_env=False) as session:
        bring = functools.partial(
            _post, session, forward, secret=sign_with, book=Book(services.database, sources())
        )
        listener = _Listener(services.database, cursor, place, bring, skip_failures)
        while True:
            try:
                came = await listener.look(source, event_type, settled=once)
                if once and not came:
                    return Note(f"{listener.posted} posted", {"posted": listener.posted})
                await asyncio.sleep(_LOOK_EVERY_S if not came else 0)
            except DatabaseUnavailable as error:
                _say(f"the database is away, waiting: {error}")
                await asyncio.sleep(_AWAY_S)


class _Listener:
    """Who brings events to an application, and how far it has come."""

    def __init__(
        self, database: Database, cursor: str, place: Place,
        bring: Callable[[Read], Awaitable[bool]], skips: bool,
    ) -> None:  # fmt: skip
        self._database = database
        self._cursor = cursor
        self._place = place
        self._bring = bring
        self._skips = skips
        self._noted = time.monotonic()
        self.posted = 0

    async def look(self, source: str | None, event_type: str | None, *, settled: bool) -> bool:
        """Bring what has come; whether something had. The place is noted, at once if settled."""
        events, behind = await _next(self._database, self._place, source, event_type)
        for event in events:
            await self._insist(event)
            self._place, self.posted = event.place, self.posted + 1
            await self._database.run(_move(self._cursor, self._place))
        if behind != self._place and (settled or time.monotonic() > self._noted + _NOTE_EVERY_S):
            await self._database.run(_move(self._cursor, behind))
            self._noted = time.monotonic()
        self._place = behind
        return bool(events)

    async def _insist(self, event: Read) -> None:
        failures = 0
        while not await self._bring(event) and not self._skips:
            await asyncio.sleep(_PAUSES_S[min(failures, len(_PAUSES_S) - 1)])
            failures += 1


async def _post(
    session: "aiohttp.ClientSession", url: str, event: Read, *, secret: str | None, book: Book
) -> bool:
    import aiohttp

    headers = passed_on(event.headers)
    if secret is not None:
        try:
            headers = _signed_anew(url, event, headers, secret, book)
        except InvalidInput as error:
            # one that cannot be signed does not keep the others from coming
            sys.stderr.write(f"{event.event_id}: posted with its own signature; {error}\n")
    began = time.monotonic()
    try:
        async with session.post(
            url, data=event.body, headers=headers, allow_redirects=False
        ) as answer:
            await answer.read()
            status, ok = str(answer.status), 200 <= answer.status < 300  # noqa: PLR2004
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        status, ok = f"no answer ({type(error).__name__})", False
    took = f"{(time.monotonic() - began) * 1000:.0f} ms"
    line = _line(event.received_at, event.source, event.type, event.event_id)
    _say(f"{line}  {status}  {took}")
    return ok


def _signed_anew(
    url: str, event: Read, headers: list[tuple[str, str]], secret: str, book: Book
) -> list[tuple[str, str]]:
    found = book.known(event.source)
    scheme = found.scheme if found else SCHEMES.get(event.scheme)
    if scheme is None:
        raise InvalidInput(f"nobody here knows how {event.source} signs")
    made = sign(
        scheme, event.body, secret, timestamp=int(time.time()), event_id=event.event_id,
        url=url, headers=event.headers,
    )  # fmt: skip
    named = {name.lower() for name, _ in made}
    return [(n, v) for n, v in headers if n.lower() not in named] + made


async def _begin(database: Database, cursor: str, start: str | None) -> Place:
    if start not in {None, "now", "beginning"}:
        raise InvalidInput(f"--from {start}: now or beginning")
    if start == "beginning":
        await database.run(_move(cursor, Place()))  # from there on, also if nothing has come yet
        return Place()
    known: Call[Place | None] = Call(
        "webhook_cursor", {"p_name": cursor},
        lambda rows: Place(str(rows[0][0]), rows[0][1]) if rows else None, "xact::text, event",
    )  # fmt: skip
    place = None if start == "now" else await database.run(known)
    if place is None:
        place = await _end(database)
        await database.run(_move(cursor, place))
    return place


async def _end(database: Database) -> Place:
    call: Call[Place] = Call(
        "webhook_end", {}, lambda rows: Place(str(rows[0][0]), rows[0][1]) if rows else Place(),
        "xact::text, id",
    )  # fmt: skip
    return await database.run(call)


def _move(cursor: str, place: Place) -> Call[None]:
    return Call(
        "webhook_move_cursor", {"p_name": cursor, "p_xact": place.xact, "p_event": place.event},
        read=lambda _: None,
    )  # fmt: skip


async def _next(
    database: Database, place: Place, source: str | None, event_type: str | None
) -> tuple[list[Read], Place]:
    """The next events that are wanted, and the place behind all that was looked through for them.

    What is not wanted is not looked through again: the end was there before we looked.
    """
    end = await _end(database)
    events = await _after(database, place, source, event_type)
    read = events[-1].place if events else place
    return events, read if len(events) == _AT_ONCE else max(read, end, key=lambda p: p.order)


async def _after(
    database: Database, place: Place, source: str | None, event_type: str | None
) -> list[Read]:
    call: Call[list[Read]] = Call(
        "webhook_after",
        {"p_xact": place.xact, "p_id": place.event, "p_source": source, "p_type": event_type,
         "p_limit": _AT_ONCE},
        read=lambda rows: [
            Read(Place(str(r[0]), r[1]), r[1], r[2], r[3], r[4], r[5], bytes(r[6]),
                 [(n, v) for n, v in decode(r[7])], r[8])
            for r in rows
        ],
        select="xact::text, id, source, event_id, event_type, received_at, body, headers, scheme",
    )  # fmt: skip
    return await database.run(call)


def _line(at: datetime, source: str, event_type: str | None, event_id: str) -> str:
    if sys.stdout.isatty():
        return f"{at.astimezone():%H:%M:%S}  {source}  {event_type or '-'}  {event_id}"
    return json.dumps(
        {"at": at.isoformat(), "source": source, "type": event_type, "event_id": event_id}
    )


def _say(text: str) -> None:
    safe = "".join(c if c.isprintable() else "?" for c in text)
    sys.stdout.write(f"{safe}\n")
    sys.stdout.flush()


COMMANDS = [Command("webhooks", "tail", tail), Command("webhooks", "listen", listen)]
