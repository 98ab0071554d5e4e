"""Kill what can be killed, while it works, and see that nothing acknowledged is missing."""

import asyncio
import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import httpx
import psycopg
import pytest
from tests.serving import free_port

from holdfast.channels.webhooks.schemes import SCHEMES, sign
from holdfast.client import connect
from holdfast.engine import jobs
from holdfast.policy.verdict import Delivered

SECRET = "whsec_kill"
APP = """
import asyncio, os, pathlib, time
import holdfast
hf = holdfast.connect()
DIARY = pathlib.Path(os.environ["DIARY"])

def note(line):
    with DIARY.open("a") as diary:
        diary.write(line + "\\n")

@hf.task(queue="fragile", lease="1 s", retry_base="0.05 s")
async def hangs_once():
    first = not DIARY.exists()
    note(f"began {os.getpid()}")
    if first:
        await asyncio.Event().wait()
    note("finished")

@hf.task(queue="fragile")
async def freezes_once():
    first = not DIARY.exists()
    note(f"began {os.getpid()}")
    while first and not DIARY.with_name("go").exists():
        time.sleep(0.01)  # blocks the loop on purpose: no heartbeat either
    note(f"finished {os.getpid()}")

@hf.on("stripe", "*")
async def seen(event):
    note(event.event_id)
"""


@pytest.fixture
def folder(tmp_path):
    """Where the application and its diary are; the path has a space in it."""
    home = tmp_path / "an app"
    home.mkdir()
    (home / "fragile_app.py").write_text(APP)
    return home


@pytest.fixture
def start(folder):
    """Start `holdfast …` in the folder; whatever still runs at the end is ended."""
    started = []

    def starting(*arguments, **environment):
        process = subprocess.Popen(
            [sys.executable, "-m", "holdfast", *arguments],
            cwd=folder,
            env={**os.environ, "DIARY": str(folder / "diary"), **environment},
            stdout=(folder / "out.log").open("a"),
            stderr=subprocess.STDOUT,
        )
        started.append(process)
        return process

    yield starting
    for process in started:
        if process.poll() is None:
            process.terminate()
    for process in started:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(30)
        if process.poll() is None:
            process.kill()
    if started:
        sys.stdout.write((folder / "out.log").read_text())  # shown if the test failed


def diary(folder) -> list[str]:
    """What the handlers noted so far."""
    path = folder / "diary"
    return path.read_text().splitlines() if path.exists() else []


async def test_a_killed_worker_loses_its_job_to_another(start, folder, hf, dsn, sql, eventually):
    """Kill -9 in mid-job: rescued within the lease, recorded as lost, done by another worker, and
    what the dead one would have said is refused."""  # noqa: D205, D209
    await hf.prepare()
    first = start("work", "--app", "fragile_app:hf", "--database-url", dsn)
    await eventually(lambda: sql.execute("select 1 from queues where name = 'fragile'").fetchone())
    job = sql.execute("select enqueue('fragile', 'task:hangs_once')").fetchone()[0]
    await eventually(lambda: diary(folder))
    token = sql.execute("select claim_token from leased_jobs").fetchone()[0]
    first.kill()
    killed_at = time.monotonic()
    second = start("work", "--app", "fragile_app:hf", "--database-url", dsn)
    await eventually(lambda: "finished" in diary(folder))
    assert time.monotonic() - killed_at < 40  # a process has to start, on a busy machine too
    await eventually(
        lambda: sql.execute("select state from jobs where id = %s", [job]).fetchone()[0] == "done"
    )
    late = await hf.run(jobs.settle([(job, str(token), Delivered())]))
    assert [(answer.accepted, answer.state) for answer in late] == [(False, "done")]
    history = sql.execute(
        "select outcome, attempt from job_attempts where job_id = %s order by settled_at", [job]
    ).fetchall()
    assert history == [("lost", 1), ("done", 2), ("late", None)]
    assert sql.execute("select count(*) from audit()").fetchone() == (0,)
    second.send_signal(signal.SIGTERM)
    assert second.wait(60) == 0


async def test_a_zombie_reports_and_changes_nothing(start, folder, hf, dsn, sql, eventually):
    """Frozen past its lease, a worker wakes up and reports: recorded as late, and not applied."""
    await hf.prepare()
    first = start("work", "--app", "fragile_app:hf", "--database-url", dsn)
    await eventually(lambda: sql.execute("select 1 from queues where name = 'fragile'").fetchone())
    job = sql.execute("select enqueue('fragile', 'task:freezes_once')").fetchone()[0]
    await eventually(lambda: diary(folder))
    first.send_signal(signal.SIGSTOP)
    try:
        second = start("work", "--app", "fragile_app:hf", "--database-url", dsn)
        state = "select state from jobs where id = %s"
        await eventually(lambda: sql.execute(state, [job]).fetchone() == ("done",))
        (folder / "go").touch()
    finally:
        first.send_signal(signal.SIGCONT)
    late = "select count(*) from attempts where job_id = %s and outcome = 'late'"
    await eventually(lambda: sql.execute(late, [job]).fetchone() == (1,))
    assert f"finished {first.pid}" in diary(folder)
    ended = sql.execute("select state, worker, attempts from finished_jobs").fetchall()
    assert [(state, f":{second.pid}:" in worker, n) for state, worker, n in ended] == [
        ("done", True, 2)
    ]
    assert sql.execute("select count(*) from audit()").fetchone() == (0,)


async def test_a_stopped_worker_gives_its_job_back(start, folder, hf, dsn, sql, eventually):
    """SIGTERM in mid-job: the grace passes, the job is due again, and no attempt is used."""
    await hf.prepare()
    worker = start("work", "--app", "fragile_app:hf", "--database-url", dsn, "--grace", "0.1")
    await eventually(lambda: sql.execute("select 1 from queues where name = 'fragile'").fetchone())
    job = sql.execute("select enqueue('fragile', 'task:hangs_once')").fetchone()[0]
    await eventually(lambda: diary(folder))
    worker.send_signal(signal.SIGTERM)
    assert await asyncio.to_thread(worker.wait, 20) == 0
    row = sql.execute("select state, attempts, deferrals from jobs where id = %s", [job])
    assert row.fetchone() == ("ready", 0, 1)
    assert sql.execute("select count(*) from workers").fetchone() == (0,)


class Up:
    """A whole `holdfast up` on ports of its own."""

    def __init__(self, start, folder):
        self.http, self.smtp = free_port(), free_port()
        self.folder = folder
        self.data = folder / "data"
        self.process = start(
            "up", "--app", "fragile_app:hf", "--data", str(self.data),
            "--http", f"127.0.0.1:{self.http}", "--smtp", f"127.0.0.1:{self.smtp}",
            HOLDFAST_SOURCE_STRIPE_SECRETS=SECRET,
        )  # fmt: skip

    @property
    def url(self):
        """Its HTTP address."""
        return f"http://127.0.0.1:{self.http}"

    def ready(self):
        """Whether it takes webhooks."""
        with contextlib.suppress(httpx.HTTPError):
            return httpx.get(f"{self.url}/readyz", timeout=20).status_code == 200
        return False

    def post(self, event):
        """Deliver an event once; the status, or 0 if nobody answered."""
        body = json.dumps({"id": event, "type": "invoice.paid"}).encode()
        ((_, header),) = sign(
            SCHEMES["stripe"], body, SECRET, timestamp=int(time.time()), event_id=""
        )
        with contextlib.suppress(httpx.HTTPError):
            return httpx.post(
                f"{self.url}/webhooks/stripe", content=body, timeout=20,
                headers={"Stripe-Signature": header},
            ).status_code  # fmt: skip
        return 0

    def deliver(self, event):
        """As a provider does: again until it is answered 200. Gives every answer."""
        answers = []
        give_up = time.monotonic() + 60
        while time.monotonic() < give_up:
            answers.append(self.post(event))
            if answers[-1] == 200:
                return answers
            time.sleep(0.1)
        pytest.fail(f"{event} was never accepted: {answers}")

    def postmaster(self):
        """The process number of its Postgres."""
        return int((self.data / "postgres" / "postmaster.pid").read_text().split()[0])


async def test_a_killed_postgres_heals_and_nothing_acknowledged_is_missing(
    start, folder, eventually
):
    """Kill -9 of the postmaster: the sender gets 503 and comes again, the system heals by itself,
    and every event that was answered 200 is handled."""  # noqa: D205, D209
    up = Up(start, folder)
    await eventually(up.ready)
    acknowledged = []
    for number in range(30):
        if number in {10, 20}:
            os.kill(up.postmaster(), signal.SIGKILL)
        event = f"evt_{number}"
        answers = await asyncio.to_thread(up.deliver, event)
        assert set(answers) <= {200, 503, 0}
        acknowledged.append(event)
    await eventually(lambda: set(diary(folder)) >= set(acknowledged), within=60)
    assert up.process.poll() is None
    hf = connect(data=up.data)
    stored = await hf.run(jobs_of_events())
    assert stored == {"done": 30}
    await hf.close()
    up.process.send_signal(signal.SIGINT)
    assert await asyncio.to_thread(up.process.wait, 60) == 0
    assert not (up.data / "postgres" / "postmaster.pid").exists()


def jobs_of_events():
    """How many events are in which state."""
    from holdfast.database import Call

    def read(rows):
        counts: dict[str, int] = {}
        for (state,) in rows:
            counts[state] = counts.get(state, 0) + 1
        return counts

    return Call("webhook_list", {"p_limit": 1000}, read, "states")


async def test_children_do_not_outlive_a_killed_up(start, folder, eventually):
    """Kill -9 of `up` itself: its children stop, and a new `up` on the same data takes over."""
    first = Up(start, folder)
    await eventually(first.ready)
    children = children_of(first.process.pid)
    assert len(children) >= 2
    assert (await asyncio.to_thread(first.deliver, "evt_before"))[-1] == 200
    first.process.kill()
    await eventually(lambda: not any(alive(pid) for pid in children))
    second = Up(start, folder)
    await eventually(second.ready)
    assert (await asyncio.to_thread(second.deliver, "evt_before")) == [200]
    await eventually(lambda: diary(folder).count("evt_before") == 1)


def children_of(pid) -> list[int]:
    """The processes that a process has started."""
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def alive(pid) -> bool:
    """Whether the process runs; a zombie does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


async def test_a_worker_outlives_its_database(start, folder, server, dsn, hf, sql, eventually):
    """Every connection cut in mid-work: the worker connects again, and each job is done once."""
    await hf.prepare()
    start("work", "--app", "fragile_app:hf", "--database-url", dsn)
    ours = "select 1 from webhook_handlers where name = 'seen'"  # those of email are there before
    await eventually(lambda: sql.execute(ours).fetchone())
    for number in range(40):
        sql.execute(
            "select * from webhook_receive('stripe', %s, 'a', null, null, null, %s)",
            [f"evt_{number}", json.dumps({"id": f"evt_{number}"}).encode()],
        )
        if number % 10 == 5:
            with psycopg.connect(server, autocommit=True) as admin:
                admin.execute(
                    "select pg_terminate_backend(pid) from pg_stat_activity "
                    "where datname = %s and application_name = 'holdfast'",
                    [psycopg.conninfo.conninfo_to_dict(dsn)["dbname"]],
                )
    await eventually(
        lambda: sql.execute("select count(*) from finished_jobs").fetchone() == (40,), within=90
    )
    assert sql.execute("select count(*) from audit()").fetchone() == (0,)
