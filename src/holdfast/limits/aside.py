"""An event loop in a thread of its own, for code that has none.

What guards a plain function asks the database exactly as a coroutine does, with the same timeout:
one thread waits for all of them, however many wait for an answer that does not come.
"""

import asyncio
import atexit
import os
import threading
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any, TypeVar

T = TypeVar("T")
_CLOSING_S = 5.0


class Aside:
    """Begun by the first question; another process that was forked from this one has its own.

    Args:
        last: what is done there at the end, of the process at the latest.
    """

    def __init__(self, last: Callable[[], Coroutine[Any, Any, None]]) -> None:
        self._last = last
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._process = os.getpid()

    def run(self, asking: Coroutine[Any, Any, T]) -> T:
        """What the coroutine returns; from any thread but that of the loop."""
        if self._process != os.getpid():
            self._process, self._lock, self._loop = os.getpid(), threading.Lock(), None
        with self._lock:  # nothing is asked of a loop that is about to end
            answer = asyncio.run_coroutine_threadsafe(asking, self._running())
        try:
            return answer.result()
        except BaseException:
            answer.cancel()  # who is interrupted does not want it any more
            raise

    def close_at_exit(self) -> None:
        """Before what was begun until now ends, such as the embedded server."""
        if self._loop is not None:
            atexit.unregister(self.close)
            atexit.register(self.close)

    def close(self) -> None:
        """Do what is the last, and end the thread; nothing, if nobody has asked."""
        atexit.unregister(self.close)
        if self._process != os.getpid():
            return
        with self._lock:
            loop, self._loop = self._loop, None
            thread = self._thread
        if loop is None or thread is None:
            return
        with suppress(TimeoutError):
            asyncio.run_coroutine_threadsafe(self._last(), loop).result(_CLOSING_S)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(_CLOSING_S)

    def _running(self) -> asyncio.AbstractEventLoop:
        if self._loop is None:
            self._loop = asyncio.new_event_loop()
            self._thread = threading.Thread(
                target=_run, args=(self._loop,), name="holdfast-aside", daemon=True
            )
            self._thread.start()
            self.close_at_exit()
        return self._loop


def _run(loop: asyncio.AbstractEventLoop) -> None:
    with asyncio.Runner(loop_factory=lambda: loop) as runner:
        runner.get_loop().run_forever()
