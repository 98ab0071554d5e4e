"""How long emails are kept, and how one address is erased: holdfast email keeping, erase."""

from collections.abc import Mapping
from typing import Annotated, Any

import typer

from holdfast.channel import Services
from holdfast.channels.email.address import used
from holdfast.command import Command, Detail, Note, person
from holdfast.database import Call, decode, encode
from holdfast.options import Who, Why

_NEVER = "never"


async def keeping(
    services: Services,
    bodies: Annotated[
        str | None, typer.Option(metavar="TIME", help='The bytes, such as "30 days".')
    ] = None,
    metadata: Annotated[
        str | None, typer.Option(metavar="TIME", help="All else; as long or longer.")
    ] = None,
    bounces: Annotated[
        str | None,
        typer.Option(
            metavar="TIME", help='How long a dead mailbox is suppressed; or "never" to end.'
        ),
    ] = None,
    why: Why = None,
    who: Who = None,
) -> Detail:
    """Show or change how long emails are kept after they have ended."""
    given = {"bodies": bodies, "metadata": metadata, "bounces": bounces}
    settings = {k: None if v == _NEVER else v for k, v in given.items() if v is not None}
    if settings:
        call: Call[object] = Call(
            "email_keep", {"p_settings": encode(settings), "p_by": person(who), "p_why": why}
        )
        await services.database.run(call)
    shown: Call[Mapping[str, Any]] = Call(
        "email_keeping_now",
        read=lambda rows: dict(zip(given, rows[0], strict=True)),
        select="bodies::text, metadata::text, coalesce(bounces::text, 'never')",
    )
    return Detail(await services.database.run(shown), title="Emails are kept, once they have ended")


async def erase(
    services: Services,
    address: Annotated[str, typer.Argument(metavar="ADDRESS", help="local@domain")],
    why: Why = None,
    who: Who = None,
) -> Note:
    """Erase an address from all emails, their feedback and the suppressions.

    Emails to it alone lose their bytes; what was to go to it is not sent. Whoever is suppressed
    stays so: a hash of the address is kept for that.
    """
    call: Call[dict[str, Any]] = Call(
        "email_erase",
        {"p_address": used("address", address), "p_by": person(who), "p_why": why},
        read=lambda rows: decode(rows[0][0]),
        takes_s=3600,
    )
    done = await services.database.run(call)
    left = done["left_shared"] + done["left_from"]
    text = (
        f"erased: {done['emails']} emails to it, {done['bodies']} bodies taken out, "
        f"{done['shared_masked']} emails to others masked, {done['events']} reports, "
        f"{done['suppressions']} suppressions. It is known as {done['known_as'][:19]}… from now on"
    )
    if left:
        text += f". {left} emails are still to go to others and were left: erase again later"
    return Note(text, done)


COMMANDS = (
    Command("email", "keeping", keeping),
    Command("email", "erase", erase),
)
