"""Email: what you send goes out once it can, and what other programs send comes in by SMTP.

`Email` is the message (message.py makes its bytes), `send.py` makes an attempt by a provider from
`providers/`, `receive.py` is SMTP-in, `sql/` is where it all is stored. An email is a row, its
recipients are rows, its bytes never change; the queue it waits in knows nothing of it. `feedback/`
hears what became of it later, `suppression.py` and `unsubscribe.py` know who gets no more, and
`privacy.py` how long it is kept.
"""

from collections.abc import Sequence
from pathlib import Path

from holdfast.channel import Channel, Handler, Hearing, Server, Services
from holdfast.channels.email.feedback.hear import PROVIDERS
from holdfast.channels.email.message import Email, send
from holdfast.channels.email.settings import EmailSettings
from holdfast.channels.email.unsubscribe import LinkSettings, routes
from holdfast.command import Command
from holdfast.database import Call, Room

__all__ = ["CHANNEL", "Email"]


def _handlers(services: Services) -> Sequence[Handler]:
    from holdfast.channels.email.send import handlers

    return handlers(services)


def _hears(services: Services) -> Sequence[Hearing]:
    from holdfast.channels.email.feedback.hear import hears

    return hears(services)


def _maintain(_services: Services) -> Sequence[Call[object]]:
    return [Call("email_upkeep_step")]


def _servers(services: Services) -> Sequence[Server]:
    from holdfast.channels.email.receive import servers

    return servers(services)


def _commands() -> Sequence[Command]:
    from holdfast.channels.email import commands, privacy, suppression

    return [*commands.COMMANDS, *privacy.COMMANDS, *suppression.COMMANDS]


CHANNEL = Channel(
    name="email",
    room=Room("email", Path(__file__).parent / "sql"),
    settings=(EmailSettings, LinkSettings),
    setting_patterns=(PROVIDERS,),
    handlers=_handlers,
    hears=_hears,
    routes=routes,
    maintain=_maintain,
    servers=_servers,
    sends={Email: send},
    commands=_commands,
)
