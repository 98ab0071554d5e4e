"""Messages for the tests of the SMTP client, and what became of them."""

from uuid import uuid4

from holdfast.channels.email.providers.provider import Envelope

PIPELINING = "250-test\r\n250 PIPELINING"
ANN, BEN, CLEO = "ann@example.com", "ben@example.com", "cleo@example.com"


def envelope(*to, raw=b"Subject: x\r\n\r\nHello\r\n"):
    """A message to Ann, or to those named."""
    return Envelope(uuid4(), "<1@example.com>", "me@example.com", to or (ANN,), raw)


async def verdicts(provider, *to, raw=b"Subject: x\r\n\r\nHello\r\n"):
    """What became of each address."""
    return [outcome.verdict for outcome in await provider.deliver(envelope(*to, raw=raw))]
