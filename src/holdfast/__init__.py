"""holdfast ties an application's side effects to its Postgres.

    import holdfast

    hf = holdfast.connect()

    @hf.on("stripe", "invoice.paid")
    async def grant_access(event): ...

    await hf.send(holdfast.Email(to="ann@example.com", subject="Welcome", text="..."))

What was acknowledged is stored, is retried until it is done or is a visible dead letter, and can be
replayed. See README.md for the promise, ARCHITECTURE.md for the way through the code.
"""

from holdfast.attempt import current_job
from holdfast.channels.email import Attachment, Email
from holdfast.channels.webhooks import Answer, Event, Webhook
from holdfast.client import Holdfast, connect
from holdfast.engine.model import ClaimedJob, Job, Receipt

from holdfast.errors import (  # isort: skip  (the whole tree, in four lines)
    BreakerOpen, ConfigError, DatabaseUnavailable, HoldfastError, InvalidInput, LeaseLost,
    NotReplayable, RateLimited, Refused, SchemaError, UnknownJob, UnknownQueue,
)  # fmt: skip
from holdfast.policy.verdict import Dead, Delivered, Hold, Retry, Snooze, Unknown, Verdict
from holdfast.retry import retry
from holdfast.task import Task
from holdfast.threads import is_stopped

__version__ = "0.1.0"
__all__ = [
    "Answer", "Attachment", "BreakerOpen", "ClaimedJob", "ConfigError", "DatabaseUnavailable",
    "Dead", "Delivered", "Email", "Event", "Hold", "Holdfast", "HoldfastError", "InvalidInput",
    "Job", "LeaseLost", "NotReplayable", "RateLimited", "Receipt", "Refused", "Retry",
    "SchemaError", "Snooze", "Task", "Unknown", "UnknownJob", "UnknownQueue", "Verdict", "Webhook",
    "connect", "current_job", "is_stopped", "retry",
]  # fmt: skip
