"""One report of a provider about one address, in one form for all providers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

Kind = Literal[
    "delivered",  # the receiver's server has taken it; it may still bounce
    "delayed",  # not yet; the provider goes on trying
    "opened",  # somebody, or a program that looks at mail, has loaded its images
    "clicked",  # likewise, a link in it
    "unsubscribed",  # the person wants no more mail of this list
    "soft_bounced",  # not delivered, for a reason that passes: mailbox full, server busy
    "bounced",  # not delivered, and it never will be
    "rejected",  # the provider did not even try: its own list, its own filter
    "complained",  # the person called it spam
]

DEAD_MAILBOX_CODES: Final = frozenset({"5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1"})
"""Enhanced status codes (RFC 3463, RFC 7505) that say: there is no such mailbox, or not any more.

5.7.* is not among them, and must not be: there the server has something against the sender or the
message, and the mailbox lives.
"""


@dataclass(frozen=True, slots=True)
class Feedback:
    """What became of an email at one address, as the provider reports it.

    Attributes:
        event_id: the provider's own id of this report, or a hash of what makes it one; a report
            that comes twice has the same.
        kind: what happened.
        address: whose email it was.
        at: when it happened, by the provider's clock (aware).
        message_id: our Message-ID, with its brackets, where it is reported.
        provider_message_id: the provider's id of the email, where it is reported.
        code: the enhanced status code, such as 5.1.1.
        because: the receiver's words, or the provider's.
        dead_mailbox: it bounced, and the mailbox is gone: by the code, or because the provider says
            that it is the mailbox and for ever. Nothing more is sent to such an address.
    """

    event_id: str
    kind: Kind
    address: str
    at: datetime
    message_id: str | None = None
    provider_message_id: str | None = None
    code: str | None = None
    because: str = ""
    dead_mailbox: bool = False


class PartlyRead(ValueError):
    """Some reports of a batch can be read and some cannot; the message says why not.

    Attributes:
        reports: those that can be read.
        unread: how many cannot.
    """

    def __init__(self, reports: Sequence[Feedback], unread: int, why: str) -> None:
        super().__init__(why)
        self.reports = reports
        self.unread = unread


def is_dead_mailbox(code: str | None) -> bool:
    """Whether this enhanced status code says that the mailbox is gone."""
    return code in DEAD_MAILBOX_CODES
