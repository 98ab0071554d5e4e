"""What all handlers of the storm share: their `hf`, their policy, and the diary."""

import os
import time
from typing import Any

import holdfast

SHORT: dict[str, Any] = {
    "lease": "3 s", "timeout": "20 s", "retry_base": "0.2 s", "retry_cap": "2 s",
    "max_attempts": 300, "max_crashes": 100, "batch": 40, "concurrency": 10,
}  # fmt: skip
"""Leases that end soon, and more attempts than a storm can use up."""
EFFECT = "insert into storm.effects (what, ref, pid) values (%s, %s, %s)"

hf = holdfast.connect()
_diary = -1


def write_down(what: str, ref: str) -> None:
    """A line of the diary; one write, so that no kill leaves half of it."""
    global _diary  # noqa: PLW0603  opened once in each process
    if _diary < 0:
        _diary = os.open(os.environ["STORM_DIARY"], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    os.write(_diary, f"{what} {ref} {os.getpid()} {time.time():.6f}\n".encode())
