"""What can be asked for by the JSON API: operations, offered by the queue and by each channel.

An operation is an async function of the `services` and of what is asked: the parameters of its
path, those of the query, one `Body`, and who asks (`Caller`). Its docstring is what the API's own
description says of it, and what it returns is answered as JSON.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Right = Literal["read", "send", "operate"]
"""`read` looks, `send` brings in something new, `operate` does what a person on duty does."""


Limit = Annotated[int, Field(ge=1, le=1000)]
"""How much of a list is wanted."""


class Body(BaseModel):
    """What is sent in a body; a field that nobody knows is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Why(Body):
    """A reason, for the record."""

    why: str | None = None


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks; `name` is recorded with what he does."""

    name: str


@dataclass(frozen=True, slots=True)
class Operation:
    """`method` and `path` (below /api), who may, what runs, and the status of success."""

    right: Right
    method: str
    path: str
    run: Callable[..., Awaitable[Any]]
    status: int = 200
