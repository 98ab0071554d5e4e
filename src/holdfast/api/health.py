"""Am I alive, and may I be sent traffic?"""

import json
from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response

from holdfast.channel import Services
from holdfast.database import within
from holdfast.engine import views
from holdfast.errors import DatabaseUnavailable, HoldfastError

_PATIENCE_S = 5.0


async def healthz(_request: Request) -> Response:
    """200 while the process answers; the database is not asked, a restart would not help it."""
    return Response('{"status": "alive"}', media_type="application/json")


def readyz(services: Services) -> Callable[[Request], Awaitable[Response]]:
    """200 if the database answers and can be written, else 503: what is sent now is not stored."""

    async def endpoint(_request: Request) -> Response:
        try:
            asking = services.database.run(views.queue_list())
            queues = await within(_PATIENCE_S, asking)
            if why := await within(_PATIENCE_S, services.database.why_read_only()):
                raise DatabaseUnavailable(f"nothing can be stored: {why}")
        except HoldfastError as error:
            because = str(error).removesuffix("; it may have happened")  # it was only looked
            content = json.dumps({"status": "not ready", "because": because})
            return Response(content, 503, {"Retry-After": "5"}, "application/json")
        content = json.dumps({"status": "ready", "queues": len(queues)})
        return Response(content, media_type="application/json")

    return endpoint
