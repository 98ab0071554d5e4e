"""Which work is measured against which floor, and in what order.

In each round every work meets its floor, now one first, now the other, and the works go forwards
and backwards in turn: what disturbs the machine for a while does not always hit the same.
"""

import gc
import random
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

from bench import emails, floors, webhooks, works
from bench.ground import Ground
from bench.meter import Sample

FEWEST_BY_PGBENCH = 2_000
"""Its sessions end before their processor time is read, which then comes in steps of 10 ms."""

Found = dict[str, Sample]
Measure = Callable[[Ground, random.Random], Awaitable[Found]]


@dataclass(frozen=True, slots=True)
class Trial:
    """One or more rows of the table that are measured together."""

    rows: tuple[str, ...]
    floor: Measure
    ours: Measure


@dataclass(slots=True)
class Series:
    """What was found for one row, round by round."""

    ours: list[Sample] = field(default_factory=list)
    floor: list[Sample] = field(default_factory=list)


async def _floor_1(ground: Ground, _: random.Random) -> Found:
    jobs = max(ground.sizes.enqueue_1, FEWEST_BY_PGBENCH)
    return {"enqueue_1": await floors.enqueue(ground, 1, jobs)}


async def _ours_1(ground: Ground, _: random.Random) -> Found:
    return {"enqueue_1": await works.enqueue(ground, 1, ground.sizes.enqueue_1)}


async def _floor_16(ground: Ground, _: random.Random) -> Found:
    jobs = max(ground.sizes.enqueue_16, FEWEST_BY_PGBENCH)
    return {"enqueue_16": await floors.enqueue(ground, 16, jobs)}


async def _ours_16(ground: Ground, _: random.Random) -> Found:
    return {"enqueue_16": await works.enqueue(ground, 16, ground.sizes.enqueue_16)}


async def _floor_bulk(ground: Ground, _: random.Random) -> Found:
    return {"enqueue_bulk": await floors.enqueue_bulk(ground)}


async def _ours_bulk(ground: Ground, _: random.Random) -> Found:
    return {"enqueue_bulk": await works.enqueue_bulk(ground)}


async def _floor_drain(ground: Ground, _: random.Random) -> Found:
    return {"drain": await floors.drain(ground)}


async def _ours_drain(ground: Ground, _: random.Random) -> Found:
    return {"drain": await works.drain(ground)}


async def _floor_kept(ground: Ground, _: random.Random) -> Found:
    return {"drain_old_snapshot": await works.drain(ground)}


async def _ours_kept(ground: Ground, _: random.Random) -> Found:
    return {"drain_old_snapshot": await works.drain_old_snapshot(ground)}


async def _floor_hot(ground: Ground, _: random.Random) -> Found:
    return {"limit_hot": await floors.limit(ground, refused=False)}


async def _ours_hot(ground: Ground, _: random.Random) -> Found:
    return {"limit_hot": await works.limit(ground)}


async def _floor_refusal(ground: Ground, _: random.Random) -> Found:
    return {"limit_refusal": await floors.limit(ground, refused=True)}


async def _ours_refusal(ground: Ground, _: random.Random) -> Found:
    return {"limit_refusal": await works.limit(ground, quota=1)}


async def _ours_lease(ground: Ground, _: random.Random) -> Found:
    return {"limit_lease": await works.limit(ground, lease=1000, times=10)}


async def _floor_lease(ground: Ground, _: random.Random) -> Found:
    return {"limit_lease": await floors.limit(ground, refused=False)}


async def _floor_ack(ground: Ground, _: random.Random) -> Found:
    return {"webhook_ack": await webhooks.ack(ground, floor=True)}


async def _ours_ack(ground: Ground, _: random.Random) -> Found:
    return {"webhook_ack": await webhooks.ack(ground, floor=False)}


async def _floor_ack_60k(ground: Ground, _: random.Random) -> Found:
    return {"webhook_ack_60k": await webhooks.ack(ground, floor=True, size=webhooks.LARGE)}


async def _ours_ack_60k(ground: Ground, _: random.Random) -> Found:
    return {"webhook_ack_60k": await webhooks.ack(ground, floor=False, size=webhooks.LARGE)}


async def _floor_at_200(ground: Ground, _: random.Random) -> Found:
    found = await webhooks.at_200(ground, floor=True)
    return found | {"webhook_handler_p95": found["webhook_ack_p95"]}


async def _ours_at_200(ground: Ground, _: random.Random) -> Found:
    return await webhooks.at_200(ground, floor=False)


async def _floor_email(ground: Ground, _: random.Random) -> Found:
    return {"email_loopback": await emails.source(ground)}


async def _ours_email(ground: Ground, _: random.Random) -> Found:
    return {"email_loopback": await emails.drained(ground, far=False)}


async def _floor_far(ground: Ground, _: random.Random) -> Found:
    return {"email_rtt20": await emails.by_aiosmtplib(ground)}


async def _ours_far(ground: Ground, _: random.Random) -> Found:
    return {"email_rtt20": await emails.drained(ground, far=True)}


TRIALS = (
    Trial(("enqueue_1",), _floor_1, _ours_1),
    Trial(("enqueue_16",), _floor_16, _ours_16),
    Trial(("enqueue_bulk",), _floor_bulk, _ours_bulk),
    Trial(("drain",), _floor_drain, _ours_drain),
    Trial(("latency_p50", "latency_p99"), floors.latency, works.latency),
    Trial(("drain_old_snapshot",), _floor_kept, _ours_kept),
    Trial(("limit_hot",), _floor_hot, _ours_hot),
    Trial(("limit_refusal",), _floor_refusal, _ours_refusal),
    Trial(("limit_lease",), _floor_lease, _ours_lease),
    Trial(("webhook_ack",), _floor_ack, _ours_ack),
    Trial(("webhook_ack_60k",), _floor_ack_60k, _ours_ack_60k),
    Trial(
        ("webhook_ack_p50", "webhook_ack_p95", "webhook_ack_p99", "webhook_handler_p95"),
        _floor_at_200,
        _ours_at_200,
    ),
    Trial(("email_loopback",), _floor_email, _ours_email),
    Trial(("email_rtt20",), _floor_far, _ours_far),
)
ROWS = tuple(row for trial in TRIALS for row in trial.rows)


async def measure(
    ground: Ground,
    rows: Collection[str],
    rounds: int,
    budget_s: float,
    told: Callable[[str], None],
) -> dict[str, Series]:
    """Measure the rows; `told` hears before each measurement which one comes.

    No further round is begun that would, by the mean of those before, not end within the budget.
    """
    chosen = [trial for trial in TRIALS if set(trial.rows) & set(rows)]
    if (why := emails.missing()) is not None and any(row.startswith("email") for row in rows):
        told(f"without email: {why}")
        chosen = [trial for trial in chosen if not trial.rows[0].startswith("email")]
    series: dict[str, Series] = defaultdict(Series)
    gc.freeze()  # what was imported need not be looked through before each measurement
    began = time.monotonic()
    for number in range(rounds):
        if number and (time.monotonic() - began) * (number + 1) / number > budget_s:
            told(f"time is up after {number} of {rounds} rounds")
            break
        for trial in _turned(chosen, number):
            for side in _turned(("floor", "ours"), number):
                told(f"round {number + 1} of {rounds}: {trial.rows[0]}, {side}")
                await ground.clear()
                found = await getattr(trial, side)(ground, random.Random(number))
                for row, sample in found.items():
                    getattr(series[row], side).append(sample)
    return {row: series[row] for row in ROWS if row in rows and row in series}


def steps(rows: Collection[str], rounds: int) -> int:
    """How many measurements that will be."""
    return 2 * rounds * sum(1 for trial in TRIALS if set(trial.rows) & set(rows))


def _turned(things: Sequence[Trial] | Sequence[str], number: int) -> list[Any]:
    return list(things) if number % 2 == 0 else list(reversed(things))
