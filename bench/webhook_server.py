"""A server to post webhooks to, as a process of its own: `python -m bench.webhook_server`.

With --floor it is the same server stack and the same verification, and stores nothing. It says its
port on standard output, and ends when its standard input does.
"""

import argparse
import asyncio
import json
import os
import sys
import time

import holdfast
from holdfast import api, channel
from holdfast.channel import Request, Response, Route
from holdfast.channels.webhooks.schemes import (
    SCHEMES,
    Accepted,
    Delivery,
    Secret,
    describe,
    verify,
)
from holdfast.cli.process import keep_what_is_loaded

SECRET = "whsec_bench"


async def _verify_only(request: Request) -> Response:
    delivery = Delivery(request.method, request.url, request.headers, request.body)
    scheme = SCHEMES["stripe"]
    verdict = verify(scheme, delivery, [Secret("1", SECRET)], now=time.time())
    described = describe(scheme, delivery)
    return Response(
        200 if isinstance(verdict, Accepted) else 400,
        json.dumps({"id": described.event_id, "duplicate": False, "jobs": 1}).encode(),
        {"Content-Type": "application/json"},
    )


async def _serve(url: str, floor: bool) -> None:
    os.environ["HOLDFAST_SOURCE_STRIPE_SECRETS"] = SECRET
    hf = holdfast.connect(url)
    if floor:
        only = Route("POST", "/webhooks/{source}", _verify_only)
        webhooks = channel.load()["webhooks"]
        object.__setattr__(webhooks, "routes", lambda _services: [only])
    else:
        await hf.prepare()
    application = api.build(hf.services)
    server = api.server(application)
    listening = api.listen("127.0.0.1", 0)
    serving = asyncio.create_task(server.serve([listening]))
    keep_what_is_loaded()  # as the command does
    print(listening.getsockname()[1], flush=True)
    await asyncio.to_thread(sys.stdin.read)
    server.should_exit = True
    await serving
    await hf.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url")
    parser.add_argument("--floor", action="store_true")
    asked = parser.parse_args()
    asyncio.run(_serve(asked.url, asked.floor))
