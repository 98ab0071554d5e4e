"""A message as it stands on the wire: its line ends, and the dots at the beginning of lines."""

import re

_LINE_END = re.compile(rb"\r\n|\r|\n")
_FIRST_DOT = re.compile(rb"^\.", re.MULTILINE)


def with_line_ends(raw: bytes) -> bytes:
    """Every line ends with CR LF, also the last one.

    Only CR LF ends a line on the wire. A message with other line ends is brought to that, so that
    nobody can put a second message behind a dot between two of them.
    """
    ends = raw.count(b"\r\n")
    is_fine = raw.count(b"\n") == ends and raw.count(b"\r") == ends
    text = raw if is_fine else _LINE_END.sub(b"\r\n", raw)
    return text if text.endswith(b"\r\n") else text + b"\r\n"


def with_dots(text: bytes) -> bytes:
    """With a second dot where a line begins with one: none may end the message early."""
    return _FIRST_DOT.sub(b"..", text) if text.startswith(b".") or b"\n." in text else text
