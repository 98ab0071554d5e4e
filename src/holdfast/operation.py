"""What can be asked for by the JSON API: operations, offered by the queue and by each channel.

An operation is an async function of the `services` and of what is asked: the parameters of its
path, those of the query, one `Body`, and who asks (`Caller`). Its docstring is what the API's own
description says of it, and what it returns is answered as JSON.
"""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import (
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    WithJsonSchema,
    model_validator,
)

from holdfast.policy.duration import duration
from holdfast.redaction import scrub

Right = Literal["read", "send", "operate"]
"""`read` looks, `send` brings in something new, `operate` does what a person on duty does."""


Limit = Annotated[int, Field(ge=1, le=1000)]
"""How much of a list is wanted."""


_MOST_TEXTS = 1000
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
SMALL = 65_536
"""Bytes that a body may have, unless its operation says more."""


def _text(value: object) -> object:
    if value is not None and not (isinstance(value, str) and _DATE.match(value)):
        raise ValueError("a time as text is needed, such as 2030-12-31T23:59:00Z")
    return value


Moment = Annotated[AwareDatetime, BeforeValidator(_text)]
"""A time with its zone."""


def _span(value: object) -> timedelta:
    told = "a span of time is needed, such as 15s, 24 hours or 5d; a number is seconds"
    try:
        if isinstance(value, str):
            found = duration(value)
        elif isinstance(value, int | float) and not isinstance(value, bool) and value >= 0:
            found = timedelta(seconds=value)
        else:
            found = None
    except (OverflowError, ValueError):
        found = None
    if found is None:
        raise ValueError(told)
    return found


Span = Annotated[
    timedelta,
    BeforeValidator(_span),
    WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "number"}]}),
]
"""A span of time, as people say it or in seconds, as it is answered."""


def _texts(value: object) -> object:
    """One error, however many there are."""
    if isinstance(value, list):
        if len(value) > _MOST_TEXTS:
            raise ValueError(f"at most {_MOST_TEXTS}, not {len(value)}")
        if not all(isinstance(one, str) for one in value):
            raise ValueError("each of them has to be a text")
    return value


Texts = Annotated[list[str], BeforeValidator(_texts)]
Name = Annotated[str, StringConstraints(max_length=200)]


class Body(BaseModel):
    """What is sent in a body; a field that nobody knows is refused, and so is a number as text."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    @model_validator(mode="before")
    @classmethod
    def _known(cls, given: object) -> object:
        """One error, however many there are."""
        if isinstance(given, dict):
            for name in given:
                if name not in cls.model_fields:
                    raise ValueError(f"{scrub(str(name)[:60])}: there is no such field")
        return given


class Why(Body):
    """A reason, for the record."""

    why: str | None = None


def why(reason: Why | None) -> str | None:
    """What it says, if anything was sent."""
    return reason.why if reason is not None else None


@dataclass(frozen=True, slots=True)
class Sent:
    """What is committed now. `duplicate`: the key was known, and nothing was added or sent."""

    id: UUID
    duplicate: bool


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks; `name` is recorded with what he does."""

    name: str


@dataclass(frozen=True, slots=True)
class Operation:
    """`method` and `path` (below /api), who may, what runs, and the status of success.

    `largest` is how many bytes its body may have. `cursor` is of a list that goes on: the parameter
    that says behind which row, and the columns of the row that it is made of.
    """

    right: Right
    method: str
    path: str
    run: Callable[..., Awaitable[Any]]
    status: int = 200
    largest: int = SMALL
    cursor: tuple[str, ...] = ()
