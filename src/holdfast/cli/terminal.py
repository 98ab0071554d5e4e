"""Talking to a person while a command runs. All of it goes to stderr: stdout is for results."""

import select
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.text import Text

_PATIENCE_S = 1.0


def margin() -> Console:
    """Where remarks and questions go."""
    return Console(stderr=True, highlight=False, markup=False, emoji=False)


def remark(text: Text) -> None:
    """Say something beside the result: wrapped for people, on one line for a log."""
    console = margin()
    console.print(text, soft_wrap=not console.is_terminal)


@contextmanager
def waiting() -> Iterator[Callable[[str], None]]:
    """Gives a function that says what a slow start is doing; silent when nobody looks, or later."""
    console = margin()
    status = console.status("", spinner_style="cyan")
    open_ = console.is_terminal

    def say(text: str) -> None:
        if open_:
            status.update(Text(f"{text} …", style="dim"))
            status.start()

    try:
        yield say
    finally:
        open_ = False
        status.stop()


@contextmanager
def progress(doing: str, total: int | None) -> Iterator[Callable[[int], None]]:
    """Gives a function to be told how many more are done; a bar appears after a second of it."""
    began = time.monotonic()
    bar = Progress(
        TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn(),
        TimeRemainingColumn(), console=margin(), transient=True,
    )  # fmt: skip
    task = bar.add_task(doing, total=total)

    def advance(count: int) -> None:
        bar.update(task, advance=count)
        if bar.console.is_terminal and time.monotonic() - began > _PATIENCE_S:
            bar.start()

    try:
        yield advance
    finally:
        bar.stop()


def confirmed(question: str) -> bool:
    """What the person says; True where there is nobody to ask."""
    console = margin()
    if not (sys.stdin.isatty() and console.is_terminal):
        return True
    # asyncio keeps the first Ctrl-C for itself, but it is this question that it is meant for
    kept = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        console.print(Text.assemble(question, (" [y/N] ", "bold")), end="")
        return _line().strip().lower() in {"y", "yes"}
    finally:
        signal.signal(signal.SIGINT, kept)


def _line() -> str:
    """What is typed next. A Ctrl-C in the moment before we wait for it ends the wait, too."""
    heard, told = socket.socketpair()
    with heard, told:
        told.setblocking(False)
        kept = signal.set_wakeup_fd(told.fileno())
        try:
            select.select([sys.stdin, heard], [], [])
            return sys.stdin.readline()
        finally:
            signal.set_wakeup_fd(kept)


def fresh_line() -> None:
    """The terminal has shown ^C where we were; what comes next begins below it."""
    if (console := margin()).is_terminal:
        console.print()
