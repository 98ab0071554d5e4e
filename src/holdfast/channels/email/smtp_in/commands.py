"""What the CLI says about SMTP-in: holdfast email logins add, list, rotate, disable."""

from typing import Annotated

import typer

from holdfast.channel import Services
from holdfast.channels.email.smtp_in import logins, password
from holdfast.command import Command, Note, Rows, person
from holdfast.options import Who
from holdfast.redaction import conceal

_Name = Annotated[str, typer.Argument(metavar="NAME", help="What it logs in as.")]


async def add(
    services: Services,
    name: _Name,
    tenant: Annotated[
        str | None,
        typer.Option(
            "--tenant", metavar="NAME", help="Whose its emails are, for fairness and limits."
        ),
    ] = None,
    who: Who = None,
) -> Note:
    """Make a login for SMTP-in. The password is made here and shown only now."""
    secret = password.make()
    await services.database.run(logins.add(name, password.hashed(secret), tenant, person(who)))
    return _shown(name, secret)


async def list_logins(services: Services) -> Rows:
    """List the logins of SMTP-in."""
    rows = await services.database.run(logins.listed())
    return Rows(logins.LISTED, rows, empty="no logins. Make one: holdfast email logins add shop")


async def rotate(
    services: Services,
    name: _Name,
    overlap: Annotated[
        str, typer.Option(metavar="TIME", help="How long the old one goes on: 24 hours.")
    ] = "0",
) -> Note:
    """Give a login another password; the one before stops at once. Enables a disabled login.

    For a change without a gap say --overlap "24 hours": meanwhile both are good.
    """
    secret = password.make()
    await services.database.run(logins.rotate(name, password.hashed(secret), overlap))
    return _shown(name, secret)


async def disable(services: Services, name: _Name, who: Who = None) -> Note:
    """Stop a login from being used. Connections that are logged in go on until they end."""
    await services.database.run(logins.disable(name, person(who)))
    return Note(f"{name} cannot log in any more", {"name": name})


def _shown(name: str, secret: str) -> Note:
    conceal(secret)
    return Note(
        f"login {name}, password {secret}\nIt is not shown again.",
        {"name": name, "password": secret},
    )


COMMANDS = (
    Command("email logins", "add", add),
    Command("email logins", "list", list_logins),
    Command("email logins", "rotate", rotate),
    Command("email logins", "disable", disable),
)
