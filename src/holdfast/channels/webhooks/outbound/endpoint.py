"""Endpoints, made and changed by your application: `await hf.run(endpoint.add("ann", url))`.

Each is an operation; with `using=` it is part of your transaction. The command line has the same.
"""

import base64
import secrets as chance
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from holdfast.channels.webhooks.outbound.given import checked_headers, checked_secret, checked_url
from holdfast.channels.webhooks.secrets import seal
from holdfast.database import Call, encode


@dataclass(frozen=True, slots=True)
class Made:
    """An endpoint, and the secret that its receiver verifies with: it is not shown again."""

    id: UUID
    name: str
    secret: str


def add(
    name: str, url: str, *, tenant: str | None = None, source: str | None = None,
    types: Sequence[str] | str = ("*",), secret: str | None = None, per_second: int | None = None,
    timeout_s: float = 15.0, headers: Mapping[str, str] | None = None,
    give_up_after: str | None = None, who: str = "application",
) -> Call[Made]:  # fmt: skip
    """Make an endpoint: a customer's, or with a `source` a forward of its events.

    Args:
        name: yours to choose, unique: 1 to 63 of a-z 0-9 _ . -
        url: where to post.
        tenant: whose messages it gets.
        source: whose events it gets; * for all sources.
        types: only these; * stands for anything.
        secret: where it is: env:NAME or file:PATH. Made up and sealed if not given, which needs
            HOLDFAST_SECRET_KEY.
        per_second: at most so many deliveries a second, 1 to 1 000 000; no limit unless given.
        timeout_s: seconds for an answer, 1 to 300.
        headers: sent with each delivery; none that holdfast or the connection sets.
        give_up_after: it is paused when everything failed for so long; 5 days unless given.
        who: for the record.

    Raises:
        InvalidInput: a value that cannot be; when run: there is one of that name.
        ConfigError: no HOLDFAST_SECRET_KEY.
    """
    made = uuid4()
    shown, reference = _secret(secret, f"endpoint:{made}")
    wanted: dict[str, Any] = {
        "id": str(made), "secret": reference, "url": checked_url(url), "tenant": tenant,
        "purpose": "forward" if source else "customer", "source": source,
        "patterns": _listed(types), "rate_quota": per_second, "timeout": f"{timeout_s} s",
        "give_up_after": give_up_after, "headers": checked_headers(headers or {}),
    }  # fmt: skip
    given = {key: value for key, value in wanted.items() if value is not None}
    return Call(
        "webhook_add_endpoint", {"p_name": name, "p_endpoint": encode(given), "p_who": who},
        read=lambda rows: Made(UUID(str(rows[0][0])), name, shown),
    )  # fmt: skip


def rotate(
    endpoint: UUID, name: str, *, secret: str | None = None, overlap: str = "24 hours",
    who: str = "application",
) -> Call[Made]:  # fmt: skip
    """Give the endpoint of that id a new secret; for the overlap the old one signs as well."""
    owner = f"endpoint:{endpoint}"
    shown, reference = _secret(secret, owner)
    return Call(
        "webhook_add_secret",
        {"p_owner": owner, "p_reference": reference, "p_who": who, "p_overlap": overlap},
        read=lambda _rows: Made(endpoint, name, shown),
    )


def change(
    name: str, changes: Mapping[str, Any], who: str = "application", why: str | None = None
) -> Call[str]:
    """Change url, patterns, timeout, rate_quota, tenant, source, headers or give_up_after.

    What is not named stays, None sets it back; so with each header. Returns the state it is in.
    """
    if changes.get("url") is not None:
        checked_url(changes["url"])
    if changes.get("headers"):
        checked_headers(changes["headers"])
    wanted = dict(changes)
    if isinstance(wanted.get("patterns"), str):
        wanted["patterns"] = _listed(wanted["patterns"])
    return Call(
        "webhook_set_endpoint",
        {"p_name": name, "p_changes": encode(wanted), "p_who": who, "p_why": why},
        read=lambda rows: str(rows[0][0]),
        select="state",
    )


def set_state(name: str, state: str, who: str = "application", why: str | None = None) -> Call[int]:
    """Make it `enabled`, `paused` or `disabled`; returns how many held deliveries go on."""
    return Call(
        "webhook_set_endpoint_state",
        {"p_name": name, "p_state": state, "p_who": who, "p_why": why},
        read=lambda rows: int(rows[0][0]),
    )


def remove(name: str, *, cancel: bool = False, who: str = "application") -> Call[int]:
    """Take it away, and cancel what waits for it; returns how many that were.

    Raises (when run):
        Refused: something waits, and `cancel` does not say that it may be cancelled.
    """
    return Call(
        "webhook_remove_endpoint", {"p_name": name, "p_cancel": cancel, "p_who": who},
        read=lambda rows: int(rows[0][0]),
    )  # fmt: skip


def recover(
    name: str, since: str, who: str = "application", why: str | None = None, *,
    until: str | None = None, missing: bool = False, rate: float | None = None,
    dry_run: bool = False,
) -> Call[tuple[int, int]]:  # fmt: skip
    """Send again what failed since then, and what was never sent; returns how many of each.

    Args:
        name: the endpoint.
        since: so long ago, such as 2h or 3d, or a time such as 2026-03-01T14:30Z.
        who: for the record, as `why`.
        why: for the record.
        until: before then.
        missing: also messages that it would get today and did not.
        rate: so many a second.
        dry_run: only count.
    """
    options = {"until": until, "missing": missing, "rate": rate, "dry_run": dry_run}
    return Call(
        "webhook_recover",
        {
            "p_name": name, "p_since": since, "p_who": who, "p_why": why,
            "p_options": encode({k: v for k, v in options.items() if v is not None}),
        },
        read=lambda rows: (int(rows[0][0]), int(rows[0][1])),
        select="failed, missing",
    )  # fmt: skip


def _listed(types: Sequence[str] | str) -> list[str]:
    """One type is one, not its letters: a `*` among them would be everything."""
    return [types] if isinstance(types, str) else list(types)


def _secret(reference: str | None, owner: str) -> tuple[str, str]:
    """What is shown of it, and what is stored."""
    if reference is not None:
        return reference, checked_secret(reference, owner)
    made_up = "whsec_" + base64.b64encode(chance.token_bytes(24)).decode()
    return made_up, seal(made_up, owner)
