"""One attempt at an email: load it, hand it to a provider, record each address, say the verdict.

    load      who is still to get it, and whether an earlier attempt may have reached them
    deliver   by the first provider that is in order; by the next one only if that certainly failed
    submit    on the way, where it matters: that it goes now, committed while it can be turned back
    record    what became of each address, before the slot of the provider is given back

The slot is taken when the provider can no longer turn back, and held until it is recorded who has
the email, so that a worker that is killed leaves no more than `provider.most` emails about which
nobody knows. While one waits for that, its connection carries the next. Attempts that are at the
same step share one call to the database.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import Final

from holdfast import log
from holdfast.channel import Handler, Services
from holdfast.channels.email import store
from holdfast.channels.email.judge import (
    judge,
    knows,
    patience,
    repeated,
    undecided,
    unrecorded,
    without_settled_doubt,
)
from holdfast.channels.email.paces import Paces, scopes_of
from holdfast.channels.email.providers.provider import Envelope, Outcome
from holdfast.channels.email.roster import Entry, Roster, Slot, roster
from holdfast.channels.email.settings import EmailSettings
from holdfast.channels.email.store import Doubt, Finished, Handed, Loaded, Said
from holdfast.database import Database, Gather, insist
from holdfast.engine.model import ClaimedJob
from holdfast.errors import BreakerOpen, DatabaseUnavailable, Postponed, RateLimited
from holdfast.policy.verdict import Dead, Delivered, Hold, Retry, Settled, Snooze, Unknown, Verdict
from holdfast.settings import read

_EMAIL_ATTEMPTED = log.Event(
    "email.attempted",
    logging.INFO,
    "A provider answered for every recipient of this attempt.",
    email_id=str,
    provider=str,
    recipients=int,
    verdict=str,
)
_EMAIL_UNRECORDED = log.Event(
    "email.unrecorded",
    logging.ERROR,
    "What the server said could not be stored; the email may be sent again.",
    email_id=str,
)
KIND: Final = "email"
QUEUE: Final = "email"
_DATABASE_AFTER_S = 5.0
_BATCH = 100
_SUPPRESSED = "suppressed: on the list of those who get no mail (email suppressions list)"
_REPORTED = "the provider has reported it since"
_OTHERS_FIRST = "first those of whom it was not known whether they had it"
_EXPIRED = "it expired before it could go; nothing was sent"


class _Expired(Exception):
    """It may not go any more."""


def handlers(services: Services) -> Sequence[Handler]:
    """The handler of emails, with the providers that the settings name."""
    delivery = Delivery(services.database, roster(read(EmailSettings), services.database))
    services.closing.append(delivery.close)
    return [Handler(KIND, QUEUE, delivery.run)]


class Delivery:
    """Makes one attempt at a time; any number may run together."""

    def __init__(
        self, database: Database, providers: Roster, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._providers = providers
        self._clock = clock
        self._load = Gather(database, store.load, _BATCH)
        self._submit = Gather(database, store.submit, _BATCH)
        self._record = Gather(database, store.record, _BATCH)
        self._finish = Gather(database, store.finish, _BATCH)
        self._paces = Paces(database)
        self._storing: set[asyncio.Task[bool]] = set()

    async def run(self, job: ClaimedJob) -> Verdict:
        """The verdict on this attempt.

        Raises:
            Postponed: no provider is in order, or all are at their limits; nothing was sent.
        """
        try:
            loaded = await self._load.ask(job.id)
        except DatabaseUnavailable as error:
            return Snooze(f"nothing was sent: {error}", _DATABASE_AFTER_S)
        if loaded is None:
            return Dead("there is no email of this id: emails are made by sending one")
        if loaded.is_gone:
            return Dead("its body was taken out, so there is nothing to send; send a new one")
        until = None if loaded.expires_s is None else self._clock() + loaded.expires_s
        loaded = without_settled_doubt(await self._without_known(job, loaded))
        if not loaded.envelope.recipients:
            return judge((), loaded.refusals, None)
        asked = self._providers.named(loaded.doubt.provider) if loaded.doubt else None
        again = repeated(loaded, asked.provider if asked else None)
        wait = None if again else undecided(loaded)
        if wait is not None:
            return await self._wait(job, loaded, wait)
        # the one that may have it already is the only one that may get it again
        choice = (asked,) if asked else self._providers.order(loaded.envelope.id)
        return await self._attempt(job, loaded, choice, again or loaded.envelope.recipients, until)

    async def close(self) -> None:
        """Close the connections to all providers, after a moment for what is still to be stored."""
        if self._storing:
            await asyncio.wait(self._storing, timeout=_DATABASE_AFTER_S)
        for entry in self._providers:
            await entry.provider.close()

    # ---------------------------------------------------------------- inside

    async def _without_known(self, job: ClaimedJob, loaded: Loaded) -> Loaded:
        """Those left of whom is not known already that they have it, or are to get nothing."""
        known = [
            *(Outcome(a, Dead(_SUPPRESSED), answer=_SUPPRESSED, suppressed=True)
              for a in loaded.suppressed),
            *(Outcome(a, Delivered(_REPORTED), answer=_REPORTED)
              for a in loaded.reported if a not in loaded.suppressed),
        ]  # fmt: skip
        if not known:
            return loaded
        settled = {outcome.address for outcome in known}
        left = [a for a in loaded.envelope.recipients if a not in settled]
        doubt = loaded.doubt.provider if loaded.doubt else ""
        await self._recorded(job, doubt, known, "wait" if left and doubt else "known")
        refusals = (*loaded.refusals, *(_SUPPRESSED for _ in loaded.suppressed))
        return replace(loaded, envelope=_for(loaded.envelope, left), refusals=refusals)

    async def _attempt(
        self, job: ClaimedJob, loaded: Loaded, choice: Sequence[Entry], recipients: Sequence[str],
        until: float | None,
    ) -> Verdict:  # fmt: skip
        """Ask one provider after the other, until nobody is left who could have it now."""
        before: list[Outcome] = []
        closed: list[Postponed] = []
        left = _for(loaded.envelope, recipients)
        for place, entry in enumerate(choice, start=1):
            async with entry.slot() as slot:
                try:
                    async with entry.places:
                        outcomes = await self._hand_over(entry, loaded, left, slot, until)
                except (BreakerOpen, RateLimited) as error:
                    closed.append(error)
                    continue
                except _Expired:
                    return Snooze(_EXPIRED, 0.0)  # the queue ends it when it looks at it again
                except DatabaseUnavailable as error:
                    return Snooze(f"nothing was sent: {error}", _DATABASE_AFTER_S)
                again = [o.address for o in outcomes if _may_go_elsewhere(o)]
                if again and place < len(choice):
                    before += [o for o in outcomes if o.address not in again]
                    await self._recorded(job, entry.name, outcomes, "elsewhere")
                    left = _for(left, again)
                    continue
                whole = [*before, *outcomes, *_their_turn(loaded, outcomes, recipients)]
                return await self._verdict(job, loaded, entry, whole, outcomes)
        if not before and len(closed) == len(choice):
            raise min(closed, key=lambda error: error.retry_after or float("inf"))
        return judge(
            [*before, *(Outcome(a, Snooze(str(closed[-1]), outage=True)) for a in left.recipients)],
            loaded.refusals, patience(job, is_old=loaded.is_old),
        )  # fmt: skip

    async def _hand_over(
        self, entry: Entry, loaded: Loaded, envelope: Envelope, slot: Slot, until: float | None
    ) -> Sequence[Outcome]:
        """What the provider says.

        Raises:
            BreakerOpen, RateLimited: it is not asked now.
            _Expired: it may not go any more.
        """

        def in_time() -> None:
            if until is not None and self._clock() >= until:
                raise _Expired

        async def may_go() -> None:
            await slot.take()
            in_time()
            if self._matters(entry, loaded):
                await self._submit.ask(Handed(envelope.id, entry.name, envelope.recipients))

        in_time()

        scopes = scopes_of(entry.name, envelope.recipients, loaded.tenant)
        async with entry.breaker.attempt() as passed:
            cost = entry.provider.cost(len(envelope.recipients))
            await self._paces.pass_through(scopes, cost)
            self._paces.sent(scopes, cost)
            outcomes = await entry.provider.deliver(envelope, may_go)
            await self._paces.heard(entry.name, outcomes)
            outages = [o.verdict for o in outcomes if getattr(o.verdict, "outage", False)]
            if outages:
                worst = outages[0]
                passed.failed(getattr(worst, "because", None), getattr(worst, "after", None))
        return outcomes

    def _matters(self, entry: Entry, loaded: Loaded) -> bool:
        """Whether the next attempt would act otherwise if it knew of this one."""
        return (
            len(self._providers) > 1 or loaded.on_unknown != "resend" or entry.provider.window_s > 0
        )

    async def _verdict(
        self, job: ClaimedJob, loaded: Loaded, entry: Entry, outcomes: Sequence[Outcome],
        news: Sequence[Outcome],
    ) -> Verdict:  # fmt: skip
        """The verdict, recorded; a success is settled with it."""
        verdict = judge(outcomes, loaded.refusals, patience(job, is_old=loaded.is_old))
        _EMAIL_ATTEMPTED(
            email_id=str(job.id), provider=entry.name, recipients=len(news),
            verdict=type(verdict).__name__.lower(),
        )  # fmt: skip
        if isinstance(verdict, Delivered):
            done = Finished(job.id, job.claim_token, entry.name, news)
            if await self._stored(job, lambda: self._finish.ask(done)):
                return Settled(verdict.note)
            return unrecorded(outcomes, verdict)
        if isinstance(verdict, Unknown) and not knows(entry.provider, loaded.doubt):
            verdict = undecided(loaded, verdict) or verdict
        if await self._recorded(job, entry.name, news, _word(verdict, outcomes, loaded.doubt)):
            return verdict
        return unrecorded(outcomes, verdict)

    async def _wait(self, job: ClaimedJob, loaded: Loaded, wait: Verdict) -> Verdict:
        """Nothing is sent now: somebody has to decide, or a report may come."""
        assert loaded.doubt is not None  # noqa: S101  there is nothing to wait for without one
        word = "hold" if isinstance(wait, Hold) else "wait"
        outcomes = [Outcome(a, wait) for a in loaded.envelope.recipients]
        await self._recorded(job, loaded.doubt.provider, outcomes, word)
        return wait

    async def _recorded(
        self, job: ClaimedJob, provider: str, outcomes: Sequence[Outcome], word: str
    ) -> bool:
        said = Said(job.id, job.claim_token, job.attempt, provider, outcomes, word)
        return await self._stored(job, lambda: self._record.ask(said))

    async def _stored(self, job: ClaimedJob, store_it: Callable[[], Awaitable[object]]) -> bool:
        """True when it is stored. The database may be away for a moment; the mail is out by now.

        So it is stored, too, when the attempt is stopped meanwhile: else whoever makes the next one
        would not know of it.
        """
        storing = self._begin(job, store_it)
        try:
            return await asyncio.shield(storing)
        except asyncio.CancelledError:
            if storing.cancelling():  # by the end of the event loop, with all its tasks
                self._begin(job, store_it)
            raise

    def _begin(
        self, job: ClaimedJob, store_it: Callable[[], Awaitable[object]]
    ) -> asyncio.Task[bool]:
        task = asyncio.create_task(self._insisted(job, store_it))
        self._storing.add(task)
        task.add_done_callback(self._storing.discard)
        return task

    async def _insisted(self, job: ClaimedJob, store_it: Callable[[], Awaitable[object]]) -> bool:
        try:
            await insist(store_it)
        except DatabaseUnavailable:
            _EMAIL_UNRECORDED(email_id=str(job.id))
            return False
        return True


def _may_go_elsewhere(outcome: Outcome) -> bool:
    """The provider is out of order, and has certainly not taken it."""
    verdict = outcome.verdict
    return bool(getattr(verdict, "outage", False)) and not isinstance(verdict, Unknown)


def _their_turn(
    loaded: Loaded, outcomes: Sequence[Outcome], asked: Sequence[str]
) -> Sequence[Outcome]:
    """Those who were not in a request that was made again: once it is answered it is their turn."""
    if not all(isinstance(outcome.verdict, Delivered | Dead) for outcome in outcomes):
        return ()
    left = [a for a in loaded.envelope.recipients if a not in asked]
    return [Outcome(a, Snooze(_OTHERS_FIRST, 0.0)) for a in left]


def _for(envelope: Envelope, recipients: Sequence[str]) -> Envelope:
    return Envelope(
        envelope.id, envelope.message_id, envelope.sender, tuple(recipients), envelope.raw
    )


def _word(verdict: Verdict, outcomes: Sequence[Outcome], doubt: Doubt | None) -> str:
    """How an attempt is called in the record; a doubt stays one, whatever is done about it.

    Also one of an earlier attempt: that this one was not taken says nothing of that, until all it
    was about are answered for.
    """
    if isinstance(verdict, Hold):
        return "hold"
    if any(isinstance(outcome.verdict, Unknown) for outcome in outcomes):
        return "unknown"
    if doubt is not None and isinstance(verdict, Retry | Snooze):
        answered = {o.address for o in outcomes if isinstance(o.verdict, Delivered | Dead)}
        if not doubt.recipients or not answered.issuperset({*doubt.recipients} - {*doubt.had}):
            return "hold" if doubt.is_asked else "wait"
    return type(verdict).__name__.lower()
