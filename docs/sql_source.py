"""Reads one of our `.sql` files: its opening essay, its functions and views with their comments."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

_COMMENT = r"(?P<comment>(?:^--[^\n]*\n)*)"
_FUNCTION = re.compile(
    _COMMENT + r"^ *create or replace function (?P<name>\w+)(?P<rest>\(.*?)"
    r"^ *(?:language|set |security|as \$)",
    re.MULTILINE | re.DOTALL,
)
_INLINE = re.compile(_COMMENT + r"^create or replace view (?P<name>\w+)", re.MULTILINE)
_ESSAY = re.compile(r"\A(?P<essay>(?:--[^\n]*\n)+)\n")


@dataclass(frozen=True, slots=True)
class Function:
    """A function as its file has it."""

    name: str
    signature: str
    comment: Sequence[str]


@dataclass(frozen=True, slots=True)
class View:
    """A view, by its name and comment."""

    name: str
    comment: Sequence[str]


@dataclass(frozen=True, slots=True)
class Source:
    """A file: what it opens with, and what it makes."""

    essay: Sequence[str]
    functions: Sequence[Function]
    views: Sequence[View]


def read_sql(path: Path) -> Source:
    """What the file says and makes."""
    text = path.read_text(encoding="utf-8")
    essay = _ESSAY.match(text)
    return Source(
        _lines(essay["essay"]) if essay else [],
        [
            Function(m["name"], _signature(m["name"] + m["rest"]), _lines(m["comment"]))
            for m in _FUNCTION.finditer(text)
        ],
        [View(m["name"], _lines(m["comment"])) for m in _INLINE.finditer(text)],
    )


def _lines(comment: str) -> list[str]:
    """Without the dashes and the one space after them."""
    return [line.removeprefix("--").removeprefix(" ") for line in comment.splitlines()]


def _signature(text: str) -> str:
    """Arguments and result, without the language and whatever else stands behind them."""
    lines = [line.rstrip() for line in text.strip().splitlines()]
    return re.sub(r"\s+language sql.*\Z", "", "\n".join(lines), flags=re.DOTALL)
