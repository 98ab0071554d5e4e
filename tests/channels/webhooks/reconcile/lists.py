"""The lists of providers on loopback, and what our inbox has."""

import json
from datetime import UTC, datetime, timedelta

from aiohttp import web

NOW = datetime.now(UTC)


class Provider:
    """Stripe's and GitHub's lists, as their pages say; `before_page` may change them under way."""

    def __init__(self):
        self.events = []  # newest first
        self.deliveries = []
        self.requests = 0
        self.failures = []
        self.before_page = lambda: None
        self.asked, self.post = [], None
        self.left, self.opened, self.queries = 10_000, [], []
        self.elsewhere = None
        self.pruned = set()

    def add(self, number, at=None, **more):
        moment = at or NOW - timedelta(minutes=10_000 - number)
        event = {
            "id": f"evt_{number:05}", "object": "event", "type": "invoice.paid",
            "created": int(moment.timestamp()), "livemode": False,
            "data": {"object": {"id": f"in_{number}"}}, **more,
        }  # fmt: skip
        self.events.insert(0, event)
        return event

    async def stripe(self, request):
        self.requests += 1
        self.queries.append(request.query)
        self.before_page()
        if self.failures:
            return self.failures.pop(0)
        if request.headers.get("Authorization") != "Bearer sk_test":
            return web.json_response({"error": "no"}, status=401)
        since = int(request.query["created[gte]"])
        types = request.query.getall("types[]", [])
        listed = [e for e in self.events if e["created"] >= since]
        listed = [e for e in listed if not types or e["type"] in types]
        after = request.query.get("starting_after")
        if after:
            place = next((n for n, e in enumerate(listed) if e["id"] == after), None)
            older = [e for e in listed if e["id"] < after]  # it vanished: go on by its age
            listed = older if place is None else listed[place + 1 :]
        page = listed[: int(request.query["limit"])]
        return web.json_response({"data": page, "has_more": len(listed) > len(page)})

    async def list(self, request):
        if self._is_spent():
            return self._spent()
        if self.failures:
            return self.failures.pop(0)
        start = int(request.query.get("cursor", 0))
        page = self.deliveries[start : start + 2]
        headers = {}
        if start + 2 < len(self.deliveries):
            following = request.url.with_query({"cursor": str(start + 2)})
            following = self.elsewhere or following
            headers["Link"] = f'<{following}>; rel="next"'
        told = ("id", "guid", "delivered_at", "event", "installation_id")
        brief = [{k: d.get(k) for k in told} for d in page]
        return web.json_response(brief, headers=headers)

    def _is_spent(self):
        self.left -= 1
        return self.left < 0

    def _spent(self):
        """As GitHub says that an hour's requests are used up."""
        reset = str(int(NOW.timestamp()) + 1800)
        headers = {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": reset}
        return web.json_response({"message": "API rate limit"}, status=403, headers=headers)

    def deliver(self, number, payload=None, **more):
        """GitHub has sent something: one more of its deliveries."""
        headers = {"X-GitHub-Event": "push", "X-GitHub-Delivery": f"guid-{number}"}
        body = payload or {"ref": "refs/heads/main", "repository": {"node_id": "R_1"}}
        delivery = {
            "id": number, "guid": f"guid-{number}", "event": "push",
            "delivered_at": (NOW - timedelta(hours=40) + timedelta(hours=number)).isoformat(),
            "request": {"headers": headers, "payload": body}, **more,
        }  # fmt: skip
        self.deliveries.insert(0, delivery)
        return headers, json.dumps(body).encode()

    async def again(self, request):
        """GitHub sends the delivery again: as it was, with its signature and guid."""
        wanted = int(request.match_info["id"])
        if wanted in self.pruned:
            raise web.HTTPNotFound
        self.asked.append(wanted)
        found = next(d for d in self.deliveries if d["id"] == wanted)
        if self.post is not None:
            await self.post(found["bytes"], found["request"]["headers"])
        return web.json_response({}, status=202)

    async def one(self, request):
        if self._is_spent():
            return self._spent()
        wanted = int(request.match_info["id"])
        self.opened.append(wanted)
        if wanted in self.pruned:
            raise web.HTTPNotFound
        found = next(d for d in self.deliveries if d["id"] == wanted)
        return web.json_response({k: v for k, v in found.items() if k != "bytes"})


def stored(sql):
    """What is in the inbox: event ids and how they came."""
    return dict(sql.execute("select event_id, via from webhook_events").fetchall())


def open_alerts(sql):
    """The keys of what a person has to look at."""
    return {row[0] for row in sql.execute("select key from alerts where cleared_at is null")}
