"""Endpoints as they are looked at: many, one of them, and what became of what was sent there."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from holdfast.channel import Services
from holdfast.channels.webhooks.outbound.given import plain_url
from holdfast.channels.webhooks.references import references
from holdfast.database import Call, decode, encode

LISTED = (
    "name", "purpose", "state", "url", "patterns", "source", "tenant", "waiting", "held", "dead",
    "failures", "last_success_at",
)  # fmt: skip
ATTEMPTS = (
    "at", "endpoint", "type", "status", "outcome", "attempt", "because", "answer",
    "duration_ms", "message_id", "job",
)  # fmt: skip
MESSAGES = (
    "created_at", "message_id", "type", "tenant", "endpoint", "state", "attempts", "because", "job",
    "id",
)  # fmt: skip
SECRETS = ("id", "reference", "not_before", "not_after", "created_at")
_SHOWN = (
    "id", "name", "purpose", "source", "tenant", "url", "patterns", "timeout", "rate_quota",
    "give_up_after", "headers", "state", "state_at", "state_by", "state_why", "failures",
    "failing_since", "last_success_at", "created_at",
)  # fmt: skip
_COUNTED = ("waiting", "held", "dead")
Found = list[dict[str, Any]]


def page(chosen: Mapping[str, Any], limit: int) -> Call[Found]:
    """The endpoints by name; the filter knows name, tenant, source, state and after (a name)."""
    return _listed("webhook_endpoint_page", (*LISTED, "state_why", "id"), chosen, limit)


def attempts(chosen: Mapping[str, Any], limit: int) -> Call[Found]:
    """The latest attempts; the filter is that of `webhook_attempt_list`."""
    return _listed("webhook_attempt_list", ATTEMPTS, chosen, limit)


def messages(chosen: Mapping[str, Any], limit: int) -> Call[Found]:
    """The latest messages; the filter is that of `webhook_message_list`."""
    return _listed("webhook_message_list", MESSAGES, chosen, limit)


async def message(services: Services, message_id: str) -> dict[str, Any]:
    """A message by the id that it was sent with, or ours: its body, endpoints and attempts."""
    find: Call[UUID] = Call(
        "webhook_message_find", {"p_text": message_id}, lambda rows: UUID(str(rows[0][0]))
    )
    found = await services.database.run(find)
    show: Call[dict[str, Any]] = Call(
        "webhook_message_show", {"p_id": found}, lambda rows: decode(rows[0][0])
    )  # fmt: skip
    return await services.database.run(show)


def known(name: str) -> Call[dict[str, Any]]:
    """Its row, by its name or id; not to be shown as it is. Raises UnknownJob when run."""
    return Call(
        "webhook_endpoint", {"p_name": name},
        lambda rows: dict(zip(_SHOWN, rows[0], strict=True)), ", ".join(_SHOWN),
    )  # fmt: skip


async def endpoint(services: Services, name: str) -> dict[str, Any]:
    """How one is set and how it does; of its headers the names, of its secrets where they are."""
    shown = await services.database.run(known(name))
    counted = await services.database.run(page({"name": shown["name"]}, 1))
    counts = counted[0] if counted else dict.fromkeys(_COUNTED, 0)
    return {
        **shown, "url": plain_url(shown["url"]), "headers": sorted(decode(shown["headers"])),
        **{name: counts[name] for name in _COUNTED},
        **await _breaker(services, name=shown["name"]),
        "secrets": await references(services.database, f"endpoint:{shown['id']}", SECRETS),
    }  # fmt: skip


async def _breaker(services: Services, name: str) -> dict[str, Any]:
    """Whether anything is sent there now; a closed one needs no word."""
    columns = "name, state, because, open_until"
    call: Call[list[Any]] = Call("breaker_list", select=columns, read=list)
    rows = await services.database.run(call)
    found = next((row for row in rows if row[0] == f"endpoint:{name}"), None)
    if found is None or found[1] == "closed":
        return {"breaker": "closed"}
    return {"breaker": found[1], "breaker_because": found[2], "breaker_until": found[3]}


def _listed(
    function: str, columns: tuple[str, ...], chosen: Mapping[str, Any], limit: int
) -> Call[Found]:
    return Call(
        function,
        {
            "p_filter": encode({k: v for k, v in chosen.items() if v is not None}),
            "p_limit": limit,
        },
        read=lambda rows: [dict(zip(columns, row, strict=True)) for row in rows],
        select=", ".join(columns),
    )
