"""Workers that send email are killed, or share the work; a real server counts what arrives."""

import asyncio
import os
import subprocess
import sys
from collections import Counter

import pytest
from aiosmtpd.smtp import SMTP

MAILS = 1_000
CONNECTIONS = 10
FILL = """
    select email_send('me@example.com', array['ann@example.com'], '<' || n || '@example.com>',
      'x', convert_to(E'Message-ID: <' || n || E'@example.com>\\r\\n\\r\\nHello\\r\\n', 'UTF8'))
    from generate_series(1, %s::integer) n"""


class Counting:
    """Takes everything, and counts what it has taken by its Message-ID."""

    def __init__(self):
        self.taken = Counter()

    async def handle_DATA(self, _server, _session, envelope):  # noqa: N802
        self.taken[envelope.original_content.split(b"\r\n")[0]] += 1
        return "250 Ok"


@pytest.fixture
async def office():
    """A mail server, and its port."""
    counting = Counting()
    loop = asyncio.get_running_loop()
    listening = await loop.create_server(
        lambda: SMTP(counting, hostname="test", loop=loop), "127.0.0.1", 0
    )
    yield counting, listening.sockets[0].getsockname()[1]
    listening.close()


@pytest.fixture
def worker(dsn, office):
    """Starts a worker as a process of its own; all are ended in the end."""
    started = []

    def start():
        process = subprocess.Popen(
            [sys.executable, "-m", "holdfast", "work", "--database-url", dsn, "--queue", "email"],
            stderr=subprocess.DEVNULL,
            env={**os.environ, "HOLDFAST_SMTP_URL":
                 f"smtp://127.0.0.1:{office[1]}?connections={CONNECTIONS}"},
        )  # fmt: skip
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.wait(60)


def _all_done(sql):
    return sql.execute(
        "select count(*) from finished_jobs where state = 'done'"
    ).fetchone() == (MAILS,)  # fmt: skip


async def test_killed_with_ten_connections(worker, office, hf, sql, eventually):
    """Kill -9 in the middle: none is lost, at most as many as it had connections go out twice."""
    counting, _ = office
    await hf.prepare()
    sql.execute(FILL, [MAILS])
    first = worker()
    await eventually(lambda: counting.taken.total() > MAILS // 4, within=60)
    first.kill()
    first.wait(60)
    sql.execute("update leased_jobs set lease_until = clock()")
    worker()
    await eventually(lambda: _all_done(sql), within=120)
    assert len(counting.taken) == MAILS
    twice = counting.taken.total() - MAILS
    assert twice <= CONNECTIONS, twice
    assert max(counting.taken.values()) <= 2
    lost = sql.execute("select count(*) from attempts where outcome = 'lost'").fetchone()[0]
    assert twice <= lost


async def test_two_hosts_send_each_once(worker, office, hf, sql, eventually):
    """Two workers on one queue: every email arrives exactly once."""
    counting, _ = office
    await hf.prepare()
    worker(), worker()
    there = "select count(*) from workers where 'email' = any (queues)"
    await eventually(lambda: sql.execute(there).fetchone() == (2,))
    sql.execute(FILL, [MAILS])
    await eventually(lambda: _all_done(sql), within=120)
    assert counting.taken.total() == len(counting.taken) == MAILS
    shares = sql.execute("select count(*) from finished_jobs group by worker").fetchall()
    assert len(shares) == 2
