"""JSON on its way into Postgres and out of it."""

import json
import math
from collections.abc import Iterable, Mapping
from typing import Any, Final

from holdfast.errors import InvalidInput

_ENCODER: Final = json.JSONEncoder(allow_nan=False, ensure_ascii=False, separators=(",", ":"))
_INSTEAD: Final = {
    "datetime": "its isoformat()", "date": "its isoformat()", "time": "its isoformat()",
    "timedelta": "its total_seconds()", "bytes": "text, such as base64", "set": "a list",
}  # fmt: skip


class JsonText(str):
    """What `encode` makes: known for what it is where a driver would encode it once more."""

    __slots__ = ()


def encode(value: object) -> JsonText:
    """JSON text that Postgres will take as jsonb.

    Raises:
        InvalidInput: NaN and infinity, NUL and lone surrogates in text, nesting too deep, keys and
            values that JSON does not have. Nothing of it can be stored as jsonb.
    """
    try:
        text = _ENCODER.encode(value)
        text.encode("utf-8")
    except RecursionError:
        raise InvalidInput("this JSON is nested too deeply; keep it below about 500") from None
    except UnicodeEncodeError:
        raise InvalidInput("a text has half of a surrogate pair; it is not valid Unicode") from None
    except (TypeError, ValueError) as error:
        raise InvalidInput(f"this cannot be written as JSON: {_told(error, value)}") from None
    if "\\u0000" in text:
        raise InvalidInput("a text has a NUL character, which Postgres cannot store in JSON")
    return JsonText(text)


def decode(value: object) -> Any:
    """Our own jsonb as a Python value: drivers give it parsed or as text."""
    return json.loads(value) if isinstance(value, str | bytes) else value


def _told(error: Exception, value: object) -> str:
    try:
        return _odd(value) or str(error)
    except RecursionError:  # it holds itself
        return str(error)


def _odd(value: object, place: str = "") -> str | None:
    """The first part of it that JSON does not have, where it is, and what to give instead."""
    parts: Iterable[tuple[object, str]]
    if isinstance(value, Mapping):
        parts = [(item, f"{place}.{key}" if place else str(key)) for key, item in value.items()]
    elif isinstance(value, list | tuple):
        parts = [(item, f"{place}[{number}]") for number, item in enumerate(value)]
    elif isinstance(value, float) and not math.isfinite(value):
        return f"{place or 'it'} is {value}, which is no number there"
    elif value is None or isinstance(value, str | int | float):
        return None
    else:
        kind = type(value).__name__
        return (
            f"{place or 'it'} is of type {kind}; give {_INSTEAD.get(kind, 'its text, or a dict')}"
        )
    return next((odd for item, where in parts if (odd := _odd(item, where))), None)
