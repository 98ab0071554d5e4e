"""holdfast webhooks send | list | show | handlers."""

import asyncio
import json
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any
from uuid import uuid4

import typer

from holdfast.channel import Services, load
from holdfast.channels.webhooks import inbox
from holdfast.channels.webhooks.commands.sample import of_type
from holdfast.channels.webhooks.schemes import SCHEMES, Scheme, sign
from holdfast.command import Command, Detail, Note, Rows, Shown
from holdfast.database import Call
from holdfast.errors import ConfigError, InvalidInput


async def send(
    _services: Services,
    scheme: Annotated[str, typer.Argument(help="Whose signature to make, such as stripe.")],
    file: Annotated[str, typer.Argument(help="The body; - reads standard input.")],
    secret: Annotated[str, typer.Option(help="The signing secret.")],
    to: Annotated[
        str | None,
        typer.Option(help="Where to post it; default: http://127.0.0.1:8025/webhooks/SCHEME."),
    ] = None,
    event_type: Annotated[
        str | None, typer.Option("--type", help="Its type, where a header says it: push of GitHub.")
    ] = None,
    timestamp: Annotated[
        int | None, typer.Option(help="Sign as of this Unix time; default now.")
    ] = None,
) -> Shown:
    """Sign a body of yours and post it, as the provider would."""
    found = SCHEMES.get(scheme)
    if found is None:
        raise ConfigError(f"{scheme!r} is no scheme; known: {', '.join(sorted(SCHEMES))}")
    body = await asyncio.to_thread(_read, file)
    to = to or f"http://127.0.0.1:8025/webhooks/{scheme}"
    typed = of_type(found, event_type) if event_type else []
    if event_type and not typed:
        raise InvalidInput(f"--type {event_type}: of {scheme} the body says the type, no header")
    headers = [*typed, *_signed(found, body, secret, to, timestamp)]
    status, answer = await asyncio.to_thread(post, to, body, headers)
    ok = 200 <= status < 300  # noqa: PLR2004
    return Note(
        f"{to} answered {status}: {answer}", {"status": status, "answer": _json(answer)}, not ok
    )


def _read(file: str) -> bytes:
    if file == "-":
        return sys.stdin.buffer.read()
    try:
        return Path(file).read_bytes()
    except OSError as error:
        raise InvalidInput(f"{file} can not be read: {error.strerror}") from None


def post(to: str, body: bytes, headers: Sequence[tuple[str, str]]) -> tuple[int, str]:
    """Post it; the status and the beginning of the answer.

    Raises:
        InvalidInput: the address is none, or nobody answers there.
    """
    if not to.startswith(("http://", "https://")):
        raise InvalidInput(f"--to {to}: an http:// or https:// address is asked for")
    request = urllib.request.Request(  # noqa: S310  the scheme of the URL was checked
        to, body, dict(headers)
    )
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
            return answer.status, answer.read(4096).decode("utf-8", "replace")
    except urllib.error.HTTPError as error:
        return error.code, error.read(4096).decode("utf-8", "replace")
    except (urllib.error.URLError, OSError) as error:
        reason = getattr(error, "reason", error)
        raise InvalidInput(
            f"{to} can not be reached: {reason}. Is `holdfast up` running?"
        ) from None


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
    source: Annotated[str | None, typer.Option(help="Only events of this source.")] = None,
    event_type: Annotated[
        str | None, typer.Option("--type", help="Only this type; * stands for anything.")
    ] = None,
    held: Annotated[
        bool, typer.Option("--held", help="Only those that wait for a person.")
    ] = False,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="At most so many.")] = 50,
) -> Shown:
    """List the events that came in, newest first."""
    rows = await services.database.run(inbox.listed(source, event_type, held, limit))
    return Rows(
        inbox.LISTED, rows,
        empty="no webhook has come in yet; try: holdfast webhooks send stripe FILE --secret SECRET",
    )  # fmt: skip


async def show(
    services: Services,
    named: Annotated[
        str, typer.Argument(metavar="ID", help="The event: our id or theirs, or a part of ours.")
    ],
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
    columns = ("id", "kind", "state", "attempts", "because")
    table = Rows(
        columns, [[job[c] for c in columns] for job in jobs], "no handler wanted it", "jobs"
    )
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
