"""SIGTERM in a process of the application's own, as a deploy sends it."""

import asyncio
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_stops: list[Callable[[], None]] = []  # of all that work here: they hear it together
_came = threading.Event()


@contextmanager
def gently(stop: Callable[[], None]) -> Iterator[None]:
    """Where SIGTERM would end the process at once, `stop` is called, and it ends after the block.

    After the last block, where several workers are in one process. Whoever listens to it, as a
    server does, goes on doing so, and stops us by cancelling.
    """
    is_main = threading.current_thread() is threading.main_thread()
    if not is_main or not (_stops or signal.getsignal(signal.SIGTERM) is signal.SIG_DFL):
        yield
        return
    loop = asyncio.get_running_loop()
    if not _stops:
        loop.add_signal_handler(signal.SIGTERM, _end)
    _stops.append(stop)
    try:
        yield
    finally:
        _stops.remove(stop)
        if not _stops:
            loop.remove_signal_handler(signal.SIGTERM)
            if _came.is_set():
                signal.raise_signal(signal.SIGTERM)


def _end() -> None:
    _came.set()
    for stop in _stops:
        stop()
