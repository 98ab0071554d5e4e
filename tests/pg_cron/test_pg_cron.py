"""The real pg_cron drives a queue that has no worker. Debian's has the granularity of a minute, so
this test waits for the next one: `make slow` runs it."""  # noqa: D205, D209

import time
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from holdfast.database import migrate
from holdfast.database.embedded import EmbeddedServer
from holdfast.installation import rooms

POSTGRES_15 = Path("/usr/lib/postgresql/15")
MINUTE_S = 75


@pytest.fixture
def cron(tmp_path):
    """A session on a Postgres 15 that has pg_cron."""
    if not (POSTGRES_15 / "lib" / "pg_cron.so").exists():
        pytest.skip("pg_cron is not installed: apt-get install postgresql-15-cron")
    server = EmbeddedServer(tmp_path / "cluster", binaries=POSTGRES_15 / "bin")
    dsn = server.ensure()
    with psycopg.connect(dsn) as admin:
        name = admin.info.dbname
    server.release()
    (settings,) = tmp_path.rglob("postgresql.auto.conf")
    with settings.open("a") as lines:
        lines.write(
            "shared_preload_libraries = 'pg_cron'\n"
            f"cron.database_name = '{name}'\ncron.use_background_workers = on\n"
        )
    dsn = server.ensure()
    migrate(make_conninfo(dsn), rooms(), "holdfast")
    with psycopg.connect(dsn, autocommit=True) as session:
        session.execute("create extension pg_cron")
        yield session
    server.release()


@pytest.mark.slow
def test_pg_cron_is_enough(cron):
    """Every minute maintain(): a schedule becomes a job, and a retry that is due is ready again."""
    cron.execute("select cron.schedule('holdfast', '* * * * *', 'select holdfast.maintain()')")
    cron.execute(
        "select holdfast.set_schedule('sweep', "
        '\'{"every": "1 second", "job": {"queue": "default", "kind": "sweep"}}\')'
    )
    cron.execute(
        "select holdfast.enqueue('default', 'later', '{}',"
        " jsonb_build_object('run_at', now() + interval '1 second'))"
    )
    deadline = time.monotonic() + MINUTE_S
    found = set()
    while found != {"sweep", "later"} and time.monotonic() < deadline:
        time.sleep(0.5)
        found = {row[0] for row in cron.execute("select kind from holdfast.ready_jobs")}
    runs = cron.execute("select status, return_message from cron.job_run_details").fetchall()
    assert found == {"sweep", "later"}, runs
