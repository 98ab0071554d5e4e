"""What the CLI says about email: a file for each thing one does."""

from holdfast.channels.email.commands import providers, send, show

COMMANDS = (*send.COMMANDS, *show.COMMANDS, *providers.COMMANDS)
