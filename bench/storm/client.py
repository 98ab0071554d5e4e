"""`python -m bench.storm.client`: an application that enqueues, as a process of its own.

Each line of its ledger was written after the call returned: what stands there is acknowledged. It
ends on SIGTERM, when what it has begun has returned.
"""

import argparse
import asyncio
import contextlib
import json
import os
import random
import signal
from pathlib import Path
from typing import Any

import psycopg

from bench.storm.app import hf, note, tell, turn
from bench.storm.paced import LIMITED
from bench.storm.unsure import doubtful, fickle, picky
from holdfast import Email
from holdfast.errors import DatabaseUnavailable

_KEYS = 5
_AFTER_ERROR_S = 0.5


class Client:
    """Enqueues in every way there is."""

    def __init__(self, ledger: Path, seed: int, rate: float, url: str) -> None:
        self._ledger = os.open(ledger, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        self._chance = random.Random(f"client {seed}")
        self._rate = rate
        self._url = url
        self._number = 0
        self._counts = dict.fromkeys(range(_KEYS), 0)
        self._turns = {key: asyncio.Lock() for key in range(_KEYS)}
        self._open: set[asyncio.Task[None]] = set()

    async def run(self, stop: asyncio.Event) -> None:
        """Until told to stop."""
        ways = [self._plain, self._keyed, self._in_turn, self._outside, self._email, self._own,
                self._limited, self._unsure]  # fmt: skip
        while not stop.is_set():
            await asyncio.sleep(self._chance.expovariate(self._rate))
            if len(self._open) > 100:
                continue
            self._number += 1
            way = self._chance.choices(ways, (30, 15, 20, 10, 10, 25, 20, 15))[0]
            task = asyncio.create_task(way(self._number))
            self._open.add(task)
            task.add_done_callback(self._done)
        while self._open:
            await asyncio.wait(self._open)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._open.discard(task)
        if task.exception() is not None:
            self._note("failed", 0, error=repr(task.exception()))

    def _note(self, way: str, n: int, **more: Any) -> None:
        os.write(self._ledger, (json.dumps({"way": way, "n": n, **more}) + "\n").encode())

    # ---------------------------------------------------------------- the ways

    async def _plain(self, n: int) -> None:
        tenant = self._chance.choice([None, "ann", "ben", "cy"])
        try:
            receipt = await hf.send(note.job(n).options(tenant=tenant))
        except DatabaseUnavailable:
            self._note("plain", n, unknown=True)  # a new number next time: it may be there
        else:
            self._note("plain", n, id=str(receipt.id))

    async def _until_sent(self, message: Any) -> Any:
        while True:
            try:
                return await hf.send(message)
            except DatabaseUnavailable:
                await asyncio.sleep(_AFTER_ERROR_S)

    async def _keyed(self, n: int) -> None:
        """The same key several times, also at once."""
        job = note.job(n).options(dedupe_key=f"k{n}", tenant=self._chance.choice([None, "ann"]))
        receipts = await asyncio.gather(*(self._until_sent(job) for _ in range(3)))
        self._note("keyed", n, ids=[str(r.id) for r in receipts],
                   new=sum(not r.duplicate for r in receipts))  # fmt: skip

    async def _in_turn(self, _: int) -> None:
        key = self._chance.randrange(_KEYS)
        async with self._turns[key]:
            self._counts[key] += 1
            n = self._counts[key]
            job = turn.job(str(key), n)
            job = job.options(ordering_key=f"turn {key}", dedupe_key=f"turn {key} {n}")
            receipt = await self._until_sent(job)
            self._note("turn", n, key=key, id=str(receipt.id))

    async def _outside(self, n: int) -> None:
        job = tell.job(n).options(dedupe_key=f"tell {n}", priority=self._chance.randrange(10))
        self._note("tell", n, id=str((await self._until_sent(job)).id))

    async def _email(self, n: int) -> None:
        never_twice = self._chance.random() < 0.4
        mail = Email(
            sender="me@example.com", to=f"lib-{n}@example.com", subject="storm", text="Hello.",
            idempotency_key=f"mail {n}", on_unknown="hold" if never_twice else None,
        )  # fmt: skip
        sent = await self._until_sent(mail)
        self._note("email", n, id=str(sent.id), never_twice=never_twice)

    async def _limited(self, n: int) -> None:
        """Several at once for a queue that has less room than that."""
        name, task = self._chance.choice(list(LIMITED.items()))
        who = self._chance.choice(["ann", "ben"])
        group = {"each": "tenant", "pairs": "ordering_key"}.get(name)
        keys: dict[str, Any] = {group: who} if group else {}
        for i in range(4):
            job = task.job(4 * n + i).options(dedupe_key=f"{name} {n} {i}", **keys)
            self._note("limited", n, id=str((await self._until_sent(job)).id))

    async def _unsure(self, n: int) -> None:
        """What ends only by the help of a person, or as a dead letter."""
        for task, name in ((doubtful, "doubtful"), (picky, "picky"), (fickle, "fickle")):
            for i in range(self._chance.randrange(4)):
                job = task.job(4 * n + i).options(dedupe_key=f"{name} {n} {i}")
                self._note("unsure", n, id=str((await self._until_sent(job)).id))

    async def _own(self, n: int) -> None:
        """In a transaction of ours: with it, or not at all."""
        keeps = self._chance.random() < 0.6
        rests = self._chance.random() < 0.2
        said: dict[str, Any] = {"unknown": True}
        with contextlib.suppress(psycopg.Error, OSError, DatabaseUnavailable):
            connection = await psycopg.AsyncConnection.connect(self._url, connect_timeout=3)
            async with contextlib.AsyncExitStack() as stack:
                stack.push_async_callback(connection.close)
                await connection.execute("insert into storm.orders (n) values (%s)", [n])
                receipt = await hf.send(note.job(n), using=connection)
                if rests:
                    await asyncio.sleep(1)
                await (connection.commit() if keeps else connection.rollback())
                said = {"id": str(receipt.id), "kept": keeps}
        self._note("own", n, **said)


async def main(arguments: argparse.Namespace) -> None:
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    await Client(arguments.ledger, arguments.seed, arguments.rate, arguments.url).run(stop)
    await hf.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ledger", type=Path, required=True)
    parser.add_argument("--url", required=True, help="of the database, for its own connections")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rate", type=float, default=15)
    asyncio.run(main(parser.parse_args()))
