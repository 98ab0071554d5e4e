"""`holdfast dead-letters`: what was given up, why, and how it comes back."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import typer

from holdfast.channel import Services
from holdfast.cli.bites import in_bites
from holdfast.cli.context import add_noun
from holdfast.cli.edit import edit
from holdfast.cli.jobs import timeline
from holdfast.cli.options import (
    Group,
    JobId,
    Kind,
    Queue,
    Since,
    Tenant,
    Until,
    Yes,
    named_job,
)  # fmt: skip
from holdfast.cli.replays import follow
from holdfast.cli.terminal import confirmed
from holdfast.command import Command, Detail, Note, Rows, counted, person
from holdfast.database import Call
from holdfast.engine import dead_letters, replays, views
from holdfast.errors import NotReplayable
from holdfast.options import Newest, Who, Why

_MOST = 10_000

OneId = Annotated[
    str | None,
    typer.Argument(
        metavar="ID", show_default=False,
        help="One letter: its id, or its first or last six or more digits.",
    ),
]  # fmt: skip
Every = Annotated[bool, typer.Option("--all", help="All there are.", rich_help_panel="Which ones")]
Most = Annotated[
    int | None,
    typer.Option(
        "--limit", "-n", min=1, max=1_000_000, metavar="N", show_default=False,
        help=f"At most this many, the oldest first; {_MOST} if not given.",
    ),
]  # fmt: skip
DryRun = Annotated[bool, typer.Option("--dry-run", help="Only count them.")]


def register(app: typer.Typer) -> None:
    """Add the noun."""
    commands = [
        Command("dead-letters", "list", list_letters),
        Command("dead-letters", "groups", groups),
        Command("dead-letters", "show", show),
        Command("dead-letters", "replay", replay),
        Command("dead-letters", "edit", edit),
        Command("dead-letters", "discard", discard),
    ]
    add_noun(
        app,
        "dead-letters",
        "See what was given up and why; replay or discard it.",
        commands,
        panel="Look and act",
    )


async def list_letters(
    services: Services,
    *,
    queue: Queue = None,
    group: Group = None,
    kind: Kind = None,
    tenant: Tenant = None,
    since: Since = None,
    until: Until = None,
    limit: Newest = 50,
) -> Rows:
    """List dead letters, the latest first."""
    chosen = _filter(queue=queue, group=group, kind=kind, tenant=tenant, since=since, until=until)
    found = await services.database.run(views.dead_letter_list(chosen, limit))
    rows = [list(letter.values()) for letter in found]
    more = "there may be more: narrow it down, or --limit up to 1000; groups counts them all"
    return Rows(
        views.DEAD_LETTER, rows, empty=_none(chosen), more=more if len(rows) == limit else ""
    )


async def groups(
    services: Services,
    *,
    queue: Queue = None,
    kind: Kind = None,
    tenant: Tenant = None,
    since: Since = None,
    until: Until = None,
    limit: Newest = 50,
) -> Rows:
    """Group dead letters by what killed them, the largest group first.

    Mend the cause, then: holdfast dead-letters replay --group FINGERPRINT
    """
    chosen = _filter(queue=queue, kind=kind, tenant=tenant, since=since, until=until)
    found = await services.database.run(views.dead_letter_groups(chosen, limit))
    return Rows(views.GROUP, [list(group.values()) for group in found], empty=_none(chosen))


async def show(services: Services, job_id: JobId) -> Detail:
    """Show a dead letter: what it carries, the error, and every attempt.

    One that was edited is shown with what it came from and what became of it, in their order.
    """
    found = await named_job(services, job_id)
    lineage = await services.database.run(dead_letters.lineage(found))
    try:
        letter = await services.database.run(views.dead_letter_show(found))
        attempts = letter["history"]
    except NotReplayable:
        if len(lineage) < 2:  # noqa: PLR2004  nothing but itself
            raise
        letter = await services.database.run(views.job_show(found))
        attempts = letter.pop("timeline")
    shown = letter | {"history": timeline(attempts, empty="no attempt is recorded")}
    if len(lineage) > 1:
        rows = [list(job.values()) for job in lineage]
        shown["lineage"] = Rows(dead_letters.LINEAGE, rows)
    return Detail(shown)


async def replay(
    services: Services,
    job_id: OneId = None,
    *,
    queue: Queue = None,
    group: Group = None,
    kind: Kind = None,
    tenant: Tenant = None,
    since: Since = None,
    until: Until = None,
    every: Every = False,
    limit: Most = None,
    rate: Annotated[
        float | None,
        typer.Option(metavar="N", help="Spread them: this many become due per second."),
    ] = None,
    canary: Annotated[
        bool, typer.Option("--canary", help="One first; the others when it is done.")
    ] = False,
    detach: Annotated[
        bool, typer.Option("--detach", help="Do not wait: the workers go on with it.")
    ] = False,
    dry_run: DryRun = False,
    yes: Yes = False,
    why: Why = None,
    who: Who = None,
) -> Note:
    """Bring dead letters back to life, with all attempts ahead of them.

    One by its id, or all that the options name as of now; what dies later is not part of it.

    holdfast dead-letters replay --group 1f4b9c7e2a90 --canary --rate 10
    """
    chosen = _filter(queue=queue, group=group, kind=kind, tenant=tenant, since=since, until=until)
    chosen = await _chosen(services, job_id, chosen, bounded=every or dry_run or limit is not None)

    most = limit or _MOST
    plan = await services.database.run(replays.plan(chosen, most))
    found, data = plan["replayable"], {**plan, "replayed": 0, "dry_run": dry_run}
    more = _more(plan["matching"], most)
    if dry_run or found == 0:
        told = f"{_letters(found)} would be replayed{more}" if found else _NONE
        return Note(told + _left_out(plan["excluded"]), data)
    if not yes and found > 1 and not confirmed(f"Replay {_letters(found)}?"):
        return Note("nothing was replayed", data, failed=True)
    number = await services.database.run(
        replays.create(chosen, person(who), why, rate=rate, canary=canary, limit=most)
    )
    if detach:
        told = f"replay {number} of {_letters(found)} goes on: holdfast replays show {number}"
        return Note(told + more, {**data, "replay": number})
    ended = await follow(services, number, plan["matching"])
    return _told(number, ended, data, more)


def _told(number: int, ended: dict[str, Any], data: dict[str, Any], more: str) -> Note:
    replayed = ended["replayed"]
    data = {**data, "replayed": replayed, "replay": number, "state": ended["state"]}
    if ended["state"] == "done":
        return Note(f"{_letters(replayed)} replayed{more}{_left_out(data['excluded'])}", data)
    told = f"replay {number} is {ended['state']} after {_letters(replayed)}: {ended['note']}"
    return Note(told, data, failed=True)


def _left_out(excluded: dict[str, int]) -> str:
    reasons = [f"{count:,} left out: {reason}" for reason, count in excluded.items()]
    return "".join(f"; {reason}" for reason in reasons)


async def discard(
    services: Services,
    job_id: OneId = None,
    *,
    why: Annotated[str, typer.Option(metavar="TEXT", help="Why, for the record.")],
    queue: Queue = None,
    group: Group = None,
    kind: Kind = None,
    tenant: Tenant = None,
    since: Since = None,
    until: Until = None,
    every: Every = False,
    limit: Most = None,
    dry_run: DryRun = False,
    yes: Yes = False,
    who: Who = None,
) -> Note:
    """Take dead letters out for good, with a reason.

    They stay in the history, as cancelled jobs, for the retention of their queue.
    """
    chosen = _filter(queue=queue, group=group, kind=kind, tenant=tenant, since=since, until=until)
    chosen = await _chosen(services, job_id, chosen, bounded=every or dry_run or limit is not None)

    def bite(size: int, *, dry_run: bool = False) -> Call[int]:
        return dead_letters.discard_many(chosen, person(who), why, limit=size, dry_run=dry_run)

    most = limit or _MOST
    found = await services.database.run(bite(most, dry_run=True))
    data, more = {"matching": found, "discarded": 0, "dry_run": dry_run}, _more(found, most)
    if dry_run or found == 0:
        return Note(f"{_letters(found)} would be discarded{more}" if found else _NONE, data)
    if not yes and found > 1 and not confirmed(f"Discard {_letters(found)}?"):
        return Note("nothing was discarded", data, failed=True)
    count = await in_bites(services, "discarding", found, bite)
    return Note(f"{_letters(count)} discarded{more}", data | {"discarded": count})


_NONE = "no dead letter matches"


def _more(matching: int, most: int) -> str:
    return f"; there may be more: at most {most:,} at a time (--limit)" if matching == most else ""


def _letters(count: int) -> str:
    return counted(count, "dead letter")


def _none(chosen: dict[str, Any]) -> str:
    return _NONE if chosen else "no dead letters"


def _filter(**parts: str | datetime | None) -> dict[str, str]:
    """The filter as the SQL functions take it; what is not given is left out."""
    return {
        name: part.isoformat() if isinstance(part, datetime) else part
        for name, part in parts.items()
        if part
    }


async def _chosen(
    services: Services, job_id: str | None, chosen: dict[str, Any], *, bounded: bool
) -> dict[str, Any]:
    """The filter that is meant. Nobody replays everything by leaving something out."""
    if job_id is not None:
        if chosen:
            raise typer.BadParameter("an id names one letter: leave out the filters")
        found: UUID = await named_job(services, job_id)
        await services.database.run(views.dead_letter_show(found))  # says why it is none
        return {"ids": [str(found)]}
    if not chosen and not bounded:
        raise typer.BadParameter("which ones? Give an id, --queue, --group, --since, ... or --all")
    return chosen
