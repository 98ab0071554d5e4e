"""The arguments of MAIL and RCPT, read: a path and its parameters (RFC 5321, 4.1.2)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

_PATH = re.compile(r"\s*(?:<(?P<inside>[^<>]*)>|(?P<bare>[^\s<>]+))(?P<rest>(?:\s.*)?)")
_ROUTE = re.compile(r"^@[^:]*:")
_PARAMETER = re.compile(r"(?P<name>[A-Za-z0-9][A-Za-z0-9-]*)(?:=(?P<value>[!-<>-~]+))?")


@dataclass(frozen=True, slots=True)
class Path:
    """`address` is empty for <>; the parameters' names are in capitals."""

    address: str
    parameters: Mapping[str, str]


def path(argument: str, keyword: str) -> Path | None:
    """`FROM:<ann@example.com> SIZE=1000`, read; None if it is not of this form.

    A source route before the address is dropped, as RFC 5321 (F.2) asks.
    """
    if argument[: len(keyword)].upper() != keyword:
        return None
    found = _PATH.fullmatch(argument[len(keyword) :])
    if found is None:
        return None
    parameters = {}
    for word in found["rest"].split():
        parameter = _PARAMETER.fullmatch(word)
        if parameter is None:
            return None
        parameters[parameter["name"].upper()] = parameter["value"] or ""
    inside = found["inside"]
    address = found["bare"] if inside is None else _ROUTE.sub("", inside.strip(), count=1)
    return Path(address, parameters)
