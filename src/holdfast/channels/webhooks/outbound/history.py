"""holdfast endpoints deliveries | messages | message | recover: what became of what was sent."""

import shlex
from typing import Annotated

import typer

from holdfast.channel import Services
from holdfast.channels.webhooks.outbound import endpoint, shown
from holdfast.channels.webhooks.outbound.commands import Name
from holdfast.command import Command, Detail, Note, Rows, Shown, person
from holdfast.options import Newest, Who, Why

_LISTED = shown.MESSAGES[:-1]  # the webhook-id is enough for people
_AT_ENDPOINTS = ("endpoint", "state", "attempts", "run_at", "because", "job")
_OF_MESSAGE = (
    "at", "endpoint", "attempt", "status", "outcome", "duration_ms", "because", "answer",
)  # fmt: skip
_NO_MESSAGE = "no message yet; send one: hf.send(Webhook(...)), or holdfast endpoints test NAME"
_NONE_SUCH = "none like that"
_FORWARDED = "; the events of a forward: holdfast webhooks list"
_MORE = "there may be more: narrow it down, --until the last one's time, or --limit up to 1000"
_WHEN = "2h, 3d (ago), or a time such as 2026-03-01T14:30Z."

OfType = Annotated[str | None, typer.Option(help="Only this type; * stands for anything.")]
Since = Annotated[str | None, typer.Option(metavar="WHEN", help=f"Since then: {_WHEN}")]
Until = Annotated[str | None, typer.Option(metavar="WHEN", help="Before then; as --since.")]
OfMessage = Annotated[
    str | None,
    typer.Option(
        "--message", metavar="ID", help="Of this one: the webhook-id, or the id from `send`."
    ),
]
OfEndpoint = Annotated[str | None, typer.Argument(metavar="NAME", help="Of this endpoint.")]


async def deliveries(
    services: Services,
    name: OfEndpoint = None,
    message_id: OfMessage = None,
    failed: Annotated[bool, typer.Option("--failed", help="Only what was not delivered.")] = False,
    type: OfType = None,  # noqa: A002
    since: Since = None,
    until: Until = None,
    limit: Newest = 50,
) -> Shown:
    """List the latest attempts, and what was answered: the status, and how the body begins.

    What waits and was not tried yet is in `messages`; --json has the whole of what is kept.
    """
    chosen = {
        "endpoint": name, "message": message_id, "failed": failed or None, "type": type,
        "since": since, "until": until,
    }  # fmt: skip
    found = await services.database.run(shown.attempts(chosen, limit))
    rows = [list(row.values()) for row in found]
    empty = "nothing was delivered yet; is a worker running?"
    narrowed = any((message_id, failed, type, since, until))
    return Rows(
        shown.ATTEMPTS, rows, empty=_NONE_SUCH if narrowed else empty,
        more=_MORE if len(rows) == limit else "",
    )  # fmt: skip


async def messages(
    services: Services,
    name: OfEndpoint = None,
    message_id: OfMessage = None,
    tenant: Annotated[str | None, typer.Option(help="Of this tenant.")] = None,
    type: OfType = None,  # noqa: A002
    state: Annotated[
        str | None,
        typer.Option(help="ready, leased, held, done, dead, cancelled, or nobody: none wanted it."),
    ] = None,
    since: Since = None,
    until: Until = None,
    limit: Newest = 50,
) -> Shown:
    """List the messages that were sent to customers, and how each stands at each endpoint.

    The events of a forward are in `holdfast webhooks list`. A rare combination
    of common filters is searched for in a million; an error then says how to go on.
    """
    chosen = {
        "endpoint": name, "message": message_id, "tenant": tenant, "type": type, "state": state,
        "since": since, "until": until,
    }  # fmt: skip
    found = await services.database.run(shown.messages(chosen, limit))
    rows = [[row[column] for column in _LISTED] for row in found]
    narrowed = any(value is not None for value in chosen.values())
    return Rows(
        _LISTED, rows, empty=(_NONE_SUCH if narrowed else _NO_MESSAGE) + _FORWARDED,
        more=_MORE if len(rows) == limit else "",
    )  # fmt: skip


async def message(
    services: Services,
    message_id: Annotated[
        str,
        typer.Argument(
            metavar="ID",
            show_default=False,
            help="The webhook-id that was sent, or the whole id that `send` has returned.",
        ),
    ],
) -> Shown:
    """Show a message: its body, how it stands at each endpoint, and every attempt's answer.

    A hundred of each; `messages --message ID` and `deliveries --message ID` have all.
    """
    found = await shown.message(services, message_id)
    endpoints = [[one[column] for column in _AT_ENDPOINTS] for one in found["endpoints"]]
    attempts = [[one[column] for column in _OF_MESSAGE] for one in found["attempts"]]
    nobody = "no endpoint wanted it: see its type and its tenant"
    listed = f"--message {shlex.quote(found['message_id'])}"
    there, tried = (
        f"holdfast endpoints messages {listed}",
        f"holdfast endpoints deliveries {listed}",
    )
    return Detail(
        found | {
            "more_endpoints": there if found["more_endpoints"] else None,
            "more_attempts": tried if found["more_attempts"] else None,
            "endpoints": Rows(_AT_ENDPOINTS, endpoints, nobody, "endpoints"),
            "attempts": Rows(_OF_MESSAGE, attempts, "none yet", "attempts"),
        }
    )  # fmt: skip


async def recover(
    services: Services,
    name: Name,
    since: Annotated[
        str,
        typer.Option(metavar="WHEN", help=f"What failed since then: {_WHEN}", show_default=False),
    ],
    until: Until = None,
    missing: Annotated[
        bool,
        typer.Option("--missing", help="Also what it would get today, and was never sent to it."),
    ] = False,
    rate: Annotated[float | None, typer.Option(min=0.001, help="This many a second.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only count.")] = False,
    why: Why = None,
    who: Who = None,
) -> Shown:
    """Send again what has failed at one endpoint, with the same ids and bytes.

    Its dead letters since then, at most ten thousand a time, the oldest first. With --missing also
    the messages that it did not get because it was made, or wanted the type, only later.
    """
    call = endpoint.recover(
        name, since, person(who), why, until=until, missing=missing, rate=rate, dry_run=dry_run
    )
    failed, never = await services.database.run(call)
    would = "would be " if dry_run else ""
    return Note(
        f"{failed} that failed and {never} that it never got {would or 'are '}sent again"
        if missing else f"{failed} that failed {would or 'are '}sent again",
        {"endpoint": name, "failed": failed, "missing": never, "dry_run": dry_run},
    )  # fmt: skip


COMMANDS = [
    Command("endpoints", "deliveries", deliveries),
    Command("endpoints", "messages", messages),
    Command("endpoints", "message", message),
    Command("endpoints", "recover", recover),
]
