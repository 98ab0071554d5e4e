"""Email: what you send goes out once it can, and what other programs send comes in by SMTP.

`Email` is the message (message.py makes its bytes), `send.py` makes an attempt by a provider of the
`roster.py` from `providers/`, `smtp_in/` is SMTP-in, `sql/` is where it all is stored. An email is
a row, its recipients are rows, its bytes never change; the queue it waits in knows nothing of it.
`feedback/` hears what became of it later, `suppression.py` and `unsubscribe.py` know who gets no
more, and `privacy.py` how long it is kept.
"""

from collections.abc import Sequence
from pathlib import Path

from holdfast.channel import Channel, Handler, Hearing, Server, Services
from holdfast.channels.email.attachment import Attachment
from holdfast.channels.email.change import Cancelled, cancel, reschedule, resend
from holdfast.channels.email.message import Email, preview, send, takes_long
from holdfast.channels.email.settings import PATTERN, EmailSettings
from holdfast.channels.email.templates import Template, from_database
from holdfast.channels.email.unsubscribe import LinkSettings, routes
from holdfast.command import Command
from holdfast.database import Call, Room
from holdfast.operation import Operation

__all__ = [
    "CHANNEL",
    "Attachment",
    "Cancelled",
    "Email",
    "Template",
    "cancel",
    "from_database",
    "preview",
    "reschedule",
    "resend",
]


def _handlers(services: Services) -> Sequence[Handler]:
    from holdfast.channels.email.send import handlers

    return handlers(services)


def _hears(services: Services) -> Sequence[Hearing]:
    from holdfast.channels.email.feedback.hear import hears

    return hears(services)


def _announce(services: Services) -> Sequence[Call[object]]:
    """The rates that the providers' URLs give, so that all workers keep them together."""
    from holdfast.channels.email.paces import set_pace
    from holdfast.channels.email.roster import roster
    from holdfast.settings import read

    providers = roster(read(EmailSettings), services.database)
    return [
        set_pace(f"provider:{e.name}", e.rate, keep_learned=True)
        for e in providers
        if e.rate is not None
    ]


def _operations() -> Sequence[Operation]:
    from holdfast.channels.email.operations import OPERATIONS

    return OPERATIONS


def _maintain(_services: Services) -> Sequence[Call[object]]:
    return [Call("email_upkeep_step")]


def _servers(services: Services) -> Sequence[Server]:
    from holdfast.channels.email.smtp_in.server import servers

    return servers(services)


def _commands() -> Sequence[Command]:
    from holdfast.channels.email import commands, privacy, suppression
    from holdfast.channels.email.smtp_in.commands import COMMANDS

    found = [*commands.COMMANDS, *privacy.COMMANDS, *suppression.COMMANDS, *COMMANDS]
    return sorted(found, key=lambda command: command.noun)  # the verbs of one noun come together


CHANNEL = Channel(
    name="email",
    room=Room("email", Path(__file__).parent / "sql"),
    settings=(EmailSettings, LinkSettings),
    setting_patterns=(PATTERN,),
    handlers=_handlers,
    hears=_hears,
    announce=_announce,
    routes=routes,
    operations=_operations,
    maintain=_maintain,
    servers=_servers,
    sends={Email: send},
    takes_long=takes_long,
    commands=_commands,
    nouns={
        "email": "Emails: send, find, resend, cancel, erase.",
        "email dkim": "The DNS records of the keys that mail is signed with.",
        "email limits": "How fast mail may go, by provider, domain or tenant.",
        "email logins": "Who may send mail through SMTP-in from other machines.",
        "email providers": "What mail goes out by, and how it is.",
        "email suppressions": "Who gets no more mail, and why.",
        "email templates": "Templates that are kept in the database.",
    },
    queues=("email",),
    kinds=("email",),
)
