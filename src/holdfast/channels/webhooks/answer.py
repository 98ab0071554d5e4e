"""Handlers that run in the request: after the event is stored, before the sender has its answer.

The event and its jobs are committed first, as always. Then the request claims the job of such a
handler and runs it, under the same lease and with the same verdicts as a worker would:

    inline   what a worker would do a moment later is done at once; if it fails, or this process
             dies, a worker tries again. The sender gets 200 in any case
    answer   what the handler returns is what the sender gets (`Answer`). If it fails or is too
             late, the sender gets 500 and the job is a dead letter: nobody waits for it any more.
             A process without the handler cannot answer: 503, and the job expires. So it is where
             the job cannot be had, since another request is at it or the database is away. The
             event is stored all the same; sent again, it is asked again, until somebody has
             answered

Who answers goes first, and all of them share one time: whom the others have left none, a worker
runs. Else two that hang would keep the sender until it calls the delivery a failure.
"""

import asyncio
import logging
import platform
import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final
from uuid import UUID

from holdfast import log
from holdfast.attempt import attempt, tell
from holdfast.channel import Handler, Response, Services
from holdfast.channels.webhooks.intake import Made
from holdfast.channels.webhooks.outbound.original import is_sendable
from holdfast.channels.webhooks.subscription import Subscription
from holdfast.database import insist, within
from holdfast.engine import jobs
from holdfast.engine.model import ClaimedJob
from holdfast.errors import HoldfastError, InvalidInput
from holdfast.policy.verdict import Dead, Delivered, Retry, Settled, Verdict

_INLINE_FAILED = log.Event(
    "webhook.inline_failed",
    logging.WARNING,
    "A handler could not be run in its request; a worker sees to it.",
    job_id=str,
    error=str,
)
_UNSETTLED = log.Event(
    "webhook.unsettled",
    logging.ERROR,
    "What a handler did in its request could not be written down; the sender heard it all the "
    "same. When the lease ends a worker runs it again, unless it was to be answered.",
    job_id=str,
    error=str,
)
_UNANSWERED = log.Event(
    "webhook.unanswered",
    logging.ERROR,
    "The sender waits for an answer that this process cannot give: it has not got the handler. "
    "Start it with --app.",
    job_id=str,
    handler=str,
)
_COME_AGAIN_S: Final = 5
_WITHIN_S: Final = 8.0
"""For all handlers of an event: senders give up after 10 s and more, workers begin after 15."""
_SETTLE_S: Final = 3.0
_FIRST, _LAST = 200, 599
_VALUE: Final = re.compile(r"[\t\x20-\x7e\x80-\xff]*")
_OURS: Final = frozenset({"content-length", "transfer-encoding", "connection"})
_LEASE: Final = timedelta(seconds=20)
"""No heartbeat makes it longer; and when it ends, a job that was to be answered has expired."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a handler with `answer=True` returns: the response to the sender.

    Raises:
        InvalidInput: no server could send it so; what is wrong with it is said.
    """

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Said where the handler is, and not where its answer is sent and nobody can mend it."""
        if not isinstance(self.status, int) or not _FIRST <= self.status <= _LAST:
            raise InvalidInput(f"Answer: status {self.status!r} is none from {_FIRST} to {_LAST}")
        body: object = self.body
        if isinstance(body, str):
            object.__setattr__(self, "body", body.encode())
        elif not isinstance(body, bytes):
            raise InvalidInput(f"Answer: the body is bytes, not {type(body).__name__}")
        for name, value in self.headers.items():
            if not (isinstance(value, str) and _VALUE.fullmatch(value) and is_sendable(name, "")):
                raise InvalidInput(f"Answer: the header {name!r} cannot be sent with this value")
            if name.lower() in _OURS:
                raise InvalidInput(f"Answer: the header {name} is set by the server")


@dataclass(frozen=True, slots=True)
class Answered(Delivered):
    """It happened, and this is to be answered."""

    answer: Answer = field(default_factory=Answer)


class Respond:
    """Runs the handlers of an event that want to run in the request."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._worker = f"request:{platform.node()}"

    async def __call__(self, made: Sequence[Made]) -> Response | None:
        """The response of the handler that answers; None if the sender waits for none."""
        response = None
        until = time.monotonic() + _WITHIN_S
        for job in sorted(made, key=lambda job: not job.answers):
            left = until - time.monotonic()
            handler = self._services.registry.get(job.kind)
            if handler is None or not isinstance(handler.about, Subscription):
                response = response or _nobody(job) if job.answers else response
            elif left > 0 and handler.about.mode == "inline":
                await self._run(job, handler, left)
            elif left > 0 and handler.about.mode == "answer":
                response = _response(await self._run(job, handler, left))
        return response

    async def _run(self, made: Made, handler: Handler, within_s: float) -> Verdict | None:
        """None if the job could not be had: then a worker sees to it."""
        try:
            job = await self._services.database.run(
                jobs.claim_job(UUID(made.id), handler.queue, self._worker, _LEASE)
            )
        except HoldfastError as error:
            _INLINE_FAILED(job_id=made.id, error=str(error))
            return None
        if job is None:
            return None
        verdict = await self._attempt(job, handler, within_s)
        if not isinstance(verdict, Settled):
            await self._settle(job, verdict)
        return verdict

    async def _settle(self, job: ClaimedJob, verdict: Verdict) -> None:
        """The sender hears what has happened also where that cannot be written down."""
        settling = jobs.settle([(job.id, job.claim_token, verdict)], only_news=True)
        try:
            for answer in await within(
                _SETTLE_S, insist(lambda: self._services.database.run(settling))
            ):
                tell(answer, job)
        except HoldfastError as error:
            _UNSETTLED(job_id=str(job.id), error=str(error))

    async def _attempt(self, job: ClaimedJob, handler: Handler, within_s: float) -> Verdict:
        trying = asyncio.create_task(attempt(job, self._services.registry))
        done, _ = await asyncio.wait([trying], timeout=within_s)
        if done:
            own = trying.cancelled()  # nobody else has cancelled it
            verdict = Retry("the handler was cancelled by itself") if own else trying.result()
        else:
            trying.cancel()
            verdict = Retry(
                f"not through in {_WITHIN_S:g} s, all that the handlers of a request have"
            )
        if handler.about.mode == "answer" and not isinstance(verdict, Delivered):
            return Dead(f"no answer: {getattr(verdict, 'because', '')}")
        return verdict


def _nobody(job: Made) -> Response:
    _UNANSWERED(job_id=job.id, handler=job.kind)
    return _again("nobody here can answer")


def _again(why: str) -> Response:
    told = f'{{"error": "{why}; the event is stored, send it again"}}'
    return Response(503, told.encode(), {"Retry-After": str(_COME_AGAIN_S)})


def _response(verdict: Verdict | None) -> Response:
    match verdict:
        case Answered(answer=answer) | Settled(value=Answer() as answer):
            return Response(answer.status, answer.body, answer.headers)
        case Delivered():
            return Response(200)
        case None:
            return _again("another request is at it, or the database is away")
    return Response(500, b'{"error": "the handler gave no answer"}')
