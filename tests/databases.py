"""Databases for tests, migrated and empty: copies of a template that is migrated once."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg.conninfo import make_conninfo

from holdfast.database import migrate
from holdfast.installation import rooms


class Databases:
    """Those of one server, made and dropped in one session."""

    def __init__(self, server: str):
        self._server = server
        self._session = psycopg.connect(server, autocommit=True)
        self._template = _named("template")
        self._used = ""
        self._create(self._template, "template0")
        migrate(make_conninfo(server, dbname=self._template), rooms(), "holdfast")

    @contextmanager
    def one(self) -> Iterator[str]:
        """Its address, for the time of a block.

        It is dropped behind the next one: where a session of it has not ended yet, Postgres looks
        again after 100 ms.
        """
        name = _named("test")
        self._create(name, self._template)
        yield make_conninfo(self._server, dbname=name)
        if self._used:
            self._session.execute(f'drop database "{self._used}" with (force)')
        self._used = name

    def close(self) -> None:
        """Leave the server."""
        self._session.close()

    def _create(self, name: str, template: str) -> None:
        self._session.execute(f'create database "{name}" template "{template}" strategy file_copy')


def _named(what: str) -> str:
    return f"{what}_{uuid.uuid4().hex[:12]}"
