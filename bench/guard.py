"""Has a work lost half of its speed since it was recorded? `python -m bench --guard`.

Neither rates nor seconds are compared but ratios to the floor that was measured in turns with it,
against those in baseline.json, by two witnesses: the rate, and the processor time per job of client
and server. Of each the best round counts, ours and the floor's: others on the machine only add to
what a work costs. The server does not wait for its disk: a slow one hides what a work costs, and a
quick one shows it, so that what was recorded on one machine would be no measure on another. A row
that both speak against is measured again, in more rounds, before it fails; where those would take
too long, or others have the processors too, the machine is too busy to say, and nothing fails.
"""

import json
import math
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from rich.table import Table

from bench.ground import Ground, Sizes
from bench.meter import Meter, Sample
from bench.trials import Series, measure
from holdfast.errors import ConfigError

SIZES = Sizes(enqueue_1=150, enqueue_16=960, enqueue_bulk=8_000, drain=3_000, limit=480)
ROWS = ("enqueue_1", "enqueue_16", "enqueue_bulk", "drain", "limit_hot")
BASELINE = Path(__file__).with_name("baseline.json")

HALVED = 1.55
"""The loss from which on a work has lost half of its speed. Half measures as 1.6 to 2.4 after a few
rounds, no change as 0.8 to 1.25, and up to 1.45 on a machine that others keep busy."""
STAGES = ((1, 1.0), (1, 1.25), (6, HALVED))
"""So many rounds, and then only those rows are asked again that seem to have lost so much."""
BUDGET_S = 60.0
"""No further round is begun after that; who has had too few rounds by then is not judged."""
CROWD = 0.3
"""The share of all processors that others may have: with more, our time on them is no witness."""
RECORDED_ROUNDS = 12


class Ratios(NamedTuple):
    """Ours against the floor: jobs per second, and processor time per job."""

    rate: float
    cpu: float


@dataclass(frozen=True, slots=True)
class Standing:
    """How a work stands against what was recorded of it."""

    work: str
    now: Ratios
    recorded: Ratios
    rounds: int = 1
    wanted: float = 1

    @property
    def slower(self) -> float:
        """By the rate: 2 is half the speed."""
        return self.recorded.rate / self.now.rate

    @property
    def dearer(self) -> float:
        """By processor time: 2 is twice the cost."""
        return self.now.cpu / self.recorded.cpu

    @property
    def loss(self) -> float:
        """What both witnesses agree on."""
        return min(self.slower, self.dearer)

    @property
    def halved(self) -> bool:
        """Whether it has lost half of its speed, and in all the rounds that it takes to say so."""
        return self.loss >= HALVED and self.rounds >= self.wanted

    @property
    def undecided(self) -> bool:
        """Whether it seems so, but the machine was too busy for all the rounds."""
        return self.loss >= HALVED and self.rounds < self.wanted

    @property
    def outdated(self) -> bool:
        """So much better than recorded that half of it would go unseen."""
        return max(self.slower, self.dearer) <= 1 / HALVED

    def json(self) -> dict[str, Any]:
        """As `--guard --json` gives it."""
        return {
            "work": self.work, "halved": self.halved, "undecided": self.undecided,
            "outdated": self.outdated,
            "slower": round(self.slower, 3), "dearer": round(self.dearer, 3),
            "ratio": round(self.now.rate, 3), "cpu_ratio": round(self.now.cpu, 3),
            "recorded_ratio": self.recorded.rate, "recorded_cpu_ratio": self.recorded.cpu,
        }  # fmt: skip


async def check(
    ground: Ground,
    recorded: Mapping[str, Ratios],
    rows: Collection[str],
    told: Callable[[str], None],
    stages: Sequence[tuple[int, float]] = STAGES,
) -> list[Standing]:
    """How the rows stand; those that seem to have lost something are measured in more rounds."""
    series: dict[str, Series] = {}
    asked: Collection[str] = rows
    began = time.monotonic()
    with Meter(ground.postmaster) as meter:
        for rounds, line in stages:
            left_s = began + BUDGET_S - time.monotonic()
            for work, more in (await measure(ground, asked, rounds, left_s, told)).items():
                known = series.setdefault(work, Series())
                known.ours += more.ours
                known.floor += more.floor
            asked = [
                s.work for s in _standings(series, recorded) if s.work in asked and s.loss >= line
            ]
            if not asked:
                break
    in_all = sum(rounds for rounds, _ in stages)
    return _standings(series, recorded, wanted(in_all, meter.others))


def wanted(rounds: int, others: float) -> float:
    """In how many rounds a loss has to be seen; on a crowded machine no number of them shows it."""
    return rounds if others <= CROWD else math.inf


async def record(
    ground: Ground, rows: Collection[str], rounds: int, told: Callable[[str], None]
) -> dict[str, Ratios]:
    """The ratios as they are now."""
    return ratios(await measure(ground, rows, rounds, math.inf, told))


def read(path: Path = BASELINE) -> dict[str, Ratios]:
    """The recorded ratios.

    Raises:
        ConfigError: the file is not there or is not what `write` has written.
    """
    try:
        found = {
            row: Ratios(*map(float, pair)) for row, pair in json.loads(path.read_text()).items()
        }
        if all(min(pair) > 0 for pair in found.values()):
            return found
        reason = "a ratio is above 0"
    except (OSError, ValueError, TypeError, AttributeError) as error:
        reason = str(error)
    raise ConfigError(f'{path} is no baseline ({reason}); make it with make bench ARGS="--record"')


def write(found: Mapping[str, Ratios], path: Path = BASELINE) -> None:
    """Record ratios; of rows that were not measured the old ones stay."""
    old = read(path) if path.exists() else {}
    kept = {**old, **found}
    lines = [
        f'  "{row}": [{kept[row].rate:.3f}, {kept[row].cpu:.3f}]' for row in ROWS if row in kept
    ]
    path.write_text("{\n" + ",\n".join(lines) + "\n}\n")


def table(standings: Sequence[Standing]) -> Table:
    """The standings to read."""
    drawn = Table(
        caption=f"Ratios to the floor, now / recorded. Half is lost where both say {HALVED:.2f}.",
        caption_justify="left",
    )
    drawn.add_column("work", no_wrap=True)
    for heading in ("ratio of rates", "ratio of CPU per job", "slower by", "dearer by", ""):
        drawn.add_column(heading, justify="right")
    for s in standings:
        verdict = "[red]✘ half is lost[/]" if s.halved else "[green]✔[/]"
        if s.undecided:
            verdict = "? too busy to say"
        if s.outdated:
            verdict = "✔ record it anew"
        drawn.add_row(
            s.work,
            f"{s.now.rate:.3f} / {s.recorded.rate:.3f}",
            f"{s.now.cpu:.3f} / {s.recorded.cpu:.3f}",
            f"{s.slower:.2f}",
            f"{s.dearer:.2f}",
            verdict,
        )  # fmt: skip
    return drawn


def _standings(
    series: Mapping[str, Series], recorded: Mapping[str, Ratios], wanted: float = 1
) -> list[Standing]:
    if unknown := series.keys() - recorded.keys():
        raise ConfigError(
            f'nothing is recorded of {", ".join(unknown)}; do it with make bench ARGS="--record"'
        )
    return [
        Standing(work, now, recorded[work], len(series[work].ours), wanted)
        for work, now in ratios(series).items()
    ]


def ratios(series: Mapping[str, Series]) -> dict[str, Ratios]:
    """Of the best rounds, ours and the floor's."""
    return {
        work: Ratios(
            max(sample.value for sample in found.ours) / max(s.value for s in found.floor),
            min(map(_cpu_ms, found.ours)) / min(map(_cpu_ms, found.floor)),
        )
        for work, found in series.items()
    }


def _cpu_ms(sample: Sample) -> float:
    if sample.server_cpu_ms is None:
        raise ConfigError("the server's processor time is read from /proc, which is not here")
    return sample.server_cpu_ms + sample.client_cpu_ms
