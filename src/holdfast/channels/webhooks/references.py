"""Where the secrets of a source or an endpoint are, and since when; not what they are."""

from collections.abc import Sequence
from typing import Any

from holdfast.database import Call, Database
from holdfast.errors import ConfigError


async def references(
    database: Database, owner: str, columns: Sequence[str]
) -> list[dict[str, Any]] | None:
    """These columns of each, the newest first; None for a role that may only look."""
    call: Call[list[Any]] = Call(
        "webhook_secret_list", {"p_owner": owner}, select=", ".join(columns)
    )
    try:
        rows = [dict(zip(columns, row, strict=True)) for row in await database.run(call)]
    except ConfigError:
        return None
    return [{**row, "reference": _unopened(row["reference"])} for row in rows]


def _unopened(reference: str) -> str:
    return "sealed:…" if reference.startswith("sealed:") else reference
