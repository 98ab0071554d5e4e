"""What a provider is: it takes an envelope and says what became of each address."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol
from uuid import UUID

from holdfast.channels.email.address import in_ascii
from holdfast.policy.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Envelope:
    """One message and who is still to get it. The bytes are the same at every attempt.

    `made` keeps what was made of the bytes, for all the envelopes that this one is divided into.
    """

    id: UUID
    message_id: str
    sender: str
    recipients: tuple[str, ...]
    raw: bytes
    made: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one address.

    `verdict` tells what it means; `code` and `answer` are what the other side said, with addresses
    masked. `captured`: it was kept here and never left. `suppressed`: nobody was asked.
    `personal`: the answer speaks of this address alone, not of the sender or the whole message.
    `provider_message_id` is what the provider calls it, and will call it when it reports later.
    """

    address: str
    verdict: Verdict
    code: int | None = None
    answer: str = ""
    captured: bool = False
    provider_message_id: str | None = None
    suppressed: bool = False
    personal: bool = False


MayGo = Callable[[], Awaitable[None]]
"""Awaited by a provider when it can still turn back: after it the message may have been taken."""


async def freely() -> None:
    """Nobody has to be asked."""


async def in_ascii_domains(
    envelope: Envelope, deliver: Callable[[Envelope], Awaitable[Sequence[Outcome]]]
) -> Sequence[Outcome]:
    """Deliver with domains in ASCII, which need no SMTPUTF8; the outcomes have those that came."""
    if envelope.sender.isascii() and all(map(str.isascii, envelope.recipients)):
        return await deliver(envelope)
    plain = {address: in_ascii(address) for address in envelope.recipients}
    recipients = tuple(dict.fromkeys(plain.values()))
    envelope = replace(envelope, sender=in_ascii(envelope.sender), recipients=recipients)
    outcomes = {outcome.address: outcome for outcome in await deliver(envelope)}
    return [replace(outcomes[known], address=address) for address, known in plain.items()]


class Provider(Protocol):
    """A way out; used by one event loop.

    Attributes:
        most: of how many messages at most nobody knows whether they were taken. As many may be sent
            twice when a worker is killed.
        places: how many are handed over at the same time: those, and what is prepared meanwhile.
        window_s: how long the other side knows a message that it is given again, by its key; in
            that time it sends none twice. 0 if it does not.
    """

    most: int
    places: int
    window_s: float

    def cost(self, recipients: int) -> int:
        """As how many messages the other side counts one to so many recipients."""
        ...

    async def deliver(self, envelope: Envelope, may_go: MayGo = freely) -> Sequence[Outcome]:
        """Try once; one outcome for each recipient, in their order.

        Whatever goes wrong on the way is an outcome and not an exception. If the attempt is
        cancelled after the message may have been taken, the outcome is `Unknown`. What `may_go`
        raises goes to the caller, and nothing was sent.
        """
        ...

    async def close(self) -> None:
        """Close what is open."""
        ...
