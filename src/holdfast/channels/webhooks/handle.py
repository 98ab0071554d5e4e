"""Handlers of events: each is a job of its own, with its own attempts."""

import inspect
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, get_args
from uuid import UUID

from holdfast.channel import Handler, Services
from holdfast.channels.webhooks.answer import Answer, Answered
from holdfast.channels.webhooks.source import NAME
from holdfast.channels.webhooks.subscription import Mode, Ordering, Subscription
from holdfast.database import Call, Gather, decode, encode
from holdfast.engine.model import ClaimedJob
from holdfast.engine.queues import check_options
from holdfast.errors import ConfigError, DatabaseUnavailable
from holdfast.policy.verdict import Dead, Hold, Snooze, Verdict
from holdfast.transaction import runner, takes_transaction

_TOGETHER = 20  # bodies may be large
_DATABASE_AFTER_S = 5.0
_PAUSED = 15  # in a row of load_many


@dataclass(frozen=True, slots=True)
class Event:
    """A verified event, as a handler gets it.

    Attributes:
        id: ours; `event_id` is the sender's.
        data: the body as JSON, or that in the field `payload` of a form, also if it was compressed;
            None if it is neither. `body` has the exact bytes.
        created: when it happened by the sender's clock, in whole Unix seconds, if it says so.
        types: of a batch of events (SendGrid) every type in it, `type` is that of the first.
        newer: a later event of the same object has come; ask the sender for the present state.
        redacted: parts of the body were taken out after the source's time for that.
        attempt: which try of this handler it is, from 1.
        url: what it was posted to, of a sender that signs that, such as Twilio.
    """

    id: UUID
    source: str
    event_id: str
    type: str | None
    object_id: str | None
    account: str | None
    livemode: bool | None
    created: int | None
    data: Any
    body: bytes
    headers: Sequence[tuple[str, str]]
    received_at: datetime
    newer: bool
    redacted: bool
    attempt: int
    url: str | None = None
    types: Sequence[str] = ()


def subscribe(
    services: Services, topic: Sequence[str], name: str, function: Callable[..., Any],
    queue: str | None, options: Mapping[str, Any],
) -> Handler:  # fmt: skip
    """`@hf.on(source, pattern)`: the pattern is a type, or has `*` for any part of it.

    Args:
        services: the process it runs in.
        topic: the source, or `*` for any, and the pattern.
        name: what its jobs find it by.
        function: is given the event; and its job's transaction, if it has a parameter `tx`.
        queue: of its own; `webhooks` if not given.
        options: `ordering="object"` or `"latest"`; `deadline="1 h"`; `inline=True`;
            `answer=True`; the others are the policy of its queue.

    Raises:
        ConfigError: the topic is not a source and a pattern, an option is not what it takes, or
            the function cannot be called with an event.
    """
    if len(topic) not in {1, 2} or not all(part.strip() for part in topic):
        raise ConfigError('hf.on() takes a source and a type: @hf.on("stripe", "invoice.*")')
    source, pattern = topic[0], topic[1] if len(topic) > 1 else "*"
    if source != "*" and not NAME.fullmatch(source.lstrip("_")):
        raise ConfigError(
            f"no source can be called {source!r}: its name is 1 to 63 of a-z 0-9 _ . - and begins "
            "with a letter or digit; * is any source"
        )
    check_options(options, "name", "queue", "ordering", "deadline", "inline", "answer")
    policy = dict(options)
    wish = _wish(name, source, pattern, policy)
    _check_called(name, function)
    call = runner(services.database, function)
    stored = Gather(services.database, load_many, _TOGETHER, in_flight=2)

    async def run(job: ClaimedJob) -> Verdict | None:
        try:
            row = await stored.ask(UUID(job.payload["event"]))
        except DatabaseUnavailable as error:
            return Snooze(f"it was not begun: {error}", _DATABASE_AFTER_S)
        if row is None:
            return Dead("its event is no longer stored; it was older than the retention")
        if row[_PAUSED]:
            return Hold(row[_PAUSED])
        event = read_event(row, job.attempt)
        result = await call(job, event)
        return Answered(answer=result) if isinstance(result, Answer) else result

    prefix = "" if services.app == "default" else f"{services.app}/"
    return Handler(f"webhook:{prefix}{name}", queue or "webhooks", run, policy, about=wish)


def _check_called(name: str, function: Callable[..., Any]) -> None:
    """Said where it is written, and not by each event; of a wrapper only what it takes itself."""
    given = {"tx": None} if takes_transaction(function) else {}
    try:
        inspect.signature(function, follow_wrapped=False).bind(None, **given)
    except TypeError as error:
        raise ConfigError(
            f"a handler is called as {name}(event{''.join(f', {key}=…' for key in given)}): {error}"
        ) from None


def _wish(name: str, source: str, pattern: str, options: dict[str, Any]) -> Subscription:
    """Takes out of the options what is not the queue's policy."""
    ordering, deadline = options.pop("ordering", "none"), options.pop("deadline", None)
    inline, answer = options.pop("inline", False), options.pop("answer", False)
    if ordering not in get_args(Ordering):
        raise ConfigError(f"ordering={ordering!r}: one of {', '.join(get_args(Ordering))}")
    if inline and answer:
        raise ConfigError("inline=True and answer=True: a handler that answers runs inline anyway")
    if isinstance(deadline, timedelta):
        deadline = f"{deadline.total_seconds()} s"
    mode: Mode = "answer" if answer else "inline" if inline else "queued"
    return Subscription(name, source, pattern, ordering, deadline, mode)


def announce(services: Services, function: str = "webhook_register") -> Sequence[Call[Any]]:
    """Tell the database which handlers this application has, if it has any.

    Those of channels are told apart: a process without an application has them, too, and what a
    process leaves out is forgotten.
    """
    heard: list[dict[str, Any]] = []
    own: list[dict[str, Any]] = []
    for handler in services.registry.all():
        if isinstance(handler.about, Subscription):
            found = own if services.registry.is_own(handler.kind) else heard
            found.append(_row(handler, handler.about))
    return [
        Call(function, {"p_app": app, "p_handlers": encode(rows)})
        for app, rows in ((f"{services.app}/channels", heard), (services.app, own))
        if rows
    ]


def _row(handler: Handler, wish: Subscription) -> dict[str, Any]:
    return {
        "kind": handler.kind,
        "name": wish.name,
        "source": wish.source,
        "pattern": wish.pattern,
        "queue": handler.queue,
        "ordering": wish.ordering,
        "deadline": wish.deadline,
        "mode": wish.mode,
    }


def keep(services: Services) -> Sequence[Call[Any]]:
    """Tell it that they are still there, whatever another version of it has registered since."""
    return announce(services, "webhook_keep_handlers")


def load_many(events: Sequence[UUID]) -> Call[Sequence[Sequence[Any] | None]]:
    """The rows of stored events, for `read_event`; None where there is none."""

    def read(rows: Sequence[Sequence[Any]]) -> list[Sequence[Any] | None]:
        found = {row[0]: row for row in rows}
        return [found.get(event) for event in events]

    return Call(
        "webhook_load_many", {"p_ids": list(events)}, read,
        select="id, source, event_id, event_type, object_id, account, livemode, created, body, "
        "headers, received_at, newer, redacted_at is not null, url, event_types, paused",
    )  # fmt: skip


def read_event(row: Sequence[Any], attempt: int = 0) -> Event:
    """The event in a row; each by itself, since large ones take long to read."""
    body = bytes(row[8])
    headers = [(name, value) for name, value in decode(row[9])]
    try:
        data = json.loads(body)
    except (ValueError, RecursionError):
        data = _otherwise(headers, body)
    return Event(
        id=row[0], source=row[1], event_id=row[2], type=row[3], object_id=row[4],
        account=row[5] or None, livemode=row[6], created=row[7], data=data, body=body,
        headers=headers, received_at=row[10], newer=row[11], redacted=row[12], attempt=attempt,
        url=row[13], types=tuple(row[14] or filter(None, [row[3]])),
    )  # fmt: skip


def _otherwise(headers: Sequence[tuple[str, str]], body: bytes) -> Any:
    """What is in a form, or was compressed."""
    # they take long to import
    from holdfast.channels.webhooks.schemes.coded import plain_body
    from holdfast.channels.webhooks.schemes.places import document_of

    return document_of(headers, plain_body(headers, body))
