"""Handlers of events: each is a job of its own, with its own attempts."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from holdfast.channel import Handler, Services
from holdfast.database import Call, decode, encode
from holdfast.engine.model import ClaimedJob
from holdfast.errors import ConfigError
from holdfast.policy.verdict import Dead, Verdict
from holdfast.threads import awaitable


@dataclass(frozen=True, slots=True)
class Event:
    """A verified event, as a handler gets it.

    Attributes:
        id: ours; `event_id` is the sender's.
        data: the body as JSON, or None if it is none; `body` has the exact bytes.
        attempt: the how-manieth time this handler is tried, from 1.
    """

    id: UUID
    source: str
    event_id: str
    type: str | None
    object_id: str | None
    account: str | None
    livemode: bool | None
    data: Any
    body: bytes
    headers: Sequence[tuple[str, str]]
    received_at: datetime
    attempt: int


@dataclass(frozen=True, slots=True)
class Subscription:
    """Which events a handler wants; what `announce` tells the database."""

    name: str
    source: str
    pattern: str


def subscribe(
    services: Services, topic: Sequence[str], name: str, function: Callable[[Event], Any],
    queue: str | None, policy: Mapping[str, Any],
) -> Handler:  # fmt: skip
    """`@hf.on(source, pattern)`: the pattern is a type, or has `*` for any part of it.

    Raises:
        ConfigError: the topic is not a source and a pattern.
    """
    if len(topic) not in {1, 2} or not all(part.strip() for part in topic):
        raise ConfigError('hf.on() takes a source and a type: @hf.on("stripe", "invoice.*")')
    source, pattern = topic[0], topic[1] if len(topic) > 1 else "*"
    call = awaitable(function)

    async def run(job: ClaimedJob) -> Verdict | None:
        event = await services.database.run(load_event(UUID(job.payload["event"]), job.attempt))
        if event is None:
            return Dead("its event is no longer stored; it was older than the retention")
        verdict: Verdict | None = await call(event)
        return verdict

    prefix = "" if services.app == "default" else f"{services.app}/"
    return Handler(
        f"webhook:{prefix}{name}", queue or "webhooks", run, policy,
        about=Subscription(name, source, pattern),
    )  # fmt: skip


def announce(services: Services) -> Sequence[Call[Any]]:
    """Tell the database which handlers this application has, if it has any."""
    mine = [
        {
            "kind": handler.kind,
            "name": handler.about.name,
            "source": handler.about.source,
            "pattern": handler.about.pattern,
            "queue": handler.queue,
        }
        for handler in services.registry.all()
        if isinstance(handler.about, Subscription)
    ]
    if not mine:
        return []
    return [Call("webhook_register", {"p_app": services.app, "p_handlers": encode(mine)})]


def load_event(event: UUID, attempt: int = 0) -> Call[Event | None]:
    """The stored event, or None."""
    return Call(
        "webhook_load", {"p_id": event},
        read=lambda rows: _event(rows[0], attempt) if rows else None,
        select="id, source, event_id, event_type, object_id, account, livemode, body, headers, "
        "received_at",
    )  # fmt: skip


def _event(row: Sequence[Any], attempt: int) -> Event:
    body = bytes(row[7])
    try:
        data = json.loads(body)
    except (ValueError, RecursionError):
        data = None
    headers = [(name, value) for name, value in decode(row[8])]
    return Event(
        id=row[0], source=row[1], event_id=row[2], type=row[3], object_id=row[4],
        account=row[5] or None, livemode=row[6], data=data, body=body, headers=headers,
        received_at=row[9], attempt=attempt,
    )  # fmt: skip
