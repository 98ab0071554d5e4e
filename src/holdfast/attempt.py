"""One attempt at one job: find its handler, run it, turn what happens into a verdict.

This is the one place where exceptions become verdicts. How long an attempt may take is watched by
the loop that runs it.
"""

import asyncio
import contextvars
import logging
import math
import signal
import sysconfig
import threading
import traceback
from dataclasses import replace
from datetime import UTC, datetime
from functools import lru_cache, partial
from pathlib import Path
from typing import Final

from holdfast import log
from holdfast.around import surrounded
from holdfast.channel import Registry
from holdfast.engine.model import ClaimedJob, Settled
from holdfast.errors import Postponed, message_of
from holdfast.functions import refuse_unrun
from holdfast.policy.outages import is_outage
from holdfast.policy.retryable import retry_after_of
from holdfast.policy.verdict import Delivered, Retry, Snooze, Verdict
from holdfast.threads import begin_attempt

_JOB_ODD_RESULT = log.Event(
    "job.odd_result",
    logging.WARNING,
    "A handler returned what is no verdict; the job counts as done. Said once for each kind.",
    kind=str,
    result_type=str,
)
_JOB_RAISED = log.Event("job.raised", logging.INFO, "A handler raised; the attempt failed.")
_JOB_LATE = log.Event(
    "job.late",
    logging.WARNING,
    "A result came after the lease was lost; it was recorded and changed nothing.",
    job_id=str,
    state=str,
)
_JOB_DEAD = log.Event(
    "job.dead",
    logging.WARNING,
    "A job has become a dead letter by what its handler said: holdfast dead-letters show.",
    job_id=str,
    queue=str,
    kind=str,
    attempt=int,
)
_current: contextvars.ContextVar[ClaimedJob] = contextvars.ContextVar("holdfast_job")
_DELIVERED: Final = Delivered()
_LATER_S = 60.0
_LONG_S = 1e9
_ELSEWHERE_S = 5.0
_ELSEWHERE = 24  # two minutes, in which no attempt is used
_LIBRARIES: Final = (str(Path(__file__).parent), sysconfig.get_path("stdlib"), "<")
_INSTALLED: Final = ("site-packages", "dist-packages")


def current_job() -> ClaimedJob:
    """The job whose handler this runs in, also in its thread: `id`, `attempt`, `tenant`, `queue`.

    The `id` is the same at each attempt; pass it on as the idempotency key of what you call.

    Raises:
        LookupError: no job runs here.
    """
    try:
        return _current.get()
    except LookupError:
        raise LookupError("no job runs here: current_job() is for handlers that run") from None


async def attempt(job: ClaimedJob, registry: Registry) -> Verdict:
    """The verdict on this attempt; runs in a task of its own. Raises only CancelledError."""
    handler = registry.get(job.kind)
    if handler is None:
        return _not_ours(job)
    log.enter(
        {
            "queue": job.queue, "job_id": job.id, "kind": job.kind, "tenant": job.tenant,
            "attempt": job.attempt, "trace": job.id.hex,
        }
    )  # fmt: skip
    _current.set(job)
    begin_attempt()
    run = partial(surrounded, registry.hooks, handler.run) if registry.hooks else handler.run
    try:
        result = await run(job)
        if result is not None:
            refuse_unrun(result)
    except asyncio.CancelledError:
        raise
    except BaseException as error:
        # also sys.exit(), or a panic of an extension in Rust: an attempt always has a verdict
        if isinstance(error, KeyboardInterrupt) and _is_ctrl_c():
            raise
        return _failed(_inner(error))
    return _DELIVERED if result is None else _checked(job.kind, result)


def tell(settled: Settled, job: ClaimedJob) -> None:
    """What people should know of how the queue took a verdict: by `settle` with `only_news`."""
    if settled.accepted:
        _JOB_DEAD(job_id=str(job.id), queue=job.queue, kind=job.kind, attempt=job.attempt)
    else:
        _JOB_LATE(job_id=str(job.id), state=settled.state)


def _failed(error: BaseException) -> Verdict:
    odd, outage, after = "", False, None
    try:
        if isinstance(error, Postponed):
            return Snooze(str(error), _LATER_S if error.retry_after is None else error.retry_after)
        outage = is_outage(error)
        after = retry_after_of(error, datetime.now(UTC))
    except Exception as wrong:  # noqa: BLE001  it is the handler's own class, or made of anything
        odd = f"; {_told(wrong)}"
    _JOB_RAISED(error)
    asked = f"; it asks to wait {math.ceil(min(after, _LONG_S))} s" if after else ""
    return Retry(f"{_told(error)}{odd}{asked}", after, outage)


def _is_ctrl_c() -> bool:
    """Whether Ctrl-C may have raised it where the handler was: nothing tells it from the handler's.

    It does not in another thread than the first, nor where a loop listens to SIGINT; and
    `asyncio.run` ends its main task before.
    """
    is_main = threading.current_thread() is threading.main_thread()
    return is_main and signal.getsignal(signal.SIGINT) is signal.default_int_handler


def _inner(error: BaseException) -> BaseException:
    """What a task group wraps; of several, the first that does not only ask to come later."""
    while isinstance(error, BaseExceptionGroup):
        flat = error.exceptions
        error = next((one for one in flat if not isinstance(one, Postponed)), flat[0])
    return error


def _not_ours(job: ClaimedJob) -> Verdict:
    """Another worker may have the handler: one of a newer deploy, or of another application."""
    because = f"no handler for {job.kind!r} in this worker; is the right app loaded?"
    return Snooze(because, _ELSEWHERE_S) if job.deferrals < _ELSEWHERE else Retry(because)


def _checked(kind: str, result: object) -> Verdict:
    """Handlers are the user's: what is no verdict is looked over, and said."""
    if isinstance(result, Snooze) and result.after is None and result.until is None:
        return replace(result, after=_LATER_S)  # else it would be called again and again
    if isinstance(result, Verdict):
        return result
    _tell_odd(kind, type(result).__name__)
    return _DELIVERED


@lru_cache(maxsize=1000)
def _tell_odd(kind: str, result_type: str) -> None:
    _JOB_ODD_RESULT(kind=kind, result_type=result_type)


def _told(error: BaseException) -> str:
    """As a paged engineer wants to read it: what, and where in the handler.

    Not where in the library that it called: that says little of which call it was.
    """
    frames = traceback.extract_tb(error.__traceback__)
    theirs = [one for one in frames if _is_of_the_handler(one.filename)]
    last = (theirs or frames)[-1:]
    where = "".join(f" ({Path(one.filename).name}:{one.lineno})" for one in last)
    text = message_of(error).strip() or "no message"
    return f"{type(error).__name__}: {text}{where}"


def _is_of_the_handler(filename: str) -> bool:
    return not (filename.startswith(_LIBRARIES) or any(one in filename for one in _INSTALLED))
