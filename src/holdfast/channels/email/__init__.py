"""Email: what you send goes out once it can, and what other programs send comes in by SMTP.

`Email` is the message (message.py makes its bytes), `send.py` makes an attempt by a provider from
`providers/`, `receive.py` is SMTP-in, `sql/` is where it all is stored. An email is a row, its
recipients are rows, its bytes never change; the queue it waits in knows nothing of it.
"""

from collections.abc import Sequence
from pathlib import Path

from holdfast.channel import Channel, Handler, Server, Services
from holdfast.channels.email.attachment import Attachment
from holdfast.channels.email.change import Cancelled, cancel, resend
from holdfast.channels.email.message import Email, preview, send
from holdfast.channels.email.settings import EmailSettings
from holdfast.channels.email.templates import Template, from_database
from holdfast.command import Command
from holdfast.database import Room

__all__ = [
    "CHANNEL",
    "Attachment",
    "Cancelled",
    "Email",
    "Template",
    "cancel",
    "from_database",
    "preview",
    "resend",
]


def _handlers(services: Services) -> Sequence[Handler]:
    from holdfast.channels.email.send import handlers

    return handlers(services)


def _servers(services: Services) -> Sequence[Server]:
    from holdfast.channels.email.receive import servers

    return servers(services)


def _commands() -> Sequence[Command]:
    from holdfast.channels.email.commands import COMMANDS

    return COMMANDS


CHANNEL = Channel(
    name="email",
    room=Room("email", Path(__file__).parent / "sql"),
    settings=(EmailSettings,),
    handlers=_handlers,
    servers=_servers,
    sends={Email: send},
    commands=_commands,
)
