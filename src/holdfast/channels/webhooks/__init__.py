"""Webhooks: what comes in is verified, stored as it came, and handled with retries.

`receive.py` answers the sender; `schemes/` knows whom to believe and what a body says about itself;
`intake.py` brings it into the database. `book.py` knows the sources, of the environment
(`settings.py`) and of the database, and `secrets.py` where their secrets are. `handle.py` runs the
handlers, `answer.py` those that run in the request. `outbound/` sends.
"""

from collections.abc import Sequence
from pathlib import Path

from holdfast.channel import Channel, Handler, Route, Services
from holdfast.channels.webhooks.answer import Answer
from holdfast.channels.webhooks.handle import Event, announce, keep, subscribe
from holdfast.channels.webhooks.outbound.address import OutboundSettings
from holdfast.channels.webhooks.outbound.message import Webhook, send
from holdfast.channels.webhooks.secrets import SecretSettings
from holdfast.channels.webhooks.variables import PATTERN
from holdfast.command import Command
from holdfast.database import Call, Room
from holdfast.operation import Operation

# What only some processes need, and takes its time to be imported, is imported by them.


def _routes(services: Services) -> Sequence[Route]:
    from holdfast.channels.webhooks.book import Book
    from holdfast.channels.webhooks.receive import Receiver
    from holdfast.channels.webhooks.settings import sources

    receiver = Receiver(services, Book(services.database, sources()))
    posts = Route(
        "POST", "/webhooks/{source}", receiver, receiver.max_body, receiver.admit,
        receiver.too_large,
    )  # fmt: skip
    return [posts]


def _handlers(services: Services) -> Sequence[Handler]:
    from holdfast.channels.webhooks.outbound.deliver import KIND, QUEUE, Deliverer

    return [Handler(KIND, QUEUE, Deliverer(services).run)]


def _operations() -> Sequence[Operation]:
    from holdfast.channels.webhooks import operations
    from holdfast.channels.webhooks.outbound import operations as outbound

    return [*operations.OPERATIONS, *outbound.OPERATIONS]


def _maintain(_services: Services) -> Sequence[Call[object]]:
    return [Call("webhook_upkeep_step")]


def _announce(services: Services) -> Sequence[Call[object]]:
    from holdfast.channels.webhooks import settings

    return [*announce(services), *settings.announce(services)]


def _commands() -> Sequence[Command]:
    from holdfast.channels.webhooks import commands
    from holdfast.channels.webhooks.outbound import change
    from holdfast.channels.webhooks.outbound.commands import COMMANDS

    return [*commands.COMMANDS, *COMMANDS, *change.COMMANDS]


CHANNEL = Channel(
    name="webhooks",
    room=Room("webhooks", Path(__file__).parent / "sql"),
    settings=[SecretSettings, OutboundSettings],
    setting_patterns=[PATTERN],
    handlers=_handlers,
    subscribe=subscribe,
    announce=_announce,
    routes=_routes,
    operations=_operations,
    sends={Webhook: send},
    keep=keep,
    maintain=_maintain,
    commands=_commands,
    nouns={
        "webhooks": "Events that came in: find, verify, replay, try one out.",
        "webhooks sources": "Who may post webhooks here, and their secrets.",
        "endpoints": "Where webhooks go out to, and what became of each.",
    },
    queues=("webhooks", "webhooks-out"),
    kinds=("webhook:",),
)

__all__ = ["CHANNEL", "Answer", "Event", "Webhook"]
