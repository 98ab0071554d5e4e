"""A body as a form: the names and values of its fields, in their order. Never raises.

Both of HTML's ways to write one. Of multipart only fields are read: a file is whatever somebody has
sent, may be large, and is in the body for who wants it.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Final
from urllib.parse import parse_qsl

URLENCODED: Final = "application/x-www-form-urlencoded"
MULTIPART: Final = "multipart/form-data"
_MOST_FIELDS: Final = 1000
_LONGEST_HEAD: Final = 8192
_MOST_PARAMETERS: Final = 16
_PARAMETER: Final = re.compile(
    r';\s*([^\s=;"]{1,100})=(?:"((?:[^"\\]|\\.)*)"|([^\s;"]*))', re.DOTALL
)
_AFTER_BOUNDARY: Final = re.compile(rb"[ \t]*\r\n")


def fields(kind: str, body: bytes) -> Sequence[tuple[str, str]]:
    """The fields of a body of that content type; empty if it is no form, or one with too many."""
    written = kind.partition(";")[0].strip().lower()
    if written == URLENCODED:
        return _urlencoded(body)
    if written == MULTIPART:
        return _multipart(_parameters(kind).get("boundary", ""), body)
    return ()


def _urlencoded(body: bytes) -> Sequence[tuple[str, str]]:
    try:
        return parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=_MOST_FIELDS)
    except ValueError:
        return ()


def _multipart(boundary: str, body: bytes) -> Sequence[tuple[str, str]]:
    if not boundary:
        return ()
    between = b"\r\n--" + boundary.encode("utf-8", "replace")
    parts = (b"\r\n" + body).split(between, _MOST_FIELDS + 2)
    return () if len(parts) > _MOST_FIELDS + 2 else list(_read(parts[1:]))


def _read(parts: Sequence[bytes]) -> Iterator[tuple[str, str]]:
    for part in parts:
        if part.startswith(b"--"):
            return  # the end; what follows is nobody's
        begin = _AFTER_BOUNDARY.match(part)
        head, gap, value = part.partition(b"\r\n\r\n")
        if begin is None or not gap or len(head) > _LONGEST_HEAD:
            continue
        for line in head[begin.end() :].decode("utf-8", "replace").split("\r\n"):
            header, _, disposition = line.partition(":")
            told = _parameters(disposition) if header.lower() == "content-disposition" else {}
            if "name" in told and not {"filename", "filename*"} & told.keys():
                yield told["name"], value.decode("utf-8", "replace")
                break


def _parameters(header: str) -> dict[str, str]:
    """What follows the value of a header, by lower-case name; the first of a name counts.

    A header with very many has none: to read thousands, in each part of a form, takes long.
    """
    read = list(islice(_PARAMETER.finditer(header), _MOST_PARAMETERS + 1))
    found: dict[str, str] = {}
    for name, quoted, plain in (match.groups("") for match in read):
        found.setdefault(name.lower(), re.sub(r"\\(.)", r"\1", quoted) if quoted else plain)
    return found if len(read) <= _MOST_PARAMETERS else {}
