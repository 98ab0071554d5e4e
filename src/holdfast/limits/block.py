"""A block that guards its inside: entered by coroutines or threads, or put around a function."""

import asyncio
import functools
import threading
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from types import TracebackType
from typing import Any, Generic, ParamSpec, TypeVar, cast

from holdfast.errors import ConfigError
from holdfast.functions import is_async, is_generator, refuse_unawaited
from holdfast.limits.aside import Aside

P = ParamSpec("P")
R = TypeVar("R")
T = TypeVar("T")


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
        if not callable(function):
            raise ConfigError('a block is put around a function, as in @hf.breaker("relay")')
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
