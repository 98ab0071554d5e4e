"""Replies of a server (RFC 5321, 4.2): bytes in, code and text out."""

from typing import NamedTuple

_LONGEST = 65_536
_CODE = 3


class Reply(NamedTuple):
    """What a server answered; the lines of a long answer are joined by a line feed."""

    code: int
    text: str


class Malformed(ValueError):
    """What came is no reply; nothing that comes after it can be trusted either."""


class Replies:
    """Cuts what a server says into replies, however it arrives."""

    def __init__(self) -> None:
        self._rest = b""
        self._lines: list[str] = []
        self._size = 0
        self._code = -1

    @property
    def is_between(self) -> bool:
        """Nothing of a further reply has come."""
        return not self._rest and not self._lines

    def feed(self, data: bytes) -> list[Reply]:
        """The replies that are complete now.

        Raises:
            Malformed: a line is no reply, or a reply has no end.
        """
        *lines, self._rest = (self._rest + data).split(b"\n")
        self._size += len(data)
        found = [reply for line in lines if (reply := self._line(line.rstrip(b"\r"))) is not None]
        if found:
            self._size = len(self._rest)
        if self._size > _LONGEST:
            raise Malformed(f"a reply of more than {_LONGEST} bytes")
        return found

    def _line(self, line: bytes) -> Reply | None:
        digits, mark = line[:_CODE], line[_CODE : _CODE + 1]
        if len(digits) != _CODE or not digits.isdigit() or mark not in {b"", b" ", b"-"}:
            raise Malformed("what the server said is no reply of SMTP")
        code = int(digits)
        if self._lines and code != self._code:
            raise Malformed("the lines of one reply have different codes")
        self._code = code
        self._lines.append(line[_CODE + 1 :].decode("utf-8", "replace"))
        if mark == b"-":
            return None
        reply = Reply(code, "\n".join(self._lines))
        self._lines = []
        return reply
