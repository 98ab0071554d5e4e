"""Webhooks: what comes in is verified, stored as it came, and handled with retries.

`receive.py` answers the sender; `schemes/` knows whom to believe and what a body says about itself;
`intake.py` brings it into the database. `book.py` knows the sources, of the environment
(`settings.py`) and of the database, and `secrets.py` where their secrets are. `handle.py` runs the
handlers, `answer.py` those that run in the request.
"""

from collections.abc import Sequence
from pathlib import Path

from holdfast.channel import Channel, Route, Services
from holdfast.channels.webhooks.answer import Answer
from holdfast.channels.webhooks.book import Book
from holdfast.channels.webhooks.handle import Event, announce, subscribe
from holdfast.channels.webhooks.receive import Receiver
from holdfast.channels.webhooks.secrets import SecretSettings
from holdfast.channels.webhooks.settings import PATTERN, sources
from holdfast.command import Command
from holdfast.database import Room


def _routes(services: Services) -> Sequence[Route]:
    receiver = Receiver(services, Book(services.database, sources()))
    return [
        Route("POST", "/webhooks/{source}", receiver, receiver.max_body, receiver.admit),
    ]


def _commands() -> Sequence[Command]:
    from holdfast.channels.webhooks.commands import COMMANDS

    return COMMANDS


CHANNEL = Channel(
    name="webhooks",
    room=Room("webhooks", Path(__file__).parent / "sql"),
    settings=[SecretSettings],
    setting_patterns=[PATTERN],
    subscribe=subscribe,
    announce=announce,
    routes=_routes,
    commands=_commands,
)

__all__ = ["CHANNEL", "Answer", "Event"]
