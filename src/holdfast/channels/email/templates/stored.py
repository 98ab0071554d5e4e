"""Templates in the database: for those who change them without a release.

They are read as an operation, because a `send` makes no enquiries of its own:
`welcome = await hf.run(from_database("welcome"))`, and then `Email(template=welcome, …)`.
"""

from collections.abc import Sequence
from typing import Any

from holdfast.channels.email.templates.template import Template
from holdfast.database import Call
from holdfast.errors import InvalidInput


def from_database(name: str) -> Call[Template]:
    """The template of that name. Raises InvalidInput (when run) if there is none."""

    def read(rows: Sequence[Sequence[Any]]) -> Template:
        if not any(row[0] == name for row in rows):
            raise InvalidInput(
                f"template {name!r}: the database has none; see: email templates list. "
                "One in a folder is found by HOLDFAST_EMAIL_TEMPLATES"
            )
        texts = ((f"{n}.{locale}.{part}" if locale else f"{n}.{part}", source)
                 for n, locale, part, source in rows)  # fmt: skip
        return Template(name, tuple(texts), "the database")

    return Call("email_template_list", {"p_name": name}, read, "name, locale, part, source")


def put(name: str, locale: str, part: str, source: str, who: str) -> Call[bool]:
    """Store one text of a template; the default locale is the empty text."""
    return Call(
        "email_template_put",
        {"p_name": name, "p_locale": locale, "p_part": part, "p_source": source, "p_who": who},
        read=lambda rows: bool(rows[0][0]),
    )


def delete(name: str, locale: str | None, who: str) -> Call[int]:
    """Delete a template, or its texts of one locale; how many texts there were."""
    return Call(
        "email_template_delete",
        {"p_name": name, "p_locale": locale, "p_who": who},
        read=lambda rows: int(rows[0][0]),
    )


def listed() -> Call[list[Sequence[Any]]]:
    """Every text there is: name, locale, part, source, updated_at, updated_by."""
    return Call("email_template_list", {"p_name": None}, list,
                "name, locale, part, source, updated_at, updated_by")  # fmt: skip
