"""Logging: stdlib in the library, with constant event names and flat fields in `extra`.

A message is an event name such as `job.settled`; everything that varies is a field. What a job's
handler logs carries the job's context (queue, job id, attempt, tenant) through tasks and threads.
The library adds no handler. Our own service and CLI call `configure`, which renders with structlog:
coloured lines on a terminal, JSON elsewhere. Payloads, bodies and addresses are never logged.
"""

import contextvars
import logging
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

_context: contextvars.ContextVar[Mapping[str, Any] | None] = contextvars.ContextVar(
    "holdfast_log", default=None
)
logging.getLogger("holdfast").addHandler(logging.NullHandler())


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


class ContextFilter(logging.Filter):
    """Puts the bound fields on a record; add it to a handler of your own to see them there."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Never refuses a record."""
        for name, value in (_context.get() or {}).items():
            if not hasattr(record, name):
                setattr(record, name, value)
        return True


def configure(level: str = "INFO", *, component: str | None = None, as_json: bool = False) -> None:
    """Set up the root logger of our own processes; a library never calls this.

    On a terminal the lines are for people, unless `as_json`; elsewhere they are JSON.
    """
    import structlog

    shared: list[Any] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    if component:
        shared.append(lambda _logger, _name, event: {"component": component, **event})
    terminal = sys.stderr.isatty() and not as_json
    render: Any = (
        structlog.dev.ConsoleRenderer()
        if terminal
        else structlog.processors.JSONRenderer(default=str)
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.addFilter(ContextFilter())
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                *([] if terminal else [structlog.processors.format_exc_info]),
                render,
            ],
        )
    )
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    for noisy in ("uvicorn", "uvicorn.error", "mail.log", "psycopg.pool"):
        logging.getLogger(noisy).setLevel(logging.ERROR)
