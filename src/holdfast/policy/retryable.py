"""Which exceptions are worth another try, and how long a wait they ask for."""

import math
from collections.abc import Callable
from datetime import datetime

from holdfast.policy import retry_after

Types = type[BaseException] | tuple[type[BaseException], ...]
On = Types | Callable[[Exception], bool | float | None]


def are_exceptions(on: object) -> bool:
    """Whether it is a class of exceptions, or a tuple of such."""
    named = on if isinstance(on, tuple) else (on,)
    return all(isinstance(one, type) and issubclass(one, BaseException) for one in named)


def wanted(on: On, error: BaseException) -> float | None:
    """None if it is not to be retried, else the seconds that were asked for, or 0."""
    if not isinstance(error, Exception):
        return None
    if isinstance(on, tuple | type):
        return 0.0 if _is_only(on, error) else None
    said = on(error)
    if isinstance(said, bool) or not isinstance(said, int | float):
        return 0.0 if said else None
    return max(0.0, said)


def retry_after_of(error: BaseException, now: datetime) -> float | None:
    """The wait that an exception asks for, in seconds.

    Its own `retry_after`, as our RateLimited and BreakerOpen have it; or the Retry-After of the
    response that it carries, as those of HTTP clients do. One that cannot be read is none: it never
    takes the place of what happened.
    """
    try:
        return _asked(error, now)
    except Exception:  # noqa: BLE001  it is anybody's class: a property that raises, a mock
        return None


def _asked(error: BaseException, now: datetime) -> float | None:
    if isinstance(error, BaseExceptionGroup):
        asked = [retry_after_of(one, now) for one in error.exceptions]
        return max((wish for wish in asked if wish is not None), default=None)
    own = getattr(error, "retry_after", None)
    if isinstance(own, int | float) and not isinstance(own, bool) and 0 <= own < math.inf:
        return float(own)
    headers = getattr(getattr(error, "response", error), "headers", None)
    items = getattr(headers, "items", None)  # those of urllib are no Mapping
    if not callable(items):
        return None
    named = {str(name).lower(): str(value) for name, value in items()}
    if "retry-after" not in named:
        return None
    return retry_after.parse(named["retry-after"], now=now, date=named.get("date"))


def _is_only(types: Types, error: BaseException) -> bool:
    """Whether it is one of these, or a group of nothing else."""
    if isinstance(error, types):
        return True
    return isinstance(error, ExceptionGroup) and all(_is_only(types, e) for e in error.exceptions)
