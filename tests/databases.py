"""Databases for tests, migrated and empty: copies of a template that is migrated once.

A copy costs 40 ms of the processor, and many a test writes nothing: it reads, or it is refused.
Whatever changes a database is in the server's log first; where that has not moved since a test
began, its database is as it was, and the next test takes it.
"""

import time
import uuid

import psycopg
from psycopg.conninfo import make_conninfo

from holdfast.database import migrate
from holdfast.installation import rooms

_SETTLE = """
    select 'vacuum (freeze) ' || string_agg(oid::regclass::text, ', ') from pg_class
    where relnamespace = 'pg_catalog'::regnamespace and relkind = 'r' and not relisshared
    union all
    select 'select from ' || oid::regclass from pg_class
    where relnamespace = 'holdfast'::regnamespace and relkind = 'r'
"""
"""Marks what is there as valid; else the first reader does, which is in the log."""

_OTHERS = "select from pg_stat_activity where datname = %s"
_LEAVING_S = 0.1  # a session that was closed is gone after a few ms; one that was left open stays


class Databases:
    """Those of one server, for one test at a time."""

    def __init__(self, server: str):
        self._server = server
        self._session = psycopg.connect(server, autocommit=True)
        self._template = _named("template")
        self._free: str | None = None
        self._create(self._template, "template0")
        address = make_conninfo(server, dbname=self._template)
        migrate(address, rooms(), "holdfast")
        with psycopg.connect(address, autocommit=True) as template:
            for (statement,) in template.execute(_SETTLE).fetchall():
                template.execute(statement)
        psycopg.connect(address).close()  # the copies have what a first session has to gather

    def take(self) -> str:
        """Give a database that is as new."""
        name, self._free = self._free or self._copied(), None
        self._log = self._position()
        return name

    def give_back(self, name: str) -> None:
        """Keep it for the next test if nobody wrote or still may, else drop it."""
        if self._is_as_it_was() and self._everybody_left(name) and self._is_as_it_was():
            self._free = name
        else:
            self._session.execute(f'drop database "{name}" with (force)')

    def close(self) -> None:
        """Leave the server."""
        self._session.close()

    def _copied(self) -> str:
        name = _named("test")
        self._create(name, self._template)
        self._session.execute("select from pg_database")  # marks its row
        return name

    def _create(self, name: str, template: str) -> None:
        self._session.execute(f'create database "{name}" template "{template}" strategy file_copy')

    def _position(self) -> str:
        [position] = self._session.execute("select pg_current_wal_insert_lsn()").fetchone() or [""]
        return position

    def _is_as_it_was(self) -> bool:
        return self._position() == self._log

    def _everybody_left(self, name: str) -> bool:
        deadline = time.monotonic() + _LEAVING_S
        while self._session.execute(_OTHERS, [name]).rowcount:
            if time.monotonic() > deadline:
                return False
            time.sleep(0.002)  # between two looks
        return True


def _named(what: str) -> str:
    return f"{what}_{uuid.uuid4().hex[:12]}"
