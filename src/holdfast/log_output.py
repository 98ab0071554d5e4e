"""How our own processes write their log: lines for people on a terminal, else one JSON object each.

A field is shown if an event declares it, if it is part of a job's context or if the settings name
it; of all others only the name is. The message, every shown text and the traceback pass through
`redaction.scrub`. A record that cannot be rendered is reported as such: no line is ever anything
but valid JSON, and logging never raises.
"""

import json
import logging
import math
import sys
from collections.abc import Iterable, Mapping, MutableMapping
from typing import Any

import structlog

from holdfast import log
from holdfast.redaction import HIDDEN, scrub

_ALWAYS = frozenset({"event", "level", "timestamp", "component", "logger", "exception"})
_LONGEST_TEXT = 32_768
_MARGIN = 4096  # longer than a secret is
_LONGEST_LIST = 100
_MOST_FIELDS = 100
_QUIET = ("uvicorn", "uvicorn.error", "mail.log", "psycopg.pool")

_Fields = MutableMapping[str, Any]


def configure(
    level: str = "INFO",
    *,
    component: str | None = None,
    as_json: bool = False,
    show: Iterable[str] = (),
) -> None:
    """Set up the root logger of our own processes; a library never calls this.

    Args:
        level: DEBUG, INFO, WARNING or ERROR.
        component: which of our processes this is; a field of every record.
        as_json: JSON also on a terminal.
        show: names of fields of your own that may be shown, as HOLDFAST_LOG_FIELDS.
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.addFilter(log.ContextFilter())
    handler.setFormatter(formatter(component, sys.stderr.isatty() and not as_json, show))
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    logging.captureWarnings(True)
    for noisy in _QUIET:
        logging.getLogger(noisy).setLevel(logging.ERROR)


def formatter(
    component: str | None = None, for_people: bool = False, show: Iterable[str] = ()
) -> logging.Formatter:
    """The formatter that `configure` uses, for a handler of your own."""
    named = {"component": component} if component else {}
    render: Any = structlog.dev.ConsoleRenderer() if for_people else _as_json
    return _Formatter(
        foreign_pre_chain=[
            structlog.stdlib.add_log_level,
            structlog.stdlib.ExtraAdder(),
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            lambda _logger, _name, event: {**event, **named},
            _foreign_logger,
        ],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            _Redactor(show),
            render,
        ],
    )


class _Formatter(structlog.stdlib.ProcessorFormatter):
    def format(self, record: logging.LogRecord) -> str:
        """The line; a record that is broken gives a line that says so, without its values."""
        try:
            return super().format(record)
        except Exception as error:  # noqa: BLE001  a line of the log must not stop a job
            return _as_json(None, "", {
                "event": "log.unprintable", "level": record.levelname.lower(),
                "logger": record.name, "at": f"{record.filename}:{record.lineno}",
                "error_type": type(error).__name__,
            })  # fmt: skip


class _Redactor:
    """Leaves of a record what may be shown."""

    def __init__(self, show: Iterable[str]) -> None:
        self._show = _ALWAYS | frozenset(show) | log.CONTEXT.keys()
        self._events = 0
        self._shown: frozenset[str] = self._show

    def __call__(self, _logger: object, _method: str, event: _Fields) -> _Fields:
        shown = self._names()
        return {
            name if name in shown else _text(name): _plain(value) if name in shown else HIDDEN
            for name, value in list(event.items())[:_MOST_FIELDS]
        }

    def _names(self) -> frozenset[str]:
        """The fields that may be shown; events are declared as parts of the program are loaded."""
        catalogue = log.catalogue()
        if len(catalogue) != self._events:
            declared = {name for event in catalogue.values() for name in event.fields}
            self._events, self._shown = len(catalogue), self._show | declared
        return self._shown


def _foreign_logger(_logger: object, _method: str, event: _Fields) -> _Fields:
    """Whose record it is, where the event's name does not tell."""
    record: logging.LogRecord = event["_record"]
    if record.name != "root" and record.msg not in log.catalogue():
        event["logger"] = record.name
    return event


def _as_json(_logger: object, _method: str, event: Mapping[str, Any]) -> str:
    return json.dumps(dict(event), allow_nan=False, separators=(", ", ": "))


def _plain(value: object, depth: int = 0) -> Any:
    """What JSON can hold; anything else as its text."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int) and -(2**63) <= value < 2**63:
        return int(value)
    if isinstance(value, float) and math.isfinite(value):
        return float(value)
    if isinstance(value, list | tuple) and not depth:
        return [_plain(item, 1) for item in value[:_LONGEST_LIST]]
    return _text(value)


def _text(value: object) -> str:
    """Without secrets and control characters; of a long one both ends. Never raises."""
    try:
        text = str(value)
    except Exception:  # noqa: BLE001  whatever somebody's __str__ raises
        return f"[unprintable {type(value).__name__}]"
    if len(text) <= _LONGEST_TEXT:
        return scrub(_printable(text))
    half, kept = _LONGEST_TEXT // 2, _LONGEST_TEXT // 2 + _MARGIN
    first = scrub(_printable(text[:kept]))[:-_MARGIN]  # what is cut in two is not recognized
    last = scrub(_printable(text[-kept:]))[_MARGIN:]
    return f"{first[:half]} … {len(text) - _LONGEST_TEXT} characters … {last[-half:]}"


def _printable(text: str) -> str:
    """Nothing that does something to somebody's terminal."""
    if text.isascii() and text.isprintable():
        return text
    text = text.encode("utf-8", "backslashreplace").decode()
    return "".join(c if c.isprintable() or c in "\n\t" else ascii(c)[1:-1] for c in text)
