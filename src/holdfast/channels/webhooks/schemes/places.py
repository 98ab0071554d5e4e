"""Reading values out of a delivery, by the places that a scheme names. Never raises."""

import json
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from holdfast.channels.webhooks.schemes import forms
from holdfast.channels.webhooks.schemes.scheme import Delivery, Places

LONGEST_HEADER = 8192


class Reader:
    """One delivery; its body is parsed at most once, and only if somebody asks."""

    def __init__(self, delivery: Delivery) -> None:
        self.delivery = delivery
        self._document: Any = None
        self._parsed = False
        self._fields: Sequence[tuple[str, str]] | None = None

    def first(self, places: Places) -> Any:
        """What the first place holds that holds something; None if none does."""
        for place in places:
            found = self.at(place)
            if found is not None:
                return found
        return None

    def at(self, place: str) -> Any:
        """What is at a place: text, or whatever JSON has there; None if nothing is."""
        parts = _parts(place)
        if len(parts) == 1:
            return self._one(*parts[0])
        values = [self._one(kind, name, pointer) for kind, name, pointer in parts]
        if any(value is None for value in values):
            return None
        return ":".join(str(value) for value in values)

    def each(self, place: str) -> list[Any]:
        """What is at a place of JSON in each member of a body that is a list."""
        document = self.document()
        members = document if isinstance(document, list) else []
        return [_pointed(member, _parts(place)[0][2]) for member in members]

    def _one(self, kind: str, name: str, pointer: Sequence[str]) -> Any:
        match kind:
            case "json":
                return _pointed(self.document(), pointer)
            case "header":
                return self.header(name)
            case "form":
                return next((value for key, value in self.fields() if key == name), None)
        return None

    def header(self, name: str) -> str | None:
        """The only header of that name; None if there is none, or several that differ."""
        values = {value.strip() for value in self.headers(name)}
        return values.pop() if len(values) == 1 else None

    def headers(self, name: str) -> list[str]:
        """Every header of that name, in their order."""
        lower = name.lower()
        return [value for key, value in self.delivery.headers if key.lower() == lower]

    def document(self) -> Any:
        """The body as JSON, or that in the field `payload` of a form; None if it is neither."""
        if not self._parsed:
            self._parsed = True
            self._document = _json(self._one("form", "payload", ()) or self.delivery.body)
        return self._document

    def fields(self) -> Sequence[tuple[str, str]]:
        """The body as a form; empty if it is none."""
        if self._fields is None:
            self._fields = forms.fields(self._kind(), self.delivery.body)
        return self._fields

    def is_form(self) -> bool:
        """Whether the sender says that the body is a form, and nothing but its fields."""
        return self._kind().partition(";")[0].strip().lower() == forms.URLENCODED

    def _kind(self) -> str:
        return self.header("Content-Type") or ""


def document_of(headers: Sequence[tuple[str, str]], body: bytes) -> Any:
    """The document of a request; see `Reader.document`."""
    return Reader(Delivery("POST", "", headers, body)).document()


def _json(text: str | bytes) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):  # not UTF, not JSON, endless digits; too deep
        return None


@lru_cache(maxsize=1024)
def _parts(place: str) -> Sequence[tuple[str, str, Sequence[str]]]:
    """A place taken apart: of each part its kind, its name, and that as a JSON pointer's steps."""
    kind, _, names = place.partition(":")
    return [(kind, name, _steps(name)) for name in names.split(",")]


def _steps(pointer: str) -> Sequence[str]:
    return [p.replace("~1", "/").replace("~0", "~") for p in pointer.split("/")[1:]]


def _pointed(document: Any, steps: Sequence[str]) -> Any:
    """What a JSON pointer points at (RFC 6901); None if it points at nothing."""
    for name in steps:
        if isinstance(document, dict):
            document = document.get(name)
        elif isinstance(document, list) and name.isdecimal() and int(name) < len(document):
            document = document[int(name)]
        else:
            return None
    return document
