"""Hooks: functions of the user's around each attempt, for a span, a metric, a tenant's context.

A hook is given the job and what runs its handler: `async def hook(job, proceed)`. It runs in the
task of the attempt, so that a context variable that it sets is there in the handler, also in one
that runs in a thread.

What the handler has said holds, whatever a hook returns or raises afterwards: the effect has
happened, and a metric that cannot be written must not make it happen again. What a hook says itself
counts only where it has not let the handler run to its end.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from functools import partial
from typing import Any

from holdfast import log
from holdfast.engine.model import ClaimedJob
from holdfast.functions import name_of
from holdfast.policy.verdict import Delivered, Verdict

Proceed = Callable[[], Awaitable[Any]]
Hook = Callable[[ClaimedJob, Proceed], Awaitable[Any]]
_HOOK_FAILED = log.Event(
    "job.hook_failed",
    logging.WARNING,
    "A hook raised after the handler had ended; what the handler said holds.",
    hook=str,
)


async def surrounded(
    hooks: Sequence[Hook], run: Callable[[ClaimedJob], Awaitable[Any]], job: ClaimedJob
) -> Any:
    """What becomes of the handler within these hooks, the first one outermost."""
    proceed: Proceed = partial(run, job)
    for hook in reversed(hooks):
        proceed = partial(_within, hook, job, proceed)
    return await proceed()


async def _within(hook: Hook, job: ClaimedJob, proceed: Proceed) -> Any:
    inside = _Inside(proceed)
    try:
        said = await hook(job, inside)
        if inside.begun is not None:
            await inside.begun.wait()
            return said if inside.is_left_to(said) else inside.result()
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        await inside.stop()
        if not inside.has_ended:
            raise
        if not inside.has_raised(error):
            _HOOK_FAILED(error, hook=name_of(hook))
        return inside.result()
    await inside.stop()
    if said is None:
        raise RuntimeError(
            f"the hook {name_of(hook)} neither awaited proceed() nor returned a verdict"
        )
    return said


class _Inside:
    """The handler as a hook sees it: run once at most, and what became of it is kept."""

    def __init__(self, proceed: Proceed) -> None:
        self._proceed = proceed
        self._result: Any = None
        self._task: asyncio.Task[Any] | None = None
        self.begun: asyncio.Event | None = None
        self.error: BaseException | None = None

    @property
    def has_ended(self) -> bool:
        """Whether it came to an end of its own: one that was cancelled did not."""
        ended = self.begun is not None and self.begun.is_set()
        return ended and not isinstance(self.error, asyncio.CancelledError)

    def is_left_to(self, said: Any) -> bool:
        """Whether its hook has cut it off, and says what is to follow; done it is not."""
        task = asyncio.current_task()
        is_ours = not self.has_ended and task is not None and not task.cancelling()
        return is_ours and isinstance(said, Verdict) and not isinstance(said, Delivered)

    async def __call__(self) -> Any:
        if self.begun is not None:
            raise RuntimeError("proceed() runs the handler once, and while its hook runs")
        self.begun, self._task = asyncio.Event(), asyncio.current_task()
        try:
            self._result = await self._proceed()
        except BaseException as error:
            self.error = error
            raise
        finally:
            self.begun.set()
        return self._result

    def has_raised(self, error: BaseException) -> bool:
        """Whether it is the handler's own error, also as a task group wraps it."""
        if error is self.error or not isinstance(error, BaseExceptionGroup):
            return error is self.error
        return all(self.has_raised(one) for one in error.exceptions)

    async def stop(self) -> None:
        """In a task of the hook's own it would go on, or begin, beside the next attempt."""
        if self.begun is None or self._task is None:
            self.begun = asyncio.Event()
            return
        while not self.begun.is_set():
            self._task.cancel()
            with suppress(asyncio.CancelledError):  # said to us, it is said to the handler
                await self.begun.wait()

    def result(self) -> Any:
        """What the handler returned; raises what it raised."""
        if self.error is not None:
            raise self.error
        return self._result
