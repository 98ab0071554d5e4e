"""The queue alone, no channel, as anybody with a Postgres driver sees it.

A database is made once per server and swept after each test; to make one for each would cost more
than all the tests. Time stands still at noon of 2030-01-01 unless a test moves it with
`queue.at(seconds)`.
"""

import json
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from psycopg.conninfo import make_conninfo
from psycopg.rows import namedtuple_row

from holdfast.database import migrate
from holdfast.engine import ROOM

pytest.register_assert_rewrite(
    "tests.engine.machine", "tests.engine.machine_people", "tests.engine.machine_work"
)
NOON = datetime(2030, 1, 1, 12, tzinfo=UTC)
_OPTIONS = (
    f"-c search_path=holdfast,public -c statement_timeout=60s -c holdfast.now={NOON.isoformat()}"
)
_SWEEP = """
    set local synchronous_commit = off;
    delete from ready_jobs; delete from leased_jobs; delete from deferred_jobs;
    delete from dead_letters; delete from finished_jobs; delete from attempts;
    delete from dedupe_keys; delete from ordering_keys; delete from workers;
    delete from idle_workers; delete from operations; delete from queues;
    delete from ready_marks; delete from tenant_turns; delete from rate_limits;
    delete from slots; delete from breakers; delete from schedules; delete from schedule_ticks;
    delete from replays; delete from upkeep;
    select create_queue('default')
"""


_SWOLLEN = """
    select 'vacuum (full) ' || string_agg(oid::regclass::text, ', ') from pg_class
    where relnamespace = 'holdfast'::regnamespace and relkind = 'r'
      and pg_total_relation_size(oid) > 1 << 20
"""
"""What a large test leaves behind; all that come after it would read over it."""


class Session:
    """A plain session; a method for each function that a user would call."""

    def __init__(self, connection: psycopg.Connection):
        self.connection = connection
        self.pid = connection.info.backend_pid
        connection.row_factory = namedtuple_row

    def all(self, statement: str, *args):
        """Every row."""
        return self.connection.execute(statement, args or None).fetchall()

    def row(self, statement: str, *args):
        """The first row."""
        return self.connection.execute(statement, args or None).fetchone()

    def one(self, statement: str, *args):
        """The first column of the first row."""
        return self.row(statement, *args)[0]

    def run(self, statement: str, *args):
        """No rows."""
        self.connection.execute(statement, args or None)

    def transaction(self):
        """A transaction, or inside one a savepoint."""
        return self.connection.transaction()

    def at(self, seconds: float) -> datetime:
        """Set the clock to so many seconds after noon."""
        now = NOON + timedelta(seconds=seconds)
        self.run("select set_config('holdfast.now', %s, false)", now.isoformat())
        return now

    def policy(self, name: str = "default", **columns):
        """Make a queue or change it, off the record."""
        self.run("select create_queue(%s)", name)
        self.run("select change_policy(%s, %s)", name, json.dumps(columns))

    def enqueue(self, queue="default", kind="kind", payload=None, **options):
        """One job; its id."""
        statement = "select enqueue(%s, %s, %s, %s)"
        return self.one(statement, queue, kind, json.dumps(payload or {}), _json(options))

    def enqueue_many(self, *jobs):
        """Many jobs; rows of ordinal, id, duplicate."""
        return self.all("select * from enqueue_many(%s) order by ordinal", _json(jobs))

    def claim(self, queue="default", limit=None, worker="worker", lease=None):
        """Rows of claimed jobs."""
        return self.all("select * from claim(%s, %s, %s, %s)", queue, limit, worker, lease)

    def claim_one(self, queue="default", **options):
        """The one job that there is."""
        (job,) = self.claim(queue, **options)
        return job

    def settle(self, *results):
        """Rows of id, accepted, state."""
        return self.all("select * from settle(%s)", _json(results))

    def verdict(self, job, verdict, **more):
        """Settle one claimed job: (accepted, state)."""
        result = {"id": job.id, "token": job.claim_token, "verdict": verdict, **more}
        _, accepted, state = self.row("select * from settle(%s)", _json([result]))
        return accepted, state

    def kill(self, queue="default", because="it broke", **options):
        """A fresh dead letter; its id."""
        job_id = self.enqueue(queue, **options)
        jobs = {job.id: job for job in self.claim(queue)}
        assert self.verdict(jobs[job_id], "dead", because=because) == (True, "dead")
        return job_id

    def job(self, job_id):
        """The job's row in the view `jobs`; there is one."""
        (job,) = self.all("select * from jobs where id = %s", job_id)
        return job

    def state(self, job_id):
        """The job's state."""
        return self.job(job_id).state

    def attempts(self, job_id):
        """The outcomes of the job's recorded attempts, in order."""
        statement = "select * from attempts where job_id = %s order by settled_at, attempt"
        return self.all(statement, job_id)

    def explain(self, job_id):
        """Why it waits."""
        return self.one("select explain(%s)", job_id)

    def audit(self):
        """The violated invariants."""
        return self.all("select * from audit()")

    def failure(self, statement: str, *args) -> psycopg.Error:
        """The error that the statement ends with; the session goes on."""
        with pytest.raises(psycopg.Error) as caught, self.transaction():
            self.run(statement, *args)
        return caught.value


def _json(value) -> str:
    return json.dumps(value, default=lambda v: v.isoformat() if hasattr(v, "isoformat") else str(v))


@pytest.fixture(scope="session")
def _opened() -> dict[str, tuple[str, Session]]:
    return {}


@pytest.fixture
def _engine(server, _opened) -> tuple[str, Session]:
    """A database with the engine only, and a session in it; made once per server."""
    if server not in _opened:
        name = f"engine_{uuid.uuid4().hex[:12]}"
        with psycopg.connect(server, autocommit=True) as admin:
            admin.execute(f'create database "{name}" template template0')
        dsn = make_conninfo(server, dbname=name)
        migrate(dsn, [ROOM], "holdfast")
        _opened[server] = dsn, Session(_connect(dsn))
    return _opened[server]


def _connect(dsn: str) -> psycopg.Connection:
    return psycopg.connect(dsn, autocommit=True, options=_OPTIONS)


@pytest.fixture
def dsn(_engine) -> str:
    """The address of that database."""
    return _engine[0]


@pytest.fixture
def queue(_engine, _opened) -> Iterator[Session]:
    """The session. Whatever a test did, no invariant may be violated at its end."""
    session = _engine[1]
    yield session
    session.connection.rollback()
    session.run("reset all")
    violated = session.audit()
    session.run(_SWEEP)
    if swollen := session.one(_SWOLLEN):
        session.run(swollen)
    assert violated == []


@pytest.fixture
def sweep(queue):
    """A function that forgets everything, in the middle of a test."""
    return lambda: queue.run(_SWEEP)


@pytest.fixture
def another(dsn, queue):
    """A function that opens one more session."""
    opened = []

    def opening() -> Session:
        opened.append(_connect(dsn))
        return Session(opened[-1])

    yield opening
    for connection in opened:
        connection.close()


@pytest.fixture
def background(another):
    """Start a function that uses a session; comes back when it is done or waits for a lock."""
    watcher = another()
    with ThreadPoolExecutor(8) as pool:

        def starting(session: Session, function, *args, **kwargs) -> Future:
            future = pool.submit(function, *args, **kwargs)
            blocked = "select cardinality(pg_blocking_pids(%s)) > 0"
            deadline = time.monotonic() + 60
            while not future.done() and not watcher.one(blocked, session.pid):
                assert time.monotonic() < deadline
                time.sleep(0.002)
            return future

        yield starting


@pytest.fixture
def empty(server):
    """A function that makes an empty database and gives its address."""
    made = []

    def making() -> str:
        name = f"own_{uuid.uuid4().hex[:12]}"
        with psycopg.connect(server, autocommit=True) as admin:
            admin.execute(f'create database "{name}" template template0')
        made.append(name)
        return make_conninfo(server, dbname=name)

    yield making
    with psycopg.connect(server, autocommit=True) as admin:
        for name in made:
            admin.execute(f'drop database "{name}" with (force)')


@pytest.fixture
def member(another, queue):
    """A context with a session of a fresh login role that is in one of our roles."""

    @contextmanager
    def joining(role: str | None):
        name = f"person_{uuid.uuid4().hex[:8]}"
        queue.run(f"create role {name} login")
        if role:
            queue.run(f"grant holdfast_{role} to {name}")
        session = another()
        session.run(f"set session authorization {name}")
        try:
            yield session
        finally:
            session.connection.close()
            queue.run(f"drop role {name}")

    return joining


@pytest.fixture
def old_snapshot(another):
    """A session somewhere else that holds a snapshot open, as a dump or a report does."""
    session = another()
    session.run("begin isolation level repeatable read")
    session.one("select count(*) from queues")
    yield session
    session.run("rollback")
