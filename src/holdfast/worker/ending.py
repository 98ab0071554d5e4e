"""SIGTERM in a process of the application's own, as a deploy sends it."""

import asyncio
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def gently(stop: Callable[[], None]) -> Iterator[None]:
    """Where SIGTERM would end the process at once, `stop` is called, and it ends after the block.

    Whoever listens to it, as a server does, goes on doing so, and stops us by cancelling.
    """
    is_main = threading.current_thread() is threading.main_thread()
    if not is_main or signal.getsignal(signal.SIGTERM) is not signal.SIG_DFL:
        yield
        return
    loop = asyncio.get_running_loop()
    came = threading.Event()

    def ending() -> None:
        came.set()
        stop()

    loop.add_signal_handler(signal.SIGTERM, ending)
    try:
        yield
    finally:
        loop.remove_signal_handler(signal.SIGTERM)
        if came.is_set():
            signal.raise_signal(signal.SIGTERM)
