"""Logging: stdlib in the library, with constant event names and flat, typed fields in `extra`.

A message is an event name such as `job.raised`; everything that varies is a field. Each event is
declared once, beside the code that says it, as an `Event`; all of them stand in
docs/reference/logging.md. The library adds no handler and sets no level.

What is logged while a job runs carries the job's context (queue, job_id, kind, tenant, attempt,
trace) through tasks and `asyncio.to_thread`; a thread of your own takes it along with `carry`.
Payloads, bodies and addresses are no fields of any event.
"""

import contextvars
import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType
from typing import Any, Final, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

CONTEXT: Final[Mapping[str, str]] = MappingProxyType(
    {
        "queue": "the queue of the job",
        "job_id": "the job",
        "kind": "what kind of job it is",
        "tenant": "whose job it is, if anybody's",
        "attempt": "which attempt this is, from 1",
        "trace": "the same for all attempts of one job: 32 hexadecimal digits, a W3C trace id",
    }
)
"""What a job puts on every record of its handler."""

_context: contextvars.ContextVar[Mapping[str, Any] | None] = contextvars.ContextVar(
    "holdfast_log", default=None
)
_catalogue: dict[str, "Event"] = {}
logging.getLogger("holdfast").addHandler(logging.NullHandler())


class Event:
    """One thing that can be logged; call it with its fields to log it.

    Its logger is `holdfast.` and the name without its last part, so that levels can be set by area.

    Args:
        name: two words with a dot, never changed once released: people search and alert by it.
        level: a level of stdlib logging.
        meaning: one sentence for the reader of the log.
        fields: name and type (str, int, float, bool or list) of each field; a value of another
            type is converted.
    """

    def __init__(self, name: str, level: int, meaning: str, /, **fields: type) -> None:
        known = _catalogue.get(name)
        if known is not None and str(known.meaning) != meaning:
            raise ValueError(f"there is an event {name} already")
        self.name: str = name
        self.level: int = level
        self.meaning: str = meaning
        self.fields: Mapping[str, type] = fields
        self.logger = logging.getLogger(f"holdfast.{name.rpartition('.')[0]}")
        _catalogue[name] = self

    def __call__(self, error: BaseException | None = None, /, **fields: Any) -> None:
        """Log it, with the traceback of `error` if one is given."""
        if self.logger.isEnabledFor(self.level):
            typed = {name: self._typed(name, value) for name, value in fields.items()}
            self.logger.log(self.level, self.name, exc_info=error, extra=typed, stacklevel=2)

    def _typed(self, name: str, value: Any) -> Any:
        wanted = self.fields[name]
        return value if value is None or isinstance(value, wanted) else wanted(value)


def catalogue() -> Mapping[str, Event]:
    """Every event that the loaded parts declare, by name."""
    return MappingProxyType(_catalogue)


@contextmanager
def bound(**fields: Any) -> Iterator[None]:
    """Fields that every record of this context carries; they follow tasks and `to_thread`."""
    token = _context.set({**(_context.get() or {}), **fields})
    try:
        yield
    finally:
        _context.reset(token)


def enter(fields: Mapping[str, Any]) -> None:
    """As `bound`, for the rest of the present task; a task has a context of its own."""
    _context.set(fields)


def carry(function: Callable[P, T]) -> Callable[P, T]:
    """The function with the present context, for a thread or a pool that would begin without."""
    fields = _context.get() or {}

    def carried(*args: P.args, **kwargs: P.kwargs) -> T:
        with bound(**fields):
            return function(*args, **kwargs)

    return carried


class ContextFilter(logging.Filter):
    """Puts the bound fields on a record; add it to a handler of your own to see them there."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Never refuses a record."""
        for name, value in (_context.get() or {}).items():
            if not hasattr(record, name):
                setattr(record, name, value)
        return True
