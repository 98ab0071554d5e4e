"""What an application holds: send, handle, work.

`connect()` makes a `Holdfast`. Its methods are coroutines; `hf.sync` has the same ones for code
without an event loop. Both run the same operations, each in a transaction of its own or, with
`using=`, inside the transaction that the caller has open on a connection of its own.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any, ParamSpec, Self, TypeVar, overload

from holdfast.all_channels import declarations, named, subscriber
from holdfast.around import Hook
from holdfast.channel import Handler, Registry, Services, load
from holdfast.database import Call, Database, PerLoop, run_on, run_on_async
from holdfast.engine import schedules
from holdfast.engine.coalesce import Coalescer
from holdfast.engine.model import ClaimedJob, Job, Receipt
from holdfast.engine.queues import check_options
from holdfast.errors import ConfigError
from holdfast.functions import is_async, name_of
from holdfast.installation import ensure_schema
from holdfast.limits.guards import Guards
from holdfast.redaction import conceal, password_of
from holdfast.sending import Queues, operation, operation_aside, operation_many
from holdfast.settings import API_KEY, CoreSettings, read, refuse_unknown
from holdfast.task import Task
from holdfast.threads import awaitable
from holdfast.worker import Worker, gently

T = TypeVar("T")
P = ParamSpec("P")
Function = TypeVar("Function", bound=Callable[..., Any])


class Holdfast(Guards):
    """Your side of holdfast: one database, the handlers of this process.

    Nothing is connected before the first operation.

    Args:
        database_url: the server; default HOLDFAST_DATABASE_URL; without either, an embedded
            Postgres 18 is started in `data` and shared by all processes that use that folder.
        data: the folder of the embedded server; default HOLDFAST_DATA, else ./.holdfast.
        schema: where holdfast is installed; default HOLDFAST_SCHEMA_NAME, else "holdfast".
        app: keeps the webhook handlers of several applications on one database apart.
        progress: told in a few words what a slow first start is doing.

    Raises:
        ConfigError: a HOLDFAST_ variable is unknown or unusable.
    """

    def __init__(
        self,
        database_url: str | None = None,
        *,
        data: Path | str | None = None,
        schema: str | None = None,
        app: str = "default",
        progress: Callable[[str], None] | None = None,
    ) -> None:
        core = core_settings(database_url=database_url, data=data, schema_name=schema)
        database = Database(
            core.database_url, data=core.data, schema=core.schema_name, progress=progress
        )
        super().__init__(database)
        self.services = Services(database, core, Registry(), app)
        self._queues = Queues(self.services.registry)
        self.sync = Sync(self, self._queues, self._hand_in_sync)
        self._coalescers = PerLoop(partial(Coalescer, database))
        self._ready = False
        self._preparing = PerLoop(self._prepared)

    # ---------------------------------------------------------------- sending

    async def send(self, message: Any, *, using: Any = None) -> Receipt:
        """Send an email, a job, or whatever a channel sends; when it returns, it is committed.

        With `using=`, it is written on that connection, in its open transaction: rolled back and
        committed with it. The connection is one of psycopg, asyncpg or SQLAlchemy (async).

        Raises:
            InvalidInput: the message cannot be sent as it is; nothing was stored.
            UnknownQueue: the job's queue does not exist.
            DatabaseUnavailable: it could not be stored, or the commit's outcome is unknown.
        """
        if using is not None:
            for call in self._queues.unmade([message]):
                await self.run(call, using=using)
            return await self.run(await operation_aside(message), using=using)
        if not self._ready:
            await self.prepare()
        if isinstance(message, Job):
            if not self._queues.has(message.queue):
                for call in self._queues.unmade([message]):
                    await self.run(call)
            return await self._coalescers.here().enqueue(message)
        return await self.services.database.run(await operation_aside(message))

    async def send_many(self, messages: Sequence[Job], *, using: Any = None) -> list[Receipt]:
        """Many jobs, all or none, in one statement."""
        for call in self._queues.unmade(messages):
            await self.run(call, using=using)
        return await self.run(operation_many(messages), using=using)

    async def run(self, call: Call[T], *, using: Any = None) -> T:
        """Run any operation of `holdfast.engine`."""
        if using is not None:
            return await run_on_async(using, call, self.services.database.schema)
        await self.prepare()
        result = await self.services.database.run(call)
        self._queues.ran(call)
        return result

    # ---------------------------------------------------------------- handling

    @overload
    def task(self, function: Callable[P, Any], /) -> Task[P]: ...
    @overload
    def task(
        self, *, name: str | None = None, queue: str | None = None, **policy: Any
    ) -> Callable[[Callable[P, Any]], Task[P]]: ...
    def task(
        self,
        function: Callable[..., Any] | None = None,
        *,
        name: str | None = None,
        queue: str | None = None,
        **policy: Any,
    ) -> Any:
        """Make a function a background job: `@hf.task`, `@hf.task(queue="reports", timeout="1 h")`.

        The function may be a coroutine or a plain one (run in a thread). It returns None or a
        verdict; an exception is a failed attempt. `policy` is what a queue of its own, named with
        `queue=`, is made with: retry_base, max_attempts, timeout and the other columns of `queues`.
        """
        check_options(policy, "name", "queue")

        def decorate(function: Callable[P, Any]) -> Task[P]:
            task = Task(
                function, name or _named(function), queue or "default", self.services.database
            )
            kind = f"task:{task.name}"
            self.services.registry.add(Handler(kind, task.queue, task.run, _policy(policy, queue)))
            return task

        return decorate if function is None else decorate(function)

    def on(
        self, *topic: str, name: str | None = None, queue: str | None = None, **options: Any
    ) -> Callable[[Function], Function]:
        """Handle what comes in: `@hf.on("stripe", "invoice.*")`.

        Each handler is a job of its own with its own attempts. Its name is what its jobs find it
        by, also after a restart: the function's name unless given. A function with a parameter
        `tx` is given the transaction of its job: what it writes there is committed together with
        the job's `done` mark, or not at all.

        Args:
            topic: the source and the type, with `*` for any part of it.
            name: if it is not to be that of the function.
            queue: one of its own.
            options: for webhooks, `ordering="object"` (the events of one object one after the
                other) or `"latest"` (of those that wait only the newest); `deadline="1 h"` (an
                alert at half of it); `inline=True` (run in the request, and by a worker if that
                fails); `answer=True` (what it returns is the answer). All others are the policy
                that a queue of its own is made with.
        """
        subscribe = subscriber()

        def decorate(function: Function) -> Function:
            handler = subscribe(
                self.services, topic, name or _named(function), function, queue, options
            )
            _policy(handler.policy, queue)
            self.services.registry.add(handler)
            return function

        return decorate

    def around(self, hook: Hook) -> Hook:
        """Be around each attempt of this process, at a job of whatever kind.

            @hf.around
            async def timed(job, proceed):
                with tracer.start_as_current_span(job.kind):
                    return await proceed()

        `job` has its `id`, `kind`, `queue`, `tenant`, `attempt` and `payload`; `proceed()` runs the
        handler, and returns what it returned or raises what it raised, which holds whatever the
        hook does then. A hook that does not await it, or cuts it off, returns the verdict, such as
        `Hold("why")`. Of several hooks the first is the outermost.

        Raises:
            ConfigError: it is no coroutine.
        """
        if not is_async(hook):
            raise ConfigError(f"hf.around: {name_of(hook)} is no async def hook(job, proceed)")
        self.services.registry.hooks.append(hook)
        return hook

    def on_alert(self, function: Function) -> Function:
        """Be told of alerts: `@hf.on_alert async def page(alert): ...`.

        Each newly raised alert is a job on the queue `alerts`, and so is, when that is made, each
        that is open then; the function is given its `key`,
        `text`, `details` and `raised_at` as one dictionary. Without it alerts are rows and log
        lines (`holdfast alerts list`).
        """
        call = awaitable(function)

        async def run(job: ClaimedJob) -> Any:
            return await call(job.payload)

        self.services.registry.add(Handler("alert", "alerts", run))
        return function

    def schedule(
        self, name: str, job: Job, *, cron: str | None = None,
        every: str | timedelta | None = None, timezone: str = "UTC", catch_up: str = "one",
    ) -> None:  # fmt: skip
        """Send a job by the clock: `hf.schedule("nightly", report.job(), cron="0 3 * * *")`.

        Told to the database when a worker of this process begins, or by `hf.announce()`; the
        job's queue is made if there is none. Each tick is one job, however many workers there are;
        a function with a parameter `tick=None` is told its moment.

        Args:
            name: what it is known by; the same name again changes it.
            job: what to send at each tick; `task.job(...)`.
            cron: minute, hour, day, month, weekday, local to `timezone`; or @daily and the like.
            every: or a time between ticks, at least a second, without months: "5 minutes".
            timezone: of the cron line, a name such as Europe/Berlin.
            catch_up: of ticks that nobody looked at in time, send one (the first), all or none.

        Raises:
            ConfigError: the job is none.
        """
        if not isinstance(job, Job):
            raise ConfigError(
                f"hf.schedule({name!r}, …): a job is needed, such as task.job(...), not a "
                f"{type(job).__name__}"
            )
        call = schedules.set_schedule(
            name, job, cron=cron, every=every, timezone=timezone, catch_up=catch_up
        )
        self.services.registry.schedule(job.queue, call)

    async def announce(self) -> None:
        """Tell the database what this process declares: queues, subscriptions, schedules.

        A worker does so when it begins. Call it from a deploy script, so that they are there for
        everybody who looks, in whatever language, before the first worker is. The role has to be
        one that may work.

        Raises:
            InvalidInput: a policy, a deadline or a schedule cannot be read; the message says whose,
                and what was told before it is kept.
        """
        await self.prepare()
        for call in declarations(self.services):
            with named(call):
                await self.run(call)

    def worker(self, *, queues: Sequence[str] | None = None, grace_s: float = 20.0) -> Worker:
        """A worker for the handlers of this process."""
        return Worker(self.services, only=queues, grace_s=grace_s)

    async def work(self, *, until_idle: bool = False, queues: Sequence[str] | None = None) -> int:
        """Work here: for ever, or until nothing is due. Returns how many jobs were handled.

        SIGTERM, if nobody else listens to it, ends the process when what runs has finished or was
        given back.
        """
        await self.prepare()
        worker = self.worker(queues=queues)
        if until_idle:
            return await worker.until_idle()
        with gently(worker.stop):
            await worker.run()
        return 0

    # ---------------------------------------------------------------- the rest

    def dsn(self) -> str:
        """Where the database is, for connections of your own; starts the embedded one."""
        return self.services.database.dsn()

    async def prepare(self) -> None:
        """Find the schema: make it on the embedded server, ask for it elsewhere. Done by itself."""
        if not self._ready:
            preparing = self._preparing.here()  # all who come first at once ask once
            try:
                await asyncio.shield(preparing)
            finally:
                if preparing.done() and self._preparing.known() is preparing:
                    self._preparing.forget()
            self._ready = True

    def _prepared(self) -> asyncio.Task[None]:
        database = self.services.database
        return asyncio.create_task(asyncio.to_thread(ensure_schema, database))

    def prepare_sync(self) -> None:
        """The same for threads."""
        if not self._ready:
            ensure_schema(self.services.database)
            self._ready = True

    async def close(self) -> None:
        """Close the connections; the embedded server stops when its last user has left."""
        self._coalescers.forget()
        await self._hand_in()
        while self.services.closing:
            await self.services.closing.pop()()
        await self.services.database.close()

    async def __aenter__(self) -> Self:
        await self.prepare()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()


class Sync:
    """The operations for code without an event loop: `hf.sync.send(...)`."""

    def __init__(self, holdfast: Holdfast, made: Queues, hand_in: Callable[[], None]) -> None:
        self._holdfast = holdfast
        self._queues = made
        self._hand_in = hand_in

    def send(self, message: Any, *, using: Any = None) -> Receipt:
        """As `Holdfast.send`; `using` is a psycopg, SQLAlchemy or Django connection."""
        for call in self._queues.unmade([message]):
            self.run(call, using=using)
        return self.run(operation(message), using=using)

    def send_many(self, messages: Sequence[Job], *, using: Any = None) -> list[Receipt]:
        """As `Holdfast.send_many`."""
        for call in self._queues.unmade(messages):
            self.run(call, using=using)
        return self.run(operation_many(messages), using=using)

    def run(self, call: Call[T], *, using: Any = None) -> T:
        """As `Holdfast.run`."""
        database = self._holdfast.services.database
        if using is not None:
            return run_on(using, call, database.schema)
        self._holdfast.prepare_sync()
        result = database.run_sync(call)
        self._queues.ran(call)
        return result

    def announce(self) -> None:
        """As `Holdfast.announce`."""
        self._holdfast.prepare_sync()
        for call in declarations(self._holdfast.services):
            with named(call):
                self.run(call)

    def work(self, *, until_idle: bool = False, queues: Sequence[str] | None = None) -> int:
        """As `Holdfast.work`, in an event loop of its own.

        Raises:
            ConfigError: one runs here already, as in a notebook.
        """
        with suppress(RuntimeError):
            asyncio.get_running_loop()
            raise ConfigError(
                "an event loop runs here already: await hf.work(), not hf.sync.work()"
            )

        async def working() -> int:
            try:
                return await self._holdfast.work(until_idle=until_idle, queues=queues)
            finally:
                await self._holdfast.close()

        return asyncio.run(working())

    def close(self) -> None:
        """Close the connections of threads."""
        self._hand_in()
        self._holdfast.services.database.close_sync()

    def __enter__(self) -> Self:
        self._holdfast.prepare_sync()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


connect = Holdfast
"""Your door to holdfast: `hf = holdfast.connect()`; the arguments are those of `Holdfast`."""


def core_settings(**given: object) -> CoreSettings:
    """The settings of this process, after every HOLDFAST_ variable was found to be a known one."""
    channels = load().values()
    refuse_unknown(
        [CoreSettings, *(model for c in channels for model in c.settings)],
        [API_KEY, *(pattern for c in channels for pattern in c.setting_patterns)],
    )
    core = read(CoreSettings, **given)
    conceal(password_of(core.database_url or ""))
    return core


def _policy(policy: Mapping[str, Any], queue: str | None) -> Mapping[str, Any]:
    if policy and queue is None:
        raise ConfigError(
            f"{', '.join(policy)}: a policy belongs to a queue; name one of its own with queue="
        )
    return policy


def _named(function: Callable[..., Any]) -> str:
    return name_of(function).replace(".<locals>", "")
