"""`holdfast queues`: make queues, look at them, pause, resume and tune them."""

from typing import Annotated, Any

import typer

from holdfast.channel import Services
from holdfast.cli.context import add_noun
from holdfast.cli.values import Count
from holdfast.command import Command, Detail, Note, Rows, person
from holdfast.engine import queues, views
from holdfast.options import Changes, Until, Who, Why, pair

_COUNTED = ("ready", "leased", "scheduled", "blocked", "held", "dead")

_NOTHING = {"", "none", "null"}

Name = Annotated[str, typer.Argument(metavar="NAME", help="The queue.", show_default=False)]
Policy = Annotated[
    list[str] | None,
    typer.Argument(metavar="KEY=VALUE", help="Its policy.", show_default=False),
]


def register(app: typer.Typer) -> None:
    """Add the noun."""
    commands = [
        Command("queues", "list", list_queues),
        Command("queues", "show", show),
        Command("queues", "create", create),
        Command("queues", "pause", pause),
        Command("queues", "resume", resume),
        Command("queues", "set", set_),
    ]
    add_noun(
        app,
        "queues",
        "Look at queues; make, pause, resume and tune them.",
        commands,
        panel="Look and act",
    )


async def list_queues(services: Services) -> Rows:
    """List the queues with what waits, runs and died in them.

    ready: due now. leased: in the hands of a worker. scheduled: due later. blocked: behind an
    earlier job of the same ordering key. held: waiting for a person. dead: dead letters.
    """
    found = await services.database.run(views.queue_list())
    rows = [[_counted(name, queue[name]) for name in views.QUEUE] for queue in found]
    return Rows(views.QUEUE, rows, empty="no queues yet: a worker makes those that it serves")


async def show(services: Services, queue: Name) -> Detail:
    """Show one queue with its policy."""
    policy = await services.database.run(queues.policy(queue))
    [found] = await services.database.run(views.queue_list(queue))
    fields = {name: _counted(name, value) for name, value in found.items()}
    return Detail(fields | {"policy": Detail({name: policy[name] for name in queues.POLICY})})


async def create(services: Services, queue: Name, policy: Policy = None) -> Note:
    """Make a queue, with a policy if you like: max_attempts=5 retry_base=30s.

    A worker makes those that it serves, so this is for one that has no worker yet.
    One that is there stays as it is.
    """
    made = await services.database.run(queues.create_queue(queue, _wanted(policy or [])))
    is_new = "is made" if made else "is there already, and stays as it is"
    return Note(f"{queue} {is_new}", {"queue": queue, "made": made})


async def pause(
    services: Services,
    queue: Name,
    why: Why = None,
    until: Until = None,
    who: Who = None,
) -> Note:
    """Stop handing out the jobs of a queue.

    New jobs go on arriving and wait; those that run finish.
    """
    await services.database.run(queues.pause(queue, person(who), why, until))
    data = {"queue": queue, "paused": True, "until": until}
    end = f"until {until:%Y-%m-%d %H:%M} UTC" if until else f"until: holdfast queues resume {queue}"
    return Note(f"{queue} is paused {end}", data)


async def resume(services: Services, queue: Name, why: Why = None, who: Who = None) -> Note:
    """Let a paused queue go on."""
    await services.database.run(queues.resume(queue, person(who), why))
    return Note(f"{queue} goes on", {"queue": queue, "paused": False})


async def set_(
    services: Services,
    queue: Name,
    changes: Changes,
    why: Why = None,
    who: Who = None,
) -> Note:
    """Change the policy of a queue.

    holdfast queues set email max_attempts=5 retry_base=30s rate_quota=none

    none takes a limit away.
    holdfast queues show NAME lists the keys. Workers obey from their next claim on.
    """
    wanted = _wanted(changes)
    before = await services.database.run(queues.policy(queue))
    await services.database.run(queues.set_queue(queue, wanted, person(who), why))
    after = await services.database.run(queues.policy(queue))
    lines = [f"{key}: {_said(before[key])} → {_said(after[key])}" for key in wanted]
    data = {"queue": queue, "before": {k: before[k] for k in wanted}}
    return Note("\n".join(lines), data | {"after": {k: after[k] for k in wanted}})


def _wanted(changes: list[str]) -> dict[str, Any]:
    given = dict(pair(change, "max_attempts=5") for change in changes)
    return {key: None if value.lower() in _NOTHING else value for key, value in given.items()}


def _counted(name: str, value: Any) -> Any:
    return Count(value) if name in _COUNTED else value


def _said(value: Any) -> str:
    return "none" if value is None else str(value)  # as it can be typed
