"""Who gets no more mail: holdfast email suppressions list, add, remove, import."""

import csv
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from holdfast.channel import Services
from holdfast.channels.email import suppressed
from holdfast.channels.email.address import used
from holdfast.command import Command, Note, Rows, person
from holdfast.errors import InvalidInput
from holdfast.options import Newest, Who, Why, future

MOST_ROWS = 200_000
_FIELDS = ("address", "reason", "tenant", "list", "detail", "expires_at")
_ALIASES = {"email": "address", "recipient": "address", "emailaddress": "address"}

Address = Annotated[str, typer.Argument(metavar="ADDRESS", help="local@domain")]
Tenant = Annotated[
    str | None, typer.Option(metavar="NAME", help="Whose mail; everybody's unless given.")
]
ListName = Annotated[
    str | None,
    typer.Option("--list", metavar="LIST", help="A list; * for all. With the reason unsubscribed."),
]


async def list_suppressions(
    services: Services,
    address: Annotated[str | None, typer.Option(metavar="ADDRESS", help="Of this address.")] = None,
    reason: Annotated[
        str | None,
        typer.Option(metavar="REASON", help="bounced, complained, unsubscribed or manual."),
    ] = None,
    tenant: Annotated[str | None, typer.Option(metavar="NAME", help="Of this tenant.")] = None,
    limit: Newest = 50,
) -> Rows:
    """Show who gets no more mail and why, newest first."""
    wanted = {"address": address, "reason": reason, "tenant": tenant}
    found = await services.database.run(suppressed.listed(wanted, limit))
    rows = [list(row.values()) for row in found]
    more = "there may be more: narrow it down, or --limit up to 1000" if len(rows) == limit else ""
    return Rows(suppressed.LISTED, rows, empty="nobody is suppressed", more=more, whole=True)


async def add(
    services: Services,
    address: Address,
    reason: Annotated[
        str, typer.Option(metavar="REASON", help="manual, bounced, complained, unsubscribed.")
    ] = "manual",
    tenant: Tenant = None,
    list_name: ListName = None,
    until: Annotated[
        datetime | None,
        typer.Option(
            parser=future, metavar="WHEN", help="Until then: 30d, or a time; else for ever."
        ),
    ] = None,
    why: Why = None,
    who: Who = None,
) -> Note:
    """Send nothing more to an address."""
    entry = {
        "address": suppressed.as_stored(address), "reason": reason, "tenant": tenant,
        "list": list_name, "detail": why, "source": "cli",
        "expires_at": until and until.isoformat(),
    }  # fmt: skip
    new = await services.database.run(suppressed.suppress([entry], person(who), why))
    text = "nothing more is sent to it" if new else "it was on the list before, for this reason"
    return Note(
        f"{text}. It is looked at before each attempt, also of what waits now", {"new": new}
    )


async def remove(
    services: Services,
    address: Address,
    tenant: Annotated[
        str | None, typer.Option(metavar="NAME", help="Of this tenant; of all unless given.")
    ] = None,
    reason: Annotated[
        str | None,
        typer.Option(metavar="REASON", help="Of this reason; bounced and manual unless given."),
    ] = None,
    list_name: ListName = None,
    why: Why = None,
    who: Who = None,
) -> Note:
    """Take an address off the list.

    That somebody complained or unsubscribed is taken back only when it is named with --reason.
    """
    found = await services.database.run(suppressed.unsuppress(
        address, person(who), why, tenant=tenant, reason=reason, list_name=list_name
    ))  # fmt: skip
    return Note(_next(*found), found._asdict())


def _next(removed: int, remaining: int) -> str:
    if not removed and not remaining:
        return "it was not on the list. Look: holdfast email suppressions list"
    if remaining:
        return (
            f"removed: {removed}; {remaining} still hold. Somebody complained or unsubscribed, or "
            "another tenant's bounced; name what is to go with --reason and --tenant. "
            "Look: holdfast email suppressions list --address …"
        )
    return (
        f"removed: {removed}. Mail goes to it again from the next attempt on; what was left out "
        "before is not sent by itself. If it bounces or complains again, it is back on the list. "
        "The provider may keep a list of its own: take it off there too"
    )


async def bring_in(
    services: Services,
    file: Annotated[Path, typer.Argument(metavar="FILE.csv", help="With a column address.")],
    reason: Annotated[
        str, typer.Option(metavar="REASON", help="Of rows that have none.")
    ] = "manual",
    tenant: Tenant = None,
    why: Why = None,
    who: Who = None,
) -> Note:
    """Read a CSV file: address, and if you have them reason, tenant, list, detail, expires_at.

    All of it or nothing. `email` as the name of the first column is fine too.
    """
    entries = list(_rows(file, reason, tenant))
    new = await services.database.run(
        suppressed.suppress(entries, person(who), why or f"from {file.name}")
    )
    text = f"{len(entries)} rows read; {new} are new"
    return Note(text, {"rows": len(entries), "new": new})


def _rows(file: Path, reason: str, tenant: str | None) -> Iterator[dict[str, Any]]:
    try:
        with file.open(encoding="utf-8-sig", newline="") as opened:
            reader = csv.DictReader(opened, strict=True)
            columns = {name: _column(name) for name in reader.fieldnames or ()}
            if "address" not in columns.values():
                raise InvalidInput(f"{file.name}: the first line names the columns; address is one")
            for place, row in enumerate(reader, start=1):
                if place > MOST_ROWS:
                    raise InvalidInput(f"{file.name}: at most {MOST_ROWS} rows at once; split it")
                if any(row.values()):
                    yield _entry(f"{file.name}:{reader.line_num}", row, columns, reason, tenant)
    except OSError as error:
        raise InvalidInput(f"{file}: {error.strerror}") from None
    except (UnicodeDecodeError, csv.Error):
        raise InvalidInput(f"{file.name} is no CSV file in UTF-8") from None


def _column(name: str) -> str:
    plain = name.strip().lower().replace(" ", "_")
    return _ALIASES.get(plain, plain)


def _entry(
    where: str, row: Mapping[Any, Any], columns: Mapping[str, str], reason: str, tenant: str | None
) -> dict[str, Any]:
    given = {
        columns[name]: value.strip()
        for name, value in row.items()
        if columns.get(name) in _FIELDS and value and value.strip()
    }
    address = used(where, given.get("address", ""))
    if "expires_at" in given:
        given["expires_at"] = _moment(where, given["expires_at"])
    return {"reason": reason, "tenant": tenant, "source": "import", **given, "address": address}


def _moment(where: str, text: str) -> str:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise InvalidInput(f"{where}: expires_at looks like 2027-01-31T12:00:00+00:00") from None
    return (moment if moment.utcoffset() is not None else moment.replace(tzinfo=UTC)).isoformat()


COMMANDS = (
    Command("email suppressions", "list", list_suppressions),
    Command("email suppressions", "add", add),
    Command("email suppressions", "remove", remove),
    Command("email suppressions", "import", bring_in),
)
