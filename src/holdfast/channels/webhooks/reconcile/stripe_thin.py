"""Stripe's list of thin events: GET /v2/core/events, newest first, thirty days back.

docs.stripe.com/api/v2/core/events/list. They are in no other list, and the list of snapshots is not
theirs. Each says whose it is (`context`), and a page says where the next one is.
"""

from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from typing import Any, Final

import aiohttp

from holdfast.channels.webhooks.reconcile.ask import following, get, is_list_of
from holdfast.channels.webhooks.reconcile.reconcile import Listed
from holdfast.channels.webhooks.reconcile.stripe import API, MOST_TYPES, PAGE, written
from holdfast.errors import InvalidInput

_VERSION: Final = "2026-10-28.endive"  # this API asks for one; the events themselves have none


class StripeThinEvents:
    """The thin events of one account, of these types or of all, page by page."""

    def __init__(
        self, session: aiohttp.ClientSession, key: str, account: str = "", api: str = API,
        types: Sequence[str] = (),
    ) -> None:  # fmt: skip
        if len(types) > MOST_TYPES or any("*" in one for one in types):
            raise InvalidInput(f"Stripe looks for at most {MOST_TYPES} thin types, without *")
        self.part = "thin" + "".join(f",{one}" for one in sorted(set(types)))
        self._types = [(f"types[{n}]", one) for n, one in enumerate(types)]
        self._session = session
        self._api = api.rstrip("/")
        self._headers = {"Authorization": f"Bearer {key}", "Stripe-Version": _VERSION}
        if account:
            self._headers["Stripe-Context"] = account

    async def __call__(self, since: datetime) -> AsyncIterator[Sequence[Listed]]:
        """From the newest back to that time."""
        url = f"{self._api}/v2/core/events"
        moment = since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        params = [("limit", str(PAGE)), ("created[gte]", moment), *self._types]
        while url:
            page, _ = await get(self._session, url, self._headers, params)
            with is_list_of(url):
                events = [_listed(event) for event in page["data"]]
                said = page.get("next_page_url")
            if events:
                yield events
            url, params = following(url, said), []

    async def whole(self, event: Listed) -> Listed:
        """It is; what it is about is asked for by whoever handles it."""
        return event


def _listed(event: dict[str, Any]) -> Listed:
    moment = datetime.fromisoformat(event["created"])
    return Listed(
        str(event["id"]), moment, str(event.get("type") or ""),
        account=str(event.get("context") or ""), body=written(event),
    )  # fmt: skip
