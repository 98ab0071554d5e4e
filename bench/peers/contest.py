"""Who is measured when: in each round each work by the floor, by us and by every peer, in turns."""

import random
import time
from collections import defaultdict
from collections.abc import Callable, Collection, Sequence

from bench.ground import Ground
from bench.meter import Sample
from bench.peers import works
from bench.peers.peer import Peer
from bench.trials import TRIALS, Trial

ROWS = (
    "enqueue_1", "enqueue_16", "enqueue_bulk", "drain", "latency_p50", "latency_p99",
    "drain_old_snapshot",
)  # fmt: skip
FLOOR, OURS = "floor", "holdfast"

Results = dict[str, dict[str, list[Sample]]]
"""By row and by side, round by round."""


async def contest(
    ground: Ground,
    peers: Sequence[Peer],
    rows: Collection[str],
    rounds: int,
    budget_s: float,
    told: Callable[[str], None],
) -> Results:
    """Measure the rows; `told` hears before each measurement which one comes.

    No further round is begun that would, by the mean of those before, not end within the budget.
    """
    results: Results = defaultdict(lambda: defaultdict(list))
    by_name = {peer.name: peer for peer in peers}
    began = time.monotonic()
    for number in range(rounds):
        if number and (time.monotonic() - began) * (number + 1) / number > budget_s:
            told(f"time is up after {number} of {rounds} rounds")
            break
        for trial in chosen(rows):
            for side in sides(peers, trial, number):
                told(f"round {number + 1} of {rounds}: {trial.rows[0]}, {side}")
                chance = random.Random(number)
                await ground.clear()
                if side in by_name:
                    await works.clear(ground, by_name[side])
                    found = await _by(ground, by_name[side], trial.rows[0], chance)
                else:
                    found = await (trial.floor if side == FLOOR else trial.ours)(ground, chance)
                for row, sample in found.items():
                    results[row][side].append(sample)
    return results


def chosen(rows: Collection[str]) -> list[Trial]:
    """What has to be measured; a drain beside an old snapshot is compared with a plain one."""
    wanted = set(rows) | ({"drain"} if "drain_old_snapshot" in rows else set())
    return [trial for trial in TRIALS if set(trial.rows) & wanted]


def sides(peers: Sequence[Peer], trial: Trial, number: int) -> list[str]:
    """All of them, each round another one first; what is kept of a drain needs no floor."""
    all_sides = [FLOOR, OURS, *(peer.name for peer in peers)]
    first = number % len(all_sides)
    turned = all_sides[first:] + all_sides[:first]
    return [side for side in turned if side != FLOOR or trial.rows != ("drain_old_snapshot",)]


async def _by(ground: Ground, peer: Peer, row: str, chance: random.Random) -> dict[str, Sample]:
    sizes = ground.sizes
    match row:
        case "enqueue_1":
            return {row: await works.enqueue(ground, peer, 1, sizes.enqueue_1)}
        case "enqueue_16":
            return {row: await works.enqueue(ground, peer, 16, sizes.enqueue_16)}
        case "enqueue_bulk":
            return {row: await works.enqueue_bulk(ground, peer)}
        case "drain":
            return {row: await works.drain(ground, peer)}
        case "drain_old_snapshot":
            return {row: await works.drain_old_snapshot(ground, peer)}
        case _:
            return await works.latency(ground, peer, chance)
