"""Stripe's list of events: GET /v1/events, newest first, thirty days back.

docs.stripe.com/webhooks/process-undelivered-events and docs.stripe.com/api/events/list. The list
has the event as JSON, not the bytes that were signed: what is stored from here can be handled and
replayed like any other, and not be verified again.
"""

import json
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

import aiohttp

from holdfast.channels.webhooks.reconcile.ask import get, is_list_of
from holdfast.channels.webhooks.reconcile.reconcile import Listed
from holdfast.errors import InvalidInput

API: Final = "https://api.stripe.com"
HORIZON: Final = timedelta(days=30)
PAGE: Final = 100
MOST_TYPES: Final = 20


class StripeEvents:
    """The events of one account, of these types or of all, page by page."""

    def __init__(
        self, session: aiohttp.ClientSession, key: str, account: str = "", api: str = API,
        types: Sequence[str] = (),
    ) -> None:  # fmt: skip
        if len(types) > MOST_TYPES:
            raise InvalidInput(f"Stripe looks for at most {MOST_TYPES} types at a time")
        self.part = ",".join(sorted(set(types)))
        self._types = [("types[]", one) for one in types]
        if any("*" in one for one in types):
            if len(types) > 1:
                raise InvalidInput("Stripe looks for one type with *, or for several without")
            self._types = [("type", types[0])]
        self._session = session
        self._api = api.rstrip("/")
        self._headers = {"Authorization": f"Bearer {key}"}
        if account:
            self._headers["Stripe-Account"] = account

    async def __call__(self, since: datetime) -> AsyncIterator[Sequence[Listed]]:
        """From the newest back to that time. An event that vanishes meanwhile moves nothing."""
        after = ""
        while True:
            params = [("limit", str(PAGE)), ("created[gte]", str(int(since.timestamp())))]
            params += self._types
            if after:
                params.append(("starting_after", after))
            url = f"{self._api}/v1/events"
            page, _ = await get(self._session, url, self._headers, params)
            with is_list_of(url):
                events = [_listed(event) for event in page["data"]]
            if events:
                yield events
                after = events[-1].event_id
            if not page.get("has_more") or not events:
                return

    async def whole(self, event: Listed) -> Listed:
        """It is; the list has them whole."""
        return event


def _listed(event: dict[str, object]) -> Listed:
    created = event.get("created")
    seconds = int(created) if isinstance(created, int) else 0
    moment = datetime.fromtimestamp(seconds, UTC)
    return Listed(str(event["id"]), moment, str(event.get("type") or ""), body=written(event))


def written(event: dict[str, object]) -> bytes:
    """As JSON, as Stripe writes it."""
    return json.dumps(event, indent=2, ensure_ascii=False).encode()
