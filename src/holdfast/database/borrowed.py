"""Run an operation on a connection that the caller owns, inside the transaction that it has open.

Known by the module that the connection's class comes from: psycopg (sync and async), asyncpg,
SQLAlchemy (Connection, Session and their async twins), and whatever has a DB-API cursor() on top of
psycopg, such as Django's connection. Nothing is imported for it: who passes one has it.
"""

from collections.abc import Sequence
from typing import Any, TypeVar

from holdfast.database.call import Call, Row
from holdfast.database.json_text import JsonText
from holdfast.database.translate import sqlstate_of, translate
from holdfast.errors import ConfigError

T = TypeVar("T")


def run_on(connection: Any, call: Call[T], schema: str) -> T:
    """Run on a sync connection; neither commits nor rolls back.

    Raises:
        ConfigError: the connection is of no kind we know, or is an async one.
        HoldfastError: as the operation says; the caller's transaction is then aborted.
    """
    try:
        return call.read(_rows(connection, call, schema))
    except Exception as error:
        raise _ours(error) from error


async def run_on_async(connection: Any, call: Call[T], schema: str) -> T:
    """The same on an async connection."""
    try:
        return call.read(await _rows_async(connection, call, schema))
    except Exception as error:
        raise _ours(error) from error


def _rows(connection: Any, call: Call[Any], schema: str) -> Sequence[Row]:
    match _family(connection):
        case "sqlalchemy" if hasattr(connection, "execute") and not _is_async_alchemy(connection):
            return _alchemy_rows(connection.execute(*_alchemy(call, schema)))
        case "psycopg" if hasattr(connection, "cursor") and hasattr(connection, "__enter__"):
            from psycopg import Cursor
            from psycopg.rows import tuple_row

            # not connection.cursor(): its owner may have cursors that write placeholders otherwise
            return _cursor_rows(Cursor(connection, row_factory=tuple_row), call, schema)
        case "" if hasattr(connection, "cursor") and not hasattr(connection, "__aenter__"):
            return _cursor_rows(connection.cursor(), call, schema)
    raise ConfigError(
        f"using={type(connection).__name__}: a sync connection of psycopg 3, SQLAlchemy or Django "
        "is needed here, no pool and no engine; with an async one, await the operation of the "
        "async face"
    )


async def _rows_async(connection: Any, call: Call[Any], schema: str) -> Sequence[Row]:
    match _family(connection):
        case "asyncpg" if hasattr(connection, "is_in_transaction"):
            rows = await connection.fetch(_untold(call, schema), *call.args.values())
            return [tuple(row) for row in rows]
        case "sqlalchemy" if _is_async_alchemy(connection) and hasattr(connection, "execute"):
            return _alchemy_rows(await connection.execute(*_alchemy(call, schema)))
        case "psycopg" if hasattr(connection, "cursor") and hasattr(connection, "__aenter__"):
            from psycopg import AsyncCursor
            from psycopg.rows import tuple_row

            async with AsyncCursor(connection, row_factory=tuple_row) as cursor:
                await cursor.execute(call.sql(schema), list(call.args.values()))
                return await cursor.fetchall()
    raise ConfigError(
        f"using={type(connection).__name__}: an async connection of psycopg 3, asyncpg or "
        "SQLAlchemy is needed here, no pool and no engine; with a sync one, use hf.sync"
    )


def _family(connection: Any) -> str:
    for cls in type(connection).__mro__:
        root = cls.__module__.partition(".")[0]
        if root in {"psycopg", "psycopg2", "asyncpg", "sqlalchemy"}:
            return root
    return ""


def _is_async_alchemy(connection: Any) -> bool:
    return any(".asyncio" in cls.__module__ for cls in type(connection).__mro__)


def _cursor_rows(opened: Any, call: Call[Any], schema: str) -> Sequence[Row]:
    with opened as cursor:
        cursor.execute(call.sql(schema), list(call.args.values()))
        rows: list[Row] = cursor.fetchall()
        return rows


def _untold(call: Call[Any], schema: str) -> str:
    """For a connection whose codec for JSON may make a text of our text: it is told of none."""
    statement = call.sql(schema, "numeric")
    for place, (name, value) in enumerate(call.args.items(), start=1):
        if isinstance(value, JsonText):
            as_named = f"{name} => ${place}"
            statement = statement.replace(as_named, f"{as_named}::text::jsonb", 1)
    return statement


def _alchemy(call: Call[Any], schema: str) -> tuple[Any, dict[str, object]]:
    from sqlalchemy import text

    return text(call.sql(schema, "named")), dict(call.args)


def _alchemy_rows(result: Any) -> Sequence[Row]:
    return [tuple(row) for row in result]


def _ours(error: Exception) -> Exception:
    """SQLAlchemy wraps the driver's error, which has the SQLSTATE and the hint; look inside."""
    inner = getattr(error, "orig", None) or error
    while isinstance(inner.__cause__, Exception) and sqlstate_of(inner.__cause__) is not None:
        inner = inner.__cause__
    return translate(inner)
