"""What every connection of ours is: how it is made, how its session is set, when it is lost."""

from typing import Any, Final

import psycopg
from psycopg_pool import PoolClosed, PoolTimeout

CONNECT_TIMEOUT_S: Final = 3
"""How long one attempt to connect may take, and the pool's own wait for a connection."""
CONNECTION: Final[dict[str, Any]] = {
    "autocommit": True,
    "connect_timeout": CONNECT_TIMEOUT_S,
    "application_name": "holdfast",
    "client_encoding": "utf8",  # whatever the environment or the role would have
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,
}
WRITES: Final = "select pg_is_in_recovery(), current_setting('transaction_read_only')"
_RENEWED_EVERY_S: Final = 1.0
READ_ONLY: Final = "25006"  # after a failover we may talk to what is a standby now
FAILURES: Final = (psycopg.Error, PoolTimeout, PoolClosed, OSError, UnicodeEncodeError)
_WHO: Final = (
    "select pg_backend_pid(), current_setting('default_transaction_isolation'),"
    " current_setting('standard_conforming_strings'), current_setting('intervalstyle'),"
    " current_setting('idle_session_timeout')"
)
_AS_WE_NEED: Final = ("read committed", "on", "postgres", "0")
_SETTLE_IN: Final = (
    "set default_transaction_isolation = 'read committed';"
    " set standard_conforming_strings = on; set intervalstyle = 'postgres';"
    " set idle_session_timeout = 0"
)
"""Whoever waits for a row has to see it as it is then, not as it was when he began to wait; what
functions hold is read as it was written; a duration is one text wherever it is shown; and who
listens is not cut off for having nothing to say."""


class Sessions:
    """The sessions of one database, looked at and set when they begin.

    Attributes:
        pooled: true once a connection was found to go through a pooler.
        isolation: what transactions have that do not ask for another.
    """

    def __init__(self) -> None:
        self.pooled = False
        self.isolation = "read committed"

    async def begin(self, connection: psycopg.AsyncConnection[Any]) -> None:
        """A connection is new."""
        row = await (await connection.execute(_WHO)).fetchone()
        if self._is_to_be_set(connection, row):
            await connection.execute(_SETTLE_IN)

    def begin_sync(self, connection: psycopg.Connection[Any]) -> None:
        """The same for threads."""
        if self._is_to_be_set(connection, connection.execute(_WHO).fetchone()):
            connection.execute(_SETTLE_IN)

    def _is_to_be_set(self, connection: psycopg.BaseConnection[Any], row: Any) -> bool:
        """Whether the session, if it is ours, is set in another way than we need.

        A pooler answers a connect with a process number of its own invention.
        """
        self.pooled = row[0] != connection.info.backend_pid
        self.isolation = row[1]
        if self.pooled:
            connection.prepare_threshold = None  # the next statement may meet another session
        return row[1:] != _AS_WE_NEED and not self.pooled


def is_cut_off(error: Exception) -> bool:
    """Whether the server is out of reach, so that other connections are likely dead as well."""
    sqlstate = str(getattr(error, "sqlstate", None) or "")
    if sqlstate:
        return sqlstate.startswith(("08", "57P"))  # 57014, cancelled, is only that statement
    return isinstance(error, psycopg.OperationalError | PoolTimeout | PoolClosed | OSError)


def is_read_only(error: Exception) -> bool:
    """Whether a new session may write what this one may not.

    We have stayed on what is a standby now, or began while the database was set to read-only,
    which a session keeps to its end.
    """
    return getattr(error, "sqlstate", None) == READ_ONLY


class Renewal:
    """When sessions are made anew: with the next call after one could not write.

    Not before that call, or they would begin as read-only as the old ones. And once a second, since
    it may stay so for an hour, in which others read.
    """

    def __init__(self) -> None:
        self.is_wanted = False
        self._next_at = float("-inf")

    def want(self) -> None:
        """One could not write."""
        self.is_wanted = True

    def is_due(self, now: float) -> bool:
        """Whether whoever asks has to do it."""
        if not self.is_wanted or now < self._next_at:
            return False
        self.is_wanted, self._next_at = False, now + _RENEWED_EVERY_S
        return True
