"""A small disk of its own for the data folder, and a ballast file that fills it."""

import contextlib
import errno
import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

_PIECE = bytes(1 << 20)
_LEAST = bytes(1 << 12)


@contextlib.contextmanager
def small_disk(place: Path, megabytes: int) -> Iterator[None]:
    """A tmpfs at that folder until the end of the block. Raises CalledProcessError."""
    place.mkdir(mode=0o711)
    words = ["-o", f"size={megabytes}m,mode=0711", "storm"]
    subprocess.run(["mount", "-t", "tmpfs", *words, str(place)], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True)


def fill(place: Path, seconds: float) -> None:
    """Leave no room there for that long; what others give up meanwhile is taken, too."""
    ballast = place / "ballast"
    until = time.monotonic() + seconds
    opened = os.open(ballast, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        while time.monotonic() < until:
            for piece in (_PIECE, _LEAST):
                _write_until_full(opened, piece)
            time.sleep(0.05)
    finally:
        os.close(opened)
        ballast.unlink()


def _write_until_full(opened: int, piece: bytes) -> None:
    try:
        while True:
            os.write(opened, piece)
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
