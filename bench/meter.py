"""What a measurement costs: seconds, and processor time on both sides.

Processor time moves much less than rates do on a machine that others use as well.
"""

import gc
import os
import resource
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Sample:
    """One measurement: jobs per second or milliseconds, and processor time per 1000 jobs."""

    value: float
    server_cpu_ms: float | None
    client_cpu_ms: float


class Meter:
    """`with Meter(postmaster) as meter: ...`, then `meter.rate(jobs)`.

    Attributes:
        seconds: how long it took.
        others: the share of all processors that neither we nor the server had; 0 without /proc.
    """

    def __init__(self, postmaster: int) -> None:
        self._postmaster = postmaster
        self.seconds = 0.0
        self.others = 0.0
        self._busy = 0.0
        self._client = 0.0
        self._server: float | None = None

    def __enter__(self) -> Self:
        gc.collect()  # what was left lying about before is not ours to clear away
        self._server = _server_seconds(self._postmaster)
        self._client = _client_seconds()
        self._busy = _busy_seconds()
        self.seconds = time.perf_counter()
        return self

    def __exit__(
        self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None
    ) -> None:
        self.seconds = time.perf_counter() - self.seconds
        self._busy = _busy_seconds() - self._busy
        self._client = _client_seconds() - self._client
        now = _server_seconds(self._postmaster)
        self._server = None if now is None or self._server is None else now - self._server
        theirs = self._busy - self._client - (self._server or 0.0)
        self.others = max(0.0, theirs / self.seconds / (os.cpu_count() or 1))

    def rate(self, jobs: int) -> Sample:
        """So many jobs were done in that time."""
        return self.sample(jobs / self.seconds, jobs)

    def sample(self, value: float, jobs: int) -> Sample:
        """The value was found with so many jobs."""
        server = None if self._server is None else self._server * 1e6 / jobs
        return Sample(value, server, self._client * 1e6 / jobs)


def children_of(postmaster: int) -> set[int]:
    """The processes of a server; empty without /proc."""
    found = set()
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            stat = (process / "stat").read_text().rpartition(")")[2].split()
            if int(stat[1]) == postmaster:
                found.add(int(process.name))
    return found


def _client_seconds() -> float:
    """Of this process, and of its children (pgbench) that have ended."""
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + ended.ru_utime + ended.ru_stime


def _busy_seconds() -> float:
    """Of all processors together, with what a hypervisor gave to others; 0 without /proc."""
    with suppress(OSError):
        user, nice, system, _idle, _disk, *interrupts = map(
            int, Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9]
        )
        return (user + nice + system + sum(interrupts)) / _TICKS
    return 0.0


def _server_seconds(postmaster: int) -> float | None:
    """Of the postmaster, of its children, and of those that have ended; None without /proc."""
    total = 0.0
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            stat = (process / "stat").read_text().rpartition(")")[2].split()
            pid, parent = int(process.name), int(stat[1])
            if postmaster in (pid, parent):
                total += int((process / "schedstat").read_text().split()[0]) / 1e9
            if pid == postmaster:
                total += (int(stat[13]) + int(stat[14])) / _TICKS
    return total or None
