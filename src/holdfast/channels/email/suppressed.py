"""Suppressions, as operations to be run: who gets no more mail, put on the list and taken off."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from holdfast.channels.email.address import used
from holdfast.database import Call, encode

LISTED = (
    "address", "reason", "list", "tenant", "source", "detail", "created_at", "created_by",
    "expires_at",
)  # fmt: skip
_ERASED = "erased:"


class Removed(NamedTuple):
    """How many went, and how many still hold for that address."""

    removed: int
    remaining: int


def listed(chosen: Mapping[str, Any], limit: int) -> Call[list[dict[str, Any]]]:
    """Newest first; the filter knows address, reason, tenant and list."""
    wanted = {key: value for key, value in chosen.items() if value is not None}
    if "address" in wanted:
        wanted["address"] = as_stored(wanted["address"])
    return Call(
        "email_suppression_list", {"p_filter": encode(wanted), "p_limit": limit},
        read=lambda rows: [dict(zip(LISTED, row, strict=True)) for row in rows],
        select=", ".join(LISTED),
    )  # fmt: skip


def suppress(entries: Sequence[Mapping[str, Any]], who: str, why: str | None) -> Call[int]:
    """Put them on the list, all or none; returns how many are new or prolonged."""
    return Call(
        "email_suppress_many",
        {"p_entries": encode(list(entries)), "p_by": who, "p_why": why},
        read=lambda rows: int(rows[0][0]),
    )


def unsuppress(
    address: str, who: str, why: str | None, *, tenant: str | None = None,
    reason: str | None = None, list_name: str | None = None,
) -> Call[Removed]:  # fmt: skip
    """Take an address off the list: of this tenant, reason and list, where they are given."""
    return Call(
        "email_unsuppress",
        {"p_address": as_stored(address), "p_by": who, "p_why": why, "p_tenant": tenant,
         "p_reason": reason, "p_list": list_name},
        read=lambda rows: Removed(int(rows[0][0]), int(rows[0][1])),
        select="removed, remaining",
    )  # fmt: skip


def as_stored(address: str) -> str:
    """The address with its domain in ASCII, or what stands in the place of an erased one.

    Raises:
        InvalidInput: it is no address.
    """
    if address.startswith(_ERASED):
        return address
    return used("address", address)
