"""What the CLI says about email: a file for each thing one does."""

from holdfast.channels.email.commands import send, show

COMMANDS = (*send.COMMANDS, *show.COMMANDS)
