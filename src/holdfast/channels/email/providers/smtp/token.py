"""The token we log in with where there is no password: from a file, or printed by a command.

Others renew it: the file is read at each login, the command is asked again after five minutes or
when its token was refused.
"""

import asyncio
import re
import time
from collections.abc import Callable
from pathlib import Path

_KEPT_S = 300.0
_COMMAND_S = 20.0
_LONGEST = 16_384
_FORM = re.compile(rb"[!-~]+")


class NoToken(Exception):
    """There is none; the message says why, and never what was there instead."""


class Tokens:
    """Where the tokens of one login come from; used by one event loop."""

    def __init__(
        self, file: Path | None = None, command: tuple[str, ...] = (),
        clock: Callable[[], float] = time.monotonic,
    ) -> None:  # fmt: skip
        self._file = file
        self._command = command
        self._clock = clock
        self._asking = asyncio.Lock()
        self._kept = ""
        self._until = float("-inf")

    async def token(self, refused: str = "") -> str:
        """The token of now; not the `refused` one, if there is another.

        Raises:
            NoToken: there is none.
        """
        if self._file is not None:
            return _read("the token file", await asyncio.to_thread(_bytes, self._file))
        async with self._asking:  # many connections, one question
            if self._clock() >= self._until or self._kept == refused:
                self._kept = _read("what the token command prints", await self._printed())
                self._until = self._clock() + _KEPT_S
            return self._kept

    async def _printed(self) -> bytes:
        pipe, nothing = asyncio.subprocess.PIPE, asyncio.subprocess.DEVNULL
        try:
            process = await asyncio.create_subprocess_exec(
                *self._command, stdin=nothing, stdout=pipe, stderr=nothing
            )
        except OSError as error:
            raise NoToken(f"the token command does not start: {error.strerror}") from None
        try:
            async with asyncio.timeout(_COMMAND_S):
                printed, _ = await process.communicate()
        except TimeoutError:
            raise NoToken(f"the token command took more than {_COMMAND_S:g} s") from None
        finally:
            if process.returncode is None:
                process.kill()
        if process.returncode:
            raise NoToken(f"the token command failed with {process.returncode}")
        return printed


def _bytes(file: Path) -> bytes:
    try:
        with file.open("rb") as opened:
            return opened.read(_LONGEST + 1)
    except OSError as error:
        raise NoToken(f"the token file {file} cannot be read: {error.strerror}") from None


def _read(what: str, text: bytes) -> str:
    found = text.strip()
    if len(found) > _LONGEST or not _FORM.fullmatch(found):
        raise NoToken(f"{what} is no token: one word is needed")
    return found.decode()
