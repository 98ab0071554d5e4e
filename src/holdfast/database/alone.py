"""A moment alone with the tables that a migration changes, while others work.

Whoever waits for a table stops all who come behind him, and whoever holds one while he waits for
the next may meet somebody who does it the other way round. So all tables are asked for together,
before anything is changed, and only for less time than Postgres waits before it looks for a
deadlock: then everything is let go, the others have their turn, and it is asked for again.
"""

import re
import time
from collections.abc import Callable, Iterable
from typing import Any

import psycopg
from psycopg.errors import DeadlockDetected, LockNotAvailable, QueryCanceled

from holdfast.errors import DatabaseUnavailable

_MOMENT_MS = 600  # deadlock_timeout is a second
_PAUSE_S = 1.0
_IN_USE = (LockNotAvailable, DeadlockDetected, QueryCanceled)
_COMMENT = re.compile(r"--[^\n]*")
_WORD = re.compile(r"[a-z_][a-z0-9_]*")
# What only reads and writes rows needs nobody to stand aside; what is composed may name anything.
_CHANGED = re.compile(
    r"\b(?:alter table|drop table|drop index|index \w+\s+on)\s+(?:if exists |only )?(\w+)"
)
_COMPOSED = re.compile(r"\bexecute\b")
_NAMED = """
    select c.relname from pg_class c
    where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p')
      and (c.relname = any (%(words)s)
           or c.oid in (select i.indrelid from pg_index i join pg_class n on n.oid = i.indexrelid
                        where n.relname = any (%(words)s)
                          and n.relnamespace = c.relnamespace))
    order by 1
"""
_WHO = """
    select format('process %%s (%%s) is in a transaction since %%s', pid,
                  coalesce(nullif(application_name, ''), usename), xact_start)
    from pg_locks l join pg_stat_activity a using (pid)
    where l.database = (select oid from pg_database where datname = current_database())
      and l.relation in (select oid from pg_class where relnamespace = to_regnamespace(%s))
      and a.pid <> pg_backend_pid()
    order by xact_start limit 1
"""


def take_tables(connection: psycopg.Connection[Any], texts: Iterable[str]) -> None:
    """Lock every table that these SQL texts change, if it is there; at once or not at all.

    Raises:
        psycopg.Error: one of them is in use.
    """
    plain = [_COMMENT.sub("", text) for text in texts]
    words = {
        word
        for text in plain
        for word in (_WORD if _COMPOSED.search(text) else _CHANGED).findall(text)
    }
    names = [row[0] for row in connection.execute(_NAMED, {"words": [*words]})]
    if names:
        connection.execute(f"set local statement_timeout = {_MOMENT_MS}")
        tables = ", ".join(f'"{name}"' for name in names)
        connection.execute(f"lock table {tables} in access exclusive mode")
        connection.execute("set local statement_timeout = 0")
    connection.execute(f"set local lock_timeout = {_MOMENT_MS}")


def until_alone(
    dsn: str, schema: str, attempt: Callable[[], list[str]], patience_s: float
) -> list[str]:
    """Try again while the tables are in use.

    Raises:
        DatabaseUnavailable: they are still in use; the message says by whom.
    """
    over = time.monotonic() + patience_s
    while True:
        try:
            return attempt()
        except _IN_USE as error:
            if time.monotonic() >= over:
                raise DatabaseUnavailable(
                    "nothing was changed: tables that have to be changed are in use"
                    f"{_by_whom(dsn, schema)}. Try again when it has ended"
                ) from error
        time.sleep(_PAUSE_S)


def _by_whom(dsn: str, schema: str) -> str:
    try:
        with psycopg.connect(dsn, connect_timeout=5, application_name="holdfast") as connection:
            found = connection.execute(_WHO, [f'"{schema}"']).fetchone()
    except psycopg.Error:
        return ""
    return f"; {found[0]}" if found else ""
