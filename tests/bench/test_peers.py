"""Others' queues beside ours: what can be shown without them, and all of it where they are.

`make peers` puts them into an environment of its own, which no test and no CI installs.
"""

import importlib.util
import json
import subprocess
from pathlib import Path

import pytest
from bench.meter import Sample
from bench.peers import __main__ as peers
from bench.peers import contest, table
from bench.trials import TRIALS

ROOT = Path(__file__).resolve().parents[2]
OTHERS = ROOT / ".venv-peers/bin/python"


def samples(*values: float) -> list[Sample]:
    """As if measured, with 10 ms of the server and 5 of the client for each 1000 jobs."""
    return [Sample(value, 10.0, 5.0) for value in values]


RESULTS = {
    "drain": {
        "floor": samples(1000, 4000, 2000), "holdfast": samples(900, 1000),
        "pgmq": samples(1500),
    },
    "latency_p50": {
        "floor": samples(2.0), "holdfast": samples(4.0), "pgmq": samples(2.5),
    },
    "drain_old_snapshot": {"holdfast": samples(855), "pgmq": samples(600)},
}  # fmt: skip


def test_a_row_says_who_is_ahead():
    """The best of a row is bold, whoever it is; in parentheses stands the ratio to the floor."""
    drawn = table.markdown(RESULTS, ["floor", "holdfast", "pgmq"]).splitlines()
    assert drawn[0] == "| work | floor | holdfast | pgmq |"
    assert drawn[2] == "| `drain` | 2,000/s | 950/s (0.47) | **1,500/s** (0.75) |"
    assert drawn[3] == "| `latency_p50` | 2.0 ms | 4.0 ms (0.50) | **2.5 ms** (0.80) |"
    assert drawn[4] == "| `drain_old_snapshot` |  | **855/s** (0.90) | 600/s (0.40) |"
    assert "| `drain` | 10.0 + 5.0 | 10.0 + 5.0 | 10.0 + 5.0 |" in drawn


def test_json_has_an_entry_for_each_row_and_side():
    """The same figures as JSON; the floor has no ratio to itself."""
    found = json.loads(json.dumps(table.json(RESULTS)))
    by_name = {(entry["work"], entry["side"]): entry for entry in found}
    assert len(found) == len(by_name) == 8
    assert by_name["drain", "pgmq"]["ratio"] == 0.75
    assert by_name["drain", "floor"]["ratio"] is None
    assert by_name["drain_old_snapshot", "holdfast"]["ratio"] == 0.9


def test_each_side_comes_first_once():
    """Over as many rounds as there are sides, each one begins one round, and none is left out."""
    drain = next(trial for trial in TRIALS if trial.rows == ("drain",))
    orders = [contest.sides([], drain, number) for number in range(2)]
    assert orders == [["floor", "holdfast"], ["holdfast", "floor"]]


def test_a_drain_with_an_old_snapshot_brings_the_one_it_is_compared_with():
    """Its share is that of the same side's plain drain, which is measured in the same rounds."""
    asked = [trial.rows[0] for trial in contest.chosen(["drain_old_snapshot"])]
    assert asked == ["drain", "drain_old_snapshot"]


def test_an_unknown_peer_is_named(capsys: pytest.CaptureFixture[str]):
    """A misspelt peer is refused with the list of those there are."""
    with pytest.raises(SystemExit):
        peers.main(["--peers", "pgqueue"])
    complaint = capsys.readouterr().err
    assert "pgqueue" in complaint
    assert "procrastinate" in complaint


@pytest.mark.skipif(
    importlib.util.find_spec("pgqueuer") is not None, reason="the peers are installed here"
)
def test_without_the_peers_it_says_how_to_get_them(capsys: pytest.CaptureFixture[str]):
    """Where a peer's package is missing, nothing is started and `make peers` is named."""
    assert peers.main([]) == peers.UNUSABLE
    said = capsys.readouterr()
    assert "make peers" in said.err
    assert not said.out


@pytest.mark.slow
@pytest.mark.skipif(
    not OTHERS.exists(), reason="the peers are not installed; `make peers` makes .venv-peers"
)
def test_every_peer_runs_every_work():
    """With so little of each work that no figure counts, every peer runs each job exactly once."""
    found = subprocess.run(
        [OTHERS, "-m", "bench.peers", "--quick", "--rounds", "1", "--json"],
        cwd=ROOT, capture_output=True, text=True, timeout=500, check=False,
    )  # fmt: skip
    assert found.returncode == 0, found.stderr
    sides = {(entry["work"], entry["side"]) for entry in json.loads(found.stdout)}
    assert len(sides) == 7 * 5 - 1  # a drain with an old snapshot has no floor
