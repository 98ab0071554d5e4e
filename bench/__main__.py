"""`python -m bench`: measure, and show the result.

The table or, with --json, one JSON list goes to standard output and everything else to standard
error. Ctrl-C and SIGTERM end it at any time; the server and its folder go with it.
"""

import argparse
import asyncio
import json
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from bench.ground import QUICK, Sizes, ground
from bench.table import Row, rows, table
from bench.trials import ROWS, measure, steps

INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the bench; returns the exit code."""
    asked = _parser().parse_args(arguments)
    rounds = asked.rounds or (1 if asked.quick else 3)
    for number in (signal.SIGTERM, signal.SIGHUP):  # the same way out as Ctrl-C
        signal.signal(number, lambda *_: signal.raise_signal(signal.SIGINT))
    try:
        found = _run(QUICK if asked.quick else Sizes(), asked.only, rounds)
    except KeyboardInterrupt:
        print("bench: interrupted; its server is stopped and deleted", file=sys.stderr)
        return INTERRUPTED
    if asked.json:
        print(json.dumps([row.json() for row in found], indent=2))
    else:
        width = None if sys.stdout.isatty() else 170
        Console(width=width).print(table(found, rounds))
    return _verdict(found) if asked.check else 0


def _run(sizes: Sizes, works: Sequence[str], rounds: int) -> list[Row]:
    with _progress(steps(works, rounds) + 1) as told:
        told("starting a Postgres of its own")
        with ground(sizes) as server:
            return rows(asyncio.run(measure(server, works, rounds, told)))


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
    columns = (BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TextColumn("{task.description}"))
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
    add("--only", type=_works, default=list(ROWS), metavar="WORK,…",
        help=f"of {', '.join(ROWS)}")  # fmt: skip
    add("--rounds", type=_positive, metavar="N", help="default 3, with --quick 1")
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
