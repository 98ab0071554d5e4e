"""What is installed in the database: the schema of this code, with all its channels."""

from holdfast.channel import load
from holdfast.database import Database, Room, migrate, pending
from holdfast.engine import ROOM
from holdfast.errors import SchemaError

_FIRST = f"{ROOM.name}/0001_tables.sql"


def rooms() -> list[Room]:
    """Everything that owns SQL, in the order it is applied."""
    return [ROOM, *(channel.room for channel in load().values())]


def ensure_schema(database: Database) -> None:
    """Migrate the embedded server by ourselves; of another one only ask that it is up to date.

    Raises:
        SchemaError: `holdfast migrate` has to be run first.
    """
    missing = pending(database.dsn(), rooms(), database.schema)
    if not missing:
        return
    if database.embedded is None:
        raise SchemaError(_what_is_missing(database.schema, missing))
    migrate(database.dsn(), rooms(), database.schema)


def _what_is_missing(schema: str, missing: list[str]) -> str:
    if missing[0] == _FIRST:
        return f"this database has no holdfast in a schema {schema!r}. Make it: holdfast migrate"
    first, *others = missing
    more = f" and {len(others)} more are" if others else " is"
    return (
        f"the schema {schema!r} is not that of this holdfast: {first}{more} not applied. "
        "Bring it up to date: holdfast migrate"
    )
