"""One attempt by an HTTP API: one request for as many recipients as one request may have.

A provider is a subclass that says what differs: `build` makes the request, `receipt` reads the id
that the message was given, `words` reads a refusal, `table` says what its own codes mean. Refused
together: when the API's words name some of the recipients, those are refused, and the others go on
without them. When they speak of an address and name none, each recipient gets a request of its own.
"""

import asyncio
import hashlib
import json
import re
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any, ClassVar, Final, TypeVar

from holdfast.channels.email.address import mask
from holdfast.channels.email.providers.http.call import Answer, Caller, NoAnswer, Request
from holdfast.channels.email.providers.http.content import visible
from holdfast.channels.email.providers.http.endpoint import Endpoint
from holdfast.channels.email.providers.http.verdicts import Judge, judged, wish
from holdfast.channels.email.providers.provider import (
    Envelope,
    MayGo,
    Outcome,
    freely,
    in_ascii_domains,
)
from holdfast.policy.answers import CREDENTIALS_AFTER
from holdfast.policy.verdict import Dead, Delivered, Retry, Snooze, Unknown, Verdict
from holdfast.redaction import scrub

_TAKEN: Final = range(200, 300)
_LONGEST: Final = 300
_MOST_WORDS: Final = 4000
_MAY_BE: Final = "the whole message was sent and no answer came; it may have been taken"
_LARGE: Final = 256 * 1024
_LONG_HEAD: Final = 8 * 1024  # to parse a thousand addresses takes as long as 25 MB of attachment
# Words that speak of a recipient, and not of the sender or of the content.
_OF_A_RECIPIENT: Final = re.compile(
    r"(?!.*\b(?:from|sender|reply.?to)\b).*(?:address|recipient|mailbox|destination"
    r"|[`'\"](?:to|cc|bcc)[`'\"]|\b(?:to|cc|bcc) (?:parameter|field)|\bvalid in (?:to|cc|bcc)\b)",
    re.IGNORECASE | re.DOTALL,
)
_NOTHING_NAMED: Final[Mapping[str, str]] = {}
Words = tuple[str, str | None]
T = TypeVar("T")


class HttpProvider:
    """A provider with an HTTP API. See `Provider` for what it promises.

    Attributes:
        title: how it is called.
        window_s: how long it remembers an idempotency key.
        most_recipients: how many recipients one request may have.
        names_somebody: its form has to have somebody in `to`, so nobody may be hidden in company.
        table: what its own errors mean, before what holds for all.
    """

    title: ClassVar[str]
    window_s: float = 0.0
    most_recipients: ClassVar[int]
    names_somebody: ClassVar[bool] = False
    table: ClassVar[Sequence[tuple[re.Pattern[str], Judge]]] = ()

    def __init__(self, endpoint: Endpoint, now: Callable[[], datetime] | None = None) -> None:
        self.endpoint = endpoint
        self.most = self.places = endpoint.most
        self.now = now or (lambda: datetime.now(UTC))
        self._caller = Caller(most=endpoint.most, use_proxy=endpoint.use_proxy)

    def cost(self, recipients: int) -> int:
        """A request counts once."""
        return -(-recipients // self.most_recipients)

    def build(self, envelope: Envelope) -> Request:
        """The request for all recipients of this envelope; the same every time."""
        raise NotImplementedError

    def receipt(self, answer: Answer) -> str | None:
        """The id that the message was given; None if this is not how the API says "taken"."""
        raise NotImplementedError

    def words(self, answer: Answer) -> Words:
        """The code and the words of a refusal; the words are None if the API does not talk so."""
        raise NotImplementedError

    def named(self, envelope: Envelope, words: str) -> Mapping[str, str]:
        """Which recipients the words speak of, with what is said of each."""
        found = words.lower()
        return {
            address: words
            for address in envelope.recipients
            if re.search(rf"(?<![\w.+-]){re.escape(address.lower())}(?![\w.-]*\w)", found)
        }

    async def deliver(self, envelope: Envelope, may_go: MayGo = freely) -> Sequence[Outcome]:
        """Try once, within the provider's `timeout`, however many requests that takes."""
        return await in_ascii_domains(envelope, lambda plain: self._deliver(plain, may_go))

    async def _deliver(self, envelope: Envelope, may_go: MayGo) -> Sequence[Outcome]:
        await may_go()
        loop = asyncio.get_running_loop()
        deadline = loop.time() + self.endpoint.timeout_s
        outcomes: dict[str, Outcome] = {}
        stop: Snooze | None = None
        shares = deque(await _aside(self._shares, envelope))
        while shares:
            share = shares.popleft()
            stop = stop or _stop(outcomes, deadline - loop.time())
            if stop is None:
                try:
                    found = await self._attempt(share, max(0.001, deadline - loop.time()))
                except asyncio.CancelledError:
                    if not outcomes:
                        raise
                    stop = Snooze("not tried: we were stopped")  # some have it: that is told
                else:
                    outcomes |= {outcome.address: outcome for outcome in found}
                    if not found:
                        shares.extendleft(_alone(share))
            if stop is not None:
                outcomes |= {a: Outcome(a, stop, answer=stop.because) for a in share.recipients}
        return [outcomes[address] for address in envelope.recipients]

    async def close(self) -> None:
        """Close the connections."""
        await self._caller.close()

    def _shares(self, envelope: Envelope) -> list[Envelope]:
        """The envelope, divided so that each part is one request and nobody hidden is seen."""
        alone: list[str] = []
        together = list(envelope.recipients)
        if self.names_somebody and len(together) > 1:
            seen = visible(envelope)
            together.sort(key=lambda address: address.lower() not in seen)
            shown = sum(address.lower() in seen for address in together)
            reach = -(-shown // self.most_recipients) * self.most_recipients
            together, alone = together[:reach], together[reach:]
        step = self.most_recipients
        groups = [together[at : at + step] for at in range(0, len(together), step)]
        groups += [[address] for address in alone]
        return [replace(envelope, recipients=tuple(group)) for group in groups]

    async def _attempt(self, envelope: Envelope, timeout_s: float) -> Sequence[Outcome]:
        """The outcomes of one request; none if it has to be divided to tell who was refused."""
        try:
            request = await _aside(self.build, envelope)
        except Exception as error:  # noqa: BLE001  whatever bytes do to a parser, they stay here
            because = f"it cannot be made a request to {self.title}: {type(error).__name__}"
            return _for_all(envelope, Dead(because), None, because)
        answer = await self._caller.post(request, timeout_s)
        if isinstance(answer, NoAnswer):
            verdict = self._silence(answer)
            return _for_all(envelope, verdict, None, getattr(verdict, "because", ""))
        if answer.status in _TAKEN:
            return self._taken(envelope, answer)
        return self._refused(envelope, answer)

    def _silence(self, silence: NoAnswer) -> Verdict:
        because = f"{self.title}: {_clean(silence.because)}"
        if silence.tls and not silence.sent:
            return Snooze(f"TLS failed: {because}", CREDENTIALS_AFTER, outage=True)
        if silence.sent:
            text = f"{_MAY_BE}: {because}"
            return Unknown(text[:_LONGEST], outage=True)
        return Retry(because, outage=True)

    def _taken(self, envelope: Envelope, answer: Answer) -> Sequence[Outcome]:
        receipt = self.receipt(answer) if answer.whole else None
        status = _status(answer)
        if receipt is None:
            because = f"{status} came, but not as {self.title} answers; it may have been taken"
            return _for_all(envelope, Unknown(because), answer.status, because)
        left_out = self.left_out(envelope, answer)
        receipt = "".join(c for c in receipt[:_LONGEST] if c.isprintable())
        said = f"{status} {receipt}".strip()
        taken = _for_all(envelope, Delivered(said), answer.status, said)
        taken = [replace(outcome, provider_message_id=receipt or None) for outcome in taken]
        return [_dead(o, left_out[o.address]) if o.address in left_out else o for o in taken]

    def left_out(self, envelope: Envelope, answer: Answer) -> Mapping[str, str]:  # noqa: ARG002
        """Who did not get it although the message was taken."""
        return _NOTHING_NAMED

    def _refused(self, envelope: Envelope, answer: Answer) -> Sequence[Outcome]:
        code, words = self.words(answer)
        said = _clean(f"{_status(answer)}: {code} {words or ''}".rstrip(": "))
        after = wish(answer.headers, words or "", now=self.now())
        verdict = judged(self.table, answer.status, code, (words or None), said, after)
        outcomes = _for_all(envelope, verdict, answer.status, said)
        if isinstance(verdict, Dead) and len(outcomes) > 1:
            named = self.named(envelope, words or "")
            if 0 < len(named) < len(outcomes):
                others = Snooze("somebody else was refused; it goes on without them", 0.0)
                return [
                    _dead(o, named[o.address]) if o.address in named else replace(o, verdict=others)
                    for o in outcomes
                ]
            if not named and _OF_A_RECIPIENT.match(words or ""):
                return ()
        return outcomes


async def _aside(make: Callable[[Envelope], T], envelope: Envelope) -> T:
    """What is made of the message; of one that takes long to parse, beside the event loop."""
    raw = envelope.raw
    if len(raw) > _LARGE or (len(raw) > _LONG_HEAD and raw.find(b"\r\n\r\n", 0, _LONG_HEAD) < 0):
        return await asyncio.to_thread(make, envelope)
    return make(envelope)


def key_of(envelope: Envelope) -> str:
    """The idempotency key: this email, for these recipients."""
    recipients = "\n".join(sorted(envelope.recipients))
    return f"{envelope.id}-{hashlib.sha256(recipients.encode()).hexdigest()[:16]}"


def document(answer: Answer) -> Any:
    """The answer as JSON; None if it is none, or not all of it."""
    try:
        return json.loads(answer.body) if answer.whole else None
    except (ValueError, RecursionError):
        return None


def text_at(found: Any, *names: str) -> str:
    """The first text or number of these names in a JSON object; empty if there is none."""
    if isinstance(found, Mapping):
        for name in names:
            if isinstance(found.get(name), str | int) and found[name] != "":
                return str(found[name])
    return ""


def as_json(form: Mapping[str, Any]) -> bytes:
    """The body of a request; the same form gives the same bytes."""
    return json.dumps(form, ensure_ascii=False, separators=(",", ":")).encode(errors="replace")


def _stop(outcomes: Mapping[str, Outcome], left_s: float) -> Snooze | None:
    """Why the rest is not tried: the provider is out of order, or the time is over.

    Also once a request is in doubt: if no more than one is, it can be made again as it was.
    """
    for outcome in outcomes.values():
        if isinstance(outcome.verdict, Unknown) and not outcome.verdict.outage:
            return Snooze(f"not tried, because of others: {outcome.answer}")
        if getattr(outcome.verdict, "outage", False):
            after = getattr(outcome.verdict, "after", None)
            return Snooze(f"not tried, because of others: {outcome.answer}", after, outage=True)
    return Snooze("not tried: the others took all the time") if left_s <= 0 else None


def _alone(share: Envelope) -> list[Envelope]:
    """A request for each; the last one first, as `extendleft` wants it."""
    return [replace(share, recipients=(address,)) for address in reversed(share.recipients)]


def _for_all(envelope: Envelope, verdict: Verdict, code: int | None, answer: str) -> list[Outcome]:
    return [Outcome(address, verdict, code, answer) for address in envelope.recipients]


def _dead(outcome: Outcome, words: str) -> Outcome:
    said = _clean(words)
    return replace(
        outcome, verdict=Dead(said), answer=said, provider_message_id=None, personal=True
    )


def _status(answer: Answer) -> str:
    try:
        return f"HTTP {answer.status} {HTTPStatus(answer.status).phrase}"
    except ValueError:
        return f"HTTP {answer.status}"


def _clean(text: str) -> str:
    """What the other side said, fit to be stored: one line, no address, no secret of ours."""
    printable = "".join(c if c.isprintable() else " " for c in text[:_MOST_WORDS])
    return scrub(mask(" ".join(printable.split())))[:_LONGEST].rstrip()
