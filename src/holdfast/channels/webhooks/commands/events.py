"""holdfast webhooks send | list | show | handlers."""

import asyncio
import json
import sys
import time
from pathlib import Path
from typing import Annotated, Any
from uuid import uuid4

import typer

from holdfast.channel import Services, load
from holdfast.channels.webhooks import inbox
from holdfast.channels.webhooks.commands.options import (
    EventId,
    OfObject,
    OfSource,
    OfType,
    Since,
    To,
    Until,
)
from holdfast.channels.webhooks.commands.posting import address_of, post, told
from holdfast.channels.webhooks.commands.sample import of_type
from holdfast.channels.webhooks.schemes import SCHEMES, Scheme, sign
from holdfast.command import Command, Detail, Note, Rows, Shown
from holdfast.database import Call
from holdfast.errors import ConfigError, InvalidInput
from holdfast.options import Newest


async def send(
    _services: Services,
    scheme: Annotated[
        str, typer.Argument(metavar="SCHEME", help="Whose signature to make, such as stripe.")
    ],
    file: Annotated[str, typer.Argument(metavar="FILE", help="The body; - reads standard input.")],
    secret: Annotated[
        str, typer.Option(metavar="TEXT", help="The signing secret itself.", show_default=False)
    ],
    source: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Post to this source; default: the scheme's name."),
    ] = None,
    to: To = None,
    event_type: Annotated[
        str | None,
        typer.Option(
            "--type", metavar="TYPE", help="Its type, where a header says it: push of GitHub."
        ),
    ] = None,
    timestamp: Annotated[
        int | None,
        typer.Option(metavar="SECONDS", help="Sign as of this Unix time; default: now."),
    ] = None,
) -> Shown:
    """Sign a body of yours and post it, as the provider would."""
    found = SCHEMES.get(scheme)
    if found is None:
        raise ConfigError(f"{scheme!r} is no scheme; known: {', '.join(sorted(SCHEMES))}")
    body = await asyncio.to_thread(_read, file)
    to = address_of(source or scheme, to, _services.core.http)
    typed = of_type(found, event_type) if event_type else []
    if event_type and not typed:
        raise InvalidInput(f"--type {event_type}: of {scheme} the body says the type, no header")
    headers = [*typed, *_signed(found, body, secret, to, timestamp)]
    status, answer = await asyncio.to_thread(post, to, body, headers)
    ok = 200 <= status < 300  # noqa: PLR2004
    return Note(told(to, status, answer), {"status": status, "answer": _json(answer)}, not ok)


def _read(file: str) -> bytes:
    if file == "-":
        return sys.stdin.buffer.read()
    try:
        return Path(file).read_bytes()
    except OSError as error:
        raise InvalidInput(f"{file} cannot be read: {error.strerror}") from None


def _signed(
    scheme: Scheme, body: bytes, secret: str, to: str, timestamp: int | None
) -> list[tuple[str, str]]:
    kind = ("Content-Type", "application/json")
    stamp = timestamp or int(time.time())
    return [
        kind,
        *sign(scheme, body, secret, timestamp=stamp, event_id=str(uuid4()), url=to, headers=[kind]),
    ]


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text


async def show_list(
    services: Services,
    source: OfSource = None,
    event_type: OfType = None,
    object_id: OfObject = None,
    held: Annotated[
        bool, typer.Option("--held", help="Only those that wait for a person.")
    ] = False,
    since: Since = None,
    until: Until = None,
    limit: Newest = 50,
) -> Shown:
    """List the events that came in, newest first."""
    chosen = {
        "source": source, "type": event_type, "object": object_id, "held": held or None,
        "since": since, "until": until,
    }  # fmt: skip
    rows = await services.database.run(inbox.listed(chosen, limit))
    return Rows(
        inbox.LISTED, rows,
        empty="no event matches" if any(chosen.values()) else "no webhook has come in yet; "
        "try: holdfast webhooks trigger stripe invoice.paid",
        more=f"only the newest {limit}; more: --limit, --until" if len(rows) == limit else "",
    )  # fmt: skip


async def show(
    services: Services,
    named: EventId,
    body: Annotated[
        bool, typer.Option("--body", help="Write the exact body and nothing else.")
    ] = False,
) -> Shown:
    """Show one event: where it came from, its headers, its jobs."""
    event = await services.database.run(inbox.find(named))
    if body:
        stored = await services.database.run(
            Call("webhook_load", {"p_id": event}, lambda rows: [r[0] for r in rows], "body")
        )
        if stored:
            sys.stdout.buffer.write(stored[0])
            return Note("")
    found = await services.database.run(inbox.shown(event))
    jobs = found.pop("jobs")
    columns = ("id", "kind", "endpoint", "state", "attempts", "because")
    table = Rows(columns, [[job[c] for c in columns] for job in jobs], "no handler wanted it")
    return Detail({**found, "jobs": table}, title=f"{found['source']} {found['event_type']}")


async def handlers(
    services: Services,
    everything: Annotated[
        bool, typer.Option("--all", help="Also holdfast's own, which hear what concerns email.")
    ] = False,
) -> Shown:
    """List the handlers that the database knows, and what they want."""
    columns = ("name", "source", "pattern", "queue", "app", "kind", "registered_at")
    listed: Call[list[Any]] = Call("webhook_handler_list", select=", ".join(columns))
    rows = await services.database.run(listed)
    own = tuple(f"{channel}:" for channel in load())  # as a channel's hearing is called
    return Rows(
        columns, [row for row in rows if everything or not row[0].startswith(own)],
        empty='no handler is registered; write one: @hf.on("stripe", "invoice.*"), and start it '
        "with: holdfast up --app module:hf",
    )  # fmt: skip


COMMANDS = [
    Command("webhooks", "send", send),
    Command("webhooks", "list", show_list),
    Command("webhooks", "show", show),
    Command("webhooks", "handlers", handlers),
]
