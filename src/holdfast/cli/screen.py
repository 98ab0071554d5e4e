"""The live screen of `holdfast up`: where things are, what the queues hold, what was said last."""

import asyncio
import json
import logging
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import groupby
from typing import Any

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from holdfast.cli.values import clean
from holdfast.client import Holdfast
from holdfast.command import counted
from holdfast.database import within
from holdfast.engine import alerts, views
from holdfast.errors import HoldfastError
from holdfast.settings import CoreSettings

_MANY = 10_000
_LINES = 6
_FOLDED = 2  # of one event
_FRAME = 6  # columns
_KEPT = 50
_ALERTS = 100  # counted
_LEAST = 3
_AROUND = 14  # lines of the frame, the places, a problem, alerts and the heads
_COUNTS = ("ready", "leased", "scheduled", "held", "dead")
_PATIENCE_S = 3.0  # then the numbers are old, and it says so
_SHOWN = frozenset({"database.back", "job.raised"})  # though they are no warnings
_KNOWN = frozenset({"event", "level", "timestamp", "component", "logger", "exception"})


@dataclass(slots=True)
class Heard:
    """The latest lines of a process, as it logged them."""

    name: str
    lines: list[str] = field(default_factory=list)

    def keep(self, line: str) -> None:
        """One more."""
        self.lines = [*self.lines[-_KEPT:], line]


class Printed(Heard):
    """What its handlers print: each line is an event, at the time when it came."""

    def keep(self, line: str) -> None:
        """One more."""
        now = datetime.now(UTC).isoformat()
        Heard.keep(self, json.dumps({"timestamp": now, "level": "printed", "event": line}))


async def listen(stream: asyncio.StreamReader | None, onto: Heard) -> None:
    """Keep the lines of a stream until it ends; of one beyond 64 KiB, what is left of it."""
    while stream is not None:
        try:
            line = await stream.readline()
        except ValueError:
            continue
        if not line:
            return
        if text := line.decode("utf-8", "replace").rstrip():
            onto.keep(text)


class Ours(logging.Handler):
    """Brings what this process logs onto the screen; written beside it, it would tear it."""

    def __init__(self, onto: Heard, formatter: logging.Formatter) -> None:
        super().__init__()
        self.setFormatter(formatter)
        self._onto = onto

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the line."""
        self._onto.keep(self.format(record))


class Screen:
    """Drawn anew every second."""

    def __init__(
        self, hf: Holdfast, processes: Sequence[Heard], core: CoreSettings, console: Console
    ) -> None:
        self._hf = hf
        self._processes = processes
        self._core = core
        self._console = console
        self._queues: list[dict[str, Any]] = []
        self._alerts = 0
        self._problem = ""

    async def run(self) -> None:
        """Until cancelled."""
        with Live(console=self._console, auto_refresh=False, transient=False) as live:
            while True:
                await self._look()
                live.update(self._draw(), refresh=True)
                await asyncio.sleep(1)

    async def _look(self) -> None:
        try:
            database = self._hf.services.database
            self._queues = await within(_PATIENCE_S, database.run(views.queue_list()))
            listing = database.run(alerts.alert_list(limit=_ALERTS + 1))
            opened = await within(_PATIENCE_S, listing)
            self._alerts = len(opened)
            self._problem = ""
        except HoldfastError as error:
            self._problem = str(error).removesuffix("; it may have happened")

    def _draw(self) -> RenderableType:
        parts: list[RenderableType] = [self._places()]
        if self._problem:
            told = f"the database does not answer; the numbers are old: {self._problem}"
            parts.append(Text(told, style="bold red"))
        if self._alerts:
            some = f"over {_ALERTS} open alerts"
            told = some if self._alerts > _ALERTS else counted(self._alerts, "open alert")
            parts.append(Text(f"{told}: holdfast alerts list", style="bold red"))
        said = self._said()
        room = max(self._console.height - _AROUND - len(said), _LEAST)
        parts += [Text(""), self._table(room), Text(""), *said]
        return Panel(
            Group(*parts), title="[bold]holdfast[/]", title_align="left", subtitle="Ctrl-C stops",
            subtitle_align="right", border_style="dim", padding=(1, 2),
        )  # fmt: skip

    def _places(self) -> RenderableType:
        table = Table.grid(padding=(0, 2))
        smtp = os.environ.get("HOLDFAST_SMTP_LISTEN", "127.0.0.1:1025")
        embedded = f"embedded Postgres 18 in {self._core.data}"
        for name, value in (
            ("webhooks", f"http://{self._core.http}/webhooks/<source>"),
            ("page", f"http://{self._core.http}/"),
            ("mail in", f"smtp://{smtp}"),
            ("database", "the given Postgres" if self._core.database_url else embedded),
            ("app", self._core.app or "none; --app module:hf brings your handlers"),
        ):
            table.add_row(Text(name, style="dim"), Text(value))
        return table

    def _table(self, room: int) -> RenderableType:
        table = Table(box=None, padding=(0, 3, 0, 0), header_style="dim")
        table.add_column("queue")
        for column in _COUNTS:
            table.add_column(column, justify="right")
        table.add_column("")
        shown = self._fitting(room)
        for queue in shown:
            cells = [_count(queue[column], alarming=column == "dead") for column in _COUNTS]
            note = f"paused by {queue['paused_by']}" if queue["paused"] else ""
            table.add_row(Text(queue["queue"]), *cells, Text(note, style="yellow"))
        if left := len(self._queues) - len(shown):
            return Group(table, Text(f"and {left} more: holdfast queues list", style="dim"))
        return table

    def _fitting(self, room: int) -> list[dict[str, Any]]:
        """The queues there is room for; where it is short, those in which something is."""
        if len(self._queues) <= room:
            return self._queues
        busy = sorted(self._queues, key=lambda queue: not any(queue[c] for c in _COUNTS))
        kept = [queue["queue"] for queue in busy[: room - 1]]
        return [queue for queue in self._queues if queue["queue"] in kept]

    def _said(self) -> list[Text]:
        said = sorted(
            (told for one in self._processes for told in _told(one.name, one.lines)),
            key=lambda told: told[0],
        )
        lines: list[Text] = []
        for at, text in reversed([*_once(said)]):
            event = _folded(f"{at} {text}", self._console)
            if len(lines) + len(event) > _LINES:
                break
            lines = [*event, *lines]
        return lines


def _told(process: str, lines: Sequence[str]) -> Iterator[tuple[str, str]]:
    """When and what; a line without a time, as of a traceback, has that of the line before."""
    at = ""
    for line in lines:
        try:
            event = json.loads(line)
            at = str(event["timestamp"])[11:19]
            if event["level"] != "info" or event["event"] in _SHOWN:
                yield at, f"{process}: {clean(event['event'])}{_fields(event)}"
        except (ValueError, KeyError, TypeError, RecursionError):
            yield at, f"{process}: {clean(line)}"


def _folded(text: str, console: Console) -> list[Text]:
    """On as few lines as it takes, and two at most; what it is about mostly stands at its end."""
    width = max(console.width - _FRAME, 1)
    first, *rest = Text(text, style="dim").wrap(console, width)
    if len(rest) < _FOLDED:
        return [first, *rest]
    end = Text(text[len(first) :].strip(), style="dim")
    end.truncate(width, overflow="ellipsis")
    return [first, end]


def _fields(event: dict[str, Any]) -> str:
    if "text" in event:  # an alert: a sentence for a person, which names what its key does
        return f"  {clean(str(event['text']))}"
    if event["event"] == "job.raised":  # without its id: the same of many jobs is told once
        return (
            f"  kind={clean(str(event.get('kind')))}  {clean(_error(str(event.get('exception'))))}"
        )
    return "".join(f"  {k}={clean(str(v))}" for k, v in event.items() if k not in _KNOWN)


def _error(traceback: str) -> str:
    """What was raised in the end; its message may have lines of its own below."""
    *_, last = traceback.split("Traceback (most recent call last):\n")
    return next((line for line in last.splitlines() if line[:1].strip()), "")


def _once(said: Sequence[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """What is said again and again is said once, as of the last time, with how often."""
    for text, same in groupby(said, key=lambda told: told[1]):
        times = list(same)
        yield times[-1][0], text if len(times) == 1 else f"({len(times)} times) {text}"


def _count(number: int, *, alarming: bool) -> Text:
    text = f"over {_MANY:,}" if number > _MANY else f"{number:,}"
    style = "dim" if not number else "bold red" if alarming else ""
    return Text(text, style=style)
