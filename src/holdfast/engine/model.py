"""What the queue's functions take and return, as frozen values."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from holdfast.errors import InvalidInput
from holdfast.policy.duration import duration

_PRIORITY = 5  # the default of the SQL functions
_COUNTER = (1 << 48) - 1
_set_int, _set_safe = (vars(UUID)[slot].__set__ for slot in ("int", "is_safe"))
_MANY = 500  # objects at a time; the collector looks at all young ones after 700 new ones


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A job to be enqueued.

    Attributes:
        queue: an existing queue; its row holds the policy.
        kind: which handler it is for, 1 to 200 characters.
        payload: what the handler is given; JSON, at most 1 MiB as `jsonb`, where a number takes a
            dozen bytes. Put large bodies elsewhere.
        run_at: not before (aware); default now.
        expires_at: not after (aware); a job claimed later ends as `expired`, unrun.
        priority: 0 first to 9 last.
        tenant: whose it is, 1 to 200 characters; each gets its turn in a claim.
        ordering_key: jobs of one queue and key run one after the other.
        supersede: cancel the earlier jobs of the ordering key that have not begun: latest wins.
        dedupe_key: the same key again returns the first job and has no second effect.
        dedupe_scope: keeps the keys of different senders apart.
        revive: if the deduplicated job, or what an edited replay made of it, is a dead
            letter, replay it.
    """

    queue: str = "default"
    kind: str
    payload: Any = field(default_factory=dict)
    run_at: datetime | None = None
    expires_at: datetime | None = None
    priority: int = _PRIORITY
    tenant: str | None = None
    ordering_key: str | None = None
    supersede: bool = False
    dedupe_key: str | None = None
    dedupe_scope: str | None = None
    revive: bool = False

    def options(self, *, run_in: timedelta | float | str | None = None, **changes: Any) -> "Job":
        """The same job with some of its fields changed: `job.options(run_at=tomorrow)`.

        `run_in` is `run_at` from now on by the clock of this machine: a timedelta, seconds, or
        text such as "90s" or "2 hours".

        Raises:
            InvalidInput: there is no such field, or the time cannot be read.
        """
        if unknown := changes.keys() - _FIELDS:
            raise InvalidInput(
                f"options of a job: no {', '.join(sorted(unknown))}; there are run_in, "
                f"{', '.join(_FIELDS)}. Attempts, waits and timeouts are its queue's"
            )
        if run_in is not None:
            if changes.get("run_at") is not None:
                raise InvalidInput("options of a job: run_in or run_at, not both")
            changes["run_at"] = _from_now(run_in)
        return replace(self, **changes)

    @property
    def is_plain(self) -> bool:
        """Whether it is nothing but a payload for a kind on a queue."""
        return (
            self.priority == _PRIORITY
            and self.run_at is None
            and self.expires_at is None
            and self.tenant is None
            and self.ordering_key is None
            and self.dedupe_key is None
            and self.dedupe_scope is None
            and not self.supersede
            and not self.revive
        )

    @property
    def is_special(self) -> bool:
        """Whether it needs more than to be written down: a key, or a time."""
        return (
            self.dedupe_key is not None or self.ordering_key is not None or self.run_at is not None
        )

    def to_json(self) -> dict[str, Any]:
        """As `enqueue_many` takes it; what is not set is left out.

        Raises:
            InvalidInput: a time is none, or has no time zone: the server would take its own.
        """
        item: dict[str, Any] = {"queue": self.queue, "kind": self.kind, "payload": self.payload}
        if self.tenant is not None:
            item["tenant"] = self.tenant
        if self.ordering_key is not None:
            item["ordering_key"] = self.ordering_key
        if self.supersede:
            item["supersede"] = True
        if self.dedupe_key is not None:
            item["dedupe_key"] = self.dedupe_key
        if self.dedupe_scope is not None:
            item["dedupe_scope"] = self.dedupe_scope
        if self.run_at is not None:
            item["run_at"] = _moment("run_at", self.run_at)
        if self.expires_at is not None:
            item["expires_at"] = _moment("expires_at", self.expires_at)
        if self.priority != _PRIORITY:
            item["priority"] = self.priority
        if self.revive:
            item["revive"] = True
        return item


_FIELDS = tuple(one.name for one in fields(Job))


def is_option(name: str) -> bool:
    """Whether `Job.options` knows it."""
    return name in {"run_in", *_FIELDS}


def _from_now(wait: timedelta | float | str) -> datetime:
    try:
        if isinstance(wait, str):
            span = duration(wait)
        else:
            span = wait if isinstance(wait, timedelta) else timedelta(seconds=wait)
        if span is not None:
            return datetime.now(UTC) + span
    except (OverflowError, TypeError, ValueError):
        pass
    raise InvalidInput(
        f'run_in: a timedelta, seconds, or text such as "90s" is needed, not {wait!r:.100}'
    )


def _moment(what: str, moment: object) -> str:
    if not isinstance(moment, datetime) or moment.utcoffset() is None:
        raise InvalidInput(
            f"{what}: a datetime with its time zone is needed, such as datetime.now(UTC) + "
            f"timedelta(minutes=5), not {moment!r:.100}"
        )
    return moment.isoformat()


class Receipt(NamedTuple):
    """What `send` returns once it is committed. `duplicate`: the key was known."""

    id: UUID
    duplicate: bool = False


def receipts(batch: UUID, count: int) -> list[Receipt]:
    """The receipts of a batch: the nth job is the batch with n added to its last 48 bits.

    As `id_of_batch` in SQL has it; to be told of each one would cost more than to store it.
    """
    first, rest, safe = batch.int, batch.int & ~_COUNTER, batch.is_safe
    make, receipt = UUID.__new__, tuple.__new__
    made = []
    with _nothing_collected() if count >= _MANY else nullcontext():
        for n in range(1, count + 1):
            one = make(UUID)  # UUID(int=…) looks at all the other ways to make one first
            _set_int(one, rest | ((first + n) & _COUNTER))
            _set_safe(one, safe)
            made.append(receipt(Receipt, (one, False)))
    return made


@contextmanager
def _nothing_collected() -> Iterator[None]:
    """While many objects are made that all stay: the collector would go through them over and over.

    For 100 000 receipts that takes longer than to make them.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


class ClaimedJob(NamedTuple):
    """A job in our hands for the time of its lease; a tuple, since thousands are made a second."""

    id: UUID
    kind: str
    payload: Any
    attempt: int
    tenant: str | None
    ordering_key: str | None
    enqueued_at: datetime
    expires_at: datetime | None
    deferrals: int
    claim_token: str
    queue: str


@dataclass(frozen=True, slots=True)
class Settled:
    """The queue's answer to a verdict: accepted, or too late; and the state the job is in now."""

    id: UUID
    accepted: bool
    state: str
