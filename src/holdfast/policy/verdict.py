"""What a handler says about one attempt: six values, no exceptions.

The worker hands the verdict to the queue, and SQL alone decides what follows from it: when the next
attempt is due, whether one is left, which table the job lives in next.

Handlers are the user's, and not all are type-checked. A reason may be anything: `Dead(error)` says
what the error says. A wait that nobody could keep is said where the handler is.
"""

import math
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import cast


@dataclass(frozen=True, slots=True)
class Delivered:
    """It happened. The job is done; a handler that returns None means this."""

    note: str = ""

    def __post_init__(self) -> None:
        _as_text(self, "note")


@dataclass(frozen=True, slots=True)
class Retry:
    """It did not happen and may work later. Consumes an attempt.

    `after` is the other side's wish in seconds (a Retry-After); the queue waits at least that
    long, at most its own cap for such wishes, and adds a little chance so that a herd does not
    return at once. Without it the queue's backoff decides. With no attempt left the job becomes a
    dead letter. `outage` says that the destination itself failed, and not this piece of work: the
    breaker of the job's queue counts those, and only those.
    """

    because: str = ""
    after: float | None = None
    outage: bool = False

    def __post_init__(self) -> None:
        _check_wait(self, self.after)
        _as_text(self, "because")


@dataclass(frozen=True, slots=True)
class Snooze:
    """Not now: rate limited, breaker open, outside of hours, shutting down. Consumes no attempt.

    Give `after` in seconds or `until` as an aware datetime; a handler that gives neither is called
    again in a minute. `outage` as with Retry.
    """

    because: str = ""
    after: float | None = None
    until: datetime | None = None
    outage: bool = False

    def __post_init__(self) -> None:
        _check_wait(self, self.after)
        _check_moment(self.until)
        _as_text(self, "because")


@dataclass(frozen=True, slots=True)
class Hold:
    """A person has to decide. The job waits, visible as held, until it is let go on.

    Consumes no attempt. `holdfast jobs unhold` lets it go on, `holdfast jobs cancel` ends it.
    """

    because: str

    def __post_init__(self) -> None:
        _as_text(self, "because")


@dataclass(frozen=True, slots=True)
class Dead:
    """It will never work. The job becomes a dead letter now, whatever attempts are left."""

    because: str

    def __post_init__(self) -> None:
        _as_text(self, "because")


@dataclass(frozen=True, slots=True)
class Unknown:
    """It may have happened: everything was sent and no answer came.

    The queue's `on_unknown` policy decides: `resend` (like Retry) or `hold` (wait for a person).
    `outage` as with Retry.
    """

    because: str
    outage: bool = False

    def __post_init__(self) -> None:
        _as_text(self, "because")


@dataclass(frozen=True, slots=True)
class Settled(Delivered):
    """It happened, and its `done` mark is committed already: there is nothing left to settle.

    What a handler that works inside the job's own transaction comes back with; see `transaction`.
    `value` is what it returned, if that was no verdict.
    """

    value: object = None


Verdict = Delivered | Retry | Snooze | Hold | Dead | Unknown


def _as_text(verdict: object, name: str) -> None:
    said = getattr(verdict, name)
    if said.__class__ is str:
        return
    if isinstance(said, BaseException):
        text = f"{type(said).__name__}: {said}"
    else:
        text = "" if said is None else str(said)
    object.__setattr__(verdict, name, text)


def _check_wait(verdict: "Retry | Snooze", after: object) -> None:
    """Also that it was not given as the reason, where it would be no wait at all."""
    name, because = type(verdict).__name__, cast("object", verdict.because)
    if isinstance(because, (int, float, timedelta, date)):
        raise TypeError(f"{name}({because!r}): the reason comes first; a wait is {name}(after=…)")
    if after is None:
        return
    if not isinstance(after, (int, float)):
        hint = ", its total_seconds()" if isinstance(after, timedelta) else ""
        raise TypeError(f"{name}: after={after!r} is not a number of seconds{hint}")
    if not math.isfinite(after):
        raise ValueError(f"{name}: after={after!r} is no time that one can wait")


def _check_moment(until: object) -> None:
    if until is None:
        return
    if not isinstance(until, datetime):
        raise TypeError(f"Snooze: until={until!r} is not a datetime")
    if until.tzinfo is None:
        raise ValueError(f"Snooze: until={until} has no time zone; say which, as datetime.now(UTC)")
