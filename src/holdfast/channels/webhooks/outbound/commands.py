"""holdfast endpoints: where webhooks go out to."""

import base64
import secrets as chance
from typing import Annotated, Any
from uuid import UUID

import typer

from holdfast.channel import Services
from holdfast.channels.webhooks.outbound.given import checked_secret, checked_url
from holdfast.channels.webhooks.outbound.message import Webhook, send
from holdfast.channels.webhooks.secrets import seal
from holdfast.command import Command, Detail, Note, Rows, Shown, person
from holdfast.database import Call, encode

Name = Annotated[str, typer.Argument(metavar="NAME", help="The endpoint.", show_default=False)]
Why = Annotated[str | None, typer.Option(metavar="TEXT", help="Why; it is recorded.")]
Who = Annotated[str | None, typer.Option(metavar="NAME", help="Who does it; default: you.")]
Reference = Annotated[
    str | None,
    typer.Option(
        "--secret", metavar="REF",
        help="Where its secret is: env:NAME or file:PATH. Made up and sealed if not given.",
    ),
]  # fmt: skip
COLUMNS = (
    "name", "purpose", "state", "url", "patterns", "source", "tenant", "waiting", "held", "dead",
    "failures", "last_success_at",
)  # fmt: skip


async def add(
    services: Services,
    name: Name,
    url: Annotated[str, typer.Argument(metavar="URL", help="Where to post.", show_default=False)],
    source: Annotated[
        str | None,
        typer.Option(help="Forward the events of this source; * for all. Else it is a customer's."),
    ] = None,
    tenant: Annotated[str | None, typer.Option(help="Whose messages it gets.")] = None,
    pattern: Annotated[
        list[str] | None, typer.Option("--type", help="Only these types; * stands for anything.")
    ] = None,
    secret: Reference = None,
    rate: Annotated[int | None, typer.Option(min=1, help="At most so many a second.")] = None,
    patience: Annotated[int, typer.Option(min=1, max=300, help="Seconds for an answer.")] = 15,
    who: Who = None,
) -> Shown:
    """Make an endpoint: a forward of a source's events, or a customer's address.

    Everything that goes there is signed as Standard Webhooks has it (webhook-id,
    webhook-timestamp, webhook-signature).
    """
    made_up = None if secret else _made_up()
    wanted: dict[str, Any] = {
        "url": checked_url(url), "purpose": "forward" if source else "customer", "source": source,
        "tenant": tenant, "patterns": list(pattern or ["*"]), "rate_quota": rate,
        "timeout": f"{patience} s",
    }  # fmt: skip
    # before anything is made: is there a key, and can the secret be had?
    reference = checked_secret(secret) if secret else seal(str(made_up), "trial")
    made = await services.database.run(_add(name, wanted, person(who)))
    owner = f"endpoint:{made}"
    if made_up:
        reference = seal(made_up, owner)
    await services.database.run(_add_secret(owner, reference, person(who)))
    shown = {"endpoint": name, "url": url, "secret": made_up or reference}
    return Detail(shown, title="its secret is shown this once; give it to who verifies")


async def show_list(services: Services) -> Shown:
    """List the endpoints, and how they do."""
    listed: Call[list[Any]] = Call("webhook_endpoint_list", select=", ".join(COLUMNS))
    rows = await services.database.run(listed)
    return Rows(
        COLUMNS, rows,
        empty="no endpoint yet; forward a source's events to your application: holdfast endpoints "
        "add app http://127.0.0.1:3000/webhooks --source stripe --secret env:APP_SECRET",
    )  # fmt: skip


async def pause(services: Services, name: Name, why: Why = None, who: Who = None) -> Shown:
    """Post nothing there; what comes is held, and goes on when it is enabled."""
    return await _set(services, name, "paused", who, why)


async def disable(services: Services, name: Name, why: Why = None, who: Who = None) -> Shown:
    """The same, for an address that is not to be used any more."""
    return await _set(services, name, "disabled", who, why)


async def enable(services: Services, name: Name, why: Why = None, who: Who = None) -> Shown:
    """Post there again, and let go on what was held."""
    return await _set(services, name, "enabled", who, why)


async def rotate(
    services: Services,
    name: Name,
    secret: Reference = None,
    overlap: Annotated[
        str, typer.Option(metavar="TIME", help="How long the old secret signs as well: 24 hours.")
    ] = "24 hours",
    who: Who = None,
) -> Shown:
    """Give it a new secret; for the overlap, both sign, so that no delivery is refused."""
    found = await services.database.run(_id_of(name))
    owner = f"endpoint:{found}"
    made_up = None if secret else _made_up()
    reference = checked_secret(secret, owner) if secret else seal(str(made_up), owner)
    await services.database.run(_add_secret(owner, reference, person(who), overlap))
    return Detail({"endpoint": name, "secret": made_up or reference, "overlap": overlap})


async def remove(
    services: Services,
    name: Name,
    cancel: Annotated[bool, typer.Option("--cancel", help="Cancel what waits for it.")] = False,
    who: Who = None,
) -> Shown:
    """Take an endpoint away; refused while something waits for it, unless that is cancelled."""
    call: Call[int] = Call(
        "webhook_remove_endpoint", {"p_name": name, "p_cancel": cancel, "p_who": person(who)},
        read=lambda rows: int(rows[0][0]),
    )  # fmt: skip
    cancelled = await services.database.run(call)
    return Note(f"{name} is removed; cancelled: {cancelled}", {"cancelled": cancelled})


async def test(services: Services, name: Name) -> Shown:
    """Send it a message of the type holdfast.test; see what it answers with `deliveries`."""
    receipt = await services.database.run(
        send(Webhook(type="holdfast.test", data={"hello": name}, endpoint=name))
    )
    return Note(f"sent; see: holdfast endpoints deliveries {name}", {"id": str(receipt.id)})


async def deliveries(
    services: Services,
    name: Annotated[str | None, typer.Argument(metavar="NAME", help="Of this one.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="At most so many.")] = 50,
) -> Shown:
    """List the latest attempts, and what was answered."""
    columns = ("at", "endpoint", "status", "outcome", "attempt", "duration_ms", "because", "job")
    listed: Call[list[Any]] = Call(
        "webhook_delivery_list", {"p_endpoint": name, "p_limit": limit}, select=", ".join(columns)
    )
    rows = await services.database.run(listed)
    return Rows(columns, rows, empty="nothing was delivered yet; is a worker running?")


async def _set(
    services: Services, name: str, state: str, who: str | None, why: str | None
) -> Shown:
    call: Call[int] = Call(
        "webhook_set_endpoint_state",
        {"p_name": name, "p_state": state, "p_who": person(who), "p_why": why},
        read=lambda rows: int(rows[0][0]),
    )
    on = await services.database.run(call)
    more = f"; {on} held deliveries go on" if state == "enabled" else "; what comes is held"
    return Note(f"{name} is {state}{more}", {"endpoint": name, "state": state, "released": on})


def _add(name: str, wanted: dict[str, Any], who: str) -> Call[UUID]:
    given = {key: value for key, value in wanted.items() if value is not None}
    return Call(
        "webhook_add_endpoint", {"p_name": name, "p_endpoint": encode(given), "p_who": who},
        read=lambda rows: UUID(str(rows[0][0])),
    )  # fmt: skip


def _add_secret(owner: str, reference: str, who: str, overlap: str | None = None) -> Call[Any]:
    return Call(
        "webhook_add_secret",
        {"p_owner": owner, "p_reference": reference, "p_who": who, "p_overlap": overlap},
    )


def _id_of(name: str) -> Call[UUID]:
    return Call(
        "webhook_endpoint", {"p_name": name}, read=lambda rows: UUID(str(rows[0][0])), select="id"
    )


def _made_up() -> str:
    return "whsec_" + base64.b64encode(chance.token_bytes(24)).decode()


COMMANDS = [
    Command("endpoints", "add", add),
    Command("endpoints", "list", show_list),
    Command("endpoints", "deliveries", deliveries),
    Command("endpoints", "pause", pause),
    Command("endpoints", "disable", disable),
    Command("endpoints", "enable", enable),
    Command("endpoints", "rotate", rotate),
    Command("endpoints", "remove", remove),
    Command("endpoints", "test", test),
]
