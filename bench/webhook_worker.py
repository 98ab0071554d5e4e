"""A worker that handles webhooks, as a process of its own: `python -m bench.webhook_worker URL`.

It says "ready" on standard output, notes when each event reached its handler, and ends when its
standard input does: then it says what it noted, as JSON.
"""

import asyncio
import json
import sys
import time

import holdfast
from bench.posts import KIND
from holdfast.cli.process import keep_what_is_loaded


async def _work(url: str) -> None:
    hf = holdfast.connect(url)
    handled: dict[str, float] = {}

    @hf.on("stripe", KIND)
    async def handle(event: holdfast.Event) -> None:
        handled[event.event_id] = time.monotonic()

    await hf.prepare()
    worker = hf.worker()
    working = asyncio.create_task(worker.run())
    keep_what_is_loaded()  # as the command does
    print("ready", flush=True)
    await asyncio.to_thread(sys.stdin.read)
    worker.stop()
    await working
    await hf.close()
    print(json.dumps(handled), flush=True)


if __name__ == "__main__":
    asyncio.run(_work(sys.argv[1]))
