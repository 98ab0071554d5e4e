"""The guard: a work that has lost half of its speed fails the suite, and a busy machine does not.

Ratios to floors of the same run are compared with those in bench/baseline.json, by the rate and by
processor time per job. If you made something slower on purpose, or faster, record it anew:
`make bench ARGS="--record"`.
"""

import json
import math
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from bench.ground import Ground, ground
from bench.guard import Ratios, Standing
from bench.meter import Meter, Sample
from bench.trials import Series, measure

from bench import guard, works
from holdfast.channel import Registry
from holdfast.client import Holdfast
from holdfast.engine.model import ClaimedJob, Job, Receipt
from holdfast.errors import ConfigError
from holdfast.policy.verdict import Snooze, Verdict
from holdfast.worker import loop

ROOT = Path(__file__).resolve().parents[2]

needs_proc = pytest.mark.skipif(
    not Path("/proc/self/schedstat").exists(),
    reason="the server's processor time, one of the two witnesses, is read from Linux's /proc",
)


@pytest.fixture(scope="module")
def own() -> Iterator[Ground]:
    """A server of our own to measure on."""
    with ground(guard.SIZES, durable=False) as made:
        yield made


def nobody(_: str) -> None:
    """Not told."""


def guarded(*arguments: str) -> "subprocess.CompletedProcess[str]":
    """Run it as anybody does."""
    return subprocess.run(
        [sys.executable, "-m", "bench", "--guard", *arguments],
        cwd=ROOT, capture_output=True, text=True, timeout=500, check=False,
    )  # fmt: skip


@needs_proc
def test_no_work_has_lost_half_of_its_speed():
    """Enqueue, drain and limit are not twice as slow, against their floors, as was recorded."""
    found = guarded("--json")
    if found.returncode == 1:  # somebody else may have had the machine for a minute
        found = guarded("--json")
    assert found.returncode == 0, f"{found.stderr}\n{found.stdout}"
    standings = json.loads(found.stdout)
    assert [row["work"] for row in standings] == list(guard.ROWS)
    assert not [row for row in standings if row["halved"]]
    if busy := [row["work"] for row in standings if row["undecided"]]:
        pytest.skip(f"the machine was too busy to say of {', '.join(busy)}: bench --guard")


async def caught(own: Ground, work: str, plant: Callable[[pytest.MonkeyPatch], None]) -> Standing:
    """Measure with and without the planted cost in turns, until it is caught or for 12 rounds."""
    plain, planted = Series(), Series()
    for number in range(12):
        plain = added(plain, (await measure(own, [work], 1, math.inf, nobody))[work])
        with pytest.MonkeyPatch.context() as patch:
            plant(patch)
            planted = added(planted, (await measure(own, [work], 1, math.inf, nobody))[work])
        recorded, now = guard.ratios({work: plain}), guard.ratios({work: planted})
        standing = Standing(work, now[work], recorded[work])
        if number >= 2 and standing.halved:
            break
    return standing


def added(known: Series, more: Series) -> Series:
    """Both together."""
    return Series(known.ours + more.ours, known.floor + more.floor)


@needs_proc
@pytest.mark.slow
async def test_an_enqueue_that_costs_twice_as_much_is_caught(own):
    """With each batch written twice, the guard says that half of the speed is lost."""
    send_many = Holdfast.send_many

    async def twice(hf: Holdfast, jobs: Sequence[Job]) -> list[Receipt]:
        await send_many(hf, jobs)
        return await send_many(hf, jobs)

    async def any_number(*_: object) -> None:
        """There are twice as many jobs as the bench believes."""

    def plant(patch: pytest.MonkeyPatch) -> None:
        patch.setattr(Holdfast, "send_many", twice)
        patch.setattr(works, "_expect", any_number)

    standing = await caught(own, "enqueue_bulk", plant)
    assert standing.halved, standing


@needs_proc
@pytest.mark.slow
async def test_a_job_that_is_claimed_and_settled_twice_is_caught(own):
    """With each job claimed and settled once in vain, the guard says that half is lost."""
    attempt = loop.attempt

    async def second_time(job: ClaimedJob, registry: Registry) -> Verdict:
        return await attempt(job, registry) if job.deferrals else Snooze("once more", 0.0)

    standing = await caught(own, "drain", lambda patch: patch.setattr(loop, "attempt", second_time))
    assert standing.halved, standing


@needs_proc
@pytest.mark.slow
def test_a_busy_machine_is_no_loss():
    """While others use every core and more, the guard passes five times in a row."""
    burn = "while True: pass"
    others = [subprocess.Popen([sys.executable, "-c", burn]) for _ in range(2)]
    try:
        found = [guarded() for _ in range(5)]
    finally:
        for other in others:
            other.kill()
            other.wait()
    assert [one.returncode for one in found] == [0] * 5, [one.stdout for one in found]


def test_both_witnesses_have_to_agree():
    """Slower alone is a neighbour, dearer alone is the processor; only both are ours."""
    recorded = Ratios(0.5, 2.0)
    assert not Standing("drain", Ratios(0.2, 2.2), recorded).halved
    assert not Standing("drain", Ratios(0.48, 5.0), recorded).halved
    assert Standing("drain", Ratios(0.25, 4.0), recorded).halved


def test_too_few_rounds_are_no_verdict():
    """Where the machine was too busy for all rounds, nothing has failed and it is said."""
    lost = Standing("drain", Ratios(0.25, 4.0), Ratios(0.5, 2.0), rounds=3, wanted=8)
    assert lost.undecided
    assert not lost.halved


def test_a_crowded_machine_is_no_verdict():
    """Where others have the processors, too, what a work costs is theirs as well: it is said."""
    for others, is_lost in ((0.3, True), (0.31, False)):
        wanted = guard.wanted(8, others)
        lost = Standing("drain", Ratios(0.25, 4.0), Ratios(0.5, 2.0), rounds=8, wanted=wanted)
        assert (lost.halved, lost.undecided) == (is_lost, not is_lost)


@needs_proc
def test_what_others_have_of_the_processors_is_seen(own):
    """A process that is neither ours nor the server's is somebody else's, for as long as it ran."""
    with subprocess.Popen([sys.executable, "-c", "while True: pass"]) as other:
        with Meter(own.postmaster) as meter:
            before_s = _ran_s(other.pid)
            while (ran_s := _ran_s(other.pid) - before_s) < 0.2:
                pass
        other.kill()
    assert meter.others * meter.seconds * (os.cpu_count() or 1) > ran_s / 2


def _ran_s(process: int) -> float:
    return int(Path(f"/proc/{process}/schedstat").read_text().split()[0]) / 1e9


def test_the_best_rounds_count():
    """Rounds that others disturbed, ours or the floor's, change nothing while one was quiet."""
    quiet = Series([Sample(100, 3.0, 1.0)], [Sample(200, 1.0, 1.0)])
    ours, floor = [Sample(20, 9.0, 2.0), *quiet.ours], [*quiet.floor, Sample(60, 7.0, 1.0)]
    assert guard.ratios({"drain": Series(ours, floor)}) == guard.ratios({"drain": quiet})


def test_a_record_that_is_too_old_is_said():
    """If a work got so much faster that half of it would go unseen, the guard says so."""
    assert Standing("drain", Ratios(1.0, 1.0), Ratios(0.5, 2.0)).outdated
    assert not Standing("drain", Ratios(0.6, 1.8), Ratios(0.5, 2.0)).outdated


def test_what_is_recorded_of_some_works_leaves_the_others(tmp_path):
    """A record of one work replaces that one and keeps the rest."""
    path = tmp_path / "baseline.json"
    guard.write({"drain": Ratios(0.5, 2.0), "enqueue_1": Ratios(0.3, 4.0)}, path)
    guard.write({"drain": Ratios(0.6, 1.5)}, path)
    assert guard.read(path) == {"enqueue_1": Ratios(0.3, 4.0), "drain": Ratios(0.6, 1.5)}


@pytest.mark.parametrize("text", ["", "[]", "{", '{"drain": [0.5]}', '{"drain": [0, 1]}', "null"])
def test_a_broken_record_says_how_to_make_it(tmp_path, text):
    """A baseline that cannot be read is no pass: the error names the file and the command."""
    path = tmp_path / "baseline.json"
    path.write_text(text)
    with pytest.raises(ConfigError, match=r"baseline\.json.*--record"):
        guard.read(path)


async def test_a_work_that_was_never_recorded_is_no_pass(own):
    """Without anything to compare with, the guard fails and names the command."""
    with pytest.raises(ConfigError, match=r"enqueue_bulk.*--record"):
        await guard.check(own, {}, ["enqueue_bulk"], nobody)
