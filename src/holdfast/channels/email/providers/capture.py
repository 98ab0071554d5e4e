"""Without a server to send by, mail is captured: kept here, to be looked at, and never sent."""

from collections.abc import Sequence

from holdfast.channels.email.providers.provider import Envelope, MayGo, Outcome, freely
from holdfast.policy.verdict import Delivered

_ANSWER = "captured here; set HOLDFAST_SMTP_URL to send mail out"


class Capture:
    """The provider of a machine that has no other."""

    most = places = 1000
    window_s = 0.0

    def cost(self, recipients: int) -> int:  # noqa: ARG002
        """Nobody counts."""
        return 1

    async def deliver(self, envelope: Envelope, may_go: MayGo = freely) -> Sequence[Outcome]:
        """Everything is captured."""
        await may_go()
        return [
            Outcome(address, Delivered(_ANSWER), answer=_ANSWER, captured=True)
            for address in envelope.recipients
        ]

    async def close(self) -> None:
        """Nothing is open."""
