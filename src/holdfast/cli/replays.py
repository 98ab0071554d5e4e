"""`holdfast replays`: look at replays and stop them; and how one is followed to its end."""

import asyncio
from enum import StrEnum, auto
from typing import Annotated, Any

import typer
from rich.text import Text

from holdfast.channel import Services
from holdfast.cli.context import add_noun
from holdfast.cli.jobs import State
from holdfast.cli.options import named_job
from holdfast.cli.terminal import progress, remark
from holdfast.command import Command, Detail, Note, Rows, person
from holdfast.engine import replays
from holdfast.options import Newest, Who, Why

_LOOK_EVERY_S = 0.5


class Outcome(StrEnum):
    """What a replay did with a letter."""

    WAITING = auto()
    REPLAYED = auto()
    GONE = auto()
    EXCLUDED = auto()
    CANCELLED = auto()


class Became(StrEnum):
    """Where the job of a letter is by now; one that was pruned is forgotten."""

    READY = State.READY
    LEASED = State.LEASED
    HELD = State.HELD
    DEAD = State.DEAD
    DONE = State.DONE
    CANCELLED = State.CANCELLED
    EXPIRED = State.EXPIRED
    FORGOTTEN = auto()


Number = Annotated[int, typer.Argument(metavar="NUMBER", help="The replay.", show_default=False)]


def register(app: typer.Typer) -> None:
    """Add the noun."""
    commands = [
        Command("replays", "list", list_replays),
        Command("replays", "show", show),
        Command("replays", "cancel", cancel),
    ]
    add_noun(app, "replays", "Look at replays and stop them.", commands, panel="Look and act")


async def list_replays(services: Services, limit: Newest = 50) -> Rows:
    """List the replays, the latest first."""
    found = await services.database.run(replays.replay_list(limit))
    return Rows(
        replays.REPLAY, [list(row.values()) for row in found],
        empty="no replays yet: holdfast dead-letters replay --group FINGERPRINT",
    )  # fmt: skip


async def show(
    services: Services,
    replay: Number,
    *,
    outcome: Annotated[
        Outcome | None,
        typer.Option(
            metavar="OUTCOME",
            rich_help_panel="Which letters",
            help=f"With this outcome: {', '.join(Outcome)}.",
        ),
    ] = None,
    state: Annotated[
        Became | None,
        typer.Option(
            "--state",
            "-s",
            metavar="STATE",
            rich_help_panel="Which letters",
            help=f"That are in this state now: {', '.join(Became)}. With --outcome replayed, dead "
            "are those that died again.",
        ),
    ] = None,
    after: Annotated[
        str | None,
        typer.Option(
            metavar="ID", help="After this one: the next page.", rich_help_panel="Which letters"
        ),
    ] = None,
    limit: Annotated[
        int,
        typer.Option(
            "--limit", "-n", min=1, max=1000, metavar="N", help="At most this many letters."
        ),
    ] = 20,
) -> Detail:
    """Show one replay: its letters by outcome, and what became of those that came back."""
    found = await services.database.run(replays.show(replay))
    last = await named_job(services, after) if after is not None else None
    asked = replays.letter_list(replay, limit, outcome=outcome, state=state, after=last)
    items = await services.database.run(asked)
    fields = {**found, "items": _counts(found["items"]), "became": _counts(found["became"])}
    more = f"there may be more: --after {items[-1]['job_id']}" if len(items) == limit else ""
    rows = Rows(replays.ITEM, [list(item.values()) for item in items], more=more)
    return Detail(fields | {"letters": rows})


async def cancel(services: Services, replay: Number, why: Why = None, who: Who = None) -> Note:
    """Stop a replay; what has not come back to life stays dead."""
    left = await services.database.run(replays.cancel(replay, person(who), why))
    return Note(f"replay {replay} is cancelled; {left:,} stay dead", {"id": replay, "left": left})


async def follow(services: Services, number: int, total: int) -> dict[str, Any]:
    """Step a replay until it ends, and show how far it is; Ctrl-C leaves it to the workers."""
    with progress("replaying", total) as advance:
        seen, told = 0, False
        try:
            while True:
                moved = await services.database.run(replays.step())
                found = await services.database.run(replays.show(number))
                through = sum(found["items"].values()) - found["items"].get("waiting", 0)
                advance(through - seen)
                seen = through
                if found["state"] not in {"canary", "running"}:
                    return found
                if found["state"] == "canary" and not told:
                    remark(
                        Text("waiting for the first one's result: a worker must serve its queue")
                    )
                    told = True
                if not moved:
                    await asyncio.sleep(_LOOK_EVERY_S)
        except (asyncio.CancelledError, KeyboardInterrupt):
            remark(Text(f"it goes on without us: holdfast replays show|cancel {number}"))
            raise


def _counts(counts: dict[str, int]) -> str:
    return ", ".join(f"{count:,} {what}" for what, count in sorted(counts.items())) or "none"
