"""holdfast endpoints: where webhooks go out to."""

from typing import Annotated, Any

import typer

from holdfast.channel import Services
from holdfast.channels.webhooks.outbound import endpoint
from holdfast.channels.webhooks.outbound.given import plain_url, trouble_of
from holdfast.channels.webhooks.outbound.message import Webhook, send
from holdfast.channels.webhooks.outbound.shown import LISTED, known
from holdfast.command import Command, Detail, Note, Rows, Shown, person
from holdfast.database import Call
from holdfast.options import Who, Why

Name = Annotated[str, typer.Argument(metavar="NAME", help="The endpoint.", show_default=False)]
Reference = Annotated[
    str | None,
    typer.Option(
        "--secret", metavar="REF",
        help="Where its secret is: env:NAME or file:PATH. Made up and sealed if not given.",
    ),
]  # fmt: skip
_ONCE = "its secret is shown only now; give it to whoever verifies"


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
    rate: Annotated[int | None, typer.Option(min=1, help="At most this many a second.")] = None,
    timeout_s: Annotated[
        int,
        typer.Option(
            "--timeout", min=1, max=300, metavar="SECONDS", help="How long an answer may take."
        ),
    ] = 15,
    who: Who = None,
) -> Shown:
    """Make an endpoint: a forward of a source's events, or a customer's address.

    Everything that goes there is signed as Standard Webhooks has it (webhook-id,
    webhook-timestamp, webhook-signature). A secret that is made up is sealed with
    HOLDFAST_SECRET_KEY, which the workers need, too.

    holdfast endpoints add ann https://ann.example/in --tenant ann --type "order.*"
    """
    made = await services.database.run(
        endpoint.add(
            name, url, tenant=tenant, source=source, types=["*"] if pattern is None else pattern,
            secret=secret, per_second=rate, timeout_s=timeout_s, who=person(who),
        )
    )  # fmt: skip
    shown = {"endpoint": name, "id": str(made.id), "url": plain_url(url), "secret": made.secret}
    trouble = await trouble_of(services, source)
    if trouble:
        shown["trouble"] = trouble
    return Detail(shown, title="" if secret else _ONCE)


async def show_list(services: Services) -> Shown:
    """List the endpoints, and how they do."""
    listed: Call[list[Any]] = Call("webhook_endpoint_list", select=", ".join(LISTED))
    rows = await services.database.run(listed)
    return Rows(
        LISTED, rows,
        empty="no endpoint yet; forward a source's events to your application: holdfast endpoints "
        "add app http://127.0.0.1:3000/webhooks --source stripe --secret env:APP_SECRET",
    )  # fmt: skip


async def pause(services: Services, name: Name, why: Why = None, who: Who = None) -> Shown:
    """Post nothing there; what comes is held, and goes on when it is enabled."""
    return await _set(services, name, "paused", who, why)


async def disable(services: Services, name: Name, why: Why = None, who: Who = None) -> Shown:
    """Post nothing to an address that is not to be used any more; what comes is held."""
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
    """Give an endpoint a new secret; for the overlap, both sign, so that no delivery is refused."""
    found = await services.database.run(known(name))
    made = await services.database.run(
        endpoint.rotate(found["id"], name, secret=secret, overlap=overlap, who=person(who))
    )
    return Detail(
        {"endpoint": name, "secret": made.secret, "overlap": overlap}, title="" if secret else _ONCE
    )


async def remove(
    services: Services,
    name: Name,
    cancel: Annotated[bool, typer.Option("--cancel", help="Cancel what waits for it.")] = False,
    who: Who = None,
) -> Shown:
    """Take an endpoint away; refused while something waits for it, unless that is cancelled."""
    cancelled = await services.database.run(endpoint.remove(name, cancel=cancel, who=person(who)))
    return Note(f"{name} is removed; cancelled: {cancelled}", {"cancelled": cancelled})


async def test(services: Services, name: Name) -> Shown:
    """Send an endpoint a message of the type holdfast.test; `deliveries` shows its answer."""
    receipt = await services.database.run(
        send(Webhook(type="holdfast.test", data={"hello": name}, endpoint=name))
    )
    return Note(f"sent; see: holdfast endpoints deliveries {name}", {"id": str(receipt.id)})


async def _set(
    services: Services, name: str, state: str, who: str | None, why: str | None
) -> Shown:
    on = await services.database.run(endpoint.set_state(name, state, person(who), why))
    more = f"; what comes is held until: holdfast endpoints enable {name}"
    if state == "enabled":
        deliveries = "delivery goes" if on == 1 else "deliveries go"
        more = f"; {on:,} held {deliveries} on"
    return Note(f"{name} is {state}{more}", {"endpoint": name, "state": state, "released": on})


COMMANDS = [
    Command("endpoints", "add", add),
    Command("endpoints", "list", show_list),
    Command("endpoints", "pause", pause),
    Command("endpoints", "disable", disable),
    Command("endpoints", "enable", enable),
    Command("endpoints", "rotate", rotate),
    Command("endpoints", "remove", remove),
    Command("endpoints", "test", test),
]
