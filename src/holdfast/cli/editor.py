"""A text in the editor of whoever runs this, as `git commit` does it."""

import asyncio
import os
import shlex
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from holdfast.errors import Refused


async def open_editor(path: Path) -> None:
    """Let a person edit the file; returns when the editor has ended.

    The editor is `$VISUAL`, `$EDITOR` or vi, with the arguments that the variable has. While it is
    open, Ctrl-C is for the editor alone.

    Raises:
        Refused: there is none, nobody could use it, or it failed.
    """
    name = os.environ.get("VISUAL") or os.environ.get("EDITOR")
    if not name and not sys.stdin.isatty():
        raise Refused("nobody is at a terminal to edit: give --payload FILE, or set $EDITOR")
    process = _started(name or "vi", path)
    kept = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        code = await asyncio.to_thread(process.wait)
    finally:
        signal.signal(signal.SIGINT, kept)
    if code != 0:
        raise Refused(f"the editor {name or 'vi'!r} failed with exit code {code}")


def _started(name: str, path: Path) -> subprocess.Popen[bytes]:
    try:
        return subprocess.Popen([*shlex.split(name), str(path)])  # noqa: S603  the person's choice
    except (OSError, ValueError) as error:
        raise Refused(
            f"the editor {name!r} cannot be started: {error}. Set $EDITOR, or give --payload FILE"
        ) from None


def private_file(text: str, name: str) -> Path:
    """A new file with the text, which nobody else can read."""
    handle, path = tempfile.mkstemp(prefix=f"{name}-", suffix=".json")
    os.close(handle)
    Path(path).write_text(text, encoding="utf-8")
    return Path(path)
