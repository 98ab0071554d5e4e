"""A test that waits for ever fails, and says what each of its tasks waited for."""

import asyncio
import io
import signal
import traceback
from collections.abc import Iterator
from types import FrameType
from typing import Any

import pytest

PATIENCE_S = 150  # many times the slowest of the default suite
AGAIN_S = 20  # where its tear-down waits as well


class Hung(BaseException):
    """Passes what a test may catch on its way out."""


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Bound each test of the default suite, what it sets up and tears down included."""
    if item.get_closest_marker("slow") or item.get_closest_marker("search"):
        return (yield)
    before = signal.signal(signal.SIGALRM, _give_up)
    signal.setitimer(signal.ITIMER_REAL, PATIENCE_S, AGAIN_S)
    try:
        return (yield)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _give_up(_signal: int, _frame: FrameType | None) -> None:
    raise Hung(f"the test still waits after {PATIENCE_S} s{waits()}")


def waits() -> str:
    """Where each task of the running loop waits, from its first line to the innermost."""
    try:
        loop = asyncio.get_running_loop()
    except RuntimeError:
        return ""
    told = io.StringIO()
    for task in asyncio.all_tasks(loop):
        print(f"\n\n{task.get_name()}:", file=told)
        told.writelines(traceback.StackSummary.from_list(list(_frames(task.get_coro()))).format())
    return told.getvalue()


def _frames(awaited: Any) -> Iterator[traceback.FrameSummary]:
    while awaited is not None:
        frame = getattr(awaited, "cr_frame", None) or getattr(awaited, "gi_frame", None)
        if frame is None:
            return
        yield traceback.FrameSummary(frame.f_code.co_filename, frame.f_lineno, frame.f_code.co_name)
        awaited = getattr(awaited, "cr_await", None) or getattr(awaited, "gi_yieldfrom", None)
