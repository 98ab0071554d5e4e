"""What `holdfast doctor` finds: facts in, judgements with advice out."""

import asyncio
import os
import platform
import shutil
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from holdfast.channel import Services
from holdfast.command import counted
from holdfast.database import STANDBY, Database, lost_rights, newer, pending
from holdfast.engine import views
from holdfast.errors import HoldfastError
from holdfast.installation import ensure_schema, rooms

_OLDEST_POSTGRES = 15
_CLOCKS_APART = timedelta(seconds=2)
_MANY = 10_000
_SHOWN = 5
_LEAST_FREE = 64 * 1024 * 1024  # bytes; four segments of the log of a server
_IN_SECONDS = 120
_SILENT = timedelta(seconds=35)  # a worker says every 15 s that it is there


@dataclass(frozen=True, slots=True)
class Check:
    """One judgement. `fine` is None for what is worth knowing and not wrong."""

    name: str
    fine: bool | None
    found: str
    advice: str = ""

    def text(self) -> str:
        """A line with a mark, and below it what to do."""
        mark = {True: "✓", False: "✗", None: "!"}[self.fine]
        return f"{mark} {self.found}" + (f"\n    {self.advice}" if self.advice else "")

    def data(self) -> dict[str, Any]:
        """For programs: ok, notice or wrong."""
        status = {True: "ok", False: "wrong", None: "notice"}[self.fine]
        values = asdict(self)
        values.pop("fine")
        return values | {"status": status}


async def examine(services: Services, patience_s: float, say: Callable[[str], None]) -> list[Check]:
    """Everything, in an order in which each check can rely on those before it.

    `say` is told what is looked at: in an incident each may take as long as it is waited for.
    """
    checks = [Check("python", True, f"Python {platform.python_version()}")]
    database = services.database
    try:
        say("looking for the server")
        await asyncio.to_thread(_reach, database)
        checks += await _server(database)
        if database.embedded is not None:
            checks.append(room(shutil.disk_usage(services.core.data).free))
        say("looking at the schema")
        await asyncio.to_thread(ensure_schema, database)
        checks += await asyncio.to_thread(lambda: [_schema(database), *_roles(database)])
        say("looking at the queues")
        before = datetime.now(UTC)
        facts = await database.run(views.checkup())
        checks.append(_clock(facts, before, datetime.now(UTC)))
        checks += _durability(facts)
        found = await database.run(views.worker_list())
        checks += _workers(facts, found, here=_is_here(database))
        checks += _queue(facts, database.schema)
        say("checking the invariants of the queue")
        checks.append(await _invariants(database, patience_s))
    except HoldfastError as error:
        checks.append(_failed(error))
    return checks


def _failed(error: HoldfastError) -> Check:
    told = " ".join(str(error).split())
    if "statement pooling mode" in told:
        advice = "Set pool_mode = transaction (or session) in the pooler."
        return Check("pooler", False, f"the pooler refuses transactions: {told}", advice)
    return Check(type(error).__name__, False, told)


def _reach(database: Database) -> None:
    """Raise at once if there is no server; a pool would try for a while."""
    pending(database.dsn(), [], database.schema)


async def _server(database: Database) -> list[Check]:
    began = time.monotonic()
    async with database.connection() as connection:
        number, host = connection.info.server_version, connection.info.host
        encoding = connection.info.parameter_status("server_encoding")
        await connection.execute("select")
    version, took = f"{number // 10_000}.{number % 10_000}", (time.monotonic() - began) * 1000
    if number // 10_000 < _OLDEST_POSTGRES:
        return [Check("server", False, f"Postgres {version} is too old", "Use Postgres 15 to 18.")]
    where = host if database.embedded is None else f"embedded, process {_pid(database)}"
    answers = Check("server", True, f"Postgres {version} answers ({where}; {took:.0f} ms)")
    writes = _writes(await database.why_read_only())
    return [answers, *_encoding(encoding), *writes, _pooler(database), *_isolation(database)]


def _encoding(name: str | None) -> Iterator[Check]:
    """A dump can have been restored where `migrate` makes nothing."""
    if name not in {"UTF8", None}:
        yield Check(
            "encoding", False, f"the encoding of this database is {name}, not UTF8",
            "Move it to one that can hold every text: create database name encoding 'UTF8'",
        )  # fmt: skip


def _writes(why_read_only: str) -> Iterator[Check]:
    if why_read_only:
        yield Check(
            "writes", False, f"{why_read_only}: nothing can be stored or claimed here",
            "Name the primary, or all of them with target_session_attrs=read-write."
            if why_read_only == STANDBY else
            "alter role … (or database …) reset default_transaction_read_only",
        )  # fmt: skip


def room(free: int) -> Check:
    """Whether the embedded server can go on writing where its folder is."""
    told = f"{free / 1e6:,.0f} MB are free on the disk of the embedded server"
    if free > _LEAST_FREE:
        return Check("disk", True, told)
    return Check(
        "disk", False, f"only {told}: soon nothing can be stored",
        "Make room there; what is refused meanwhile is sent again, what is stored stays.",
    )  # fmt: skip


def _schema(database: Database) -> Check:
    what = newer(database.dsn(), rooms(), database.schema)
    if what is None:
        return Check("schema", True, f'schema "{database.schema}" is up to date')
    return Check(
        "schema", None, f'schema "{database.schema}" is of a newer holdfast ({what})',
        "It serves this one too; when all is well, bring these processes up to date.",
    )  # fmt: skip


def _roles(database: Database) -> Iterator[Check]:
    lost = lost_rights(database.dsn(), database.schema)
    if lost:
        yield Check(
            "roles", None, f"without rights on the schema, as after a restore: {', '.join(lost)}",
            "Make them and give them their rights: holdfast migrate",
        )  # fmt: skip


def _pooler(database: Database) -> Check:
    """Whether sessions are ours, and what follows if not."""
    if not database.pooled:
        return Check("pooler", True, "connected directly: notifications wake idle workers")
    return Check(
        "pooler", None,
        "connected through a pooler: no notifications, no prepared statements; idle workers look"
        " once a second",
        "Where that second matters, connect the workers directly.",
    )  # fmt: skip


def _isolation(database: Database) -> Iterator[Check]:
    """A session of ours is set right; one of a pooler is not ours to set."""
    if database.pooled and database.isolation != "read committed":
        yield Check(
            "isolation", False,
            f"transactions are {database.isolation} by default: limits refuse, and workers stop",
            "alter role … set default_transaction_isolation = 'read committed'",
        )  # fmt: skip


def _pid(database: Database) -> int | None:
    return database.embedded.postmaster_pid if database.embedded else None


def _clock(facts: Mapping[str, Any], before: datetime, after: datetime) -> Check:
    theirs = datetime.fromisoformat(facts["now"])
    apart = max(before - theirs, theirs - after, timedelta())
    if apart < _CLOCKS_APART:
        return Check("clock", True, "clocks agree")
    return Check(
        "clock", None, f"the clocks of this machine and the database are {apart} apart",
        "Leases and due times follow the database's clock; mend the other one.",
    )  # fmt: skip


def _durability(facts: Mapping[str, Any]) -> Iterator[Check]:
    risky = [f"{name} = off" for name in ("fsync", "full_page_writes") if facts[name] == "off"]
    if risky:
        yield Check(
            "durability", False, f"{', '.join(risky)}: a crash of the server can lose everything",
            "Switch them on in postgresql.conf.",
        )  # fmt: skip
    elif facts["synchronous_commit"] == "off":
        yield Check(
            "durability", None, "synchronous_commit = off; holdfast lifts it for its own commits",
            "A handler that writes to your own tables should, too.",
        )  # fmt: skip
    else:
        yield Check("durability", True, f"commits are durable ({facts['synchronous_commit']})")


def _is_here(database: Database) -> bool:
    """Whether a worker of this host is a process of this machine: containers may share its name."""
    return database.embedded is not None


def _is_silent(worker: Mapping[str, Any], now: datetime, *, here: bool) -> bool:
    if now - worker["seen_at"] > _SILENT:
        return True
    if not here or worker["host"] != platform.node():
        return False
    try:
        os.kill(worker["pid"], 0)
    except ProcessLookupError:
        return True
    except OSError:
        return False  # it is somebody else's
    return False


def _long(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < _IN_SECONDS else f"{seconds / 60:.0f} min"


def _workers(
    facts: Mapping[str, Any], found: Sequence[Mapping[str, Any]], *, here: bool
) -> Iterator[Check]:
    unserved, now = facts["unserved"], datetime.fromisoformat(facts["now"])
    silent = [worker for worker in found if _is_silent(worker, now, here=here)]
    workers = facts["workers"] - sum(worker["alive"] for worker in silent)
    if silent:
        told = ", ".join(
            f"{worker['worker']} for {_long((now - worker['seen_at']).total_seconds())}"
            for worker in silent[:_SHOWN]
        )
        yield Check(
            "silent", None, f"{_count(len(silent), 'worker')} killed, frozen or cut off: {told}",
            "None has signed off. Others take over what they had as leases run out.",
        )  # fmt: skip
    if unserved:
        yield Check(
            "workers", False, f"jobs are due and no worker serves: {', '.join(unserved)}",
            "Start one: holdfast up, or holdfast work",
        )  # fmt: skip
    elif workers:
        yield Check("workers", True, f"{_count(workers, 'worker')} alive")
    else:
        due = "" if silent else ", and nothing is due"
        yield Check("workers", None, f"no worker is running{due}")


def _queue(facts: Mapping[str, Any], schema: str) -> Iterator[Check]:
    if facts["expired_leases"]:
        yield Check(
            "leases", False, f"{_count(facts['expired_leases'], 'lease')} ran out, not rescued yet",
            f"A running worker rescues them; by hand: select * from {schema}.maintain()",
        )  # fmt: skip
    else:
        yield Check("leases", True, "no lease is overdue")
    if facts["paused"]:
        yield Check(
            "paused", None, f"paused: {', '.join(facts['paused'])}", "holdfast queues resume NAME"
        )
    if facts["breakers"]:
        yield Check(
            "breakers", None, f"open or paused: {', '.join(facts['breakers'])}",
            "holdfast breakers list",
        )  # fmt: skip
    if facts["alerts"]:
        yield Check(
            "alerts", None, f"{_count(facts['alerts'], 'open alert')}", "holdfast alerts list"
        )
    if facts["dead_letters"]:
        yield Check(
            "dead_letters", None, f"{_count(facts['dead_letters'], 'dead letter')}",
            "holdfast dead-letters groups",
        )  # fmt: skip
    else:
        yield Check("dead_letters", True, "no dead letters")


async def _invariants(database: Database, patience_s: float) -> Check:
    try:
        async with asyncio.timeout(patience_s):
            violations = await database.run(views.audit())
    except TimeoutError:
        return Check(
            "invariants", None, f"the invariants could not be checked within {patience_s:g} s",
            "Large tables take longer: holdfast doctor --patience 600",
        )  # fmt: skip
    if not violations:
        return Check("invariants", True, "all invariants of the queue hold")
    lines = [f"{v['invariant']}: {v['job_id']} ({v['detail']})" for v in violations[:_SHOWN]]
    more = len(violations) - len(lines)
    advice = "\n    ".join([*lines, *([f"and {more} more"] if more else [])])
    return Check(
        "invariants", False, f"{_count(len(violations), 'violation')} of the invariants", advice
    )


def _count(number: int, noun: str) -> str:
    return f"more than {counted(_MANY, noun)}" if number > _MANY else counted(number, noun)
