"""The floors: the least that this server must do for each work, with nothing of ours in between.

They use a table like that of any job queue: 13 columns, a primary key, a partial index of what is
ready and a partial unique index of keys. The inserts of one and of sixteen connections are made by
pgbench, which costs next to nothing; the others by psycopg, with as little Python as there can be.
"""

import asyncio
import json
import random
import re
import time
from typing import Any

import psycopg

from bench.ground import Ground
from bench.meter import Meter, Sample, children_of
from bench.quantiles import latencies

INSERT = """insert into floor.jobs (payload)
    values ('{"n": 1, "to": "ann@example.com", "template": "welcome"}')"""
INSERT_MANY = "insert into floor.jobs (payload) select e from jsonb_array_elements(%s::jsonb) e"
LEASE = """update floor.jobs
    set state = 'leased', attempts = attempts + 1, lease_until = now() + interval '60 s',
        claim_token = %s
    where id = any (array(select id from floor.jobs where queue = 'bench' and state = 'ready'
                          order by priority, run_at, id limit %s for update skip locked))
    returning id, payload"""
ACKNOWLEDGE = "delete from floor.jobs where id = any (%s) and claim_token = %s"
TOKEN = "11111111-2222-4333-8444-555555555555"


def payload(n: int) -> dict[str, object]:
    """What a job carries here, in the floors and in our own works."""
    return {"n": n, "to": "ann@example.com", "template": "welcome"}


async def enqueue(ground: Ground, connections: int, jobs: int) -> Sample:
    """Insert by `connections` sessions at a time, each row committed by itself."""
    command = (
        *("-n", "-M", "prepared", "-f", "-", "-c", str(connections)),
        *("-t", str(jobs // connections), ground.url),
    )
    before = children_of(ground.postmaster)
    with Meter(ground.postmaster) as meter:
        process = await asyncio.create_subprocess_exec(
            ground.pgbench, *command, stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        try:
            said, complaints = await process.communicate(f"{INSERT};\n".encode())
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        await _have_ended(ground.postmaster, before)
    found = re.search(rb"tps = ([\d.]+)", said)
    if found is None:
        raise RuntimeError(f"pgbench failed: {complaints.decode(errors='replace')}")
    return meter.sample(float(found[1]), jobs)


async def _have_ended(postmaster: int, before: set[int]) -> None:
    """Until its sessions have: what one used is known when it is gone, and lost while it goes."""
    for _ in range(200):
        if children_of(postmaster) <= before:
            return
        await asyncio.sleep(0.005)


async def enqueue_bulk(ground: Ground) -> Sample:
    """Insert one array of payloads, ready made."""
    jobs = ground.sizes.enqueue_bulk
    array = json.dumps([payload(n) for n in range(jobs)])
    async with await ground.connection() as connection:
        await connection.execute(INSERT_MANY, ["[{}]"])
        with Meter(ground.postmaster) as meter:
            await connection.execute(INSERT_MANY, [array])
    return meter.rate(jobs)


async def drain(ground: Ground) -> Sample:
    """Lease a thousand and delete them, again and again, on one connection."""
    jobs, handled = ground.sizes.drain, 0
    async with await ground.connection() as connection:
        await connection.execute(INSERT_MANY, [json.dumps([payload(n) for n in range(jobs)])])
        await ground.look_over()
        with Meter(ground.postmaster) as meter:
            while leased := await (await connection.execute(LEASE, [TOKEN, 1000])).fetchall():
                await connection.execute(ACKNOWLEDGE, [[job[0] for job in leased], TOKEN])
                handled += len(leased)
    if handled != jobs:
        raise RuntimeError(f"the floor of drain handled {handled} of {jobs} jobs")
    return meter.rate(jobs)


async def latency(ground: Ground, chance: random.Random) -> dict[str, Sample]:
    """Insert and notify, be notified, lease: from before the first to after the last."""
    waits: list[float] = []
    async with (
        await ground.connection() as sender,
        await ground.connection() as worker,
        await ground.connection() as listener,
    ):
        await listener.execute("listen floor")
        with Meter(ground.postmaster) as meter:
            for _ in range(ground.sizes.latency):
                await asyncio.sleep(chance.uniform(0.03, 0.06))
                sent_at = time.perf_counter()
                sending = asyncio.create_task(_send(sender))
                async for _notification in listener.notifies(timeout=10, stop_after=1):
                    await (await worker.execute(LEASE, [TOKEN, 100])).fetchall()
                    waits.append(time.perf_counter() - sent_at)
                await sending
    return latencies(waits, ground.sizes.latency, meter)


async def _send(sender: psycopg.AsyncConnection[Any]) -> None:
    async with sender.transaction():
        await sender.execute(INSERT)
        await sender.execute("notify floor")


GCRA = """
create or replace function floor.gcra(p_key text, p_unit bigint, p_burst bigint) returns boolean
language plpgsql as $$
declare
  v_now bigint := (extract(epoch from clock_timestamp()) * 1e6)::bigint;
begin
  if exists (select from floor.limits where key = p_key and full_at + p_unit - v_now > p_burst) then
    return false;
  end if;
  insert into floor.limits as l values (p_key, v_now + p_unit)
  on conflict (key) do update set full_at = greatest(l.full_at, v_now) + p_unit
  where greatest(l.full_at, v_now) + p_unit - v_now <= p_burst;
  return found;
end $$
"""


async def limit(ground: Ground, *, refused: bool) -> Sample:
    """Sixteen connections ask one plain GCRA function for one key: it always passes, or never."""
    unit, burst = (10**9, 10**9) if refused else (1, 10**12)
    async with await ground.connection() as connection:
        await connection.execute(
            "create unlogged table if not exists floor.limits"
            " (key text primary key, full_at bigint) with (fillfactor = 50)"
        )
        await connection.execute(GCRA)
        await connection.execute("truncate floor.limits")
        await connection.execute("select floor.gcra('k', %s, %s)", [unit, burst])

    async def ask(connection: psycopg.AsyncConnection[Any], times: int) -> None:
        for _ in range(times):
            cursor = await connection.execute("select floor.gcra('k', %s, %s)", [unit, burst])
            await cursor.fetchone()

    connections = [await ground.connection() for _ in range(16)]
    try:
        await asyncio.gather(*(ask(connection, 10) for connection in connections))
        with Meter(ground.postmaster) as meter:
            each = ground.sizes.limit // 16
            await asyncio.gather(*(ask(connection, each) for connection in connections))
    finally:
        for connection in connections:
            await connection.close()
    return meter.rate(each * 16)
