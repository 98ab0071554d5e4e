"""How help screens look, for every command alike: a flag has no value, a value has a word."""

from typing import Any, Final

from typer.core import TyperArgument, TyperCommand, TyperGroup

_WORDS: Final = {
    "ADDRESS": "bcc cc recipient reply_to sender to",
    "FILE": "attach values",
    "ID": "message_id object_id",
    "N": "days last limit priority rate",
    "NAME": "account by handler list_name queue source template tenant timezone who",
    "SECONDS": "patience",
    "SECRET": "sign_with",
    "TEXT": "subject why",
    "TYPE": "event_type pattern",
    "URL": "api",
    "WHEN": "since until",
}
_WORD: Final = {name: word for word, names in _WORDS.items() for name in names.split()}


class Verb(TyperCommand):
    """A command."""

    def get_params(self, ctx: Any) -> list[Any]:
        """Its arguments and options."""
        return in_words(super().get_params(ctx))


class Noun(TyperGroup):
    """A group of commands."""

    def get_params(self, ctx: Any) -> list[Any]:
        """Its options."""
        return in_words(super().get_params(ctx))


def in_words(params: list[Any]) -> list[Any]:
    """Say what a value is by a word, where a command has no better one: `NAME`, not `<str>`."""
    for param in params:
        if param.metavar is None:
            is_flag = getattr(param, "is_flag", False)
            param.metavar = (
                "" if is_flag else _WORD.get(param.name, param.name.upper().replace("_", "-"))
            )
        if isinstance(param, TyperArgument):  # its word is its name, and shown already
            vars(param)["display_type_rich"] = _no_type
    return params


def _no_type(ctx: Any) -> None:
    """What would be shown beside the word: `<str>`."""
