"""pgmq: SQL functions over a table for each queue; there is no worker, so a loop of ours is one.

Its SQL is that of the extension, in the plain file that its Python package carries for servers
without the extension. Its functions are called with asyncpg.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import asyncpg
from pgmq.install import get_embedded_install_sql

from bench.floors import payload
from bench.peers.peer import Handle, Peer

QUEUE = "bench"
BATCH = 1000
LEASE_S = 60
CHANNEL = f"pgmq.q_{QUEUE}.INSERT"


class _Client:
    def __init__(self, url: str, pool: asyncpg.Pool) -> None:
        self._url = url
        self._pool = pool
        self._woken = asyncio.Event()
        self._stopped = False

    async def send(self, n: int) -> None:
        await self._pool.fetchval("select pgmq.send($1, $2::jsonb)", QUEUE, json.dumps(payload(n)))

    async def send_many(self, numbers: Sequence[int]) -> None:
        bodies = [json.dumps(payload(n)) for n in numbers]
        await self._pool.fetch("select pgmq.send_batch($1, $2::jsonb[])", QUEUE, bodies)

    async def work(self, handle: Handle) -> None:
        self._stopped = False
        connection = await asyncpg.connect(self._url)
        listener = await asyncpg.connect(self._url)
        try:
            await listener.add_listener(CHANNEL, lambda *_: self._woken.set())
            while not self._stopped:
                self._woken.clear()
                if not await self._batch(connection, handle):
                    await self._woken.wait()
        finally:
            await connection.close()
            await listener.close()

    async def _batch(self, connection: asyncpg.Connection, handle: Handle) -> bool:
        read = await connection.fetch(
            "select msg_id, message from pgmq.read($1, $2, $3)", QUEUE, LEASE_S, BATCH
        )
        for message in read:
            handle(json.loads(message["message"])["n"])
        if read:
            handled = [message["msg_id"] for message in read]
            await connection.fetch("select pgmq.delete($1, $2::bigint[])", QUEUE, handled)
        return bool(read)

    def stop(self) -> None:
        self._stopped = True
        self._woken.set()


@asynccontextmanager
async def connect(url: str, callers: int) -> AsyncIterator[_Client]:
    """Open it with a connection for each caller."""
    async with asyncpg.create_pool(url, min_size=callers, max_size=callers) as pool:
        yield _Client(url, pool)


async def install(url: str) -> None:
    """Without the extension, as its documentation has it; and a queue."""
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(get_embedded_install_sql())
        await connection.execute(f"select pgmq.create('{QUEUE}')")
    finally:
        await connection.close()


async def notify(url: str, on: bool) -> None:
    """Its notification of inserts, unthrottled; it is off unless asked for."""
    call = f"enable_notify_insert('{QUEUE}', 0)" if on else f"disable_notify_insert('{QUEUE}')"
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(f"select pgmq.{call}")
    finally:
        await connection.close()


PEER = Peer(
    name="pgmq",
    package="pgmq",
    settings="plain SQL calls by asyncpg, a connection for each caller; `send`, `send_batch`; for "
    f"drain a loop of `read` ({BATCH}, {LEASE_S} s) and `delete` of the whole batch, without "
    "retries or a result for each job; for latency `enable_notify_insert` (throttle 0), else off",
    tables=(f"pgmq.q_{QUEUE}",),
    live=f"pgmq.q_{QUEUE}",
    done=None,
    drained=20_000,
    install=install,
    connect=connect,
    notify=notify,
)
