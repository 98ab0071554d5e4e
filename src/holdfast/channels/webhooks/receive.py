"""POST /webhooks/{source}: verify the raw bytes, store, and only then say 200.

What is answered, and why:
    200  committed now, or known already; the sender may forget it
    400  the signature does not hold; nothing is stored, and after a mistake in the secrets the
         sender's own redelivery brings the event again
    404  no such source
    413  larger than we take (the API says that while the body streams in)
    500  a source without a secret: our mistake, to be redelivered when it is mended
    503  the database did not confirm the commit; sent again, the dedupe key makes it safe
"""

import json
import logging
import time
from collections.abc import Callable, Mapping, Sequence
from hashlib import sha256
from typing import Any

from holdfast import log
from holdfast.channel import Request, Response
from holdfast.channels.webhooks.event import Described
from holdfast.channels.webhooks.settings import Source
from holdfast.channels.webhooks.signature import Accepted, Reason, Rejected
from holdfast.database import Call, Database, encode
from holdfast.errors import DatabaseUnavailable, HoldfastError, SchemaError

_WEBHOOK_REFUSED = log.Event(
    "webhook.refused",
    logging.WARNING,
    "A request was not taken: wrong signature, stale or no secret; nothing was stored.",
    source=str,
    reason=str,
    status=int,
    peer=str,
)
_WEBHOOK_RECEIVED = log.Event(
    "webhook.received",
    logging.INFO,
    "An event is stored, or was known.",
    source=str,
    event_type=str,
)
_WEBHOOK_NOT_STORED = log.Event(
    "webhook.not_stored",
    logging.ERROR,
    "An event could not be stored; its sender was told to come again.",
    source=str,
    error=str,
)
_COME_AGAIN = {"Retry-After": "5"}


class Receiver:
    """The route's handler, for a fixed set of sources."""

    def __init__(
        self,
        database: Database,
        sources: Mapping[str, Source],
        now: Callable[[], float] = time.time,
    ) -> None:
        self._database = database
        self._sources = sources
        self._now = now

    async def __call__(self, request: Request) -> Response:
        """Answer one delivery; see the table above."""
        source = self._sources.get(request.params["source"])
        if source is None:
            return _answer(404, error="no such source", known=sorted(self._sources))
        verdict = source.scheme.verify(
            request.body, _only(request.headers, source.scheme.header), source.secrets,
            now=self._now(), tolerance=source.tolerance,
        )  # fmt: skip
        if isinstance(verdict, Rejected):
            return self._refuse(source, request, verdict)
        return await self._store(source, request, verdict)

    def _refuse(self, source: Source, request: Request, verdict: Rejected) -> Response:
        _WEBHOOK_REFUSED(
            source=source.name,
            reason=str(verdict.reason),
            detail=verdict.detail,
            size=len(request.body),
        )
        if verdict.reason is Reason.NO_SECRET:
            variable = f"HOLDFAST_SOURCE_{source.name.upper()}_SECRETS"
            return _answer(500, error="no_secret", detail=f"set {variable} and send again")
        return _answer(400, error=str(verdict.reason), detail=verdict.detail)

    async def _store(self, source: Source, request: Request, verdict: Accepted) -> Response:
        described = source.scheme.describe(request.body)
        try:
            stored = await self._database.run(receive(source, request, described, verdict))
        except (DatabaseUnavailable, SchemaError) as error:
            _WEBHOOK_NOT_STORED(source=source.name, error=str(error))
            return _answer(503, _COME_AGAIN, error="not stored, send it again")
        except HoldfastError as error:
            _WEBHOOK_NOT_STORED(source=source.name, error=str(error))
            return _answer(422, error="refused", detail=str(error))
        _WEBHOOK_RECEIVED(source=source.name, event_type=described.event_type, **stored)
        return _answer(200, **stored)


def receive(
    source: Source, request: Request, described: Described, verdict: Accepted
) -> Call[dict[str, Any]]:
    """The operation that stores a verified event and its jobs."""
    return Call(
        "webhook_receive",
        {
            "p_source": source.name,
            # An event without an id is known by its bytes.
            "p_event_id": described.event_id or f"sha256:{sha256(request.body).hexdigest()}",
            "p_event_type": described.event_type,
            "p_object_id": described.object_id,
            "p_account": described.account,
            "p_livemode": described.livemode,
            "p_body": request.body,
            "p_headers": encode([[_text(n), _text(v)] for n, v in request.headers]),
            "p_scheme": source.scheme_name,
            "p_secret_index": verdict.secret_index,
        },
        read=lambda rows: {
            "id": str(rows[0][0]), "duplicate": rows[0][1], "jobs": rows[0][2],
        },
        select="id, duplicate, jobs",
    )  # fmt: skip


def _only(headers: Sequence[tuple[str, str]], name: str) -> str | None:
    """The header's value; if it came several times, all of them, as HTTP joins them."""
    values = [value for key, value in headers if key.lower() == name.lower()]
    return ",".join(values) if values else None


def _text(value: str) -> str:
    return value.replace("\x00", "\N{REPLACEMENT CHARACTER}")


def _answer(status: int, headers: Mapping[str, str] | None = None, **content: Any) -> Response:
    return Response(
        status,
        json.dumps(content).encode(),
        {"Content-Type": "application/json", **(headers or {})},
    )
