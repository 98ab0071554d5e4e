"""`python -m bench`: measure, and show the result.

With --guard the result is whether a work has lost half of its speed since it was recorded, and
--record records it. The table or, with --json, one JSON list goes to standard output and everything
else to standard error. Ctrl-C and SIGTERM end it at any time; the server and its folder go with it.
"""

import argparse
import asyncio
import json
import math
import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from bench import guard
from bench.ground import QUICK, Ground, Sizes, ground
from bench.table import Row, rows, table
from bench.trials import ROWS, measure, steps
from holdfast.errors import ConfigError

INTERRUPTED = 130
UNUSABLE = 2
BUDGET_S = 160.0  # with the start, a busy machine is done in three minutes


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the bench; returns the exit code."""
    asked = _parser().parse_args(arguments)
    for number in (signal.SIGTERM, signal.SIGHUP):  # the same way out as Ctrl-C
        signal.signal(number, lambda *_: signal.raise_signal(signal.SIGINT))
    try:
        if asked.record:
            return _record(asked)
        return _guard(asked) if asked.guard else _measure(asked)
    except KeyboardInterrupt:
        print("bench: interrupted; its server is stopped and deleted", file=sys.stderr)
        return INTERRUPTED
    except ConfigError as error:
        print(f"bench: {error}", file=sys.stderr)
        return UNUSABLE


def _measure(asked: argparse.Namespace) -> int:
    rounds = asked.rounds or (1 if asked.quick else 3)
    budget_s = math.inf if asked.rounds else BUDGET_S
    works = asked.only or list(ROWS)
    with _server(QUICK if asked.quick else Sizes(), steps(works, rounds)) as (server, told):
        found = rows(asyncio.run(measure(server, works, rounds, budget_s, told)))
    _show(asked, found, table(found))
    return _verdict(found) if asked.check else 0


def _guard(asked: argparse.Namespace) -> int:
    works, recorded = _guarded(asked), guard.read()
    with _server(guard.SIZES, steps(works, 2), durable=False) as (server, told):
        found = asyncio.run(guard.check(server, recorded, works, told))
    _show(asked, found, guard.table(found))
    lost = [standing for standing in found if standing.halved]
    for row in lost:
        print(f"bench: {row.work} has lost half of its speed: {row.slower:.2f} times slower and "
              f"{row.dearer:.2f} times dearer than in {guard.BASELINE.name}. If that is meant, "
              'record it: make bench ARGS="--record"', file=sys.stderr)  # fmt: skip
    for row in (standing for standing in found if standing.undecided):
        print(f"bench: {row.work} seems to have lost half of its speed; the machine was too busy"
              " for enough rounds to be sure", file=sys.stderr)  # fmt: skip
    return 1 if lost else 0


def _record(asked: argparse.Namespace) -> int:
    works, rounds = _guarded(asked), asked.rounds or guard.RECORDED_ROUNDS
    if (load := os.getloadavg()[0]) > (os.cpu_count() or 1):
        print(f"bench: this machine is not quiet (load {load:.1f}); what is recorded now may be off"
              ", look at it before you commit it", file=sys.stderr)  # fmt: skip
    with _server(guard.SIZES, steps(works, rounds), durable=False) as (server, told):
        guard.write(asyncio.run(guard.record(server, works, rounds, told)))
    print(f"bench: recorded in {guard.BASELINE}", file=sys.stderr)
    return 0


def _guarded(asked: argparse.Namespace) -> list[str]:
    works = asked.only or list(guard.ROWS)
    if others := [work for work in works if work not in guard.ROWS]:
        raise ConfigError(f"{', '.join(others)}: not guarded; {', '.join(guard.ROWS)} are")
    return works


@contextmanager
def _server(
    sizes: Sizes, measurements: int, *, durable: bool = True
) -> Iterator[tuple[Ground, Callable[[str], None]]]:
    with _progress(measurements + 1) as told:
        told("starting a Postgres of its own")
        with ground(sizes, durable=durable) as server:
            yield server, told


def _show(
    asked: argparse.Namespace, found: Sequence[Row] | Sequence[guard.Standing], drawn: Table
) -> None:
    if asked.json:
        print(json.dumps([row.json() for row in found], indent=2))
    else:
        width = None if sys.stdout.isatty() else 120
        Console(width=width).print(drawn)


def _verdict(found: Sequence[Row]) -> int:
    missed = [row for row in found if not row.passed]
    for row in missed:
        print(f"bench: {row.work} is at {row.ratio:.2f} of its floor, wanted: {row.target.first}",
              file=sys.stderr)  # fmt: skip
    return 1 if missed else 0


@contextmanager
def _progress(total: int) -> Iterator[Callable[[str], None]]:
    """A bar on a terminal, plain lines elsewhere; drawn only between measurements."""
    if not sys.stderr.isatty():
        yield lambda text: print(f"bench: {text}", file=sys.stderr, flush=True)
        return
    text = TextColumn("{task.description}")
    columns = (BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), text)
    console = Console(stderr=True)
    with Progress(*columns, console=console, auto_refresh=False, transient=True) as progress:
        bar = progress.add_task("", total=total)
        begun = False

        def told(text: str) -> None:
            nonlocal begun
            progress.update(bar, advance=int(begun), description=text, refresh=True)
            begun = True

        yield told


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    add = parser.add_argument
    add("--quick", action="store_true", help="smaller sizes and one round, in half a minute")
    add("--json", action="store_true", help="a JSON list instead of the table")
    add("--only", type=_works, metavar="WORK,…",
        help=f"of {', '.join(ROWS)}")  # fmt: skip
    add(
        "--rounds",
        type=_positive,
        metavar="N",
        help="default 1 with --quick, 12 with --record, else 3 or what three minutes allow",
    )
    add("--guard", action="store_true",
        help="exit 1 if a work has lost half of its speed since it was recorded")  # fmt: skip
    add("--record", action="store_true", help="record how fast it is now, for --guard")
    add("--check", action="store_true", help="exit 1 if a first target is missed")
    return parser


def _works(text: str) -> list[str]:
    works = [work.strip() for work in text.split(",")]
    unknown = [work for work in works if work not in ROWS]
    if unknown:
        raise argparse.ArgumentTypeError(
            f"there is no {', '.join(unknown)}; known are {', '.join(ROWS)}"
        )
    return works


def _positive(text: str) -> int:
    if not text.isdecimal() or not int(text):
        raise argparse.ArgumentTypeError(f"{text!r} is no number of rounds; use 1, 2, 3, …")
    return int(text)


if __name__ == "__main__":
    sys.exit(main())
