"""One attempt at one endpoint: load, sign, post, record; the verdict is that of the answer.

The bytes and the webhook-id are the same at every attempt, the time and the signatures are of now.
An endpoint that is paused or disabled has its deliveries held, none is dropped. Its breaker, its
rate and a secret that is not there postpone a delivery without using an attempt.
"""

import asyncio
import contextlib
import logging
import time
from collections.abc import Mapping, Sequence
from itertools import count
from typing import Any, Final
from uuid import UUID

from holdfast import log
from holdfast.channel import Services
from holdfast.channels.webhooks.outbound.address import OutboundSettings, networks_of
from holdfast.channels.webhooks.outbound.given import has_credentials
from holdfast.channels.webhooks.outbound.original import passed_on
from holdfast.channels.webhooks.outbound.post import Posted, Poster
from holdfast.channels.webhooks.outbound.turns import Turns
from holdfast.channels.webhooks.outbound.unsigned import Unsigned
from holdfast.channels.webhooks.schemes import SCHEMES, sign
from holdfast.channels.webhooks.secrets import resolve
from holdfast.database import Call, decode, insist
from holdfast.engine import limits
from holdfast.engine.model import ClaimedJob
from holdfast.errors import BreakerOpen, ConfigError, DatabaseUnavailable, InvalidInput
from holdfast.limits.breaker import Breaker
from holdfast.policy.client_address import networks
from holdfast.policy.gcra import Quota
from holdfast.policy.verdict import Dead, Delivered, Hold, Retry, Snooze, Verdict
from holdfast.settings import read

_UNRECORDED = log.Event(
    "webhook.unrecorded",
    logging.ERROR,
    "A delivery was made, and could not be written down; its verdict stands all the same.",
    job_id=str,
    error=str,
)
KIND: Final = "webhook:deliver"
QUEUE: Final = "webhooks-out"
_GONE: Final = 410
_DATABASE_AFTER_S: Final = 5.0
_PAUSED_S: Final = 60.0
_AT_ONCE_S: Final = 1.0
_MOST_BREAKERS: Final = 1000


class _NotAsked(Exception):
    """Nothing was sent, which says nothing about whether the other side is there."""


class Deliverer:
    """The handler of the queue `webhooks-out`."""

    def __init__(self, services: Services) -> None:
        self._database = services.database
        given = read(OutboundSettings).webhooks_allow_networks
        try:
            self._allowed = networks([part for part in given.split(",") if part.strip()])
        except ValueError as error:
            raise ConfigError(f"HOLDFAST_WEBHOOKS_ALLOW_NETWORKS: {error}") from None
        self._posters: dict[str, Poster] = {}
        self._breakers: dict[str, Breaker] = {}
        self._turns = Turns()
        self._unsigned = Unsigned(services.database)
        services.closing.append(self.close)

    async def run(self, job: ClaimedJob) -> Verdict | None:
        """One attempt."""
        try:
            found = await self._database.run(_load(job.payload))
        except DatabaseUnavailable as error:
            return Snooze(f"nothing was sent: {error}", _DATABASE_AFTER_S)
        if found is None:
            return Dead("its endpoint was removed, or what it was to deliver is no longer stored")
        not_now = await self._not_now(found[0])
        return await self._attempt(job, found) if not_now is None else not_now

    async def _attempt(self, job: ClaimedJob, found: "_Loaded") -> Verdict:
        endpoint, references, message_id, body, headers = found
        secrets = await self._secrets(endpoint, references)
        if isinstance(secrets, Snooze):
            return secrets
        try:
            sent = _headers(endpoint, secrets, message_id, body, headers, job)
        except InvalidInput as error:  # a secret that signs nothing
            return await self._recorded(endpoint, job, Posted(Retry(f"not sent: {error}"), None, 0))
        try:
            posted = await self._post(endpoint, body, sent)
        except BreakerOpen as closed:
            trial_s = float(endpoint["timeout"])
            after = _PAUSED_S if closed.retry_after is None else closed.retry_after
            return Snooze(str(closed), self._turns.behind_breaker(endpoint["id"], after, trial_s))
        return await self._recorded(endpoint, job, posted)

    async def _secrets(
        self, endpoint: Mapping[str, Any], references: Sequence[str]
    ) -> list[str] | Snooze:
        try:
            found = [resolve(one, f"endpoint:{endpoint['id']}") for one in references]
        except ConfigError as error:
            return await self._unsigned.wait(endpoint["name"], str(error))
        await self._unsigned.over(endpoint["name"])
        return found

    async def _post(
        self, endpoint: Mapping[str, Any], body: bytes, sent: Sequence[tuple[str, str]]
    ) -> Posted:
        name = f"endpoint:{endpoint['name']}"
        breaker = self._breaker(name)
        with contextlib.suppress(_NotAsked):
            async with breaker.attempt() as passed:
                posted = await self._poster(endpoint["purpose"]).post(
                    endpoint["url"], body, sent, float(endpoint["timeout"])
                )
                if getattr(posted.verdict, "outage", False):
                    because = getattr(posted.verdict, "because", None)
                    passed.failed(because, getattr(posted.verdict, "after", None))
                elif posted.status is None:
                    raise _NotAsked
        return posted

    def _breaker(self, name: str) -> Breaker:
        """Of those that were used last, so many are kept; the database knows what they knew."""
        breaker = self._breakers.pop(name, None) or Breaker(self._database, name)
        self._breakers[name] = breaker
        if len(self._breakers) > _MOST_BREAKERS:
            del self._breakers[next(iter(self._breakers))]
        return breaker

    async def _recorded(
        self, endpoint: Mapping[str, Any], job: ClaimedJob, posted: Posted
    ) -> Verdict:
        subject = job.payload.get("event") or job.payload["message"]
        said = count()
        try:
            state = await insist(lambda: self._database.run(
                _record(endpoint, UUID(subject), job, posted, again=next(said) > 0)
            ))  # fmt: skip
        except (DatabaseUnavailable, asyncio.CancelledError) as error:  # the worker may be ending
            _UNRECORDED(job_id=str(job.id), error=str(error) or "the worker stopped")
            if posted.status == _GONE:
                return Snooze("its 410 Gone could not be written down", _DATABASE_AFTER_S)
            return posted.verdict
        if posted.status == _GONE:
            return _gone(endpoint["name"], state)
        return posted.verdict

    async def _not_now(self, endpoint: Mapping[str, Any]) -> Verdict | None:
        """Held or postponed, if its endpoint or source is stopped, or its rate is used up."""
        if endpoint["state"] != "enabled":
            why = endpoint["state_why"] or "no reason was given"
            return Hold(f"its endpoint {endpoint['name']} is {endpoint['state']}: {why}")
        if endpoint["paused"]:
            return Hold(endpoint["paused"])
        per_second = endpoint["rate_quota"]
        if per_second is None:
            return None
        quota = Quota(per_second, 1.0, name="deliveries")
        check = limits.Check((f"endpoint:{endpoint['name']}",), (quota,))
        try:
            ((answer,),) = await self._database.run(limits.check_many([check]))
        except DatabaseUnavailable as error:
            return Snooze(f"nothing was sent: {error}", _DATABASE_AFTER_S)
        if answer.allowed:
            return None
        after = self._turns.at_rate(endpoint["id"], answer.retry_after or 0.0, per_second)
        return Snooze(f"{endpoint['name']} takes no more now", after)

    def _poster(self, purpose: str) -> Poster:
        if purpose not in self._posters:
            self._posters[purpose] = Poster(networks_of(purpose, self._allowed))
        return self._posters[purpose]

    async def close(self) -> None:
        """Close the connections."""
        posters, self._posters = self._posters, {}
        for poster in posters.values():
            await poster.close()


def signatures(
    body: bytes, secrets: Sequence[str], message_id: str, timestamp: int
) -> dict[str, str]:
    """The three headers of Standard Webhooks, signed with every active secret."""
    signed = [
        dict(sign(SCHEMES["standardwebhooks"], body, s, timestamp=timestamp, event_id=message_id))
        for s in secrets
    ]
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(one["webhook-signature"] for one in signed),
    }


def _headers(
    endpoint: Mapping[str, Any], secrets: Sequence[str], message_id: str, body: bytes,
    original: Sequence[tuple[str, str]], job: ClaimedJob,
) -> list[tuple[str, str]]:  # fmt: skip
    """What came with the event, the endpoint's, and ours; each goes before what it repeats."""
    now = int(time.time())
    ours = signatures(body, secrets, message_id, now) if secrets else {"webhook-id": message_id}
    if "event" in job.payload:
        ours["Holdfast-Event"] = job.payload["event"]
    ours["Holdfast-Attempt"] = str(job.attempt)
    sent = [("Content-Type", "application/json"), ("User-Agent", "holdfast")]
    theirs = [(str(name), str(value)) for name, value in endpoint["headers"].items()]
    came = passed_on(original)
    if has_credentials(endpoint["url"]):  # those are said there, and a request says one
        came = [pair for pair in came if pair[0].lower() != "authorization"]
    for layer in (came, theirs, list(ours.items())):
        named = {name.lower() for name, _ in layer}
        sent = [pair for pair in sent if pair[0].lower() not in named] + layer
    return sent


_Loaded = tuple[dict[str, Any], list[str], str, bytes, list[tuple[str, str]]]


def _load(payload: Mapping[str, Any]) -> Call[_Loaded | None]:
    def read_rows(rows: Sequence[Sequence[Any]]) -> _Loaded | None:
        if not rows:
            return None
        endpoint, secrets, message_id, body, headers = rows[0]
        references = [secret["reference"] for secret in decode(secrets)]
        return decode(endpoint), references, message_id, bytes(body), decode(headers)

    args = {
        f"p_{name}": UUID(payload[name]) if payload.get(name) else None
        for name in ("endpoint", "event", "message")
    }
    return Call("webhook_delivery", args, read_rows, "endpoint, secrets, message_id, body, headers")


def _gone(name: str, state: str) -> Verdict:
    """One that is enabled all the same has another address by now, which is asked."""
    if state == "enabled":
        return Snooze("410 Gone was answered at an address that was changed meanwhile", _AT_ONCE_S)
    return Hold(f"its endpoint {name} answered 410 Gone and is {state} now")


def _record(
    endpoint: Mapping[str, Any], subject: UUID, job: ClaimedJob, posted: Posted, *, again: bool
) -> Call[str]:
    verdict = posted.verdict
    delivered = isinstance(verdict, Delivered)
    # what answered 410 is held with its endpoint, whatever its verdict would be
    outcome = "hold" if posted.status == _GONE else type(verdict).__name__.lower()
    return Call(
        "webhook_delivered",
        {
            "p_endpoint": UUID(endpoint["id"]), "p_subject": subject, "p_job": job.id,
            "p_attempt": job.attempt, "p_status": posted.status, "p_outcome": outcome,
            "p_because": None if delivered else getattr(verdict, "because", ""),
            "p_duration_ms": posted.duration_ms, "p_answer": posted.answer, "p_again": again,
            "p_url": endpoint["url"],
        },
        read=lambda rows: str(rows[0][0]),
    )  # fmt: skip
