"""What the queue's functions take and return, as frozen values."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, NamedTuple, overload
from uuid import UUID

_PRIORITY = 5  # the default of the SQL functions
_COUNTER = (1 << 48) - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A job to be enqueued.

    Attributes:
        queue: an existing queue; its row holds the policy.
        kind: which handler it is for, 1 to 200 characters.
        payload: what the handler is given; JSON, at most 1 MiB. Put large bodies elsewhere.
        run_at: not before (aware); default now.
        expires_at: not after (aware); a job claimed later ends as `expired`, unrun.
        priority: 0 first to 9 last.
        tenant: whose it is, 1 to 200 characters; each gets its turn in a claim.
        ordering_key: jobs of one queue and key run one after the other.
        supersede: cancel the earlier jobs of the ordering key that have not begun: latest wins.
        dedupe_key: the same key again returns the first job and has no second effect.
        dedupe_scope: keeps the keys of different senders apart.
        revive: if the deduplicated job is a dead letter, replay it.
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

    def options(self, **changes: Any) -> "Job":
        """The same job with some of its fields changed: `job.options(run_at=tomorrow)`."""
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
        """As `enqueue_many` takes it; what is not set is left out."""
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
            item["run_at"] = self.run_at.isoformat()
        if self.expires_at is not None:
            item["expires_at"] = self.expires_at.isoformat()
        if self.priority != _PRIORITY:
            item["priority"] = self.priority
        if self.revive:
            item["revive"] = True
        return item


class Receipt(NamedTuple):
    """What `send` returns once it is committed. `duplicate`: the key was known."""

    id: UUID
    duplicate: bool = False


class Receipts(Sequence[Receipt]):
    """The receipts of a batch without duplicates, each made when it is looked at.

    The server says who the batch is; the nth job is that with n added to its last 48 bits, as
    `id_of_batch` in SQL has it. To have a hundred thousand told and read costs more than to store
    them.
    """

    def __init__(self, batch: UUID, count: int) -> None:
        self._batch = batch.int
        self._count = count

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, place: int) -> Receipt: ...
    @overload
    def __getitem__(self, place: slice) -> list[Receipt]: ...
    def __getitem__(self, place: int | slice) -> Receipt | list[Receipt]:
        if isinstance(place, slice):
            return [self._receipt(n) for n in range(self._count)[place]]
        return self._receipt(range(self._count)[place])

    def __iter__(self) -> Iterator[Receipt]:
        return map(self._receipt, range(self._count))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]  # as lists

    def __repr__(self) -> str:
        return repr(list(self))

    def _receipt(self, n: int) -> Receipt:
        counted = (self._batch + n + 1) & _COUNTER
        return Receipt(UUID(int=self._batch & ~_COUNTER | counted))


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
