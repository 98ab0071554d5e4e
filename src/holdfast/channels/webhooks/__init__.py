"""Webhooks: what comes in is verified, stored as it came, and handled with retries.

`receive.py` answers the sender, `signature.py` knows whom to believe, `event.py` what the body says
about itself, `handle.py` runs the handlers, `settings.py` names the sources.
"""

from collections.abc import Sequence
from pathlib import Path

from holdfast.channel import Channel, Route, Services
from holdfast.channels.webhooks.handle import Event, announce, subscribe
from holdfast.channels.webhooks.receive import Receiver
from holdfast.channels.webhooks.secrets import SecretSettings
from holdfast.channels.webhooks.settings import PATTERN, sources
from holdfast.command import Command
from holdfast.database import Room


def _routes(services: Services) -> Sequence[Route]:
    return [Route("POST", "/webhooks/{source}", Receiver(services.database, sources()))]


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

__all__ = ["CHANNEL", "Event"]
