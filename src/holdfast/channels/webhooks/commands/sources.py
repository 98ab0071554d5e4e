"""holdfast webhooks sources: who may send webhooks, and with which secrets."""

import sys
import time
from typing import Annotated, Any

import typer

from holdfast.channel import Services
from holdfast.channels.webhooks import known
from holdfast.channels.webhooks.book import Book
from holdfast.channels.webhooks.commands.sample import try_out
from holdfast.channels.webhooks.secrets import checked, resolve, seal
from holdfast.channels.webhooks.settings import sources
from holdfast.channels.webhooks.source import Source
from holdfast.command import Command, Detail, Note, Rows, Shown, counted, person
from holdfast.database import Call, encode
from holdfast.errors import ConfigError, InvalidInput
from holdfast.options import Changes, Who, pair

Name = Annotated[str, typer.Argument(metavar="NAME", help="The source.", show_default=False)]
Reference = Annotated[
    str | None, typer.Option("--secret", metavar="REF", help="Where it is: env:NAME, file:PATH.")
]
Piped = Annotated[
    bool,
    typer.Option("--secret-stdin", help="Read it from stdin, and keep it sealed."),
]


async def set_(
    services: Services,
    name: Name,
    change: Changes,
    who: Who = None,
) -> Shown:
    """Change a source's policy.

    tolerance, public_url, livemode, accounts, max_body, rate_quota, revive, retention,
    redact_paths, redact_headers, redact_after, silence. Lists have commas; none sets a value back.
    """
    wanted = changes(change)
    there = await Book(services.database, sources()).look(name)
    if there is None:
        raise InvalidInput(
            f"no source {name!r} is known here; make it: holdfast webhooks sources add. One of the "
            f"environment has to be in this one, too: HOLDFAST_SOURCE_{name.upper()}_SCHEME"
        )
    kept = {} if there.shared else _policy(there)
    await services.database.run(set_source(name, {**kept, **wanted}, person(who)))
    more = "" if there.shared else "; from now on its policy stands in the database"
    return Note(f"{name} is changed{more}", {"source": name, "changed": wanted})


def _policy(source: Source) -> dict[str, Any]:
    """What the environment says of a source, for its first row in the database."""
    said = {
        "scheme": source.scheme_name, "tolerance": f"{source.tolerance} seconds",
        "public_url": source.public_url or None, "livemode": source.livemode,
        "accounts": list(source.accounts) if source.accounts else None,
        "max_body": source.max_body, "rate_quota": source.rate, "revive": source.revive,
        "retention": source.retention, "silence": source.silence or None,
    }  # fmt: skip
    return {key: value for key, value in said.items() if value is not None}


async def show_list(services: Services) -> Shown:
    """List the sources of this process and of the database, and what is wrong with them."""
    rows = [list(row.values()) for row in await known.listed(services)]
    return Rows(
        known.LISTED,
        rows,
        empty="no source has a secret yet: "
        "holdfast webhooks sources add stripe --secret env:STRIPE_WHSEC",
        whole=True,
    )


async def show(services: Services, name: Name) -> Shown:
    """Show one source: its policy, and its secrets with when they were used last."""
    found = await known.shown(services, name)
    if found["secrets"] is None:
        return Detail({**found, "secrets": "this database role does not see them"})
    secrets = [list(secret.values()) for secret in found["secrets"]]
    return Detail({**found, "secrets": Rows(known.SECRETS, secrets, "none")})


async def rotate(
    services: Services,
    name: Name,
    secret: Reference = None,
    secret_stdin: Piped = False,
    overlap: Annotated[
        str, typer.Option(metavar="TIME", help="How long the old ones go on: 24 hours.")
    ] = "24 hours",
    who: Who = None,
) -> Shown:
    """Give a source a new secret; the old ones are good for the overlap, so nothing is refused."""
    reference = reference_of(name, secret, secret_stdin)
    if reference is None:
        raise InvalidInput("the new secret? Give --secret env:NAME, file:PATH, or --secret-stdin")
    await services.database.run(add_secret(name, reference, person(who), overlap))
    told = f"{name} has a new secret; the old ones end in {overlap}"
    ours = sources().get(name)
    stay = [dated.secret.id for dated in ours.secrets] if ours is not None else []
    if stay:
        told += f", but not those that the environment has here: {', '.join(stay)}"
    return Note(told, {"source": name, "in": overlap, "stay": stay})


async def test(services: Services, name: Name) -> Shown:
    """Sign a sample with each active secret and verify it, as a sender and this server would.

    Where only the sender can sign, with a private key, the public one is looked at.
    """
    book = Book(services.database, sources())
    source = await book.look(name)
    if source is None:
        raise InvalidInput(f"no source {name!r}; known: {', '.join(book.names())}")
    if source.trouble:
        raise ConfigError(source.trouble)
    now = time.time()
    active = source.active(now)
    if not active:
        raise ConfigError(f"{name} has no active secret: everything it sends is answered with 500")
    how = {try_out(source, secret, now) for secret in active}
    return Note(
        f"{name}: {counted(len(active), 'active secret')}: {'; '.join(sorted(how))}",
        {"secrets": len(active)},
    )


async def remove(
    services: Services,
    name: Name,
    force: Annotated[bool, typer.Option("--force", help="Also while events wait.")] = False,
    who: Who = None,
) -> Shown:
    """Take a source and its secrets out of the database; its events stay."""
    call: Call[Any] = Call(
        "webhook_remove_source", {"p_name": name, "p_force": force, "p_who": person(who)}
    )
    await services.database.run(call)
    return Note(f"{name} is removed; its events stay", {"source": name})


def changes(given: list[str]) -> dict[str, Any]:
    """The policy that KEY=VALUE pairs tell."""
    wanted: dict[str, Any] = {}
    for change in given:
        key, value = pair(change, "silence=10")
        value = "" if value.lower() in {"none", "null"} else value
        is_list = key in {"accounts", "redact_paths", "redact_headers"}
        parts = [part.strip() for part in value.split(",") if part.strip()]
        wanted[key] = (parts or ([] if key != "accounts" else None)) if is_list else value or None
    return wanted


def reference_of(name: str, secret: str | None, piped: bool) -> str | None:
    """The reference of a secret that is named, or piped in and sealed; None if there is none.

    Raises:
        InvalidInput: both are given, or what is named cannot be had here.
        ConfigError: there is no key to seal with.
    """
    if secret and piped:
        raise InvalidInput("--secret names one, --secret-stdin brings one: give one of the two")
    if piped:
        return seal(sys.stdin.readline().rstrip("\r\n"), f"source:{name}")
    if secret:
        try:
            resolve(checked(secret), f"source:{name}")
        except ConfigError as error:
            raise InvalidInput(f"{error}. The server has to find it, too") from None
    return secret


def set_source(name: str, wanted: dict[str, Any], who: str) -> Call[Any]:
    """Make a source, or change it; what is not named stays."""
    return Call(
        "webhook_set_source", {"p_name": name, "p_changes": encode(wanted), "p_who": who},
        select="name",
    )  # fmt: skip


def add_secret(name: str, reference: str, who: str, overlap: str | None) -> Call[Any]:
    """One more secret; those there end after the overlap, if one is given."""
    return Call(
        "webhook_add_secret",
        {"p_owner": f"source:{name}", "p_reference": reference, "p_who": who,
         "p_overlap": overlap},
    )  # fmt: skip


COMMANDS = [
    Command("webhooks sources", "list", show_list),
    Command("webhooks sources", "show", show),
    Command("webhooks sources", "set", set_),
    Command("webhooks sources", "rotate", rotate),
    Command("webhooks sources", "test", test),
    Command("webhooks sources", "remove", remove),
]
