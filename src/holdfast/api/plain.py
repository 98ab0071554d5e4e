"""Which requests are plain: those that no two servers read differently (docs/decisions/0016)."""

import re
from typing import Final

MAX_HEAD: Final = 65_536
"""Bytes of request line and headers, and of a trailer."""

# One way through for every input: each part ends at a character that it cannot contain.
_PLAIN: Final = re.compile(
    rb"(?:GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS) /(?!/)[\w\-.~%!$&'()*+,;=:@/?]*+ HTTP/1\.1\r\n"
    rb"(?:[\w!#$%&'*+\-.^`|~]++:[\t\x20-\x7e\x80-\xff]*+\r\n)++\r\n",
    re.ASCII,
)
_BLANK_AT_END: Final = re.compile(rb"[\t ]\r")
_DECISIVE: Final = re.compile(
    # llhttp takes Proxy-Connection for Connection
    rb"\n(host|content-length|(?:proxy-)?connection|upgrade|expect|transfer-encoding):"
    rb"[\t ]*([^\r]*)",
    re.IGNORECASE,
)
_LENGTH: Final = re.compile(rb"[0-9]{1,15}")


def plain_length(head: bytes) -> int | None:
    """How many bytes of body follow a whole head that is plain; None: it is not plain.

    Plain is what no two servers read differently, and what needs nothing but an answer.
    """
    if len(head) > MAX_HEAD or _PLAIN.fullmatch(head) is None or _BLANK_AT_END.search(head):
        return None
    length = b"0"
    seen: set[bytes] = set()
    for written, value in _DECISIVE.findall(head):
        name = written.lower()
        if name in seen:
            return None
        seen.add(name)
        if name == b"content-length":
            length = value
        elif name == b"connection":
            if value.lower() not in (b"keep-alive", b"close"):
                return None
        elif name != b"host":
            return None
    return int(length) if b"host" in seen and _LENGTH.fullmatch(length) else None
