"""The bench: one command, its own server, numbers that somebody can rely on.

Nothing here asks how fast this machine is.
"""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
KEYS = {"work", "value", "unit", "floor", "ratio"}


def bench(folder: Path, *arguments: str) -> "subprocess.Popen[str]":
    """Start it with its temporary files in a folder that we can look into."""
    return subprocess.Popen(
        [sys.executable, "-m", "bench", "--quick", *arguments],
        cwd=ROOT,
        env={**os.environ, "TMPDIR": str(folder)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_json_is_all_there_is_on_stdout(tmp_path: Path):
    """With --json, one list of the asked rows is printed, and the server is gone afterwards."""
    process = bench(tmp_path, "--json", "--only", "enqueue_bulk,drain")
    said, progress = process.communicate(timeout=120)
    assert process.returncode == 0, progress
    rows = json.loads(said)
    assert [row["work"] for row in rows] == ["enqueue_bulk", "drain"]
    for row in rows:
        assert row.keys() >= KEYS
        assert row["unit"] == "jobs/s"
        assert min(row["value"], row["floor"], row["ratio"]) > 0
        assert row["ratio"] == pytest.approx(row["value"] / row["floor"], abs=0.001)
    assert not list(tmp_path.iterdir())


def test_an_unknown_work_is_named(tmp_path: Path):
    """A misspelt work is refused with the list of those there are."""
    process = bench(tmp_path, "--only", "drian")
    _, complaint = process.communicate(timeout=60)
    assert process.returncode == 2
    assert "drian" in complaint
    assert "latency_p99" in complaint


def runs(pid: int) -> bool:
    """Whether the process runs; one that has ended and waits to be collected does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_nothing_is_left_when_it_is_interrupted(tmp_path: Path, number: signal.Signals):
    """Stopped in the middle of a measurement, it takes its server and its folder with it."""
    process = bench(tmp_path, "--only", "latency_p50", "--rounds", "1000")
    assert process.stderr is not None
    for line in process.stderr:
        if "round 1" in line:
            break
    [folder] = tmp_path.iterdir()
    postmaster = int((folder / "data/postgres/postmaster.pid").read_text().split()[0])
    process.send_signal(number)
    said, _ = process.communicate(timeout=60)
    assert process.returncode == 130
    assert not said
    assert not list(tmp_path.iterdir())
    assert not runs(postmaster)
