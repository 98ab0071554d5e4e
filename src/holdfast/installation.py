"""What is installed in the database: the schema of this code, with all its channels."""

from holdfast.channel import load
from holdfast.database import Database, Room, migrate, pending
from holdfast.engine import ROOM
from holdfast.errors import SchemaError


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
        raise SchemaError(
            f"the schema {database.schema!r} lacks {len(missing)} file(s), such as {missing[0]}. "
            "Bring it up to date: holdfast migrate"
        )
    migrate(database.dsn(), rooms(), database.schema)
