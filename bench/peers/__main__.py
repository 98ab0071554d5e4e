"""`make peers`: PgQueuer, Procrastinate and pgmq beside holdfast: one server, the same rounds.

The tables, as Markdown, or with --json one JSON list go to standard output and everything else to
standard error. A peer that loses a job, or runs one twice, ends the run without a result.
"""

import argparse
import asyncio
import importlib
import json
import signal
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from importlib.metadata import version

from bench.ground import Sizes, ground
from bench.peers import table
from bench.peers.contest import FLOOR, OURS, ROWS, Results, chosen, contest, sides
from bench.peers.peer import Peer

INTERRUPTED = 130
UNUSABLE = 2
SIZES = Sizes(enqueue_1=1_000, enqueue_16=8_000, enqueue_bulk=50_000, drain=20_000, latency=100)
QUICK = Sizes(enqueue_1=100, enqueue_16=320, enqueue_bulk=1_000, drain=1_000, latency=20)
PEERS = ("pgqueuer", "procrastinate", "pgmq")


class NotInstalled(Exception):
    """A peer's package is not there."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run it; returns the exit code."""
    asked = _parser().parse_args(arguments)
    signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))
    try:
        peers = [_peer(name) for name in asked.peers]
        if asked.quick:
            peers = [replace(peer, drained=peer.drained // 20) for peer in peers]
        results = _run(asked, peers)
    except NotInstalled as missing:
        print(f"peers: {missing}", file=sys.stderr)
        return UNUSABLE
    except KeyboardInterrupt:
        print("peers: interrupted; its server is stopped and deleted", file=sys.stderr)
        return INTERRUPTED
    if asked.json:
        print(json.dumps(table.json(results), indent=2))
        return 0
    print(table.markdown(results, [FLOOR, OURS, *(peer.name for peer in peers)]), end="\n\n")
    for peer in peers:
        jobs = f"{peer.drained:,} jobs to drain"
        print(f"- {peer.name} {version(peer.package)}: {peer.settings}; {jobs}.")
    return 0


def _peer(name: str) -> Peer:
    try:
        found = importlib.import_module(f"bench.peers.{name}")
    except ModuleNotFoundError as error:
        raise NotInstalled(
            f"{error.name} is not installed in this Python; `make peers` makes .venv-peers with all"
            " that is needed, from requirements/peers.txt"
        ) from error
    peer: Peer = found.PEER
    return peer


def _run(asked: argparse.Namespace, peers: Sequence[Peer]) -> Results:
    import uvloop  # it comes with PgQueuer, whose own benchmark runs on it; here all do

    total = sum(
        len(sides(peers, trial, number))
        for number in range(asked.rounds)
        for trial in chosen(asked.only)
    )
    count = 0

    def told(text: str) -> None:
        nonlocal count
        count += 1
        print(f"peers: {count}/{total} {text}", file=sys.stderr, flush=True)

    print("peers: starting a Postgres of its own", file=sys.stderr, flush=True)
    with (
        ground(QUICK if asked.quick else SIZES) as server,
        asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner,
    ):
        for peer in peers:
            runner.run(peer.install(server.url))
        return runner.run(
            contest(server, peers, asked.only, asked.rounds, 60 * asked.minutes, told)
        )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench.peers", description=__doc__)
    parser.add_argument("--json", action="store_true", help="a JSON list instead of the tables")
    parser.add_argument(
        "--quick", action="store_true", help="so little of each that it only shows that all work"
    )
    parser.add_argument(
        "--only", type=_of(ROWS), default=list(ROWS), metavar="WORK,…", help=f"of {', '.join(ROWS)}"
    )
    parser.add_argument(
        "--peers", type=_of(PEERS), default=list(PEERS), metavar="PEER,…",
        help=f"of {', '.join(PEERS)}",
    )  # fmt: skip
    parser.add_argument(
        "--minutes", type=float, default=10.0, metavar="M",
        help="begin no further round that would end later than that; 10 if not given",
    )  # fmt: skip
    parser.add_argument("--rounds", type=int, choices=range(1, 100), default=3, metavar="N")
    return parser


def _of(known: Sequence[str]) -> Callable[[str], list[str]]:
    def parse(text: str) -> list[str]:
        names = [name.strip() for name in text.split(",")]
        if unknown := [name for name in names if name not in known]:
            raise argparse.ArgumentTypeError(
                f"there is no {', '.join(unknown)}; known are {', '.join(known)}"
            )
        return names

    return parse


if __name__ == "__main__":
    sys.exit(main())
