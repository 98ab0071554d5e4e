"""The README's walk, as a stranger walks it."""

import asyncio
from email import message_from_bytes

from aiosmtpd.controller import Controller
from tests.serving import free_port

from holdfast.database.embedded import EmbeddedServer

REAL_SERVER = "smtp://user:password@smtp.example.com:587"


class Inbox:
    """What a real SMTP server has taken."""

    def __init__(self):
        self.taken = []

    async def handle_DATA(self, _server, _session, envelope):  # noqa: N802  (aiosmtpd's name)
        self.taken.append(envelope)
        return "250 2.0.0 taken"


async def test_the_walk(blocks_of, shell, at_rest, eventually):
    """Pasting the README's commands one after the other shows what the README shows."""
    walk = [b for b in blocks_of("README.md") if b.language == "sh" and b.is_run]
    terminal = shell()
    inbox = Inbox()
    port = free_port()
    server = Controller(inbox, hostname="127.0.0.1", port=port, ready_timeout=60)
    server.start()
    terminal.replaced[REAL_SERVER] = f"smtp://127.0.0.1:{port}"
    embedded = EmbeddedServer(terminal.folder / ".holdfast")
    try:
        for block in walk[1:]:  # the first one is `make up` alone, as the next one with an app
            await asyncio.to_thread(terminal.run, block)
            if block.mark == "in the background" and "make up" in block.text:
                dsn = await asyncio.to_thread(embedded.ensure)
            await at_rest(dsn)
        [mail] = [b for b in walk if "smtplib" in b.text]
        await asyncio.to_thread(terminal.run, mail)  # "and send the mail again"
        await eventually(lambda: inbox.taken)
    finally:
        embedded.release()
        server.stop()
    [envelope] = inbox.taken
    message = message_from_bytes(envelope.content)
    assert envelope.rcpt_tos == ["ann@example.com"]
    assert message["Subject"] == "Your parcel is on its way"
    assert message["Message-ID"]
