"""A source: one sender, its scheme, its secrets and what it may do."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from holdfast.channels.webhooks.schemes.scheme import Described, Scheme, Secret

NAME: Final = re.compile(r"[a-z0-9][a-z0-9_.-]{0,62}")
"""What the database takes as a name; one of the environment may be another."""


@dataclass(frozen=True, slots=True)
class Dated:
    """A secret and when it is good, in Unix seconds; None means without end."""

    secret: Secret
    not_before: float | None = None
    not_after: float | None = None

    def is_good(self, now: float) -> bool:
        """Whether it may verify something now."""
        return (self.not_before is None or self.not_before <= now) and (
            self.not_after is None or now < self.not_after
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One sender. Without a secret it exists, and everything it sends is answered with 500.

    Attributes:
        tolerance: seconds that a signature may be old, or early.
        public_url: the address that the sender posts to, where its scheme signs that.
        livemode: what its events are expected to say; the other kind is stored and held.
        accounts: likewise; None takes any.
        max_body: bytes; a larger body is refused while it streams in.
        rate: requests per second, in each process; None is no limit.
        revive: an event that is sent again after its jobs died replays them.
        retention: how long events are kept, such as "30 days"; None is 90 days.
        silence: alert when nothing came for so many times the longest usual gap; 0 never, None too.
        redact_paths, redact_headers, redact_after: what is taken out of its events, and when.
        trouble: why one of its secrets cannot be had; empty if all can.
        shared: it stands in the database, and can change while we run.
    """

    name: str
    scheme: Scheme
    scheme_name: str
    secrets: tuple[Dated, ...] = ()
    tolerance: float = 300.0
    public_url: str = ""
    livemode: bool | None = None
    accounts: tuple[str, ...] | None = None
    max_body: int = 1_048_576
    rate: int | None = None
    revive: bool = False
    retention: str | None = None
    silence: float | None = None
    redact_paths: tuple[str, ...] = ()
    redact_headers: tuple[str, ...] = ()
    redact_after: str | None = None
    trouble: str = ""
    shared: bool = False

    def __repr__(self) -> str:
        return f"Source({self.name!r}, {self.scheme_name}, {len(self.secrets)} secret(s))"

    def active(self, now: float) -> Sequence[Secret]:
        """The secrets that are good at that Unix time."""
        return [dated.secret for dated in self.secrets if dated.is_good(now)]

    def address(self, url: str) -> str:
        """What the sender posted to, where that is not what we see: with the query of that."""
        query = url.partition("?")[2]
        if not self.public_url or not query or "?" in self.public_url:
            return self.public_url or url
        return f"{self.public_url}?{query}"

    def why_held(self, described: Described) -> str | None:
        """Why a person has to look at an event before anything is done about it; None if not."""
        if self.livemode is not None and described.livemode not in {None, self.livemode}:
            kinds = {True: "live", False: "test"}
            return (
                f"it is a {kinds[not self.livemode]} event, "
                f"this source expects {kinds[self.livemode]} ones"
            )
        if self.accounts is not None and (described.account or "") not in self.accounts:
            return "its account is none of those that this source expects"
        return None
