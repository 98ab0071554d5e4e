"""PgQueuer: entrypoints, one statement for a batch of claims, a trigger that notifies."""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta

import asyncpg
from pgqueuer import PgQueuer
from pgqueuer.db import AsyncpgDriver, AsyncpgPoolDriver
from pgqueuer.models import Job
from pgqueuer.queries import Queries

from bench.floors import payload
from bench.peers.peer import Handle, Peer

ENTRYPOINT = "noop"
BATCH = 500


class _Client:
    def __init__(self, url: str, pool: asyncpg.Pool) -> None:
        self._url = url
        self._queries = Queries(AsyncpgPoolDriver(pool))
        self._stopped = asyncio.Event()

    async def send(self, n: int) -> None:
        await self._queries.enqueue(ENTRYPOINT, json.dumps(payload(n)).encode(), 0)

    async def send_many(self, numbers: Sequence[int]) -> None:
        bodies = [json.dumps(payload(n)).encode() for n in numbers]
        await self._queries.enqueue([ENTRYPOINT] * len(bodies), bodies, [0] * len(bodies))

    async def work(self, handle: Handle) -> None:
        connection = await asyncpg.connect(self._url)
        try:
            manager = PgQueuer(AsyncpgDriver(connection))
            self._stopped = manager.shutdown

            async def noop(job: Job) -> None:
                handle(json.loads(job.payload)["n"])

            manager.entrypoint(ENTRYPOINT)(noop)
            await manager.run(batch_size=BATCH, dequeue_timeout=timedelta(seconds=30))
        finally:
            await connection.close()

    def stop(self) -> None:
        self._stopped.set()


@asynccontextmanager
async def connect(url: str, callers: int) -> AsyncIterator[_Client]:
    """Open it with a connection for each caller."""
    async with asyncpg.create_pool(url, min_size=callers, max_size=callers) as pool:
        yield _Client(url, pool)


async def install(url: str) -> None:
    """As `pgq install` and then `pgq autovac` do, which its page on tuning asks for."""
    connection = await asyncpg.connect(url)
    try:
        queries = Queries(AsyncpgDriver(connection))
        await queries.install()
        await connection.execute(queries.qbe.build_optimize_autovacuum_query())
    finally:
        await connection.close()


PEER = Peer(
    name="PgQueuer",
    package="pgqueuer",
    settings="asyncpg, a pool with a connection for each caller; `enqueue`, with lists for bulk; "
    f"one worker on one connection, batch_size {BATCH}, `pgq autovac` applied, durable tables",
    tables=("pgqueuer", "pgqueuer_log", "pgqueuer_statistics"),
    live="pgqueuer",
    done="select count(*) from pgqueuer_log where status = 'successful'",
    drained=20_000,
    install=install,
    connect=connect,
)
