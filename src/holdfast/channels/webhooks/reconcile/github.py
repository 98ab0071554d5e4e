"""GitHub's list of deliveries of a webhook: three days back, newest first.

docs.github.com/rest/repos/webhooks#list-deliveries-for-a-repository-webhook. GitHub never tries
again by itself. The list tells what was sent and how we answered; a delivery's own page has its
headers and its payload, from which the event is stored. So only what is missing costs a request of
its own.

Asked to, it sends a delivery again, with the same guid, bytes and signature: that can be verified,
and what is stored from the list cannot.
docs.github.com/rest/repos/webhooks#redeliver-a-delivery-for-a-repository-webhook
"""

import json
import re
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

import aiohttp

from holdfast.channels.webhooks.reconcile.ask import following, get, is_list_of
from holdfast.channels.webhooks.reconcile.reconcile import Listed
from holdfast.errors import InvalidInput

API: Final = "https://api.github.com"
HORIZON: Final = timedelta(days=3)
_HOOK: Final = re.compile(r"app|orgs/[^/]+/hooks/[0-9]+|(?!orgs/)[^/]+/[^/]+/hooks/[0-9]+")
_NEXT: Final = re.compile(r'<([^>]+)>;\s*rel="next"')


class GitHubDeliveries:
    """The deliveries of one hook, page by page.

    That is `owner/repo/hooks/ID`, `orgs/ORG/hooks/ID`, or `app`: the hook of the GitHub App whose
    JWT the key is.
    """

    def __init__(self, session: aiohttp.ClientSession, key: str, hook: str, api: str = API) -> None:
        if not _HOOK.fullmatch(hook):
            raise InvalidInput(f"{hook!r} is no owner/repo/hooks/ID, orgs/ORG/hooks/ID or app")
        self.part = hook
        self._session = session
        path = (
            "app/hook" if hook == "app" else hook if hook.startswith("orgs/") else f"repos/{hook}"
        )
        self._base = f"{api.rstrip('/')}/{path}/deliveries"
        self._headers = {
            "Authorization": f"Bearer {key}", "Accept": "application/vnd.github+json",
            "X-GitHub-Api-Version": "2022-11-28",
        }  # fmt: skip

    async def __call__(self, since: datetime) -> AsyncIterator[Sequence[Listed]]:
        """From the newest back to that time; one event for all deliveries with its guid."""
        url = f"{self._base}?per_page=100"
        while url:
            page, headers = await get(self._session, url, self._headers)
            with is_list_of(url):
                recent = [d for d in page if _moment(d["delivered_at"]) >= since]
                found = [_listed(d) for d in {d["guid"]: d for d in recent}.values()]
            if found:
                yield found
            said = _NEXT.search(headers.get("Link", ""))
            url = following(url, said[1]) if said and len(recent) == len(page) else ""

    async def whole(self, event: Listed) -> Listed:
        """The delivery's own page."""
        page, _ = await get(self._session, f"{self._base}/{event.delivery}", self._headers)
        request = (page.get("request") if isinstance(page, dict) else None) or {}
        if not isinstance(request.get("payload"), dict):
            return event
        headers = [
            # the page has the payload as JSON, in whatever form it was sent
            (str(n), "application/json" if n.lower() == "content-type" else str(v))
            for n, v in (request.get("headers") or {}).items()
        ]
        body = json.dumps(request.get("payload"), ensure_ascii=False, separators=(",", ":"))
        return replace(event, headers=headers, body=body.encode())

    async def redeliver(self, event: Listed) -> None:
        """Ask for it to be sent again; GitHub does so a moment later. Raises as `get`."""
        url = f"{self._base}/{event.delivery}/attempts"
        await get(self._session, url, self._headers, method="POST")


def _listed(delivery: dict[str, Any]) -> Listed:
    return Listed(
        str(delivery["guid"]), _moment(delivery["delivered_at"]), str(delivery.get("event") or ""),
        str(delivery.get("installation_id") or ""), delivery=str(delivery["id"]),
    )  # fmt: skip


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
