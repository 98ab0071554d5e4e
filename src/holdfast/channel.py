"""The waist: what a channel is, and how the ones that exist are found.

A channel is one way in or out (webhooks, email, ...), in a folder of its own under `channels/`. The
worker finds its handlers here, the API its routes, the migrator its SQL, the CLI its commands; none
of them names a channel. `load` is the one dynamic import in the house. Packages outside of this one
bring channels by the entry point `holdfast.channels`.
"""

import importlib
import pkgutil
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import entry_points
from typing import Any

from holdfast.around import Hook
from holdfast.command import Command
from holdfast.database import Call, Database, Room
from holdfast.engine.model import ClaimedJob, Receipt
from holdfast.errors import ConfigError
from holdfast.operation import Operation
from holdfast.policy.verdict import Verdict
from holdfast.settings import CoreSettings, Settings


@dataclass(frozen=True, slots=True)
class Request:
    """An HTTP request as a channel's route gets it: bytes as they came.

    `peer` is the address that the connection came from, `url` what was asked for in full, as far as
    this server can tell: behind a proxy neither is what the sender saw.
    """

    method: str
    path: str
    params: Mapping[str, str]
    headers: Sequence[tuple[str, str]]
    body: bytes
    peer: str = ""
    url: str = ""

    def header(self, name: str) -> str | None:
        """The first header of that name, whatever its case."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)


@dataclass(frozen=True, slots=True)
class Response:
    """What the route answers."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Route:
    """One path that a channel serves; a body over `max_body` bytes is refused as it streams in.

    `max_body` may depend on the path's parameters. `admit` is asked before the body is read, with
    the request's head, and answers what is not to be read at all. `too_large` hears of a request
    that was refused for its size, and of the size that it may have.
    """

    method: str
    path: str
    handler: Callable[[Request], Awaitable[Response]]
    max_body: int | Callable[[Mapping[str, str]], int] = 1_048_576
    admit: Callable[[Request], Response | None] | None = None
    too_large: Callable[[Request, int], None] | None = None


@dataclass(frozen=True, slots=True)
class Server:
    """Something else that listens, such as SMTP; `open(address)` serves until it is left."""

    name: str
    address: str
    open: Callable[[str], AbstractAsyncContextManager[None]]


@dataclass(frozen=True, slots=True)
class Handler:
    """Who handles the jobs of one kind: `run(job)` returns a verdict, or None for delivered.

    `policy` is what its queue is made with if it does not exist yet. `about` is for the channel
    that made it; nobody else reads it.
    """

    kind: str
    queue: str
    run: Callable[[ClaimedJob], Awaitable[Verdict | None]]
    policy: Mapping[str, Any] = field(default_factory=dict)
    about: Any = None


@dataclass(frozen=True, slots=True)
class Hearing:
    """Events that a channel wants to hear of, which come in by another: as `hf.on(*topic)` does.

    `run(event)` is given the event, and the transaction of its job if it has a parameter `tx`; it
    returns a verdict, or None for delivered. `name` is unique within the channel, and what its jobs
    are found by after a restart.
    """

    topic: tuple[str, ...]
    name: str
    run: Callable[..., Awaitable[Verdict | None]]


class Registry:
    """What this process can handle: one handler per kind of job, and the hooks around all."""

    def __init__(self) -> None:
        self.hooks: list[Hook] = []
        self._handlers: dict[str, Handler] = {}
        self._schedules: list[tuple[str, Call[Any]]] = []
        self._heard: set[str] = set()

    def add(self, handler: Handler, *, own: bool = True) -> None:
        """Add it; `own`: it is the application's, and not one that each process has.

        Raises:
            ConfigError: the kind is taken; two functions of one name need a `name=`.
        """
        if handler.kind in self._handlers:
            raise ConfigError(
                f"two handlers for {handler.kind!r}; give one of them another name with name="
            )
        self._handlers[handler.kind] = handler
        if not own:
            self._heard.add(handler.kind)

    def is_own(self, kind: str) -> bool:
        """Whether the handler of that kind is the application's."""
        return kind not in self._heard

    def get(self, kind: str) -> Handler | None:
        """The handler of that kind, if this process has it."""
        return self._handlers.get(kind)

    def schedule(self, queue: str, call: Call[Any]) -> None:
        """Something to tell the database before work begins: a job that comes by the clock."""
        self._schedules.append((queue, call))

    def schedules(self) -> list[tuple[str, Call[Any]]]:
        """Every schedule of this process, with the queue that its jobs go to."""
        return list(self._schedules)

    def all(self) -> list[Handler]:
        """Every handler, in the order of their registration."""
        return list(self._handlers.values())

    def queues(self) -> dict[str, Mapping[str, Any]]:
        """The queues that the handlers work on, with the policies they would be made with."""
        found: dict[str, Mapping[str, Any]] = {}
        for handler in self._handlers.values():
            found[handler.queue] = {**found.get(handler.queue, {}), **handler.policy}
        return found


@dataclass(frozen=True, slots=True)
class Services:
    """What a channel may use: the database, the settings of its process, and what it can handle.

    `closing` is run at the end of the process: a channel that opens something adds its end there.
    """

    database: Database
    core: CoreSettings
    registry: Registry
    app: str = "default"
    closing: list[Callable[[], Awaitable[None]]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Channel:
    """All that the rest of the house ever sees of a channel.

    Attributes:
        name: also its folder, its prefix in SQL and its page in the docs.
        room: its SQL.
        settings: the models of its settings, and patterns of variables named by the user.
        handlers: the handlers it always has, made when a worker starts.
        subscribe: makes a handler of the user's function: `hf.on(*topic)(function)`.
        hears: what it wants to hear of that comes in by another channel; made when a worker or a
            server starts.
        announce: tells the database which subscriptions this process has; run before work begins.
        keep: says that they are still there; run now and then in each process that has them.
        sends: makes the operation that sends a message, by the message's type.
        takes_long: whether to make that operation would hold up an event loop.
        routes: the HTTP it serves, in the sender's own form.
        operations: what it adds to the JSON API; asked for by the API alone.
        servers: what else it listens on.
        maintain: what any worker may do for it every few seconds, in this order.
        commands: what it adds to the CLI; asked for by the CLI alone.
        nouns: what the help says about each of their nouns.
        queues: those that are for its own jobs alone.
        kinds: how the kinds of its jobs begin; nobody makes such a job by the JSON API.
    """

    name: str
    room: Room
    settings: Sequence[type[Settings]] = ()
    setting_patterns: Sequence[re.Pattern[str]] = ()
    handlers: Callable[[Services], Sequence[Handler]] | None = None
    subscribe: Callable[..., Handler] | None = None
    hears: Callable[[Services], Sequence[Hearing]] | None = None
    announce: Callable[[Services], Sequence[Call[Any]]] | None = None
    keep: Callable[[Services], Sequence[Call[Any]]] | None = None
    sends: Mapping[type, Callable[[Any], Call[Receipt]]] = field(default_factory=dict)
    takes_long: Callable[[Any], bool] | None = None
    routes: Callable[[Services], Sequence[Route]] | None = None
    operations: Callable[[], Sequence[Operation]] = tuple
    servers: Callable[[Services], Sequence[Server]] | None = None
    maintain: Callable[[Services], Sequence[Call[Any]]] | None = None
    commands: Callable[[], Sequence[Command]] = tuple
    nouns: Mapping[str, str] = field(default_factory=dict)
    queues: Sequence[str] = ()
    kinds: Sequence[str] = ()


@cache
def load() -> Mapping[str, Channel]:
    """Every channel there is, by name.

    Raises:
        ConfigError: a folder under channels/ or an entry point does not bring a CHANNEL.
    """
    package = importlib.import_module("holdfast.channels")
    modules = [
        importlib.import_module(f"holdfast.channels.{found.name}")
        for found in pkgutil.iter_modules(package.__path__)
        if found.ispkg
    ]
    modules += [entry.load() for entry in entry_points(group="holdfast.channels")]
    channels: dict[str, Channel] = {}
    for module in modules:
        channel = getattr(module, "CHANNEL", module)
        if not isinstance(channel, Channel) or channel.name in channels:
            raise ConfigError(f"{module!r} brings no CHANNEL, or one whose name is taken")
        channels[channel.name] = channel
    return channels
