"""Errors of Postgres become ours, in this one place."""

import psycopg
from psycopg_pool import PoolClosed, PoolTimeout

from holdfast import errors
from holdfast.database.session import READ_ONLY
from holdfast.errors import (
    ConfigError,
    DatabaseUnavailable,
    HoldfastError,
    InvalidInput,
    SchemaError,
)

_BY_SQLSTATE: dict[str, type[HoldfastError]] = {
    cls.sqlstate: cls
    for cls in vars(errors).values()
    if isinstance(cls, type) and issubclass(cls, HoldfastError) and cls.sqlstate
}
# Classes of standard SQLSTATEs. 22: bad data; 23: a constraint; 42: no function, table or column.
_BAD_VALUE = ("22", "23")
_NO_SCHEMA = {"3F000", "42883", "42P01", "42703", "42704"}
_NO_RIGHT = "42501"
_GRANTS = "Grant it what it needs: holdfast_read, _enqueue, _work or _operate"
_URL = "It looks like postgresql://host:5432/database"
# 40: deadlock, serialization. 53: no room, memory, connection. 55, 57014: a timeout of the session.
_ROLLED_BACK = ("40", "53", "55", "57014")
_CUT = {"25P03", "25P04"}  # its transaction was idle, or open, for longer than the role may
# The statement was too large or too deep for the server, not the server too weak for us.
_TOO_MUCH = {"54000", "54001", "54011", "54023"}


def sqlstate_of(error: Exception) -> str | None:
    """What the server said; psycopg2 below SQLAlchemy or Django has a word of its own for it."""
    return getattr(error, "sqlstate", None) or getattr(error, "pgcode", None)


def translate(error: Exception) -> Exception:
    """The error of our tree that says the same; an error that we did not foresee stays as it is."""
    sqlstate = sqlstate_of(error)
    text = _message(error)
    if sqlstate and (said := _said_by_the_server(sqlstate, text, inside=_is_inside(error))):
        return said
    if isinstance(error, UnicodeEncodeError):
        return InvalidInput("half of a surrogate pair is no valid Unicode, and cannot be stored")
    odd = isinstance(error, psycopg.DataError) or text.startswith("cannot adapt type")
    if odd and not sqlstate:
        return InvalidInput(f"a value cannot be stored: {text}")
    if isinstance(error, psycopg.ProgrammingError) and not sqlstate:
        return ConfigError(f"the database URL cannot be used: {text}. {_URL}")
    if isinstance(error, PoolTimeout | PoolClosed | psycopg.OperationalError | OSError):
        return DatabaseUnavailable(f"Postgres cannot be reached: {text}")
    return error


def _said_by_the_server(sqlstate: str, text: str, *, inside: bool) -> HoldfastError | None:
    if sqlstate in _BY_SQLSTATE:
        return _BY_SQLSTATE[sqlstate](text)
    if sqlstate[:2] in _BAD_VALUE or sqlstate in _TOO_MUCH:
        return InvalidInput(text)
    if sqlstate in _NO_SCHEMA:
        return _not_there(text, inside=inside)
    if sqlstate == _NO_RIGHT:
        return ConfigError(f"the database role may not do this: {text}. {_GRANTS}")
    if sqlstate.startswith(_ROLLED_BACK) or sqlstate == READ_ONLY or sqlstate in _CUT:
        how = (
            "Postgres ended the connection" if sqlstate in _CUT else "nothing was stored, try again"
        )
        return DatabaseUnavailable(f"{how}: {text}")
    return None


def _is_inside(error: Exception) -> bool:
    return bool(getattr(getattr(error, "diag", error), "context", None))


def _not_there(text: str, *, inside: bool) -> HoldfastError:
    """Who misses it and is a function of ours was there itself: an upgrade overtook the call."""
    if inside:
        return DatabaseUnavailable(
            f"nothing was stored, try again, an upgrade is under way: {text}. "
            "If it stays so, it was changed by hand; a function comes back by: holdfast migrate"
        )
    return SchemaError(f"{text}. Bring the schema up to date: holdfast migrate")


def _message(error: Exception) -> str:
    """The first line and the hint, as psycopg or asyncpg have them; never a statement's values."""
    if isinstance(error, PoolClosed):
        return "one of its answers did not come, and this process gave up all its connections"
    diag = getattr(error, "diag", error)
    primary = getattr(diag, "message_primary", None) or getattr(diag, "message", None)
    hint = getattr(diag, "message_hint", None) or getattr(diag, "hint", None)
    text = str(primary or str(error).strip() or type(error).__name__).replace("\n\t", ". ")
    return f"{text}. {hint}" if hint else text
