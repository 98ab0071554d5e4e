"""What can be done to a full disk, a pooler, a pair of servers, and clocks."""

import asyncio
import contextlib
import random
import signal

import psycopg

from bench.storm.disk import fill
from bench.storm.hosts import Jumping, Pair, Pooled
from bench.storm.hurts import HURTS, Hurt, cut_all
from bench.storm.system import System

HOUR = 3600
_MUCH_LOG = "select pg_logical_emit_message(false, 'storm', repeat('x', 40000000))"
"""More than the segments that are made ahead: where there is no room, the server panics."""


async def full_disk(system: System, how: float) -> bool:
    """No room for one to ten seconds; half the time also none for the server's log."""
    filling = asyncio.create_task(asyncio.to_thread(fill, system.data, 1 + 9 * how))
    await asyncio.sleep(0.3)
    if int(how * 1000) % 2:
        with contextlib.suppress(psycopg.Error):
            await asyncio.to_thread(system.ask, _MUCH_LOG)
    await filling
    return True


async def full_disk_and_more(system: System, how: float) -> bool:
    """Something else happens while there is no room."""
    name = random.Random(how).choice(list(HURTS))
    system.say(f"while the disk is full: {name}")
    filling = asyncio.create_task(asyncio.to_thread(fill, system.data, 2 + 8 * how))
    await asyncio.sleep(1)
    await HURTS[name][0](system, how)
    await filling
    return True


async def kill_pooler(system: System, _: float) -> bool:
    host = system.host
    return isinstance(host, Pooled) and host.pooler.signal(signal.SIGKILL)


async def stop_pooler(system: System, how: float) -> bool:
    """As its package does at an upgrade: safely, or at once."""
    host = system.host
    number = signal.SIGINT if how < 0.5 else signal.SIGTERM
    return isinstance(host, Pooled) and host.pooler.signal(number)


async def command_pooler(system: System, how: float) -> bool:
    """KILL and RESUME, or RECONNECT, or PAUSE for a while, at its console."""
    host = system.host
    if not isinstance(host, Pooled):
        return False
    first, pause_s, then = [
        ("KILL holdfast", 0.5 + 3 * how, "RESUME holdfast"), ("RECONNECT", 0.0, ""),
        ("SUSPEND", 1 + 4 * how, "RESUME"),
    ][int(how * 999) % 3]  # fmt: skip
    with contextlib.suppress(psycopg.Error):
        await asyncio.to_thread(host.command, first)
    await asyncio.sleep(pause_s)
    if then:
        with contextlib.suppress(psycopg.Error):
            await asyncio.to_thread(host.command, then)
    return True


async def freeze_pooler(system: System, how: float) -> bool:
    """Calls that hang for longer than a lease."""
    host = system.host
    if not isinstance(host, Pooled) or not host.pooler.signal(signal.SIGSTOP):
        return False
    await asyncio.sleep(1 + 8 * how)
    return host.pooler.signal(signal.SIGCONT)


async def failover(system: System, _: float) -> bool:
    """The first server is killed for good, and its standby takes its place."""
    host = system.host
    if not isinstance(host, Pair):
        return False
    await asyncio.to_thread(host.promote)
    return True


async def failover_to_one_behind(system: System, how: float) -> bool:
    """The standby is away, who waits for it is cut off and asks again; then it takes over.

    What was committed on the first one alone must not have been acknowledged as known already.
    """
    host = system.host
    if not isinstance(host, Pair) or host.standby is None:
        return False
    await asyncio.to_thread(host.standby.kept.end)
    for _ in range(2):
        await asyncio.sleep(0.5 + how)
        await HURTS["cut all connections"][0](system, how)
    await asyncio.sleep(1 + 3 * how)
    await asyncio.to_thread(host.promote)
    return True


async def kill_standby(system: System, _: float) -> bool:
    """Commits wait until it is back."""
    host = system.host
    return (
        isinstance(host, Pair) and host.standby is not None
        and host.standby.kept.signal(signal.SIGKILL)
    )  # fmt: skip


def _jump(whose: str, seconds: int) -> Hurt:
    async def jump(system: System, how: float) -> bool:
        if not isinstance(system.host, Jumping):
            return False
        system.host.set_clock(whose, seconds)
        await asyncio.sleep(1 + 9 * how)
        system.host.set_clock(whose, 0)
        return True

    return jump, 20


FULL_DISK: dict[str, Hurt] = {
    "full disk": (full_disk, 40),
    "full disk and more": (full_disk_and_more, 40),
}
POOLER: dict[str, Hurt] = {
    "kill pooler": (kill_pooler, 20),
    "stop pooler": (stop_pooler, 12),
    "cut pooler's servers": (cut_all, 16),
    "command pooler": (command_pooler, 16),
    "freeze pooler": (freeze_pooler, 12),
}
FAILOVER: dict[str, Hurt] = {
    "failover": (failover, 30),
    "failover to one behind": (failover_to_one_behind, 30),
    "kill standby": (kill_standby, 12),
}
CLOCK: dict[str, Hurt] = {
    "server an hour ahead": _jump("server", HOUR),
    "server an hour behind": _jump("server", -HOUR),
    "worker an hour ahead": _jump("worker", HOUR),
    "worker an hour behind": _jump("worker", -HOUR),
}
ALL = HURTS | FULL_DISK | POOLER | FAILOVER | CLOCK
