"""Every error holdfast raises, as one tree.

    HoldfastError
    ├── ConfigError            a setting is missing, unknown or unusable; says which and what to do
    ├── DatabaseUnavailable    Postgres could not be reached, or the outcome of a commit is unknown
    ├── SchemaError            the schema is missing, too old or too new for this code
    ├── Postponed              not now: a job that meets it comes back later, with all its attempts
    │   ├── RateLimited        a limit is used up
    │   └── BreakerOpen        the destination is down, or paused by hand
    └── Refused                the request itself is wrong; nothing was stored
        ├── InvalidInput       a value is outside of what is accepted (payload, address, header)
        ├── UnknownQueue       no queue of that name
        ├── UnknownJob         no job of that id, or nothing else of that name or number
        ├── LeaseLost          the claim token no longer holds: somebody else has the job
        └── NotReplayable      the job's state does not allow to replay or cancel it

Errors of our SQL functions cross as SQLSTATEs of class JQ (that range is left to implementations by
the SQL standard); each class names its own here, and `database/` maps them back in one place.
"""

from typing import ClassVar


class HoldfastError(Exception):
    """Whatever holdfast raises on purpose."""

    sqlstate: ClassVar[str | None] = None


class ConfigError(HoldfastError):
    """A setting is missing, unknown or unusable."""


class DatabaseUnavailable(HoldfastError):
    """Postgres could not be reached, or broke off before it confirmed the commit.

    Whoever was promised nothing yet must be told to come again: HTTP 503, SMTP 451, this exception.
    """


class SchemaError(HoldfastError):
    """The schema is missing, or older or newer than this code can work with."""

    sqlstate = "JQ006"


class Postponed(HoldfastError):
    """Not now. A handler that lets it through is snoozed until then; no attempt is used.

    Attributes:
        retry_after: seconds until it is worth asking again; None if nobody knows, or never.
    """

    def __init__(self, message: str = "", retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class RateLimited(Postponed):
    """A rate limit is used up, or all slots are taken."""


class BreakerOpen(Postponed):
    """The destination's breaker is open: it failed too often, or somebody paused it."""


class Refused(HoldfastError):
    """The request itself is wrong; nothing was stored. Sending it again will not help."""

    sqlstate = "JQ000"


class UnknownJob(Refused):
    """There is no job of that id (any more: finished jobs are pruned by age).

    Or nothing else of the name, number or key that was said: no schedule, replay, endpoint.
    """

    sqlstate = "JQ001"


class LeaseLost(Refused):
    """The claim token no longer holds the job; the result was recorded as late and not applied."""

    sqlstate = "JQ002"


class NotReplayable(Refused):
    """The job's state does not allow what was asked for."""

    sqlstate = "JQ003"


class UnknownQueue(Refused):
    """There is no queue of that name."""

    sqlstate = "JQ004"


class InvalidInput(Refused):
    """A value is outside of what is accepted; the message names it and the range."""

    sqlstate = "JQ005"


def message_of(error: object) -> str:
    """What it says; an exception of somebody else's class may raise when it is asked."""
    try:
        return str(error)
    except Exception:  # noqa: BLE001  it is anybody's class
        return "its message cannot be told"
