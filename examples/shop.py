"""The shop of the README's walk: an application in one file.

    make up ARGS="--app examples.shop:hf"

Two things have to happen when Stripe tells us of money. Each is a job in a queue of its own, with
waits short enough to watch.
"""

import os
from urllib.request import urlopen

import holdfast
from holdfast import Delivered, Event

hf = holdfast.connect()
WAREHOUSE = os.environ.get("WAREHOUSE_URL", "http://127.0.0.1:8099/parcels")


class WarehouseClosed(Exception):
    """Nobody packs."""


@hf.on("stripe", "invoice.paid", queue="access", retry_base="1 s", retry_factor=1)
async def grant_access(event: Event) -> Delivered:
    """Fails twice and then works, as things do."""
    failures = 2
    if event.attempt <= failures:
        raise ConnectionError("the accounts service is away")
    return Delivered(f"access granted for {event.object_id}")


@hf.on("stripe", "checkout.session.completed", queue="shipping", retry_base="1 s", max_attempts=3)
def ship(event: Event) -> Delivered:
    """A plain function: it runs in a thread, and may block."""
    try:
        with urlopen(WAREHOUSE, data=event.body, timeout=5) as answer:
            return Delivered(answer.read().decode())
    except OSError as error:
        raise WarehouseClosed("nobody answers at the warehouse") from error
