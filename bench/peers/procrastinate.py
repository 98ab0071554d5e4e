"""Procrastinate: tasks, one statement for each claim and each result, two notifies for each job."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import procrastinate

from bench.floors import payload
from bench.peers.peer import Handle, Peer

CONCURRENCY = 20


class _Client:
    def __init__(self, app: procrastinate.App) -> None:
        self._app = app
        self._handle: Handle = lambda _: None
        self._working: asyncio.Task[None] | None = None
        self._task: Any = app.task(name="noop")(self._noop)

    async def _noop(self, n: int, to: str, template: str) -> None:  # noqa: ARG002  a job has more than it needs
        self._handle(n)

    async def send(self, n: int) -> None:
        await self._task.defer_async(**payload(n))

    async def send_many(self, numbers: Sequence[int]) -> None:
        await self._task.batch_defer_async(*(payload(n) for n in numbers))

    async def work(self, handle: Handle) -> None:
        self._handle = handle
        self._working = asyncio.create_task(
            self._app.run_worker_async(
                concurrency=CONCURRENCY, delete_jobs="successful", install_signal_handlers=False
            )
        )
        await asyncio.wait([self._working])
        if not self._working.cancelled():
            self._working.result()

    def stop(self) -> None:
        if self._working is not None:  # cancelling is how its documentation stops a worker
            self._working.cancel()


def _app(url: str, connections: int) -> procrastinate.App:
    connector = procrastinate.PsycopgConnector(
        conninfo=url, min_size=connections, max_size=connections
    )
    return procrastinate.App(connector=connector)


@asynccontextmanager
async def connect(url: str, callers: int) -> AsyncIterator[_Client]:
    """Open it with a connection for each caller, or for each job at a time, and two more."""
    app = _app(url, max(callers, CONCURRENCY) + 2)
    async with app.open_async():
        yield _Client(app)


async def install(url: str) -> None:
    """As `procrastinate schema --apply` does."""
    app = _app(url, 1)
    async with app.open_async():
        await app.schema_manager.apply_schema_async()


PEER = Peer(
    name="Procrastinate",
    package="procrastinate",
    settings=f"psycopg, a pool of {CONCURRENCY + 2}; `defer_async`, `batch_defer_async`; one "
    f"worker, concurrency {CONCURRENCY}, listen_notify, delete_jobs successful",
    tables=("procrastinate_jobs", "procrastinate_events", "procrastinate_workers"),
    live="procrastinate_jobs",
    done=None,
    drained=1_000,
    install=install,
    connect=connect,
)
