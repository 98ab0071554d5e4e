"""An event loop in a thread of its own, for code that has none.

What guards a plain function asks the database exactly as a coroutine does, with the same timeout:
one thread waits for all of them, however many wait for an answer that does not come.
"""

import asyncio
import atexit
import functools
import os
import threading
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import AbstractAsyncContextManager, suppress
from types import TracebackType
from typing import Any, Generic, ParamSpec, TypeVar, cast

from holdfast.errors import ConfigError
from holdfast.functions import is_async, is_generator, refuse_unawaited

P = ParamSpec("P")
R = TypeVar("R")
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


class Block(Generic[T]):
    """A block that is entered with `async with`, or with `with` where there is no event loop.

    It can be kept and entered again, also by several at once: each has its own. Or it is put around
    a function, as a decorator: a coroutine or a plain one, as it is.
    """

    def __init__(self, make: Callable[[], AbstractAsyncContextManager[T]], aside: Aside) -> None:
        self._make = make
        self._aside = aside
        self._lock = threading.Lock()
        self._entered: dict[object, list[AbstractAsyncContextManager[T]]] = {}

    def __call__(self, function: Callable[P, R]) -> Callable[P, R]:
        """The function, with a block of its own around each call.

        Raises:
            ConfigError: it is a generator, which would run when the block has been left.

        Raises (when called):
            TypeError: a plain function returned a coroutine, which would do so, too.
        """
        if is_generator(function):
            raise ConfigError("a block around a generator is left before it runs; enter it inside")
        if is_async(function):

            @functools.wraps(function)
            async def awaited(*args: P.args, **kwargs: P.kwargs) -> Any:
                async with self:
                    return await cast("Awaitable[Any]", function(*args, **kwargs))

            return cast("Callable[P, R]", awaited)

        @functools.wraps(function)
        def called(*args: P.args, **kwargs: P.kwargs) -> R:
            with self:
                result = function(*args, **kwargs)
                refuse_unawaited(result)
                return result

        return cast("Callable[P, R]", called)

    async def __aenter__(self) -> T:
        return await self._enter(asyncio.current_task())

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None,
        trace: TracebackType | None,
    ) -> bool | None:  # fmt: skip
        return await self._left(asyncio.current_task()).__aexit__(kind, error, trace)

    def __enter__(self) -> T:
        return self._aside.run(self._enter(threading.get_ident()))

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None,
        trace: TracebackType | None,
    ) -> bool | None:  # fmt: skip
        entered = self._left(threading.get_ident())
        return self._aside.run(entered.__aexit__(kind, error, trace))

    async def _enter(self, who: object) -> T:
        entering = self._make()
        value = await entering.__aenter__()
        with self._lock:
            self._entered.setdefault(who, []).append(entering)
        return value

    def _left(self, who: object) -> AbstractAsyncContextManager[T]:
        """What this task or thread has entered last; of a stack that another one closes, any."""
        with self._lock:
            if who not in self._entered:
                who = next(reversed(self._entered))
            entered = self._entered[who].pop()
            if not self._entered[who]:
                del self._entered[who]
            return entered
