"""The live screen of `holdfast up`: where things are, what the queues hold, what was said last."""

import asyncio
import os
from collections.abc import Sequence
from typing import Any, Protocol

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from holdfast.client import Holdfast
from holdfast.engine import views
from holdfast.errors import HoldfastError
from holdfast.settings import CoreSettings

_MANY = 10_000
_LINES = 6


class Shown(Protocol):
    """What the screen needs to know of a child process."""

    name: str
    lines: list[str]
    restarts: int


class Screen:
    """Drawn anew every second."""

    def __init__(
        self, hf: Holdfast, children: Sequence[Shown], core: CoreSettings, console: Console
    ) -> None:
        self._hf = hf
        self._children = children
        self._core = core
        self._console = console
        self._queues: list[dict[str, Any]] = []
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
            self._queues = await self._hf.services.database.run(views.queue_list())
            self._problem = ""
        except HoldfastError as error:
            self._problem = str(error)

    def _draw(self) -> RenderableType:
        parts: list[RenderableType] = [self._places()]
        if self._problem:
            parts.append(Text(f"the database does not answer: {self._problem}", style="bold red"))
        parts += [Text(""), self._table(), self._said()]
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

    def _table(self) -> RenderableType:
        columns = ("ready", "leased", "scheduled", "held", "dead")
        table = Table(box=None, padding=(0, 3, 0, 0), header_style="dim")
        table.add_column("queue")
        for column in columns:
            table.add_column(column, justify="right")
        table.add_column("")
        for queue in self._queues:
            cells = [_count(queue[column], alarming=column == "dead") for column in columns]
            note = f"paused by {queue['paused_by']}" if queue["paused"] else ""
            table.add_row(Text(queue["queue"]), *cells, Text(note, style="yellow"))
        return table

    def _said(self) -> RenderableType:
        lines = [
            Text(f"{child.name}: {line}", style="dim", overflow="ellipsis", no_wrap=True)
            for child in self._children
            for line in child.lines[-_LINES:]
            if '"level": "info"' not in line
        ]
        return Group(Text(""), *lines[-_LINES:])


def _count(number: int, *, alarming: bool) -> Text:
    text = f"over {_MANY:,}" if number > _MANY else f"{number:,}"
    style = "dim" if not number else "bold red" if alarming else ""
    return Text(text, style=style)
