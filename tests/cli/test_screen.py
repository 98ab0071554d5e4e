"""What the live screen says of what happened."""

import asyncio
import json

from rich.console import Console

from holdfast.cli.screen import Heard, Printed, Screen, listen
from holdfast.settings import CoreSettings


def _said(*events):
    lines = [
        json.dumps({"timestamp": f"2026-03-01T12:00:0{n}Z", "level": "warning", **event})
        for n, event in enumerate(events)
    ]
    screen = Screen(None, [Heard("work", lines)], CoreSettings(), Console(width=80))
    return [line.plain.rstrip() for line in screen._said()]


def test_what_an_event_is_about_is_seen_at_80_columns():
    """Of an alert its sentence; two lines each; of many the latest, none of them by half."""
    alert = {"event": "alert.raised", "key": "queue.stuck:a", "text": "a is stuck: " + "why " * 60}
    down = {"event": "worker.waits_for_database", "error": "Postgres cannot be reached: no server"}
    first, second, third, *more = _said(alert, {**down, "n": 1}, {"event": "short"})
    assert first.startswith("12:00:00 work: alert.raised  a is stuck: why why")
    assert second.endswith("why w…") and len(second) <= 74
    assert third == "12:00:01 work: worker.waits_for_database  error=Postgres cannot be"
    assert more == ["reached: no server  n=1", "12:00:02 work: short"]
    told = _said(alert, *({**down, "n": n} for n in range(3)), {"event": "short"})
    assert [line[:8] for line in told] == [
        "12:00:02",
        "reached:",
        "12:00:03",
        "reached:",
        "12:00:04",
    ]


def test_the_end_of_an_outage_is_seen():
    """Who saw that the database is away sees that it is back; other good news is not shown."""
    said = _said(
        {"event": "database.unavailable"},
        {"event": "worker.started", "level": "info"},
        {"event": "database.back", "level": "info"},
    )
    assert said == ["12:00:00 work: database.unavailable", "12:00:02 work: database.back"]


def test_what_a_handler_raised_is_seen():
    """Who writes a handler sees on the screen what it raised, and of many jobs once."""
    trace = "Traceback (most recent call last):\n  File x\n    x()\n"
    error = "UndefinedTable: no orders\nLINE 1: insert\n        ^"
    chained = f"{trace}KeyError: 1\n\nDuring handling, another occurred:\n\n{trace}{error}"
    raised = {"event": "job.raised", "level": "info", "kind": "task:a", "exception": chained}
    told = _said({**raised, "job_id": "1"}, {**raised, "job_id": "2"})
    again = "12:00:01 (2 times) work: job.raised"
    assert " ".join(told) == f"{again}  kind=task:a  UndefinedTable: no orders"


async def test_what_handlers_print_is_seen():
    """A print is on the screen in its order, told as text; the longest one ends nothing."""
    stream, printed = asyncio.StreamReader(), Printed("work")
    stream.feed_data(b"baking\n\n" + b"y" * 200_000 + b'\n{"done": 1}\x1b[2J\n')
    stream.feed_eof()
    await listen(stream, printed)
    screen = Screen(None, [printed], CoreSettings(), Console(width=80))
    first, *_, last = [line.plain.rstrip() for line in screen._said()]
    assert first.endswith("work: baking")
    assert last.endswith('work: {"done": 1}\\x1b[2J')


def test_what_only_looks_like_a_log_is_shown_as_it_is():
    """Whatever stands on a worker's stderr, the screen shows it and goes on."""
    odd = ["[" * 20_000, '{"timestamp": ["x"], "level": "x", "event": "odd"}', '{"timestamp": 1}']
    lines = [*odd, '{"timestamp": "2026-03-01T12:00:00Z", "level": "x", "event": "last"}']
    screen = Screen(None, [Heard("work", lines)], CoreSettings(), Console(width=80))
    assert [line.plain.rstrip() for line in screen._said()][-1] == "12:00:00 work: last"
