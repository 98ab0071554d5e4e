"""The contest as Markdown, to read in a terminal and to keep on a page; and as JSON.

A number in parentheses is the ratio to the server's floor, higher is better: rate / floor for jobs
per second, floor / value for milliseconds. Of a drain with an old snapshot it is the share of the
same side's plain drain. The best of a row, floors aside, is bold.
"""

from collections.abc import Mapping, Sequence
from statistics import median
from typing import Any

from bench.meter import Sample
from bench.peers.contest import FLOOR, ROWS, Results
from bench.table import Row


def markdown(results: Results, sides: Sequence[str]) -> str:
    """Two tables: what was found, and the processor time per 1000 jobs, server + client, in ms."""
    rows = [row for row in ROWS if row in results]
    return "\n\n".join(
        [
            _drawn("work", sides, {f"`{row}`": _found(results, row, sides) for row in rows}),
            _drawn(
                "CPU ms",
                sides,
                {f"`{row}`": _costs(results[row], sides) for row in rows if row != "latency_p99"},
            ),
        ]
    )


def json(results: Results) -> list[dict[str, Any]]:
    """One entry for each row and side."""
    return [
        {
            "work": row, "side": side, "unit": Row(row, samples, samples).unit,
            "value": round(_value(samples), 3),
            "min": round(min(sample.value for sample in samples), 3),
            "max": round(max(sample.value for sample in samples), 3),
            "ratio": None if (found := ratio(results, row, side)) is None else round(found, 3),
            "cpu_ms": _cpu(samples),
        }
        for row, by_side in results.items() for side, samples in by_side.items()
    ]  # fmt: skip


def ratio(results: Results, row: str, side: str) -> float | None:
    """Against the floor, or against the same side's plain drain; None where there is neither."""
    ours = results[row][side]
    against = results[row].get(FLOOR)
    if row == "drain_old_snapshot":
        against = results.get("drain", {}).get(side)
    return None if not against or side == FLOOR else Row(row, ours, against).ratio


def _found(results: Results, row: str, sides: Sequence[str]) -> list[str]:
    values = {side: _value(found) for side, found in results[row].items()}
    unit = Row(row, results[row][next(iter(values))], ()).unit
    rivals = [value for side, value in values.items() if side != FLOOR]
    best = min(rivals) if unit == "ms" else max(rivals)
    cells = []
    for side in sides:
        if side not in values:
            cells.append("")
            continue
        cell = f"{values[side]:.1f} ms" if unit == "ms" else f"{values[side]:,.0f}/s"
        cell = f"**{cell}**" if values[side] == best and side != FLOOR else cell
        compared = ratio(results, row, side)
        cells.append(cell if compared is None else f"{cell} ({compared:.2f})")
    return cells


def _costs(by_side: Mapping[str, Sequence[Sample]], sides: Sequence[str]) -> list[str]:
    return [_cpu(by_side[side]) if side in by_side else "" for side in sides]


def _cpu(samples: Sequence[Sample]) -> str:
    known = [sample.server_cpu_ms for sample in samples if sample.server_cpu_ms is not None]
    server = f"{median(known):.1f}" if known else "?"
    return f"{server} + {median(sample.client_cpu_ms for sample in samples):.1f}"


def _value(samples: Sequence[Sample]) -> float:
    return median(sample.value for sample in samples)


def _drawn(corner: str, sides: Sequence[str], rows: Mapping[str, Sequence[str]]) -> str:
    lines = [[corner, *sides], ["---"] * (len(sides) + 1)]
    lines += [[name, *cells] for name, cells in rows.items()]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
