"""What the channels of this process bring, all together: their handlers, and what they say and do.

A worker connects the handlers; each process tells the database what it declares, before work begins
and now and then afterwards.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from holdfast.channel import Handler, Services, load
from holdfast.database import Call
from holdfast.engine import queues
from holdfast.errors import ConfigError, InvalidInput


def connect_handlers(services: Services) -> None:
    """Add the handlers that channels always have, and those of what they hear of each other."""
    for channel in load().values():
        if channel.handlers is not None:
            for handler in channel.handlers(services):
                if services.registry.get(handler.kind) is None:
                    services.registry.add(handler)
    connect_hearings(services)


def connect_hearings(services: Services) -> None:
    """Subscribe the channels to what they want to hear of; once more changes nothing.

    Done in every process that announces its subscriptions, since what one of them leaves out is
    forgotten. Without a channel that offers subscriptions nothing can be heard, and nothing is.
    """
    channels = load().values()
    if all(channel.subscribe is None for channel in channels):
        return
    for channel in channels:
        for hearing in channel.hears(services) if channel.hears is not None else ():
            name = f"{channel.name}:{hearing.name}"
            handler = subscriber()(services, hearing.topic, name, hearing.run, None, {})
            if services.registry.get(handler.kind) is None:
                services.registry.add(handler, own=False)


def subscriber() -> Callable[..., Handler]:
    """What makes a handler of a function that wants events.

    Raises:
        ConfigError: no channel offers subscriptions, or more than one does.
    """
    offered = [channel.subscribe for channel in load().values() if channel.subscribe is not None]
    if len(offered) != 1:
        raise ConfigError("no channel, or more than one, offers subscriptions")
    return offered[0]


def announcements(services: Services) -> list[Call[Any]]:
    """What the channels want the database to know before work begins."""
    return _asked(services, (channel.announce for channel in load().values()))


def keeping(services: Services) -> list[Call[Any]]:
    """What the channels of this process say now and then, as long as it runs."""
    return _asked(services, (channel.keep for channel in load().values()))


def upkeep(services: Services) -> list[Call[Any]]:
    """What the channels want done every few seconds, by any worker."""
    return _asked(services, (channel.maintain for channel in load().values()))


def _asked(
    services: Services, asks: Iterable[Callable[[Services], Sequence[Call[Any]]] | None]
) -> list[Call[Any]]:
    return [call for ask in asks if ask is not None for call in ask(services)]


def declarations(services: Services) -> list[Call[Any]]:
    """All that this process declares: queues, subscriptions, schedules and the queues of these.

    They can be told again and again. A queue that exists stays as it is, and so does a schedule
    that people paused.
    """
    wanted = services.registry.queues()
    scheduled = services.registry.schedules()
    policies = {queue: wanted.get(queue, {}) for queue in [*wanted, *(q for q, _ in scheduled)]}
    return [
        *(queues.create_queue(queue, policy) for queue, policy in policies.items()),
        *announcements(services),
        *(call for _, call in scheduled),
    ]


_NAMED = {
    "create_queue": ("queue", "p_queue"),
    "policy_apart": ("queue", "p_queue"),
    "set_schedule": ("schedule", "p_name"),
}


@contextmanager
def named(call: Call[Any]) -> Iterator[None]:
    """What is wrong with a queue or a schedule that is declared here is said with its name."""
    what, key = _NAMED.get(call.function, ("", ""))
    try:
        yield
    except InvalidInput as error:
        if not what:
            raise
        raise InvalidInput(f"{what} {call.args[key]!r}: {error}") from None
