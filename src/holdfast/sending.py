"""What is sent, as operations: a job or a message of a channel, and the queues that it needs."""

import asyncio
from collections.abc import Iterable, Sequence
from typing import Any

from holdfast.channel import Registry, load
from holdfast.database import Call
from holdfast.engine import jobs, queues
from holdfast.engine.model import Job, Receipt
from holdfast.errors import InvalidInput


def operation(message: Any) -> Call[Receipt]:
    """What stores it. Raises InvalidInput for what cannot be sent."""
    if isinstance(message, Job):
        return jobs.enqueue(message)
    for channel in load().values():
        for kind, make in channel.sends.items():
            if isinstance(message, kind):
                return make(message)
    raise InvalidInput(
        f"{type(message).__name__} cannot be sent; send a Job (task.job(...)) or a message "
        f"of a channel: {', '.join(k.__name__ for c in load().values() for k in c.sends)}"
    )


def operation_many(messages: Sequence[Any]) -> Call[list[Receipt]]:
    """What stores these jobs. Raises InvalidInput for what is none."""
    for message in messages:
        if not isinstance(message, Job):
            raise InvalidInput(
                f"{type(message).__name__}: send_many takes jobs alone; send each with send(), "
                "and using=connection if all of them or none are to go"
            )
    return jobs.enqueue_many(messages)


async def operation_aside(message: Any) -> Call[Receipt]:
    """The same, in a thread if it takes long: other coroutines go on meanwhile."""
    for channel in load().values():
        if channel.takes_long and isinstance(message, tuple(channel.sends)):
            if channel.takes_long(message):
                return await asyncio.to_thread(operation, message)
            break
    return operation(message)


class Queues:
    """The queues that tasks of this process name are made before the first job of each."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry
        self._made = {"default"}

    def has(self, name: str) -> bool:
        """Whether it is there for sure: asked for each job that is sent, so without a detour."""
        return name in self._made

    def unmade(self, messages: Iterable[Any]) -> list[Call[bool]]:
        """What makes those that are missing.

        Asked again each time until a worker or a stand-alone send has made them for sure.
        """
        named = {message.queue for message in messages if isinstance(message, Job)} - self._made
        if not named:
            return []
        policies = self._registry.queues()
        return [queues.create_queue(name, policies[name]) for name in named & policies.keys()]

    def ran(self, call: Call[Any]) -> None:
        """A queue that was made in a transaction of our own needs not be made again."""
        if call.function == "create_queue":
            self._made.add(str(call.args["p_queue"]))
