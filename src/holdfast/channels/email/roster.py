"""The providers there are, and which of them an email goes to.

    HOLDFAST_SMTP_URL=smtp://…                        the one provider, called smtp
    HOLDFAST_EMAIL_PROVIDER_SES=ses://…?weight=3      as many as there are, by names of your own
    HOLDFAST_EMAIL_PROVIDER_RESEND=resend://…?tier=2  asked when those of tier 1 are out of order

Within a tier an email goes to one by weight, and to the same one again when it is tried again. The
next is asked only when a provider itself is out of order and certainly has not taken the message:
neither a refused address nor silence sends it elsewhere.
"""

import asyncio
import random
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from uuid import UUID

from pydantic import SecretStr

from holdfast.channels.email.providers import http
from holdfast.channels.email.providers.capture import Capture
from holdfast.channels.email.providers.provider import Provider
from holdfast.channels.email.providers.url import ProviderUrl, provider_url
from holdfast.channels.email.settings import PATTERN, EmailSettings
from holdfast.database import Database
from holdfast.errors import ConfigError
from holdfast.limits.breaker import Breaker
from holdfast.settings import named

_UNITS = {"s": 1, "second": 1, "m": 60, "minute": 60, "h": 3600, "hour": 3600, "day": 86_400}
_MOST_WEIGHT = 1000
_MOST_RATE = 1_000_000
_SHAPE = "smtp://user:password@host:port?tier=1&weight=1&rate=14/s&timeout=30"


class Slot:
    """The right to leave an email in doubt, taken when the provider can no longer turn back."""

    def __init__(self, slots: asyncio.Semaphore) -> None:
        self._slots = slots
        self._is_taken = False

    async def take(self) -> None:
        """Wait for one; a second time it is there already."""
        if not self._is_taken:
            await self._slots.acquire()
            self._is_taken = True

    def give_back(self) -> None:
        """It is recorded who has the email, or nobody has it."""
        if self._is_taken:
            self._is_taken = False
            self._slots.release()


@dataclass(frozen=True, slots=True)
class Entry:
    """A provider with its place in the list.

    `places` bounds how many messages are handed over at a time, `slots` of how many it is not
    recorded yet what became of them. `rate`: messages a second, as its URL says, for all workers
    together.
    """

    name: str
    provider: Provider
    breaker: Breaker
    places: asyncio.Semaphore
    slots: asyncio.Semaphore
    tier: int = 1
    weight: int = 1
    rate: float | None = None

    @asynccontextmanager
    async def slot(self) -> AsyncIterator[Slot]:
        """A slot for one attempt, given back at its end; nobody has to take it."""
        slot = Slot(self.slots)
        try:
            yield slot
        finally:
            slot.give_back()


@dataclass(frozen=True, slots=True)
class Roster:
    """All providers of this process."""

    entries: Sequence[Entry] = field(default_factory=tuple)

    def __iter__(self) -> Iterator[Entry]:
        return iter(self.entries)

    def __len__(self) -> int:
        return len(self.entries)

    def named(self, name: str) -> Entry | None:
        """The provider of that name, if there still is one."""
        return next((entry for entry in self.entries if entry.name == name), None)

    def order(self, email_id: UUID) -> Sequence[Entry]:
        """Whom to ask for this email, and whom if that one is out of order; the same every time."""
        if len(self.entries) == 1:
            return self.entries
        chance = random.Random(email_id.int)  # noqa: S311  the same email, the same order
        drawn = [(e.tier, -(chance.random() ** (1 / e.weight)), e) for e in self.entries]
        return [entry for _, _, entry in sorted(drawn, key=lambda found: found[:2])]


def roster(settings: EmailSettings, database: Database) -> Roster:
    """The list that the environment makes; without any, mail is captured here.

    Raises:
        ConfigError: a variable cannot be understood; the message names it and not the secret.
    """
    urls = [
        provider_url(found[1].lower(), SecretStr(value), variable, _SHAPE)
        for variable, value in sorted(named(PATTERN).items())
        if value and (found := PATTERN.fullmatch(variable))
    ]
    if settings.smtp_url is not None:
        from holdfast.channels.email.providers.smtp.server import SHAPE

        urls.append(provider_url("smtp", settings.smtp_url, "HOLDFAST_SMTP_URL", SHAPE))
    if len({url.name for url in urls}) < len(urls):
        raise ConfigError("HOLDFAST_EMAIL_PROVIDER_SMTP and HOLDFAST_SMTP_URL are the same name")
    made = [_entry(url, database) for url in urls]
    return Roster(made or [entry("capture", Capture(), database)])


def entry(
    name: str, provider: Provider, database: Database, tier: int = 1, weight: int = 1,
    rate: float | None = None,
) -> Entry:  # fmt: skip
    """A provider with its breaker, its places and its slots."""
    places, slots = asyncio.Semaphore(provider.places), asyncio.Semaphore(provider.most)
    breaker = Breaker(database, f"email:{name}")
    return Entry(name, provider, breaker, places, slots, tier, weight, rate)


def _entry(url: ProviderUrl, database: Database) -> Entry:
    tier = url.number("tier", 1, _MOST_WEIGHT)
    weight = url.number("weight", 1, _MOST_WEIGHT)
    rate = _rate(url)
    make = FACTORIES.get(url.scheme)
    if make is None:
        raise url.unusable(
            f"{url.scheme[:20]!r} is no kind of provider; known: {', '.join(FACTORIES)}"
        )
    return entry(
        url.name, make(url.without("tier", "weight", "rate")), database, tier, weight, rate
    )


def _rate(url: ProviderUrl) -> float | None:
    """Messages a second: `14`, `14/s`, `300/minute`, `200/day`."""
    text = url.options.get("rate")
    if text is None:
        return None
    count, _, unit = text.partition("/")
    is_number = count.isascii() and count.isdigit() and 0 < int(count) <= _MOST_RATE
    if not is_number or unit not in {"", *_UNITS}:
        raise url.unusable("rate is a number of messages per s, minute, hour or day, such as 14/s")
    return int(count) / _UNITS[unit or "s"]


def _smtp(url: ProviderUrl) -> Provider:
    from holdfast.channels.email.providers.smtp.provider import Smtp
    from holdfast.channels.email.providers.smtp.server import server_at

    return Smtp(server_at(url))


def _capture(url: ProviderUrl) -> Provider:
    url.known()
    return Capture()


FACTORIES: Mapping[str, Callable[[ProviderUrl], Provider]] = {
    "smtp": _smtp,
    "smtps": _smtp,
    "capture": _capture,
    **http.FACTORIES,
}
"""What makes a provider, by the scheme of its URL."""
