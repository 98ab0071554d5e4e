"""The plan: what is done to the system, and when. Only its own processes, by number."""

import asyncio
import contextlib
import os
import random
import signal
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import psycopg

from bench.storm.system import System

LEASE_S = 3.0
Hurt = tuple[Callable[[System, float], Awaitable[bool]], int]
"""What is done, and how often beside the others."""


@dataclass
class Plan:
    """Hurts the system every few seconds; the same seed means the same plan."""

    system: System
    chance: random.Random
    only: tuple[str, ...] = ()
    two_workers: bool = True
    hurts: dict[str, Hurt] = field(default_factory=lambda: HURTS)
    done: list[tuple[float, str]] = field(default_factory=list)

    @property
    def counts(self) -> Counter[str]:
        """How often each thing was done."""
        return Counter(name for _, name in self.done)

    async def run(self, until: float) -> None:
        """Hurt until that time by the monotonic clock, then let everything come back."""
        hurts = {n: pair for n, pair in self.hurts.items() if not self.only or n in self.only}
        weights = [weight for _, weight in hurts.values()]
        while (pause := self.chance.uniform(1.5, 6)) + time.monotonic() < until:
            await asyncio.sleep(pause)
            if self.two_workers:
                self.system.keep_second()
            name = self.chance.choices(list(hurts), weights)[0]
            how = self.chance.random()
            self.system.say(name)
            if await hurts[name][0](self.system, how):
                self.done.append((time.time(), name))
        if not self.system.up:
            self.system.start()
        await self.system.until_ready()


def _signal(pid: int, number: signal.Signals) -> bool:
    """True if there was such a process."""
    with contextlib.suppress(ProcessLookupError):
        if pid:
            os.kill(pid, number)
            return True
    return False


async def kill_worker(system: System, how: float) -> bool:
    return _signal(system.worker(how), signal.SIGKILL)


async def kill_api(system: System, _: float) -> bool:
    return _signal(system.child("serve"), signal.SIGKILL)


async def stop_worker(system: System, how: float) -> bool:
    return _signal(system.worker(how), signal.SIGTERM)


async def stop_api(system: System, _: float) -> bool:
    return _signal(system.child("serve"), signal.SIGTERM)


async def kill_postmaster(system: System, _: float) -> bool:
    return _signal(system.postmaster(), signal.SIGKILL)


async def stop_postgres(system: System, how: float) -> bool:
    """Fast or at once, as somebody with pg_ctl would."""
    return _signal(system.postmaster(), signal.SIGINT if how < 0.5 else signal.SIGQUIT)


async def kill_backend(system: System, how: float) -> bool:
    """Its postmaster then throws out all others as well, and recovers."""
    found = system.backends(of_clients=how < 0.8)
    return bool(found) and _signal(found[int(how * 1000) % len(found)], signal.SIGKILL)


async def cut_all(system: System, _: float) -> bool:
    """Every connection is ended by SQL."""
    with contextlib.suppress(psycopg.Error):
        await asyncio.to_thread(
            system.ask,
            "select pg_terminate_backend(pid) from pg_stat_activity "
            "where backend_type = 'client backend' and pid <> pg_backend_pid()",
        )
        return True
    return False


async def _freeze(pids: list[int], seconds: float) -> bool:
    frozen = [pid for pid in pids if _signal(pid, signal.SIGSTOP)]
    try:
        await asyncio.sleep(seconds if frozen else 0)
    finally:
        for pid in frozen:
            _signal(pid, signal.SIGCONT)
    return bool(frozen)


async def freeze_worker(system: System, how: float) -> bool:
    """For longer than a lease."""
    return await _freeze([system.worker(how)], LEASE_S * (1.2 + how))


async def freeze_api(system: System, how: float) -> bool:
    return await _freeze([system.child("serve")], 1 + 3 * how)


async def freeze_postgres(system: System, how: float) -> bool:
    """All of it, as on a disk or a host that hangs; then what it was told goes on."""
    of_clients, others = (system.backends(of_clients=kind) for kind in (True, False))
    return await _freeze([*of_clients, *others, system.postmaster()], 1 + 11 * how)


async def freeze_some_backends(system: System, how: float) -> bool:
    """Calls that neither fail nor return, for longer than a lease."""
    found = system.backends(of_clients=True)
    chosen = random.Random(how).sample(found, len(found) // 2)
    return await _freeze(chosen, LEASE_S * (0.5 + 2 * how))


async def kill_up(system: System, how: float) -> bool:
    """Its children notice; a new one is started at once, or a while later."""
    process = system.process
    if process is None or not _signal(system.up, signal.SIGKILL):
        return False
    await asyncio.to_thread(process.wait, 30)
    await asyncio.sleep(0 if how < 0.5 else 6 * how)
    system.start()
    return True


async def restart_up(system: System, _: float) -> bool:
    """As a deploy does: SIGTERM, wait, start."""
    process = system.process
    if process is None or not _signal(system.up, signal.SIGTERM):
        return False
    await asyncio.to_thread(process.wait, 90)
    system.start()
    return True


HURTS: dict[str, Hurt] = {
    "kill worker": (kill_worker, 14),
    "kill API": (kill_api, 10),
    "stop worker": (stop_worker, 8),
    "stop API": (stop_api, 4),
    "kill postmaster": (kill_postmaster, 10),
    "stop Postgres": (stop_postgres, 4),
    "kill backend": (kill_backend, 14),
    "cut all connections": (cut_all, 10),
    "freeze worker": (freeze_worker, 10),
    "freeze API": (freeze_api, 5),
    "freeze Postgres": (freeze_postgres, 5),
    "freeze some backends": (freeze_some_backends, 6),
    "kill up": (kill_up, 7),
    "restart up": (restart_up, 4),
}
