"""Storms of another kind: which database, which disk, and what is hurt besides."""

import argparse
import contextlib
import os
import random
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from bench.storm.disk import small_disk
from bench.storm.hosts import POSTGRES, Host, Jumping, Pair, Pooled
from bench.storm.hurts import HURTS, Hurt
from bench.storm.hurts_of_hosts import CLOCK, FAILOVER, FULL_DISK, POOLER
from bench.storm.senders import Mailer, Stripe
from bench.storm.sinks import Endpoint
from bench.storm.system import System

_DISK_MB = 400
_HUNGRY = ("wal_recycle = off", "max_wal_size = '64MB'", "min_wal_size = '32MB'",
           "checkpoint_timeout = '30s'")  # fmt: skip


def add_options(parser: argparse.ArgumentParser) -> None:
    """One kind at a time; `--postgres` goes with each that has a server of its own."""
    kind = parser.add_mutually_exclusive_group()
    kind.add_argument("--full-disk", action="store_true", help="small disk that is filled (root)")
    kind.add_argument("--pooler", action="store_true", help="PgBouncer in transaction mode")
    kind.add_argument("--failover", action="store_true", help="a standby that is promoted")
    kind.add_argument("--clock", action="store_true", help="clocks that jump, by libfaketime")
    parser.add_argument("--postgres", metavar="15", help="Debian's server of that version")


def refusal(arguments: argparse.Namespace) -> str:
    """What this machine lacks for it, or nothing."""
    if arguments.full_disk and os.geteuid() != 0:
        return "--full-disk mounts a disk of its own, and only root may do that"
    if arguments.full_disk and arguments.postgres:
        return "--full-disk is for the embedded server"
    if arguments.pooler and not (shutil.which("pgbouncer") or Path("/usr/sbin/pgbouncer").exists()):
        return "--pooler needs PgBouncer: apt-get install pgbouncer"
    if arguments.clock and not Jumping.LIBRARY.exists():
        return "--clock needs libfaketime: apt-get install faketime"
    if arguments.postgres and not (POSTGRES / arguments.postgres / "bin/postgres").exists():
        return f"there is no Postgres in {POSTGRES / arguments.postgres}"
    return ""


def host_of(arguments: argparse.Namespace, folder: Path) -> Host | None:
    """The host of the database; None: `up` brings it."""
    for wanted, host in (
        (arguments.pooler, Pooled), (arguments.failover, Pair), (arguments.clock, Jumping),
        (arguments.postgres, Host),
    ):  # fmt: skip
        if wanted:
            return host(folder, arguments.postgres)
    return None


def hurts_of(arguments: argparse.Namespace) -> dict[str, Hurt]:
    """What may be done to it."""
    hurts = dict(HURTS)
    for wanted, more in (
        (arguments.full_disk, FULL_DISK), (arguments.pooler, POOLER),
        (arguments.failover, FAILOVER), (arguments.clock, CLOCK),
    ):  # fmt: skip
        if wanted:
            hurts |= more
    return hurts


@contextlib.contextmanager
def disk_of(arguments: argparse.Namespace, folder: Path) -> Iterator[None]:
    """The disk of the data folder, for the time of the block; the server's log stays."""
    if not arguments.full_disk:
        yield
        return
    with small_disk(folder / "data", _DISK_MB):
        try:
            yield
        finally:
            with contextlib.suppress(OSError):
                shutil.copy(folder / "data/postgres.log", folder)


def settle_in(arguments: argparse.Namespace, system: System) -> None:
    """On a small disk its log is to need new room all the time. Raises psycopg.Error."""
    if arguments.full_disk:
        for setting in _HUNGRY:
            system.ask(f"alter system set {setting}")
        system.ask("select pg_reload_conf()")


def fill_in(arguments: argparse.Namespace, stripe: Stripe, mailer: Mailer) -> None:
    """On a small disk some of what is sent is large."""
    if arguments.full_disk:
        stripe.filler = mailer.filler = _large


def _large(name: str) -> str:
    """Lines that no server can make shorter; the same for the same name."""
    chance = random.Random(name)
    lines = 5000 if chance.random() < 0.08 else 10
    return "".join(f"{chance.randbytes(35).hex()}\r\n" for _ in range(lines))


def forgive(arguments: argparse.Namespace, endpoint: Endpoint) -> None:
    """Who signs by a clock that is wrong is not believed, and that is right."""
    if arguments.clock:
        endpoint.forged[:] = [said for said in endpoint.forged if "signed" not in said]


def complain(text: str) -> int:
    """Say why there is no storm."""
    print(text, file=sys.stderr)
    return 2
