"""POST /webhooks/{source}: verify the raw bytes, store, and only then say 200.

What is answered, and why:
    200  committed now, or known already; the sender may forget it. Also for what no handler wants,
         and for what a person has to look at first (test instead of live, another account): to
         refuse it would only bring it again for three days
    400  the signature does not hold; nothing is stored, and after a mistake in the secrets the
         sender's own redelivery brings the event again
    404  no such source
    413  larger than we take (the API says that while the body streams in)
    429  more than the source may send, or an address that only errs; with Retry-After
    500  a source without a usable secret: our mistake, to be redelivered when it is mended
    503  the database did not confirm the commit in time; sent again, the dedupe key makes it safe.
         Also where the sender waits for an answer (see `answer`) that this process cannot give
"""

import json
import logging
import math
import time
from collections.abc import Callable, Mapping
from typing import Any, Final

from holdfast import log
from holdfast.channel import Request, Response, Services
from holdfast.channels.webhooks.amazon import Amazon
from holdfast.channels.webhooks.answer import Respond
from holdfast.channels.webhooks.as_stored import event_of
from holdfast.channels.webhooks.book import Book
from holdfast.channels.webhooks.ingress import Ingress
from holdfast.channels.webhooks.intake import Arrival, Intake
from holdfast.channels.webhooks.schemes import (
    Accepted,
    Delivery,
    Greeting,
    Reason,
    Rejected,
    describe,
    explain,
    handshake,
    verify,
)
from holdfast.channels.webhooks.source import NAME, Source
from holdfast.channels.webhooks.tally import Tally
from holdfast.errors import ConfigError, DatabaseUnavailable, HoldfastError, SchemaError
from holdfast.policy.client_address import client_address, proxies
from holdfast.redaction import scrub

_REFUSED = log.Event(
    "webhook.refused",
    logging.WARNING,
    "A request was not taken; nothing of it was stored but a count.",
    source=str, reason=str, detail=str, size=int,
)  # fmt: skip
_RECEIVED = log.Event(
    "webhook.received",
    logging.INFO,
    "An event is stored, or was known.",
    source=str, event_type=str, id=str, duplicate=bool, jobs=int, held=bool,
)  # fmt: skip
_NOT_STORED = log.Event(
    "webhook.not_stored",
    logging.ERROR,
    "An event could not be stored; its sender was told so, and sends it again.",
    source=str, error=str,
)  # fmt: skip
_GREETED = log.Event(
    "webhook.greeted", logging.INFO, "A provider's handshake was answered.", source=str
)
_UNKNOWN = log.Event(
    "webhook.unknown_source",
    logging.WARNING,
    "Somebody posts to a source that is none; a stranger is not told which there are.",
    source=str, known=str,
)  # fmt: skip
_COME_AGAIN_S: Final = 5
_ANSWER_WITHIN_S: Final = 8.0
"""Senders give up after 5 to 30 seconds; a clear 503 before that is better than their timeout."""
_MOST_EXPLAINED: Final = 32_768  # bytes: to try out what rewrote a body takes its time


class Receiver:
    """The route's handler, for the sources of a book."""

    def __init__(
        self, services: Services, book: Book, now: Callable[[], float] = time.time,
        amazon: Amazon | None = None,
    ) -> None:  # fmt: skip
        self._book = book
        self._amazon = amazon or Amazon()
        self._now = now
        self._intake = Intake(services.database, _ANSWER_WITHIN_S)
        self._ingress = Ingress()
        self._tally = Tally(services.database)
        self._respond = Respond(services)
        try:
            self._proxies = proxies(services.core.trusted_proxies.split(","))
        except ValueError as error:
            raise ConfigError(f"HOLDFAST_TRUSTED_PROXIES: {error}, nor `unix`") from None

    # ---------------------------------------------------------------- before the body is read

    def admit(self, request: Request) -> Response | None:
        """Answer what is not worth reading: too much of it."""
        name = request.params["source"]
        source = self._book.known(name)
        if source is None and not NAME.fullmatch(name):
            return _answer(404, error="no such source")
        wait_s = self._ingress.wait_s(name, source.rate if source else None)
        return None if wait_s is None else self._too_many(name, wait_s, request)

    def _too_many(self, name: str, wait_s: float, request: Request) -> Response:
        self._tally.refused(name, "too_many", "told to come again", request, "")
        wait = {"Retry-After": str(max(1, math.ceil(wait_s)))}
        return _answer(429, wait, error="too many requests; come again")

    def _unknown(self, name: str, request: Request) -> Response:
        peer = self._peer(request)
        if self._ingress.erring_wait_s(peer) is None:  # so that nobody fills our log
            self._ingress.refused(peer)
            _UNKNOWN(source=name, known=", ".join(self._book.names()))
        return _answer(404, error="no such source")

    def max_body(self, params: Mapping[str, str]) -> int:
        """How large a body of that source may be."""
        source = self._book.known(params["source"])
        return source.max_body if source else 1_048_576

    def too_large(self, request: Request, most: int) -> None:
        """Count a body that was not read: else nobody here sees why events are missing."""
        name, peer = request.params["source"], self._peer(request)
        if self._book.known(name) is None:  # whatever strangers think of is not counted
            return
        told = (
            f"the body is larger than {most} bytes; holdfast webhooks sources set {name} max_body=…"
        )
        self._tally.refused(name, "too_large", told, request, peer)
        if self._ingress.erring_wait_s(peer) is None:  # so that nobody fills our log
            self._ingress.refused(peer)
            declared = dict(request.headers).get("content-length", "")
            size = int(declared) if declared.isdigit() else most
            _REFUSED(source=name, reason="too_large", detail=told, size=size)

    # ---------------------------------------------------------------- the request

    async def __call__(self, request: Request) -> Response:
        """Answer one delivery; see the table above."""
        name = request.params["source"]
        try:
            source = await self._book.find(name)
            if source is None:
                return self._unknown(name, request)
            delivery = Delivery(
                request.method, source.address(request.url), request.headers, request.body
            )
            verdict = self._verify(source, delivery)
            if isinstance(verdict, Rejected):
                erring_s = self._ingress.erring_wait_s(self._peer(request))
                if erring_s is not None:
                    return self._too_many(name, erring_s, request)
                # A secret that was added a moment ago must not cost a valid event.
                source = await self._book.look(name) or source
                verdict = await self._verify_with_key(source, delivery, self._peer(request))
        except DatabaseUnavailable as error:
            return self._not_stored(name, error)
        if isinstance(verdict, Rejected):
            return self._refuse(source, request, delivery, verdict)
        self._tally.used(f"source:{source.name}", verdict.secret_id)
        greeting = handshake(source.scheme, delivery)
        if greeting is not None:
            return await self._greet(source, greeting)
        return await self._store(source, delivery, verdict)

    async def _greet(self, source: Source, greeting: Greeting) -> Response:
        if greeting.confirm:
            try:
                await self._amazon.confirm(greeting.confirm)
            except DatabaseUnavailable as error:
                return self._not_stored(source.name, error)
        _GREETED(source=source.name)
        return Response(greeting.status, greeting.body, greeting.headers)

    def _verify(self, source: Source, delivery: Delivery) -> Accepted | Rejected:
        now = self._now()
        return verify(
            source.scheme, delivery, source.active(now), now=now, tolerance=source.tolerance,
            keys=self._amazon.certificate,
        )  # fmt: skip

    async def _verify_with_key(
        self, source: Source, delivery: Delivery, peer: str
    ) -> Accepted | Rejected:
        """The same; the certificate that it takes is fetched. Raises DatabaseUnavailable."""
        verdict = self._verify(source, delivery)
        if isinstance(verdict, Accepted) or verdict.reason is not Reason.KEY_NEEDED:
            return verdict
        try:
            await self._amazon.fetch(verdict.key)
        except DatabaseUnavailable:
            self._ingress.refused(peer)  # whoever names addresses that are none is not asked for
            raise
        return self._verify(source, delivery)

    def _refuse(
        self, source: Source, request: Request, delivery: Delivery, verdict: Rejected
    ) -> Response:
        peer, why = self._peer(request), self._why(source, delivery, verdict)
        self._tally.refused(source.name, str(verdict.reason), why, request, peer)
        _REFUSED(source=source.name, reason=str(verdict.reason), detail=why, size=len(request.body))
        if verdict.reason is Reason.NO_SECRET:
            variable = f"HOLDFAST_SOURCE_{source.name.upper()}_SECRETS"
            detail = source.trouble or f"set {variable} and send again"
            return _answer(500, error="no_secret", detail=detail)
        self._ingress.refused(peer)
        return _answer(400, error=str(verdict.reason), detail=verdict.detail)

    def _why(self, source: Source, delivery: Delivery, verdict: Rejected) -> str:
        """The usual cause of a wrong signature, for us alone; sought a few times a second."""
        if (
            verdict.reason is not Reason.BAD_SIGNATURE
            or len(delivery.body) > _MOST_EXPLAINED
            or not self._tally.is_curious()
        ):
            return verdict.detail
        now = self._now()
        found = explain(
            source.scheme, delivery, source.active(now), now=now, tolerance=source.tolerance,
            other_secrets=self._book.others(source), keys=self._amazon.certificate,
        )  # fmt: skip
        return "; ".join(finding.text for finding in found) or verdict.detail

    async def _store(self, source: Source, delivery: Delivery, verdict: Accepted) -> Response:
        described = describe(source.scheme, delivery)
        arrival = Arrival(event_of(source, delivery, described, verdict), delivery.body)
        self._ingress.begin(source.name)
        try:
            stored = await self._intake.store(arrival)
        except (DatabaseUnavailable, SchemaError, TimeoutError) as error:
            return self._not_stored(source.name, error)
        except HoldfastError as error:
            _NOT_STORED(source=source.name, error=str(error))
            return _answer(422, error="refused", detail=str(error))
        finally:
            self._ingress.end(source.name)
        told: dict[str, Any] = {
            "id": stored.id,
            "duplicate": stored.duplicate,
            "jobs": len(stored.jobs),
        }
        if stored.held:
            told["held"] = True
        _RECEIVED(source=source.name, event_type=described.event_type, **told)
        answer = await self._respond(stored.jobs)
        return answer or _answer(200, **told)

    def _not_stored(self, source: str, error: Exception) -> Response:
        because = str(error) or "the database did not answer in time"
        _NOT_STORED(source=source, error=because)
        wait = {"Retry-After": str(_COME_AGAIN_S)}
        return _answer(503, wait, error="not stored, send it again")

    def _peer(self, request: Request) -> str:
        forwarded = [v for n, v in request.headers if n.lower() == "x-forwarded-for"]
        return client_address(request.peer, forwarded, self._proxies)


def _answer(status: int, headers: Mapping[str, str] | None = None, **content: Any) -> Response:
    if "detail" in content:
        content["detail"] = scrub(content["detail"])
    return Response(
        status,
        json.dumps(content).encode(),
        {"Content-Type": "application/json", **(headers or {})},
    )
