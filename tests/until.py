"""Waiting for what another process or session does, for code without an event loop."""

import time
from collections.abc import Callable


def until(fact: Callable[[], object]) -> None:
    """Look until it is so, and fail if it does not come; it goes by no clock of ours."""
    deadline = time.monotonic() + 20
    while not fact():
        assert time.monotonic() < deadline
        time.sleep(0.01)  # leaves the processor to what is waited for
