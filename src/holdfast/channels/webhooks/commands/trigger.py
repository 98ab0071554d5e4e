"""holdfast webhooks trigger: an event as the provider would send it, made up and signed."""

import asyncio
import json
import secrets
import time
from importlib import resources
from typing import Annotated, Any

import typer

from holdfast.channel import Services
from holdfast.channels.webhooks.as_stored import event_of
from holdfast.channels.webhooks.book import Book
from holdfast.channels.webhooks.commands.options import To
from holdfast.channels.webhooks.commands.posting import address_of, post, told
from holdfast.channels.webhooks.commands.sample import of_type, put, signed
from holdfast.channels.webhooks.intake import Arrival, receive_many
from holdfast.channels.webhooks.schemes import SCHEMES, Accepted, Delivery, describe
from holdfast.channels.webhooks.settings import sources
from holdfast.channels.webhooks.source import Source
from holdfast.command import Command, Note, Rows, Shown
from holdfast.errors import ConfigError, InvalidInput

_API_VERSION = "2024-06-20"
_THEIRS_ALONE = {"sns", "ecdsa-sha256", "ed25519"}


async def trigger(
    services: Services,
    scheme: Annotated[
        str | None, typer.Argument(metavar="[SCHEME]", help="Whose event, such as stripe.")
    ] = None,
    event_type: Annotated[
        str | None, typer.Argument(metavar="[TYPE]", help="Such as invoice.paid.")
    ] = None,
    secret: Annotated[
        str | None,
        typer.Option(metavar="TEXT", help="Sign with this; default: the source's own."),
    ] = None,
    source: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Post to this source; default: the scheme's name."),
    ] = None,
    to: To = None,
    show_all: Annotated[bool, typer.Option("--list", help="List what there is.")] = False,
) -> Shown:
    """Make up an event, sign it, and post it to the running server.

    holdfast webhooks trigger stripe invoice.paid

    Each call is a new event, with an id of its own. What only its sender can sign, with a private
    key, is stored as if it had been posted.
    """
    if show_all or scheme is None:
        rows = [[name, kind] for name in sorted(_all()) for kind in sorted(_all()[name])]
        return Rows(("scheme", "type"), rows)
    kinds = _all().get(scheme)
    if kinds is None:
        raise InvalidInput(f"no samples of {scheme!r}; there are: {', '.join(sorted(_all()))}")
    if event_type not in kinds:
        asked = "which type?" if event_type is None else f"no sample {event_type!r}."
        raise InvalidInput(
            f"{asked} There are: {', '.join(sorted(kinds))}. "
            "A body of your own: holdfast webhooks send"
        )
    name = source or scheme
    found = await Book(services.database, sources()).look(name)
    if SCHEMES[scheme].algorithm in _THEIRS_ALONE:
        return await _store(services, scheme, event_type, name, found)
    key = secret or _secret_of(name, found)
    url = address_of(name, to, services.core.http)
    made = sample(scheme, event_type, key, url, found)
    status, answer = await asyncio.to_thread(post, url, made.body, made.headers)
    ok = 200 <= status < 300  # noqa: PLR2004
    return Note(told(url, status, answer), {"status": status}, failed=not ok)


async def _store(
    services: Services, scheme: str, event_type: str, name: str, source: Source | None
) -> Shown:
    if source is None:
        raise InvalidInput(f"there is no source {name!r}; see: holdfast webhooks sources list")
    document = _filled(_all()[scheme][event_type], secrets.token_hex(12))
    headers = [("Content-Type", "application/json")]
    made = Delivery("POST", "", headers, json.dumps(document, indent=2).encode())
    event = event_of(source, made, describe(source.scheme, made), Accepted(""))
    unverified = {key: value for key, value in event.items() if key != "verified_by"}
    arrival = Arrival({**unverified, "via": "cli"}, made.body)
    (stored,) = await services.database.run(receive_many([arrival]))
    jobs = len(stored.jobs)
    title = SCHEMES[scheme].title
    told = f"{stored.id} is stored, jobs: {jobs}; it was not posted, since only {title} can sign it"
    return Note(told, {"id": stored.id, "jobs": jobs})


def sample(
    scheme: str, event_type: str, secret: str, url: str, source: Source | None = None
) -> Delivery:
    """An event of that type, with ids and a time of its own, signed as the source is told."""
    token = secrets.token_hex(12)
    document = _filled(_all()[scheme][event_type], token)
    row = SCHEMES[scheme]
    if source is not None and source.scheme_name == scheme:
        row, url = source.scheme, source.public_url or url
    if scheme == "generic":
        for places, value in ((row.event_id, token), (row.event_type, event_type)):
            if places[0].startswith("json:"):
                put(document, places[0].partition(",")[0], value)
    return signed(
        row, document, secret, stamp=int(time.time()), url=url, headers=of_type(row, event_type)
    )


def _secret_of(name: str, source: Source | None) -> str:
    active = source.active(time.time()) if source else ()
    if not active:
        raise ConfigError(f"the source {name!r} has no secret here; give --secret")
    return active[0].value


def _all() -> dict[str, dict[str, Any]]:
    folder = resources.files("holdfast.channels.webhooks") / "samples"
    others: dict[str, dict[str, Any]] = json.loads((folder / "others.json").read_text("utf-8"))
    data = json.loads((folder / "stripe.json").read_text("utf-8"))
    now = int(time.time())
    stripe = {
        kind: {
            "id": "evt_{id}", "object": "event", "api_version": _API_VERSION, "created": now,
            "livemode": False, "pending_webhooks": 1, "type": kind,
            "request": {"id": None, "idempotency_key": None},
            "data": {"object": _without_null_id(data["objects"][name] | changes)},
        }
        for kind, (name, changes) in data["types"].items()
    }  # fmt: skip
    return {"stripe": stripe, **others}


def _without_null_id(thing: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in thing.items() if key != "id" or value is not None}


def _filled(value: Any, token: str) -> Any:
    """The document with {id} filled in."""
    if isinstance(value, str):
        return value.replace("{id}", token)
    if isinstance(value, dict):
        return {key: _filled(inner, token) for key, inner in value.items()}
    if isinstance(value, list):
        return [_filled(inner, token) for inner in value]
    return value


COMMANDS = [Command("webhooks", "trigger", trigger)]
