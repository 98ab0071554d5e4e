"""GitHub's list of deliveries of a webhook: three days back, newest first.

docs.github.com/rest/repos/webhooks#list-deliveries-for-a-repository-webhook. GitHub never tries
again by itself. The list tells what was sent and how we answered; a delivery's own page has its
headers and its payload, from which the event is stored.

Asked to, it sends a delivery again, with the same guid, bytes and signature: that can be verified,
and what is stored from the list can not.
docs.github.com/rest/repos/webhooks#redeliver-a-delivery-for-a-repository-webhook
"""

import json
import re
from collections.abc import AsyncIterator, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

import aiohttp

from holdfast.channels.webhooks.reconcile.reconcile import Listed, get

API: Final = "https://api.github.com"
HORIZON: Final = timedelta(days=3)
_NEXT: Final = re.compile(r'<([^>]+)>;\s*rel="next"')


class GitHubDeliveries:
    """The deliveries of one hook, `owner/repo/hooks/ID` or `orgs/ORG/hooks/ID`, page by page."""

    def __init__(self, session: aiohttp.ClientSession, key: str, hook: str, api: str = API) -> None:
        self._session = session
        path = hook if hook.startswith("orgs/") else f"repos/{hook}"
        self._base = f"{api.rstrip('/')}/{path}/deliveries"
        self._headers = {
            "Authorization": f"Bearer {key}", "Accept": "application/vnd.github+json",
            "X-GitHub-Api-Version": "2022-11-28",
        }  # fmt: skip

    async def __call__(self, since: datetime) -> AsyncIterator[Sequence[Listed]]:
        """From the newest back to that time; one event for all deliveries with its guid."""
        url: str | None = f"{self._base}?per_page=100"
        while url:
            page, headers = await get(self._session, url, self._headers)
            recent = [d for d in page if _moment(d["delivered_at"]) >= since]
            found = [await self._listed(d) for d in {d["guid"]: d for d in recent}.values()]
            if found:
                yield found
            following = _NEXT.search(headers.get("Link", ""))
            url = following[1] if following and len(recent) == len(page) else None

    async def _listed(self, delivery: dict[str, Any]) -> Listed:
        whole, _ = await get(self._session, f"{self._base}/{delivery['id']}", self._headers)
        request = whole.get("request") or {}
        headers = [(str(n), str(v)) for n, v in (request.get("headers") or {}).items()]
        body = json.dumps(request.get("payload"), ensure_ascii=False, separators=(",", ":"))
        return Listed(
            str(delivery["guid"]), _moment(delivery["delivered_at"]), headers, body.encode(),
            str(delivery["id"]),
        )  # fmt: skip

    async def redeliver(self, event: Listed) -> None:
        """Ask for it to be sent again; GitHub does so a moment later. Raises as `get`."""
        url = f"{self._base}/{event.delivery}/attempts"
        await get(self._session, url, self._headers, method="POST")


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
