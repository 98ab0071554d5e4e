"""A server that wants its commits on a standby, and has none at this moment."""

import asyncio

import psycopg
import pytest

from holdfast.client import connect
from holdfast.database import migrate
from holdfast.database.embedded import EmbeddedServer
from holdfast.engine.model import Job
from holdfast.installation import rooms


@pytest.fixture
def alone(tmp_path):
    """A server of its own, migrated."""
    server = EmbeddedServer(tmp_path / "alone")
    url = server.ensure()
    migrate(url, rooms(), "holdfast")
    yield url
    server.release()


async def test_a_known_key_waits_for_the_standby(alone, eventually):
    """A key that is known is acknowledged only when the standby has its job."""
    hf = connect(alone)
    first = await hf.send(Job(kind="x", dedupe_key="k"))
    with psycopg.connect(alone, autocommit=True) as sql:
        sql.execute("alter system set synchronous_standby_names = '*'")
        sql.execute("select pg_reload_conf()")
        waiting = "select 1 from pg_stat_activity where wait_event = 'SyncRep'"
        for _ in range(300):  # until all its processes have heard of it
            again = asyncio.create_task(hf.send(Job(kind="x", dedupe_key="k")))
            await eventually(lambda again=again: again.done() or sql.execute(waiting).fetchone())
            if not again.done():
                break
        else:
            pytest.fail("it never waited")
        sql.execute("alter system reset synchronous_standby_names")
        sql.execute("select pg_reload_conf()")
    assert (await again).id == first.id
    await hf.close()
