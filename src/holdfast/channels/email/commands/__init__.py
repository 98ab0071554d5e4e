"""What the CLI says about email: a file for each thing one does."""

from holdfast.channels.email.commands import change, providers, send, show, templates

COMMANDS = (
    *send.COMMANDS,
    *show.COMMANDS,
    *change.COMMANDS,
    *templates.COMMANDS,
    *providers.COMMANDS,
)
