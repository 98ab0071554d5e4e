"""A template: its texts for each locale, and what they say with some values in them.

    welcome.subject  welcome.txt  welcome.html            the default locale
    welcome.de.subject  welcome.de.txt  welcome.de.html   German
    _layout.html                                          what others extend or include

One email speaks one language: the first locale of de-AT, de, default that has any text is the one
that all its texts are from. What a template includes is looked for in the same order, by its own.
de-at and de_AT are de-AT: capitals tell no locales apart (RFC 5646, 2.1.1).
"""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from jinja2 import TemplateError, TemplateNotFound, TemplateSyntaxError, UndefinedError
from jinja2.exceptions import SecurityError

from holdfast.channels.email.plain import plain
from holdfast.channels.email.templates.sandbox import Sandbox, plain_values, run
from holdfast.errors import ConfigError, InvalidInput

NAME = re.compile(r"[a-z0-9_][a-z0-9_-]{0,99}")
LOCALE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
PARTS = ("subject", "txt", "html")


@dataclass(frozen=True, slots=True)
class Said:
    """What a template says, and in which locale ("" is the default)."""

    subject: str
    text: str
    html: str | None
    locale: str


@dataclass(frozen=True, slots=True)
class Template:
    """The texts of a template by their file names, with those that it may include."""

    name: str
    texts: tuple[tuple[str, str], ...]
    place: str = "templates"

    def say(
        self, values: Mapping[str, Any], locale: str | None = None, *, inline_css: bool = False
    ) -> Said:
        """Render it.

        Raises:
            InvalidInput: a variable is missing or is no data, there is no text for this locale, or
                the template is malformed or wants too much; the message names the file.
            ConfigError: inline_css is asked for, and css-inline is not installed.
        """
        if not isinstance(values, Mapping):
            raise InvalidInput("values: a mapping of names and values is needed")
        data = plain_values("values", values)
        texts = dict(self.texts)
        chain = _chain(locale, texts)
        found = next(
            (at for at in chain if any(_file(self.name, at, p) in texts for p in PARTS)), None
        )
        if found is None:
            raise InvalidInput(
                f"template {self.name!r}: {self.place} has no text of it for "
                f"{' or '.join(at or 'the default locale' for at in chain)}"
            )
        said = {part: self._render(_file(self.name, found, part), chain, data) for part in PARTS}
        if said["subject"] is None:
            raise InvalidInput(f"template: {_file(self.name, found, 'subject')} is missing")
        html, text = said["html"], said["txt"]
        if html is not None and inline_css:
            html = _inlined(html)
        if text is None and html is None:
            raise InvalidInput(f"template: {_file(self.name, found, 'txt')} or .html is missing")
        subject = " ".join(said["subject"].split())
        return Said(subject, text if text is not None else plain(html or ""), html, found)

    def _render(self, file: str, chain: tuple[str, ...], values: dict[str, Any]) -> str | None:
        if file not in dict(self.texts):
            return None
        try:
            template = _sandbox(self.texts, chain).get_template(file)
            return run(lambda: template.generate(values))
        except TemplateSyntaxError as error:
            raise InvalidInput(f"template {error.name}, line {error.lineno}: {error}") from None
        except TemplateNotFound as error:
            raise InvalidInput(f"template {file}: there is no {str(error)[:100]!r}") from None
        except UndefinedError as error:
            raise InvalidInput(f"template {file}: {str(error)[:200]}; give it in values") from None
        except SecurityError as error:
            raise InvalidInput(f"template {file}: {str(error)[:200]}") from None
        except RecursionError:
            raise InvalidInput(f"template {file}: it includes or calls itself") from None
        except (TemplateError, TypeError, ValueError, ArithmeticError, LookupError) as error:
            raise InvalidInput(
                f"template {file}: {type(error).__name__}: {str(error)[:200]}"
            ) from None


def _chain(locale: object, files: Collection[str]) -> tuple[str, ...]:
    """de-AT, de, default; in each way in which the files have it, for they may differ."""
    if locale is None or locale == "":
        return ("",)
    text = locale.replace("_", "-") if isinstance(locale, str) else ""
    if not LOCALE.fullmatch(text):
        raise InvalidInput("locale: a language and perhaps a region are needed, such as de-AT")
    written: dict[str, list[str]] = {}
    for at in sorted({file.partition(".")[2].rpartition(".")[0] for file in files}):
        written.setdefault(_told_apart(at), []).append(at)
    return (*(each for at in _shorter(text) for each in written.get(_told_apart(at), [at])), "")


def _told_apart(locale: str) -> str:
    return locale.replace("_", "-").lower()


def _shorter(locale: str) -> Iterator[str]:
    while locale:
        yield locale
        locale = locale.rpartition("-")[0]


def _file(name: str, locale: str, part: str) -> str:
    return f"{name}.{locale}.{part}" if locale else f"{name}.{part}"


@lru_cache(maxsize=200)
def _sandbox(texts: tuple[tuple[str, str], ...], chain: tuple[str, ...]) -> Sandbox:
    """Compiled once for the same texts and locale."""
    known = dict(texts)

    def find(file: str) -> str | None:
        stem, _, part = file.rpartition(".")
        tries = [file] if "." in stem else [_file(stem, at, part) for at in chain]
        return next((known[each] for each in tries if each in known), None)

    return Sandbox(find)


def _inlined(html: str) -> str:
    try:
        from css_inline import CSSInliner, InlineError
    except ImportError:
        raise ConfigError("inline_css needs css-inline: pip install 'holdfast[css]'") from None
    try:
        # what no element can carry stays in its place: @media, :hover, @font-face
        inliner = CSSInliner(load_remote_stylesheets=False, keep_style_tags=True)
        return str(inliner.inline(html))
    except InlineError as error:
        raise InvalidInput(f"inline_css: {error}") from None
