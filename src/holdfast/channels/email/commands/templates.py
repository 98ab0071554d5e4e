"""Templates: what they would say, and those that are in the database."""

import json
import webbrowser
from pathlib import Path
from tempfile import mkdtemp
from typing import Annotated, Any

import typer

from holdfast.channel import Services
from holdfast.channels.email.message import preview
from holdfast.channels.email.templates import find, stored
from holdfast.channels.email.templates.template import PARTS
from holdfast.command import Command, Detail, Note, Rows, Shown, counted, person
from holdfast.errors import InvalidInput
from holdfast.options import Who

Name = Annotated[str, typer.Argument(metavar="NAME", help="The template, such as welcome.")]
Locale = Annotated[str | None, typer.Option("--locale", metavar="LOCALE", help="Such as de-AT.")]
Values = Annotated[
    Path | None,
    typer.Option("--values", metavar="FILE.json", help="A JSON file with what the template shows."),
]


def values_of(path: Path | None) -> dict[str, Any]:
    """What the file says. Raises InvalidInput."""
    if path is None:
        return {}
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise InvalidInput(f"--values: {path} is not readable as JSON: {error}") from None
    if not isinstance(found, dict):
        raise InvalidInput(f"--values: {path} holds no JSON object")
    return found


async def preview_email(
    services: Services,
    name: Name,
    values: Values = None,
    locale: Locale = None,
    inline_css: Annotated[
        bool, typer.Option("--inline-css", help="Styles into the elements.")
    ] = False,
    html: Annotated[bool, typer.Option("--html", help="The HTML alone.")] = False,
    text: Annotated[bool, typer.Option("--text", help="The plain text alone.")] = False,
    open_it: Annotated[bool, typer.Option("--open", help="The HTML, in your browser.")] = False,
) -> Shown:
    """Show what a template says with these values; nothing is sent."""
    template = await find(services.database, name)
    said = preview(template, values_of(values), locale=locale, inline_css=inline_css)
    if (html or open_it) and said.html is None:
        raise InvalidInput(f"template {name!r} has no HTML")
    if open_it:
        page = Path(mkdtemp(prefix="holdfast-")) / f"{name}.html"  # the browser needs it after us
        page.write_text(said.html or "", encoding="utf-8")
        webbrowser.open(page.as_uri())
        return Note(f"{page} is opened", {"file": str(page)})
    if html:
        return Note(said.html or "", {"html": said.html})
    if text:
        return Note(said.text, {"text": said.text})
    return Detail(
        {"subject": said.subject, "locale": said.locale, "text": said.text, "html": said.html},
        title=f"Template {name}",
    )


async def list_templates(services: Services) -> Rows:
    """List the templates in the database."""
    rows = await services.database.run(stored.listed())
    return Rows(
        ("name", "locale", "part", "size", "updated_at", "updated_by"),
        [[row[0], row[1], row[2], len(row[3]), row[4], row[5]] for row in rows],
        empty="none in the database; put one: holdfast email templates put welcome.de.txt",
    )


async def show_template(services: Services, name: Name) -> Detail:
    """Show the texts of a template, as they are written."""
    template = await find(services.database, name)
    own = {file: text for file, text in template.texts if file.split(".")[0] == name}
    return Detail({"place": template.place, **own}, title=f"Template {name}")


async def put_template(
    services: Services,
    files: Annotated[list[Path], typer.Argument(metavar="FILE", help="Such as welcome.de.html.")],
    who: Who = None,
) -> Note:
    """Store files as templates; their names say name, locale and part."""
    for path in files:
        name, *locale, part = path.name.split(".")
        if part not in PARTS or len(locale) > 1:
            raise InvalidInput(f"{path.name}: name.part or name.locale.part is needed, part one of "
                               f"{', '.join(PARTS)}")  # fmt: skip
        try:
            source = path.read_text(encoding="utf-8")
        except (OSError, ValueError) as error:
            raise InvalidInput(f"{path.name}: {error}") from None
        call = stored.put(name, locale[0] if locale else "", part, source, person(who))
        await services.database.run(call)
    return Note(f"stored: {', '.join(path.name for path in files)}", {"stored": len(files)})


async def delete_template(
    services: Services, name: Name, locale: Locale = None, who: Who = None
) -> Note:
    """Delete a template, or its texts of one locale."""
    count = await services.database.run(stored.delete(name, locale, person(who)))
    told = f"{counted(count, 'text')} deleted"
    if not count:
        told = f"there is no such text of {name!r}; see: holdfast email templates list"
    return Note(told, {"deleted": count}, failed=not count)


COMMANDS = (
    Command("email", "preview", preview_email),
    Command("email templates", "list", list_templates),
    Command("email templates", "show", show_template),
    Command("email templates", "put", put_template),
    Command("email templates", "delete", delete_template),
)
