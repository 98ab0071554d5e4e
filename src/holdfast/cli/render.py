"""Show what a command returned: for a person at a terminal, for a pipe, or as JSON.

On a terminal a table takes the width there is: long texts are shortened, or told on several lines
where there is no other place to read them, and columns that do not fit are left out from the right;
ids never are shortened, so that they can be copied. In a pipe nothing is shortened or left out, and
times are ISO 8601.
"""

import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import zip_longest
from typing import Any

from rich.cells import cell_len
from rich.console import Console
from rich.highlighter import JSONHighlighter
from rich.text import Text

from holdfast.cli.terminal import remark
from holdfast.cli.values import STATE_COLUMNS, cell, clean, document, iso, moment
from holdfast.command import Detail, Note, Rows, Shown


class Verbatim(Note):
    """A text that is printed as it is, for a program to read."""


_MARKS = {"✓": "green", "✗": "bold red", "!": "yellow"}
_GAP, _NAME, _PROSE = 2, 12, 20


def show(shown: Shown, *, as_json: bool) -> None:
    """Print it on stdout; that a table is empty or goes on is said on stderr."""
    if as_json:
        _write_json(shown)
        return
    console = Console(highlight=False, markup=False, emoji=False)
    match shown:
        case Rows(rows=rows) if not rows:
            remark(Text(clean(shown.empty), style="dim"))
        case Rows():
            _print(console, _table(console, shown))
            _go_on(shown)
        case Detail():
            _print(console, _detail(console, shown))
            for value in shown.fields.values():
                _go_on(value)
        case Verbatim(text=text):
            sys.stdout.write(text)
        case Note() if shown.text:
            for line in clean(shown.text, lines=True).split("\n"):
                console.print(_marked(line), soft_wrap=not console.is_terminal)


def _go_on(table: object) -> None:
    if isinstance(table, Rows) and table.more:
        remark(Text(clean(table.more), style="dim"))


def _write_json(shown: Shown) -> None:
    ascii_only = "utf" not in (sys.stdout.encoding or "").lower()
    sys.stdout.write(document(shown, ascii_only=ascii_only) + "\n")


# ---------------------------------------------------------------- a table


def _table(console: Console, table: Rows, *, whole: bool = False) -> Iterator[Text]:
    kept = [i for i in range(len(table.columns)) if any(row[i] is not None for row in table.rows)]
    heads = [clean(table.columns[i]) for i in kept]
    if console.is_terminal:  # in a pipe they are names, without spaces
        heads = [head.replace("_", " ") for head in heads]
    whole = whole or table.whole
    rows = [
        [cell(table.columns[i], row[i], terminal=console.is_terminal) for i in kept]
        for row in table.rows
    ]
    widths = [
        max(cell_len(head), *(value.cell_len for value in values))
        for head, *values in zip(heads, *rows, strict=True)
    ]
    if console.is_terminal:
        widths = _fit(
            widths,
            [_least(table, i, widths[at], console.width, whole) for at, i in enumerate(kept)],
            console.width,
        )
        if table.title:
            yield Text(clean(table.title), style="bold")
    right = [isinstance(v := table.rows[0][i], int) and not isinstance(v, bool) for i in kept]
    yield _line([Text(head, style="bold") for head in heads], widths, right)
    for row in rows:
        for line in _folded(console, row, widths) if whole else [row]:
            yield _line(line, widths, right)


def _least(table: Rows, i: int, natural: int, width: int, whole: bool) -> int:
    """How far a column may be shortened: free text somewhat, a name less, all else not at all."""
    name = table.columns[i]
    values = [moment(name, row[i]) for row in table.rows if row[i] is not None]
    if name in (*STATE_COLUMNS, "id", "fingerprint") or name.endswith("_id"):
        return natural
    if not all(isinstance(value, str | list | tuple | Mapping) for value in values):
        return natural
    is_prose = any(" " in str(value) for value in values)
    return min(natural, max(_PROSE, width * 3 // 8 if whole else width // 5) if is_prose else _NAME)


def _fit(natural: Sequence[int], least: Sequence[int], width: int) -> list[int]:
    """Widths that fit side by side: columns go from the right, then the longest are shortened."""
    count = len(natural)
    while count > 1 and sum(least[:count]) + _GAP * (count - 1) > width:
        count -= 1
    widths = list(natural[:count])
    while sum(widths) + _GAP * (count - 1) > width:
        slack = [i for i in range(count) if widths[i] > least[i]]
        if not slack:
            break
        widths[max(slack, key=widths.__getitem__)] -= 1
    return widths


def _folded(
    console: Console, cells: Sequence[Text], widths: Sequence[int]
) -> Iterator[Sequence[Text]]:
    """The lines of a row whose texts are not shortened."""
    columns = [[*value.wrap(console, width)] for value, width in zip(cells, widths, strict=False)]
    return zip_longest(*columns, fillvalue=Text())


def _line(cells: Sequence[Text], widths: Sequence[int], right: Sequence[bool]) -> Text:
    line = Text()
    for value, width, to_right in zip(cells, widths, right, strict=False):
        value.truncate(width, overflow="ellipsis")
        space = " " * (width - value.cell_len)
        line.append_text(Text.assemble(space, value) if to_right else Text.assemble(value, space))
        line.append(" " * _GAP)
    line.rstrip()
    return line


# ---------------------------------------------------------------- one thing


def _detail(console: Console, detail: Detail) -> Iterator[Text]:
    if detail.title:
        yield Text(clean(detail.title), style="bold")
    below = {
        k: v
        for k, v in detail.fields.items()
        if isinstance(v, Rows | Detail) or (v and isinstance(v, Mapping | list) and not _words(v))
    }
    short = {k: v for k, v in detail.fields.items() if k not in below and v is not None}
    indent = max((cell_len(key) for key in short), default=0) + 2
    for key, value in short.items():
        yield from _field(console, key, value, indent)
    for key, value in below.items():
        yield from _section(console, key, value)


def _field(console: Console, key: str, value: Any, indent: int) -> Iterator[Text]:
    value = ", ".join(value) if value and isinstance(value, list) else moment(key, value)
    text = cell(key, value, terminal=console.is_terminal)
    if isinstance(value, datetime) and console.is_terminal:
        text.append(f"  ({iso(value)})", style="dim")
    lines = [text]
    if isinstance(value, str) and value:
        text = Text(clean(value, lines=True), style=text.style)
        room = console.width - indent
        lines = list(text.wrap(console, room) if console.is_terminal and room > 0 else text.split())
    head = Text(f"{clean(key):<{indent}}", style="dim")
    for line in lines:
        yield Text.assemble(head, line)
        head = Text(" " * indent)


def _section(console: Console, key: str, value: Any) -> Iterator[Text]:
    yield Text()
    yield Text(clean(key).replace("_", " "), style="bold")
    match value:
        case Rows(rows=rows) if not rows:
            yield Text(clean(value.empty), style="dim")
        case Rows():
            yield from _table(console, value, whole=True)
        case Detail():
            yield from _detail(console, value)
        case list() if all(_is_pair(item) for item in value):
            indent = max(cell_len(clean(name)) for name, _ in value) + 2
            for name, said in value:
                yield from _field(console, name, said, indent)
        case str():
            yield from map(Text, clean(value, lines=True).split("\n"))
        case _:
            yield from JSONHighlighter()(Text(document(value))).split()


def _words(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _is_pair(item: Any) -> bool:
    """A name and what it says, as headers have it: those may come again."""
    return isinstance(item, list | tuple) and [type(part) for part in item] == [str, str]


def _marked(line: str) -> Text:
    style = _MARKS.get(line[:1])
    if style is None or line[1:2] != " ":
        return Text(line)
    return Text.assemble((line[0], style), line[1:])


def _print(console: Console, lines: Iterator[Text]) -> None:
    for line in lines:
        console.print(line, soft_wrap=True)
