"""The result: a row per work, as a table to read and as JSON to compare.

A ratio is ours against the floor, and higher is better: rate / floor for jobs per second, floor /
value for milliseconds.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from rich.table import Table

from bench.meter import Sample
from bench.trials import Series


@dataclass(frozen=True, slots=True)
class Target:
    """What we want to reach: as a ratio, because that is what another machine shows as well."""

    full: float | None
    first: float | None = None
    most_ms: float | None = None


TARGETS = {
    "enqueue_1": Target(0.60),
    "enqueue_16": Target(1.90),  # 30 k on a floor of 15.8 k
    "enqueue_bulk": Target(0.57, first=0.40),  # 100 k on a floor of 175 k
    "drain": Target(0.52, first=0.30),  # 40 k on a floor of 77 k
    "latency_p50": Target(0.64),  # 2.5 ms on a floor of 1.6 ms
    "latency_p99": Target(0.88),  # 4.4 ms on a floor of 3.9 ms
    "drain_old_snapshot": Target(0.80),  # of our own drain with no snapshot open
    "limit_hot": Target(0.90),
    "limit_refusal": Target(0.90),
    "limit_lease": Target(18.0),  # 200 k on a floor of 10.9 k
    "webhook_ack": Target(0.50),  # of the same server that only verifies
    "webhook_ack_60k": Target(None),
    "webhook_ack_p50": Target(None),
    "webhook_ack_p95": Target(None, most_ms=10.0),  # at 200 a second, with a worker beside it
    "webhook_ack_p99": Target(None),
    "webhook_handler_p95": Target(None, most_ms=50.0),  # from the answer to the handler
    "email_loopback": Target(0.60),  # of Postfix's smtp-source, which stores nothing
    "email_rtt20": Target(1.90),  # of aiosmtplib with as many connections
}


@dataclass(frozen=True, slots=True)
class Row:
    """One work: medians over the rounds, and how far they were apart."""

    work: str
    ours: Sequence[Sample]
    floors: Sequence[Sample]

    @property
    def unit(self) -> str:
        """Of the values."""
        if self.work.startswith("limit"):
            return "checks/s"
        if self.work.startswith("latency") or self.work.endswith(("_p50", "_p95", "_p99")):
            return "ms"
        if self.work.startswith("email"):
            return "emails/s"
        return "events/s" if self.work.startswith("webhook") else "jobs/s"

    @property
    def value(self) -> float:
        """Ours."""
        return median(sample.value for sample in self.ours)

    @property
    def floor(self) -> float:
        """The server's."""
        return median(sample.value for sample in self.floors)

    @property
    def ratio(self) -> float:
        """Ours against the server's; higher is better, also for milliseconds."""
        return self.floor / self.value if self.unit == "ms" else self.value / self.floor

    @property
    def target(self) -> Target:
        """What was promised for it."""
        return TARGETS[self.work]

    @property
    def passed(self) -> bool:
        """Whether the target of this milestone is met; true if it has none."""
        return self.target.first is None or self.ratio >= self.target.first

    def json(self) -> dict[str, Any]:
        """As `--json` gives it."""
        values = [sample.value for sample in self.ours]
        return {
            "work": self.work, "value": round(self.value, 3), "unit": self.unit,
            "floor": round(self.floor, 3), "ratio": round(self.ratio, 3),
            "min": round(min(values), 3), "max": round(max(values), 3),
            "server_cpu_ms": _server(self.ours), "client_cpu_ms": _client(self.ours),
            "target": self.target.full,
        }  # fmt: skip


def rows(series: dict[str, Series]) -> list[Row]:
    """The rows of the table, in its order."""
    return [Row(work, found.ours, found.floor) for work, found in series.items()]


def table(found: Sequence[Row]) -> Table:
    """The rows to read."""
    rounds = max(len(row.ours) for row in found)
    drawn = Table(
        caption=f"Medians of {rounds} round(s), lowest .. highest. Ratio: against the floor, "
        "higher is better (ms: floor / value). CPU: ms per 1000 jobs, server + client.",
        caption_justify="left",
        show_lines=True,
    )
    drawn.add_column("work", no_wrap=True)
    for heading in (
        "holdfast",
        "floor",
        "ratio",
        "first target",
        "full target",
        "CPU",
        "floor CPU",
    ):
        drawn.add_column(heading, justify="right")
    for row in found:
        drawn.add_row(
            f"{row.work}\n[dim]{row.unit}[/]", _spread(row.ours, row.unit),
            _spread(row.floors, row.unit), f"{row.ratio:.2f}", _mark(row.ratio, row.target.first),
            _wanted(row), _cpu(row.ours), _cpu(row.floors),
        )  # fmt: skip
    return drawn


def _spread(samples: Sequence[Sample], unit: str) -> str:
    values = [sample.value for sample in samples]
    form = "{:.2f}" if unit == "ms" else "{:,.0f}"
    low, middle, high = (form.format(f(values)) for f in (min, median, max))
    return f"{middle}\n[dim]{low} .. {high}[/]"


def _wanted(row: Row) -> str:
    if row.target.most_ms is None:
        return _mark(row.ratio, row.target.full)
    mark = "[green]✔[/]" if row.value <= row.target.most_ms else "[red]✘[/]"
    return f"{mark} ≤ {row.target.most_ms:g} ms"


def _mark(ratio: float, wanted: float | None) -> str:
    if wanted is None:
        return ""
    return f"[green]✔[/] {wanted:.2f}" if ratio >= wanted else f"[red]✘[/] {wanted:.2f}"


def _cpu(samples: Sequence[Sample]) -> str:
    server = _server(samples)
    return f"{'?' if server is None else f'{server:.1f}'} + {_client(samples):.1f}"


def _server(samples: Sequence[Sample]) -> float | None:
    known = [sample.server_cpu_ms for sample in samples if sample.server_cpu_ms is not None]
    return round(median(known), 2) if known else None


def _client(samples: Sequence[Sample]) -> float:
    return round(median(sample.client_cpu_ms for sample in samples), 2)
