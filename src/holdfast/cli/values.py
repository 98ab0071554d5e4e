r"""One value, as people read it on one line and as JSON has it.

What is shown may come from strangers. It is never read as markup, and whatever could steer a
terminal (control characters, escape sequences, changes of direction) is spelt out, as in `\x1b`.
"""

import json
import re
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from rich.text import Text

from holdfast.command import Detail, Note, Rows

# C0 and C1 controls, line separators, bidirectional overrides, halves of surrogate pairs
_UNSAFE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
STATE_COLUMNS = ("state", "status", "outcome", "reason", "rule")
_STYLES = {
    "ready": "cyan", "leased": "blue", "running": "blue", "done": "green", "held": "yellow",
    "dead": "red", "cancelled": "dim", "expired": "dim", "retry": "yellow", "lost": "red",
    "late": "magenta", "unknown": "magenta", "paused": "yellow", "no_worker": "red",
    "exhausted": "red", "refused": "red", "poison": "red", "too_old": "red",
}  # fmt: skip
_MANY = 10_001  # where the views stop to count
_UNITS = ((86_400, "d"), (3600, "h"), (60, "min"), (1, "s"))
_DAYS_COUNTED = 30


class Count(int):
    """A number that stops at 10 001, which means that there are more."""


def clean(text: str, *, lines: bool = False) -> str:
    """Spell out what could steer a terminal. On one line, or with the line breaks it has."""
    if lines:
        return "\n".join(map(_spell_out, text.expandtabs(2).splitlines()))
    return _spell_out(re.sub(r"[\t\r\n ]+", " ", text).strip())


def _spell_out(line: str) -> str:
    return _UNSAFE.sub(lambda m: _spelt(m[0]), line)


def _spelt(character: str) -> str:
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"  # noqa: PLR2004


def document(value: Any, *, ascii_only: bool = False) -> str:
    """The value as JSON that a terminal can show as safely as a program can read it."""
    text = json.dumps(plain(value), ensure_ascii=ascii_only, indent=2)
    return _UNSAFE.sub(lambda m: m[0] if m[0] == "\n" else f"\\u{ord(m[0]):04x}", text)


def plain(value: Any) -> Any:  # noqa: PLR0911  one per kind of value
    """The value as JSON has it: times in UTC, ids as text, a table as a list of objects."""
    match value:
        case None | bool() | int() | float() | str():
            return value
        case datetime():
            return iso(value, "microseconds")
        case timedelta():
            return value.total_seconds()
        case Rows(columns=columns, rows=rows):
            return [{c: plain(v) for c, v in zip(columns, row, strict=True)} for row in rows]
        case Detail(fields=fields):
            return plain(fields)
        case Note(data=data):
            return plain(data)
        case Mapping():
            return {str(key): plain(item) for key, item in value.items()}
        case bytes():
            return value.decode("utf-8", "backslashreplace")
        case list() | tuple() | set() | frozenset():
            return [plain(item) for item in value]
    return str(value)


def iso(then: datetime, timespec: str = "seconds") -> str:
    """As 2026-03-01T14:30:00Z."""
    return then.astimezone(UTC).isoformat(timespec=timespec).replace("+00:00", "Z")


def relative(then: datetime, now: datetime) -> str:
    """As people say it: 3 min ago, in 2 h; a date when it is far away."""
    seconds = (then - now).total_seconds()
    if abs(seconds) > _DAYS_COUNTED * 86_400:
        return then.astimezone(UTC).strftime("%Y-%m-%d")
    if abs(seconds) < 1:
        return "now"
    size, unit = next((s, u) for s, u in _UNITS if abs(seconds) >= s)
    amount = f"{int(abs(seconds) // size)} {unit}"
    return f"in {amount}" if seconds > 0 else f"{amount} ago"


def span(long: timedelta) -> str:
    """How long, to the second and its parts: 15 s, 1 h 30 min."""
    left, told = abs(long.total_seconds()), []
    for size, unit in _UNITS[:-1]:
        if amount := int(left // size):
            told.append(f"{amount} {unit}")
        left %= size
    if left or not told:
        told.append(f"{left:g} s")
    return ("-" if long < timedelta() else "") + " ".join(told)


def moment(name: str, value: Any) -> Any:
    """A time that came out of JSON as text, known by its name; any other value as it is."""
    if isinstance(value, str) and (name.endswith("_at") or name == "at"):
        with suppress(ValueError):
            found = datetime.fromisoformat(value)
            return found if found.tzinfo else value
    return value


def _item(item: Any) -> str:
    """One of a list; of an object what it says, without the names of its fields."""
    if isinstance(item, Mapping):
        return " ".join(str(value) for value in item.values() if value not in (None, ""))
    return str(item)


def cell(column: str, value: Any, *, terminal: bool) -> Text:  # noqa: PLR0911
    """One value on one line; on a terminal with colours and relative times."""
    match moment(column, value):
        case None | "" | []:
            return Text("-", style="dim")
        case bool():
            return Text("yes" if value else "no", style="yellow" if value else "dim")
        case Count():
            return Text(
                f"{_MANY - 1:,}+" if value >= _MANY else f"{value:,}", style="" if value else "dim"
            )
        case timedelta() as long:
            return Text(span(long))
        case datetime() as at:
            return Text(relative(at, datetime.now(UTC)) if terminal else iso(at))
        case UUID():
            return Text(str(value), style="cyan" if column == "id" else "")
        case list() | tuple():
            return Text(clean(", ".join(map(_item, value))))
        case Mapping():
            return Text(clean(json.dumps(plain(value), ensure_ascii=False)))
    text = clean(str(value))
    return Text(text, style=_STYLES.get(text, "") if column in STATE_COLUMNS else "")
