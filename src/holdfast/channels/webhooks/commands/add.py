"""holdfast webhooks sources add: a source, by a known scheme or by one that is told here."""

from typing import Annotated, Any

import typer

from holdfast.channel import Services
from holdfast.channels.webhooks.commands.sources import (
    Name,
    Piped,
    Reference,
    add_secret,
    changes,
    reference_of,
    set_source,
)
from holdfast.channels.webhooks.schemes import SCHEMES, generic
from holdfast.command import Command, Note, Shown, person
from holdfast.errors import ConfigError, InvalidInput
from holdfast.options import Who


def _told(flag: str, about: str, metavar: str = "PLACE") -> Any:
    return typer.Option(
        flag, metavar=metavar, help=about, show_default=False,
        rich_help_panel="How a sender of scheme generic signs",
    )  # fmt: skip


Scheme = Annotated[
    str | None, typer.Option(metavar="SCHEME", help="How it signs; default: the one of its name.")
]
Policy = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="KEY=VALUE", help="Its policy; see `sources set`."),
]
Header = Annotated[
    str | None, _told("--header", "The header with the signature: X-Signature.", "NAME")
]
Algorithm = Annotated[
    str | None,
    _told(
        "--algorithm",
        "hmac-sha256 (default), hmac-sha1, hmac-sha512, ed25519, ecdsa-sha256; "
        "equals: the secret itself is sent.",
        "NAME",
    ),
]
Encoding = Annotated[
    str | None, _told("--encoding", "Of the signature: hex (default) or base64.", "NAME")
]
Key = Annotated[str | None, _told("--key", "The secret is text (default) or base64.", "NAME")]
Label = Annotated[
    str | None, _told("--label", "What a signature begins with: sha256= or v1=.", "TEXT")
]
Separator = Annotated[
    str | None, _told("--separator", "Between several parts of the header: a comma.", "TEXT")
]
Signed = Annotated[
    str | None,
    _told(
        "--signed",
        "What is signed: {body} (default), with {timestamp}, {id}, {token}, {url}, {form} "
        "as they are: {timestamp}.{body}",
        "TEMPLATE",
    ),
]
Timestamp = Annotated[
    str | None,
    _told("--timestamp", "Where its time is: header:X-Timestamp, element:t, json:/time."),
]
Id = Annotated[str | None, _told("--id", "Where the {id} that is signed is: header:X-Id.")]
Token = Annotated[str | None, _told("--token", "Likewise the {token}.")]
OfEvent = Annotated[
    str | None, _told("--event-id", "What tells a redelivery: header:X-Request-Id, json:/id.")
]
OfType = Annotated[str | None, _told("--event-type", "What handlers ask for: json:/type.")]
OfObject = Annotated[str | None, _told("--object-id", "What it is about: json:/data/id.")]
OfAccount = Annotated[str | None, _told("--account", "Whose it is: json:/account.")]
OfCreation = Annotated[str | None, _told("--created", "When it happened: json:/created.")]


async def add(
    services: Services, name: Name, scheme: Scheme = None, secret: Reference = None,
    secret_stdin: Piped = False, change: Policy = None, who: Who = None, *,
    header: Header = None, algorithm: Algorithm = None, encoding: Encoding = None,
    key: Key = None, label: Label = None, separator: Separator = None, signed: Signed = None,
    timestamp: Timestamp = None, id_: Id = None, token: Token = None, event_id: OfEvent = None,
    event_type: OfType = None, object_id: OfObject = None, account: OfAccount = None,
    created: OfCreation = None,
) -> Shown:  # fmt: skip
    """Add a source: POST /webhooks/NAME, by a scheme, with a secret; or tell it anew.

    A sender whose scheme is not known is told: --scheme generic, and how it signs. A place is
    header:NAME, json:/POINTER, form:FIELD, or element:NAME of the header with the signature.
    """
    told = {
        "header": header, "algorithm": algorithm, "encoding": encoding, "key": key,
        "label": label, "separator": separator, "signed": signed, "timestamp": timestamp,
        "id": id_, "token": token, "event_id": event_id, "event_type": event_type,
        "object_id": object_id, "account": account, "created": created,
    }  # fmt: skip
    wanted = {
        "scheme": scheme or name, **changes(change or []),
        **_settings(scheme or name, {k: v for k, v in told.items() if v is not None}),
    }  # fmt: skip
    reference = reference_of(name, secret, secret_stdin)
    await services.database.run(set_source(name, wanted, person(who)))
    if reference:
        await services.database.run(add_secret(name, reference, person(who), None))
    more = "" if reference else "; it has no secret yet: holdfast webhooks sources rotate " + name
    return Note(f"{name} may send to /webhooks/{name}{more}", {"source": name, **wanted})


def _settings(scheme: str, told: dict[str, str]) -> dict[str, Any]:
    """How a generic sender signs, checked before anything is stored."""
    if scheme not in SCHEMES:
        raise InvalidInput(
            f"{scheme!r} is no scheme; known: {', '.join(sorted(SCHEMES))}. "
            "One that is not known is told: --scheme generic --header …"
        )
    if scheme != "generic":
        if told:
            named = ", ".join(f"--{name.replace('_', '-')}" for name in told)
            raise InvalidInput(f"how {scheme} signs is known; {named} are for --scheme generic")
        return {"settings": {}}
    try:
        generic(told)
    except ConfigError as error:
        what, _, wrong = str(error).partition(":")
        raise InvalidInput(f"--{what.replace('_', '-')}:{wrong}") from None
    return {"settings": told}


COMMANDS = [Command("webhooks sources", "add", add)]
